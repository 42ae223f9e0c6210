/* HTTP: special values. */

#include "../libwebsockets.h"

#ifndef LWS_H_HTTP_H
#define LWS_H_HTTP_H

/** Room that an answer's headers need at least. */
#define LWS_RECOMMENDED_MIN_HEADER_SPACE 2048

/* The code of lws_add_http_header_status() may carry flags above its low 16 bits. */
#define LWSAHH_CODE_MASK ((1 << 16) - 1)
#define LWSAHH_FLAG_NO_SERVER_NAME (1 << 30)

/** Content length of an answer that has none. */
#define LWS_ILLEGAL_HTTP_CONTENT_LEN ((lws_filepos_t)-1ll)

/** Stream number that stands for the connection itself. */
#define LWS_H2_STREAM_SID -1

#define lws_http_client_http_resp_is_error(code) (!((code) < 400))

/** Results of lws_http_get_uri_and_method(). */
enum {
	LWSHUMETH_GET,
	LWSHUMETH_POST,
	LWSHUMETH_OPTIONS,
	LWSHUMETH_PUT,
	LWSHUMETH_PATCH,
	LWSHUMETH_DELETE,
	LWSHUMETH_CONNECT,
	LWSHUMETH_HEAD,
	LWSHUMETH_COLON_PATH, /**< http/2: the method is in a pseudo-header */
};

#endif
