/* A program's own allocator: which calls it gets for memory that the program sees. Sizes of segments are the library's
 * business and are not printed. */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int live, fail;

static void *mine(void *p, size_t size, const char *reason)
{
	printf("  %s %s (%s)\n", !size ? "free" : p ? "resize" : "new", p ? "block" : "null", reason);
	if (!size) {
		if (p)
			live--;
		free(p);
		return NULL;
	}
	if (fail)
		return NULL;
	if (!p)
		live++;
	return realloc(p, size);
}

int main(void)
{
	struct lws_buflist *b = NULL;
	uint8_t *at;
	size_t n;
	char *p;

	lws_set_log_level(0, NULL);
	p = lws_realloc(NULL, 10, "first");
	printf("built-in: %d\n", !!p);
	p = lws_realloc(p, 1000, "second");
	printf("resized: %d\n", !!p);
	printf("freed: %d\n", !lws_realloc(p, 0, "third"));
	printf("nothing: %d\n", !lws_realloc(NULL, 0, "fourth"));
	lws_set_allocator(mine);
	p = lws_realloc(NULL, 10, "first");
	strcpy(p, "content");
	p = lws_realloc(p, 1000, "second");
	printf("kept: %s\n", p);
	printf("freed: %d\n", !lws_realloc(p, 0, "third"));
	printf("append %d\n", lws_buflist_append_segment(&b, (const uint8_t *)"abc", 3));
	printf("append %d\n", lws_buflist_append_segment(&b, (const uint8_t *)"defg", 4));
	printf("use %zu\n", lws_buflist_use_segment(&b, 3));
	n = lws_buflist_next_segment_len(&b, &at);
	printf("next %zu right %d\n", n, !memcmp(at, "defg", 4));
	fail = 1;
	printf("append %d\n", lws_buflist_append_segment(&b, (const uint8_t *)"abc", 3));
	printf("realloc %d\n", !!lws_realloc(NULL, 10, "failing"));
	fail = 0;
	lws_buflist_destroy_all_segments(&b);
	printf("live %d\n", live);
	return 0;
}
