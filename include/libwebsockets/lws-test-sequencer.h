/* A sequencer for unit tests. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_TEST_SEQUENCER_H
#define LWS_H_TEST_SEQUENCER_H

typedef struct lws_test_sequencer_args lws_test_sequencer_args_t;

typedef void (*lws_test_sequence_cb)(const void *);

/** The tests and where results go. */
struct lws_test_sequencer_args {
	lws_abs_t *abs;
	lws_unit_test_t *tests;
	int *results;
	int results_max;
	int *count_tests;
	int *count_passes;
	lws_test_sequence_cb cb;
	void *cb_user;
};

#endif
