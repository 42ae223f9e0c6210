/*
 * lws_write, lws_callback_on_writable and the broadcast calls in every
 * callback, also where nothing can be written. ctest: only=ours
 */
#include "matrix.h"

static int
write_now(struct lws *wsi, int reason, int *ret)
{
	static const enum lws_write_protocol kinds[] = {
		LWS_WRITE_TEXT, LWS_WRITE_BINARY, LWS_WRITE_CONTINUATION,
		LWS_WRITE_HTTP, LWS_WRITE_PING, LWS_WRITE_RAW,
		LWS_WRITE_HTTP_FINAL, LWS_WRITE_HTTP_HEADERS,
	};
	unsigned char b[LWS_PRE + 64] = { 0 };

	(void)reason;
	(void)ret;
	for (size_t n = 0; n < COUNT(kinds); n++) {
		lws_write(wsi, b + LWS_PRE, 64, kinds[n]);
		lws_write(wsi, b + LWS_PRE, 0, kinds[n]);
	}
	return 0;
}

static int
ask(struct lws *wsi, int reason, int *ret)
{
	const struct lws_protocols *p = lws_get_protocol(wsi);

	(void)reason;
	(void)ret;
	lws_callback_on_writable(wsi);
	if (p) {
		lws_callback_on_writable_all_protocol(cx, p);
		lws_callback_all_protocol(cx, p, LWS_CALLBACK_USER);
	}
	lws_rx_flow_control(wsi, 0);
	lws_rx_flow_control(wsi, 1);
	lws_set_timer_usecs(wsi, 1000);
	lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL,
			 (unsigned char *)"x", 1);
	lws_cancel_service(cx);
	return 0;
}

static int
write_much(struct lws *wsi, int reason, int *ret)
{
	static unsigned char b[LWS_PRE + 300000];

	(void)reason;
	(void)ret;
	lws_write(wsi, b + LWS_PRE, sizeof(b) - LWS_PRE, LWS_WRITE_BINARY);
	return 0;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "write", write_now }, { "ask", ask },
		{ "write much", write_much },
	};

	return matrix_main(deeds, COUNT(deeds));
}
