/* Buffer lists: what each call returns, with an empty list, at segment ends, and past them. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static struct lws_buflist *h;

static int append(const char *s, size_t n)
{
	return lws_buflist_append_segment(&h, (const uint8_t *)s, n);
}

static void show(const char *what)
{
	uint8_t *p = (uint8_t *)1;
	size_t n = lws_buflist_next_segment_len(&h, &p);

	printf("%s: head %s total %zu next %zu [%.*s]%s\n", what, h ? "set" : "NULL", lws_buflist_total_len(&h), n,
	       (int)n, n ? (char *)p : "", p ? "" : " buf NULL");
}

static void copy(size_t ofs, size_t len)
{
	uint8_t b[64];
	int n;

	memset(b, '#', sizeof(b));
	n = lws_buflist_linear_copy(&h, ofs, b, len);
	b[40] = 0;
	printf("copy ofs %zu len %zu = %d [%s]\n", ofs, len, n, b);
}

int main(void)
{
	int i;

	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	show("empty");
	printf("append %d\n", append("hello", 5));
	printf("append %d\n", append("wo", 2));
	printf("append %d\n", append("rld", 3));
	show("three");
	copy(0, 20);
	copy(0, 10);
	copy(0, 9);
	copy(0, 5);
	copy(0, 6);
	copy(0, 4);
	copy(4, 20);
	copy(5, 2);
	copy(6, 20);
	copy(10, 20);
	copy(11, 20);
	copy(100, 20);
	copy(0, 0);
	printf("use 2 %zu\n", lws_buflist_use_segment(&h, 2));
	show("used 2");
	copy(0, 20);
	copy(2, 20);
	copy(3, 20);
	copy(4, 20);
	printf("use 3 %zu\n", lws_buflist_use_segment(&h, 3));
	show("used 5");
	printf("use 2 %zu\n", lws_buflist_use_segment(&h, 2));
	show("used 7");
	printf("use 3 %zu\n", lws_buflist_use_segment(&h, 3));
	show("used all");
	for (i = 0; i < 3; i++)
		printf("append %d\n", append("abc", 3));
	printf("next without buf %zu\n", lws_buflist_next_segment_len(&h, NULL));
	lws_buflist_describe(&h, NULL, "not shown");
	lws_buflist_destroy_all_segments(&h);
	show("destroyed");
	lws_buflist_destroy_all_segments(&h);
	copy(0, 20);
	return 0;
}
