/* Contexts and vhosts: options, creation info, mounts. */

#include "../libwebsockets.h"

#ifndef LWS_H_CONTEXT_VHOST_H
#define LWS_H_CONTEXT_VHOST_H

/* Bits of `options` of creation info; "ctx" counts for a context, "vh" for a vhost. Several bring
 * DO_SSL_GLOBAL_INIT (bit 12) with them. */

/** vh: clients must show a certificate that verifies */
#define LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT ((1ll << 1) | (1ll << 12))
/** ctx: do not look up the machine's name */
#define LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME (1ll << 2)
/** vh: a TLS listener also takes clients that talk plainly (deprecated: see ALLOW_HTTP_ON_HTTPS_LISTENER) */
#define LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT ((1ll << 3) | (1ll << 12))
/** ctx: run on libev */
#define LWS_SERVER_OPTION_LIBEV (1ll << 4)
/** vh: listen on and connect by IPv4 only */
#define LWS_SERVER_OPTION_DISABLE_IPV6 (1ll << 5)
/** vh: do not trust the system's certificate authorities */
#define LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS (1ll << 6)
/** vh: ask clients for a certificate, but take those without */
#define LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED (1ll << 7)
/** vh: check that websocket text is UTF-8 */
#define LWS_SERVER_OPTION_VALIDATE_UTF8 (1ll << 8)
/** vh: choose elliptic curve parameters from the certificate or `ecdh_curve` */
#define LWS_SERVER_OPTION_SSL_ECDH ((1ll << 9) | (1ll << 12))
/** ctx: run on libuv */
#define LWS_SERVER_OPTION_LIBUV (1ll << 10)
/** vh: send plain clients of a TLS listener to https (deprecated: see ALLOW_HTTP_ON_HTTPS_LISTENER) */
#define LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS ((1ll << 11) | (1ll << 12))
/** ctx: initialise the TLS library; needed for any use of TLS */
#define LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT (1ll << 12)
/** ctx: make no vhost with the context; the program calls lws_create_vhost() */
#define LWS_SERVER_OPTION_EXPLICIT_VHOSTS (1ll << 13)
/** vh: `iface` is the path of a unix socket (a leading @ for an abstract one) */
#define LWS_SERVER_OPTION_UNIX_SOCK (1ll << 14)
/** vh: answers tell browsers to come back by https only */
#define LWS_SERVER_OPTION_STS (1ll << 15)
/** vh: set IPV6_V6ONLY as the next bit says */
#define LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY (1ll << 16)
#define LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE (1ll << 17)
/** ctx: on libuv, do not spin in fatal signals */
#define LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN (1ll << 18)
/** vh: check the Origin header as it came */
#define LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN (1ll << 19)
/** vh: what is not HTTP goes to `listen_accept_role` and `listen_accept_protocol` */
#define LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG (1ll << 20)
#define LWS_SERVER_OPTION_FALLBACK_TO_RAW (1ll << 20)
/** ctx: run on libevent */
#define LWS_SERVER_OPTION_LIBEVENT (1ll << 21)
/** vh: every connection goes to `listen_accept_role` and `listen_accept_protocol` */
#define LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG (1ll << 22)
#define LWS_SERVER_OPTION_ONLY_RAW (1ll << 22)
/** vh: other vhosts and processes may listen on the port too */
#define LWS_SERVER_OPTION_ALLOW_LISTEN_SHARE (1ll << 23)
/** vh: make a TLS context though no certificate is given */
#define LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX (1ll << 24)
/** vh: protocols are not initialised with the context */
#define LWS_SERVER_OPTION_SKIP_PROTOCOL_INIT (1ll << 25)
/** vh: go on without TLS when the certificate's file is not there (yet) */
#define LWS_SERVER_OPTION_IGNORE_MISSING_CERT (1ll << 26)
/** vh: upgrades must name this vhost, with its port, in Host */
#define LWS_SERVER_OPTION_VHOST_UPG_STRICT_HOST_CHECK (1ll << 27)
/** vh: answers carry the headers that browsers' security advice asks for */
#define LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE (1ll << 28)
/** vh: a TLS listener serves clients that talk plainly */
#define LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER (1ll << 29)
/** vh: creation fails when the port cannot be had */
#define LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND (1ll << 30)
/** vh: repair a credit overflow of some http/2 peers instead of closing */
#define LWS_SERVER_OPTION_H2_JUST_FIX_WINDOW_UPDATE_OVERFLOW (1ll << 31)
/** vh: a half-closed http/2 stream stays open for long */
#define LWS_SERVER_OPTION_VH_H2_HALF_CLOSED_LONG_POLL (1ll << 32)
/** ctx: run on glib */
#define LWS_SERVER_OPTION_GLIB (1ll << 33)
/** vh: plain clients speak http/2 from the start */
#define LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE (1ll << 34)
/** ctx: no system states; protocols are initialised at once */
#define LWS_SERVER_OPTION_NO_LWS_SYSTEM_STATES (1ll << 35)

