/* A resolver inside the event loop: types only; this library resolves by other means. */

#include "../libwebsockets.h"

#ifndef LWS_H_ASYNC_DNS_H
#define LWS_H_ASYNC_DNS_H

struct lws;
struct addrinfo;

enum dns_query_type {
	LWS_ADNS_RECORD_A = 1,
	LWS_ADNS_RECORD_CNAME = 5,
	LWS_ADNS_RECORD_MX = 15,
	LWS_ADNS_RECORD_AAAA = 28,
};

typedef enum {
	LADNS_RET_FAILED_WSI_CLOSED = -4,
	LADNS_RET_NXDOMAIN,
	LADNS_RET_TIMEDOUT,
	LADNS_RET_FAILED,
	LADNS_RET_FOUND,
	LADNS_RET_CONTINUING,
} lws_async_dns_retcode_t;

typedef enum dns_query_type adns_query_type_t;
typedef struct lws *(*lws_async_dns_cb_t)(struct lws *, const char *, const struct addrinfo *, int, void *);

#endif
