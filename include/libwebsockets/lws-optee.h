/* OP-TEE: nothing on this platform. */

#include "../libwebsockets.h"
