/* The transport for unit tests of abstract protocols. Not implemented by this library. */

#include "../../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_TRANSPORTS_UNIT_TEST_H
#define LWS_H_ABSTRACT_TRANSPORTS_UNIT_TEST_H

typedef struct lws_unit_test_packet lws_unit_test_packet_t;
typedef struct lws_unit_test lws_unit_test_t;

enum {
	LWS_AUT_EXPECT_TEST_END = 1,
	LWS_AUT_EXPECT_LOCAL_CLOSE,
	LWS_AUT_EXPECT_DO_REMOTE_CLOSE = 4,
	LWS_AUT_EXPECT_TX = 8,
	LWS_AUT_EXPECT_RX = 16,
	LWS_AUT_EXPECT_SHOULD_FAIL = 32,
	LWS_AUT_EXPECT_SHOULD_TIMEOUT = 64,
};

typedef enum {
	LPE_CONTINUE,
	LPE_SUCCEEDED,
	LPE_FAILED,
	LPE_FAILED_UNEXPECTED_TIMEOUT,
	LPE_FAILED_UNEXPECTED_PASS,
	LPE_FAILED_UNEXPECTED_CLOSE,
	LPE_SKIPPED,
	LPE_CLOSING,
} lws_unit_test_packet_disposition;

enum {
	LTMI_PEER_V_EXPECT_TEST = 4096,
	LTMI_PEER_V_EXPECT_RESULT_CB,
	LTMI_PEER_V_EXPECT_RESULT_CB_ARG,
};

typedef int (*lws_unit_test_packet_cb)(lws_abs_t *);
typedef int (*lws_unit_test_packet_test_cb)(const void *, int);

/** A named list of packets. */
struct lws_unit_test {
	const char *name;
	lws_unit_test_packet_t *expect_array;
	int max_secs;
};

/** One expected or sent packet. */
struct lws_unit_test_packet {
	void *buffer;
	lws_unit_test_packet_cb pre;
	size_t len;
	uint32_t flags;
};

#endif
