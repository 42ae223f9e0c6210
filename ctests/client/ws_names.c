/*
 * Names in a ws client's handshake: which protocol is bound, what the server
 * may choose, how it may spell the words of its answer. ctest:
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
static int destroyed;

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_PROTOCOL_INIT ||
	    reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED)
		tr_line("  protocol %s", lws_get_protocol(wsi)->name);
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		destroyed = 1;
	return 0;
}

#define CB(x) \
static int \
cb_##x(struct lws *wsi, enum lws_callback_reasons reason, void *user, \
       void *in, size_t len) \
{ \
	return cb(#x, wsi, reason, user, in, len); \
}
CB(p0) CB(c0) CB(c1)

static const struct lws_protocols protocols[] = {
	{ "p0", cb_p0, 16, 0, 0, NULL, 0 },
	{ "c0", cb_c0, 24, 0, 0, NULL, 0 },
	{ "c1", cb_c1, 32, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

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

/* one connection; `answer` with %s for the accept key */
static void
visit(const char *title, const char *list, const char *local, int version,
      const char *answer)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	struct lws_client_connect_info i;
	char b[2048], hash[20], accept[64];
	time_t start = time(NULL);
	const char *p;
	char *key;
	int n;

	tr_line("== %s", title);
	memset(&i, 0, sizeof(i));
	destroyed = 0;
	origin_drop(&server);
	i.context = cx;
	i.address = i.host = "127.0.0.1";
	i.port = server.port;
	i.path = "/";
	i.protocol = list;
	i.local_protocol_name = local;
	i.ietf_version_or_minus_one = version;
	if (!lws_client_connect_via_info(&i)) {
		tr_line("-- NULL");
		return;
	}
	while (!origin_has(&server, "\r\n\r\n") && !destroyed &&
	       time(NULL) - start < 20)
		turn(1);
	key = strstr(server.got, "Sec-WebSocket-Key: ");
	CHECK(key);
	key += 19;
	tr_line("-- got %s", tr_text(key + 24, strlen(key + 24)));
	memcpy(b, key, 24);
	strcpy(b + 24, guid);
	lws_SHA1((unsigned char *)b, strlen(b), (unsigned char *)hash);
	lws_b64_encode_string(hash, 20, accept, sizeof(accept));
	p = strstr(answer, "%s");
	n = p ? lws_snprintf(b, sizeof(b), "%.*s%s%s", (int)(p - answer),
			     answer, accept, p + 2) :
		lws_snprintf(b, sizeof(b), "%s", answer);
	server.len = 0;
	origin_send(&server, b, (size_t)n);
	turn(20);
	origin_drop(&server);
	while (!destroyed && time(NULL) - start < 20)
		turn(1);
	CHECK(destroyed);
}

#define OK "HTTP/1.1 101 Switching Protocols\r\n"
#define UP "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define KEY "Sec-WebSocket-Accept: %s\r\n"
#define GOOD OK UP KEY
#define NAME "Sec-WebSocket-Protocol: "

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	origin_open(&server);
	turn(5);

	visit("none asked for", NULL, NULL, 0, GOOD "\r\n");
	visit("none asked for, one chosen", NULL, NULL, 0, GOOD NAME "c1\r\n\r\n");
	visit("none asked for, local one", NULL, "c1", 0, GOOD "\r\n");
	visit("empty list", "", NULL, 0, GOOD "\r\n");
	visit("two, none chosen", "c0,c1", NULL, 0, GOOD "\r\n");
	visit("two, first chosen", "c0,c1", NULL, 0, GOOD NAME "c0\r\n\r\n");
	visit("two, second chosen", "c0,c1", NULL, 0, GOOD NAME "c1\r\n\r\n");
	visit("two with a blank, second chosen", "c0, c1", NULL, 0,
	      GOOD NAME "c1\r\n\r\n");
	visit("two, both chosen in two lines", "c0,c1", NULL, 0,
	      GOOD NAME "c0\r\n" NAME "c1\r\n\r\n");
	visit("one that was not asked for", "c0", NULL, 0, GOOD NAME "c1\r\n\r\n");
	visit("part of a name", "c0", NULL, 0, GOOD NAME "c\r\n\r\n");
	visit("a longer name", "c0", NULL, 0, GOOD NAME "c01\r\n\r\n");
	visit("capitals", "c0", NULL, 0, GOOD NAME "C0\r\n\r\n");
	visit("blanks before it", "c0", NULL, 0, GOOD NAME "   c0\r\n\r\n");
	visit("an empty name", "c0", NULL, 0, GOOD NAME "\r\n\r\n");
	visit("not ours, chosen", "x,y", NULL, 0, GOOD NAME "y\r\n\r\n");
	visit("not ours, local one", "x,y", "c1", 0, GOOD NAME "y\r\n\r\n");
	visit("ours, another local one", "c0,c1", "c1", 0, GOOD NAME "c0\r\n\r\n");
	visit("local one that is not there", "c0", "nosuch", 0, GOOD "\r\n");
	visit("version 7", "c0", NULL, 7, GOOD "\r\n");
	visit("version 13", "c0", NULL, 13, GOOD "\r\n");
	visit("version -1", "c0", NULL, -1, GOOD "\r\n");

	visit("capitals everywhere", "c0", NULL, 0,
	      "HTTP/1.1 101 SWITCHING\r\nUPGRADE: WEBSOCKET\r\n"
	      "CONNECTION: UPGRADE\r\nSEC-WEBSOCKET-ACCEPT: %s\r\n\r\n");
	visit("small letters", "c0", NULL, 0,
	      "HTTP/1.1 101 ok\r\nupgrade:websocket\r\n"
	      "connection:upgrade\r\nsec-websocket-accept:%s\r\n\r\n");
	visit("several connection words", "c0", NULL, 0, OK
	      "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
	      KEY "\r\n");
	visit("no connection line", "c0", NULL, 0, OK
	      "Upgrade: websocket\r\n" KEY "\r\n");
	visit("connection: close", "c0", NULL, 0, OK
	      "Upgrade: websocket\r\nConnection: close\r\n" KEY "\r\n");
	visit("two upgrades", "c0", NULL, 0, OK
	      "Upgrade: websocket, foo\r\nConnection: Upgrade\r\n" KEY "\r\n");
	visit("blanks before the key", "c0", NULL, 0, OK UP
	      "Sec-WebSocket-Accept:   %s\r\n\r\n");
	visit("more than the key", "c0", NULL, 0, OK UP
	      "Sec-WebSocket-Accept: %sA\r\n\r\n");
	visit("no reason phrase", "c0", NULL, 0,
	      "HTTP/1.1 101\r\n" UP KEY "\r\n");
	visit("version 1.0", "c0", NULL, 0,
	      "HTTP/1.0 101 Switching Protocols\r\n" UP KEY "\r\n");
	visit("status 200", "c0", NULL, 0, "HTTP/1.1 200 OK\r\n" UP KEY "\r\n");
	visit("line feeds only", "c0", NULL, 0, "HTTP/1.1 101 ok\n"
	      "Upgrade: websocket\nConnection: Upgrade\n"
	      "Sec-WebSocket-Accept: %s\n\n");
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("== end");
	return 0;
}
