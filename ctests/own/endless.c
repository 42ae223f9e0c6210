/*
 * What a program leaves behind must not hold the service loop up: a call that
 * leaves itself again each time, a UDP connection on what is no socket.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static int calls, received, destroyed;

static int
attach(struct lws_context *context, int tsi, lws_attach_cb_t cb,
       lws_system_states_t state, void *opaque, struct lws_attach_item **get)
{
	return __lws_system_attach(context, tsi, cb, state, opaque, get);
}

static void
again(struct lws_context *context, int tsi, void *opaque)
{
	/* a limit of the test's own, so that it ends where the library has none */
	if (++calls < 1000000)
		attach(context, tsi, again, LWS_SYSTATE_CONTEXT_CREATED, opaque, NULL);
}

static const lws_system_ops_t ops = { .attach = attach };

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	(void)wsi;
	(void)user;
	(void)in;
	(void)len;
	received += reason == LWS_CALLBACK_RAW_RX;
	destroyed += reason == LWS_CALLBACK_WSI_DESTROY;
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

int
main(void)
{
	struct lws_context_creation_info i;
	lws_sock_file_fd_type fd;
	int n, was, ends[2];

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.system_ops = &ops;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);

	attach(cx, 0, again, LWS_SYSTATE_CONTEXT_CREATED, NULL, NULL);
	lws_service(cx, -1);
	CHECK(calls > 0 && calls < 1000);
	/* and the loop does not sleep over those that wait */
	for (n = 0; n < 20; n++) {
		was = calls;
		lws_service(cx, 0);
		CHECK(calls > was);
	}
	calls = 1000000;
	lws_service(cx, -1);

	CHECK(!pipe(ends));
	CHECK(write(ends[1], "x", 1) == 1);
	fd.sockfd = ends[0];
	CHECK(lws_adopt_descriptor_vhost(lws_get_vhost_by_name(cx, "default"),
					 LWS_ADOPT_SOCKET | LWS_ADOPT_FLAG_UDP, fd,
					 "p0", NULL));
	for (n = 0; n < 20 && !destroyed; n++)
		lws_service(cx, -1);
	CHECK(destroyed == 1 && !received);
	close(ends[1]);
	lws_context_destroy(cx);
	return 0;
}
