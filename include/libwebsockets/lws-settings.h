/* Persistent settings. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SETTINGS_H
#define LWS_H_SETTINGS_H

struct lws_settings_ops;

#define LSOOPEN_FLAG_WRITEABLE (1 << 0)

typedef struct lws_settings_ops lws_settings_ops_t;

/** Where settings are kept. */
typedef struct {
	void *handle_plat;
	const struct lws_settings_ops *so;
	uint8_t refcount;
	void *opaque_plat;
} lws_settings_instance_t;

/** How settings are kept. */
struct lws_settings_ops {
	int (*get)(lws_settings_instance_t *, const char *, uint8_t *, size_t *);
	int (*set)(lws_settings_instance_t *, const char *, const uint8_t *, size_t);
};

#define lws_settings_ops_plat .get = lws_settings_plat_get, .set = lws_settings_plat_set,

/** Stores a setting made of a printf format. */
LWS_VISIBLE LWS_EXTERN int lws_settings_plat_printf(lws_settings_instance_t *si, const char *name, const char *format,
						    ...) LWS_FORMAT(3);

#endif
