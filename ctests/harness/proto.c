/*
 * The callbacks of the harness server. Each prints its trace line, runs the
 * rules that match, then falls back to the little that the protocol does by
 * itself: p0 and p2 answer /hello, GETs and POSTs, the others do nothing.
 */
#include "srv.h"

struct rule rules[MAX_RULES];
int rule_count, show_tid, show_cancel;

/* every rule counts, also those behind one that ends the callback */
static int
count_rule(struct rule *r, const struct call *c)
{
	if (r->reason != c->reason || (r->proto[0] &&
				       strcmp(r->proto, c->label)))
		return 0;
	if (r->in && (!c->in || strcmp(r->in, (const char *)c->in)))
		return 0;
	r->hits++;
	return !r->nth || r->nth == r->hits;
}

static void
respond(struct call *c, unsigned int code, const char *mime, size_t len)
{
	unsigned char b[LWS_PRE + 2048], *start = b + LWS_PRE, *p = start,
		      *end = b + sizeof(b);

	c->stop = 1;
	if (lws_add_http_common_headers(c->wsi, code, mime, len, &p, end) ||
	    lws_finalize_write_http_header(c->wsi, start, &p, end)) {
		c->ret = 1;
		return;
	}
	lws_callback_on_writable(c->wsi);
}

static void
http_builtin(struct call *c, int any_uri)
{
	unsigned char b[LWS_PRE + 16];
	const char *in = c->in;
	int n;

	switch (c->reason) {
	case LWS_CALLBACK_HTTP:
		if (!any_uri && strcmp(in, "/hello") &&
		    strncmp(in, "/post", 5))
			break;
		c->stop = 1;
		if (!lws_hdr_total_length(c->wsi, WSI_TOKEN_POST_URI))
			respond(c, 200, "text/plain", 5);
		return;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		memcpy(b + LWS_PRE, "hello", 5);
		n = lws_write(c->wsi, b + LWS_PRE, 5, LWS_WRITE_HTTP_FINAL);
		tr_line("  lws_write(5,HTTP_FINAL)=%d", n);
		if (n != 5 || lws_http_transaction_completed(c->wsi))
			c->ret = -1;
		return;
	case LWS_CALLBACK_HTTP_BODY:
		return;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		n = lws_return_http_status(c->wsi, 200, "posted");
		tr_line("  lws_return_http_status=%d", n);
		if (n < 0 || lws_http_transaction_completed(c->wsi))
			c->ret = -1;
		return;
	default:
		break;
	}
	c->ret = lws_callback_http_dummy(c->wsi,
					 (enum lws_callback_reasons)c->reason,
					 c->user, c->in, c->len);
}

void
builtin(struct call *c)
{
	if (!strcmp(c->label, "p0"))
		http_builtin(c, 0);
	else if (!strcmp(c->label, "p2"))
		http_builtin(c, 1);
}

static int
one_callback(const char *label, struct lws *wsi,
	     enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct call c = { label, wsi, (int)reason, user, in, len, 0, 0 };
	char now[MAX_RULES];

	if (reason == LWS_CALLBACK_GET_THREAD_ID && !show_tid)
		return 0;
	if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
		ctl_fd((int)(intptr_t)in);
	if (reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED || show_cancel)
		tr_callback(label, wsi, (int)reason, user, in, len);
	for (int n = 0; n < rule_count; n++)
		now[n] = (char)count_rule(&rules[n], &c);
	for (int n = 0; n < rule_count && !c.stop; n++)
		if (now[n])
			act_list(&c, rules[n].acts);
	if (!c.stop)
		builtin(&c);
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		ctl_ended((int)lws_get_socket_fd(wsi));
		act_forget(wsi);
	}
	return c.ret;
}

#define CALLBACK(n) \
static int \
cb_##n(struct lws *wsi, enum lws_callback_reasons reason, void *user, \
       void *in, size_t len) \
{ \
	return one_callback(#n, wsi, reason, user, in, len); \
}
CALLBACK(p0)
CALLBACK(p1)
CALLBACK(p2)
CALLBACK(p3)
CALLBACK(p4)

#define PSS 40
struct lws_protocols protos[] = {
	{ "p0", cb_p0, PSS, 0, 0, NULL, 0 },
	{ "p1", cb_p1, PSS, 0, 1, NULL, 0 },
	{ "p2", cb_p2, PSS, 0, 2, NULL, 0 },
	{ "p3", cb_p3, PSS, 0, 3, NULL, 0 },
	{ "p4", cb_p4, PSS, 0, 4, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
