/*
 * A protocol learns only in PROTOCOL_INIT how much memory its connections need.
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	const struct lws_protocols *p;
	char *own;

	(void)in; (void)len;
	pump_events++;
	if (reason == LWS_CALLBACK_PROTOCOL_INIT) {
		p = lws_get_protocol(wsi);
		own = lws_adjust_protocol_psds(wsi, 64);
		printf("%s: user %d, then %d, size %d\n", p->name, !!user, !!own,
		       (int)p->per_session_data_size);
		memset(own, 7, 64);
		own = lws_adjust_protocol_psds(wsi, 32);
		printf("again %d, size %d\n", !!own, (int)p->per_session_data_size);
	}
	if (reason == LWS_CALLBACK_RAW_ADOPT)
		printf("connection: %d, zero %d\n", !!user, user && !((char *)user)[31]);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ "p1", callback, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

int
main(void)
{
	struct lws_context_creation_info i;
	lws_sock_file_fd_type own;
	int fds[2];

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	own.sockfd = fds[0];
	CHECK(lws_adopt_descriptor_vhost(lws_get_vhost_by_name(cx, "default"), LWS_ADOPT_SOCKET, own, "p1", NULL));
	pump(&cx, 3);
	printf("the program's own entry: %d\n", (int)protocols[1].per_session_data_size);
	lws_context_destroy(cx);
	close(fds[1]);
	return 0;
}
