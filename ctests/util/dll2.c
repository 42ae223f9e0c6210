/* The intrusive list on caller memory: order after each kind of insertion, removal while iterating, and what a
 * detached node looks like. Prints names only. */
#include <libwebsockets.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>

struct item {
	int pad;
	lws_dll2_t list;
	const char *name;
	int key;
};

static void show(const char *what, lws_dll2_owner_t *o)
{
	printf("%s: count=%u fwd", what, (unsigned int)o->count);
	lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(o)) {
		struct item *i = lws_container_of(d, struct item, list);
		printf(" %s%s", i->name, lws_dll2_owner(d) == o ? "" : "!");
	} lws_end_foreach_dll(d);
	printf(" back");
	for (struct lws_dll2 *d = lws_dll2_get_tail(o); d; d = d->prev)
		printf(" %s", lws_container_of(d, struct item, list)->name);
	printf("\n");
}

static int by_key(const lws_dll2_t *d, const lws_dll2_t *i)
{
	const struct item *a = lws_container_of(d, struct item, list), *b = lws_container_of(i, struct item, list);
	printf("  cmp %s %s\n", a->name, b->name);
	return a->key - b->key;
}

static int drop_odd(struct lws_dll2 *d, void *user)
{
	struct item *i = lws_container_of(d, struct item, list);
	printf("  visit %s user %s\n", i->name, (const char *)user);
	if (i->key & 1)
		lws_dll2_remove(d);
	return i->key == 4 ? 7 : 0;
}

static int negative(struct lws_dll2 *d, void *user)
{
	(void)d;
	(void)user;
	return -5;
}

int main(void)
{
	static struct item a = { .name = "a", .key = 1 }, b = { .name = "b", .key = 2 }, c = { .name = "c", .key = 3 },
			   d = { .name = "d", .key = 4 }, e = { .name = "e", .key = 5 }, b2 = { .name = "b2", .key = 2 };
	static lws_dll2_owner_t o, p;

	show("empty", &o);
	lws_dll2_add_tail(&b.list, &o);
	show("tail b", &o);
	lws_dll2_add_tail(&c.list, &o);
	lws_dll2_add_head(&a.list, &o);
	show("tail c head a", &o);
	lws_dll2_add_before(&d.list, &c.list);
	show("d before c", &o);
	lws_dll2_add_before(&e.list, &a.list);
	show("e before a", &o);
	printf("foreach %d\n", lws_dll2_foreach_safe(&o, (void *)"u", drop_odd));
	show("after foreach", &o);
	printf("detached a %d d %d\n", lws_dll2_is_detached(&a.list), lws_dll2_is_detached(&d.list));
	printf("a zero %d\n", !a.list.prev && !a.list.next && !a.list.owner);
	printf("negative %d\n", lws_dll2_foreach_safe(&o, NULL, negative));
	printf("empty %d\n", lws_dll2_foreach_safe(&p, NULL, negative));
	lws_dll2_remove(&a.list);
	lws_dll2_remove(&d.list);
	lws_dll2_remove(&d.list);
	lws_dll2_remove(&b.list);
	lws_dll2_remove(&c.list);
	lws_dll2_remove(&e.list);
	show("removed all", &o);
	lws_dll2_add_sorted(&c.list, &o, by_key);
	lws_dll2_add_sorted(&a.list, &o, by_key);
	lws_dll2_add_sorted(&e.list, &o, by_key);
	lws_dll2_add_sorted(&b.list, &o, by_key);
	lws_dll2_add_sorted(&b2.list, &o, by_key);
	show("sorted", &o);
	struct item *f = lws_dll2_search_sz_pl(&o, "b2xx", 2, struct item, list, name);
	printf("search b2: %s\n", f ? f->name : "NULL");
	f = lws_dll2_search_sz_pl(&o, "b", 1, struct item, list, name);
	printf("search b: %s\n", f ? f->name : "NULL");
	f = lws_dll2_search_sz_pl(&o, "b2xx", 4, struct item, list, name);
	printf("search b2xx: %s\n", f ? f->name : "NULL");
	f = lws_dll2_search_sz_pl(&o, "", 0, struct item, list, name);
	printf("search empty: %s\n", f ? f->name : "NULL");
	f = lws_dll2_search_sz_pl(&p, "a", 1, struct item, list, name);
	printf("search in empty: %s\n", f ? f->name : "NULL");
	lws_dll2_clear(&e.list);
	printf("cleared e: zero %d, count still %u\n", !e.list.prev && !e.list.next && !e.list.owner, (unsigned int)o.count);
	lws_dll2_owner_clear(&o);
	printf("owner cleared: zero %d, a still attached %d\n", !o.head && !o.tail && !o.count, !lws_dll2_is_detached(&a.list));
	return 0;
}
