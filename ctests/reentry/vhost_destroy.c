/*
 * lws_vhost_destroy of the vhost that most connections are on, in every
 * callback. ctest: only=ours
 */
#include "matrix.h"

static int
destroy(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)reason;
	(void)ret;
	if (lws_get_vhost_by_name(cx, "web"))
		lws_vhost_destroy(web);
	return 0;
}

static int
destroy_and_fail(struct lws *wsi, int reason, int *ret)
{
	destroy(wsi, reason, ret);
	*ret = is_broadcast(reason) ? 0 : -1;
	return 1;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "vhost destroy", destroy },
		{ "vhost destroy, return -1", destroy_and_fail },
	};

	return matrix_main(deeds, COUNT(deeds));
}
