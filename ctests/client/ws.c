/*
 * A ws client: the handshake and what can be wrong with its answer, messages
 * and control frames both ways, both ways of closing. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int destroyed, established, closing;
static const char *reject, *deed;

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	unsigned char b[LWS_PRE + 70000];
	int n;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	/* the reference asks once more behind its close frame */
	if (reason == LWS_CALLBACK_CLIENT_WRITEABLE && closing)
		return 0;
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (reject && !strcmp(reject, reason_name((int)reason))) {
		tr_line("  returns 1");
		return 1;
	}
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		established = 1;
		if (deed)
			lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (!deed)
			return 0;
		if (!strcmp(deed, "close")) {
			closing = 1;
			lws_close_reason(wsi, 1000, (unsigned char *)"bye", 3);
			return -1;
		}
		n = atoi(deed);
		memset(b, 'a', sizeof(b));
		deed = NULL;
		n = lws_write(wsi, b + LWS_PRE, (size_t)n, LWS_WRITE_TEXT);
		tr_line("  lws_write=%d", n);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

#include "protocols.h"

static void
turn(int times)
{
	while (times--) {
		if (lws_service(cx, -1) < 0)
			return;
		origin_accept(&server);
		origin_read(&server);
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

static void
origin_gets(size_t len)
{
	time_t start = time(NULL);

	while (server.len < len && time(NULL) - start < 20)
		turn(1);
	CHECK(server.len >= len);
}

/* connects; the request without its key is shown */
static void
begin(const char *title)
{
	struct lws_client_connect_info i;
	time_t start = time(NULL);
	char *key;

	tr_line("== %s%s%s", title, reject ? ", rejected in " : "", reject ?
		reject : "");
	memset(&i, 0, sizeof(i));
	destroyed = established = closing = 0;
	origin_drop(&server);
	i.context = cx;
	i.address = i.host = i.origin = "127.0.0.1";
	i.port = server.port;
	i.path = "/chat";
	i.protocol = "one, two";
	i.local_protocol_name = "c0";
	CHECK(lws_client_connect_via_info(&i));
	while (!origin_has(&server, "\r\n\r\n") && time(NULL) - start < 20)
		turn(1);
	key = strstr(server.got, "Sec-WebSocket-Key: ");
	CHECK(key);
	if (!strcmp(title, "plain")) {
		tr_line("-- got %s", tr_text(server.got, (size_t)(key + 19 -
								  server.got)));
		tr_line("-- and %s", tr_text(key + 43, strlen(key + 43)));
	}
}

/* 101 with the right accept key, and more headers */
static void
accept_it(const char *more)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char b[512], hash[20], accept[64];
	char *key = strstr(server.got, "Sec-WebSocket-Key: ") + 19;
	int n;

	memcpy(b, key, 24);
	strcpy(b + 24, guid);
	lws_SHA1((unsigned char *)b, strlen(b), (unsigned char *)hash);
	lws_b64_encode_string(hash, 20, accept, sizeof(accept));
	n = lws_snprintf(b, sizeof(b), "HTTP/1.1 101 Switching Protocols\r\n"
			 "Upgrade: WebSocket\r\nConnection: Upgrade\r\n"
			 "Sec-WebSocket-Accept: %s\r\n%s\r\n", accept, more);
	server.len = 0;
	origin_send(&server, b, (size_t)n);
}

static void
say(const char *text)
{
	origin_send(&server, text, strlen(text));
}

/* the frame that the server got, unmasked */
static void
show_frame(void)
{
	unsigned char *f = (unsigned char *)server.got;
	size_t len, head;

	origin_gets(6);
	len = f[1] & 127;
	head = len == 126 ? 8 : len == 127 ? 14 : 6;
	origin_gets(head);
	if (head == 8)
		len = (size_t)f[2] << 8 | f[3];
	if (head == 14)
		len = (size_t)f[7] << 16 | (size_t)f[8] << 8 | f[9];
	if (head + len < sizeof(server.got))
		origin_gets(head + len);
	for (size_t n = 0; n < len && head + n < server.len; n++)
		f[head + n] ^= f[head - 4 + n % 4];
	tr_line("-- frame %02x %s len %zu %s", f[0], f[1] & 128 ? "masked" :
		"plain", len, tr_text(f + head, server.len - head < 20 ?
				      server.len - head : 20));
	server.len = 0;
}

static void
answers(void)
{
	static const struct {
		const char *title, *text;
	} bad[] = {
		{ "not found", "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n"
			       "no" },
		{ "unauthorized", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n"
				  "\r\n" },
		{ "wrong accept", "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n"
		  "Connection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n" },
		{ "no upgrade", "HTTP/1.1 101 Yes\r\n"
		  "Connection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n" },
		{ "no accept", "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n"
		  "Connection: Upgrade\r\n\r\n" },
		{ "another upgrade", "HTTP/1.1 101 Yes\r\nUpgrade: foo\r\n"
		  "Connection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n" },
	};

	for (size_t n = 0; n < LWS_ARRAY_SIZE(bad); n++) {
		begin(bad[n].title);
		say(bad[n].text);
		until(&destroyed);
	}
	begin("hung up");
	origin_drop(&server);
	until(&destroyed);
	begin("another protocol");
	accept_it("Sec-WebSocket-Protocol: three\r\n");
	until(&destroyed);
}

static void
rejected(void)
{
	static const char *const in[] = {
		"CLIENT_APPEND_HANDSHAKE_HEADER", "ESTABLISHED_CLIENT_HTTP",
		"CLIENT_FILTER_PRE_ESTABLISH", "CLIENT_ESTABLISHED",
		"CLIENT_RECEIVE",
	};

	for (size_t n = 1; n < LWS_ARRAY_SIZE(in); n++) {
		reject = in[n];
		begin("good");
		accept_it("");
		say("\x81\x02hi");
		until(&destroyed);
	}
	reject = NULL;
}

int
main(void)
{
	struct lws_context_creation_info i;
	static const char *const sizes[] = { "0", "125", "126", "65536" };

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	origin_open(&server);
	turn(5);

	begin("plain");
	accept_it("Sec-WebSocket-Protocol: two\r\n");
	until(&established);
	say("\x81\x05hello");
	turn(20);
	say("\x01\x03""abc");
	turn(20);
	say("\x80\x03""def");
	turn(20);
	tr_line("-- ping and pong");
	say("\x89\x02hi");
	turn(50);
	show_frame();
	say("\x8a\x02ho");
	turn(20);
	tr_line("-- server closes");
	origin_send(&server, "\x88\x05\x03\xe9""end", 7);
	show_frame();
	origin_drop(&server);
	until(&destroyed);

	for (size_t n = 0; n < LWS_ARRAY_SIZE(sizes); n++) {
		deed = sizes[n];
		begin("sends");
		accept_it("");
		until(&established);
		show_frame();
		origin_drop(&server);
		until(&destroyed);
	}
	deed = "close";
	begin("closes");
	accept_it("");
	until(&established);
	show_frame();
	origin_send(&server, "\x88\x05\x03\xe8""bye", 7);
	turn(20);
	origin_drop(&server);
	until(&destroyed);
	deed = NULL;
	begin("lost");
	accept_it("");
	until(&established);
	origin_drop(&server);
	until(&destroyed);
	answers();
	rejected();
	begin("destroyed when established");
	accept_it("");
	until(&established);
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("== end");
	return 0;
}
