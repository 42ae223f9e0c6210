/*
 * lws_service called by several threads in turn under the program's own lock,
 * as old programs do; a connection is served by whichever thread has it.
 */
#include <libwebsockets.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "peer.h"

static struct lws_context *cx;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int stop;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	unsigned char b[LWS_PRE + 16];

	if (reason == LWS_CALLBACK_RECEIVE && len <= 16) {
		memcpy(b + LWS_PRE, in, len);
		return lws_write(wsi, b + LWS_PRE, len, LWS_WRITE_TEXT) < 0;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *
service(void *arg)
{
	(void)arg;
	while (!stop) {
		pthread_mutex_lock(&lock);
		for (int n = 0; n < 5; n++)
			lws_service(cx, -1);
		pthread_mutex_unlock(&lock);
		poll(NULL, 0, 1);
	}
	return NULL;
}

int
main(void)
{
	struct lws_context_creation_info i;
	pthread_t threads[4];
	struct peer p;
	int port;

	quiet_info(&i, 120);
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	for (int n = 0; n < 4; n++)
		CHECK(!pthread_create(&threads[n], NULL, service, NULL));
	CHECK(!peer_open(&p, port));
	peer_upgrade(&p, "p0");
	while (!peer_has(&p, "\r\n\r\n")) {
		peer_read(&p);
		poll(NULL, 0, 1);
	}
	for (int n = 0; n < 100; n++) {
		char msg[16];

		peer_reset(&p);
		snprintf(msg, sizeof(msg), "m%d", n);
		peer_frame(&p, 0x81, msg, strlen(msg));
		while (!p.eof && p.len < strlen(msg) + 2) {
			peer_read(&p);
			poll(NULL, 0, 1);
		}
		CHECK(!p.eof && peer_has(&p, msg));
	}
	stop = 1;
	for (int n = 0; n < 4; n++)
		pthread_join(threads[n], NULL);
	lws_context_destroy(cx);
	puts("100 messages answered");
	return 0;
}
