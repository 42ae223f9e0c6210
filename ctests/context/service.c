/*
 * What the service calls return, and how the timeouts that they are given are
 * meant. ctest:
 */
#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static lws_sorted_usec_list_t sul;
static int fired;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
tick(lws_sorted_usec_list_t *s)
{
	fired++;
	if (fired < 4)
		tr_line("fired %d, detached %d", fired,
			lws_dll2_is_detached(&s->list));
	/* always one more: a wait without any timer may be a long one */
	lws_sul_schedule(cx, 0, s, tick, 20000);
}

static const char *
waited(lws_usec_t start, long low_ms, long high_ms)
{
	long ms = (long)((lws_now_usecs() - start) / 1000);

	return ms < low_ms ? "too short" : ms > high_ms ? "too long" : "right";
}

int
main(void)
{
	struct lws_context_creation_info i;
	lws_usec_t start, earliest;
	struct pollfd pfd = { 0, POLLIN, POLLIN };

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.pcontext = &cx;
	tr_line("NULL context: %d", lws_service(NULL, 0));
	cx = lws_create_context(&i);
	CHECK(cx);
	for (int n = 0; n < 10; n++)
		CHECK(lws_service(cx, -1) == 0);
	start = lws_now_usecs();
	tr_line("-1 returns %d", lws_service(cx, -1));
	tr_line("-1 waits %s", waited(start, 0, 50));
	lws_sul_schedule(cx, 0, &sul, tick, 50000);
	CHECK(!lws_dll2_is_detached(&sul.list));
	tr_line("earliest %s",
		lws_sul_earliest_wakeable_event(cx, &earliest) ? "none" :
		"one");
	start = lws_now_usecs();
	while (fired < 3)
		CHECK(lws_service(cx, 0) == 0);
	tr_line("0 waits for the timers %s", waited(start, 80, 2000));
	lws_sul_schedule(cx, 0, &sul, tick, 30000);
	lws_sul_cancel(&sul);
	lws_sul_cancel(&sul);
	CHECK(lws_dll2_is_detached(&sul.list));
	tr_line("adjust %d", lws_service_adjust_timeout(cx, 1000, 0));
	pfd.fd = dup(1);
	tr_line("foreign fd: %d revents=%d", lws_service_fd(cx, &pfd),
		pfd.revents == POLLIN);
	tr_line("foreign fd, tsi 0: %d", lws_service_fd_tsi(cx, &pfd, 0));
	close(pfd.fd);
	tr_line("tsi 0: %d", lws_service_tsi(cx, -1, 0));
	lws_cancel_service(cx);
	start = lws_now_usecs();
	tr_line("after cancel, 0 returns %d", lws_service(cx, 0));
	tr_line("at once: %s", waited(start, 0, 100));
	lws_context_destroy(cx);
	tr_line("context %s", cx ? "there" : "NULL");
	return 0;
}
