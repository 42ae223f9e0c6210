/*
 * Test server: what its files share.
 *
 * main.c reads the options, makes the context and runs the service threads.
 * Each protocol lives in a file of its own, and none knows about another.
 */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <libwebsockets.h>

/* "dumb-increment-protocol": a counter of its own for each connection */
extern const struct lws_protocols counter_protocol;

/* "lws-mirror-protocol": one drawing board shared by all connections */
extern const struct lws_protocols mirror_protocol;

/* "lws-status": who is connected */
extern const struct lws_protocols status_protocol;

/* "form-demo": takes an http POST and shows what arrived */
extern const struct lws_protocols form_protocol;

#endif
