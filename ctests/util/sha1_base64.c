/* SHA1 and base64: whole strings, the URL alphabet, and the stateful decoder in every split. */
#include <libwebsockets.h>
#include "show.h"

static void sha(const char *label, const unsigned char *d, size_t n)
{
	unsigned char md[20];

	printf("sha1 %s %d ", label, lws_SHA1(d, n, md) == md);
	for (int i = 0; i < 20; i++)
		printf("%02x", md[i]);
	putchar('\n');
}

static void enc(const char *in, int len, int room)
{
	char out[40];
	int n;

	memset(out, '#', sizeof out);
	n = lws_b64_encode_string(in, len, out, room);
	printf("enc %d room %d -> %d ", len, room, n);
	show_bytes(out, sizeof out);
	memset(out, '#', sizeof out);
	n = lws_b64_encode_string_url(in, len, out, room);
	printf(" url %d ", n);
	show_bytes(out, 24);
	putchar('\n');
}

static void dec(const char *in, int room)
{
	char out[40];
	int n;

	memset(out, '#', sizeof out);
	n = lws_b64_decode_string(in, out, room);
	printf("dec ");
	show_str(in);
	printf(" room %d -> %d ", room, n);
	show_bytes(out, 16);
	putchar('\n');
}

static void dec_len(const char *in, int len, int room)
{
	char out[40];
	int n;

	memset(out, '#', sizeof out);
	n = lws_b64_decode_string_len(in, len, out, room);
	printf("dec_len ");
	show_bytes(in, len > 0 ? (size_t)len : 0);
	printf(" len %d room %d -> %d ", len, room, n);
	show_bytes(out, 16);
	putchar('\n');
}

static void state_line(const char *what, int r, size_t in, size_t out, const struct lws_b64state *s)
{
	printf("  %s -> %d in %zu out %zu | quad ", what, r, in, out);
	show_bytes(s->quad, 4);
	printf(" done %zu len %zu i %d c %d\n", s->done, s->len, s->i, s->c);
}

static void stateful(const char *in, size_t first, size_t room, int last_final)
{
	struct lws_b64state s;
	uint8_t out[40];
	size_t len = strlen(in), a, o;
	int r;

	memset(&s, 0x5a, sizeof s);
	memset(out, '#', sizeof out);
	lws_b64_decode_state_init(&s);
	printf("stateful ");
	show_str(in);
	printf(" first %zu room %zu final %d\n", first, room, last_final);
	a = first;
	o = room;
	r = lws_b64_decode_stateful(&s, in, &a, out, &o, 0);
	state_line("a", r, a, o, &s);
	if (r >= 0 && a <= first) {
		size_t b = len - a, p = o;

		o = room;
		r = lws_b64_decode_stateful(&s, in + a, &b, out + p, &o, last_final);
		state_line("b", r, b, o, &s);
	}
	printf("  ");
	show_bytes(out, 20);
	putchar('\n');
}

static void every_byte(const char *in, int final)
{
	struct lws_b64state s;
	uint8_t out[64];
	size_t pos = 0, len = strlen(in);

	memset(&s, 0x5a, sizeof s);
	memset(out, '#', sizeof out);
	lws_b64_decode_state_init(&s);
	printf("bytewise ");
	show_str(in);
	printf(" final %d\n", final);
	for (size_t n = 0; n < len; n++) {
		size_t a = 1, o = 8;
		int r = lws_b64_decode_stateful(&s, in + n, &a, out + pos, &o, final && n + 1 == len);

		state_line("", r, a, o, &s);
		pos += o;
		if (r < 0)
			break;
	}
	show_bytes(out, 20);
	putchar('\n');
}

