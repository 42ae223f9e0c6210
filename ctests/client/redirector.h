/*
 * A client that is led on by the answers of a server in the same program:
 * one connection after the other, the answers of a case in turn. What it is
 * sent says PORT where the server's port is, and so does what is shown.
 */
#ifndef CTESTS_CLIENT_REDIRECTOR_H
#define CTESTS_CLIENT_REDIRECTOR_H

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static char port_text[8];
static int destroyed, body_len, with_credentials;
static const char *local = "c0";
static const char *reject;	/* name of a reason that returns nonzero */

struct led {
	const char *title;
	const char *method;	/* NULL: ws */
	int flags;
	int body;
	const char *answers[6];
};

/* `text` with every `from` as `to` */
static const char *
replaced(const char *text, const char *from, const char *to)
{
	static char room[4][8192];
	static int turn;
	char *out = room[turn++ & 3], *o = out;
	const char *hit;

	while ((hit = strstr(text, from))) {
		memcpy(o, text, (size_t)(hit - text));
		o += hit - text;
		strcpy(o, to);
		o += strlen(to);
		text = hit + strlen(from);
	}
	strcpy(o, text);
	return out;
}

static const char *
shown(const char *text)
{
	return replaced(text, port_text, "PORT");
}

static int
append(struct lws *wsi, unsigned char **p, size_t len)
{
	unsigned char *end = *p + len;
	char digits[16];
	int n = lws_snprintf(digits, sizeof(digits), "%d", body_len);

	tr_line("  now a GET: %d", lws_http_is_redirected_to_get(wsi));
	if (with_credentials &&
	    (lws_add_http_header_by_name(wsi, (unsigned char *)"cookie:",
					 (unsigned char *)"a=b", 3, p, end) ||
	     lws_add_http_header_by_name(wsi, (unsigned char *)"x-plain:",
					 (unsigned char *)"yes", 3, p, end) ||
	     lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
					  (unsigned char *)"Basic QTpC", 10, p,
					  end)))
		return -1;
	if (!body_len || lws_http_is_redirected_to_get(wsi))
		return 0;
	if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH,
					 (unsigned char *)digits, n, p, end))
		return -1;
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

static int
read_some(struct lws *wsi)
{
	static char buf[LWS_PRE + 1024];
	char *p = buf + LWS_PRE;
	int len = 1024;

	return lws_http_client_read(wsi, &p, &len) < 0 ? -1 : 0;
}

static int
write_body(struct lws *wsi)
{
	unsigned char b[LWS_PRE + 64];

	memset(b + LWS_PRE, 'b', sizeof(b) - LWS_PRE);
	tr_line("  lws_write=%d", lws_write(wsi, b + LWS_PRE, (size_t)body_len,
					    LWS_WRITE_HTTP_FINAL));
	lws_client_http_body_pending(wsi, 0);
	return 0;
}

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (reason == LWS_CALLBACK_CLIENT_HTTP_REDIRECT)
		tr_line("  to %s", shown(in));
	if (reject && !strcmp(reject, reason_name((int)reason))) {
		tr_line("  returns 1");
		return 1;
	}
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append(wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return write_body(wsi);
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  status %u", lws_http_client_http_response(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return read_some(wsi);
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

#include "protocols.h"

static void
setup(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.timeout_secs = 3;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	origin_open(&server);
	lws_snprintf(port_text, sizeof(port_text), "%d", server.port);
}

static struct lws *
connect_to(const char *method, int flags)
{
	struct lws_client_connect_info i;
	struct lws *wsi;

	memset(&i, 0, sizeof(i));
	destroyed = 0;
	i.context = cx;
	i.address = "127.0.0.1";
	i.port = server.port;
	i.path = "/dir/page?y=z";
	i.host = "127.0.0.1";
	i.origin = "origin.example";
	i.method = method;
	i.local_protocol_name = local;
	i.ssl_connection = flags;
	wsi = lws_client_connect_via_info(&i);
	CHECK(wsi);
	return wsi;
}

/* a whole request has come: its head, and the body that it announces */
static int
is_whole(void)
{
	const char *end = strstr(server.got, "\r\n\r\n"), *length;

	if (!end)
		return 0;
	length = strstr(server.got, "content-length: ");
	return !length || server.len - (size_t)(end + 4 - server.got) >=
		(size_t)atoi(length + 16);
}

/* the key of a ws handshake is another one each time */
static void
hide_key(void)
{
	char *key = strstr(server.got, "Sec-WebSocket-Key: ");

	if (key)
		memset(key + 19, 'k', 24);
}

/* answers in turn until the client is gone */
static void
lead(const char *const *answers)
{
	time_t start = time(NULL);
	const char *text;

	while (!destroyed && time(NULL) - start < 10) {
		lws_service(cx, -1);
		if (!origin_accept(&server))
			continue;
		origin_read(&server);
		if (server.eof) {
			origin_drop(&server);
			continue;
		}
		if (!*answers || !is_whole())
			continue;
		hide_key();
		text = shown(server.got);
		tr_line("-- server got %s", tr_text(text, strlen(text)));
		text = replaced(*answers++, "PORT", port_text);
		origin_send(&server, text, strlen(text));
		if (!*answers)
			origin_drop(&server);
		server.len = 0;
		server.got[0] = '\0';
	}
	CHECK(destroyed);
	origin_drop(&server);
}

static void
follow(const struct led *l)
{
	tr_line("# %s: %s%s%s", l->method ? l->method : "ws", l->title,
		reject ? ", rejected" : "", local ? "" : ", no protocol named");
	body_len = l->body;
	connect_to(l->method, l->flags);
	lead(l->answers);
}

#define FINAL "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define LOCATION(code, to) "HTTP/1.1 " code " Moved\r\nLocation: " to \
			   "\r\nContent-Length: 0\r\n\r\n"

#endif
