/*
 * A large file whose client takes it quicker than it can come: the socket
 * never fills, and still the service thread goes round, so that others have
 * their turn.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define LEN (64 * 1024 * 1024)

static struct lws_context *cx;
static int completed;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_HTTP_FILE_COMPLETION)
		completed++;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/f", .mountpoint_len = 2, .origin = "turns.dir",
	.origin_protocol = LWSMPRO_FILE
};

/* drops everything that comes, unread and so quicker than it can come, until
 * the server hangs up; how much it was */
static void *
swallow(void *arg)
{
	struct pollfd pfd = { .fd = *(int *)arg, .events = POLLIN };
	static size_t total;
	ssize_t got;

	do {
		CHECK(poll(&pfd, 1, 20000) == 1);
		got = recv(pfd.fd, NULL, 4 << 20, MSG_TRUNC);
		total += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	return &total;
}

int
main(void)
{
	static struct peer p;
	struct lws_context_creation_info i;
	pthread_t thread;
	void *total;
	int turns = 0;

	CHECK(!system("mkdir turns.dir"));
	CHECK(!fclose(fopen("turns.dir/huge.txt", "w")));
	CHECK(!truncate("turns.dir/huge.txt", LEN));
	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	CHECK(peer_open(&p, default_port(cx)) >= 0);
	peer_say(&p, "GET /f/huge.txt HTTP/1.0\r\n\r\n");
	CHECK(!pthread_create(&thread, NULL, swallow, &p.fd));
	while (!completed && turns++ < 1000000)
		lws_service(cx, 0);
	pump(&cx, 3);
	CHECK(!pthread_join(thread, &total));
	CHECK(*(size_t *)total > LEN);
	CHECK(turns >= LEN / (1024 * 1024) / 2);
	peer_close(&p);
	lws_context_destroy(cx);
	return 0;
}
