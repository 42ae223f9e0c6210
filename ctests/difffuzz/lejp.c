/*
 * lejp: random JSON, good and broken, in random pieces; the callback notes the whole context at each event, pushes and
 * pops parsers, asks for wildcards and refuses now and then.
 *
 * Not made: paths over 127 bytes and patterns with over 5 wildcards (the reference leaves its arrays then).
 */
#include "diff.h"

const char *const symbols[] = { "lejp_construct", "lejp_parse", "lejp_destruct", "lejp_parser_push", "lejp_parser_pop",
	"lejp_check_path_match", "lejp_get_wildcard", "lejp_error_to_string", "lejp_change_callback", NULL };

struct ctx;
typedef signed char (*cb_t)(struct ctx *, char);
struct parser {
	void *user;
	cb_t callback;
	const char *const *paths;
	uint8_t count_paths, ppos, path_match;
};
struct ctx {
	void *user;
	struct parser pst[5];
	struct {
		char s, p, i, b;
	} st[12];
	uint16_t i[5], wild[5];
	char path[128], buf[255];
	size_t path_stride;
	uint32_t line;
	uint16_t uni;
	uint8_t npos, dcount, f, sp, ipos, count_paths, path_match, path_match_len, wildcount, pst_sp, outer_array;
};
typedef void (*construct_t)(struct ctx *, cb_t, void *, const char *const *, unsigned char);
typedef int (*parse_t)(struct ctx *, const unsigned char *, int);
typedef void (*destruct_t)(struct ctx *);
typedef int (*push_t)(struct ctx *, void *, const char *const *, unsigned char, cb_t);
typedef int (*pop_t)(struct ctx *);
typedef int (*wild_t)(struct ctx *, int, char *, int);
typedef const char *(*text_t)(int);
typedef void (*change_t)(struct ctx *, cb_t);

static const char *const paths[] = { "a", "a.b", "a[]", "*", "*.b", "a[].b", "a.*.b", "*[]", "[]", "[].a", "b.*", "*.*", "aa.bb" };
static const char *const inner_paths[] = { "b", "a", "*.a", "[].b", "*" };

static struct notes *sink;
static const struct side *here;
static uint64_t user_rng;
static int lively;

static void note_context(const struct ctx *c)
{
	if (c->ipos > 5 || c->sp > 11 || c->pst[c->pst_sp].ppos >= 127)
		sink->skip = 1; /* the reference is behind the end of one of its arrays */
	note(sink, " sp%d pp%d ip%d m%d ml%d wc%d np%d dc%d f%x u%x l%u oa%d ps%d i", c->sp, c->pst[c->pst_sp].ppos, c->ipos, c->path_match,
	     c->path_match_len, c->wildcount, c->npos, c->dcount, c->f, c->uni, c->line, c->outer_array, c->pst_sp);
	for (int k = 0; k < c->ipos && k < 5; k++)
		note(sink, ",%d", c->i[k]);
	note(sink, " w");
	for (int k = 0; k < c->wildcount && k < 5; k++)
		note(sink, ",%d", c->wild[k]);
	note(sink, " st");
	for (int k = 0; k <= c->sp && k < 12; k++)
		note(sink, ",%d/%d/%d", c->st[k].s, k < c->sp ? c->st[k].p : 0, k < c->sp ? c->st[k].i : 0);
	note_bytes(sink, c->path, strnlen(c->path, 128));
	note_bytes(sink, c->buf, strnlen(c->buf, 255));
}

static signed char on_event(struct ctx *c, char reason)
{
	note(sink, "\n    %d", reason);
	note_context(c);
	if (!lively)
		return 0;
	if (reason == 5 && below(&user_rng, 6) == 0)
		note(sink, " push %d", ((push_t)here->sym[3])(c, &user_rng, inner_paths, (unsigned char)below(&user_rng, 6), on_event));
	if (reason == 17 && c->pst_sp && below(&user_rng, 2))
		note(sink, " pop %d", ((pop_t)here->sym[4])(c));
	if (below(&user_rng, 12) == 0) {
		((destruct_t)here->sym[5])(c);
		note_context(c);
	}
	for (int w = -1; w < 3; w++) {
		char out[20];

		if (w < 0 && c->wildcount)
			continue;
		memset(out, '#', sizeof out);
		if (w >= 0)
			note(sink, " wild %d ", ((wild_t)here->sym[6])(c, w, out, (int)below(&user_rng, sizeof out)));
		note_bytes(sink, out, sizeof out);
	}
	return below(&user_rng, 60) == 0;
}

static size_t put(unsigned char *to, size_t at, size_t max, const char *text)
{
	size_t l = strlen(text);

	if (at + l > max)
		return at;
	memcpy(to + at, text, l);
	return at + l;
}

