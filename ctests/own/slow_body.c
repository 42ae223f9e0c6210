/*
 * A body that comes a byte at a time, each in time for the limit between two
 * pieces: it is given up all the same. A body of some length and pace is not.
 * ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_HTTP || reason == LWS_CALLBACK_HTTP_BODY)
		return 0;
	if (reason == LWS_CALLBACK_HTTP_BODY_COMPLETION)
		return lws_return_http_status(wsi, 200, "all of it") < 0 ||
		       lws_http_transaction_completed(wsi) ? -1 : 0;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct peer slow, fine;

int
main(void)
{
	struct lws_context_creation_info i;
	char head[128], piece[64];
	int n = 0;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.timeout_secs = 1;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	CHECK(peer_open(&slow, default_port(cx)) >= 0);
	CHECK(peer_open(&fine, default_port(cx)) >= 0);
	snprintf(head, sizeof(head), "POST /x HTTP/1.1\r\nHost: x\r\n"
		 "Content-Length: %d\r\n\r\n", 32 * (int)sizeof(piece));
	peer_say(&slow, head);
	peer_say(&fine, head);
	memset(piece, 'x', sizeof(piece));
	/* 32 pieces in 8 seconds: 256 bytes a second, or 4 */
	for (; n < 32; n++) {
		if (!slow.eof)
			peer_send(&slow, piece, 1);
		peer_send(&fine, piece, sizeof(piece));
		usleep(250000);
		pump(&cx, 2);
		peer_read(&slow);
		peer_read(&fine);
		CHECK(!slow.eof || n > 20);
	}
	CHECK(slow.eof);
	CHECK(peer_has(&slow, "HTTP/1.1 408 "));
	CHECK(!fine.eof && peer_has(&fine, "all of it"));
	lws_context_destroy(cx);
	return 0;
}
