/* Addresses: results of lws_interface_to_sa(). */

#include "../libwebsockets.h"

#ifndef LWS_H_NETWORK_HELPER_H
#define LWS_H_NETWORK_HELPER_H

#define LWS_ITOSA_USABLE 0
#define LWS_ITOSA_NOT_EXIST -1
#define LWS_ITOSA_NOT_USABLE -2
#define LWS_ITOSA_BUSY -3

#endif
