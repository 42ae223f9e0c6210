/* Protocols, and plugins that bring them. */

#include "../libwebsockets.h"

#ifndef LWS_H_PROTOCOLS_PLUGINS_H
#define LWS_H_PROTOCOLS_PLUGINS_H

/** Ends an array of protocols. Not in 4.1.6: programs written for 4.3 use it. */
#define LWS_PROTOCOL_LIST_TERM { NULL, NULL, 0, 0, 0, NULL, 0 }

/** `api_magic` of plugins for this interface. */
#define LWS_PLUGIN_API_MAGIC 190

struct lws_event_loop_ops;

/** What a plugin that brings protocols exports. */
typedef struct lws_plugin_protocol lws_plugin_protocol_t;

/** What a plugin that brings an event loop exports; only its header is looked at. */
typedef struct lws_plugin_evlib {
	lws_plugin_header_t hdr;
	const struct lws_event_loop_ops *ops;
} lws_plugin_evlib_t;

/** A loaded plugin. */
struct lws_plugin {
	struct lws_plugin *list; /**< the one loaded before it, or NULL */
	const lws_plugin_header_t *hdr;
	union {
		void *l; /**< what dlopen() gave */
	} u;
};

#endif