/** Nonzero if all bits of f are in c. */
#define lws_check_opt(c, f) (((uint64_t)(c) & (uint64_t)(f)) == (uint64_t)(f))

/** The bits of a mount's auth_mask that say how to ask for a password (enum lws_authentication_mode). */
#define AUTH_MODE_MASK 0xF0000000

/** What a context, or a vhost, is made with. Zero it first: zero is the default of every member. The library copies what
 * it needs, except what is marked "kept": that must live as long as the context or vhost. */
struct lws_context_creation_info {
	const char *iface; /**< vh: interface or address to listen on, unix socket path; NULL: all */
	const struct lws_protocols *protocols; /**< vh: array that ends with a NULL name or callback; kept */
	const struct lws_extension *extensions; /**< vh: array that ends with a NULL callback; kept */
	const struct lws_token_limits *token_limits; /**< ctx: longest value of each header; kept */
	const char *http_proxy_address; /**< vh: proxy for clients, "host:port" */
	const struct lws_protocol_vhost_options *headers; /**< vh: headers for every answer; kept */
	const struct lws_protocol_vhost_options *reject_service_keywords; /**< ctx: header words to refuse; kept */
	const struct lws_protocol_vhost_options *pvo; /**< vh: options of protocols; kept */
	const char *log_filepath; /**< vh: access log */
	const struct lws_http_mount *mounts; /**< vh: list of what is served where; kept */
	const char *server_string; /**< ctx: the Server header */
	const char *error_document_404; /**< vh: path to serve when nothing is found */
	int port; /**< vh: 0 any free one, CONTEXT_PORT_NO_LISTEN, CONTEXT_PORT_NO_LISTEN_SERVER */

	unsigned int http_proxy_port; /**< vh: when http_proxy_address has none */
	unsigned int max_http_header_data2; /**< ctx: bytes of headers a request may have, if not 0 */
	unsigned int max_http_header_pool2; /**< ctx: requests whose headers may be held at once, if not 0 */

	int keepalive_timeout; /**< vh: seconds an idle http/1.1 connection is kept; 0: 5 */
	uint32_t http2_settings[7]; /**< vh: settings by number, if element 0 is not 0 */

	unsigned short max_http_header_data; /**< ctx: as above, used when max_http_header_data2 is 0 */
	unsigned short max_http_header_pool; /**< ctx: as above, used when max_http_header_pool2 is 0 */

	const char *ssl_private_key_password; /**< vh */
	const char *ssl_cert_filepath; /**< vh: server certificate; NULL and no _mem: no TLS */
	const char *ssl_private_key_filepath; /**< vh */
	const char *ssl_ca_filepath; /**< vh: authorities for clients' certificates */
	const char *ssl_cipher_list; /**< vh: up to TLS 1.2 */
	const char *ecdh_curve; /**< vh: curve by name */
	const char *tls1_3_plus_cipher_list; /**< vh: from TLS 1.3 */

	const void *server_ssl_cert_mem; /**< vh: PEM or DER instead of the file */
	const void *server_ssl_private_key_mem;
	const void *server_ssl_ca_mem;

	long ssl_options_set; /**< vh: SSL_OP_ bits */
	long ssl_options_clear;
	int simultaneous_ssl_restriction; /**< ctx: most TLS sessions at once; 0: no limit */
	int ssl_info_event_mask; /**< vh: SSL_CB_ bits that give LWS_CALLBACK_SSL_INFO */
	unsigned int server_ssl_cert_mem_len;
	unsigned int server_ssl_private_key_mem_len;
	unsigned int server_ssl_ca_mem_len;

	const char *alpn; /**< vh: protocols to offer in TLS, comma separated */

	const char *client_ssl_private_key_password; /**< vh: this and the next: for connections that we make */
	const char *client_ssl_cert_filepath;
	const void *client_ssl_cert_mem;
	unsigned int client_ssl_cert_mem_len;
	const char *client_ssl_private_key_filepath;
	const void *client_ssl_key_mem;
	const char *client_ssl_ca_filepath;
	const void *client_ssl_ca_mem;
	const char *client_ssl_cipher_list;
	const char *client_tls_1_3_plus_cipher_list;
	long ssl_client_options_set;
	long ssl_client_options_clear;
	unsigned int client_ssl_ca_mem_len;
	unsigned int client_ssl_key_mem_len;

	SSL_CTX *provided_client_ssl_ctx; /**< vh: use this one for connections that we make */

	int ka_time; /**< ctx: TCP keepalive: idle seconds before the first probe; 0: none */
	int ka_probes; /**< ctx: unanswered probes before giving up */
	int ka_interval; /**< ctx: seconds between probes */
	unsigned int timeout_secs; /**< vh: for most steps of a connection; 0: 20 */
	unsigned int connect_timeout_secs; /**< vh: for a client's connect; 0: timeout_secs */
	int bind_iface; /**< vh: bind to the interface, not only to its address (needs rights) */
	unsigned int timeout_secs_ah_idle; /**< ctx: how long headers are held without progress; 0: 10 */

