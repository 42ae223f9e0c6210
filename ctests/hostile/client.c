/*
 * The client that bad servers are set on. One line of stdin is one
 * connection, one line of stdout is one callback of it; after the last comes
 * "end".
 *
 *     client [offer=TEXT] [rx=N] [seconds=N] [utf8]
 *
 * offer=   permessage-deflate is offered with this text
 * rx=      rx_buffer_size                seconds= timeouts (5)
 * utf8     text is checked
 *
 * A line is ws://, wss://, http:// or https://HOST:PORT/PATH and options:
 *
 *     method=M     http with that method   body=N      so many bytes with it
 *     protocol=P   subprotocols            origin=O
 *     send=N       a message of so many bytes once established
 *     messages=N   so many of them (1)     close       closes then
 *     reply        sends back what comes   ping=N      a ping of so many bytes
 *     hold         does not read the body
 *     keep         LCCSCF_PIPELINE
 *
 * Every byte that the library says is there is read, so that a checker sees
 * lengths that are wrong. "end" says how many turns the service made, and how
 * many bytes of messages and bodies came; their lines end after some.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../harness/names.h"

#define SHOWN 60
#define LINES_MAX 200
#define SEND_MAX (1 << 20)

/* What one connection is to do. */
struct order {
	char line[4096];
	size_t send, body, ping, sent;
	int messages, closes, replies, holds;
	unsigned long turns, callbacks, received, lines;
	int is_destroyed;
};

static struct lws_context *context;
static struct order order;
static unsigned char buffer[LWS_PRE + SEND_MAX];
static volatile unsigned int sum;

static void show(const char *name, const char *in, size_t len)
{
	printf("%s len=%zu ", name, len);
	for (size_t n = 0; in && n < len; n++) {
		sum += (unsigned char)in[n];
		if (n >= SHOWN)
			continue;
		if (isprint((unsigned char)in[n]) && in[n] != '\\')
			putchar(in[n]);
		else
			printf("\\x%02x", (unsigned char)in[n]);
	}
	putchar('\n');
}

/* A piece of a message or a body: counted, and shown if it is not the last of
 * very many. */
static void receive(const char *kind, const char *name, const char *in,
		    size_t len)
{
	order.received += len;
	if (order.lines++ < LINES_MAX) {
		fputs(kind, stdout);
		show(name, in, len);
		return;
	}
	for (size_t n = 0; n < len; n++)
		sum += (unsigned char)in[n];
}

static int write_message(struct lws *wsi, const void *in, size_t len, int kind)
{
	if (len > SEND_MAX)
		len = SEND_MAX;
	if (in)
		memcpy(buffer + LWS_PRE, in, len);
	else
		memset(buffer + LWS_PRE, 'a', len);

	return lws_write(wsi, buffer + LWS_PRE, len,
			 (enum lws_write_protocol)kind);
}

/* What the connection was told to do, a piece for each WRITEABLE. */
static int act(struct lws *wsi)
{
	int n = 0;

	if (order.ping) {
		n = write_message(wsi, NULL, order.ping, LWS_WRITE_PING);
		order.ping = 0;
	} else if (order.messages) {
		order.messages--;
		n = write_message(wsi, NULL, order.send, LWS_WRITE_TEXT);
	} else if (order.closes) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL,
				 (unsigned char *)"bye", 3);
		return -1;
	} else {
		return 0;
	}
	printf("  write=%d\n", n);
	lws_callback_on_writable(wsi);

	return n < 0 ? -1 : 0;
}

static int write_body(struct lws *wsi)
{
	size_t len = order.body - order.sent;
	int is_last;

	if (len > 4096)
		len = 4096;
	order.sent += len;
	is_last = order.sent == order.body;
	if (is_last)
		lws_client_http_body_pending(wsi, 0);
	if (write_message(wsi, NULL, len, is_last ? LWS_WRITE_HTTP_FINAL :
			  LWS_WRITE_HTTP) < 0)
		return -1;
	if (!is_last)
		lws_callback_on_writable(wsi);

	return 0;
}

static int append_headers(struct lws *wsi, unsigned char **p, size_t room)
{
	if (!order.body)
		return 0;
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);

	*p += lws_snprintf((char *)*p, room, "Content-Length: %zu\r\n",
			   order.body);

	return 0;
}

