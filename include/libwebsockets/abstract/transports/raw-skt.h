/* Tokens of the raw socket transport. Not implemented by this library. */

#include "../../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_TRANSPORTS_RAW_SKT_H
#define LWS_H_ABSTRACT_TRANSPORTS_RAW_SKT_H

enum {
	LTMI_PEER_V_DNS_ADDRESS = 4096,
	LTMI_PEER_LV_PORT,
	LTMI_PEER_LV_TLS_FLAGS,
};

#endif
