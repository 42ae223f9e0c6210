/* Abstract transports. Not implemented by this library. */

#include "../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_TRANSPORTS_H
#define LWS_H_ABSTRACT_TRANSPORTS_H

typedef struct lws_abs_transport lws_abs_transport_t;

/** What an abstract transport provides. */
struct lws_abs_transport {
	const char *name;
	int alloc;
	int (*create)(lws_abs_t *);
	void (*destroy)(lws_abs_transport_inst_t **);
	int (*compare)(lws_abs_t *, lws_abs_t *);
	int (*tx)(lws_abs_transport_inst_t *, uint8_t *, size_t);
	int (*client_conn)(const lws_abs_t *);
	int (*close)(lws_abs_transport_inst_t *);
	int (*ask_for_writeable)(lws_abs_transport_inst_t *);
	int (*set_timeout)(lws_abs_transport_inst_t *, int, int);
	int (*state)(lws_abs_transport_inst_t *);
};

#endif
