/* Variable-length integers as the reference writes and reads them (the two do not fit together: see docs/quirks.md). */
#include <libwebsockets.h>
#include "show.h"

static void enc(uint64_t v)
{
	uint8_t b[16];
	int n;

	memset(b, '#', sizeof b);
	n = lws_vbi_encode(v, b);
	printf("encode %llx -> %d ", (unsigned long long)v, n);
	show_bytes(b, 8);
	putchar('\n');
}

static void dec(const char *b, size_t n)
{
	uint64_t v = 99;
	int r = lws_vbi_decode(b, &v, n);

	printf("decode ");
	show_bytes(b, n);
	printf(" -> %d value %llx\n", r, (unsigned long long)v);
}

int main(void)
{
	static const uint64_t values[] = { 0, 1, 0x7f, 0x80, 0xff, 0x3fff, 0x4000, 0x1fffff, 0x200000, 0xfffffff };

	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		enc(values[i]);
	dec("", 0);
	dec("\x05", 1);
	dec("\x80", 1);
	dec("\x81", 1);
	dec("\x80\x01", 2);
	dec("\x05\x80", 2);
	dec("\x05\x81", 2);
	dec("\x05\x06\x81", 3);
	dec("\x05\x06\x81\x82", 4);
	dec("\x7f\x7f\xff", 3);
	dec("\x7f\x7f\x7f\x7f\xff", 5);
	dec("\x01\x02\x03\x04\x05\x06\x07\x08\x89", 9);
	dec("\x01\x02\x03\x04\x05\x06\x07\x08\x09", 9);
	return 0;
}
