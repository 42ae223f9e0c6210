/* lws_tokenize with all flags, in texts of given length and texts with a NUL; every member of the state is compared. */
#include "diff.h"

const char *const symbols[] = { "lws_tokenize_init", "lws_tokenize", "lws_tokenize_cstr", NULL };
struct tokenizer {
	const char *start, *token;
	size_t len, token_len;
	uint16_t flags;
	uint8_t delim;
	int8_t e;
};
typedef void (*init_t)(struct tokenizer *, const char *, int);
typedef int (*next_t)(struct tokenizer *);
typedef int (*cstr_t)(struct tokenizer *, char *, size_t);

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char alpha[] = "ab1203..,,==::\"\"# \t\n\r\f-_/;()\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
	unsigned char text[120];
	size_t len = random_text(rng, alpha, sizeof alpha - 1, text, sizeof text - 1);
	int flags = (int)below(rng, 512), by_nul = (int)below(rng, 4) == 0, r;
	struct tokenizer t;
	char *copy = malloc(len + 1), out[16];

	if (below(rng, 3) == 0)
		flags &= (int)below(rng, 512);
	text[len] = '\0';
	if (by_nul)
		len = strlen((char *)text);
	memcpy(copy, text, len + 1);
	memset(&t, 0x5a, sizeof t);
	((init_t)s->sym[0])(&t, copy, flags);
	if (!by_nul)
		t.len = len;
	note_bytes(n, copy, len);
	note(n, " flags %x nul %d", flags, by_nul);
	for (int i = 0; i < 60; i++) {
		r = ((next_t)s->sym[1])(&t);
		note(n, " %d", r);
		if (t.token)
			note(n, "@%ld+%zu", (long)(t.token - copy), t.token_len);
		note(n, "[%ld d%d", (long)(t.start - copy), t.delim);
		/* behind the NUL of a text the reference goes on reading; here the length is 0 then */
		if (t.start > copy && !t.start[-1]) {
			note(n, "]");
			break;
		}
		note(n, " l%zu]", t.len);
		if (r <= 0)
			break;
		if (below(rng, 4) == 0) {
			size_t max = 1 + below(rng, sizeof out);

			memset(out, '#', sizeof out);
			note(n, " cstr %d ", ((cstr_t)s->sym[2])(&t, out, max));
			note_bytes(n, out, sizeof out);
		}
	}
	free(copy);
}
