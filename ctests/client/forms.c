/*
 * Bodies of forms: what LCCSCF_HTTP_MULTIPART_MIME and
 * LCCSCF_HTTP_X_WWW_FORM_URLENCODED put into the request, and the lines of
 * lws_client_http_multipart. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int destroyed, flags, says_length;

static void
part(struct lws *wsi, const char *name, const char *file, const char *type,
     char **p, char *end)
{
	char *before = *p;
	int n = lws_client_http_multipart(wsi, name, file, type, p, end);

	tr_line("  lws_client_http_multipart=%d, moved by %d", n,
		(int)(*p - before));
}

static int
write_form(struct lws *wsi)
{
	unsigned char b[LWS_PRE + 1024];
	char *start = (char *)b + LWS_PRE, *p = start, *end = start + 1000;

	if (flags & LCCSCF_HTTP_MULTIPART_MIME) {
		part(wsi, "one", NULL, NULL, &p, end);
		p += lws_snprintf(p, (size_t)(end - p), "value");
		part(wsi, "two", "file.txt", "text/plain", &p, end);
		p += lws_snprintf(p, (size_t)(end - p), "contents");
		part(wsi, NULL, NULL, NULL, &p, end);
	} else
		p += lws_snprintf(p, 100, "a=b&c=d");
	tr_line("  lws_write=%d", lws_write(wsi, b + LWS_PRE,
					    (size_t)(p - start),
					    LWS_WRITE_HTTP_FINAL));
	lws_client_http_body_pending(wsi, 0);
	return 0;
}

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	static char buf[LWS_PRE + 256];
	char *p = buf + LWS_PRE;
	unsigned char **head = in;
	int n = 256;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		if (!says_length)
			return 0;
		return lws_add_http_header_by_token(wsi,
				WSI_TOKEN_HTTP_CONTENT_LENGTH,
				(unsigned char *)(flags &
				LCCSCF_HTTP_MULTIPART_MIME ? "206" : "7"),
				flags & LCCSCF_HTTP_MULTIPART_MIME ? 3 : 1,
				head, *head + len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return write_form(wsi);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

#include "protocols.h"

static void
hide_boundary(void)
{
	char *at = strstr(server.got, "boundary=\""), name[13];

	if (!at)
		return;
	memcpy(name, at + 10, 12);
	name[12] = '\0';
	while ((at = strstr(server.got, name)))
		memcpy(at, "============", 12);
}

/* one line of what came at a time: a whole one would be cut short */
static void
show(void)
{
	char *line = server.got, *end;

	hide_boundary();
	while ((end = strstr(line, "\r\n"))) {
		tr_line("-- got %s", tr_text(line, (size_t)(end - line)));
		line = end + 2;
	}
	tr_line("-- got %s", tr_text(line, strlen(line)));
}

static void
form(const char *title, const char *method, int with, const char *last)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2"
				     "\r\n\r\nok";
	struct lws_client_connect_info i;
	time_t start = time(NULL);
	int answered = 0;

	tr_line("# %s", title);
	flags = with;
	destroyed = 0;
	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.address = "127.0.0.1";
	i.port = server.port;
	i.path = "/form";
	i.host = "127.0.0.1";
	i.origin = "origin.example";
	i.method = method;
	i.local_protocol_name = "c0";
	i.ssl_connection = with;
	CHECK(lws_client_connect_via_info(&i));
	while (!destroyed && time(NULL) - start < 10) {
		lws_service(cx, -1);
		if (!origin_accept(&server))
			continue;
		origin_read(&server);
		if (answered || !origin_has(&server, "\r\n\r\n") ||
		    !origin_has(&server, last))
			continue;
		answered = 1;
		show();
		origin_send(&server, answer, sizeof(answer) - 1);
		origin_drop(&server);
	}
	CHECK(destroyed);
	origin_drop(&server);
}

int
main(void)
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
	form("urlencoded", "POST", LCCSCF_HTTP_X_WWW_FORM_URLENCODED, "c=d");
	says_length = 1;
	form("urlencoded, with its length", "POST",
	     LCCSCF_HTTP_X_WWW_FORM_URLENCODED, "c=d");
	form("multipart", "POST", LCCSCF_HTTP_MULTIPART_MIME, "--\r\n");
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("# end");
	return 0;
}
