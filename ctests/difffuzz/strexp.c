/*
 * lws_strexp in pieces with small output areas. When a replacement fills the area exactly the reference goes on behind
 * it (docs/quirks.md), so areas have spare room here and the whole output is compared, not the single steps.
 */
#include "diff.h"

const char *const symbols[] = { "lws_strexp_init", "lws_strexp_expand", "lws_strexp_reset_out", NULL };
typedef int (*cb_t)(void *, const char *, char *, size_t *, size_t, size_t *);
struct strexp {
	char name[32];
	cb_t cb;
	void *priv;
	char *out;
	size_t olen, pos, exp_ofs;
	uint8_t name_pos;
	char state;
};
typedef void (*init_t)(struct strexp *, void *, cb_t, char *, size_t);
typedef int (*expand_t)(struct strexp *, const char *, size_t, size_t *, size_t *);
typedef void (*reset_t)(struct strexp *, char *, size_t);

static int replace(void *priv, const char *name, char *out, size_t *pos, size_t olen, size_t *ofs)
{
	char value[128];
	size_t left, room = olen > *pos ? olen - *pos : 0;

	(void)priv;
	if (name[0] == 'x')
		return -2;
	snprintf(value, sizeof value, "%s%.*s", name, (int)(strlen(name) * 7 % 60), "############################################################");
	left = strlen(value) - *ofs;
	if (left > room)
		left = room;
	if (out)
		memcpy(out + *pos, value + *ofs, left);
	*ofs += left;
	*pos += left;
	return *ofs == strlen(value) ? 0 : 1;
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char alpha[] = "abcx$$${{{}}} ${a}${";
	unsigned char text[150];
	char area[400], whole[8192];
	size_t len = random_text(rng, alpha, sizeof alpha - 1, text, sizeof text), at = 0, total = 0, olen = 3 + below(rng, 200);
	int spare = (int)below(rng, 3), steps = 0, r = 0;
	struct strexp e;

	if (!spare)
		olen = 390;
	note_bytes(n, text, len);
	note(n, " olen %zu: ", olen);
	memset(&e, 0x5a, sizeof e);
	((init_t)s->sym[0])(&e, &e, replace, area, olen);
	while (at < len && steps++ < 2000) {
		size_t piece = 1 + below(rng, (uint32_t)(len - at)), in = 999, out = 999;
		size_t before;

		memset(area, '~', sizeof area);
		((reset_t)s->sym[2])(&e, area, olen);
again:
		before = at;
		r = ((expand_t)s->sym[1])(&e, (char *)text + at, piece, &in, &out);
		if (in == 999)
			break; /* a name was too long: nothing is told */
		at += in;
		if (out + total > sizeof whole)
			break;
		memcpy(whole + total, area, out);
		total += out;
		if (r < 0)
			break;
		if (r == 1) {
			piece -= in;
			((reset_t)s->sym[2])(&e, area, olen);
			if (piece && steps++ < 2000)
				goto again;
		} else if (at == before)
			break;
	}
	if (r == -1)
		n->skip = 1; /* and so it depends on the pieces what came before */
	note(n, "-> %d at %zu state %d ", r < 0 ? r : 0, at, e.state);
	note_bytes(n, whole, total);
}
