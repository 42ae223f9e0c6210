/*
 * A positive timeout is the longest wait (documented difference: the
 * reference ignores it). ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <stdio.h>

#include "peer.h"

static const struct lws_protocols protocols[] = {
	{ "p0", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

int
main(void)
{
	struct lws_context_creation_info i;
	struct lws_context *cx;
	lws_usec_t start;
	long ms;

	quiet_info(&i, 60);
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	for (int n = 0; n < 10; n++)
		CHECK(lws_service(cx, -1) == 0);
	for (int n = 0; n < 3; n++) {
		start = lws_now_usecs();
		CHECK(lws_service(cx, 100) == 0);
		ms = (long)((lws_now_usecs() - start) / 1000);
		CHECK(ms >= 99 && ms < 3000);
	}
	/* a tick without a descriptor */
	CHECK(lws_service_fd(cx, NULL) == 0);
	lws_context_destroy(cx);
	puts("waited");
	return 0;
}
