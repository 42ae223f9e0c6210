/* lws_chunked_html_process: names replaced in whole pages and pieces that cut no name: what both libraries do alike. */
#include <libwebsockets.h>
#include <stdlib.h>
#include "show.h"

static const char *const names[] = { "$one", "$two", "$three", "$onetwo" };
static const char *const texts[] = { "hello", "", "A-MUCH-LONGER-TEXT-THAN-THE-NAME", "$one" };

static const char *replace(void *data, int index)
{
	printf("{%s %d}", (const char *)data, index);
	return texts[index];
}

static void page(const char *text, size_t piece, int chunked, int count)
{
	struct lws_process_html_state s = { .vars = names, .count_vars = count, .replace = replace, .data = "data" };
	size_t len = strlen(text);

	show_bytes(text, len);
	printf(" by %zu chunked %d names %d:", piece, chunked, count);
	for (size_t at = 0; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;
		char *room = malloc(LWS_PRE + n + 150);
		struct lws_process_html_args a = { room + LWS_PRE, (int)n, (int)n + 128, at + n == len, chunked };
		int r;

		memcpy(a.p, text + at, n);
		r = lws_chunked_html_process(&a, &s);
		printf(" %d %ld ", r, (long)(a.p - room - LWS_PRE));
		show_bytes(a.p, (size_t)a.len);
		free(room);
	}
	putchar('\n');
}

int main(void)
{
	static const char *const pages[] = { "plain text", "a $one b", "a $one", "$one$two", "$oneb $two, $three.", "$on $tw $x $ $$one $o$one",
		"$ontwo", "$one at its $three place $three $three", "<p>$one</p>\n<p>$$</p>\r\n", "$two x", "0123456789abcdef0123456789abcdef" };

	lws_set_log_level(0, NULL);
	for (size_t i = 0; i < LWS_ARRAY_SIZE(pages); i++)
		for (int chunked = 0; chunked < 2; chunked++)
			page(pages[i], 200, chunked, 3);
	page("$onetwo", 200, 0, 4);
	page("$onet x", 200, 0, 4);
	page("plain text in pieces", 6, 1, 3);
	page("$one text in $two pieces", 9, 1, 3);
	page("$one", 200, 1, 0);
	return 0;
}
