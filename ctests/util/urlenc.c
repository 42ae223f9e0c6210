/* URL encoding and decoding at every buffer size, in place too. */
#include <libwebsockets.h>
#include "show.h"

static void enc(const char *s, int len)
{
	char b[48];

	memset(b, '#', sizeof b);
	printf("enc ");
	show_str(s);
	printf(" len %d returns dest %d ", len, lws_urlencode(b, s, len) == b);
	show_bytes(b, 44);
	putchar('\n');
}

static void dec(const char *s, int len)
{
	char b[48];
	int r;

	memset(b, '#', sizeof b);
	r = lws_urldecode(b, s, len);
	printf("dec ");
	show_str(s);
	printf(" len %d -> %d ", len, r);
	show_bytes(b, 24);
	putchar('\n');
}

static void in_place(const char *s)
{
	char b[48];
	int r;

	memset(b, '#', sizeof b);
	strcpy(b, s);
	r = lws_urldecode(b, b, sizeof b - 1);
	printf("in place ");
	show_str(s);
	printf(" -> %d ", r);
	show_bytes(b, 24);
	putchar('\n');
}

static void all_bytes(void)
{
	char in[256], out[1024], back[300];
	int r;

	for (int i = 0; i < 255; i++)
		in[i] = (char)(i + 1);
	in[255] = '\0';
	lws_urlencode(out, in, sizeof out);
	show_str(out);
	r = lws_urldecode(back, out, sizeof back - 1);
	printf(" back %d %d\n", r, strcmp(in, back));
}

static void short_ones(void)
{
	static const char alpha[] = "%+0aFgG\x80";
	uint64_t h = MIX_START;
	size_t n = sizeof alpha - 1, total = 1;

	for (int len = 0; len < 7; len++, total *= n)
		for (size_t v = 0; v < total; v++) {
			char b[16], o[16];
			size_t x = v;
			int r;

			for (int i = 0; i < len; i++, x /= n)
				b[i] = alpha[x % n];
			b[len] = '\0';
			memset(o, 0, sizeof o);
			r = lws_urldecode(o, b, 1 + (int)(v % 9));
			h = mix(h, &r, sizeof r);
			h = mix(h, o, sizeof o);
		}
	printf("all short ones %016llx\n", (unsigned long long)h);
}

int main(void)
{
	static const char *const plain[] = { "", "abc", "a b", "a+b", "a%b", "~-_.", "/?#&=", "\x7f\x80\xff", "AZaz09", "%20" };
	static const char *const coded[] = { "", "abc", "a+b", "a%20b", "%", "%2", "%20", "%2g", "%g0", "%zz", "a%41",
		"%41%42%43", "%00x", "%fF", "%%", "a%", "+%2B+", "%c3%a9", "\x80\xff", "abcdefgh", "%4%41", "ab%2", "a%zz", "a%4z%" };

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		for (int len = 1; len < 16; len++)
			enc(plain[i], len);
	enc("abc", 40);
	for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
		for (int len = -1; len < 12; len++)
			dec(coded[i], len);
	for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
		in_place(coded[i]);
	all_bytes();
	short_ones();
	return 0;
}
