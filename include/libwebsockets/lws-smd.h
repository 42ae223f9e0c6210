/* System message distribution: classes and limits. */

#include "../libwebsockets.h"

#ifndef LWS_H_SMD_H
#define LWS_H_SMD_H

#define LWS_SMD_MAX_PAYLOAD 384
#define LWS_SMD_CLASS_BITFIELD_BYTES 4
#define LWS_SMD_STREAMTYPENAME "_lws_smd"
#define LWS_SMD_SS_RX_HEADER_LEN 16
#define LWSSMDREG_FLAG_PROXIED_SS (1 << 0)

/** Bits of a message's class. */
enum {
	LWSSMDCL_INTERACTION = 1 << 0, /**< a person did something */
	LWSSMDCL_SYSTEM_STATE = 1 << 1, /**< the system state changed */
	LWSSMDCL_NETWORK = 1 << 2, /**< the network changed */
};

/** Sends a printf-formatted message to everyone registered for its class; 0 if it is queued. */
LWS_VISIBLE LWS_EXTERN int lws_smd_msg_printf(struct lws_context *ctx, lws_smd_class_t _class, const char *format,
					      ...) LWS_FORMAT(3);

#endif
