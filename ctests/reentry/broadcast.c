/*
 * What a callback without a connection may do: fail, or destroy the context
 * while it is being destroyed. The reference crashes. ctest: only=ours
 */
#include "matrix.h"

static int
fail_in_broadcast(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	/* a failing PROTOCOL_INIT is another matter: context/protocol_init */
	if (is_broadcast(reason) && reason != LWS_CALLBACK_PROTOCOL_INIT)
		*ret = -1;
	return *ret;
}

static int
destroy_in_destroy(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)ret;
	if (is_broadcast(reason))
		lws_context_destroy(cx);
	return 0;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "return -1", fail_in_broadcast },
		{ "destroy", destroy_in_destroy },
	};

	return matrix_main(deeds, COUNT(deeds));
}
