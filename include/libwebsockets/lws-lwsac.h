/* Chunked allocation: lists by offset. */

#include "../libwebsockets.h"

#ifndef LWS_H_LWSAC_H
#define LWS_H_LWSAC_H

/** An object's pointer to the next object. */
typedef void *lws_list_ptr;
/** Which of two comes first: negative, zero, positive. */
typedef int (*lws_list_ptr_sort_func_t)(lws_list_ptr a, lws_list_ptr b);

#define lws_list_ptr_container(P, T, M) ((T *)((char *)(P) - offsetof(T, M)))
#define lws_list_ptr_advance(_lp) _lp = *((void **)_lp)

#define lwsac_use_zeroed lwsac_use_zero

#endif
