/*
 * A callback closes its own connection: by its return value, at once, and at
 * the next service. ctest:
 */
#include "matrix.h"

static int
minus_one(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	/* broadcasts have no connection; the reference crashes on some */
	*ret = is_broadcast(reason) ? 0 : -1;
	return 1;
}

static int
kill_async(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	(void)ret;
	if (is_alive(wsi))
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_ASYNC);
	return 0;
}

static int
with_reason(struct lws *wsi, int reason, int *ret)
{
	/* the reference asserts that the connection is a websocket by now */
	if (reason == LWS_CALLBACK_ESTABLISHED ||
	    reason == LWS_CALLBACK_RECEIVE ||
	    reason == LWS_CALLBACK_RECEIVE_PONG ||
	    reason == LWS_CALLBACK_SERVER_WRITEABLE ||
	    reason == LWS_CALLBACK_TIMER ||
	    reason == LWS_CALLBACK_WS_PEER_INITIATED_CLOSE ||
	    reason == LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL ||
	    reason == LWS_CALLBACK_CLOSED)
		lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY,
				 (unsigned char *)"bye", 3);
	*ret = is_broadcast(reason) ? 0 : -1;
	return 1;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "return -1", minus_one }, { "kill async", kill_async },
		{ "reason and return -1", with_reason },
	};

	return matrix_main(deeds, COUNT(deeds));
}
