/*
 * Requests with LCCSCF_PIPELINE to a server in the same program, which
 * answers them in turn; "CLOSE" at the end of an answer closes behind it.
 */
#ifndef CTESTS_CLIENT_LINE_H
#define CTESTS_CLIENT_LINE_H

#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int destroyed, completed;
static int posts;		/* the request in so many has a body */

static int
append(struct lws *wsi, unsigned char **p, size_t len)
{
	if (!posts || --posts)
		return 0;
	if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH,
					 (unsigned char *)"4", 1, p, *p + len))
		return -1;
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	static char buf[LWS_PRE + 1024];
	char *p = buf + LWS_PRE;
	int n = 1024;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append(wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		memcpy(p, "body", 4);
		lws_write(wsi, (unsigned char *)p, 4, LWS_WRITE_HTTP_FINAL);
		lws_client_http_body_pending(wsi, 0);
		return 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  status %u", lws_http_client_http_response(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		completed++;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
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
}

static struct lws *
ask(const char *method, const char *path, int port)
{
	struct lws_client_connect_info i;
	struct lws *wsi;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.address = "127.0.0.1";
	i.port = port;
	i.path = path;
	i.host = "127.0.0.1";
	i.origin = "origin.example";
	i.method = method;
	i.local_protocol_name = "c0";
	i.ssl_connection = LCCSCF_PIPELINE;
	wsi = lws_client_connect_via_info(&i);
	CHECK(wsi);
	return wsi;
}

static int
is_whole(void)
{
	const char *end = strstr(server.got, "\r\n\r\n");

	return end && (!strstr(server.got, "content-length") || end[4]);
}

/* answers in turn until `*count` is `until` */
static void
serve(const char *const *answers, const int *count, int until)
{
	time_t start = time(NULL);
	const char *end;

	while (*count < until && time(NULL) - start < 10) {
		lws_service(cx, -1);
		if (!origin_accept(&server))
			continue;
		origin_read(&server);
		if (server.eof)
			origin_drop(&server);
		if (!*answers || !is_whole())
			continue;
		tr_line("-- server got %s", tr_text(server.got, server.len));
		server.len = 0;
		server.got[0] = '\0';
		end = strstr(*answers, "CLOSE");
		origin_send(&server, *answers, end ? (size_t)(end - *answers) :
			    strlen(*answers));
		answers++;
		if (end)
			origin_drop(&server);
	}
	CHECK(*count >= until);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" \
		"2\r\nok\r\n0\r\n\r\n"
#define EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OLD "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" \
	    "Content-Length: 2\r\n\r\nok"

#endif
