/*
 * WebSocket extensions of the server (ext=NAME, per vhost), and the actions
 * around them. An extension is one of the table below.
 */
#include "srv.h"
#include "act.h"

/* what PAYLOAD_RX and PAYLOAD_TX get; no public header has it */
struct buffers {
	struct lws_tokens in, out;
};

/* what an extension keeps for a connection */
struct kept {
	unsigned char *rest;	/* "parts": what is to come */
	int left;
	unsigned char own[LWS_PRE + (1 << 17)];
};

static const struct lws_ext_options options[] = {
	{ "alpha", EXTARG_NONE }, { "beta", EXTARG_DEC },
	{ "gamma", EXTARG_OPT_DEC }, { "delta", EXTARG_NONE }, { NULL, 0 }
};

static void
show_tokens(char *to, size_t room, const struct lws_tokens *t)
{
	if (t->token)
		snprintf(to, room, "%d \"%s\"", t->len,
			 tr_text(t->token, (size_t)t->len));
	else
		snprintf(to, room, "%d NULL", t->len);
}

/* x-own: upper and lower case change, in memory of its own */
static void
change(struct kept *k, const struct lws_tokens *from, struct lws_tokens *to)
{
	int n;

	for (n = 0; n < from->len && n < 1 << 17; n++)
		k->own[LWS_PRE + n] = from->token[n] ^ 0x20;
	to->token = k->own + LWS_PRE;
	to->len = n;
}

/* x-parts: three bytes at a time; 2 is "there is more" */
static int
part(struct kept *k, const struct lws_tokens *from, struct lws_tokens *to)
{
	static unsigned char out[LWS_PRE + 3];
	int n;

	if (from->token && from->len) {
		memcpy(k->own, from->token, (size_t)from->len);
		k->rest = k->own;
		k->left = from->len;
	}
	n = k->left < 3 ? k->left : 3;
	if (n)
		memcpy(out + LWS_PRE, k->rest, (size_t)n);
	k->rest += n;
	k->left -= n;
	to->token = out + LWS_PRE;
	to->len = n;
	return k->left ? 2 : 0;
}

static int
payload(const char *name, struct kept *k, struct buffers *b, int sends)
{
	if (!strcmp(name, "x-xor"))
		for (int n = 0; n < b->in.len; n++)
			b->in.token[n] ^= 0x20;
	else if (!strcmp(name, "x-own"))
		change(k, &b->in, &b->out);
	else if (!strcmp(name, "x-parts") && sends)
		return part(k, &b->in, &b->out);
	else if (!strcmp(name, "x-drop"))
		b->out.len = 0;
	else if (!strcmp(name, "x-fail"))
		return -1;
	return 0;
}

/* x-frame: the frame gets one byte more */
static void
longer(struct kept *k, struct lws_tokens *t)
{
	memcpy(k->own, t->token, (size_t)t->len);
	k->own[1]++;
	k->own[t->len] = '!';
	t->token = k->own;
	t->len++;
}

static int
ext_cb(struct lws_context *context, const struct lws_extension *ext,
       struct lws *wsi, enum lws_extension_callback_reasons reason,
       void *user, void *in, size_t len)
{
	char text[2][300];
	struct buffers *b = in;
	struct lws_ext_option_arg *o = in;
	struct lws_tokens *t = in;

	if (context != lws_get_context(wsi))
		tr_line("! another context");
	switch (reason) {
	case LWS_EXT_CB_CONSTRUCT:
		tr_line("  ext %s CONSTRUCT", ext->name);
		if (!strcmp(ext->name, "x-refuse"))
			return 1;
		*(void **)user = calloc(1, sizeof(struct kept));
		*(const struct lws_ext_options **)in = options;
		return 0;
	case LWS_EXT_CB_DESTROY:
		tr_line("  ext %s DESTROY", ext->name);
		free(user);
		return 0;
	case LWS_EXT_CB_OPTION_SET:
	case LWS_EXT_CB_NAMED_OPTION_SET:
		tr_line("  ext %s %s name=%s index=%d value=%s len=%d",
			ext->name, reason == LWS_EXT_CB_OPTION_SET ?
			"OPTION_SET" : "NAMED_OPTION_SET",
			o->option_name ? o->option_name : "NULL",
			o->option_index, o->start ? o->start : "NULL", o->len);
		return !strcmp(ext->name, "x-picky");
	case LWS_EXT_CB_PAYLOAD_RX:
	case LWS_EXT_CB_PAYLOAD_TX:
		show_tokens(text[0], sizeof(text[0]), &b->in);
		show_tokens(text[1], sizeof(text[1]), &b->out);
		tr_line("  ext %s %s in=%s out=%s len=%d", ext->name,
			reason == LWS_EXT_CB_PAYLOAD_RX ? "PAYLOAD_RX" :
			"PAYLOAD_TX", text[0], text[1], (int)len);
		return payload(ext->name, user, b,
			       reason == LWS_EXT_CB_PAYLOAD_TX);
	case LWS_EXT_CB_PACKET_TX_PRESEND:
		show_tokens(text[0], sizeof(text[0]), t);
		tr_line("  ext %s PACKET_TX_PRESEND %s", ext->name, text[0]);
		if (!strcmp(ext->name, "x-frame"))
			longer(user, t);
		return strcmp(ext->name, "x-stop") ? 0 : -1;
	default:
		tr_line("  ext %s reason %d", ext->name, (int)reason);
		return 0;
	}
}

