/*
 * lws_context_destroy in every callback: once, twice, with a return of -1. ctest:
 */
#include "matrix.h"

static int
destroy(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)ret;
	/* the reference frees twice there: see broadcast.c */
	if (reason != LWS_CALLBACK_PROTOCOL_DESTROY)
		lws_context_destroy(cx);
	return 0;
}

static int
destroy_and_fail(struct lws *wsi, int reason, int *ret)
{
	destroy(wsi, reason, ret);
	*ret = is_broadcast(reason) ? 0 : -1;
	return 1;
}

static int
destroy_twice(struct lws *wsi, int reason, int *ret)
{
	destroy(wsi, reason, ret);
	if (cx)
		destroy(wsi, reason, ret);
	*ret = 0;
	return 1;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "destroy", destroy },
		{ "destroy, return -1", destroy_and_fail },
		{ "destroy twice", destroy_twice },
	};

	return matrix_main(deeds, COUNT(deeds));
}
