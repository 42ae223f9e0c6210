/* lws_ring with random sizes and calls, tails inside of the ring. */
#include "diff.h"

const char *const symbols[] = { "lws_ring_create", "lws_ring_destroy", "lws_ring_get_count_free_elements",
	"lws_ring_get_count_waiting_elements", "lws_ring_insert", "lws_ring_consume", "lws_ring_get_element",
	"lws_ring_update_oldest_tail", "lws_ring_get_oldest_tail", "lws_ring_next_linear_insert_range", "lws_ring_bump_head", NULL };
typedef void *(*create_t)(size_t, size_t, void (*)(void *));
typedef void (*destroy_t)(void *);
typedef size_t (*free_t)(void *);
typedef size_t (*waiting_t)(void *, uint32_t *);
typedef size_t (*insert_t)(void *, const void *, size_t);
typedef size_t (*consume_t)(void *, uint32_t *, void *, size_t);
typedef const void *(*element_t)(void *, uint32_t *);
typedef void (*update_t)(void *, uint32_t);
typedef uint32_t (*oldest_t)(void *);
typedef int (*range_t)(void *, void **, size_t *);
typedef void (*bump_t)(void *, size_t);

static struct notes *sink;
static size_t size;

static void gone(void *e)
{
	note(sink, "(");
	note_bytes(sink, e, size);
	note(sink, ")");
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	size_t slots = 2 + below(rng, 12);
	uint32_t tail[2];
	unsigned char in[200], out[200];
	void *ring;

	sink = n;
	size = 1 + below(rng, 9);
	ring = ((create_t)s->sym[0])(size, slots, below(rng, 4) ? gone : NULL);
	tail[0] = tail[1] = ((oldest_t)s->sym[8])(ring);
	note(n, "%zu x %zu", size, slots);
	for (int i = 0; i < 40; i++) {
		uint32_t *t = &tail[below(rng, 2)];
		size_t count = below(rng, 6), v;

		switch (below(rng, 6)) {
		case 0:
		case 1:
			for (size_t k = 0; k < sizeof in; k++)
				in[k] = (unsigned char)rnd(rng);
			v = ((insert_t)s->sym[4])(ring, in, count);
			note(n, " in %zu", v);
			break;
		case 2:
			memset(out, '#', sizeof out);
			v = ((consume_t)s->sym[5])(ring, t, below(rng, 3) ? out : NULL, count);
			note(n, " out %zu ", v);
			note_bytes(n, out, v * size);
			break;
		case 3: {
			const void *e = ((element_t)s->sym[6])(ring, t);

			note(n, " at ");
			if (e)
				note_bytes(n, e, size);
			break;
		}
		case 4: {
			size_t a = ((waiting_t)s->sym[3])(ring, &tail[0]), b = ((waiting_t)s->sym[3])(ring, &tail[1]);

			((update_t)s->sym[7])(ring, a > b ? tail[0] : tail[1]);
			note(n, " oldest %u", ((oldest_t)s->sym[8])(ring));
			break;
		}
		case 5: {
			void *start;
			size_t bytes = 0;

			if (!((range_t)s->sym[9])(ring, &start, &bytes)) {
				size_t use = bytes / size * size;

				if (use)
					use = size * (1 + below(rng, (uint32_t)(use / size)));
				memset(start, i, use);
				((bump_t)s->sym[10])(ring, use);
				note(n, " linear %zu of %zu", use, bytes);
			}
			break;
		}
		}
		note(n, " [%zu %zu %zu]", ((free_t)s->sym[2])(ring), ((waiting_t)s->sym[3])(ring, &tail[0]),
		     ((waiting_t)s->sym[3])(ring, &tail[1]));
	}
	((destroy_t)s->sym[1])(ring);
}
