/* Service: an older name. */

#include "../libwebsockets.h"

#ifndef LWS_H_SERVICE_H
#define LWS_H_SERVICE_H

#define lws_plat_service_tsi lws_service_tsi

#endif
