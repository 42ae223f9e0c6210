/* URL coding both ways, in place too, with all sizes. */
#include "diff.h"

const char *const symbols[] = { "lws_urldecode", "lws_urlencode", "lws_sql_purify", "lws_json_purify", "lws_json_purify_len",
	"lws_filename_purify_inplace", NULL };
typedef int (*dec_t)(char *, const char *, int);
typedef const char *(*enc_t)(char *, const char *, int);
typedef const char *(*json_t)(char *, const char *, int, int *);
typedef int (*len_t)(const char *);
typedef void (*name_t)(char *);

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char alpha[] = "%%%+0123abcdefABCDEFgxz'\"\\./:$\n";
	unsigned char in[300];
	char out[2000];
	int kind = (int)below(rng, 6), len, r;

	in[random_text(rng, alpha, sizeof alpha - 1, in, sizeof in - 1)] = '\0';
	len = 1 + (int)below(rng, below(rng, 2) ? 20 : 400);
	memset(out, '#', sizeof out);
	note_bytes(n, in, strlen((char *)in));
	note(n, " kind %d len %d ", kind, len);
	switch (kind) {
	case 0:
		len -= 3;
		r = ((dec_t)s->sym[0])(out, (char *)in, len);
		note(n, "%d ", r);
		note_bytes(n, out, 310);
		break;
	case 1:
		r = ((dec_t)s->sym[0])((char *)in, (char *)in, len);
		note(n, "%d ", r);
		note_bytes(n, in, strlen((char *)in));
		break;
	case 2:
	case 3:
		((enc_t)s->sym[kind - 1])(out, (char *)in, len);
		note_bytes(n, out, (size_t)len + 4);
		break;
	case 4: {
		int used = -9, shorts = 0;

		for (unsigned char *p = in; *p; p++)
			shorts += *p == '\n' || *p == '\r' || *p == '\t' || *p == '\\';
		if (len < ((len_t)s->sym[4])((char *)in) + 8 && shorts) {
			n->skip = 1; /* the reference may write past its buffer */
			break;
		}
		((json_t)s->sym[3])(out, (char *)in, len, &used);
		note(n, "%d %d ", used, ((len_t)s->sym[4])((char *)in));
		note_bytes(n, out, (size_t)len + 4);
		break;
	}
	case 5:
		((name_t)s->sym[5])((char *)in);
		note_bytes(n, in, strlen((char *)in));
		break;
	}
}
