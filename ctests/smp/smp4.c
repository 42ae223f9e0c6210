/*
 * Four service threads. Connections spread over them, all callbacks of one
 * connection come on one thread, and no thread serves another's.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "peer.h"

#define THREADS 4
#define CONNS 40
#define MESSAGES 25

static struct lws_context *cx;
static atomic_int stop, wrong, established[THREADS], closed, entered;
static pthread_t threads[THREADS];
static _Thread_local int my_tsi = -1;
static struct peer peers[CONNS];

struct session {
	int tsi;	/* 1 + the thread that we were established on */
	size_t len;
	char msg[64];
};

static int
on_own_thread(struct lws *wsi)
{
	return my_tsi == lws_get_tsi(wsi) && lws_wsi_tsi(wsi) == my_tsi;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	struct session *s = user;
	unsigned char b[LWS_PRE + sizeof(s->msg)];

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		if (!on_own_thread(wsi))
			wrong++;
		else
			established[my_tsi]++;
		s->tsi = my_tsi + 1;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (s->tsi != my_tsi + 1 || !on_own_thread(wsi))
			wrong++;
		s->len = len < sizeof(s->msg) ? len : sizeof(s->msg);
		memcpy(s->msg, in, s->len);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (s->tsi != my_tsi + 1 || !on_own_thread(wsi))
			wrong++;
		if (!s->len)
			return 0;
		memcpy(b + LWS_PRE, s->msg, s->len);
		len = s->len;
		s->len = 0;
		return lws_write(wsi, b + LWS_PRE, len, LWS_WRITE_TEXT) < 0;
	case LWS_CALLBACK_CLOSED:
		if (s->tsi != my_tsi + 1)
			wrong++;
		closed++;
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *
service(void *arg)
{
	my_tsi = (int)(intptr_t)arg;
	/* once without waiting, so that the thread is known to be there */
	lws_service_tsi(cx, -1, my_tsi);
	entered++;
	while (!stop && lws_service_tsi(cx, 0, my_tsi) >= 0)
		;
	return NULL;
}

static int
all_have(const char *text)
{
	int n = 0;

	for (int k = 0; k < CONNS; k++) {
		peer_read(&peers[k]);
		CHECK(!peers[k].eof);
		n += peer_has(&peers[k], text);
	}
	return n == CONNS;
}

#define AWAIT(cond) \
	do { \
		for (int tries = 0; !(cond) && tries < 20000; tries++) \
			poll(NULL, 0, 1); \
		CHECK(cond); \
	} while (0)

int
main(void)
{
	struct lws_context_creation_info i;
	int port, used = 0;

	quiet_info(&i, 300);
	i.protocols = protocols;
	i.count_threads = THREADS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	CHECK(lws_get_count_threads(cx) == THREADS);
	port = default_port(cx);
	for (int n = 0; n < THREADS; n++)
		CHECK(!pthread_create(&threads[n], NULL, service,
				      (void *)(intptr_t)n));
	AWAIT(entered == THREADS);
	for (int n = 0; n < CONNS; n++) {
		CHECK(!peer_open(&peers[n], port));
		peer_upgrade(&peers[n], "p0");
	}
	AWAIT(all_have("\r\n\r\n"));
	for (int m = 0; m < MESSAGES; m++) {
		char msg[32];

		snprintf(msg, sizeof(msg), "message-%d.", m);
		for (int n = 0; n < CONNS; n++) {
			peer_reset(&peers[n]);
			peer_frame(&peers[n], 0x81, msg, strlen(msg));
		}
		AWAIT(all_have(msg));
	}
	for (int n = 0; n < CONNS; n++)
		peer_close(&peers[n]);
	AWAIT(closed == CONNS);
	stop = 1;
	lws_cancel_service(cx);
	for (int n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);
	for (int n = 0; n < THREADS; n++)
		used += established[n] >= CONNS / THREADS / 2;
	CHECK(used == THREADS);
	CHECK(!wrong);
	lws_context_destroy(cx);
	CHECK(!cx);
	puts("done");
	return 0;
}
