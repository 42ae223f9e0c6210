/* lejp: every event of many documents with the path, the match, indexes and text; errors; splits; nested parsers. */
#include <libwebsockets.h>
#include "show.h"

static const char *const paths[] = { "a", "a.b", "x[]", "x[].y", "*.z", "q[].r[]", "w.*", "*" };
static const char *const inner[] = { "b", "b.c", "*" };
static int quiet;
static uint64_t hash;

static void note(struct lejp_ctx *c, int reason)
{
	char line[900];
	int n = snprintf(line, sizeof line, "%d sp%d path '%s' match %d len %d wild %d stack %d line %u |", reason, c->sp, c->path,
			 c->path_match, c->path_match_len, c->wildcount, c->pst_sp, c->line);

	for (int i = 0; i < c->ipos; i++)
		n += snprintf(line + n, sizeof line - (size_t)n, " %d", c->i[i]);
	if (reason & LEJP_FLAG_CB_IS_VALUE)
		n += snprintf(line + n, sizeof line - (size_t)n, " text '%.*s' npos %d f %x", c->npos, c->buf, c->npos, c->f);
	hash = mix(hash, line, (size_t)n);
	if (!quiet) {
		printf("  ");
		show_bytes(line, (size_t)n);
		putchar('\n');
	}
}

static signed char on_inner(struct lejp_ctx *c, char reason)
{
	note(c, reason);
	if (reason == LEJPCB_OBJECT_END)
		printf("  pop %d\n", lejp_parser_pop(c));
	return 0;
}

static signed char on_event(struct lejp_ctx *c, char reason)
{
	char w[10];

	note(c, reason);
	for (int i = 0; i < c->wildcount && !quiet && reason == LEJPCB_PAIR_NAME; i++)
		for (int len = 0; len < 10; len += 4) {
			memset(w, '#', sizeof w);
			printf("  wildcard %d len %d -> %d ", i, len, lejp_get_wildcard(c, i, w, len));
			show_bytes(w, sizeof w);
			putchar('\n');
		}
	if (reason == LEJPCB_PAIR_NAME && !strcmp(c->path, "inner"))
		printf("  push %d\n", lejp_parser_push(c, c, inner, 3, on_inner));
	return reason == LEJPCB_PAIR_NAME && !strcmp(c->path, "stop") ? 1 : 0;
}

static int parse(const char *json, size_t len, size_t piece)
{
	struct lejp_ctx c;
	int r = LEJP_CONTINUE;

	memset(&c, 0, sizeof c);
	hash = MIX_START;
	lejp_construct(&c, on_event, &c, paths, LWS_ARRAY_SIZE(paths));
	for (size_t at = 0; at < len && r == LEJP_CONTINUE; at += piece)
		r = lejp_parse(&c, (const uint8_t *)json + at, (int)(len - at < piece ? len - at : piece));
	lejp_destruct(&c);
	return r;
}

static void document(const char *json)
{
	size_t len = strlen(json);
	int r;

	quiet = 0;
	show_str(json);
	putchar('\n');
	r = parse(json, len, len ? len : 1);
	printf("  -> %d '%s'\n", r, lejp_error_to_string(r));
	quiet = 1;
	for (size_t piece = 1; piece < 8; piece++) {
		r = parse(json, len, piece);
		printf("  pieces of %zu -> %d %016llx\n", piece, r, (unsigned long long)hash);
	}
}

static void long_string(size_t n)
{
	char json[1200];

	quiet = 0;
	strcpy(json, "{\"a\":\"");
	memset(json + 6, 'y', n);
	strcpy(json + 6 + n, "\"}");
	printf("string of %zu -> %d\n", n, parse(json, strlen(json), 2000));
}

int main(void)
{
	static const char *const docs[] = { "{\"a\":1}", "{\"a\":{\"b\":\"str\"},\"x\":[1,2.5,true,{\"y\":null}]}",
		"[1,[2,3],{\"a\":false}]", "{\"q\":[{\"r\":[1,2]},{\"r\":[3]}]} trailing", "{\"w\":{\"one\":1,\"two\":{\"z\":2}}}",
		"{\"a\":\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\n\\t\\\"\\\\\\/\\b\\f\\r\"}", "{\"a\":-0.5e-3,\"b\":1E+2,\"c\":007}",
		"# c\n{ # x }\n\"a\" # y\n : # z\n 1 # 1\n, \"b\":\n2}\n", "{\"inner\":{\"b\":{\"c\":1},\"d\":[2]},\"a\":3}", "{\"stop\":1}",
		"[]", "[[]]", "[{}]", "{\"a\":{}}", "{\"a\":[]}", "{\"\":{\"\":1}}", "", " ", "{", "{}", "{ }", "x", "1", "\"a\"", "{a", "{\"a",
		"{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\" 1}", "{\"a\":x}", "{\"a\":1.}", "{\"a\":1.x}", "{\"a\":.5}", "{\"a\":-}", "{\"a\":--1}",
		"{\"a\":1.5.5}", "{\"a\":1e}", "{\"a\":1ex}", "{\"a\":1e5e5}", "{\"a\":12345678901234567890}",
		"{\"a\":123456789012345678901}", "{\"a\":tru}", "{\"a\":nulx}", "{\"a\":1]", "{\"a\":{\"b\":1]}", "[1}]", "[1 2]", "[1,]", "[,1]",
		"{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\x01\"}", "{\"a\x1f\":1}", "[[[[[1]]]]]",
		"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}", "]", "}", "{\"a\":]}" };
	struct lejp_ctx c;

	for (size_t i = 0; i < LWS_ARRAY_SIZE(docs); i++)
		document(docs[i]);
	long_string(253);
	long_string(254);
	long_string(255);
	long_string(600);
	for (int e = -26; e < 3; e++)
		printf("%d '%s'\n", e, lejp_error_to_string(e));
	quiet = 0;
	memset(&c, 0, sizeof c);
	lejp_construct(&c, on_event, NULL, paths, 2);
	printf("pop of nothing %d\n", lejp_parser_pop(&c));
	for (int i = 0; i < 5; i++)
		printf("push %d\n", lejp_parser_push(&c, NULL, inner, 3, on_inner));
	printf("change\n");
	lejp_change_callback(&c, on_inner);
	lejp_destruct(&c);
	return 0;
}
