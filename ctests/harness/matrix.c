/* Deeds in every callback: see reentry/matrix.h. */
#include "../reentry/matrix.h"

#define MAX_SEEN 512

struct lws_context *cx;
struct lws *other;
struct lws_vhost *web;

static struct {
	const struct lws *wsi;
	int alive;
} seen[MAX_SEEN];
static int seen_count, at_reason, at_nth, hits, inits, destroys, running;
static const struct deed *deed;
static struct lws *want_other;
static const struct lws *listeners[4];

int
is_alive(const struct lws *wsi)
{
	for (int n = 0; n < seen_count; n++)
		if (seen[n].wsi == wsi && seen[n].alive)
			return 1;
	return 0;
}

static void
fail(const char *what, int reason)
{
	printf("! %s in %s #%d: %s at %s\n", deed->name,
	       reason_name(at_reason), at_nth, what, reason_name(reason));
	fflush(stdout);
	_exit(1);
}

static void
born(const struct lws *wsi)
{
	if (is_alive(wsi))
		fail("created twice", LWS_CALLBACK_WSI_CREATE);
	if (seen_count == MAX_SEEN)
		fail("too many connections", LWS_CALLBACK_WSI_CREATE);
	seen[seen_count].wsi = wsi;
	seen[seen_count++].alive = 1;
}

static void
dead(const struct lws *wsi)
{
	for (int n = 0; n < seen_count; n++)
		if (seen[n].wsi == wsi && seen[n].alive) {
			seen[n].alive = 0;
			return;
		}
	/* a listener has no WSI_CREATE; anybody else must have had one */
	for (int n = 0; n < seen_count; n++)
		if (seen[n].wsi == wsi)
			fail("destroyed twice", LWS_CALLBACK_WSI_DESTROY);
}

/* a listener has no WSI_CREATE, but its timer may be set */
static int
is_listener(const struct lws *wsi)
{
	for (size_t n = 0; n < COUNT(listeners); n++)
		if (listeners[n] == wsi)
			return 1;
	return 0;
}

static void
heard_listener(const struct lws *wsi)
{
	for (size_t n = 0; n < COUNT(listeners) && !is_listener(wsi); n++)
		if (!listeners[n])
			listeners[n] = wsi;
}

int
is_broadcast(int reason)
{
	return reason == LWS_CALLBACK_PROTOCOL_INIT ||
	       reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	       reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED;
}

static int
on_a_connection(int reason)
{
	return !is_broadcast(reason) &&
	       reason != LWS_CALLBACK_GET_THREAD_ID &&
	       reason != LWS_CALLBACK_FILTER_NETWORK_CONNECTION &&
	       (reason < LWS_CALLBACK_ADD_POLL_FD ||
		reason > LWS_CALLBACK_UNLOCK_POLL);
}

static void
account(struct lws *wsi, int reason)
{
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		inits++;
	else if (reason == LWS_CALLBACK_PROTOCOL_DESTROY)
		destroys++;
	else if (reason == LWS_CALLBACK_WSI_CREATE)
		born(wsi);
	else if (reason == LWS_CALLBACK_WSI_DESTROY)
		;	/* accounted after the deed */
	else if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
		heard_listener(wsi);
	else if (on_a_connection(reason) && !is_alive(wsi) &&
		 !is_listener(wsi))
		fail("callback on a dead connection", reason);
	if (reason == LWS_CALLBACK_ESTABLISHED && !other)
		want_other = other = wsi;
}

static int
answer(struct lws *wsi)
{
	unsigned char b[LWS_PRE + 512], *p = b + LWS_PRE;

	if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
		return 0;
	if (lws_add_http_common_headers(wsi, 200, "text/plain", 5, &p,
					b + sizeof(b)) ||
	    lws_finalize_write_http_header(wsi, b + LWS_PRE, &p,
					   b + sizeof(b)))
		return 1;
	lws_callback_on_writable(wsi);
	return 0;
}

