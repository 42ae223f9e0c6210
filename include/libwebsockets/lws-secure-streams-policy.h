/* Secure streams: the policy. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SECURE_STREAMS_POLICY_H
#define LWS_H_SECURE_STREAMS_POLICY_H

struct lws_ss_handle;
struct lws_ss_policy;
struct lws_ss_x509;

typedef struct lws_ss_metadata lws_ss_metadata_t;
typedef struct lws_ss_policy lws_ss_policy_t;
typedef struct lws_ss_trust_store lws_ss_trust_store_t;
typedef struct lws_ss_x509 lws_ss_x509_t;

enum {
	LWSSSPOLF_OPPORTUNISTIC = 1,
	LWSSSPOLF_NAILED_UP,
	LWSSSPOLF_URGENT_TX = 4,
	LWSSSPOLF_URGENT_RX = 8,
	LWSSSPOLF_TLS = 16,
	LWSSSPOLF_LONG_POLL = 32,
	LWSSSPOLF_AUTH_BEARER = 64,
	LWSSSPOLF_HTTP_NO_CONTENT_LENGTH = 128,
	LWSSSPOLF_QUIRK_NGHTTP2_END_STREAM = 256,
	LWSSSPOLF_H2_QUIRK_OVERFLOWS_TXCR = 512,
	LWSSSPOLF_H2_QUIRK_UNCLEAN_HPACK_STATE = 1024,
	LWSSSPOLF_HTTP_MULTIPART = 2048,
	LWSSSPOLF_HTTP_X_WWW_FORM_URLENCODED = 4096,
	LWSSSPOLF_LOCAL_SINK = 8192,
	LWSSSPOLF_WAKE_SUSPEND__VALIDITY = 16384,
	LWSSSPOLF_SERVER = 32768,
	LWSSSPOLF_ALLOW_REDIRECTS = 65536,
	LWSSSPOLF_HTTP_MULTIPART_IN = 131072,
};

enum {
	LWSSSP_H1,
	LWSSSP_H2,
	LWSSSP_WS,
	LWSSSP_MQTT,
	LWSSSP_RAW,
	LWSSS_HBI_AUTH = 0,
	LWSSS_HBI_DSN,
	LWSSS_HBI_FWV,
	LWSSS_HBI_TYPE,
	_LWSSS_HBI_COUNT,
};

typedef int (*plugin_auth_status_cb)(struct lws_ss_handle *, int);

/** A value that the policy asks for. */
struct lws_ss_metadata {
	struct lws_ss_metadata *next;
	const char *name;
	void *value;
	size_t length;
	uint8_t value_on_lws_heap;
};

/** The rules of one stream type. */
struct lws_ss_policy {
	struct lws_ss_policy *next;
	const char *streamtype;
	const char *endpoint;
	const char *rideshare_streamtype;
	const char *payload_fmt;
	const char *socks5_proxy;
	lws_ss_metadata_t *metadata;
	union {
		struct {
			const char *method;
			const char *url;
			const char *multipart_name;
			const char *multipart_filename;
			const char *multipart_content_type;
			const char *blob_header[4];
			const char *auth_preamble;
			union {
				struct {
					const char *subprotocol;
					uint8_t binary;
				} ws;
			} u;
			uint16_t resp_expect;
			uint8_t fail_redirect:1;
		} http;
	} u;
	union {
		const lws_ss_trust_store_t *store;
		struct {
			const lws_ss_x509_t *cert;
			const lws_ss_x509_t *key;
		} server;
	} trust;
	const lws_retry_bo_t *retry_bo;
	uint32_t timeout_ms;
	uint32_t flags;
	uint16_t port;
	uint8_t metadata_count;
	uint8_t protocol;
	uint8_t client_cert;
};

/** Certificates to trust together. */
struct lws_ss_trust_store {
	struct lws_ss_trust_store *next;
	const char *name;
	const lws_ss_x509_t *ssx509[6];
	int count;
};

/** A certificate of the policy. */
struct lws_ss_x509 {
	struct lws_ss_x509 *next;
	const char *vhost_name;
	const uint8_t *ca_der;
	size_t ca_der_len;
	uint8_t keep:1;
};

#endif
