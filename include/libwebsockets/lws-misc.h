/* Strings, files, numbers. */

#include "../libwebsockets.h"

#ifndef LWS_H_MISC_H
#define LWS_H_MISC_H

/** head - tail in bytes. */
#define lws_ptr_diff(head, tail) ((int)((char *)(head) - (char *)(tail)))
/** The same as a size. Not in 4.1.6: programs written for 4.3 use it. */
#define lws_ptr_diff_size_t(head, tail) ((size_t)((char *)(head) - (char *)(tail)))

/** Copies at most size1 bytes of src, cut to destsize, and ends the text. */
#define lws_strnncpy(dest, src, size1, destsize) \
	lws_strncpy(dest, src, (size_t)((size1) + 1) < (size_t)(destsize) ? (size_t)((size1) + 1) : (size_t)(destsize))

/** Formats like snprintf(), but returns what is in the buffer: at most size - 1. */
LWS_VISIBLE LWS_EXTERN int lws_snprintf(char *str, size_t size, const char *format, ...) LWS_FORMAT(3);

/** open() that other programs started from here do not inherit. */
LWS_VISIBLE LWS_EXTERN int lws_open(const char *__file, int __oflag, ...);

/** Units for lws_humanize(): bytes by powers of 1000, with B, and microseconds. */
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_si[7];
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_si_bytes[7];
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_us[8];

/** Why reading from a connection is paused; several reasons may hold at once. */
enum {
	LWS_RXFLOW_REASON_USER_BOOL = 1 << 0, /**< lws_rx_flow_control(wsi, 0) */
	LWS_RXFLOW_REASON_HTTP_RXBUFFER = 1 << 6,
	LWS_RXFLOW_REASON_H2_PPS_PENDING = 1 << 7,
	LWS_RXFLOW_REASON_APPLIES = 1 << 14, /**< only the reasons given are set or cleared */
	LWS_RXFLOW_REASON_APPLIES_ENABLE_BIT = 1 << 13,
	LWS_RXFLOW_REASON_APPLIES_ENABLE = LWS_RXFLOW_REASON_APPLIES | LWS_RXFLOW_REASON_APPLIES_ENABLE_BIT,
	LWS_RXFLOW_REASON_APPLIES_DISABLE = LWS_RXFLOW_REASON_APPLIES,
	LWS_RXFLOW_REASON_FLAG_PROCESS_NOW = 1 << 12,
};

/** Called for each entry that matches; nonzero stops. */
typedef int (*lws_dir_glob_cb_t)(void *data, const char *path);

/** What lws_dir_glob_cb() gets as its user pointer. Not implemented by this library. */
typedef struct lws_dir_glob {
	const char *filter;
	lws_dir_glob_cb_t cb;
	void *user;
} lws_dir_glob_t;

/** A layered mount. Not implemented by this library. */
struct lws_fsmount {
	const char *layers_path;
	const char *overlay_path;
	char mp[256];
	char ovname[64];
	char distro[64];
	const char *layers[4];
};

/** A wireless network that was found. Not implemented by this library. */
struct lws_wifi_scan {
	struct lws_wifi_scan *next;
	char ssid[32];
	int32_t rssi;
	uint8_t bssid[6];
	uint8_t count;
	uint8_t channel;
	uint8_t authmode;
};

#endif
