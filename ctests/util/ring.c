/* lws_ring: one tail, several tails, wrap-around, direct insertion, destruction order; then a long random run. */
#include <libwebsockets.h>
#include "show.h"

static unsigned destroyed;
static uint64_t destroyed_hash = MIX_START;

static void on_destroy(void *e)
{
	printf("(gone %u)", *(uint32_t *)e);
	destroyed++;
}

static void on_destroy_quiet(void *e)
{
	destroyed++;
	destroyed_hash = mix(destroyed_hash, e, 3);
}

static void counts(const char *what, struct lws_ring *r, uint32_t *tail)
{
	printf(" [%s: free %zu waiting %zu oldest %u", what, lws_ring_get_count_free_elements(r),
	       lws_ring_get_count_waiting_elements(r, tail), lws_ring_get_oldest_tail(r));
	if (tail)
		printf(" tail %u", *tail);
	printf("]");
}

static void put(struct lws_ring *r, uint32_t first, size_t n)
{
	uint32_t v[16];

	for (size_t i = 0; i < n; i++)
		v[i] = first + (uint32_t)i;
	printf("insert %zu -> %zu", n, lws_ring_insert(r, v, n));
	counts("after", r, NULL);
	putchar('\n');
}

static void take(struct lws_ring *r, uint32_t *tail, size_t n)
{
	uint32_t v[16];
	size_t got;

	memset(v, 0xff, sizeof v);
	got = lws_ring_consume(r, tail, v, n);
	printf("consume %zu -> %zu:", n, got);
	for (size_t i = 0; i < got; i++)
		printf(" %u", v[i]);
	counts("after", r, tail);
	putchar('\n');
}

static void single(size_t slots)
{
	struct lws_ring *r = lws_ring_create(sizeof(uint32_t), slots, on_destroy);
	const uint32_t *e;

	printf("one tail, %zu slots\n", slots);
	counts("new", r, NULL);
	putchar('\n');
	put(r, 1, 3);
	e = lws_ring_get_element(r, NULL);
	printf("element %d\n", e ? (int)*e : -1);
	take(r, NULL, 2);
	put(r, 10, 16);
	put(r, 40, 1);
	take(r, NULL, 16);
	e = lws_ring_get_element(r, NULL);
	printf("element %d\n", e ? (int)*e : -1);
	take(r, NULL, 1);
	put(r, 60, 0);
	put(r, 60, 4);
	printf("skip -> %zu", lws_ring_consume(r, NULL, NULL, 2));
	counts("after", r, NULL);
	putchar('\n');
	lws_ring_destroy(r);
	printf("\ndestroyed %u\n", destroyed);
}

static void tails(void)
{
	struct lws_ring *r = lws_ring_create(sizeof(uint32_t), 8, on_destroy);
	uint32_t a = lws_ring_get_oldest_tail(r), b = a;

	printf("two tails\n");
	put(r, 1, 5);
	take(r, &a, 3);
	counts("b", r, &b);
	take(r, &b, 1);
	lws_ring_update_oldest_tail(r, b);
	counts("b oldest", r, &b);
	counts("a", r, &a);
	putchar('\n');
	put(r, 20, 10);
	take(r, &a, 10);
	take(r, &a, 10);
	lws_ring_update_oldest_tail(r, b);
	take(r, &b, 10);
	lws_ring_update_oldest_tail(r, a);
	counts("end", r, &a);
	put(r, 30, 2);
	lws_ring_update_oldest_tail(r, a);
	lws_ring_destroy(r);
	putchar('\n');
}

static void linear(void)
{
	struct lws_ring *r = lws_ring_create(1, 8, NULL);
	void *start, *base;
	size_t bytes;

	printf("direct insertion\n");
	printf("%d ", lws_ring_next_linear_insert_range(r, &base, &bytes));
	printf("%zu\n", bytes);
	for (int i = 0; i < 14; i++) {
		int n = lws_ring_next_linear_insert_range(r, &start, &bytes);

		if (n) {
			printf("none");
		} else {
			size_t use = bytes > 3 ? 3 : bytes;

			printf("at %ld room %zu use %zu", (long)((char *)start - (char *)base), bytes, use);
			memset(start, 'a' + i, use);
			lws_ring_bump_head(r, use);
		}
		counts("after", r, NULL);
		if (i % 3 == 2) {
			char out[8];
			size_t got = lws_ring_consume(r, NULL, out, 4);

			printf(" took ");
			show_bytes(out, got);
		}
		putchar('\n');
	}
	lws_ring_destroy(r);
}

static void random_run(size_t element, size_t slots)
{
	struct lws_ring *r = lws_ring_create(element, slots, on_destroy_quiet);
	uint32_t seed = 1 + (uint32_t)(element * 31 + slots), tail[3];
	uint64_t h = MIX_START;
	unsigned char in[400], out[400];

	destroyed = 0;
	tail[0] = tail[1] = tail[2] = lws_ring_get_oldest_tail(r);
	for (int i = 0; i < 4000; i++) {
		uint32_t k = next_random(&seed);
		size_t n = k % 5, v = 0;
		uint32_t *t = &tail[k >> 8 & 3 ? (k >> 8 & 3) - 1 : 0];

		switch (k >> 16 & 3) {
		case 0:
			for (size_t j = 0; j < n * element; j++)
				in[j] = (unsigned char)next_random(&seed);
			v = lws_ring_insert(r, in, n);
			break;
		case 1:
			v = lws_ring_consume(r, t, out, n);
			h = mix(h, out, v * element);
			break;
		case 2: {
			const void *e = lws_ring_get_element(r, t);

			if (e)
				h = mix(h, e, element);
			v = !e;
			break;
		}
		case 3: {
			uint32_t best = tail[0];
			size_t most = 0;

			for (int j = 0; j < 3; j++) {
				size_t w = lws_ring_get_count_waiting_elements(r, &tail[j]);

				if (w >= most) {
					most = w;
					best = tail[j];
				}
			}
			lws_ring_update_oldest_tail(r, best);
			break;
		}
		}
		h = mix(h, &v, sizeof v);
		v = lws_ring_get_count_free_elements(r);
		h = mix(h, &v, sizeof v);
		for (int j = 0; j < 3; j++) {
			v = lws_ring_get_count_waiting_elements(r, &tail[j]);
			h = mix(h, &v, sizeof v);
		}
	}
	lws_ring_destroy(r);
	printf("random %zu x %zu: %016llx, destroyed %u %016llx\n", element, slots, (unsigned long long)h, destroyed,
	       (unsigned long long)destroyed_hash);
}

int main(void)
{
	single(4);
	destroyed = 0;
	single(9);
	tails();
	linear();
	random_run(3, 7);
	random_run(4, 16);
	random_run(16, 5);
	random_run(37, 2);
	return 0;
}
