/* The public C interface: everything libwebsockets 4.1.6 declares in Debian 12's configuration, and a few additions.
 *
 * This file and the lws-*.h files next to it are written by hand; lws-gen-*.h are generated from the Rust sources and
 * from capi/facts. Include this file. Including one of the others directly gives the same. */

#ifndef LIBWEBSOCKET_H_3060898B846849FF9F88F5DB59B5950C
#define LIBWEBSOCKET_H_3060898B846849FF9F88F5DB59B5950C

#ifdef __cplusplus
#include <cstddef>
#include <cstdarg>
#else
#include <stdarg.h>
#endif
#include <string.h>
#include <stdlib.h>
#include <stddef.h>
#include <stdint.h>

#include "lws_config.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>
#if defined(LWS_HAVE_SYS_CAPABILITY_H) && defined(LWS_HAVE_LIBCAP)
#include <sys/capability.h>
#endif
#if defined(LWS_WITH_TLS)
#include <openssl/ssl.h>
#include <openssl/err.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What the attributes of declarations are made of. */

#define LWS_INLINE inline
#define LWS_EXTERN extern
#define LWS_VISIBLE __attribute__((visibility("default")))
#define LWS_WARN_UNUSED_RESULT __attribute__((warn_unused_result))
#define LWS_WARN_DEPRECATED __attribute__((deprecated))
/** The argument of this number is a printf format, what follows is for it. */
#define LWS_FORMAT(string_index) __attribute__((format(printf, string_index, (string_index) + 1)))

/* What programs ask to tell the interface's generation. */

#define LWS_FEATURE_SERVE_HTTP_FILE_HAS_OTHER_HEADERS_ARG
#define LWS_FEATURE_SERVE_HTTP_FILE_HAS_OTHER_HEADERS_LEN
#define LWS_FEATURE_PROTOCOLS_HAS_ID_FIELD
#define LWS_FEATURE_PROTOCOLS_HAS_PEER_WRITE_ALLOWANCE
#define LWS_FEATURE_FOPS

/* Sizes and times. */

#define LWS_KI (1024)
#define LWS_MI (LWS_KI * 1024)
#define LWS_GI (LWS_MI * 1024)
#define LWS_TI ((uint64_t)LWS_GI * 1024)
#define LWS_PI ((uint64_t)LWS_TI * 1024)

#define LWS_US_PER_SEC ((lws_usec_t)1000000)
#define LWS_MS_PER_SEC ((lws_usec_t)1000)
#define LWS_US_PER_MS ((lws_usec_t)1000)
#define LWS_NS_PER_US ((lws_usec_t)1000)
/** Microseconds to the nearest millisecond. */
#define LWS_US_TO_MS(x) (((x) + LWS_US_PER_MS / 2) / LWS_US_PER_MS)

/* The platform. */

#define lws_intptr_t intptr_t
#define lws_pollfd pollfd
#define LWS_POLLHUP (POLLHUP | POLLERR)
#define LWS_POLLIN (POLLIN)
#define LWS_POLLOUT (POLLOUT)
#define LWS_O_RDONLY O_RDONLY
#define LWS_O_WRONLY O_WRONLY
#define LWS_O_CREAT O_CREAT
#define LWS_O_TRUNC O_TRUNC
#define LWS_INVALID_FILE -1
#define LWS_SOCK_INVALID (-1)

/** `port` of creation info: no listening socket. */
#define CONTEXT_PORT_NO_LISTEN -1
/** `port` of creation info: no listening socket, but a server's vhost (TLS context and all). */
#define CONTEXT_PORT_NO_LISTEN_SERVER -2

/* Pointers and arrays. */

/** The object of type T whose member M is at P. */
#define lws_container_of(P, T, M) ((T *)((char *)(P) - offsetof(T, M)))
/** Rounds the variable x up to a multiple of bou. */
#define LWS_ALIGN_TO(x, bou) x += ((bou) - ((x) % (bou))) % (bou)
/** Where the unused last _l bytes of the array _t begin. */
#define lws_concat_temp(_t, _l) (_t + sizeof(_t) - _l)
/** How much of the array _t is used when _l bytes are left. */
#define lws_concat_used(_t, _l) (sizeof(_t) - _l)

/* Loops over lists whose objects point to the next one. The body goes between start and end. */

#define lws_start_foreach_ll(type, it, start) \
	{ \
		type it = start; \
		while (it) {
#define lws_end_foreach_ll(it, nxt) \
			it = it->nxt; \
		} \
	}
/** As above; the body may free the object. */
#define lws_start_foreach_ll_safe(type, it, start, nxt) \
	{ \
		type it = start; \
		while (it) { \
			type next_##it = it->nxt;
#define lws_end_foreach_ll_safe(it) \
			it = next_##it; \
		} \
	}
/** `it` points to the pointer to the object, so the body may unlink it (and then has to `continue`). */
#define lws_start_foreach_llp(type, it, start) \
	{ \
		type it = &(start); \
		while (*(it)) {
#define lws_end_foreach_llp(it, nxt) \
			it = &(*(it))->nxt; \
		} \
	}
/** As above; the body may free the object without unlinking it. */
#define lws_start_foreach_llp_safe(type, it, start, nxt) \
	{ \
		type it = &(start); \
		type next; \
		while (*(it)) { \
			next = &(*(it))->nxt;
#define lws_end_foreach_llp_safe(it) \
			it = next; \
		} \
	}
