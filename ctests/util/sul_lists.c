/* Timers on lists of the program: order, ties, moving between lists, what a callback sees and may do, and the time to
 * the next deadline. No clock: all times are made up. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

struct timer {
	lws_sorted_usec_list_t sul;
	const char *name;
};

static lws_dll2_owner_t o[2];
static struct timer a = { .name = "a" }, b = { .name = "b" }, c = { .name = "c" }, d = { .name = "d" },
		    e = { .name = "e" };
static int again, cancel_c;

static void show(const char *what)
{
	int i;

	printf("%s:", what);
	for (i = 0; i < 2; i++) {
		printf(" [%u", (unsigned int)o[i].count);
		lws_start_foreach_dll(struct lws_dll2 *, p, lws_dll2_get_head(&o[i])) {
			struct timer *t = lws_container_of(p, struct timer, sul.list);

			printf(" %s@%lld", t->name, (long long)t->sul.us);
		} lws_end_foreach_dll(p);
		printf("]");
	}
	printf("\n");
}

static void fired(lws_sorted_usec_list_t *s)
{
	struct timer *t = lws_container_of(s, struct timer, sul);

	printf("  %s fires: us %lld detached %d left %u %u\n", t->name, (long long)s->us, lws_dll2_is_detached(&s->list),
	       (unsigned int)o[0].count, (unsigned int)o[1].count);
	if (t == &a && again-- > 0) {
		s->us = 5;
		__lws_sul_insert(&o[0], s);
	}
	if (cancel_c)
		lws_sul_cancel(&c.sul);
}

static void insert(int list, struct timer *t, lws_usec_t us)
{
	t->sul.cb = fired;
	t->sul.us = us;
	printf("insert %s@%lld in %d: %d\n", t->name, (long long)us, list, __lws_sul_insert(&o[list], &t->sul));
}

static void service(lws_usec_t now)
{
	printf("service at %lld\n", (long long)now);
	printf("= %lld\n", (long long)__lws_sul_service_ripe(o, 2, now));
	show("after");
}

int main(void)
{
	insert(0, &a, 10);
	insert(0, &b, 10);
	insert(0, &c, 5);
	insert(0, &d, 10);
	insert(0, &e, 20);
	show("ties");
	insert(0, &a, 10);
	show("a again");
	insert(0, &c, 30);
	insert(0, &b, 15);
	show("moved");
	insert(1, &c, 7);
	show("c in the other list");
	insert(0, &e, -1);
	insert(0, &d, 0);
	show("negative and zero");
	service(6);
	again = 2;
	service(9);
	service(10);
	service(14);
	service(15);
	service(16);
	insert(0, &a, 50);
	insert(1, &b, 40);
	service(10);
	printf("only the first list: %lld\n", (long long)__lws_sul_service_ripe(o, 1, 10));
	service(39);
	service(100);
	insert(0, &a, 1);
	insert(1, &b, 2);
	insert(0, &c, 3);
	insert(1, &d, 4);
	service(60);
	insert(1, &b, 7);
	insert(0, &a, 7);
	insert(1, &d, 7);
	insert(0, &c, 7);
	service(60);
	cancel_c = 1;
	insert(0, &a, 1);
	insert(1, &c, 2);
	insert(0, &b, 3);
	service(60);
	cancel_c = 0;
	insert(0, &a, 70);
	a.sul.latency_us = 30;
	insert(0, &b, 80);
	service(60);
	service(70);
	lws_sul_cancel(&b.sul);
	lws_sul_cancel(&b.sul);
	show("cancelled");
	printf("b: us %lld detached %d\n", (long long)b.sul.us, lws_dll2_is_detached(&b.sul.list));
	service(1000);
	return 0;
}
