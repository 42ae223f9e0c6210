/*
 * The loop of most programs: lws_service(context, 0) in a thread, which waits
 * in the kernel. Pages, websockets and lws_cancel_service from outside get
 * through; the thread ends when it is told to.
 */
#include <libwebsockets.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

static struct lws_context *cx;
static atomic_int stop, cancels;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	unsigned char b[LWS_PRE + 8];

	switch (reason) {
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		cancels++;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		memcpy(b + LWS_PRE, "echo", 4);
		return lws_write(wsi, b + LWS_PRE, 4, LWS_WRITE_TEXT) < 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount files = {
	.mountpoint = "/", .origin = "www", .def = "index.html",
	.origin_protocol = LWSMPRO_FILE, .mountpoint_len = 1,
};

static void *
service(void *arg)
{
	int *last = arg;

	while (!stop && *last >= 0)
		*last = lws_service(cx, 0);
	return NULL;
}

static void
expect(struct peer *p, const char *text)
{
	for (int n = 0; n < 20000 && !peer_has(p, text) && !p->eof; n++) {
		peer_read(p);
		poll(NULL, 0, 1);
	}
	CHECK(peer_has(p, text));
	printf("got %s\n", text);
	peer_reset(p);
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct peer p, w;
	pthread_t t;
	int port, last = 0, before;

	quiet_info(&i, 120);
	i.protocols = protocols;
	i.mounts = &files;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	CHECK(!pthread_create(&t, NULL, service, &last));
	CHECK(!peer_open(&p, port));
	peer_say(&p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	expect(&p, "hello index");
	peer_say(&p, "GET /a.css HTTP/1.1\r\nHost: x\r\n\r\n");
	expect(&p, "body{}");
	CHECK(!peer_open(&w, port));
	peer_upgrade(&w, "p0");
	expect(&w, "Sec-WebSocket-Protocol: p0");
	for (int n = 0; n < 3; n++) {
		peer_frame(&w, 0x81, "x", 1);
		expect(&w, "echo");
	}
	for (int n = 0; n < 3; n++) {
		before = cancels;
		lws_cancel_service(cx);
		for (int k = 0; k < 20000 && cancels == before; k++)
			poll(NULL, 0, 1);
		CHECK(cancels > before);
	}
	puts("cancelled 3 times");
	stop = 1;
	lws_cancel_service(cx);
	pthread_join(t, NULL);
	printf("lws_service=%d\n", last);
	lws_context_destroy(cx);
	printf("context %s\n", cx ? "there" : "NULL");
	return 0;
}
