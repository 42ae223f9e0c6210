/*
 * Proxy mounts: what reaches the origin and what comes back, in all forms of
 * bodies; origins that refuse, talk nonsense or break off; peers that go;
 * upgrades; a slow side costs a bounded amount. The program hears of its own
 * connections only.
 * ctest: only=ours
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "origin.h"
#include "peer.h"

static struct lws_context *cx;
static struct origin server;
static struct peer p;
static int port, created, destroyed, filtered, closed;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE:
		created++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		break;
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
		filtered++;
		break;
	case LWS_CALLBACK_CLOSED_HTTP:
		closed++;
		break;
	default:
		/* nothing of a client's */
		CHECK(reason != LWS_CALLBACK_HTTP_WRITEABLE);
		CHECK(reason > 3 && (reason < 44 || reason > 48));
		CHECK(reason != LWS_CALLBACK_CLIENT_HTTP_WRITEABLE);
		break;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* lets all sides act for a while */
static void
turn(int times)
{
	while (times--) {
		CHECK(lws_service(cx, -1) >= 0);
		origin_accept(&server);
		origin_read(&server);
		peer_read(&p);
		poll(NULL, 0, 1);
	}
}

/* until the origin has the text, or the peer has */
static void
origin_gets(const char *text)
{
	for (int n = 0; n < 5000 && !origin_has(&server, text); n++)
		turn(1);
	if (!origin_has(&server, text))
		printf("origin got: %s\n", server.got);
	CHECK(origin_has(&server, text));
}

static void
peer_gets(const char *text)
{
	for (int n = 0; n < 5000 && !peer_has(&p, text); n++)
		turn(1);
	if (!peer_has(&p, text))
		printf("peer got: %.*s\n", (int)p.len, p.buf);
	CHECK(peer_has(&p, text));
}

static void
peer_ends(void)
{
	for (int n = 0; n < 5000 && !p.eof; n++)
		turn(1);
	CHECK(p.eof);
	peer_close(&p);
}

/* a request, and the end of its head at the origin */
static void
ask(const char *request)
{
	if (p.fd < 0)
		CHECK(!peer_open(&p, port));
	peer_reset(&p);
	origin_drop(&server);
	peer_say(&p, request);
	origin_gets("\r\n\r\n");
}

static void
answer(const char *text, int ends)
{
	origin_send(&server, text, strlen(text));
	if (ends)
		origin_drop(&server);
}

