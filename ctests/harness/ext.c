/*
 * WebSocket extensions of the server (ext=NAME, per vhost), and the actions
 * around them. An extension is one of the table below.
 */
#include "srv.h"
#include "act.h"

static const struct {
	const char *word;
	struct lws_extension ext;
} known[] = {
	{ "pmd", { "permessage-deflate", lws_extension_callback_pm_deflate,
		   "permessage-deflate; client_max_window_bits" } },
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
	tr_line("  choked=%d partial=%d allowance=%lld",
		lws_send_pipe_choked(c->wsi), lws_partial_buffered(c->wsi),
		(long long)lws_get_peer_write_allowance(c->wsi));
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
	{ NULL, NULL }
};
