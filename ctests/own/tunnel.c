/*
 * Proxies where the reference has none or gets it wrong: SOCKS5, raw
 * connections behind an http proxy, answers in pieces and without an end.
 * What the server behind the proxy says early is not lost.
 * ctest: only=ours header=ours
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"

static struct lws_context *cx;
static struct lws_vhost *vh;
static struct origin proxy;
static int connected, destroyed, failed, closed, with_tls;
static char error[256], heard[256];

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	char buf[LWS_PRE + 64], *p = buf + LWS_PRE;
	int n = 64;

	(void)user;
	pump_events++;
	switch (reason) {
	case LWS_CALLBACK_RAW_CONNECTED:
		connected++;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
	case LWS_CALLBACK_RAW_RX:
		CHECK(strlen(heard) + len < sizeof(heard));
		strncat(heard, in, len);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		failed++;
		lws_snprintf(error, sizeof(error), "%s", (char *)in);
		break;
	case LWS_CALLBACK_RAW_CLOSE:
		closed++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
turn(int times)
{
	while (times--) {
		lws_service(cx, -1);
		origin_accept(&proxy);
		origin_read(&proxy);
	}
}

static void
until(const int *flag)
{
	time_t start = time(NULL);

	while (!*flag && time(NULL) - start < 20)
		turn(1);
	CHECK(*flag);
}

/* the proxy has got exactly this much more, and it is this */
static void
gets(const void *bytes, size_t len)
{
	time_t start = time(NULL);

	while (proxy.len < len && time(NULL) - start < 20)
		turn(1);
	if (proxy.len != len)
		printf("got %zu of %zu, failed %d: %s\n", proxy.len, len,
		       failed, error);
	CHECK(proxy.len == len && !memcmp(proxy.got, bytes, len));
	proxy.len = 0;
}

/* in one piece, or byte by byte with passes between */
static void
says(const void *bytes, size_t len, int in_pieces)
{
	const char *b = bytes;

	if (!in_pieces)
		return origin_send(&proxy, b, len);
	while (len--) {
		origin_send(&proxy, b++, 1);
		turn(2);
	}
}

static void
connect_to(const char *address, const char *method)
{
	struct lws_client_connect_info i;

	do
		origin_drop(&proxy);
	while (origin_accept(&proxy));
	memset(&i, 0, sizeof(i));
	connected = destroyed = failed = closed = 0;
	error[0] = heard[0] = '\0';
	i.context = cx;
	i.address = address;
	i.host = "host.example";
	i.port = 443;
	i.path = "/";
	i.method = method;
	i.ssl_connection = with_tls ? LCCSCF_USE_SSL : 0;
	CHECK(lws_client_connect_via_info(&i));
}

static void
is_told(const char *want)
{
	char text[256];

	lws_snprintf(text, sizeof(text), want, proxy.port);
	until(&destroyed);
	if (strcmp(error, text))
		printf("told %s, not %s\n", error, text);
	CHECK(!strcmp(error, text) && failed == 1 && !connected && !closed);
}

/* set while a scenario runs through it: it begins and ends the context */
static void
begin(const char *http, const char *socks)
{
	struct lws_context_creation_info i;
	char text[300];

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	cx = lws_create_context(&i);
	CHECK(cx);
	vh = lws_get_vhost_by_name(cx, "default");
	if (http) {
		lws_snprintf(text, sizeof(text), http, proxy.port);
		CHECK(!lws_set_proxy(vh, text));
	}
	if (socks) {
		lws_snprintf(text, sizeof(text), socks, proxy.port);
		CHECK(!lws_set_socks(vh, text));
	}
	pump(&cx, 2);
}

static void
end(void)
{
	lws_context_destroy(cx);
}

#define HEAD "CONNECT host.example:443 HTTP/1.1\r\n" \
	     "Host: host.example:443\r\nUser-agent: lws\r\n\r\n"
#define OK "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" \
	   "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"

static void
raw_behind_http(int in_pieces)
{
	connect_to("host.example", "RAW");
	gets(HEAD, strlen(HEAD));
	says(OK "220 hello", strlen(OK "220 hello"), in_pieces);
	until(&connected);
	while (strcmp(heard, "220 hello"))
		turn(1);
	origin_drop(&proxy);
	until(&destroyed);
	CHECK(!failed && closed == 1);
}

static void
endless(void)
{
	const char *line = "X-Padding: 0123456789012345678901234567890123456\r\n";
	size_t sent = 17;

	connect_to("host.example", "GET");
	gets(HEAD, strlen(HEAD));
	says("HTTP/1.1 200 OK\r\n", sent, 0);
	while (!destroyed && sent < 1000000) {
		says(line, strlen(line), 0);
		sent += strlen(line);
		turn(1);
	}
	CHECK(destroyed && failed == 1 && sent < 32768);
	CHECK(strstr(error, "proxy not h1: "));
}

#define REQUEST "\5\1\0\3\14host.example\1\273"
#define ASKED REQUEST, sizeof(REQUEST) - 1

