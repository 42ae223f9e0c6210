/* Printing for the toolbox tests: the same bytes on both libraries, nothing that depends on addresses or time. */
#ifndef SHOW_H
#define SHOW_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Prints n bytes with everything but plain printable characters escaped. */
static inline void show_bytes(const void *p, size_t n)
{
	const unsigned char *b = p;

	putchar('"');
	for (size_t i = 0; i < n; i++)
		if (b[i] >= 32 && b[i] < 127 && b[i] != '"' && b[i] != '\\')
			putchar(b[i]);
		else
			printf("\\x%02x", b[i]);
	putchar('"');
}

static inline void show_str(const char *s)
{
	if (s)
		show_bytes(s, strlen(s));
	else
		printf("NULL");
}

static inline void line_str(const char *label, const char *s)
{
	printf("%s ", label);
	show_str(s);
	putchar('\n');
}

/* A running hash for case lists too long to print (FNV-1a). */
static inline uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3ull;
	return h;
}
#define MIX_START 0xcbf29ce484222325ull

/* A small generator of repeatable numbers (xorshift). */
static inline uint32_t next_random(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}
#endif