	int gid; /**< ctx: group to become after the sockets are there; 0: stay */
	int uid; /**< ctx: user to become; 0: stay */
	uint64_t options; /**< LWS_SERVER_OPTION_ bits */
	void *user; /**< lws_context_user() or lws_vhost_user() gives it back */
	unsigned int count_threads; /**< ctx: service threads; 0: 1 */
	unsigned int fd_limit_per_thread; /**< ctx: most connections of each; 0: the process's limit */
	const char *vhost_name; /**< vh: the Host it serves */
	void *external_baggage_free_on_destroy; /**< ctx: free()d with the context */

	unsigned int pt_serv_buf_size; /**< ctx: size of each thread's buffer; 0: 4096 */
	const struct lws_plat_file_ops *fops; /**< ctx: more file operations; kept */
	cap_value_t caps[4]; /**< ctx: capabilities to keep when changing user */
	char count_caps; /**< ctx: how many of them */
	void **foreign_loops; /**< ctx: the event loop of each thread, made by the program */
	void (*signal_cb)(void *event_lib_handle, int signum); /**< ctx: a signal that the event loop caught */
	struct lws_context **pcontext; /**< ctx: set to the context at once, and to NULL when it is gone */
	void (*finalize)(struct lws_vhost *vh, void *arg); /**< vh: it is about to be freed */
	void *finalize_arg;
	const char *listen_accept_role; /**< vh: see FALLBACK_TO_ and ADOPT_APPLY_LISTEN_ACCEPT_CONFIG */
	const char *listen_accept_protocol;
	const struct lws_protocols **pprotocols; /**< vh: instead of protocols: NULL-terminated pointers; kept */

	const char *username; /**< ctx: instead of uid */
	const char *groupname; /**< ctx: instead of gid */
	const char *unix_socket_perms; /**< vh: "user:group" of a unix socket */
	const lws_system_ops_t *system_ops; /**< ctx: kept */
	const lws_retry_bo_t *retry_and_idle_policy; /**< vh: when to ping and when to give up; kept */
	lws_state_notify_link_t * const *register_notifier_list; /**< ctx: NULL-terminated; kept */
	int rlimit_nofile; /**< ctx: set the process's limit of open files, if not 0 */
	uint8_t udp_loss_sim_tx_pc; /**< ctx: percent of sent datagrams to lose */
	uint8_t udp_loss_sim_rx_pc; /**< ctx: percent of received datagrams to lose */

	lws_smd_notification_cb_t early_smd_cb; /**< ctx: registered before anything is sent */
	void *early_smd_opaque;
	lws_smd_class_t early_smd_class_filter;

	/* In Debian's 4.1.6 these are two unused pointers; same place and size, so either header fits either library. */
	__extension__ union {
		void *_unused[2];
		__extension__ struct {
			const char * const *plugin_dirs; /**< ctx: NULL-terminated directories of plugins */
			unsigned short ip_limit_ah; /**< ctx: most header sets one address may hold; 0: no limit */
			unsigned short ip_limit_wsi; /**< ctx: most connections of one address; 0: no limit */
			unsigned int _ext_flags; /**< 0 */
		};
	};
};

/** What a vhost serves below a path. A list of these is in creation info; kept. */
struct lws_http_mount {
	const struct lws_http_mount *mount_next; /**< the next in the list, or NULL */
	const char *mountpoint; /**< the path */
	const char *origin; /**< directory, address, program or protocol to serve it from */
	const char *def; /**< file for the path itself; NULL: index.html */
	const char *protocol; /**< protocol to bind to, if not the vhost's */
	const struct lws_protocol_vhost_options *cgienv; /**< environment of a CGI program */
	const struct lws_protocol_vhost_options *extra_mimetypes; /**< suffix to type */
	const struct lws_protocol_vhost_options *interpret; /**< suffix to protocol that changes the file */
	int cgi_timeout; /**< seconds; 0: 30 */
	int cache_max_age; /**< seconds that clients may keep it; 0: not */
	unsigned int auth_mask; /**< AUTH_MODE_MASK bits, and which passwords count */
	unsigned int cache_reusable:1; /**< clients may reuse what they keep */
	unsigned int cache_revalidate:1; /**< but must ask again */
	unsigned int cache_intermediaries:1; /**< caches on the way may keep it too */
	unsigned char origin_protocol; /**< enum lws_mount_protocols: what origin is */
	unsigned char mountpoint_len; /**< strlen(mountpoint) */
	const char *basic_auth_login_file; /**< "user:password" lines; NULL: no password */
	void *_unused[2];
};

#endif
