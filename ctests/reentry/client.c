/*
 * Deeds in every callback of outgoing connections: requests with and without
 * a body, a redirect, a websocket, a refused one. The server is a vhost of
 * the same context. Each time: no callback on a connection that is gone, its
 * failure or its end told at most once, WSI_DESTROY exactly once.
 * ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "peer.h"

#define MAX_SEEN 256

static struct lws_context *cx;
static struct lws_vhost *home;
static struct lws *victim;
static struct {
	const struct lws *wsi;
	int alive, told;
} seen[MAX_SEEN];
static int seen_count, at_reason, at_nth, hits, port, nested, extra;
static int seen_before;

struct deed {
	const char *name;
	int (*run)(struct lws *wsi);	/* what the callback returns */
	int nests;			/* it comes from outside, and the
					   callbacks of the end nest;
					   2: of a request in line */
};
static const struct deed *deed;

static void
fail(const char *what, int reason)
{
	printf("! %s in %s #%d: %s at %s\n", deed->name,
	       reason_name(at_reason), at_nth, what, reason_name(reason));
	fflush(stdout);
	_exit(1);
}

static int
find(const struct lws *wsi)
{
	for (int n = 0; n < seen_count; n++)
		if (seen[n].wsi == wsi)
			return n;
	return -1;
}

static struct lws *
connect_to(const char *method, const char *path, int to, int flags)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.vhost = home;
	i.address = i.host = i.origin = "127.0.0.1";
	i.port = to;
	i.path = path;
	i.method = method;
	i.protocol = method ? NULL : "s1";
	i.local_protocol_name = "client";
	i.ssl_connection = flags;
	return lws_client_connect_via_info(&i);
}

static int
kill_sync(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}

static int
kill_and_fail(struct lws *wsi)
{
	return kill_sync(wsi) - 1;
}

static int
kill_and_go_on(struct lws *wsi)
{
	char room[LWS_PRE + 64] = { 0 }, *p = room + LWS_PRE;
	int n = 16;

	kill_sync(wsi);
	lws_write(wsi, (unsigned char *)p, 8, LWS_WRITE_TEXT);
	lws_http_client_read(wsi, &p, &n);
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);
	return kill_sync(wsi);
}

static int
kill_async(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	return 0;
}

static int
kill_async_and_fail(struct lws *wsi)
{
	return kill_async(wsi) - 1;
}

static int
destroy(struct lws *wsi)
{
	(void)wsi;
	lws_context_destroy(cx);
	return 0;
}

static int
destroy_and_fail(struct lws *wsi)
{
	return destroy(wsi) - 1;
}

static int
vhost_destroy(struct lws *wsi)
{
	(void)wsi;
	lws_vhost_destroy(home);
	home = NULL;
	return 0;
}

static int
nest(struct lws *wsi)
{
	lws_callback_on_writable(wsi);
	if (!nested++)
		for (int n = 0; n < 8 && cx; n++)
			lws_service(cx, -1);
	nested--;
	return 0;
}

static int
nest_and_fail(struct lws *wsi)
{
	return nest(wsi) - 1;
}

static int
connect_another(struct lws *wsi)
{
	(void)wsi;
	if (extra++ < 2)
		connect_to("GET", "/", port, LCCSCF_PIPELINE);
	return 0;
}

static int
remember(struct lws *wsi)
{
	victim = wsi;
	return 0;
}

static const struct deed deeds[] = {
	{ "nothing, return -1", NULL, 0 },
	{ "kill sync", kill_sync, 0 },
	{ "kill sync, return -1", kill_and_fail, 0 },
	{ "kill sync, go on", kill_and_go_on, 0 },
	{ "kill async, return -1", kill_async_and_fail, 0 },
	{ "destroy", destroy, 0 },
	{ "destroy, return -1", destroy_and_fail, 0 },
	{ "vhost destroy", vhost_destroy, 0 },
	{ "nest", nest, 0 },
	{ "nest, return -1", nest_and_fail, 0 },
	{ "connect another", connect_another, 0 },
	{ "kill async from outside, nest at the end", remember, 1 },
	{ "kill async of the next in line, nest at the end", remember, 2 },
};

