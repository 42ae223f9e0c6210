/* Buffers that several queues share. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_DSH_H
#define LWS_H_DSH_H

struct lws_dsh;

#endif
