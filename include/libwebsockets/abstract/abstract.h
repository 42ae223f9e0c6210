/* Abstract protocols over abstract transports. Not implemented by this library. */

#include "../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_ABSTRACT_H
#define LWS_H_ABSTRACT_ABSTRACT_H

struct lws_abs;
struct lws_vhost;
struct lws_sequencer;

typedef void lws_abs_protocol_inst_t;
typedef struct lws_abs lws_abs_t;
typedef void lws_abs_transport_inst_t;
typedef struct lws_token_map lws_token_map_t;

enum {
	LTMI_END_OF_ARRAY,
	LTMI_PROTOCOL_BASE = 2048,
	LTMI_TRANSPORT_BASE = 4096,
};

/** One named value. */
struct lws_token_map {
	union {
		const char *value;
		uint8_t *bvalue;
		unsigned long lvalue;
	} u;
	short name_index;
	short length_or_zero;
};

#endif