static int
ordinary(struct lws *wsi, int reason, void *in, size_t len)
{
	char room[LWS_PRE + 512], *p = room + LWS_PRE;
	unsigned char **head = in;
	int n = 512;

	memcpy(p, "hello", 5);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		if (!lws_get_opaque_user_data(wsi))
			return 0;
		lws_client_http_body_pending(wsi, 1);
		lws_callback_on_writable(wsi);
		return lws_add_http_header_by_token(wsi,
				WSI_TOKEN_HTTP_CONTENT_LENGTH,
				(unsigned char *)"5", 1, head,
				*head + len) ? -1 : 0;
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		lws_client_http_body_pending(wsi, 0);
		return lws_write(wsi, (unsigned char *)p, 5,
				 LWS_WRITE_HTTP_FINAL) == 5 ? 0 : -1;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return lws_write(wsi, (unsigned char *)p, 5,
				 LWS_WRITE_TEXT) < 5 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		return deed->nests == 2 ? 0 : -1;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	default:
		return 0;
	}
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user,
       void *in, size_t len)
{
	int at = find(wsi), ret = 0;

	(void)user;
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_PROTOCOL_INIT ||
	    reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED ||
	    (reason >= LWS_CALLBACK_ADD_POLL_FD &&
	     reason <= LWS_CALLBACK_UNLOCK_POLL))
		return 0;
	pump_events++;
	if (at < 0) {
		if (seen_count == MAX_SEEN)
			fail("too many connections", (int)reason);
		at = seen_count++;
		seen[at].wsi = wsi;
		seen[at].alive = 1;
		seen[at].told = 0;
	}
	if (!seen[at].alive)
		fail("callback on a dead connection", (int)reason);
	if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR ||
	    reason == LWS_CALLBACK_CLOSED_CLIENT_HTTP ||
	    reason == LWS_CALLBACK_CLIENT_CLOSED) {
		if (seen[at].told++)
			fail("its end is told twice", (int)reason);
		if (deed->nests)
			nest(wsi);
	} else if (seen[at].told && reason != LWS_CALLBACK_WSI_DESTROY &&
		   reason != LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL &&
		   reason != LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL)
		fail("callback after its end", (int)reason);
	if ((int)reason == at_reason && ++hits == at_nth) {
		ret = deed->run ? deed->run(wsi) : -1;
		if (ret || !seen[at].alive) {
			if (reason == LWS_CALLBACK_WSI_DESTROY)
				seen[at].alive = 0;
			return ret;
		}
	}
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		seen[at].alive = 0;
		return 0;
	}
	return ordinary(wsi, (int)reason, in, len);
}

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user,
       void *in, size_t len)
{
	unsigned char b[LWS_PRE + 512], *p = b + LWS_PRE;

	if (reason != LWS_CALLBACK_GET_THREAD_ID &&
	    reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		pump_events++;
	memcpy(b + LWS_PRE, "server", 6);
	switch (reason) {
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (lws_return_http_status(wsi, 200, "posted"))
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP:
		if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
			return 0;
		if (!strcmp(in, "/moved") &&
		    lws_http_redirect(wsi, 302, (unsigned char *)"/", 1, &p,
				      b + sizeof(b)) < 0)
			return -1;
		if (strcmp(in, "/moved") &&
		    lws_return_http_status(wsi, 200, "hello"))
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_RECEIVE:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		lws_write(wsi, b + LWS_PRE, 6, LWS_WRITE_PING);
		return lws_write(wsi, b + LWS_PRE, 6, LWS_WRITE_TEXT) < 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols clients[] = {
	{ "client", client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_protocols servers[] = {
	{ "s0", server, 0, 0, 0, NULL, 0 },
	{ "s1", server, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
is_through(void)
{
	for (int n = 0; n < seen_count; n++)
		if (seen[n].alive)
			return 0;
	return seen_count > seen_before;
}

/* one of the requests, until all connections are gone */
static void
one(const char *method, const char *path, int to, int has_body)
{
	struct lws_client_connect_info i;

	if (!cx || !home)
		return;
	seen_before = seen_count;
	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.vhost = home;
	i.address = i.host = i.origin = "127.0.0.1";
	i.port = to;
	i.path = path;
	i.method = method;
	i.protocol = method ? NULL : "s1";
	i.local_protocol_name = "client";
	if (deed->nests == 2)
		i.ssl_connection = LCCSCF_PIPELINE;
	i.opaque_user_data = has_body ? &cx : NULL;
	victim = NULL;
	if (!lws_client_connect_via_info(&i))
		return;
	for (int n = 0; deed->nests && n < 50 && !victim; n++)
		lws_service(cx, -1);
	if (victim && deed->nests == 2)
		victim = connect_to("GET", "/", port, LCCSCF_PIPELINE);
	if (victim && !seen[find(victim)].told)
		kill_async(victim);
	if (cx && hits < at_nth)
		pump_until(&cx, is_through, 3000);
	if (cx)
		pump(&cx, 6);
}

static void
cell(const struct deed *d, int reason, int nth)
{
	struct lws_context_creation_info i;
	struct lws_vhost *web;

	deed = d;
	at_reason = reason;
	at_nth = nth;
	seen_count = hits = extra = nested = 0;
	memset(&i, 0, sizeof(i));
	i.gid = i.uid = -1;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	i.vhost_name = "web";
	i.protocols = servers;
	web = lws_create_vhost(cx, &i);
	CHECK(web);
	port = lws_get_vhost_listen_port(web);
	i.vhost_name = "home";
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = clients;
	home = lws_create_vhost(cx, &i);
	CHECK(home);
	pump(&cx, 3);
	one("GET", "/", port, 0);
	one("POST", "/", port, 1);
	one(NULL, "/", port, 0);
	one("GET", "/moved", port, 0);
	one("GET", "/", 1, 0);
	if (cx)
		lws_context_destroy(cx);
	if (cx)
		fail("context pointer still set", reason);
	for (int n = 0; n < seen_count; n++)
		if (seen[n].alive)
			fail("never destroyed", LWS_CALLBACK_WSI_DESTROY);
	if (hits < nth)
		return;
	printf("%s in %s #%d\n", d->name, reason_name(reason), nth);
	fflush(stdout);
}

static const int reasons[] = {
	LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL, LWS_CALLBACK_WSI_CREATE,
	LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER,
	LWS_CALLBACK_CLIENT_HTTP_WRITEABLE,
	LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH,
	LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP,
	LWS_CALLBACK_RECEIVE_CLIENT_HTTP,
	LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ,
	LWS_CALLBACK_COMPLETED_CLIENT_HTTP, LWS_CALLBACK_CLIENT_HTTP_REDIRECT,
	LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL,
	LWS_CALLBACK_CLOSED_CLIENT_HTTP, LWS_CALLBACK_CLIENT_ESTABLISHED,
	LWS_CALLBACK_CLIENT_WRITEABLE, LWS_CALLBACK_CLIENT_RECEIVE,
	LWS_CALLBACK_WS_CLIENT_BIND_PROTOCOL,
	LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL, LWS_CALLBACK_CLIENT_CLOSED,
	LWS_CALLBACK_CLIENT_CONNECTION_ERROR, LWS_CALLBACK_WSI_DESTROY,
};

int
main(void)
{
	alarm(600);
	lws_set_log_level(0, NULL);
	for (size_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++)
		for (size_t n = 0; n < sizeof(reasons) / sizeof(reasons[0]);
		     n++)
			for (int nth = 1; nth < 3; nth++)
				if (!deeds[d].nests || reasons[n] ==
				    LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER)
					cell(&deeds[d], reasons[n], nth);
	return 0;
}
