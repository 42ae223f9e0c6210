/* Retries with growing delays. */

#include "../libwebsockets.h"

#ifndef LWS_H_RETRY_H
#define LWS_H_RETRY_H

/** `conceal_count`: never give up. */
#define LWS_RETRY_CONCEAL_ALWAYS (0xffff)

#endif
