/* All of this topic is in the generated headers. */

#include "../libwebsockets.h"