static size_t string(uint64_t *rng, unsigned char *to, size_t at, size_t max, uint32_t longest)
{
	static const char *const parts[] = { "a", "b", "bc", ".", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u20AC", "\\u0041",
		"\\ud83d\\ude00", "\xc3\xa9", "#", "{", "[", "*", "\\t\\r\\b\\f", "\\u0000x", "\x7f" };

	at = put(to, at, max, "\"");
	for (uint32_t n = below(rng, longest); n; n--)
		at = put(to, at, max, parts[below(rng, below(rng, 3) ? 3 : sizeof parts / sizeof *parts)]);
	if (below(rng, 20) == 0)
		for (uint32_t n = below(rng, 900); n && longest > 4; n--)
			at = put(to, at, max, "y");
	return put(to, at, max, "\"");
}

static size_t space(uint64_t *rng, unsigned char *to, size_t at, size_t max)
{
	static const char *const blanks[] = { " ", "\n", "\t", "\r\n", "# c }\n", "  " };

	return below(rng, 5) ? at : put(to, at, max, blanks[below(rng, 6)]);
}

static size_t value(uint64_t *rng, unsigned char *to, size_t at, size_t max, int depth)
{
	static const char *const plain[] = { "true", "false", "null", "0", "-1", "12", "1.5", "-0.25e3", "1e5", "1E-5", "1e+10", "007",
		"12345678901234567890", "123456789012345678901", "1.", ".5", "-", "1e", "tru", "nul", "fals", "1.5.5", "1ee5", "1-2", "--1" };
	uint32_t kind = below(rng, 10), n = below(rng, 4);

	at = space(rng, to, at, max);
	if (depth > 0 && kind < 3) {
		at = put(to, at, max, "{");
		for (uint32_t k = 0; k < n; k++) {
			at = space(rng, to, at, max);
			at = string(rng, to, at, max, 4);
			at = space(rng, to, at, max);
			at = put(to, at, max, ":");
			at = value(rng, to, at, max, depth - 1);
			at = space(rng, to, at, max);
			if (k + 1 < n)
				at = put(to, at, max, ",");
		}
		return put(to, at, max, "}");
	}
	if (depth > 0 && kind < 6) {
		at = put(to, at, max, "[");
		for (uint32_t k = 0; k < n; k++) {
			at = value(rng, to, at, max, depth - 1);
			at = space(rng, to, at, max);
			if (k + 1 < n)
				at = put(to, at, max, ",");
		}
		return put(to, at, max, "]");
	}
	if (kind < 8)
		return string(rng, to, at, max, 12);
	return put(to, at, max, plain[below(rng, below(rng, 3) ? 11 : sizeof plain / sizeof *plain)]);
}

/* Longest path the text could make: names and brackets; an estimate that is never too low. */
static size_t path_bound(const unsigned char *t, size_t len)
{
	size_t n = 0, longest = 0, run = 0;

	for (size_t i = 0; i < len; i++) {
		if (t[i] == '[' || t[i] == '.')
			n += 3;
		run = t[i] == '"' ? 0 : run + 1;
		if (t[i] == ':') {
			size_t back = i;

			while (back && t[back - 1] != '"')
				back--;
			if (back)
				back--;
			while (back && (t[back - 1] != '"' || (back > 1 && t[back - 2] == '\\')))
				back--;
			n += i - back + 1;
		}
		if (n > longest)
			longest = n;
	}
	return longest;
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static unsigned char text[4000];
	struct ctx c;
	size_t len, at = 0;
	uint32_t count;
	int r = -1;

	len = value(rng, text, 0, sizeof text, below(rng, 8) ? 4 : 16);
	if (below(rng, 8) == 0)
		len = put(text, len, sizeof text, " trailing");
	for (uint32_t k = below(rng, 3) ? 0 : 1 + below(rng, 3); k && len; k--) {
		static const char alpha[] = "{}[],:\"\\ut01.-e# \n\x01\x80";
		size_t p = below(rng, (uint32_t)len);

		switch (below(rng, 3)) {
		case 0:
			text[p] = (unsigned char)alpha[below(rng, sizeof alpha - 1)];
			break;
		case 1:
			memmove(text + p, text + p + 1, len - p - 1);
			len--;
			break;
		case 2:
			if (len < sizeof text) {
				memmove(text + p + 1, text + p, len - p);
				text[p] = (unsigned char)alpha[below(rng, sizeof alpha - 1)];
				len++;
			}
			break;
		}
	}
	if (path_bound(text, len) > 120) {
		n->skip = 1;
		return;
	}
	sink = n;
	here = s;
	lively = (int)below(rng, 2);
	user_rng = rnd(rng);
	note_bytes(n, text, len);
	memset(&c, 0x5a, sizeof c);
	count = below(rng, 10) ? 1 + below(rng, sizeof paths / sizeof *paths) : 0;
	((construct_t)s->sym[0])(&c, on_event, &user_rng, count ? paths : NULL, (unsigned char)count);
	if (below(rng, 20) == 0)
		((change_t)s->sym[8])(&c, on_event);
	while (at < len && r == -1) {
		size_t piece = below(rng, 3) ? len - at : 1 + below(rng, (uint32_t)(len - at));

		r = ((parse_t)s->sym[1])(&c, text + at, (int)piece);
		note(n, "\n  piece %zu: %d %s", piece, r, r < -1 ? ((text_t)s->sym[7])(r) : "");
		note_context(&c);
		at += piece;
	}
	((destruct_t)s->sym[2])(&c);
}
