/* MQTT: Debian's configuration declares nothing here. */

#include "../libwebsockets.h"
