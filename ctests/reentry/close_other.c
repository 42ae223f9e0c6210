/*
 * A callback closes another connection: at once, at the next service, or by
 * destroying the vhost of all. ctest:
 */
#include "matrix.h"

static int
sync_other(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	(void)ret;
	if (other && other != wsi)
		lws_set_timeout(other, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_SYNC);
	return 0;
}

static int
async_other(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	(void)ret;
	if (other && other != wsi)
		lws_set_timeout(other, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_ASYNC);
	return 0;
}

static int
write_other(struct lws *wsi, int reason, int *ret)
{
	unsigned char b[LWS_PRE + 8] = { 0 };

	(void)wsi;
	(void)reason;
	(void)ret;
	if (other) {
		lws_write(other, b + LWS_PRE, 8, LWS_WRITE_BINARY);
		lws_callback_on_writable(other);
	}
	return 0;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "kill other sync", sync_other },
		{ "kill other async", async_other },
		{ "write to other", write_other },
	};

	return matrix_main(deeds, COUNT(deeds));
}
