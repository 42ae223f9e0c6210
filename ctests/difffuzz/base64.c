/* base64 both ways. Where a piece ends with a byte of no alphabet the reference adds a byte of garbage (docs/quirks.md):
 * such inputs are not made. */
#include "diff.h"

const char *const symbols[] = { "lws_b64_encode_string", "lws_b64_encode_string_url", "lws_b64_decode_string_len",
	"lws_b64_decode_stateful", "lws_b64_decode_state_init", "lws_SHA1", NULL };
struct state {
	unsigned char quad[4];
	size_t done, len;
	int i, c;
};
typedef int (*code_t)(const char *, int, char *, int);
typedef int (*stateful_t)(struct state *, const char *, size_t *, uint8_t *, size_t *, int);
typedef void (*init_t)(struct state *);
typedef unsigned char *(*sha_t)(const unsigned char *, size_t, unsigned char *);

static const char alpha[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

static void pieces(const struct side *s, uint64_t *rng, struct notes *n, const char *in, size_t len)
{
	struct state st;
	uint8_t out[600];
	size_t at = 0, put = 0;

	memset(out, '#', sizeof out);
	memset(&st, 0x5a, sizeof st);
	((init_t)s->sym[4])(&st);
	while (at < len) {
		size_t piece = 1 + below(rng, (uint32_t)(len - at)), used, room = sizeof out;
		int r;

		while (at + piece < len && !memchr(alpha, in[at + piece - 1], sizeof alpha - 1))
			piece++;
		used = piece;
		r = ((stateful_t)s->sym[3])(&st, in + at, &used, out + put, &room, at + piece == len);
		note(n, " [%zu: %d used %zu out %zu]", piece, r, used, room);
		if (used != piece)
			break;
		at += piece;
		put += room;
	}
	note_bytes(n, out, put + 2);
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char with_noise[] = "ABCDwxyz0189+/-_ABCDwxyz0189+/-_=\n *";
	unsigned char in[300];
	char out[700];
	int kind = (int)below(rng, 4), r, room;
	size_t len = random_text(rng, with_noise, sizeof with_noise - 1, in, sizeof in - 1);

	in[len] = '\0';
	len = below(rng, 2) ? len : strlen((char *)in);
	if (kind == 1 || kind == 2) /* noise at the end adds a byte on the reference */
		for (len = strlen((char *)in); len && in[len - 1] != '=' && !memchr(alpha, in[len - 1], sizeof alpha - 1);)
			in[--len] = '\0';
	note_bytes(n, in, len);
	memset(out, '#', sizeof out);
	switch (kind) {
	case 0:
		room = 2 + (int)below(rng, 500);
		r = ((code_t)s->sym[below(rng, 2)])((char *)in, (int)len, out, room);
		note(n, " encode room %d -> %d ", room, r);
		note_bytes(n, out, sizeof out);
		break;
	case 1:
		room = 1 + (int)below(rng, 300);
		r = ((code_t)s->sym[2])((char *)in, below(rng, 2) ? -1 : (int)len, out, room);
		note(n, " decode room %d -> %d ", room, r);
		note_bytes(n, out, 310);
		break;
	case 2:
		pieces(s, rng, n, (char *)in, strlen((char *)in));
		break;
	case 3:
		((sha_t)s->sym[5])(in, len, (unsigned char *)out);
		note_bytes(n, out, 21);
		break;
	}
}
