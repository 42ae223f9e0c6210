/* System-wide states and values. */

#include "../libwebsockets.h"

#ifndef LWS_H_SYSTEM_H
#define LWS_H_SYSTEM_H

/** Flag of authorization values: they are hex text. */
#define LWSSYSGAUTH_HEX (1 << 0)

/** A DHCP client's result. Not implemented by this library. */
typedef int (*dhcpc_cb_t)(void *opaque, int af, uint8_t *ip, int ip_len);


#endif
