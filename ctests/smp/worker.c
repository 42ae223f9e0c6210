/*
 * A program answers from a worker thread while the service thread is in a
 * callback: the call has its turn as soon as that callback is over, as
 * rtpengine's workers expect.
 * ctest:
 */
#include <libwebsockets.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static struct lws *asked;
static sem_t begun;
static int answered, in_callback;

static void *
worker(void *arg)
{
	unsigned char buf[LWS_PRE + 200], *start = buf + LWS_PRE, *p = start;

	(void)arg;
	sem_wait(&begun);
	CHECK(__atomic_load_n(&in_callback, __ATOMIC_SEQ_CST));
	CHECK(!lws_add_http_header_status(asked, 200, &p, buf + sizeof(buf)));
	CHECK(!lws_finalize_http_header(asked, &p, buf + sizeof(buf)));
	CHECK(p > start);
	__atomic_store_n(&answered, 1, __ATOMIC_SEQ_CST);
	lws_callback_on_writable(asked);
	lws_cancel_service(cx);

	return NULL;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	static unsigned char text[LWS_PRE + 100];
	int n;

	if (reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		pump_events++;
	if (reason == LWS_CALLBACK_HTTP) {
		asked = wsi;
		__atomic_store_n(&in_callback, 1, __ATOMIC_SEQ_CST);
		sem_post(&begun);
		/* the worker runs into the call meanwhile */
		usleep(50000);
		__atomic_store_n(&in_callback, 0, __ATOMIC_SEQ_CST);
		return 0;
	}
	if (reason == LWS_CALLBACK_HTTP_WRITEABLE &&
	    __atomic_load_n(&answered, __ATOMIC_SEQ_CST)) {
		n = lws_snprintf((char *)text + LWS_PRE, 100,
				 "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"
				 "\r\nok");
		lws_write(wsi, text + LWS_PRE, (size_t)n, LWS_WRITE_HTTP);
		return -1;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

int
main(void)
{
	struct lws_context_creation_info i;
	static struct peer peer;
	pthread_t thread;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	sem_init(&begun, 0, 0);
	CHECK(!pthread_create(&thread, NULL, worker, NULL));
	CHECK(!peer_open(&peer, default_port(cx)));
	peer_say(&peer, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	for (int k = 0; k < 5000 && !peer_has(&peer, "\r\n\r\nok"); k++) {
		pump(&cx, 2);
		peer_read(&peer);
		poll(NULL, 0, 1); /* on a busy machine the worker comes late */
	}
	CHECK(peer_has(&peer, "\r\n\r\nok"));
	pthread_join(thread, NULL);
	lws_context_destroy(cx);
	peer_close(&peer);
	puts("answered");

	return 0;
}
