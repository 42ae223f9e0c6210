/*
 * What toolbox.py counts: one function of the toolbox over and over.
 *
 *     toolbox CASE TIMES
 *
 * Prints a sum of what came out, which must be the same on both libraries.
 */
#include <libwebsockets.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MB (1024 * 1024)

static char *in, *out;
static size_t in_len;
static uint64_t sum;

static void note(const void *p, size_t len)
{
	const unsigned char *b = p;

	/* ends and length: looking at all would be what is counted */
	sum = sum * 31 + len + (len ? b[0] + b[len - 1] : 0);
}

static void fill(const char *pattern, size_t len)
{
	size_t n = strlen(pattern);

	in_len = len;
	for (size_t i = 0; i < len; i++)
		in[i] = pattern[i % n];
	in[len] = '\0';
}

static signed char on_json(struct lejp_ctx *ctx, char reason)
{
	sum = sum * 31 + (unsigned char)reason + ctx->npos;

	return 0;
}

static void parse_json(void)
{
	static const char *const paths[] = { "list[].name", "list[].tags[]",
					     "text" };
	struct lejp_ctx ctx;

	lejp_construct(&ctx, on_json, NULL, paths, 3);
	sum += (uint64_t)lejp_parse(&ctx, (unsigned char *)in, (int)in_len);
	lejp_destruct(&ctx);
}

static void make_document(void)
{
	static const char *const one =
		"{ \"name\": \"a \\\"quoted\\\" name\", \"id\": 1234567, "
		"\"ratio\": -1.25e3, \"is\": [ true, false, null ], "
		"\"tags\": [ \"red\", \"gr\\u00fcn\" ] }";
	char *p = in + sprintf(in, "{ \"list\": [ %s", one);

	while (p < in + MB - 256)
		p += sprintf(p, ", %s", one);
	in_len = (size_t)(p - in) + (size_t)sprintf(p, " ] }");
}

static void make_string(void)
{
	fill("the quick brown fox ", MB);
	memcpy(in, "{\"text\":\"", 9);
	memcpy(in + MB - 2, "\"}", 2);
}

static void make_text(void)
{
	fill("token = \"a quoted string\"; no-cache, max_age=600; other 123 "
	     "# comment\n", MB / 4);
}

static void tokenize(void)
{
	struct lws_tokenize t;
	int e;

	lws_tokenize_init(&t, in, LWS_TOKENIZE_F_MINUS_NONTERM |
				  LWS_TOKENIZE_F_HASH_COMMENT);
	t.len = in_len;
	while ((e = (int)lws_tokenize(&t)) > 0)
		sum = sum * 31 + (unsigned int)e + t.token_len;
}

static void make_bytes(void)
{
	fill("\x01\x80 some bytes \xff\xfe", MB / 4);
}

static void encode_base64(void)
{
	int n = lws_b64_encode_string(in, (int)in_len, out, 2 * MB);

	note(out, (size_t)n);
}

static void make_base64(void)
{
	make_bytes();
	in_len = (size_t)lws_b64_encode_string(in, (int)in_len, out, 2 * MB);
	memcpy(in, out, in_len + 1);
}

static void decode_base64(void)
{
	note(out, (size_t)lws_b64_decode_string(in, out, 2 * MB));
}

static void sha1(void)
{
	lws_SHA1((unsigned char *)in, in_len, (unsigned char *)out);
	note(out, 20);
}

static void make_escaped(void)
{
	fill("name=some+words%20and%C3%A9&", MB / 4);
}

static void url_decode(void)
{
	sum += (uint64_t)lws_urldecode(out, in, 2 * MB);
	note(out, strlen(out));
}

static void make_plain(void)
{
	fill("some words/and & more, \xc3\xa9 ", MB / 4);
}

static void url_encode(void)
{
	note(lws_urlencode(out, in, 2 * MB), strlen(out));
}

static void make_uri(void)
{
	fill("https://www.example.com:8443/a/path?with=arguments", 51);
}

static void parse_uri(void)
{
	const char *scheme, *address, *path;
	int port;

	for (int n = 0; n < 1000; n++) {
		memcpy(out, in, in_len + 1);
		sum += (uint64_t)lws_parse_uri(out, &scheme, &address, &port, &path);
		sum = sum * 31 + (unsigned int)port + (size_t)(path - out);
	}
}

static void make_lines(void)
{
	fill("\"key\":\"value\",\"other\":12,", MB / 4);
	memcpy(in + MB / 4 - 16, "\"last\":\"found\"}", 15);
}

static void find_json(void)
{
	size_t len = 0;
	const char *p = lws_json_simple_find(in, in_len, "\"last\":", &len);

	note(p ? p : "-", p ? len : 1);
}

static void through_ring(void)
{
	struct lws_ring *ring = lws_ring_create(16, 64, NULL);

	for (int n = 0; n < 1000; n++) {
		sum += lws_ring_insert(ring, in, 48);
		sum += lws_ring_consume(ring, NULL, out, 48);
	}
	lws_ring_destroy(ring);
}

static void format(void)
{
	for (int n = 0; n < 1000; n++)
		sum += (uint64_t)lws_snprintf(out, 100, "%s: %d of %lu", "what",
					      n, 1000ul);
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*make)(void), (*run)(void);
} cases[] = {
	{ "json-document", make_document, parse_json },
	{ "json-string", make_string, parse_json },
	{ "json-find", make_lines, find_json },
	{ "tokenize", make_text, tokenize },
	{ "base64-encode", make_bytes, encode_base64 },
	{ "base64-decode", make_base64, decode_base64 },
	{ "sha1", make_bytes, sha1 },
	{ "urldecode", make_escaped, url_decode },
	{ "urlencode", make_plain, url_encode },
	{ "parse-uri", make_uri, parse_uri },
	{ "ring", make_bytes, through_ring },
	{ "snprintf", nothing, format },
};

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[2]) : 0;

	in = calloc(1, 2 * MB + 1);
	out = calloc(1, 2 * MB + 1);
	for (size_t c = 0; in && out && argc > 1 &&
			   c < sizeof(cases) / sizeof(cases[0]); c++) {
		if (strcmp(cases[c].name, argv[1]))
			continue;
		cases[c].make();
		for (int n = 0; n < times; n++)
			cases[c].run();
		printf("%llx\n", (unsigned long long)sum);
		return 0;
	}

	return 2;
}