/* what an ordinary program does in that callback */
static int
ordinary(struct lws *wsi, int reason, void *user, void *in, size_t len)
{
	unsigned char b[LWS_PRE + 16];

	memcpy(b + LWS_PRE, "hello", 5);
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (strcmp(in, "/hello") && *(const char *)in)
			break;
		return answer(wsi);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (lws_write(wsi, b + LWS_PRE, 5, LWS_WRITE_HTTP_FINAL) != 5)
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY:
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (lws_return_http_status(wsi, 200, "posted"))
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_ESTABLISHED:
		lws_set_timer_usecs(wsi, 1000);
		return 0;
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_RAW_RX:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return lws_write(wsi, b + LWS_PRE, 5, LWS_WRITE_TEXT) < 0;
	case LWS_CALLBACK_RAW_WRITEABLE:
		return lws_write(wsi, b + LWS_PRE, 5, LWS_WRITE_RAW) < 0;
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		return 1;
	case LWS_CALLBACK_TIMER:
		return 0;
	default:
		break;
	}
	return lws_callback_http_dummy(wsi, (enum lws_callback_reasons)reason,
				       user, in, len);
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	int ret = 0, done = 0;

	if (reason == LWS_CALLBACK_GET_THREAD_ID)
		return 0;
	pump_events += reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED;
	account(wsi, (int)reason);
	if ((int)reason == at_reason && ++hits == at_nth)
		done = deed->run(wsi, (int)reason, &ret);
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		dead(wsi);
		if (wsi == other)
			other = NULL;
		return 0;
	}
	if (done || (on_a_connection((int)reason) && !is_alive(wsi)))
		return ret;
	return ordinary(wsi, (int)reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 32, 0, 0, NULL, 0 },
	{ "p1", callback, 32, 0, 0, NULL, 0 },
	{ "p2", callback, 32, 0, 0, NULL, 0 },
	{ "p3", callback, 32, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount_cb = {
	.mountpoint = "/cb", .origin = "p2", .protocol = "p2",
	.origin_protocol = LWSMPRO_CALLBACK, .mountpoint_len = 3,
};
static const struct lws_http_mount mount_auth = {
	.mount_next = &mount_cb, .mountpoint = "/auth", .origin = "www",
	.origin_protocol = LWSMPRO_FILE, .mountpoint_len = 5,
	.auth_mask = LWSAUTHM_BASIC_AUTH_CALLBACK,
};
static const struct lws_protocol_vhost_options html = {
	NULL, NULL, ".html", "p2"
};
static const struct lws_http_mount mount_page = {
	.mount_next = &mount_auth, .mountpoint = "/page", .origin = "www",
	.origin_protocol = LWSMPRO_FILE, .mountpoint_len = 5,
	.interpret = &html,
};
static const struct lws_http_mount mount_files = {
	.mount_next = &mount_page, .mountpoint = "/", .origin = "www",
	.def = "index.html", .origin_protocol = LWSMPRO_FILE,
	.mountpoint_len = 1,
};

static int
create(int *port, int *raw_port)
{
	struct lws_context_creation_info i;
	struct lws_vhost *raw;

	memset(&i, 0, sizeof(i));
	i.gid = i.uid = -1;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	i.protocols = protocols;
	i.mounts = &mount_files;
	i.vhost_name = "web";
	web = lws_create_vhost(cx, &i);
	CHECK(web);
	*port = lws_get_vhost_listen_port(web);
	i.vhost_name = "raw";
	i.mounts = NULL;
	i.options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
	i.listen_accept_role = "raw-skt";
	i.listen_accept_protocol = "p3";
	raw = lws_create_vhost(cx, &i);
	CHECK(raw);
	*raw_port = lws_get_vhost_listen_port(raw);
	return 0;
}

static struct peer a, b, c, r;

static void
step(void)
{
	for (int rounds = 0; rounds < 50; rounds++) {
		unsigned long was = pump_events;
		size_t got;

		pump(&cx, 3);
		got = peer_read(&a) + peer_read(&b) + peer_read(&c) +
		      peer_read(&r);
		if (!got && was == pump_events)
			return;
	}
}

static int
timer_came(void)
{
	return hits > 0;
}

static void
exchange(int port, int raw_port)
{
	peer_open(&c, port);
	peer_upgrade(&c, "p1");
	step();
	peer_open(&a, port);
	peer_say(&a, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	step();
	peer_say(&a, "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n");
	step();
	peer_say(&a, "GET /big.txt HTTP/1.1\r\nHost: x\r\n\r\n");
	step();
	peer_say(&a, "GET /auth/a.css HTTP/1.1\r\nHost: x\r\n"
		     "Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
	step();
	peer_say(&a, "GET /page/index.html HTTP/1.1\r\nHost: x\r\n\r\n");
	step();
	peer_say(&a, "GET /cb HTTP/1.1\r\nHost: x\r\n\r\n");
	step();
	peer_say(&a, "POST /cb HTTP/1.1\r\nHost: x\r\n"
		     "Content-Length: 6\r\n\r\nabc");
	step();
	peer_say(&a, "def");
	step();
	peer_open(&b, port);
	peer_upgrade(&b, "p1");
	step();
	peer_frame(&b, 0x81, "hi", 2);
	step();
	peer_frame(&b, 0x01, "one", 3);
	peer_frame(&b, 0x89, "ping", 4);
	peer_frame(&b, 0x8a, "pong", 4);
	peer_frame(&b, 0x80, "two", 3);
	peer_frame(&b, 0x81, "three", 5);
	step();
	if (at_reason == LWS_CALLBACK_TIMER && cx)
		pump_until(&cx, timer_came, 500);
	if (cx)
		lws_cancel_service(cx);
	step();
	peer_open(&r, raw_port);
	peer_say(&r, "raw");
	step();
	peer_say(&r, "more");
	step();
	peer_close(&a);
	step();
	peer_frame(&b, 0x88, "\x03\xe8", 2);
	step();
	peer_close(&r);
	step();
}

static void
cell(const struct deed *d, int reason, int nth)
{
	int port = 0, raw_port = 0;

	deed = d;
	at_reason = reason;
	at_nth = nth;
	seen_count = hits = inits = destroys = 0;
	memset(listeners, 0, sizeof(listeners));
	other = NULL;
	running = 1;
	a.fd = b.fd = c.fd = r.fd = -1;
	create(&port, &raw_port);
	pump(&cx, 3);
	if (cx)
		exchange(port, raw_port);
	if (cx)
		lws_context_destroy(cx);
	if (cx)
		fail("context pointer still set", reason);
	peer_close(&a);
	peer_close(&b);
	peer_close(&c);
	peer_close(&r);
	for (int n = 0; n < seen_count; n++)
		if (seen[n].alive)
			fail("never destroyed", LWS_CALLBACK_WSI_DESTROY);
	if (inits != destroys)
		fail("protocols not destroyed as often as initialised",
		     LWS_CALLBACK_PROTOCOL_DESTROY);
	if (hits < nth)
		return;
	printf("%s in %s #%d\n", d->name, reason_name(reason), nth);
	fflush(stdout);
}

static const int reasons[] = {
	LWS_CALLBACK_PROTOCOL_INIT, LWS_CALLBACK_FILTER_NETWORK_CONNECTION,
	LWS_CALLBACK_WSI_CREATE, LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED,
	LWS_CALLBACK_FILTER_HTTP_CONNECTION, LWS_CALLBACK_HTTP_BIND_PROTOCOL,
	LWS_CALLBACK_HTTP_DROP_PROTOCOL, LWS_CALLBACK_CHECK_ACCESS_RIGHTS,
	LWS_CALLBACK_HTTP, LWS_CALLBACK_HTTP_BODY,
	LWS_CALLBACK_HTTP_BODY_COMPLETION, LWS_CALLBACK_HTTP_FILE_COMPLETION,
	LWS_CALLBACK_HTTP_WRITEABLE, LWS_CALLBACK_CLOSED_HTTP,
	LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION, LWS_CALLBACK_PROCESS_HTML,
	LWS_CALLBACK_HTTP_CONFIRM_UPGRADE,
	LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION, LWS_CALLBACK_ADD_HEADERS,
	LWS_CALLBACK_ESTABLISHED, LWS_CALLBACK_RECEIVE,
	LWS_CALLBACK_RECEIVE_PONG, LWS_CALLBACK_SERVER_WRITEABLE,
	LWS_CALLBACK_TIMER, LWS_CALLBACK_WS_PEER_INITIATED_CLOSE,
	LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL, LWS_CALLBACK_CLOSED,
	LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL, LWS_CALLBACK_RAW_ADOPT,
	LWS_CALLBACK_RAW_RX, LWS_CALLBACK_RAW_WRITEABLE,
	LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL, LWS_CALLBACK_RAW_CLOSE,
	LWS_CALLBACK_WSI_DESTROY, LWS_CALLBACK_EVENT_WAIT_CANCELLED,
	LWS_CALLBACK_PROTOCOL_DESTROY,
};

int
matrix_main(const struct deed *deeds, size_t count)
{
	alarm(600);
	lws_set_log_level(0, NULL);
	for (size_t d = 0; d < count; d++)
		for (size_t n = 0; n < COUNT(reasons); n++)
			for (int nth = 1; nth < 4; nth++)
				cell(&deeds[d], reasons[n], nth);
	return 0;
}
