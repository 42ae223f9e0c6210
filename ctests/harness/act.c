/*
 * Actions: what a rule makes the server do inside a callback, or the driver
 * from outside. An action is NAME or NAME:ARGUMENT:...; a list is joined by
 * ';'. The table at the end is the whole language. What a call returned goes
 * into the trace.
 */
#include "srv.h"
#include "act.h"

/* some calls are there for old programs only, and old programs call them */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static unsigned char big[LWS_PRE + (16 << 20)];

/* what an echo rule took in and has not yet sent again */
struct held {
	struct held *next;
	struct lws *wsi;
	int flags;
	size_t len;
	unsigned char data[];
};
static struct held *held_list;

/* the next ':'-separated argument, "" when there is none */
char *
arg(char **rest)
{
	char *start = *rest, *colon = strchr(start, ':');

	if (colon) {
		*colon = '\0';
		*rest = colon + 1;
	} else
		*rest = start + strlen(start);
	return start;
}

static int
write_kind(const char *kind)
{
	static const struct named kinds[] = {
		{ LWS_WRITE_TEXT, "text" }, { LWS_WRITE_BINARY, "bin" },
		{ LWS_WRITE_CONTINUATION, "cont" }, { LWS_WRITE_HTTP, "http" },
		{ LWS_WRITE_HTTP_FINAL, "final" }, { LWS_WRITE_PING, "ping" },
		{ LWS_WRITE_PONG, "pong" }, { LWS_WRITE_RAW, "raw" },
		{ LWS_WRITE_TEXT | LWS_WRITE_NO_FIN, "text-" },
		{ LWS_WRITE_BINARY | LWS_WRITE_NO_FIN, "bin-" },
		{ LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN, "cont-" },
	};

	for (size_t n = 0; n < COUNT(kinds); n++)
		if (!strcmp(kinds[n].name, kind))
			return kinds[n].value;
	return LWS_WRITE_TEXT;
}

/* write:KIND:LEN[:x] writes LEN times 'a' (or x) */
static void
do_write(struct call *c, char *args)
{
	const char *kind = arg(&args);
	size_t len = (size_t)strtoul(arg(&args), NULL, 0);
	int n;

	memset(big + LWS_PRE, *args ? *args : 'a', len);
	n = lws_write(c->wsi, big + LWS_PRE, len,
		      (enum lws_write_protocol)write_kind(kind));
	tr_line("  lws_write(%s,%zu)=%d choked=%d partial=%d", kind, len, n,
		lws_send_pipe_choked(c->wsi), lws_partial_buffered(c->wsi));
	if (n < 0)
		c->ret = -1;
}

/* say:KIND:TEXT writes the text */
static void
do_say(struct call *c, char *args)
{
	const char *kind = arg(&args);
	size_t len = strlen(args);
	int n;

	memcpy(big + LWS_PRE, args, len);
	n = lws_write(c->wsi, big + LWS_PRE, len,
		      (enum lws_write_protocol)write_kind(kind));
	tr_line("  lws_write(%s,\"%s\")=%d", kind, args, n);
	if (n < 0)
		c->ret = -1;
}

/* echo keeps what came in, flush sends the oldest piece of it */
static void
do_echo(struct call *c, char *args)
{
	struct held **p = &held_list, *h = malloc(sizeof(*h) + LWS_PRE +
						  c->len);

	(void)args;
	if (!h)
		return;
	h->next = NULL;
	h->wsi = c->wsi;
	h->len = c->len;
	h->flags = LWS_WRITE_RAW;
	if (c->reason == LWS_CALLBACK_RECEIVE)
		h->flags = lws_write_ws_flags(lws_frame_is_binary(c->wsi) ?
				LWS_WRITE_BINARY : LWS_WRITE_TEXT,
				lws_is_first_fragment(c->wsi),
				lws_is_final_fragment(c->wsi));
	memcpy(h->data + LWS_PRE, c->in, c->len);
	while (*p)
		p = &(*p)->next;
	*p = h;
	lws_callback_on_writable(c->wsi);
}

static void
do_flush(struct call *c, char *args)
{
	struct held **p = &held_list, *h;
	int n;

	(void)args;
	while (*p && (*p)->wsi != c->wsi)
		p = &(*p)->next;
	h = *p;
	if (!h)
		return;
	*p = h->next;
	n = lws_write(c->wsi, h->data + LWS_PRE, h->len,
		      (enum lws_write_protocol)h->flags);
	tr_line("  echo len=%zu flags=%d ret=%d", h->len, h->flags, n);
	free(h);
	if (n < 0)
		c->ret = -1;
	for (h = held_list; h; h = h->next)
		if (h->wsi == c->wsi) {
			lws_callback_on_writable(c->wsi);
			break;
		}
}

