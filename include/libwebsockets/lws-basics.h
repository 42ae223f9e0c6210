/* What the generated types are made of and cbindgen cannot write: function types, unions without a tag, enums in which
 * two names share a number. */

#include "../libwebsockets.h"

#ifndef LWS_H_BASICS_H
#define LWS_H_BASICS_H

struct lws;
struct lws_context;
struct lws_dir_entry;
struct lws_extension;
struct lws_vhost;

/** A socket. */
typedef int lws_sockfd_type;
/** A file descriptor. */
typedef int lws_filefd_type;

/** A descriptor to adopt. */
typedef union {
	lws_sockfd_type sockfd;
	lws_filefd_type filefd;
} lws_sock_file_fd_type;

/** An IPv4 or IPv6 address and port; the family is at the same place in both. */
typedef union {
	struct sockaddr_in6 sa6;
	struct sockaddr_in sa4;
} lws_sockaddr46;

/** A protocol's callback: reason says what happened and what in, len and user are. Nonzero usually closes wsi. */
typedef int lws_callback_function(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

/** An extension's callback. */
typedef int lws_extension_callback_function(struct lws_context *context, const struct lws_extension *ext,
					    struct lws *wsi, enum lws_extension_callback_reasons reason, void *user,
					    void *in, size_t len);

/** Called for each entry of a directory; nonzero stops. */
typedef int lws_dir_callback_function(const char *dirpath, void *user, struct lws_dir_entry *lde);

/** What lws_write() is given. */
enum lws_write_protocol {
	LWS_WRITE_TEXT = 0, /**< a whole text message */
	LWS_WRITE_BINARY = 1, /**< a whole binary message */
	LWS_WRITE_CONTINUATION = 2, /**< the next fragment of a message */
	LWS_WRITE_HTTP = 3, /**< part of a body */
	LWS_WRITE_PING = 5,
	LWS_WRITE_PONG = 6,
	LWS_WRITE_HTTP_FINAL = 7, /**< the last part of a body */
	LWS_WRITE_HTTP_HEADERS = 8, /**< a finished set of headers */
	LWS_WRITE_HTTP_HEADERS_CONTINUATION = 9, /**< more headers after a first part */
	LWS_WRITE_BUFLIST = 0x20, /**< flag: keep a copy and send it later */
	LWS_WRITE_NO_FIN = 0x40, /**< flag: more fragments follow */
	LWS_WRITE_H2_STREAM_END = 0x80, /**< flag: ends the http/2 stream */
	LWS_WRITE_CLIENT_IGNORE_XOR_MASK = 0x80, /**< flag: a client's payload is masked already */
};

/** What lws_tokenize() found: positive a kind of token, zero the end, negative an error. */
typedef enum {
	LWS_TOKZE_ERRS = 5, /**< how many kinds of error there are */
	LWS_TOKZE_ERR_BROKEN_UTF8 = -5,
	LWS_TOKZE_ERR_UNTERM_STRING = -4,
	LWS_TOKZE_ERR_MALFORMED_FLOAT = -3,
	LWS_TOKZE_ERR_NUM_ON_LHS = -2,
	LWS_TOKZE_ERR_COMMA_LIST = -1,
	LWS_TOKZE_ENDED = 0,
	LWS_TOKZE_DELIMITER = 1,
	LWS_TOKZE_TOKEN = 2,
	LWS_TOKZE_INTEGER = 3,
	LWS_TOKZE_FLOAT = 4,
	LWS_TOKZE_TOKEN_NAME_EQUALS = 5, /**< a name and the = after it */
	LWS_TOKZE_TOKEN_NAME_COLON = 6, /**< a name and the : after it */
	LWS_TOKZE_QUOTED_STRING = 7,
} lws_tokenize_elem;

#endif
