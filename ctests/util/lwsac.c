/* lwsac: where each use lands, totals, extension, backfill, references, scanning, cached files, sorted pointer lists. */
#include <libwebsockets.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fcntl.h>
#include <time.h>
#include "show.h"

/* The libraries look at the file again after some seconds by this clock. */
static time_t now = 5000000;

time_t time(time_t *t)
{
	if (t)
		*t = now;
	return now;
}

/* Names the chunk and the offset where p lies: chunks may be anywhere in memory, so take the nearest below. */
static void where(struct lwsac *head, const void *p, const char *what)
{
	struct lwsac *l = head;
	long best = -1;
	int n = 0, in = -1;

	while (l) {
		long d = (long)((const char *)p - (const char *)l);

		if (d >= 0 && (best < 0 || d < best)) {
			best = d;
			in = n;
		}
		n++;
		l = lwsac_get_next(l);
	}
	printf("%s: chunk %d of %d offset %ld total %llu overhead %llu tail %zu\n", what, in, n, best,
	       (unsigned long long)lwsac_total_alloc(head), (unsigned long long)lwsac_total_overhead(head),
	       lwsac_get_tail_pos(head));
}

static void uses(const char *label, const size_t *sizes, size_t n, size_t chunk, int backfill)
{
	struct lwsac *a = NULL;
	char what[40];

	printf("%s\n", label);
	for (size_t i = 0; i < n; i++) {
		unsigned char *p = backfill ? lwsac_use_backfill(&a, sizes[i], chunk) : lwsac_use(&a, sizes[i], chunk);

		memset(p, 0x5a, sizes[i]);
		snprintf(what, sizeof what, "use %zu", sizes[i]);
		where(a, p, what);
	}
	lwsac_free(&a);
	printf("free leaves %s\n", a ? "a pointer" : "NULL");
}

static void random_uses(int backfill, size_t chunk)
{
	struct lwsac *a = NULL;
	uint32_t seed = 99;
	uint64_t h = MIX_START, v;

	for (int i = 0; i < 3000; i++) {
		size_t n = next_random(&seed) % (i % 50 ? 200 : 3000);
		unsigned char *p = backfill ? lwsac_use_backfill(&a, n, chunk) : lwsac_use(&a, n, chunk);

		memset(p, i, n);
		v = lwsac_total_alloc(a);
		h = mix(h, &v, sizeof v);
		v = lwsac_total_overhead(a);
		h = mix(h, &v, sizeof v);
	}
	lwsac_free(&a);
	printf("random uses, backfill %d chunk %zu: %016llx\n", backfill, chunk, (unsigned long long)h);
}

static void extend(void)
{
	struct lwsac *a = NULL;
	char *p = lwsac_use(&a, 100, 0);
	int n, zero = 0;
	static const int by[] = { 10, 3800, 4, 1000, 1, 8, 9, 64, 0 };

	memset(p, 'x', 100);
	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		n = lwsac_extend(a, by[i]);
		printf("extend %d -> %d tail %zu\n", by[i], n, lwsac_get_tail_pos(a));
	}
	for (n = 104; n < 114; n++)
		zero |= p[n];
	printf("new bytes %d\n", zero);
	p = lwsac_use(&a, 50, 0);
	memset(p, 'y', 50);
	printf("in second chunk: %d", lwsac_extend(a, 20));
	printf(" tail of first %zu of second %zu\n", lwsac_get_tail_pos(a), lwsac_get_tail_pos(lwsac_get_next(a)));
	lwsac_free(&a);
}

