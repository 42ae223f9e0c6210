/*
 * ctest: only=ours
 * lws_chunked_html_process where the reference loses text or writes beside the room: names cut by the pieces, names at
 * the very end, small room, chunks without bytes (docs/quirks-forms.md).
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "$one", "$two", "$three" };
static const char *const texts[] = { "hello", "", "A-MUCH-LONGER-TEXT-THAN-THE-NAME" };
static int bad, give_null;

static const char *replace(void *data, int index)
{
	(void)data;
	return give_null ? NULL : texts[index];
}

/* Takes chunks apart; 0 when they are well-formed and end here. */
static int unchunk(const char *p, char *to)
{
	for (;;) {
		char *end;
		long n = strtol(p, &end, 16);

		if (end == p || memcmp(end, "\r\n", 2))
			return 1;
		p = end + 2;
		memcpy(to, p, (size_t)n);
		to += n;
		*to = '\0';
		if (memcmp(p + n, "\r\n", 2))
			return 1;
		p += n + 2;
		if (!n)
			return *p != '\0';
	}
}

static void expect(const char *text, int chunked, const char *wanted)
{
	size_t len = strlen(text);

	for (size_t piece = 1; piece <= len; piece++) {
		struct lws_process_html_state s = { .vars = names, .count_vars = 3, .replace = replace };
		char out[2000] = "", plain[2000] = "";
		size_t used = 0;

		for (size_t at = 0; at < len; at += piece) {
			size_t n = len - at < piece ? len - at : piece;
			char *room = malloc(LWS_PRE + n + 128);
			struct lws_process_html_args a = { room + LWS_PRE, (int)n, (int)n + 128, at + n == len, chunked };

			memcpy(a.p, text + at, n);
			if (lws_chunked_html_process(&a, &s))
				bad = 1;
			memcpy(out + used, a.p, (size_t)a.len);
			out[used += (size_t)a.len] = '\0';
			free(room);
		}
		if ((chunked ? unchunk(out, plain) : !strcpy(plain, out)) || strcmp(plain, wanted)) {
			printf("%s by %zu: %s is %s, not %s\n", text, piece, out, plain, wanted);
			bad = 1;
		}
	}
}

/* Never a byte beside max_len and the head of the chunk. */
static void room(void)
{
	for (int more = 0; more < 60; more++)
		for (int chunked = 0; chunked < 2; chunked++) {
			struct lws_process_html_state s = { .vars = names, .count_vars = 3, .replace = replace };
			int max = 6 + more, needed = 32 + (chunked ? 7 : 0), r;
			char *p = malloc((size_t)(10 + max));
			struct lws_process_html_args a = { p + 10, 6, max, 1, chunked };

			memcpy(a.p, "$three", 6);
			r = lws_chunked_html_process(&a, &s);
			if (r != (max < needed ? -1 : 0) || (r && memcmp(a.p, "$three", 6)))
				bad = 1;
			free(p);
		}
}

int main(void)
{
	for (int chunked = 0; chunked < 2; chunked++) {
		expect("a $one b $two c", chunked, "a hello b  c");
		expect("$one$two$three", chunked, "helloA-MUCH-LONGER-TEXT-THAN-THE-NAME");
		expect("$on $onx $ $$one $thre", chunked, "$on $onx $ $hello $thre");
		expect("$two", chunked, "");
	}
	give_null = 1;
	expect("x $one y", 0, "x NULL y");
	give_null = 0;
	room();
	if (lws_chunked_html_process(NULL, NULL) != -1)
		bad = 1;
	return bad;
}
