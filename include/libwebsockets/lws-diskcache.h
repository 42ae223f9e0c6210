/* Results of a query to a disk cache. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_DISKCACHE_H
#define LWS_H_DISKCACHE_H

struct lws_diskcache_scan;

#define LWS_DISKCACHE_QUERY_NO_CACHE 0
#define LWS_DISKCACHE_QUERY_EXISTS 1
#define LWS_DISKCACHE_QUERY_CREATING 2
#define LWS_DISKCACHE_QUERY_ONGOING 3

#endif
