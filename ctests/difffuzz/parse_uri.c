/* lws_parse_uri on scraps of URIs: pieces, port, and the bytes of the buffer afterwards. */
#include "diff.h"

const char *const symbols[] = { "lws_parse_uri", NULL };
typedef int (*parse_t)(char *, const char **, const char **, int *, const char **);

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char *const parts[] = { "http", "https", "ws", "wss", "://", ":", "/", "//", "[", "]", "+", "@", "a", "b.c", "80",
		"443", "99999999999", "-1", " ", "?", "#", "x=y", "::1" };
	char b[200], *p;
	const char *prot = "-", *ads = "-", *path = "-";
	size_t len = 0;
	int port = -77, r;

	for (uint32_t i = below(rng, 12); i; i--)
		if (below(rng, 12)) {
			const char *t = parts[below(rng, sizeof parts / sizeof *parts)];

			memcpy(b + len, t, strlen(t));
			len += strlen(t);
		} else
			b[len++] = (char)(1 + below(rng, 255));
	b[len] = '\0';
	note_bytes(n, b, len);
	p = malloc(len + 1);
	memcpy(p, b, len + 1);
	r = ((parse_t)s->sym[0])(p, &prot, &ads, &port, &path);
	note(n, " %d %ld %ld %d ", r, (long)(prot - p), (long)(ads - p), port);
	if (path >= p && path <= p + len)
		note(n, "%ld ", (long)(path - p));
	else
		note_bytes(n, path, strlen(path));
	note_bytes(n, p, len + 1);
	free(p);
}