static void
http_behind_socks(int in_pieces)
{
	const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

	connect_to("host.example", "GET");
	gets("\5\2\0\2", 4);
	says("\5\2", 2, in_pieces);
	gets("\1\4user\4pass", 11);
	says("\1\0", 2, in_pieces);
	gets(ASKED);
	says("\5\0\0\3\2me\0\1", 9, in_pieces);
	while (!origin_has(&proxy, "\r\n\r\n"))
		turn(1);
	CHECK(!strncmp(proxy.got, "GET / HTTP/1.1\r\n", 16));
	says(answer, strlen(answer), 0);
	until(&destroyed);
	CHECK(!failed && !strcmp(heard, "hi"));
}

static void
raw_behind_socks(void)
{
	connect_to("127.0.0.2", "RAW");
	gets("\5\2\0\2", 4);
	says("\5\0", 2, 0);
	gets("\5\1\0\1\177\0\0\2\1\273", 10);
	says("\5\0\0\1\1\2\3\4\0\1early", 15, 0);
	until(&connected);
	while (strcmp(heard, "early"))
		turn(1);
	origin_drop(&proxy);
	until(&destroyed);
	CHECK(!failed && closed == 1);
}

static void
socks_refuses(void)
{
	connect_to("host.example", "GET");
	gets("\5\2\0\2", 4);
	says("\5\377", 2, 0);
	is_told("socks: 127.0.0.1:%d: socks greeting: it takes no password");
	connect_to("host.example", "GET");
	gets("\5\2\0\2", 4);
	says("\5\2", 2, 0);
	gets("\1\4user\4pass", 11);
	says("\1\1", 2, 0);
	is_told("socks: 127.0.0.1:%d: socks auth: user or password is wrong (1)");
	connect_to("host.example", "RAW");
	gets("\5\2\0\2", 4);
	says("\5\0", 2, 0);
	gets(ASKED);
	says("\5\5\0\1\0\0\0\0\0\0", 10, 0);
	is_told("socks: 127.0.0.1:%d: socks connect: connection refused (5)");
	connect_to("host.example", "GET");
	gets("\5\2\0\2", 4);
	origin_drop(&proxy);
	is_told("socks: 127.0.0.1:%d: it hung up");
}

/* at each stage: the context goes, with what is under way */
static void
destroyed_at(int stage)
{
	begin(NULL, "user:pass@127.0.0.1:%d");
	with_tls = stage > 4;
	connect_to("host.example", stage & 1 ? "GET" : "RAW");
	if (stage > 0)
		gets("\5\2\0\2", 4);
	if (stage > 1) {
		says("\5\2", 2, 0);
		gets("\1\4user\4pass", 11);
	}
	if (stage > 2) {
		says("\1\0", 2, 0);
		gets(ASKED);
	}
	if (stage > 3)
		says("\5\0\0\1\1", 5, 0);
	if (stage > 4) {	/* a TLS handshake has begun */
		says("\2\3\4\0\1", 5, 0);
		while (!proxy.len)
			turn(1);
		CHECK(proxy.got[0] == 0x16);
	}
	if (stage > 5)
		says("\x15\3\3", 3, 0);
	turn(4);
	end();
	with_tls = 0;
	CHECK(failed == 1 && destroyed == 1 && !connected);
}

static void
texts(void)
{
	static const struct {
		const char *text;
		int want;
	} all[] = {
		{ "host:1080", 0 }, { "u:p@host:1080", 0 },
		{ "socks5://u:p@host:1080", 0 }, { "socks5h://host:1080/", 0 },
		{ "host", -1 }, { "", -1 }, { "http://host:1080", -1 },
		{ ":p@host:1080", -1 }, { NULL, -1 },
	};
	char text[600];

	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++)
		CHECK(lws_set_socks(vh, all[n].text) == all[n].want);
	memset(text, 'u', 256);
	strcpy(text + 256, "@host:1080");
	CHECK(lws_set_socks(vh, text) == -1);
	CHECK(!lws_set_socks(vh, text + 1));
	CHECK(lws_set_socks(NULL, "host:1080") == -1);
	CHECK(lws_set_proxy(vh, "https://host:80") == -1);
	CHECK(lws_set_proxy(vh, "host:0") == -1);
	CHECK(lws_set_proxy(NULL, "host:80") == -1);
}

int
main(void)
{
	origin_open(&proxy);
	begin("127.0.0.1:%d", "nobody.invalid:1");
	raw_behind_http(0);
	raw_behind_http(1);
	endless();
	connect_to("host example\r\nX: y", "RAW");
	until(&destroyed);
	CHECK(failed == 1 && strstr(error, "the server's name is none"));
	end();

	begin(NULL, "socks5://user:pass@127.0.0.1:%d");
	http_behind_socks(0);
	http_behind_socks(1);
	raw_behind_socks();
	socks_refuses();
	texts();
	end();

	for (int stage = 0; stage < 7; stage++)
		destroyed_at(stage);
	origin_close(&proxy);
	puts("tunnels: done");
	return 0;
}
