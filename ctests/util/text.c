/* Small text and byte functions: copy, search, hex, constant-time compare, serialisation, wiping. */
#include <libwebsockets.h>
#include "show.h"

static void copy(const char *src, size_t size)
{
	char d[16];

	memset(d, '#', sizeof d);
	printf("strncpy size %zu returns dest: %d, ", size, lws_strncpy(d, src, size) == d);
	show_bytes(d, sizeof d);
	putchar('\n');
}

static void find(const char *buf, size_t len, const char *name, size_t nl)
{
	const char *r = lws_nstrstr(buf, len, name, nl);

	printf("nstrstr ");
	show_bytes(buf, len);
	putchar(' ');
	show_bytes(name, nl);
	printf(" -> %ld\n", r ? (long)(r - buf) : -1L);
}

static void hex(const char *h, int max)
{
	uint8_t d[8];
	int n;

	memset(d, 0xee, sizeof d);
	n = lws_hex_to_byte_array(h, d, max);
	printf("hex ");
	show_str(h);
	printf(" max %d -> %d ", max, n);
	show_bytes(d, sizeof d);
	putchar('\n');
}

static void same(const char *a, const char *b, uint32_t len)
{
	printf("bcmp %d\n", lws_timingsafe_bcmp(a, b, len));
}

static void json(const char *doc, const char *name, const char *comp)
{
	size_t l = 77, len = strlen(doc);
	const char *r = lws_json_simple_find(doc, len, name, &l);

	printf("json ");
	show_str(doc);
	putchar(' ');
	show_str(name);
	if (r) {
		printf(" at %ld len %zu", (long)(r - doc), l);
	} else
		printf(" not found");
	l = (size_t)lws_json_simple_strcmp(doc, len, name, comp);
	printf(" strcmp %d\n", (int)l < 0 ? -1 : (int)l > 0 ? 1 : 0);
}

static void json_all(void)
{
	static const char alpha[] = "\"a:, }\t\n0";
	uint64_t h = MIX_START;
	char doc[16];
	size_t n = sizeof alpha - 1, total = 1;

	for (int len = 0; len < 6; len++, total *= n)
		for (size_t v = 0; v < total; v++) {
			size_t x = v, al = 99;
			long at;
			int c;

			memcpy(doc, "{\"n\":", 5);
			for (int i = 0; i < len; i++, x /= n)
				doc[5 + i] = alpha[x % n];
			doc[5 + len] = '\0';
			{
				const char *r = lws_json_simple_find(doc, (size_t)(5 + len), "\"n\":", &al);

				at = r ? (long)(r - doc) : -1;
				if (!r)
					al = 0;
			}
			c = lws_json_simple_strcmp(doc, (size_t)(5 + len), "\"n\":", "a");
			c = c < 0 ? -1 : c > 0;
			h = mix(h, &at, sizeof at);
			h = mix(h, &al, sizeof al);
			h = mix(h, &c, sizeof c);
		}
	printf("json_all %016llx\n", (unsigned long long)h);
}

static void serialise(void)
{
	uint8_t b[10];

	memset(b, 0xaa, sizeof b);
	lws_ser_wu16be(b, 0x1234);
	show_bytes(b, sizeof b);
	printf(" %x\n", lws_ser_ru16be(b));
	lws_ser_wu32be(b, 0x89abcdefu);
	show_bytes(b, sizeof b);
	printf(" %x\n", lws_ser_ru32be(b));
	lws_ser_wu64be(b, 0xfedcba9876543210ull);
	show_bytes(b, sizeof b);
	printf(" %llx\n", (unsigned long long)lws_ser_ru64be(b));
	memset(b, 0xff, sizeof b);
	printf("%x %x %llx\n", lws_ser_ru16be(b), lws_ser_ru32be(b), (unsigned long long)lws_ser_ru64be(b));
}

int main(void)
{
	char secret[8] = "secret!";

	copy("hello", 16);
	copy("hello", 6);
	copy("hello", 5);
	copy("hello", 2);
	copy("hello", 1);
	copy("", 4);
	copy("0123456789abcdefgh", 16);

	find("abcabd", 6, "abd", 3);
	find("abcabd", 6, "abe", 3);
	find("abcabd", 5, "abd", 3);
	find("aaab", 4, "aab", 3);
	find("abc", 3, "", 0);
	find("", 0, "", 0);
	find("", 0, "a", 1);
	find("a\0b", 3, "\0b", 2);
	find("ab", 2, "abc", 3);
	find("abc", 3, "abc", 3);
	find("xabc", 4, "c", 1);

	hex("", 4);
	hex("00ff", 4);
	hex("00fF7A", 3);
	hex("00fF7A", 2);
	hex("0", 4);
	hex("abc", 4);
	hex("abg0", 4);
	hex("0g", 4);
	hex(" 0", 4);
	hex("0x12", 4);
	hex("@1", 4);
	hex("/1", 4);
	hex(":1", 4);
	hex("`1", 4);
	hex("G1", 4);
	hex("\x80\xff", 4);
	hex("01", 0);
	hex("", 0);
	hex("01", 1);

	same("abc", "abc", 3);
	same("abc", "abd", 3);
	same("abc", "abd", 2);
	same("abc", "xyz", 0);
	same("\x00", "\xff", 1);
	same("\x01\x80", "\x00\x00", 2);

	json("{\"a\":\"xyz\"}", "\"a\":", "xyz");
	json("{\"a\": \"xyz\" }", "\"a\":", "xyz");
	json("{\"a\":  true}", "\"a\":", "true");
	json("{\"a\":12, \"b\":13}", "\"a\":", "12");
	json("{\"a\":12, \"b\":13}", "\"b\":", "12");
	json("{\"a\":12, \"b\":13}", "\"b\":", "14");
	json("{\"a\":12, \"b\":13}", "\"c\":", "14");
	json("{\"a\":\"unfinished", "\"a\":", "unfinished");
	json("{\"a\":", "\"a\":", "");
	json("{\"a\":   ", "\"a\":", "");
	json("{\"a\":\"\"}", "\"a\":", "");
	json("{\"a\":\"x\\\"y\"}", "\"a\":", "x");
	json("{\"a\":12]", "\"a\":", "12");
	json("{\"a\":12 }", "\"a\":", "12");
	json("{\"a\":12\n}", "\"a\":", "12");
	json("{\"a\":\n\t12\r}", "\"a\":", "12");
	json("{\"a\" : 12}", "\"a\":", "12");
	json("\"a\":\"\"", "\"a\":", "");
	json("\"a\":\"", "\"a\":", "");
	json("\"a\":abc", "\"a\":", "abc");
	json("\"a\":\"abc\"", "\"a\":", "abcd");
	json("\"a\":\"abc\"", "\"a\":", "ab");
	json("\"a\":\"abc\"", "\"a\":", "abb");
	json("\"a\":\"abc\"", "\"a\":", "");
	json("\"a\":{\"b\":1}", "\"a\":", "");
	json("\"a\":[1,2]", "\"a\":", "[1");
	json_all();

	serialise();

	lws_explicit_bzero(secret, 6);
	show_bytes(secret, sizeof secret);
	lws_explicit_bzero(secret, 0);
	putchar('\n');
	printf("clock %d\n", lws_now_secs() > 1600000000ul && lws_now_usecs() > 1000000);
	printf("rsa bits %d\n", lws_plat_recommended_rsa_bits());
	return 0;
}