static void
plain(void)
{
	static const char want[] = "GET /base/a%20b?c=d%26e&f=+ HTTP/1.1\r\n"
		"host: 127.0.0.1:", rest[] = "x-custom: Yes\r\n"
		"cookie: a=b\r\nx-forwarded-for: 9.9.9.9, ";

	puts("-- plain");
	ask("GET /p/a%20b?c=d%26e&f=+ HTTP/1.1\r\nHost: me\r\nX-Custom: Yes\r\n"
	    "Cookie: a=b\r\nX-Hop: 1\r\nConnection: keep-alive, x-hop\r\n"
	    "TE: trailers\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n");
	CHECK(!strncmp(server.got, want, strlen(want)));
	CHECK(origin_has(&server, rest));
	CHECK(origin_has(&server, "connection: close\r\n"));
	CHECK(!origin_has(&server, "x-hop"));
	CHECK(!origin_has(&server, "te:"));
	answer("HTTP/1.1 201 Made it\r\nContent-Length: 5\r\nX-A: b\r\n"
	       "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: 7\r\n"
	       "Location: /else\r\n\r\nhello", 0);
	peer_gets("hello");
	CHECK(peer_has(&p, "HTTP/1.1 201 Made it\r\n"));
	CHECK(peer_has(&p, "x-a: b\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"
			   "location: /else\r\ncontent-length: 5\r\n\r\nhello"));
	CHECK(!peer_has(&p, "eep-alive"));

	puts("-- the next one on the same connection, in chunks");
	ask("GET /p HTTP/1.1\r\nHost: me\r\n\r\n");
	CHECK(!strncmp(server.got, "GET /base HTTP/1.1\r\n", 20));
	answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
	       "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n", 0);
	peer_gets("transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
	answer("3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", 0);
	peer_gets("3\r\nabc\r\n0\r\n\r\n");

	puts("-- until the end");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.0 200 OK\r\n\r\nhello", 1);
	peer_gets("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
		  "5\r\nhello\r\n0\r\n\r\n");

	puts("-- HEAD, 304, 204");
	ask("HEAD /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", 0);
	peer_gets("content-length: 500\r\n\r\n");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\nIf-None-Match: \"x\"\r\n\r\n");
	CHECK(origin_has(&server, "if-none-match: \"x\"\r\n"));
	answer("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 0);
	peer_gets("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n");
	ask("DELETE /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	CHECK(!strncmp(server.got, "DELETE /base/x ", 15));
	answer("HTTP/1.1 204 No Content\r\n\r\n", 0);
	peer_gets("HTTP/1.1 204 No Content\r\n\r\n");
	peer_close(&p);

	puts("-- HTTP/1.0 clients");
	ask("GET /p/x HTTP/1.0\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	       "5\r\nhello\r\n0\r\n\r\n", 0);
	peer_gets("HTTP/1.0 200 OK\r\nconnection: close\r\n\r\nhello");
	peer_ends();
}

static void
bodies(void)
{
	puts("-- bodies");
	ask("POST /p/x HTTP/1.1\r\nHost: me\r\nContent-Length: 11\r\n\r\nhello");
	origin_gets("content-length: 11\r\nconnection: close\r\n\r\nhello");
	peer_say(&p, " world");
	origin_gets("hello world");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("\r\n\r\nok");
	ask("PUT /p/x HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\n"
	    "\r\n5;a=b\r\nhello\r\n");
	origin_gets("transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
		    "5\r\nhello\r\n");
	peer_say(&p, "1\r\n!\r\n0\r\nX: y\r\n\r\n");
	origin_gets("1\r\n!\r\n0\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("\r\n\r\nok");
	ask("POST /p/x HTTP/1.1\r\nHost: me\r\nContent-Length: 4\r\n"
	    "Expect: 100-continue\r\n\r\n");
	CHECK(!origin_has(&server, "xpect"));
	peer_gets("HTTP/1.1 100 Continue\r\n\r\n");
	peer_say(&p, "body");
	origin_gets("body");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("\r\n\r\nok");
	puts("-- an answer before the whole body");
	ask("POST /p/x HTTP/1.1\r\nHost: me\r\nContent-Length: 40\r\n\r\nhello");
	answer("HTTP/1.1 413 Too much\r\nContent-Length: 2\r\n\r\nno", 1);
	peer_gets("\r\n\r\nno");
	peer_say(&p, "12345678901234567890123456789012345");
	peer_reset(&p);
	ask("GET /p/next HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("\r\n\r\nok");
	puts("-- pipelined");
	ask("GET /p/1 HTTP/1.1\r\nHost: me\r\n\r\n"
	    "GET /p/2 HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none", 0);
	peer_gets("one");
	origin_drop(&server);
	origin_gets("GET /base/2 ");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo", 0);
	peer_gets("two");
	peer_close(&p);
	turn(20);
}

static void
targets(void)
{
	puts("-- targets");
	ask("GET /q/../p/./a//b/%2e%2e/c?x=.. HTTP/1.1\r\nHost: me\r\n\r\n");
	CHECK(!strncmp(server.got, "GET /base/a/c?x=.. HTTP/1.1\r\n", 29));
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("ok");
	peer_reset(&p);
	peer_say(&p, "GET /p/../secret HTTP/1.1\r\nHost: me\r\n\r\n");
	peer_gets("404");
	peer_reset(&p);
	peer_say(&p, "GET /px HTTP/1.1\r\nHost: me\r\n\r\n");
	peer_gets("404");
	peer_close(&p);
	turn(5);
}

/* answers that are none; the next request works all the same */
static void
hostile(void)
{
	static const struct {
		const char *text, *expected;
	} bad[] = {
		{ "", "HTTP/1.1 502 " },
		{ "foo bar\r\n\r\n", "HTTP/1.1 502 " },
		{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", " 502 " },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n", " 502 " },
		{ "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", " 502 " },
		{ "HTTP/1.1 101 Up\r\nUpgrade: x\r\n\r\n", " 502 " },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "80000000\r\nabc", "abc" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "ffffffff\r\nabc", "abc" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "100000005\r\nabc", "abc" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "ffffffffffffffff\r\nabc", "chunked" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "3\r\nabcd\r\n0\r\n\r\n", "abc" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nabc", "abc" },
	};
	static char many[200000];
	size_t at;

	for (size_t n = 0; n < LWS_ARRAY_SIZE(bad); n++) {
		printf("-- %s\n", bad[n].text);
		ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
		answer(bad[n].text, 1);
		peer_gets(bad[n].expected);
		if (!peer_has(&p, " 502 ")) {
			CHECK(!peer_has(&p, "0\r\n\r\n"));
			peer_ends();
		}
	}
	puts("-- endless headers");
	at = (size_t)sprintf(many, "HTTP/1.1 200 OK\r\n");
	while (at < sizeof(many) - 20)
		at += (size_t)sprintf(many + at, "X: yyyyyyyyyyyy\r\n");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer(many, 0);
	peer_gets(" 502 ");
	puts("-- a body that cannot be read");
	ask("POST /p/x HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\n"
	    "\r\nzz\r\n");
	peer_gets(" 400 ");
	peer_ends();
	puts("-- it still works");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0);
	peer_gets("ok");
	peer_close(&p);
	turn(20);
}

static void
goners(void)
{
	puts("-- the client goes");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	peer_close(&p);
	for (int n = 0; n < 5000 && !server.eof; n++)
		turn(1);
	CHECK(server.eof);
	puts("-- the client goes inside the answer");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nabc", 0);
	peer_gets("abc");
	peer_rst(&p);
	for (int n = 0; n < 5000 && !server.eof; n++)
		turn(1);
	CHECK(server.eof);
	puts("-- nobody listens");
	origin_drop(&server);
	CHECK(!peer_open(&p, port));
	peer_say(&p, "GET /gone/x HTTP/1.1\r\nHost: me\r\n\r\n");
	peer_gets("HTTP/1.1 502 ");
	peer_reset(&p);
	peer_say(&p, "POST /gone/x HTTP/1.1\r\nHost: me\r\n"
		     "Content-Length: 5\r\n\r\n");
	peer_gets("HTTP/1.1 502 ");
	peer_ends();
	puts("-- a name that does not exist");
	CHECK(!peer_open(&p, port));
	peer_say(&p, "GET /noname/x HTTP/1.1\r\nHost: me\r\n\r\n");
	for (int n = 0; n < 20000 && !peer_has(&p, " 502 "); n++)
		turn(1);
	CHECK(peer_has(&p, " 502 "));
	peer_close(&p);
	turn(5);
}

static void
upgrade(void)
{
	puts("-- upgrade");
	ask("GET /p/ws HTTP/1.1\r\nHost: me\r\nConnection: Upgrade\r\n"
	    "Upgrade: websocket\r\nSec-WebSocket-Key: a2V5\r\n"
	    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: x\r\n\r\n"
	    "early");
	CHECK(origin_has(&server, "sec-websocket-key: a2V5\r\n"));
	CHECK(origin_has(&server, "upgrade: websocket\r\n"
				  "connection: upgrade\r\n\r\n"));
	CHECK(!origin_has(&server, "early"));
	answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	       "Connection: Upgrade\r\nSec-WebSocket-Accept: abc=\r\n\r\n"
	       "first", 0);
	peer_gets("sec-websocket-accept: abc=\r\nupgrade: websocket\r\n"
		  "connection: upgrade\r\n\r\nfirst");
	origin_gets("early");
	peer_say(&p, "\x81\x85zzzzhello");
	origin_gets("\x81\x85zzzzhello");
	answer("\x81\x05world", 0);
	peer_gets("\x81\x05world");
	answer("last", 1);
	peer_gets("last");
	peer_ends();
	puts("-- upgrade refused");
	ask("GET /p/ws HTTP/1.1\r\nHost: me\r\nConnection: Upgrade\r\n"
	    "Upgrade: websocket\r\nSec-WebSocket-Key: a2V5\r\n"
	    "Sec-WebSocket-Version: 13\r\n\r\n");
	answer("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", 0);
	peer_gets("\r\n\r\nno");
	peer_close(&p);
	turn(20);
}

static unsigned char
pattern(size_t at)
{
	return (unsigned char)(at * 7 ^ at >> 9);
}

/* reads from fd what is there, which must go on at `at` */
static size_t
check(int fd, size_t at)
{
	static unsigned char b[65536];
	ssize_t n = recv(fd, b, sizeof(b), MSG_DONTWAIT);

	for (ssize_t k = 0; k < n; k++)
		if (b[k] != pattern(at + (size_t)k))
			CHECK(!"the same bytes");
	return n > 0 ? (size_t)n : 0;
}

/* writes to fd until nothing goes any more; how much that was */
static size_t
fill(int fd)
{
	static char b[65536];
	size_t total = 0;

	for (int idle = 0; idle < 50; idle++) {
		ssize_t n;

		for (size_t k = 0; k < sizeof(b); k++)
			b[k] = (char)pattern(total + k);
		n = send(fd, b, sizeof(b), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0) {
			total += (size_t)n;
			idle = 0;
		}
		CHECK(lws_service(cx, -1) >= 0);
		CHECK(total < 100u << 20);
	}
	return total;
}

static void
slow(void)
{
	size_t sent, got = 0;

	puts("-- a client that does not read");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	answer("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", 0);
	peer_gets("\r\n\r\n");
	peer_reset(&p);
	sent = fill(server.fd);
	CHECK(sent < 30u << 20);
	while (got < sent) {
		got += check(p.fd, got);
		CHECK(lws_service(cx, -1) >= 0);
	}
	CHECK(got == sent);
	peer_close(&p);
	turn(20);
	puts("-- an origin that does not read");
	ask("POST /p/x HTTP/1.1\r\nHost: me\r\nContent-Length: 1000000000\r\n"
	    "\r\n");
	sent = fill(p.fd);
	CHECK(sent < 30u << 20);
	for (got = 0; got < sent;) {
		got += check(server.fd, got);
		CHECK(lws_service(cx, -1) >= 0);
	}
	CHECK(got == sent);
	peer_close(&p);
	turn(20);
}

static void
unix_origin(const char *path)
{
	struct sockaddr_un a;
	int tcp = server.listener;

	puts("-- unix socket");
	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	unlink(path);
	server.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK(!bind(server.listener, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(server.listener, 5));
	ask("GET /unix/x HTTP/1.1\r\nHost: me\r\n\r\n");
	CHECK(!strncmp(server.got, "GET /u/x HTTP/1.1\r\nhost: me\r\n", 29));
	answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 1);
	peer_gets("ok");
	peer_close(&p);
	close(server.listener);
	unlink(path);
	server.listener = tcp;
	turn(10);
}

int
main(void)
{
	static char where[64], gone[64], unix_path[64], unix_where[80];
	static struct lws_http_mount mounts[4];
	struct lws_context_creation_info i;
	struct origin nobody;
	int before;

	quiet_info(&i, 100);
	origin_open(&server);
	origin_open(&nobody);
	origin_close(&nobody);
	sprintf(where, "127.0.0.1:%d/base", server.port);
	sprintf(gone, "127.0.0.1:%d", nobody.port);
	sprintf(unix_path, "/tmp/lws-proxy-%d", (int)getpid());
	sprintf(unix_where, "+%s:/u", unix_path);
	for (int n = 0; n < 4; n++) {
		static const char *const points[] = { "/p", "/gone", "/unix",
						      "/noname" };

		mounts[n].mountpoint = points[n];
		mounts[n].mountpoint_len = (unsigned char)strlen(points[n]);
		mounts[n].origin_protocol = LWSMPRO_HTTP;
		mounts[n].mount_next = n < 3 ? &mounts[n + 1] : NULL;
	}
	mounts[0].origin = where;
	mounts[1].origin = gone;
	mounts[2].origin = unix_where;
	mounts[3].origin = "no.such.host.invalid";
	i.protocols = protocols;
	i.mounts = mounts;
	i.timeout_secs = 30;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	p.fd = -1;
	pump(&cx, 4);
	before = open_descriptors();
	plain();
	bodies();
	targets();
	hostile();
	goners();
	upgrade();
	slow();
	unix_origin(unix_path);
	origin_drop(&server);
	turn(20);
	CHECK(created == destroyed && created == closed);
	CHECK(filtered > 30);
	CHECK(open_descriptors() == before);
	puts("-- destroyed with a request under way");
	ask("GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
	lws_context_destroy(cx);
	/* the listener ends too */
	CHECK(created + 1 == destroyed && created == closed);
	peer_close(&p);
	origin_close(&server);
	return 0;
}
