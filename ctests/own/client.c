/*
 * Clients and servers that mean harm, or only differ: what breaks the
 * reference must be refused or read right, and told exactly once. Then the
 * context is destroyed at every stage of a connect.
 * ctest: only=ours waits
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "origin.h"
#include "peer.h"

static struct lws_context *cx;
static struct origin server;
static char body[256], error[256];
static size_t body_len;
static int completed, destroyed, errors, closed, reads_later, kill_at;
static struct lws *late;

static int
take(struct lws *wsi)
{
	static char buf[2048];
	char *px = buf;
	int n = sizeof(buf);

	return lws_http_client_read(wsi, &px, &n);
}

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	(void)user;
	pump_events++;
	if (kill_at && kill_at == (int)reason + 1) {
		lws_context_destroy(cx);
		kill_at = 0;
		return 0;
	}
	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		errors++;
		snprintf(error, sizeof(error), "%s", in ? (char *)in : "");
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		if (reads_later) {
			late = wsi;
			return 0;
		}
		return take(wsi) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		CHECK(len <= 2048);
		if (body_len + len < sizeof(body))
			memcpy(body + body_len, in, len);
		body_len += len;
		return 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		completed++;
		return 0;
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_RAW_CLOSE:
		closed++;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "c", cb, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
create(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.timeout_secs = 2;
	i.connect_timeout_secs = 2;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
}

static void
begin(const char *address, int port, const char *method)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	memset(body, 0, sizeof(body));
	memset(error, 0, sizeof(error));
	body_len = 0;
	completed = destroyed = errors = closed = 0;
	i.context = cx;
	i.address = i.host = address;
	i.port = port;
	i.path = "/";
	i.method = method;
	i.local_protocol_name = "c";
	CHECK(lws_client_connect_via_info(&i));
}

static void
turn(int times)
{
	while (times-- && cx) {
		if (lws_service(cx, -1) < 0)
			return;
		origin_accept(&server);
		origin_read(&server);
		poll(NULL, 0, 1);
	}
}

static void
until_destroyed(void)
{
	time_t start = time(NULL);

	while (!destroyed && time(NULL) - start < 20)
		turn(1);
	CHECK(destroyed == 1);
}

static void
ask(const char *method, const char *answer)
{
	origin_drop(&server);
	begin("127.0.0.1", server.port, method);
	for (int n = 0; n < 5000 && !origin_has(&server, "\r\n\r\n"); n++)
		turn(1);
	origin_send(&server, answer, strlen(answer));
}

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static void
good(void)
{
	static const struct {
		const char *method, *text, *body;
	} all[] = {
		{ "GET", OK "Content-Length: 5\r\n\r\nhelloEXTRA", "hello" },
		{ "GET", "HTTP/1.1 100 Continue\r\n\r\n" OK
			 "Content-Length: 2\r\n\r\nhi", "hi" },
		{ "GET", OK "Transfer-Encoding: Chunked\r\n\r\n5;a=\"b\"\r\n"
			 "hello\r\n0\r\nT: railer\r\n\r\n", "hello" },
		{ "GET", "HTTP/1.1 204 None\r\n\r\n", "" },
		{ "GET", "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", "" },
		{ "HEAD", OK "Content-Length: 500\r\n\r\n", "" },
	};

	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++) {
		ask(all[n].method, all[n].text);
		until_destroyed();
		CHECK(completed == 1 && closed == 1 && !errors);
		CHECK(!strcmp(body, all[n].body));
	}
}

static void
bad(void)
{
	static const char *const heads[] = {
		OK "Content-Length: -1\r\n\r\n",
		OK "Content-Length: -9223372036854775808\r\n\r\n",
		OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		OK "X: a\rb\r\n\r\n", "foo bar baz\r\n\r\n",
		"HTTP/1.1 2000 Many\r\n\r\n", "\x15\x03\x01\x02\x03\x04\x05",
	}, *const bodies[] = {
		CHUNKED "80000000\r\nabc", CHUNKED "ffffffff\r\nabc",
		CHUNKED "100000005\r\nabc", CHUNKED "ffffffffffffffff\r\nabc",
		CHUNKED "-1\r\nabc", CHUNKED "3\r\nabcd\r\n0\r\n\r\n",
		OK "Content-Length: 4000000000\r\n\r\nabc",
	};
	static char many[300000];
	size_t at;

	for (size_t n = 0; n < LWS_ARRAY_SIZE(heads); n++) {
		ask("GET", heads[n]);
		until_destroyed();
		CHECK(errors == 1 && !completed && !closed);
		puts(error);
	}
	for (size_t n = 0; n < LWS_ARRAY_SIZE(bodies); n++) {
		ask("GET", bodies[n]);
		turn(20);
		origin_drop(&server);
		until_destroyed();
		CHECK(!errors && !completed && closed == 1);
		CHECK(body_len <= 3);
	}
	at = (size_t)sprintf(many, OK);
	while (at < sizeof(many) - 20)
		at += (size_t)sprintf(many + at, "X: yyyyyyyyyyyy\r\n");
	ask("GET", many);
	until_destroyed();
	CHECK(errors == 1 && !closed);
	puts(error);
	puts("-- no answer");
	ask("GET", "");
	until_destroyed();
	CHECK(errors == 1 && !closed);
	puts(error);
	puts("-- an endless status line");
	memset(many, 'x', sizeof(many) - 1);
	memcpy(many, "HTTP/1.1 200 ", 13);
	ask("GET", many);
	until_destroyed();
	CHECK(errors == 1);
	puts(error);
}

/* 101 as it should be, and then this */
static void
ws(const char *more, const char *frames, size_t len)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char b[512], hash[20], accept[64], *key;
	int n;

	origin_drop(&server);
	begin("127.0.0.1", server.port, NULL);
	for (n = 0; n < 5000 && !origin_has(&server, "\r\n\r\n"); n++)
		turn(1);
	key = strstr(server.got, "Sec-WebSocket-Key: ");
	CHECK(key);
	snprintf(b, sizeof(b), "%.24s%s", key + 19, guid);
	lws_SHA1((unsigned char *)b, strlen(b), (unsigned char *)hash);
	lws_b64_encode_string(hash, 20, accept, sizeof(accept));
	n = snprintf(b, sizeof(b), "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n"
		     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
		     "%s\r\n", accept, more);
	server.len = 0;
	origin_send(&server, b, (size_t)n);
	origin_send(&server, frames, len);
}

