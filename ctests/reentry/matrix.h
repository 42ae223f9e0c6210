/*
 * Deeds in every callback. One exchange walks nearly every server callback:
 * pages, a body, a websocket with its control frames, raw connections,
 * timers. For each reason the exchange runs once on a fresh context, and the
 * deed is done at the first (or, second round, at the second) callback with
 * that reason.
 *
 * Checked each time: no callback on a connection that is not born or already
 * dead, WSI_DESTROY exactly once for each WSI_CREATE, protocols destroyed as
 * often as they were initialised, the context's pointer cleared.
 */
#ifndef CTESTS_MATRIX_H
#define CTESTS_MATRIX_H

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "peer.h"

extern struct lws_context *cx;
extern struct lws *other;	/* an idle websocket connection, or NULL */
extern struct lws_vhost *web;

struct deed {
	const char *name;
	/* 1: the callback returns *ret instead of going on */
	int (*run)(struct lws *wsi, int reason, int *ret);
};

/* `wsi` is one that the program may act on: alive, or the one at hand */
int matrix_main(const struct deed *deeds, size_t count);
int is_alive(const struct lws *wsi);
int is_broadcast(int reason);

#endif