static int read_body(struct lws *wsi)
{
	static char room[LWS_PRE + 4096];
	char *p = room + LWS_PRE;
	int len = 4096;

	return order.holds ? 0 : lws_http_client_read(wsi, &p, &len);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
		    void *user, void *in, size_t len)
{
	const char *name = reason_name((int)reason);
	char what[32];
	int kind;

	(void)user;
	order.callbacks++;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		snprintf(what, sizeof(what), "%s%s%s ", lws_is_first_fragment(wsi) ? "first " : "",
		       lws_is_final_fragment(wsi) ? "final " : "",
		       lws_frame_is_binary(wsi) ? "binary" : "text");
		receive(what, name, in, len);
		if (!order.replies)
			return 0;
		kind = lws_write_ws_flags(lws_frame_is_binary(wsi) ?
					  LWS_WRITE_BINARY : LWS_WRITE_TEXT,
					  lws_is_first_fragment(wsi),
					  lws_is_final_fragment(wsi));
		return write_message(wsi, in, len, kind) < 0 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		show(name, in, len);
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		receive("", name, in, len);
		return 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		puts(name);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return act(wsi);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return order.sent < order.body ? write_body(wsi) : 0;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append_headers(wsi, in, len);
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		printf("%s %u\n", name, lws_http_client_http_response(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return read_body(wsi);
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		printf("%s %zu %s\n", name, len, in ? (const char *)in : "-");
		return 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		puts(name);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		order.is_destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

static struct lws_protocols protocols[] = {
	{ .name = "client", .callback = callback },
	{ .name = NULL }
};

static struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate, NULL },
	{ NULL, NULL, NULL }
};

/* The value of "name=value" among words; NULL without. */
static const char *option(char **words, const char *name)
{
	size_t len = strlen(name);

	for (; *words; words++)
		if (!strncmp(*words, name, len) &&
		    ((*words)[len] == '=' || !(*words)[len]))
			return (*words)[len] ? *words + len + 1 : "1";

	return NULL;
}

static long number(char **words, const char *name, long otherwise)
{
	const char *value = option(words, name);

	return value ? atol(value) : otherwise;
}

/* Takes the connection up; 0 when the library wants none of it. */
static int connect_to(char **words)
{
	struct lws_client_connect_info info;
	const char *scheme, *path;
	static char whole_path[4096];

	memset(&info, 0, sizeof(info));
	order.send = (size_t)number(words, "send", 0);
	order.body = (size_t)number(words, "body", 0);
	order.ping = (size_t)number(words, "ping", 0);
	order.messages = (int)number(words, "messages", !!option(words, "send"));
	order.closes = !!option(words, "close");
	order.replies = !!option(words, "reply");
	order.holds = !!option(words, "hold");
	info.method = option(words, "method");
	info.protocol = option(words, "protocol");
	info.origin = option(words, "origin");
	if (lws_parse_uri(words[0], &scheme, &info.address, &info.port, &path))
		return 0;
	lws_snprintf(whole_path, sizeof(whole_path), "/%s", path);
	if (!strncmp(scheme, "http", 4) && !info.method)
		info.method = "GET";
	info.context = context;
	info.path = whole_path;
	info.host = info.address;
	info.local_protocol_name = "client";
	if (!strcmp(scheme, "wss") || !strcmp(scheme, "https"))
		info.ssl_connection = LCCSCF_USE_SSL |
			LCCSCF_ALLOW_SELFSIGNED |
			LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
	if (option(words, "keep"))
		info.ssl_connection |= LCCSCF_PIPELINE;

	return !!lws_client_connect_via_info(&info);
}

static void serve(char **words)
{
	int n;

	if (!connect_to(words))
		puts("refused");
	else
		while (!order.is_destroyed && lws_service(context, 0) >= 0)
			order.turns++;
	/* what comes behind the end would be seen here */
	for (n = 0; n < 3; n++)
		lws_service(context, -1);
	printf("end turns=%lu callbacks=%lu received=%lu\n", order.turns,
	       order.callbacks, order.received);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct lws_context_creation_info info;
	char *words[32], *save;
	int n;

	(void)argc;
	argv++;
	memset(&info, 0, sizeof(info));
	lws_set_log_level(LLL_ERR, NULL);
	protocols[0].rx_buffer_size = (size_t)number(argv, "rx", 0);
	extensions[0].client_offer = option(argv, "offer");
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.extensions = extensions[0].client_offer ? extensions : NULL;
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if (option(argv, "utf8"))
		info.options |= LWS_SERVER_OPTION_VALIDATE_UTF8;
	info.timeout_secs = (unsigned int)number(argv, "seconds", 5);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	signal(SIGPIPE, SIG_DFL); /* the library sends so that it does not come */
	while (fgets(order.line, sizeof(order.line), stdin)) {
		char *p = order.line;

		for (n = 0; n < 31 && (words[n] = strtok_r(p, " \n", &save)); n++)
			p = NULL;
		words[n] = NULL;
		if (words[0])
			serve(words);
		memset(&order, 0, sizeof(order));
	}
	lws_context_destroy(context);

	return 0;
}
