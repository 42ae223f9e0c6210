/* Asking for writable: directions of transmit credit. */

#include "../libwebsockets.h"

#ifndef LWS_H_WRITEABLE_H
#define LWS_H_WRITEABLE_H

#define LWSTXCR_US_TO_PEER 0
#define LWSTXCR_PEER_TO_US 1

#endif