void
act_forget(const struct lws *wsi)
{
	struct held **p = &held_list;

	while (*p) {
		struct held *h = *p;

		if (h->wsi == wsi) {
			*p = h->next;
			free(h);
		} else
			p = &h->next;
	}
}

static void
do_ret(struct call *c, char *args)
{
	c->ret = atoi(args);
	c->stop = 1;
	tr_line("  -> %d", c->ret);
}

static void
do_stop(struct call *c, char *args)
{
	(void)args;
	c->stop = 1;
}

static void
do_note(struct call *c, char *args)
{
	(void)c;
	tr_line("  %s", args);
}

static struct lws_protocols *
proto_named(const char *name)
{
	for (struct lws_protocols *p = protos; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return protos;
}

/* the library's own copy of a protocol, as most programs get it */
static const struct lws_protocols *
proto_of_vhost(struct lws_vhost *vh, const char *name)
{
	return lws_vhost_name_to_protocol(vh, name);
}

static struct lws_vhost *
some_vhost(struct call *c)
{
	struct lws_vhost *vh = c->wsi ? lws_get_vhost(c->wsi) : NULL;

	return vh ? vh : lws_get_vhost_by_name(cx, "default");
}

static void
do_writable(struct call *c, char *args)
{
	(void)args;
	lws_callback_on_writable(c->wsi);
}

static void
do_writable_all(struct call *c, char *args)
{
	int n = lws_callback_on_writable_all_protocol(cx,
				proto_of_vhost(some_vhost(c), args));

	tr_line("  lws_callback_on_writable_all_protocol=%d", n);
}

/* with the program's own array, which the vhost has copied */
static void
do_writable_own(struct call *c, char *args)
{
	int n = lws_callback_on_writable_all_protocol(cx, proto_named(args));

	tr_line("  lws_callback_on_writable_all_protocol(own)=%d", n);
	n = lws_callback_all_protocol(cx, proto_named(args),
				      LWS_CALLBACK_USER);
	tr_line("  lws_callback_all_protocol(own)=%d", n);
	n = lws_callback_all_protocol_vhost(some_vhost(c), proto_named(args),
					    LWS_CALLBACK_USER);
	tr_line("  lws_callback_all_protocol_vhost(own)=%d", n);
	lws_rx_flow_allow_all_protocol(cx, proto_named(args));
}

static void
do_writable_vhost(struct call *c, char *args)
{
	struct lws_vhost *vh = some_vhost(c);
	int n = lws_callback_on_writable_all_protocol_vhost(vh,
				proto_of_vhost(vh, args));

	tr_line("  lws_callback_on_writable_all_protocol_vhost=%d", n);
}

static void
do_all(struct call *c, char *args)
{
	const char *proto = arg(&args);
	int n = lws_callback_all_protocol(cx,
					  proto_of_vhost(some_vhost(c), proto),
					  reason_value(args));

	tr_line("  lws_callback_all_protocol=%d", n);
}

static void
do_all_vhost(struct call *c, char *args)
{
	const char *proto = arg(&args), *reason = arg(&args);
	struct lws_vhost *vh = some_vhost(c);
	int n;

	if (*args)
		n = lws_callback_all_protocol_vhost_args(vh,
				proto_of_vhost(vh, proto),
				reason_value(reason), args, strlen(args));
	else
		n = lws_callback_all_protocol_vhost(vh,
				proto_of_vhost(vh, proto),
				reason_value(reason));
	tr_line("  lws_callback_all_protocol_vhost=%d", n);
}

static void
do_protocols(struct call *c, char *args)
{
	const char *reason = arg(&args);
	int n = lws_callback_vhost_protocols_vhost(some_vhost(c),
			reason_value(reason), args, strlen(args));

	tr_line("  lws_callback_vhost_protocols_vhost=%d", n);
}

static void
do_close_reason(struct call *c, char *args)
{
	int code = atoi(arg(&args));

	lws_close_reason(c->wsi, (enum lws_close_status)code,
			 (unsigned char *)args, strlen(args));
	tr_line("  lws_close_reason(%d,\"%s\")", code, args);
}

static void
do_close_payload(struct call *c, char *args)
{
	(void)args;
	tr_line("  close payload %s",
		tr_text(lws_get_close_payload(c->wsi),
			(size_t)lws_get_close_length(c->wsi)));
}

static void
do_rxflow(struct call *c, char *args)
{
	tr_line("  lws_rx_flow_control(%s)=%d", args,
		lws_rx_flow_control(c->wsi, atoi(args)));
}

static void
do_rxflow_all(struct call *c, char *args)
{
	lws_rx_flow_allow_all_protocol(cx, proto_of_vhost(some_vhost(c),
							  args));
	tr_line("  lws_rx_flow_allow_all_protocol");
}

static void
do_timer(struct call *c, char *args)
{
	lws_set_timer_usecs(c->wsi, atol(args));
}

/* timeout:SECS, timeout:sync, timeout:async */
static void
do_timeout(struct call *c, char *args)
{
	int secs = !strcmp(args, "sync") ? LWS_TO_KILL_SYNC :
		   !strcmp(args, "async") ? LWS_TO_KILL_ASYNC : atoi(args);
	struct lws *wsi = c->wsi;

	tr_line("  lws_set_timeout(%s)", args);
	lws_set_timeout(wsi, secs ? PENDING_TIMEOUT_USER_OK :
				    NO_PENDING_TIMEOUT, secs);
	tr_line("  lws_set_timeout done");
}

static void
do_valid(struct call *c, char *args)
{
	(void)args;
	lws_validity_confirmed(c->wsi);
}

static void
do_cancel(struct call *c, char *args)
{
	(void)c;
	(void)args;
	lws_cancel_service(cx);
}

static void
do_destroy(struct call *c, char *args)
{
	(void)c;
	(void)args;
	tr_line("  lws_context_destroy");
	lws_context_destroy(cx);
	tr_line("  lws_context_destroy returned, context %s",
		cx ? "there" : "NULL");
}

static void
do_vhost_destroy(struct call *c, char *args)
{
	struct lws_vhost *vh = lws_get_vhost_by_name(cx, args);

	(void)c;
	tr_line("  lws_vhost_destroy(%s)", vh ? args : "none");
	if (vh)
		lws_vhost_destroy(vh);
	tr_line("  lws_vhost_destroy returned");
}

/* at:w2:ACTION does it to another connection */
static void
do_at(struct call *c, char *args)
{
	const char *who = arg(&args);
	struct call other = { c->label, tr_wsi_by_name(who), -1, NULL, NULL,
			      0, 0, 0 };

	if (other.wsi)
		act_list(&other, args);
	else
		tr_line("  ! no connection %s", who);
}

static lws_sorted_usec_list_t suls[8];

static void
sul_cb(lws_sorted_usec_list_t *sul)
{
	tr_line("sul %d fired", (int)(sul - suls));
}

/* sul:N:USEC, sul:N:cancel */
static void
do_sul(struct call *c, char *args)
{
	int n = atoi(arg(&args)) & 7;

	(void)c;
	if (!strcmp(args, "cancel"))
		lws_sul_cancel(&suls[n]);
	else
		lws_sul_schedule(cx, 0, &suls[n], sul_cb, atol(args));
}

static void
do_protocol_name(struct call *c, char *args)
{
	const struct lws_protocols *p = lws_protocol_get(c->wsi);

	tr_line("  named %s id=%u", p ? p->name : "-",
		proto_named(args)->id);
}

static const struct action table[] = {
	{ "ret", do_ret }, { "stop", do_stop }, { "note", do_note },
	{ "write", do_write }, { "say", do_say }, { "echo", do_echo },
	{ "flush", do_flush }, { "writable", do_writable },
	{ "writable_all", do_writable_all },
	{ "writable_own", do_writable_own },
	{ "writable_vhost", do_writable_vhost }, { "all", do_all },
	{ "all_vhost", do_all_vhost }, { "protocols", do_protocols },
	{ "close_reason", do_close_reason },
	{ "close_payload", do_close_payload }, { "rxflow", do_rxflow },
	{ "rxflow_all", do_rxflow_all }, { "timer", do_timer },
	{ "timeout", do_timeout }, { "valid", do_valid }, { "cancel", do_cancel },
	{ "destroy", do_destroy }, { "vhost_destroy", do_vhost_destroy },
	{ "at", do_at }, { "sul", do_sul }, { "protocol", do_protocol_name },
	{ NULL, NULL }
};

static int
act_one(struct call *c, const struct action *t, const char *name, char *args)
{
	for (; t->name; t++)
		if (!strcmp(t->name, name)) {
			t->run(c, args);
			return 1;
		}
	return 0;
}

void
act_list(struct call *c, const char *acts)
{
	char copy[2048], *rest = copy, *one;

	snprintf(copy, sizeof(copy), "%s", acts);
	while (rest && *rest && !c->stop) {
		char *args, *name;

		one = rest;
		rest = strchr(one, ';');
		if (rest)
			*rest++ = '\0';
		args = one;
		name = arg(&args);
		if (!act_one(c, table, name, args) &&
		    !act_one(c, http_actions, name, args) &&
		    !act_one(c, ext_actions, name, args))
			tr_line("  ! no action %s", name);
		if (!cx)
			break;
	}
}
