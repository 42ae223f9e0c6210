/* lws_humanize: the three exported tables, own tables, short buffers; and the tables as data. */
#include <libwebsockets.h>
#include "show.h"

static void print(const char *which, uint64_t v, const lws_humanize_unit_t *s)
{
	char b[64];
	int n;

	memset(b, '#', sizeof b);
	n = lws_humanize(b, sizeof b, v, s);
	printf("%s %llu -> %d ", which, (unsigned long long)v, n);
	show_str(b);
	putchar('\n');
}

static void table(const char *which, const lws_humanize_unit_t *s, size_t size)
{
	printf("%s, %zu bytes:", which, size);
	for (size_t i = 0; i < size / sizeof *s; i++)
		printf(" %s %llu", s[i].name ? s[i].name : "(end)", (unsigned long long)s[i].factor);
	putchar('\n');
}

int main(void)
{
	static const lws_humanize_unit_t one[] = { { "a", 1 }, { NULL, 0 } };
	static const lws_humanize_unit_t wide[] = { { "long name", 1000 }, { "x", 1 }, { NULL, 0 } };
	static const lws_humanize_unit_t five[] = { { "k", 5000 }, { "", 1 }, { NULL, 0 } };
	static const lws_humanize_unit_t order[] = { { "k", 1000 }, { "mid", 2000 }, { "", 1 }, { NULL, 0 } };
	static const lws_humanize_unit_t odd[] = { { "q", 1537 }, { "", 1 }, { NULL, 0 } };
	static const uint64_t values[] = { 0, 1, 9, 10, 99, 100, 999, 1000, 1001, 1023, 1024, 1025, 9999, 10000, 59999999, 60000000,
		61000000, 99999, 999999, 1048575, 1048576, 1500000, 10485759, 10485760, 3599999999ull, 3600000000ull,
		86399999999ull, 86400000000ull, 86400000001ull, 1073741824ull, 1099511627776ull, 1125899906842624ull,
		31535999999999ull, 31536000000000ull, 1152921504606846976ull, 9223372036854775807ull, 18446744073709551615ull };
	uint64_t h = MIX_START;
	uint32_t seed = 4242;

	table("si", humanize_schema_si, sizeof humanize_schema_si);
	table("si_bytes", humanize_schema_si_bytes, sizeof humanize_schema_si_bytes);
	table("us", humanize_schema_us, sizeof humanize_schema_us);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		print("si", values[i], humanize_schema_si);
		print("si_bytes", values[i], humanize_schema_si_bytes);
		print("us", values[i], humanize_schema_us);
		print("one", values[i], one);
		print("wide", values[i], wide);
		print("five", values[i], five);
		print("order", values[i], order);
		print("odd", values[i], odd);
	}
	for (int i = 0; i < 20000; i++) {
		uint64_t v = ((uint64_t)next_random(&seed) << 32 | next_random(&seed)) >> (i & 63);
		char b[64];
		int n = lws_humanize(b, sizeof b, v, i % 3 ? i % 3 == 1 ? humanize_schema_si : humanize_schema_us : odd);

		h = mix(h, &n, sizeof n);
		h = mix(h, b, strlen(b));
	}
	printf("20000 random values %016llx\n", (unsigned long long)h);
	for (int len = 10; len < 16; len++) {
		char b[24];
		int n;

		memset(b, '#', sizeof b);
		n = lws_humanize(b, len, 1572864, humanize_schema_si_bytes);
		printf("room %d -> %d ", len, n);
		show_bytes(b, 16);
		putchar('\n');
	}
	return 0;
}
