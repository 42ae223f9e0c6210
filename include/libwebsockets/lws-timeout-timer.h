/* Timeouts and timers: special values. */

#include "../libwebsockets.h"

#ifndef LWS_H_TIMEOUT_TIMER_H
#define LWS_H_TIMEOUT_TIMER_H

/** `secs` of lws_set_timeout(): close the connection when its thread next can. */
#define LWS_TO_KILL_ASYNC -1
/** `secs` of lws_set_timeout(): close it before the call returns. */
#define LWS_TO_KILL_SYNC -2

/** `usecs` of lws_set_timer_usecs(): no timer. `us` of lws_sul_schedule(): take it off. */
#define LWS_SET_TIMER_USEC_CANCEL ((lws_usec_t)-1ll)
#define LWS_USEC_PER_SEC ((lws_usec_t)1000000)

/** Timer lists of a service thread: those that only count while the system is awake, and those that wake it. */
#define LWS_COUNT_PT_SUL_OWNERS 2
#define LWSSULLI_MISS_IF_SUSPENDED 0
#define LWSSULLI_WAKE_IF_SUSPENDED 1

#define lws_time_in_microseconds lws_now_usecs

/** Closes a connection from inside or outside its callback; to_kill is one of LWS_TO_KILL_*. */
#define lws_wsi_close(w, to_kill) lws_set_timeout(w, PENDING_TIMEOUT_AWAITING_PROXY_RESPONSE, to_kill)

/** Only a library built to find forgotten timers does something here. */
#define lws_sul_debug_zombies(_a, _b, _c, _d)

#endif