static void references(void)
{
	struct lwsac *a = NULL;

	lwsac_use(&a, 10, 0);
	lwsac_detach(&a);
	printf("detach alone: %s\n", a ? "kept" : "gone");
	lwsac_use(&a, 10, 0);
	lwsac_reference(a);
	lwsac_reference(a);
	lwsac_detach(&a);
	printf("detach with two: %s", a ? "kept" : "gone");
	lwsac_unreference(&a);
	printf(", %s", a ? "kept" : "gone");
	lwsac_unreference(&a);
	printf(", %s\n", a ? "kept" : "gone");
	lwsac_use(&a, 10, 0);
	lwsac_reference(a);
	lwsac_unreference(&a);
	printf("never detached: %s\n", a ? "kept" : "gone");
	lwsac_detach(&a);
	printf("then detached: %s\n", a ? "kept" : "gone");
	lwsac_detach(&a);
	lwsac_unreference(&a);
	lwsac_free(&a);
}

static void scan(void)
{
	struct lwsac *a = NULL;
	char *p = lwsac_use(&a, 6, 0), *q = lwsac_use(&a, 6, 0), *r;
	/* The reference looks at its own headers, too: short needles may be found in the pointers there. */
	static const struct { const char *f; int nul; } find[] = { { "help!", 1 }, { "help", 0 }, { "help", 1 }, { "ello", 1 },
		{ "ello!", 0 }, { "zzzz", 1 }, { "elp!", 1 }, { "elp!", 0 }, { "farm", 1 }, { "hell", 0 } };

	strcpy(p, "hello");
	strcpy(q, "help!");
	r = lwsac_use(&a, 5, 0);
	strcpy(r, "farm");
	for (size_t i = 0; i < sizeof find / sizeof *find; i++) {
		char *f = (char *)lwsac_scan_extant(a, (uint8_t *)find[i].f, strlen(find[i].f), find[i].nul);

		printf("scan %s nul %d -> %ld\n", find[i].f, find[i].nul, f ? (long)(f - (char *)a) : -1L);
	}
	p = lwsac_use(&a, 4090, 0);
	memset(p, 'z', 4090);
	p = (char *)lwsac_scan_extant(a, (uint8_t *)"zzzzzz", 6, 0);
	printf("scan in second chunk %ld\n", p ? (long)(p - (char *)lwsac_get_next(a)) : -1L);
	printf("empty lwsac %p\n", (void *)lwsac_scan_extant(NULL, (uint8_t *)"a", 1, 0));
	lwsac_free(&a);
}

struct item {
	lws_list_ptr next;
	int v;
};

static int by_value(lws_list_ptr a, lws_list_ptr b)
{
	return lws_list_ptr_container(a, struct item, next)->v - lws_list_ptr_container(b, struct item, next)->v;
}

static void lists(lws_list_ptr_sort_func_t sort)
{
	static const int v[] = { 5, 3, 9, 5, 1, 9, 4 };
	struct item items[7];
	lws_list_ptr head = NULL;

	for (int i = 0; i < 7; i++) {
		items[i].v = v[i];
		items[i].next = NULL;
		lws_list_ptr_insert(&head, &items[i].next, sort);
	}
	printf("list %s:", sort ? "sorted" : "unsorted");
	for (lws_list_ptr p = head; p;) {
		struct item *it = lws_list_ptr_container(p, struct item, next);

		printf(" %d(#%d)", it->v, (int)(it - items));
		lws_list_ptr_advance(p);
	}
	putchar('\n');
}

static void put_file(const char *path, const char *text, time_t when)
{
	struct timespec t[2] = { { when, 0 }, { when, 0 } };
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || futimens(fd, t))
		printf("cannot write the test file\n");
	close(fd);
}

