/* Abstract protocols. Not implemented by this library. */

#include "../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_PROTOCOLS_H
#define LWS_H_ABSTRACT_PROTOCOLS_H

typedef struct lws_abs_protocol lws_abs_protocol_t;

enum {
	LWS_AP_FLAG_PIPELINE_TRANSACTIONS = 1,
	LWS_AP_FLAG_MUXABLE_STREAM,
};

/** What an abstract protocol provides. */
struct lws_abs_protocol {
	const char *name;
	int alloc;
	int flags;
	int (*create)(const struct lws_abs *);
	void (*destroy)(lws_abs_protocol_inst_t **);
	int (*compare)(lws_abs_t *, lws_abs_t *);
	int (*accept)(lws_abs_protocol_inst_t *);
	int (*rx)(lws_abs_protocol_inst_t *, const uint8_t *, size_t);
	int (*writeable)(lws_abs_protocol_inst_t *, size_t);
	int (*closed)(lws_abs_protocol_inst_t *);
	int (*heartbeat)(lws_abs_protocol_inst_t *);
	int (*child_bind)(lws_abs_t *);
};

#endif
