/* Sending: the room that lws_write() needs before the payload. */

#include "../libwebsockets.h"

#ifndef LWS_H_WRITE_H
#define LWS_H_WRITE_H

#define LWS_SIZEOFPTR ((int)sizeof(void *))
#define _LWS_PAD_SIZE 16
#define _LWS_PAD(n) (((n) + _LWS_PAD_SIZE - 1) / _LWS_PAD_SIZE * _LWS_PAD_SIZE)

/** Writable bytes that must exist before the payload: headers are built there. */
#define LWS_PRE _LWS_PAD(4 + 10 + 2)
#define LWS_SEND_BUFFER_PRE_PADDING LWS_PRE
#define LWS_SEND_BUFFER_POST_PADDING 0

#define LWS_WRITE_RAW LWS_WRITE_HTTP

#define lws_write_http(wsi, buf, len) lws_write(wsi, (unsigned char *)(buf), len, LWS_WRITE_HTTP)

/** The kind for one fragment of a message: initial only for the first, and more to come unless it is the last. */
static LWS_INLINE int lws_write_ws_flags(int initial, int is_start, int is_end)
{
	return (is_start ? initial : LWS_WRITE_CONTINUATION) | (is_end ? 0 : LWS_WRITE_NO_FIN);
}

#endif