static void cached(void)
{
	char path[] = "/tmp/lwsac-XXXXXX";
	lwsac_cached_file_t c = NULL, old;
	size_t len = 77;
	int fd = mkstemp(path), r;

	close(fd);
	put_file(path, "first contents", 1000000);
	r = lwsac_cached_file(path, &c, &len);
	printf("cached %d len %zu ", r, len);
	show_str((char *)c);
	old = c;
	len = 0;
	r = lwsac_cached_file(path, &c, &len);
	printf(" again %d len %zu %s\n", r, len, c == old ? "same" : "other");
	lwsac_use_cached_file_start(c);
	put_file(path, "second, longer contents", 1000005);
	for (int i = 0; i < 8; i++) {
		len = 0;
		r = lwsac_cached_file(path, &c, &len);
		printf("after %d s: %d len %zu %s ", i, r, len, c == old ? "same" : "other");
		show_str((char *)c);
		putchar('\n');
		now++;
	}
	printf("old still ");
	show_str((char *)old);
	lwsac_use_cached_file_end(&old);
	printf(" released %s\n", old ? "kept" : "gone");
	put_file(path, "third", 1000005);
	now += 100;
	lwsac_cached_file(path, &c, &len);
	line_str("same time", (char *)c);
	put_file(path, "fourth", 1000001);
	now += 100;
	lwsac_cached_file(path, &c, &len);
	line_str("older time", (char *)c);
	put_file(path, "fifth", 1000030);
	now -= 1000;
	lwsac_cached_file(path, &c, &len);
	line_str("clock set back", (char *)c);
	unlink(path);
	now += 5000;
	r = lwsac_cached_file(path, &c, &len);
	printf("file gone: %d, ", r);
	line_str("contents", (char *)c);
	lwsac_use_cached_file_start(c);
	old = c;
	lwsac_use_cached_file_detach(&old);
	printf("detach while used: %s", old ? "kept" : "gone");
	lwsac_use_cached_file_end(&c);
	printf(", then %s\n", c ? "kept" : "gone");
	c = NULL;
	put_file(path, "", 1000009);
	r = lwsac_cached_file(path, &c, &len);
	printf("empty %d len %zu %s\n", r, len, c ? "some" : "none");
	if (c)
		lwsac_use_cached_file_detach(&c);
	unlink(path);
	c = NULL;
	len = 77;
	r = lwsac_cached_file(path, &c, &len);
	printf("missing %d len %zu %s\n", r, len, c ? "some" : "none");
}

int main(void)
{
	static const size_t plain[] = { 1, 8, 9, 3000, 900, 100, 4000, 5000, 1, 3990, 17, 4050, 4040, 4072, 4064, 4063, 0, 0 };
	static const size_t small[] = { 1, 8, 9, 30, 40, 8, 64, 200, 10 };
	static const size_t back[] = { 3000, 2000, 500, 1000, 2000, 100, 8 };

	printf("sizeof %zu %zu align %zu %zu %zu %zu %zu\n", lwsac_sizeof(0), lwsac_sizeof(1), lwsac_align(0), lwsac_align(1),
	       lwsac_align(7), lwsac_align(8), lwsac_align(17));
	uses("default chunks", plain, sizeof plain / sizeof *plain, 0, 0);
	uses("chunks of 64", small, sizeof small / sizeof *small, 64, 0);
	uses("chunks of 61", small, sizeof small / sizeof *small, 61, 0);
	uses("backfill", back, sizeof back / sizeof *back, 0, 1);
	uses("backfill, chunks of 64", small, sizeof small / sizeof *small, 64, 1);
	random_uses(0, 0);
	random_uses(1, 0);
	random_uses(1, 300);
	random_uses(0, 300);
	random_uses(0, 301);
	random_uses(1, 301);
	{
		struct lwsac *a = NULL;
		unsigned char *p = lwsac_use_zero(&a, 3000, 0);
		int some = 0;

		for (int i = 0; i < 3000; i++)
			some |= p[i];
		printf("zeroed %d, info and totals of nothing %llu %llu\n", !some, (unsigned long long)lwsac_total_alloc(NULL),
		       (unsigned long long)lwsac_total_overhead(NULL));
		lwsac_info(a);
		lwsac_info(NULL);
		lwsac_free(&a);
	}
	extend();
	references();
	scan();
	lists(NULL);
	lists(by_value);
	cached();
	return 0;
}
