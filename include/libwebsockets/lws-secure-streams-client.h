/* Secure streams over a proxy process. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SECURE_STREAMS_CLIENT_H
#define LWS_H_SECURE_STREAMS_CLIENT_H

struct lws_sspc_handle;

extern const struct lws_protocols lws_sspc_protocols[];

#endif
