/*
 * count_threads is 4, but the program only ever calls lws_service: what the
 * reference makes of it is one thread, so nothing may end up on the others.
 * ctest:
 */
#include <libwebsockets.h>
#include <stdio.h>

#include "peer.h"

#define CONNS 12

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	if (reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		pump_events++;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

int
main(void)
{
	static struct peer peers[CONNS];
	struct lws_context_creation_info i;
	int port;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.count_threads = 4;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	for (int n = 0; n < CONNS; n++) {
		CHECK(!peer_open(&peers[n], port));
		peer_upgrade(&peers[n], "p0");
	}
	for (int n = 0; n < CONNS; n++) {
		for (int k = 0; k < 1000 && !peer_has(&peers[n], "\r\n\r\n");
		     k++) {
			pump(&cx, 2);
			peer_read(&peers[n]);
		}
		CHECK(peer_has(&peers[n], "101 Switching"));
	}
	lws_context_destroy(cx);
	CHECK(!cx);
	for (int n = 0; n < CONNS; n++)
		peer_close(&peers[n]);
	puts("all served");
	return 0;
}
