/* Escaping for SQL, JSON and file names, at every buffer size. */
#include <libwebsockets.h>
#include "show.h"

static void sql(const char *s, int len)
{
	char b[48];

	memset(b, '#', sizeof b);
	printf("sql ");
	show_str(s);
	printf(" len %d returns dest %d ", len, lws_sql_purify(b, s, len) == b);
	show_bytes(b, 24);
	putchar('\n');
}

static void json(const char *s, int len)
{
	char b[80];
	int used = -9;

	memset(b, '#', sizeof b);
	printf("json ");
	show_str(s);
	printf(" len %d returns dest %d ", len, lws_json_purify(b, s, len, &used) == b);
	show_bytes(b, 50);
	printf(" used %d whole %d\n", used, s ? lws_json_purify_len(s) : -1);
}

static void name(const char *s)
{
	char b[80];

	strcpy(b, s);
	lws_filename_purify_inplace(b);
	printf("name ");
	show_str(s);
	putchar(' ');
	show_str(b);
	putchar('\n');
}

static void all_bytes(void)
{
	char in[256], out[2000];
	int used;

	for (int i = 0; i < 255; i++)
		in[i] = (char)(i + 1);
	in[255] = '\0';
	show_str(lws_json_purify(out, in, sizeof out, &used));
	printf(" %d %d\n", used, lws_json_purify_len(in));
	show_str(lws_sql_purify(out, in, sizeof out));
	lws_filename_purify_inplace(in);
	show_str(in);
	putchar('\n');
}

int main(void)
{
	static const char *const sqls[] = { "", "abc", "it's", "''''", "a\\b\"c", "x'y'z", "abcdefgh" };
	static const char *const jsons[] = { "", "abc", "a\"b", "a\\b", "\n\r\t\b\f\v", "\x01\x1f\x7f", "<>&'/", "\xc3\xa9",
		"aaaaaaaaaa", "\"\"\"\"", "a\nb", "\x1b[", "it's" };
	static const char *const names[] = { "", "a/b", ".", "..", "...", "....", "../x", "a:b", "a\\b", "a$b", "a%b", "a.b", "a..b",
		"a...b", ".a.", "..a..", "a b", "a'b\"c", "<>|*?" };
	char b[20];

	for (size_t i = 0; i < sizeof sqls / sizeof *sqls; i++)
		for (int len = 1; len < 20; len++)
			sql(sqls[i], len);
	for (size_t i = 0; i < sizeof jsons / sizeof *jsons; i++)
		for (int len = 1; len < 40; len += 1 + (len > 16) * 5)
			if (len > 30 || len < 8 || !strstr(jsons[i], "\n\r")) /* the reference writes past smaller buffers */
				json(jsons[i], len);
	json(NULL, 10);
	memset(b, '#', sizeof b);
	line_str("without used", lws_json_purify(b, "a\"b", 20, NULL));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		name(names[i]);
	all_bytes();
	return 0;
}