/* the built-in one with the program's callback around it */
static int calls;

static int
wrap_cb(struct lws_context *context, const struct lws_extension *ext,
	struct lws *wsi, enum lws_extension_callback_reasons reason,
	void *user, void *in, size_t len)
{
	calls++;
	return lws_extension_callback_pm_deflate(context, ext, wsi, reason,
						 user, in, len);
}

#define MINE(x) { x, { "x-" x, ext_cb, "x-" x } }
static const struct {
	const char *word;
	struct lws_extension ext;
} known[] = {
	{ "pmd", { "permessage-deflate", lws_extension_callback_pm_deflate,
		   "permessage-deflate; client_max_window_bits" } },
	{ "wrap", { "permessage-deflate", wrap_cb, "permessage-deflate" } },
	MINE("trace"), MINE("xor"), MINE("own"), MINE("parts"), MINE("drop"),
	MINE("fail"), MINE("frame"), MINE("stop"), MINE("refuse"),
	MINE("picky"),
};

/* ext=NAME[,NAME]...: the array for the vhost, which ends with zeros */
const struct lws_extension *
ext_list(const char *words)
{
	struct lws_extension *all = calloc(COUNT(known) * 2 + 1,
					   sizeof(*all));
	size_t count = 0;

	while (*words && count < COUNT(known) * 2) {
		size_t len = strcspn(words, ","), n;

		for (n = 0; n < COUNT(known); n++)
			if (!strncmp(known[n].word, words, len) &&
			    !known[n].word[len])
				break;
		if (n == COUNT(known)) {
			fprintf(stderr, "srv: no extension %s\n", words);
			exit(2);
		}
		all[count++] = known[n].ext;
		words += len + (words[len] == ',');
	}
	return all;
}

/* extopt:EXTENSION:OPTION:VALUE */
static void
do_extopt(struct call *c, char *args)
{
	const char *ext = arg(&args), *opt = arg(&args);

	tr_line("  set_extension_option(%s,%s,%s)=%d", ext, opt, args,
		lws_set_extension_option(c->wsi, ext, opt, args));
}

/* state: what can be asked about writing */
static void
do_state(struct call *c, char *args)
{
	(void)args;
	tr_line("  choked:%d partial:%d allowance:%lld",
		lws_send_pipe_choked(c->wsi), lws_partial_buffered(c->wsi),
		(long long)lws_get_peer_write_allowance(c->wsi));
}

/* wrapped: was the program's callback asked? */
static void
do_wrapped(struct call *c, char *args)
{
	(void)c; (void)args;
	tr_line("  wrapped: %s", calls ? "yes" : "no");
}

/* rsv: the reserved bits of what is being received */
static void
do_rsv(struct call *c, char *args)
{
	(void)args;
	tr_line("  rsv=%x remaining=%zu", lws_get_reserved_bits(c->wsi),
		lws_remaining_packet_payload(c->wsi));
}

const struct action ext_actions[] = {
	{ "extopt", do_extopt }, { "state", do_state }, { "rsv", do_rsv },
	{ "wrapped", do_wrapped },
	{ NULL, NULL }
};