static void
websockets(void)
{
	puts("-- masked frame of a server");
	ws("", "\x81\x82zzzzhi", 8);
	for (int n = 0; n < 2000 && server.len < 8; n++)
		turn(1);
	/* 1002 in a masked close frame */
	CHECK((unsigned char)server.got[0] == 0x88);
	CHECK((unsigned char)(server.got[6] ^ server.got[2]) == 0x03 &&
	      (unsigned char)(server.got[7] ^ server.got[3]) == 0xea);
	origin_drop(&server);
	until_destroyed();
	CHECK(!errors && closed == 1);
	puts("-- extensions that nobody asked for");
	ws("Sec-WebSocket-Extensions: permessage-deflate, "
	   "permessage-deflate\r\n", "", 0);
	until_destroyed();
	CHECK(errors == 1 && !closed);
	puts(error);
}

static void
later(void)
{
	puts("-- read when the program likes");
	reads_later = 1;
	ask("GET", OK "Content-Length: 11\r\n\r\nhello");
	for (int n = 0; n < 5000 && !late; n++)
		turn(1);
	CHECK(late && !body_len);
	origin_send(&server, " world", 6);
	turn(20);
	CHECK(!body_len && !destroyed);
	CHECK(take(late) == 0 && body_len == 5);
	reads_later = 0;
	until_destroyed();
	CHECK(!strcmp(body, "hello world") && completed == 1);
}

