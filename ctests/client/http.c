/*
 * An http client of one request: what it sends, what it hears of each kind
 * of answer, and of none. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int completed, destroyed, read_size = 1024, body_pieces, pieces_left;
static const char *reject;	/* name of a reason that returns nonzero */

struct answer {
	const char *title;
	const char *text;	/* %x*N: N times x at the end */
	int fill;		/* so many x behind the text */
	const char *tail;
	int ends;		/* the server closes behind it */
};

static int
read_some(struct lws *wsi)
{
	static char buf[LWS_PRE + 65536];
	char *p = buf + LWS_PRE;
	int len = read_size;
	int n = lws_http_client_read(wsi, &p, &len);

	tr_line("  lws_http_client_read=%d", n);
	return n;
}

static int
write_some(struct lws *wsi)
{
	unsigned char b[LWS_PRE + 16];
	int n;

	memcpy(b + LWS_PRE, "0123456789", 10);
	n = lws_write(wsi, b + LWS_PRE, 10, pieces_left == 1 ?
		      LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);
	tr_line("  lws_write=%d", n);
	if (--pieces_left)
		lws_callback_on_writable(wsi);
	else
		lws_client_http_body_pending(wsi, 0);
	return 0;
}

static int
add_length(struct lws *wsi, unsigned char **p, size_t len)
{
	unsigned char *end = *p + len;
	char digits[16];
	int n = lws_snprintf(digits, sizeof(digits), "%d", 10 * body_pieces);

	if (!body_pieces)
		return 0;
	if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH,
					 (unsigned char *)digits, n, p, end))
		return -1;
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	char line[64];

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (reject && !strcmp(reject, reason_name((int)reason))) {
		tr_line("  returns 1");
		return 1;
	}
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_length(wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return pieces_left ? write_some(wsi) : 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  status %u", lws_http_client_http_response(wsi));
		if (lws_hdr_copy(wsi, line, sizeof(line),
				 WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0)
			tr_line("  content-length %s", line);
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return read_some(wsi) < 0 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		completed = 1;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

#include "protocols.h"

static struct lws *
connect_to(int port, const char *method)
{
	static struct lws *pwsi;
	struct lws_client_connect_info i;
	struct lws *wsi;

	memset(&i, 0, sizeof(i));
	pwsi = NULL;
	completed = destroyed = 0;
	pieces_left = body_pieces;
	i.context = cx;
	i.address = "127.0.0.1";
	i.port = port;
	i.path = "/x?y=z";
	i.host = "host.example:80";
	i.origin = "origin.example";
	i.method = method;
	i.local_protocol_name = "c0";
	i.pwsi = &pwsi;
	wsi = lws_client_connect_via_info(&i);
	tr_line("-- connecting%s%s", wsi ? "" : " failed", pwsi && pwsi == wsi ?
		", pwsi set" : "");
	return wsi;
}

/* in one piece, so that it is there as a whole */
static void
send_answer(const struct answer *a)
{
	static char b[32768];
	size_t len = strlen(a->text);

	memcpy(b, a->text, len);
	memset(b + len, 'x', (size_t)a->fill);
	len += (size_t)a->fill;
	if (a->tail) {
		memcpy(b + len, a->tail, strlen(a->tail));
		len += strlen(a->tail);
	}
	origin_send(&server, b, len);
}

/* lets both sides act until `until` is set; 0 when it never is */
static int
run(int *until, const struct answer *a)
{
	time_t start = time(NULL);
	int answered = !a;

	while (!*until && time(NULL) - start < 20) {
		lws_service(cx, -1);
		if (!a || !origin_accept(&server))
			continue;
		origin_read(&server);
		if (answered || !origin_has(&server, "\r\n\r\n") ||
		    pieces_left)
			continue;
		/* all of a body, too */
		for (int n = 0; body_pieces && n < 50; n++) {
			lws_service(cx, -1);
			origin_read(&server);
		}
		tr_line("-- server got %s", tr_text(server.got, server.len));
		answered = 1;
		send_answer(a);
		if (a->ends)
			origin_drop(&server);
	}
	return *until;
}

static void
answered(const struct answer *a, const char *method)
{
	tr_line("== %s %s%s%s", method, a->title, reject ? ", rejected in " :
		"", reject ? reject : "");
	if (!connect_to(server.port, method))
		return;
	if (!a->ends && !reject) {
		CHECK(run(&completed, a));
		origin_drop(&server);
	}
	CHECK(run(&destroyed, a));
	origin_drop(&server);
}

static const struct answer answers[] = {
	{ "with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	  0, NULL, 0 },
	{ "in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n", 0, NULL, 0 },
	{ "empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, NULL, 0 },
	{ "until the end", "HTTP/1.1 200 OK\r\n\r\nhello", 0, NULL, 1 },
	{ "cut short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", 0,
	  NULL, 1 },
	{ "of 20000", "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n", 20000,
	  NULL, 0 },
	{ "of 10000 in two chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
	  "chunked\r\n\r\n7d0\r\n", 2000, "\r\n0\r\n\r\n", 0 },
	{ "not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n"
	  "gone", 0, NULL, 0 },
	{ "of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0,
	  NULL, 1 },
	{ "none", "", 0, NULL, 1 },
	{ "junk", "foo bar baz\r\n\r\n", 0, NULL, 1 },
};

static const char *const rejects[] = {
	"SERVER_NEW_CLIENT_INSTANTIATED",
	"CLIENT_APPEND_HANDSHAKE_HEADER", "CLIENT_FILTER_PRE_ESTABLISH",
	"ESTABLISHED_CLIENT_HTTP", "RECEIVE_CLIENT_HTTP",
	"COMPLETED_CLIENT_HTTP",
};

static void
refused(const char *method)
{
	struct origin gone;

	tr_line("== %s refused", method);
	origin_open(&gone);
	origin_close(&gone);
	if (connect_to(gone.port, method))
		CHECK(run(&destroyed, NULL));
}

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.timeout_secs = 3;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	origin_open(&server);
	for (size_t n = 0; n < LWS_ARRAY_SIZE(answers); n++)
		answered(&answers[n], "GET");
	read_size = 60000;
	answered(&answers[5], "GET");
	read_size = 3;
	answered(&answers[0], "GET");
	read_size = 1024;
	for (body_pieces = 1; body_pieces < 4; body_pieces += 2)
		answered(&answers[0], "POST");
	body_pieces = 0;
	answered(&answers[0], "PUT");
	for (size_t n = 0; n < LWS_ARRAY_SIZE(rejects); n++) {
		reject = rejects[n];
		answered(&(struct answer){ "with a length", answers[0].text, 0,
					   NULL, 1 }, "GET");
	}
	reject = NULL;
	refused("GET");
	refused("RAW");
	tr_line("== destroyed while it waits for the answer");
	CHECK(connect_to(server.port, "GET"));
	for (int n = 0; n < 200 && !origin_has(&server, "\r\n\r\n"); n++) {
		lws_service(cx, -1);
		origin_accept(&server);
		origin_read(&server);
	}
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("== end");
	return 0;
}
