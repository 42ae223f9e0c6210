/* FreeRTOS: nothing on this platform. */

#include "../libwebsockets.h"
