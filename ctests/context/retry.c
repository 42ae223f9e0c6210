/*
 * Backoff tables: delays within their range, and giving up. ctest:
 */
#include <libwebsockets.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static lws_sorted_usec_list_t sul;
static const uint32_t table[] = { 10, 20, 40 };
static const lws_retry_bo_t
	policy = { table, 3, 5, 0, 0, 0 }, never = { table, 3, 3, 0, 0, 0 },
	jitter = { table, 3, 5, 0, 0, 50 },
	always = { table, 3, LWS_RETRY_CONCEAL_ALWAYS, 0, 0, 0 };
static uint16_t tries;
static int finished;

static const struct lws_protocols protocols[] = {
	{ "p0", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
done(void)
{
	return finished;
}

static void
again(lws_sorted_usec_list_t *s)
{
	int n;

	tr_line("fired, tries=%d", tries);
	n = lws_retry_sul_schedule(cx, 0, s, &never, again, &tries);
	tr_line("scheduled again: %d", n);
	finished = n;
}

int
main(void)
{
	struct lws_context_creation_info i;
	static const unsigned int base[] = { 10, 20, 40, 40, 40, 40, 40, 40 };
	uint16_t n = 0;

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	for (int k = 0; k < 8; k++) {
		char conceal = 9;
		unsigned int ms = lws_retry_get_delay_ms(cx, &policy, &n,
							 &conceal);

		/* no jitter given means some: at most 30 % on top */
		tr_line("delay from %u: %s conceal=%d next=%d", base[k],
			ms >= base[k] && ms <= base[k] * 13 / 10 + 1 ?
			"right" : "wrong", conceal, n);
	}
	n = 0;
	for (int k = 0; k < 50; k++) {
		unsigned int ms = lws_retry_get_delay_ms(cx, &jitter, &n,
							 NULL);

		CHECK(ms >= 10 && ms <= 60);
	}
	n = 0;
	for (int k = 0; k < 50; k++) {
		char conceal = 9;
		unsigned int ms = lws_retry_get_delay_ms(cx, NULL, &n,
							 &conceal);

		CHECK(ms >= 3000 && ms <= 3900 && !conceal);
	}
	tr_line("no policy: schedule %d, tries %d",
		lws_retry_sul_schedule(cx, 0, &sul, NULL, again, &tries),
		tries);
	tries = 0;
	n = 65533;
	for (int k = 0; k < 4; k++) {
		char conceal = 9;

		lws_retry_get_delay_ms(cx, &always, &n, &conceal);
		tr_line("without end: conceal=%d next=%d", conceal, n);
	}
	tr_line("schedule %d", lws_retry_sul_schedule(cx, 0, &sul, &never,
						      again, &tries));
	pump_until(&cx, done, 3000);
	tr_line("tries=%d finished=%d", tries, finished);
	lws_sul_cancel(&sul);
	lws_context_destroy(cx);
	return 0;
}
