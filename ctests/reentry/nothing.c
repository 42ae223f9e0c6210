/*
 * The matrix without a deed: the exchange itself reaches every callback, and
 * the accounting holds. ctest:
 */
#include "matrix.h"

static int
nothing(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)reason;
	(void)ret;
	return 0;
}

int
main(void)
{
	static const struct deed deeds[] = { { "nothing", nothing } };

	return matrix_main(deeds, 1);
}
