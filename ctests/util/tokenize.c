/* lws_tokenize: the elements of many texts with many flags, the state after each, and copies of tokens. */
#include <libwebsockets.h>
#include "show.h"

static void elements(const char *text, size_t len, int flags)
{
	struct lws_tokenize ts;
	int e, n = 0;

	lws_tokenize_init(&ts, text, flags);
	ts.len = len;
	printf("%03x ", flags);
	show_bytes(text, len);
	do {
		e = lws_tokenize(&ts);
		printf(" %d", e);
		if (ts.token) {
			printf("@%ld", (long)(ts.token - text));
			show_bytes(ts.token, ts.token_len);
		}
		printf("[%ld %zu d%d]", (long)(ts.start - text), ts.len, ts.delim);
	} while (e > 0 && n++ < 60);
	putchar('\n');
}

static void short_ones(int flags)
{
	static const char alpha[] = "a1.,=:\" #-\n\xc3\xa9";
	uint64_t h = MIX_START;
	size_t n = sizeof alpha - 1, total = 1;
	char text[8];

	for (int len = 0; len < 5; len++, total *= n)
		for (size_t v = 0; v < total; v++) {
			struct lws_tokenize ts;
			size_t x = v;
			int e;

			for (int i = 0; i < len; i++, x /= n)
				text[i] = alpha[x % n];
			lws_tokenize_init(&ts, text, flags);
			ts.len = (size_t)len;
			do {
				long at[4];

				e = lws_tokenize(&ts);
				at[0] = ts.token ? ts.token - text : -1;
				at[1] = ts.token ? (long)ts.token_len : 0;
				at[2] = ts.start - text;
				at[3] = ts.delim;
				h = mix(h, &e, sizeof e);
				h = mix(h, at, sizeof at);
			} while (e > 0);
		}
	printf("%03x all short ones %016llx\n", flags, (unsigned long long)h);
}

int main(void)
{
	static const char *const texts[] = { "", "abc", "a b", "a,b", "a = b", "a=b", "a:b", "a : b", "\"q\"", "\"q r\" x", "\"unterm",
		"12", "-12", "1.5", "1.5.6", "1..2", ".5", "5.", "1,2", "12=3", "1.5=3", "a-b", "a.b", "a/b", "a_b", "a#b c\nd",
		"# comment\nx", "x # y", "a;b", "(a)", "{}[]", "+5", "1e5", "0x12", "a1", "1a", "12abc", "1.2abc", "\xc3\xa9",
		"a\xc3\xa9z", "\xc3", "\xff", "a\tb\nc\rd", "a\x01z", "  a  ", "a==b", "a= =b", "=a", ",a", "a,", "a,,b", "a, b",
		"\"a\"b", "\"a\"=b", "a:\"b\"", "'a'", "a\"b", "a \"b\"", "\"\"", "\"a\\\"b\"", "1 2", "1-2", "-", "--", "1.", "1.x",
		"192.168.0.1", "a@b.c", "http://a.b/c?d=e", "multipart/related; boundary=\"x y\"", "a=1,b=2.5", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xe2\x82", "\xe2\x82 z", "a\x80z", "\xed\xa0\x80", "\xc0\x80", "key : value", "key:", "key =",
		"a \t= b", "a#", "#", "~!$%^&*|<>?`\\", "\"\xe2\x82\xac\"", "# \xc3\nx" };
	static const int flags[] = { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 6, 57, 48, 511, 128 | 8, 4 | 8 };
	struct lws_tokenize ts;
	char out[8];

	for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			elements(texts[i], strlen(texts[i]), flags[f]);
		short_ones(flags[f]);
	}
	memset(&ts, 0x55, sizeof ts);
	lws_tokenize_init(&ts, "hello world", 0x1234);
	printf("init %d len %zu flags %x delim %d e %d\n", !strcmp(ts.start, "hello world"), ts.len, ts.flags, ts.delim, ts.e);
	ts.flags = 0;
	printf("by NUL %d", lws_tokenize(&ts));
	show_bytes(ts.token, ts.token_len);
	putchar('\n');
	for (size_t max = 1; max < 9; max++) {
		memset(out, '#', sizeof out);
		printf("cstr %zu -> %d ", max, lws_tokenize_cstr(&ts, out, max));
		show_bytes(out, sizeof out);
		putchar('\n');
	}
	return 0;
}