static void exhaustive(void)
{
	static const char alpha[] = "Aa9+/-_=\n *";
	uint64_t h = MIX_START;
	size_t n = sizeof alpha - 1, total = 1;
	char in[8];

	for (int len = 0; len < 6; len++, total *= n)
		for (size_t v = 0; v < total; v++) {
			char out[12];
			size_t x = v;
			int r;

			for (int i = 0; i < len; i++, x /= n)
				in[i] = alpha[x % n];
			in[len] = '\0';
			if (len && strchr("\n *", in[len - 1]))
				continue; /* noise at the end adds a byte on the reference */
			for (int room = 1; room < 9; room += 1 + (len > 4) * 3) {
				memset(out, 0, sizeof out);
				r = lws_b64_decode_string(in, out, room);
				h = mix(h, &r, sizeof r);
				h = mix(h, out, sizeof out);
			}
		}
	printf("decode of all short strings %016llx\n", (unsigned long long)h);
}

static void round_trip(void)
{
	uint32_t seed = 77;
	unsigned char in[300];
	char text[512], back[400];
	uint64_t h = MIX_START;

	for (int len = 0; len < 300; len++) {
		int n, m;

		for (int i = 0; i < len; i++)
			in[i] = (unsigned char)next_random(&seed);
		n = lws_b64_encode_string((char *)in, len, text, sizeof text);
		h = mix(h, text, (size_t)n + 1);
		m = lws_b64_decode_string(text, back, sizeof back);
		if (m != len || memcmp(back, in, (size_t)len))
			printf("round trip of %d gave %d\n", len, m);
		n = lws_b64_encode_string_url((char *)in, len, text, sizeof text);
		h = mix(h, text, (size_t)n + 1);
		m = lws_b64_decode_string_len(text, n, back, sizeof back);
		if (m != len || memcmp(back, in, (size_t)len))
			printf("url round trip of %d gave %d\n", len, m);
	}
	printf("round trips %016llx\n", (unsigned long long)h);
}

int main(void)
{
	static const char bin[] = "\xff\xfe\xfd\xfb\x00\x01";
	unsigned char big[300];
	const char *const odd[] = { "", "Q", "QQ", "QQ=", "QQ==", "QUI", "QUI=", "QUJD", "QUJDR", "QUJDRA", "QUJDRA==",
		"QUJDRA==QUJD", "Q=UI", "=", "==", "===", "====", "QU\nJD", " QUJD", "QU JD", "QU*JD", "-_+/", "--__",
		"QUJD=", "QUJD==", "Q\x80QQ", "\xff\xff\xff\xff", "QQ==QQ==", "QUI=QUI=", "Q===" };

	sha("empty", (const unsigned char *)"", 0);
	sha("abc", (const unsigned char *)"abc", 3);
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (unsigned char)(i * 7);
	sha("55", big, 55);
	sha("56", big, 56);
	sha("63", big, 63);
	sha("64", big, 64);
	sha("119", big, 119);
	sha("300", big, 300);

	for (int len = 0; len < 7; len++)
		for (int room = 1; room < 14; room++)
			enc(bin, len, room);

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		for (int room = 1; room < 12; room += 3)
			dec(odd[i], room);
	for (int room = 1; room < 9; room++) {
		dec("QUJDREVG", room);
		dec("QUJDRA==", room);
		dec("QUJDREU=", room);
	}
	dec_len("QUJD", 4, 10);
	dec_len("QUJDREVG", 4, 10);
	dec_len("QUJDREVG", 5, 10);
	dec_len("QUJDREVG", 0, 10);
	dec_len("QUJDREVG", -1, 10);
	dec_len("QU\0D", 4, 10);
	dec_len("\0QUJD", 5, 10);
	exhaustive();
	round_trip();

	for (size_t first = 0; first <= 8; first++) {
		stateful("QUJDREVG", first, 10, 1);
		if (first < 7) /* an '=' that ends a piece makes the reference add a byte */
			stateful("QUJDRA==", first, 10, 1);
		stateful("QUJDREU=", first, 10, 0);
		if (first != 3 && first < 8)
			stateful("QU*JDRA=", first, 10, 1);
		stateful("QUJDREVG", first, 3, 1);
		stateful("QUJDREVG", first, 4, 0);
		stateful("QUJDREVG", first, 1, 1);
	}
	every_byte("QUJDREVG", 1);
	every_byte("QUJDREU=", 0);
	every_byte("QUJDR", 1);
	every_byte("QU-_", 1);
	return 0;
}
