/*
 * The order of the poll-fd callbacks around the life of one connection:
 * always on protocols[0], LOCK ADD UNLOCK, LOCK CHANGE_MODE UNLOCK, LOCK DEL
 * UNLOCK, one DEL for each ADD; also with the library's own loop.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdio.h>

#include "names.h"
#include "peer.h"

static struct lws_context *cx;
static int log_at;
static struct {
	int reason, fd;
} log_[400];

static int
callback0(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	struct lws_pollargs *pa = in;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	CHECK(log_at < (int)COUNT(log_));
	log_[log_at].reason = (int)reason;
	log_[log_at].fd = -1;
	if (reason == LWS_CALLBACK_ADD_POLL_FD ||
	    reason == LWS_CALLBACK_DEL_POLL_FD ||
	    reason == LWS_CALLBACK_CHANGE_MODE_POLL_FD) {
		log_[log_at].fd = pa->fd;
		CHECK(pa->fd >= 0);
	}
	log_at++;
	if (reason == LWS_CALLBACK_RECEIVE)
		lws_callback_on_writable(wsi);
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static int
callback1(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	CHECK(reason < LWS_CALLBACK_ADD_POLL_FD ||
	      reason > LWS_CALLBACK_UNLOCK_POLL);
	return callback0(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	/* without per-session memory there is no DROP */
	{ "p0", callback0, 8, 0, 0, NULL, 0 },
	{ "p1", callback1, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
is_poll(int reason)
{
	return reason >= LWS_CALLBACK_ADD_POLL_FD &&
	       reason <= LWS_CALLBACK_UNLOCK_POLL;
}

static int
index_of(int reason, int from)
{
	for (int n = from; n < log_at; n++)
		if (log_[n].reason == reason)
			return n;
	return -1;
}

/* each change of the table stands between a LOCK and an UNLOCK */
static void
check_locks(void)
{
	for (int n = 0; n < log_at; n++) {
		int r = log_[n].reason;

		if (!is_poll(r))
			continue;
		if (r == LWS_CALLBACK_LOCK_POLL) {
			CHECK(n + 2 < log_at);
			CHECK(log_[n + 1].fd >= 0);
			CHECK(log_[n + 2].reason == LWS_CALLBACK_UNLOCK_POLL);
		} else if (r == LWS_CALLBACK_UNLOCK_POLL)
			CHECK(n >= 2 && log_[n - 2].reason ==
					LWS_CALLBACK_LOCK_POLL);
		else
			CHECK(n >= 1 && log_[n - 1].reason ==
					LWS_CALLBACK_LOCK_POLL);
	}
}

static void
check_connection(int from)
{
	int create = index_of(LWS_CALLBACK_WSI_CREATE, from),
	    add = index_of(LWS_CALLBACK_ADD_POLL_FD, from),
	    inst = index_of(LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED, from),
	    del = index_of(LWS_CALLBACK_DEL_POLL_FD, from),
	    closed = index_of(LWS_CALLBACK_CLOSED, from),
	    destroy = index_of(LWS_CALLBACK_WSI_DESTROY, from),
	    drop = index_of(LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL, from),
	    dels = 0;

	CHECK(create >= 0 && create < add && add < inst);
	CHECK(drop >= 0 && drop < del && del < closed && closed < destroy);
	CHECK(log_[add].fd == log_[del].fd);
	for (int n = from; n < log_at; n++)
		dels += log_[n].reason == LWS_CALLBACK_DEL_POLL_FD;
	CHECK(dels == 1);
}

int
main(void)
{
	static struct peer w;
	struct lws_context_creation_info i;
	int port, at, adds = 0, dels = 0;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	/* the listener is announced before the call returns */
	at = index_of(LWS_CALLBACK_ADD_POLL_FD, 0);
	CHECK(at >= 0);
	port = default_port(cx);
	pump(&cx, 4);
	at = log_at;
	CHECK(!peer_open(&w, port));
	peer_upgrade(&w, "p1");
	pump(&cx, 4);
	peer_frame(&w, 0x81, "x", 1);
	pump(&cx, 4);
	peer_close(&w);
	pump(&cx, 4);
	check_connection(at);
	lws_context_destroy(cx);
	CHECK(!cx);
	check_locks();
	for (int n = 0; n < log_at; n++) {
		adds += log_[n].reason == LWS_CALLBACK_ADD_POLL_FD;
		dels += log_[n].reason == LWS_CALLBACK_DEL_POLL_FD;
	}
	CHECK(adds == dels);
	puts("in order");
	return 0;
}
