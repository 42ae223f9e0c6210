/* Tokenizing and expansion: flags and results. */

#include "../libwebsockets.h"

#ifndef LWS_H_TOKENIZE_H
#define LWS_H_TOKENIZE_H

#define LWS_TOKENIZE_F_MINUS_NONTERM (1 << 0) /**< - is part of a token */
#define LWS_TOKENIZE_F_AGG_COLON (1 << 1) /**< a : after a token gives TOKEN_NAME_COLON */
#define LWS_TOKENIZE_F_COMMA_SEP_LIST (1 << 2) /**< commas must separate */
#define LWS_TOKENIZE_F_RFC7230_DELIMS (1 << 3) /**< what HTTP calls delimiters */
#define LWS_TOKENIZE_F_DOT_NONTERM (1 << 4) /**< . is part of a token */
#define LWS_TOKENIZE_F_NO_FLOATS (1 << 5)
#define LWS_TOKENIZE_F_NO_INTEGERS (1 << 6)
#define LWS_TOKENIZE_F_HASH_COMMENT (1 << 7) /**< # begins a comment */
#define LWS_TOKENIZE_F_SLASH_NONTERM (1 << 8) /**< / is part of a token */

/** Results of lws_strexp_expand() and of its callback. */
enum {
	LSTRX_DONE = 0,
	LSTRX_FILLED_OUT = 1, /**< the output is full: empty it and go on */
	LSTRX_FATAL_NAME_TOO_LONG = -1,
	LSTRX_FATAL_NAME_UNKNOWN = -2,
};

#endif
