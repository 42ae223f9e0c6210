/*
 * Deeds in CHILD_CLOSING, and in the last callbacks of parents and children:
 * closing each other, making new children, destroying the context. The
 * reference crashes. ctest: only=ours
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

enum deed { NOTHING, KILL_PARENT, KILL_CHILD, ADOPT_MORE, DESTROY, DEEDS };

static const enum lws_callback_reasons places[] = {
	LWS_CALLBACK_CHILD_CLOSING, LWS_CALLBACK_RAW_CLOSE,
	LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL,
};

static struct lws_context *cx;
static struct lws *parent, *children[3];
static enum lws_callback_reasons place;
static enum deed deed;
static int done, far[8], count;

static struct lws *
adopt(struct lws *of)
{
	struct lws_vhost *vh = lws_get_vhost_by_name(cx, "default");
	lws_sock_file_fd_type fd;
	int sp[2];

	CHECK(count < 8);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	far[count++] = sp[1];
	fd.sockfd = sp[0];
	return lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "raw", of);
}

static void
act(struct lws *wsi)
{
	done = 1;
	switch (deed) {
	case KILL_PARENT:
		lws_set_timeout(parent, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_SYNC);
		break;
	case KILL_CHILD:
		for (int n = 0; n < 3; n++)
			lws_set_timeout(children[n], PENDING_TIMEOUT_USER_OK,
					LWS_TO_KILL_SYNC);
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_SYNC);
		break;
	case ADOPT_MORE:
		adopt(parent);
		adopt(wsi);
		break;
	case DESTROY:
		lws_context_destroy(cx);
		break;
	default:
		break;
	}
}

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	pump_events++;
	if (reason == place && !done)
		act(wsi);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "raw", cb, 16, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
run(int leaves)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	i.protocols = protocols;
	i.pcontext = &cx;
	done = count = 0;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	parent = adopt(NULL);
	for (int n = 0; n < 3; n++)
		children[n] = adopt(parent);
	pump(&cx, 3);
	/* the parent's far end, or the second child's */
	shutdown(far[leaves ? 2 : 0], SHUT_RDWR);
	pump(&cx, 6);
	CHECK(done || place == LWS_CALLBACK_CHILD_CLOSING);
	if (cx)
		lws_context_destroy(cx);
	CHECK(!cx);
	while (count)
		close(far[--count]);
}

int
main(void)
{
	int before = open_descriptors();

	for (unsigned int p = 0; p < LWS_ARRAY_SIZE(places); p++)
		for (deed = NOTHING; deed < DEEDS; deed++)
			for (int leaves = 0; leaves < 2; leaves++) {
				place = places[p];
				run(leaves);
			}
	CHECK(open_descriptors() == before);
	puts("done");
	return 0;
}
