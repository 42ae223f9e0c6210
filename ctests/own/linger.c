/*
 * A peer that goes on sending behind a refused request can read the answer:
 * the connection is gone for the program, but its socket is not reset.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static int destroyed;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		destroyed++;
	if (reason == LWS_CALLBACK_HTTP) {
		lws_return_http_status(wsi, 413, "too much");
		return -1;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct peer p;
static char much[100000];

/* sends the head, lets the server end it, sends on, then reads */
static void
refused(const char *head, const char *status)
{
	int before = open_descriptors(), ends = destroyed;

	CHECK(peer_open(&p, default_port(cx)) >= 0);
	peer_say(&p, head);
	pump(&cx, 3);
	CHECK(destroyed == ends + 1);
	for (int n = 0; n < 20; n++) {
		ssize_t sent = send(p.fd, much, sizeof(much), MSG_NOSIGNAL |
				    MSG_DONTWAIT);

		CHECK(sent > 0 || errno == EAGAIN);
		pump(&cx, 3);
	}
	peer_read(&p);
	CHECK(peer_has(&p, status));
	CHECK(p.eof);
	/* no reset came */
	CHECK(send(p.fd, much, 1, MSG_NOSIGNAL) == 1);
	pump(&cx, 3);
	CHECK(open_descriptors() == before + 2);
	peer_close(&p);
	pump(&cx, 3);
	CHECK(open_descriptors() == before);
}

int
main(void)
{
	struct lws_context_creation_info i;
	int before;

	quiet_info(&i, 60);
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	refused("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"
		"\r\n", "HTTP/1.1 413 ");
	refused("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
		"Content-Length: 1\r\n\r\n", "HTTP/1.0 400 ");
	refused("what is this\r\n", "HTTP/1.0 403 ");

	/* a context goes while such a socket waits */
	before = open_descriptors();
	CHECK(peer_open(&p, default_port(cx)) >= 0);
	peer_say(&p, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
	pump(&cx, 3);
	CHECK(open_descriptors() == before + 2);
	lws_context_destroy(cx);
	CHECK(open_descriptors() < before + 1);
	return 0;
}
