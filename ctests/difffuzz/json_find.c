/* lws_json_simple_find and _strcmp on scraps of JSON. */
#include "diff.h"

const char *const symbols[] = { "lws_json_simple_find", "lws_json_simple_strcmp", NULL };
typedef const char *(*find_t)(const char *, size_t, const char *, size_t *);
typedef int (*cmp_t)(const char *, size_t, const char *, const char *);

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char alpha[] = "\"ab:, }]\\\t\n01{[";
	unsigned char text[100];
	char *doc, comp[4] = "ab";
	size_t l, al = 99;
	const char *r;
	int c;

	memcpy(text, "{\"n\":", 5);
	l = 5 + random_text(rng, alpha, sizeof alpha - 1, text + 5, 90);
	while (text[l - 1] == '\\')
		l--; /* the reference counts a byte behind the text */
	doc = malloc(l);
	memcpy(doc, text, l);
	comp[below(rng, 3)] = '\0';
	note_bytes(n, doc, l);
	r = ((find_t)s->sym[0])(doc, l, "\"n\":", &al);
	note(n, " at %ld len %zu", r ? (long)(r - doc) : -1L, r ? al : 0);
	c = ((cmp_t)s->sym[1])(doc, l, "\"n\":", comp);
	note(n, " cmp %d", c < 0 ? -1 : c > 0);
	free(doc);
}
