/*
 * A listener, pages and a websocket driven only through lws_service_fd from
 * the program's own poll array. ctest: only=ours
 */
#include <stdlib.h>
#include <unistd.h>

#include "own.h"

static struct lws_context *cx;
static int timers, cancels;
static lws_sorted_usec_list_t sul;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	static unsigned char big[LWS_PRE + 200000];
	unsigned char b[LWS_PRE + 64];

	if (own_callback(reason, in))
		return 0;
	pump_events += reason != LWS_CALLBACK_GET_THREAD_ID;
	switch (reason) {
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		cancels++;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (len == 3)
			lws_rx_flow_control(wsi, 0);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		memcpy(b + LWS_PRE, "echo", 4);
		lws_rx_flow_control(wsi, 1);
		if (lws_write(wsi, b + LWS_PRE, 4, LWS_WRITE_TEXT) < 0)
			return -1;
		return lws_write(wsi, big + LWS_PRE, sizeof(big) - LWS_PRE,
				 LWS_WRITE_BINARY) < 0;
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

static void
tick(lws_sorted_usec_list_t *s)
{
	(void)s;
	timers++;
}

static void
expect(struct peer *p, const char *text, size_t len)
{
	for (int n = 0; n < 5000 && !p->eof &&
			(p->len < len || !peer_has(p, text)); n++) {
		own_pump(cx);
		peer_read(p);
	}
	CHECK(peer_has(p, text) && p->len >= len);
	peer_reset(p);
}

static void
foreign_fd(void)
{
	int fds[2];
	struct pollfd pfd;

	CHECK(!pipe(fds));
	CHECK(write(fds[1], "x", 1) == 1);
	pfd.fd = fds[0];
	pfd.events = POLLIN;
	CHECK(poll(&pfd, 1, 0) == 1);
	CHECK(lws_service_fd(cx, &pfd) == 0);
	/* not one of the library's: revents is left for the program */
	CHECK(pfd.revents == POLLIN);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	static struct peer p, w;
	struct lws_context_creation_info i;
	int port, before;

	quiet_info(&i, 120);
	i.protocols = protocols;
	i.mounts = &files;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx && own_adds >= 1);
	port = default_port(cx);
	own_pump(cx);
	CHECK(!peer_open(&p, port));
	peer_say(&p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	expect(&p, "hello index", 100);
	peer_say(&p, "GET /big.txt HTTP/1.1\r\nHost: x\r\n\r\n");
	expect(&p, "200 OK", 300000);
	CHECK(!peer_open(&w, port));
	peer_upgrade(&w, "p0");
	expect(&w, "101 Switching", 100);
	for (int n = 0; n < 5; n++) {
		peer_frame(&w, 0x81, "four", 4);
		expect(&w, "echo", 200000);
		peer_frame(&w, 0x81, "off", 3);
		expect(&w, "echo", 200000);
	}
	foreign_fd();

	lws_sul_schedule(cx, 0, &sul, tick, 20000);
	for (int n = 0; n < 1000 && !timers; n++)
		own_turn(cx, 5);
	CHECK(timers == 1);

	before = cancels;
	lws_cancel_service(cx);
	own_pump(cx);
	CHECK(cancels > before);

	peer_close(&p);
	peer_frame(&w, 0x88, "\x03\xe8", 2);
	expect(&w, "\x88\x02\x03\xe8", 4);
	own_pump(cx);
	peer_read(&w);
	CHECK(w.eof);
	lws_context_destroy(cx);
	CHECK(!cx);
	CHECK(own_adds == own_dels && !own_count && !own_locked);
	CHECK(own_changes > 0);
	puts("served");
	return 0;
}
