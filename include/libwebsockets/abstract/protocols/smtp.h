/* Outgoing mail: Debian's configuration declares nothing here. */

#include "../../../libwebsockets.h"

#ifndef LWS_H_ABSTRACT_PROTOCOLS_SMTP_H
#define LWS_H_ABSTRACT_PROTOCOLS_SMTP_H



#endif
