/*
 * A callback closes its own connection with LWS_TO_KILL_SYNC: it is gone when
 * the call returns, and the library must survive to come back to it.
 * ctest: only=ours
 */
#include "matrix.h"

static int
kill_sync(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	*ret = 0;
	if (is_alive(wsi))
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_SYNC);
	return 1;
}

static int
kill_sync_and_fail(struct lws *wsi, int reason, int *ret)
{
	kill_sync(wsi, reason, ret);
	*ret = is_broadcast(reason) ? 0 : -1;
	return 1;
}

static int
kill_sync_and_go_on(struct lws *wsi, int reason, int *ret)
{
	unsigned char b[LWS_PRE + 8] = { 0 };

	kill_sync(wsi, reason, ret);
	lws_write(wsi, b + LWS_PRE, 8, LWS_WRITE_TEXT);
	lws_callback_on_writable(wsi);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 1;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "kill sync", kill_sync },
		{ "kill sync, return -1", kill_sync_and_fail },
		{ "kill sync, go on", kill_sync_and_go_on },
	};

	return matrix_main(deeds, COUNT(deeds));
}
