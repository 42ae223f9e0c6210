/*
 * Calls from another thread while one is in the service: cancel and
 * callback_on_writable reach the owner, also while it waits; anything else is
 * refused without harm while a callback runs. ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <pthread.h>
#include <poll.h>
#include <stdatomic.h>

#include "names.h"
#include "peer.h"

#define ROUNDS 200

static struct lws_context *cx;
static _Atomic(struct lws *) target;
static atomic_int cancelled, writeable, stop, off_thread, hold, held;
static pthread_t service_thread;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	unsigned char b[LWS_PRE + 1] = { 0 };

	if (reason != LWS_CALLBACK_GET_THREAD_ID && service_thread &&
	    reason != LWS_CALLBACK_PROTOCOL_DESTROY &&
	    reason != LWS_CALLBACK_WSI_DESTROY &&
	    !pthread_equal(pthread_self(), service_thread) && !stop)
		off_thread++;
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		target = wsi;
		return 0;
	case LWS_CALLBACK_CLOSED:
		if (target == wsi)
			target = NULL;
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		while (hold) {
			held = 1;
			poll(NULL, 0, 1);
		}
		writeable++;
		b[LWS_PRE] = 'w';
		return lws_write(wsi, b + LWS_PRE, 1, LWS_WRITE_TEXT) < 0;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		cancelled++;
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *
service(void *arg)
{
	(void)arg;
	while (!stop && lws_service(cx, 0) >= 0)
		;
	return NULL;
}

/* waits for a condition that the service thread brings about */
#define AWAIT(cond) \
	do { \
		for (int tries = 0; !(cond) && tries < 10000; tries++) \
			poll(NULL, 0, 1); \
		CHECK(cond); \
	} while (0)

static void
refused_calls(void)
{
	unsigned char b[LWS_PRE + 8] = { 0 };
	struct lws *w = target;

	lws_write(w, b + LWS_PRE, 8, LWS_WRITE_TEXT);
	lws_set_timeout(w, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	lws_rx_flow_control(w, 0);
	lws_set_timer_usecs(w, 10);
	lws_get_protocol(w);
	lws_close_reason(w, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct peer p;
	int port, before;

	quiet_info(&i, 240);
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	CHECK(!pthread_create(&service_thread, NULL, service, NULL));
	CHECK(!peer_open(&p, port));
	peer_upgrade(&p, "p0");
	AWAIT(target);
	AWAIT((peer_read(&p), peer_has(&p, "\r\n\r\n")));

	for (int n = 0; n < ROUNDS; n++) {
		before = cancelled;
		lws_cancel_service(cx);
		AWAIT(cancelled > before);
	}
	for (int n = 0; n < ROUNDS; n++) {
		before = writeable;
		lws_callback_on_writable(target);
		AWAIT(writeable > before);
		before = writeable;
		lws_callback_on_writable_all_protocol(cx, protocols);
		AWAIT(writeable > before);
	}
	for (int n = 0; n < 2; n++) { /* each call waits for half a second */
		held = 0;
		hold = 1;
		before = writeable;
		lws_callback_on_writable(target);
		AWAIT(held);
		refused_calls();
		hold = 0;
		AWAIT(writeable > before);
	}
	peer_read(&p);
	before = writeable;
	lws_callback_on_writable(target);
	AWAIT(writeable > before);
	peer_read(&p);
	CHECK(!p.eof && target);
	CHECK(!off_thread);
	stop = 1;
	lws_cancel_service(cx);
	pthread_join(service_thread, NULL);
	lws_context_destroy(cx);
	CHECK(!cx);
	peer_close(&p);
	puts("done");
	return 0;
}
