/* Latency records. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_DETAILED_LATENCY_H
#define LWS_H_DETAILED_LATENCY_H

typedef struct lws_detlat lws_detlat_t;

enum {
	LDLT_READ,
	LDLT_WRITE,
	LDLT_NAME_RESOLUTION,
	LDLT_CONNECTION,
	LDLT_TLS_NEG_CLIENT,
	LDLT_TLS_NEG_SERVER,
	LDLT_USER,
	LAT_DUR_PROXY_CLIENT_REQ_TO_WRITE = 0,
	LAT_DUR_PROXY_CLIENT_WRITE_TO_PROXY_RX,
	LAT_DUR_PROXY_PROXY_REQ_TO_WRITE,
	LAT_DUR_PROXY_RX_TO_ONWARD_TX,
	LAT_DUR_USERCB,
	LAT_DUR_STEPS,
};

typedef int (*det_lat_buf_cb_t)(struct lws_context *, const lws_detlat_t *);

/** One latency record. */
struct lws_detlat {
	lws_usec_t earliest_write_req;
	lws_usec_t earliest_write_req_pre_write;
	const char *aux;
	int type;
	uint32_t latencies[LAT_DUR_STEPS];
	size_t req_size;
	size_t acc_size;
};

#endif
