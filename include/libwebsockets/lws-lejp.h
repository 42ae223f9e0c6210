/* JSON parsing: limits and flags. */

#include "../libwebsockets.h"

#ifndef LWS_H_LEJP_H
#define LWS_H_LEJP_H

#define LWS_ARRAY_SIZE(_x) (sizeof(_x) / sizeof(_x[0]))

/* Flags in parser states and callback reasons. */
#define LEJP_FLAG_WS_KEEP 64
#define LEJP_FLAG_WS_COMMENTLINE 32
#define LEJP_FLAG_CB_IS_VALUE 64 /**< reason & this: a value */

#define LEJP_MAX_PARSING_STACK_DEPTH 5
#define LEJP_MAX_DEPTH 12
#define LEJP_MAX_INDEX_DEPTH 5
#define LEJP_MAX_PATH 128
/** A longer string comes in pieces of this many bytes. */
#define LEJP_STRING_CHUNK 254

/** States of the parser. */
enum lejp_states {
	LEJP_IDLE = 0,
	LEJP_MEMBERS = 1,
	LEJP_M_P = 2,
	LEJP_MP_STRING = LEJP_FLAG_WS_KEEP | 3,
	LEJP_MP_STRING_ESC = LEJP_FLAG_WS_KEEP | 4,
	LEJP_MP_STRING_ESC_U1 = LEJP_FLAG_WS_KEEP | 5,
	LEJP_MP_STRING_ESC_U2 = LEJP_FLAG_WS_KEEP | 6,
	LEJP_MP_STRING_ESC_U3 = LEJP_FLAG_WS_KEEP | 7,
	LEJP_MP_STRING_ESC_U4 = LEJP_FLAG_WS_KEEP | 8,
	LEJP_MP_DELIM = 9,
	LEJP_MP_VALUE = 10,
	LEJP_MP_VALUE_NUM_INT = LEJP_FLAG_WS_KEEP | 11,
	LEJP_MP_VALUE_NUM_EXP = LEJP_FLAG_WS_KEEP | 12,
	LEJP_MP_VALUE_TOK = LEJP_FLAG_WS_KEEP | 13,
	LEJP_MP_COMMA_OR_END = 14,
	LEJP_MP_ARRAY_END = 15,
};

#endif