/** Makes the object the first of the list. */
#define lws_ll_fwd_insert(___new_object, ___m_list, ___list_head) \
	{ \
		(___new_object)->___m_list = ___list_head; \
		___list_head = ___new_object; \
	}
/** Takes the object out of the list, if it is in it. */
#define lws_ll_fwd_remove(___type, ___m_list, ___target, ___list_head) \
	{ \
		___type **___ppss = &(___list_head); \
		while (*___ppss && *___ppss != (___target)) \
			___ppss = &(*___ppss)->___m_list; \
		if (*___ppss) \
			*___ppss = (___target)->___m_list; \
	}

/* A mutex of the program's own that costs nothing in a library without threads; this one has them. */

#define lws_pthread_mutex(name) pthread_mutex_t name;

static LWS_INLINE void lws_pthread_mutex_init(pthread_mutex_t *lock)
{
	pthread_mutex_init(lock, NULL);
}

static LWS_INLINE void lws_pthread_mutex_destroy(pthread_mutex_t *lock)
{
	pthread_mutex_destroy(lock);
}

static LWS_INLINE void lws_pthread_mutex_lock(pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
}

static LWS_INLINE void lws_pthread_mutex_unlock(pthread_mutex_t *lock)
{
	pthread_mutex_unlock(lock);
}

/* Types: what the generated ones need, the generated ones, the rest by topic. */

#include "libwebsockets/lws-gen-enums.h"
#include "libwebsockets/lws-basics.h"
#include "libwebsockets/lws-gen-types.h"

#include "libwebsockets/lws-logs.h"
#include "libwebsockets/lws-dll2.h"
#include "libwebsockets/lws-timeout-timer.h"
#include "libwebsockets/lws-smd.h"
#include "libwebsockets/lws-state.h"
#include "libwebsockets/lws-retry.h"
#include "libwebsockets/lws-adopt.h"
#include "libwebsockets/lws-network-helper.h"
#include "libwebsockets/lws-system.h"
#include "libwebsockets/lws-detailed-latency.h"
#include "libwebsockets/lws-ws-close.h"
#include "libwebsockets/lws-callbacks.h"
#include "libwebsockets/lws-ws-state.h"
#include "libwebsockets/lws-ws-ext.h"
#include "libwebsockets/lws-protocols-plugins.h"
#include "libwebsockets/lws-context-vhost.h"
#include "libwebsockets/lws-client.h"
#include "libwebsockets/lws-http.h"
#include "libwebsockets/lws-spa.h"
#include "libwebsockets/lws-purify.h"
#include "libwebsockets/lws-misc.h"
#include "libwebsockets/lws-dsh.h"
#include "libwebsockets/lws-service.h"
#include "libwebsockets/lws-write.h"
#include "libwebsockets/lws-writeable.h"
#include "libwebsockets/lws-ring.h"
#include "libwebsockets/lws-sha1-base64.h"
#include "libwebsockets/lws-x509.h"
#include "libwebsockets/lws-cgi.h"
#include "libwebsockets/lws-vfs.h"
#include "libwebsockets/lws-lejp.h"
#include "libwebsockets/lws-stats.h"
#include "libwebsockets/lws-struct.h"
#include "libwebsockets/lws-threadpool.h"
#include "libwebsockets/lws-tokenize.h"
#include "libwebsockets/lws-lwsac.h"
#include "libwebsockets/lws-fts.h"
#include "libwebsockets/lws-diskcache.h"
#include "libwebsockets/lws-sequencer.h"
#include "libwebsockets/lws-secure-streams.h"
#include "libwebsockets/lws-secure-streams-policy.h"
#include "libwebsockets/lws-secure-streams-client.h"
#include "libwebsockets/abstract/abstract.h"
#include "libwebsockets/abstract/protocols.h"
#include "libwebsockets/abstract/transports.h"
#include "libwebsockets/abstract/transports/raw-skt.h"
#include "libwebsockets/abstract/transports/unit-test.h"
#include "libwebsockets/lws-test-sequencer.h"
#include "libwebsockets/lws-async-dns.h"
#include "libwebsockets/lws-gencrypto.h"
#include "libwebsockets/lws-genhash.h"
#include "libwebsockets/lws-genrsa.h"
#include "libwebsockets/lws-genaes.h"
#include "libwebsockets/lws-genec.h"
#include "libwebsockets/lws-jwk.h"
#include "libwebsockets/lws-jose.h"
#include "libwebsockets/lws-jws.h"
#include "libwebsockets/lws-jwe.h"
#include "libwebsockets/lws-eventlib-exports.h"
#include "libwebsockets/lws-i2c.h"
#include "libwebsockets/lws-spi.h"
#include "libwebsockets/lws-gpio.h"
#include "libwebsockets/lws-bb-i2c.h"
#include "libwebsockets/lws-bb-spi.h"
#include "libwebsockets/lws-button.h"
#include "libwebsockets/lws-led.h"
#include "libwebsockets/lws-pwm.h"
#include "libwebsockets/lws-display.h"
#include "libwebsockets/lws-ssd1306-i2c.h"
#include "libwebsockets/lws-ili9341-spi.h"
#include "libwebsockets/lws-settings.h"
#include "libwebsockets/lws-netdev.h"

/* Functions. */

#include "libwebsockets/lws-gen-api.h"
#include "libwebsockets/lws-gen-declared.h"

#ifdef __cplusplus
}
#endif

#endif