static void
names(void)
{
	puts("-- names");
	begin("no.such.host.invalid", 80, "GET");
	CHECK(!errors);
	until_destroyed();
	CHECK(errors == 1 && !closed && strstr(error, "no.such.host.invalid"));
	origin_drop(&server);
	begin("localhost", server.port, "GET");
	for (int n = 0; n < 5000 && !origin_has(&server, "\r\n\r\n"); n++)
		turn(1);
	CHECK(origin_has(&server, "Host: localhost\r\n"));
	origin_drop(&server);
	until_destroyed();
	CHECK(errors == 1);
}

/* a listener whose queue is full: connects hang */
static int
full_listener(int *fds, int *port)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!bind(fds[0], (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(fds[0], 0));
	CHECK(!getsockname(fds[0], (struct sockaddr *)&a, &len));
	*port = ntohs(a.sin_port);
	for (int n = 1; n < 4; n++) {
		fds[n] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(fds[n], (struct sockaddr *)&a, sizeof(a)))
			CHECK(errno == EINPROGRESS);
	}
	return 4;
}

static void
stages(void)
{
	static const int in[] = {
		LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL,
		LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED,
		LWS_CALLBACK_WSI_CREATE,
		LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER,
		LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH,
		LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP,
		LWS_CALLBACK_RECEIVE_CLIENT_HTTP,
		LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ,
		LWS_CALLBACK_COMPLETED_CLIENT_HTTP,
		LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL,
		LWS_CALLBACK_CLOSED_CLIENT_HTTP,
		LWS_CALLBACK_WSI_DESTROY,
	};
	int fds[4], port, count = full_listener(fds, &port);

	puts("-- time is up while it connects");
	begin("127.0.0.1", port, "GET");
	until_destroyed();
	CHECK(errors == 1 && strstr(error, "closed before established"));
	puts("-- destroyed while it connects, looks up, waits");
	begin("127.0.0.1", port, "GET");
	turn(3);
	lws_context_destroy(cx);
	CHECK(destroyed == 1 && errors == 1 && !closed);
	create();
	begin("some.host.invalid", 80, "GET");
	lws_context_destroy(cx);
	CHECK(destroyed == 1 && errors == 1 && !closed);
	create();
	begin("some.host.invalid", 80, "RAW");
	lws_context_destroy(cx);
	CHECK(destroyed == 1 && errors == 1);
	create();
	ask("GET", "");
	lws_context_destroy(cx);
	CHECK(destroyed == 1 && !errors && closed == 1);
	for (size_t n = 0; n < LWS_ARRAY_SIZE(in); n++) {
		struct lws_client_connect_info i;

		printf("-- destroyed inside callback %d\n", in[n]);
		create();
		origin_drop(&server);
		memset(&i, 0, sizeof(i));
		i.context = cx;
		i.address = i.host = "127.0.0.1";
		i.port = server.port;
		i.path = "/";
		i.method = "GET";
		i.local_protocol_name = "c";
		destroyed = errors = 0;
		kill_at = in[n] + 1;
		lws_client_connect_via_info(&i);
		for (int k = 0; k < 500 && cx; k++) {
			turn(1);
			/* one that came before */
			if (server.eof)
				origin_drop(&server);
			if (origin_has(&server, "\r\n\r\n")) {
				server.len = 0;
				origin_send(&server, OK "Content-Length: 2\r\n"
					    "\r\nhi", strlen(OK) + 23);
			}
		}
		CHECK(!cx);
		CHECK(destroyed + (in[n] == LWS_CALLBACK_WSI_DESTROY) == 1);
	}
	while (count--)
		close(fds[count]);
}

int
main(void)
{
	origin_open(&server);
	create();
	good();
	bad();
	websockets();
	later();
	names();
	stages();
	origin_close(&server);
	return 0;
}
