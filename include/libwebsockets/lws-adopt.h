/* Adoption of descriptors: flags of lws_create_adopt_udp(). */

#include "../libwebsockets.h"

#ifndef LWS_H_ADOPT_H
#define LWS_H_ADOPT_H

#define LWS_CAUDP_BIND (1 << 0) /**< bind to the port, else send to it */
#define LWS_CAUDP_BROADCAST (1 << 1) /**< allow broadcasts */
#define LWS_CAUDP_PF_PACKET (1 << 2) /**< link layer */

#endif
