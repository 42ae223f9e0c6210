/* Written by capi/headergen from the Rust sources; do not edit. */

#ifndef LWS_GEN_TYPES_H
#define LWS_GEN_TYPES_H

struct lws_client_connect_info;
struct lws_adopt_desc;
struct lws_udp;
struct lws_pollargs;
struct lws_filter_network_conn_args;
struct lws_cgi_args;
struct lws_ssl_info;
struct lws_acme_cert_aging_args;
struct lws_tokens;
struct lws_write_passthru;
struct lws_context_creation_info;
struct lws_protocols;
struct lws_protocol_vhost_options;
struct lws_http_mount;
struct lws_extension;
struct lws_ext_options;
struct lws_ext_option_arg;
struct lws_token_limits;
struct lws_dll2;
struct lws_dll2_owner;
struct lws_sorted_usec_list;
struct lws_retry_bo;
struct lws_state_manager;
struct lws_state_notify_link;
struct lws_system_ops;
struct lws_fop_fd;
struct lws_fops_index;
struct lws_plat_file_ops;
struct lws_dir_entry;
struct lws_humanize_unit;
struct lws_plugin_header;
struct lws_plugin;
struct lws_plugin_protocol;
struct lejp_ctx;
struct _lejp_parsing_stack;
struct _lejp_stack;
struct lws_tokenize;
struct lws_strexp;
struct lws_b64state;
struct lws_spa_create_info;
struct lws_process_html_args;
struct lws_process_html_state;
struct lws;
struct lws_context;
struct lws_vhost;
struct lws_context_per_thread;
struct lws_ring;
struct lws_buflist;
struct lwsac;
struct lws_spa;
struct lws_x509_cert;
struct lws_smd_peer;
struct lws_attach_item;
struct lws_system_blob;
struct lws_sequencer;


/** One connection ("wsi"). */
struct lws;

/** A queued request of `lws_system_attach`. */
struct lws_attach_item;

/** A list of buffered segments. */
struct lws_buflist;

/** A context: all that one `lws_create_context` call owns. */
struct lws_context;

/** A service thread of a context. */
struct lws_context_per_thread;

/** A ring buffer of `lws_ring_create`. */
struct lws_ring;

/** A sequencer (never implemented by so.17; member type only). */
struct lws_sequencer;

/** A registration with the message distribution. */
struct lws_smd_peer;

/** A form parser. */
struct lws_spa;

/** A system-wide value. */
struct lws_system_blob;

/** A virtual host of a context. */
struct lws_vhost;

/** A parsed certificate. */
struct lws_x509_cert;

/** A chunked allocator whose head pointer the program holds. */
struct lwsac;

/** A time or a duration in microseconds. */
typedef int64_t lws_usec_t;

/** A position or length in a file. */
typedef unsigned long long lws_filepos_t;

/** Open flags of the file operations. */
typedef uint32_t lws_fop_flags_t;

/** A bit set of message classes. */
typedef uint32_t lws_smd_class_t;

struct lws_retry_bo {
  const uint32_t *retry_ms_table;
  uint16_t retry_ms_table_count;
  uint16_t conceal_count;
  uint16_t secs_since_valid_ping;
  uint16_t secs_since_valid_hangup;
  uint8_t jitter_percent;
};

typedef struct lws_retry_bo lws_retry_bo_t;

struct lws_client_connect_info {
  struct lws_context *context;
  const char *address;
  int port;
  int ssl_connection;
  const char *path;
  const char *host;
  const char *origin;
  const char *protocol;
  int ietf_version_or_minus_one;
  void *userdata;
  const void *client_exts;
  const char *method;
  struct lws *parent_wsi;
  const char *uri_replace_from;
  const char *uri_replace_to;
  struct lws_vhost *vhost;
  struct lws **pwsi;
  const char *iface;
  const char *local_protocol_name;
  const char *alpn;
  struct lws_sequencer *seq;
  void *opaque_user_data;
  const lws_retry_bo_t *retry_and_idle_policy;
  int manual_initial_tx_credit;
  uint8_t sys_tls_client_cert;
  void *mqtt_cp;
  uint16_t keep_warm_secs;
  void *_unused[4];
};

struct lws_adopt_desc {
  struct lws_vhost *vh;
  lws_adoption_type type;
  lws_sock_file_fd_type fd;
  const char *vh_prot_name;
  struct lws *parent;
  void *opaque;
};

struct lws_udp {
  struct sockaddr sa;
  socklen_t salen;
  struct sockaddr sa_pending;
  socklen_t salen_pending;
};

struct lws_pollargs {
  lws_sockfd_type fd;
  int events;
  int prev_events;
};

struct lws_filter_network_conn_args {
  struct sockaddr_storage cli_addr;
  socklen_t clilen;
  lws_sockfd_type accept_fd;
};

struct lws_cgi_args {
  struct lws **stdwsi;
  enum lws_enum_stdinouterr ch;
  unsigned char *data;
  enum lws_cgi_hdr_state hdr_state;
  int len;
};

struct lws_ssl_info {
  int where;
  int ret;
};

struct lws_acme_cert_aging_args {
  struct lws_vhost *vh;
  const char *element_overrides[11];
};

struct lws_tokens {
  unsigned char *token;
  int len;
};

struct lws_write_passthru {
  struct lws *wsi;
  unsigned char *buf;
  size_t len;
  enum lws_write_protocol wp;
};

struct lws_protocols {
  const char *name;
  lws_callback_function * callback;
  size_t per_session_data_size;
  size_t rx_buffer_size;
  unsigned int id;
  void *user;
  size_t tx_packet_size;
};

struct lws_protocol_vhost_options {
  const struct lws_protocol_vhost_options *next;
  const struct lws_protocol_vhost_options *options;
  const char *name;
  const char *value;
};

struct lws_extension {
  const char *name;
  lws_extension_callback_function * callback;
  const char *client_offer;
};

struct lws_ext_options {
  const char *name;
  enum lws_ext_options_types type;
};

struct lws_ext_option_arg {
  const char *option_name;
  int option_index;
  const char *start;
  int len;
};

struct lws_token_limits {
  unsigned short token_limit[95];
};

struct lws_dll2_owner {
  struct lws_dll2 *tail;
  struct lws_dll2 *head;
  uint32_t count;
};

struct lws_dll2 {
  struct lws_dll2 *prev;
  struct lws_dll2 *next;
  struct lws_dll2_owner *owner;
};

typedef struct lws_sorted_usec_list lws_sorted_usec_list_t;

/** A timer has run out. */
typedef void (*sul_cb_t)(lws_sorted_usec_list_t *sul);

struct lws_sorted_usec_list {
  struct lws_dll2 list;
  lws_usec_t us;
  sul_cb_t cb;
  uint32_t latency_us;
};

typedef struct lws_dll2_owner lws_dll2_owner_t;

struct lws_state_manager {
  lws_dll2_owner_t notify_list;
  struct lws_context *context;
  void *parent;
  lws_smd_class_t smd_class;
  const char **state_names;
  const char *name;
  int state;
};

typedef struct lws_dll2 lws_dll2_t;

/** A state is about to change (target differs) or has changed; nonzero vetoes. */
typedef int (*lws_state_notify_t)(struct lws_state_manager *mgr,
                                  struct lws_state_notify_link *link,
                                  int current,
                                  int target);

struct lws_state_notify_link {
  lws_dll2_t list;
  lws_state_notify_t notify_cb;
  const char *name;
};

/** Runs on the service thread once the system has reached the state asked for. */
typedef void (*lws_attach_cb_t)(struct lws_context *context, int tsi, void *opaque);

struct lws_system_ops {
  int (*reboot)(void);
  int (*set_clock)(lws_usec_t);
  int (*attach)(struct lws_context*,
                int,
                lws_attach_cb_t,
                lws_system_states_t,
                void*,
                struct lws_attach_item**);
  int (*captive_portal_detect_request)(struct lws_context*);
  uint32_t wake_latency_us;
};

/** An open file of the file operations. */
typedef struct lws_fop_fd *lws_fop_fd_t;

/** A signed distance in a file. */
typedef long long lws_fileofs_t;

struct lws_fops_index {
  const char *sig;
  uint8_t len;
};

struct lws_plat_file_ops {
  lws_fop_fd_t (*open)(const struct lws_plat_file_ops*, const char*, const char*, lws_fop_flags_t*);
  int (*close)(lws_fop_fd_t*);
  lws_fileofs_t (*seek_cur)(lws_fop_fd_t, lws_fileofs_t);
  int (*read)(lws_fop_fd_t, lws_filepos_t*, uint8_t*, lws_filepos_t);
  int (*write)(lws_fop_fd_t, lws_filepos_t*, uint8_t*, lws_filepos_t);
  struct lws_fops_index fi[3];
  const struct lws_plat_file_ops *next;
};

struct lws_fop_fd {
  lws_filefd_type fd;
  const struct lws_plat_file_ops *fops;
  void *filesystem_priv;
  lws_filepos_t pos;
  lws_filepos_t len;
  lws_fop_flags_t flags;
  uint32_t mod_time;
};

struct lws_dir_entry {
  const char *name;
  lws_dir_obj_type_t type;
};

struct lws_humanize_unit {
  const char *name;
  uint64_t factor;
};

struct lws_plugin_header {
  const char *name;
  const char *_class;
  unsigned int api_magic;
};

typedef struct lws_plugin_header lws_plugin_header_t;

struct lws_plugin_protocol {
  lws_plugin_header_t hdr;
  const struct lws_protocols *protocols;
  const struct lws_extension *extensions;
  int count_protocols;
  int count_extensions;
};

struct _lejp_parsing_stack {
  void *user;
  signed char (*callback)(struct lejp_ctx*, char);
  const char *const *paths;
  uint8_t count_paths;
  uint8_t ppos;
  uint8_t path_match;
};

struct _lejp_stack {
  char s;
  char p;
  char i;
  char b;
};

struct lejp_ctx {
  void *user;
  struct _lejp_parsing_stack pst[5];
  struct _lejp_stack st[12];
  uint16_t i[5];
  uint16_t wild[5];
  char path[128];
  char buf[255];
  size_t path_stride;
  uint32_t line;
  uint16_t uni;
  uint8_t npos;
  uint8_t dcount;
  uint8_t f;
  uint8_t sp;
  uint8_t ipos;
  uint8_t count_paths;
  uint8_t path_match;
  uint8_t path_match_len;
  uint8_t wildcount;
  uint8_t pst_sp;
  uint8_t outer_array;
};

struct lws_tokenize {
  const char *start;
  const char *token;
  size_t len;
  size_t token_len;
  uint16_t flags;
  uint8_t delim;
  int8_t e;
};

/** Gives the text of a `${name}` in `lws_strexp_expand`. */
typedef int (*lws_strexp_expand_cb)(void *priv,
                                    const char *name,
                                    char *out,
                                    size_t *pos,
                                    size_t olen,
                                    size_t *exp_ofs);

struct lws_strexp {
  char name[32];
  lws_strexp_expand_cb cb;
  void *priv;
  char *out;
  size_t olen;
  size_t pos;
  size_t exp_ofs;
  uint8_t name_pos;
  char state;
};

struct lws_b64state {
  unsigned char quad[4];
  size_t done;
  size_t len;
  int i;
  int c;
};

/** Takes part of an uploaded file. */
typedef int (*lws_spa_fileupload_cb)(void *data,
                                     const char *name,
                                     const char *filename,
                                     char *buf,
                                     int len,
                                     enum lws_spa_fileupload_states state);

struct lws_spa_create_info {
  const char *const *param_names;
  int count_params;
  int max_storage;
  lws_spa_fileupload_cb opt_cb;
  void *opt_data;
  size_t param_names_stride;
  struct lwsac **ac;
  size_t ac_chunk_size;
};

struct lws_process_html_args {
  char *p;
  int len;
  int max_len;
  int final;
  int chunked;
};

/** Gives the text that replaces a variable in served HTML. */
typedef const char *(*lws_process_html_state_cb)(void *data, int index);

struct lws_process_html_state {
  char *start;
  char swallow[16];
  int pos;
  void *data;
  const char *const *vars;
  int count_vars;
  lws_process_html_state_cb replace;
};

/** libcap's capability number. */
typedef int cap_value_t;

/** Start of the contents of a cached file. */
typedef unsigned char *lwsac_cached_file_t;

typedef struct lws_adopt_desc lws_adopt_desc_t;

typedef struct lws_humanize_unit lws_humanize_unit_t;

typedef struct lws_spa_create_info lws_spa_create_info_t;

typedef struct lws_state_manager lws_state_manager_t;

typedef struct lws_state_notify_link lws_state_notify_link_t;

typedef struct lws_strexp lws_strexp_t;

typedef struct lws_system_blob lws_system_blob_t;

typedef struct lws_system_ops lws_system_ops_t;

typedef struct lws_tokenize lws_tokenize_t;

/** Takes one log line, with its newline, from `lws_set_log_level`'s emitter. */
typedef void (*lws_log_emit_function)(int level, const char *line);

/** A JSON parser's callback; nonzero stops the parse. */
typedef signed char (*lejp_callback)(struct lejp_ctx *ctx, char reason);

/** A distributed message has come. */
typedef int (*lws_smd_notification_cb_t)(void *opaque,
                                         lws_smd_class_t _class,
                                         lws_usec_t timestamp,
                                         void *buf,
                                         size_t len);

/** Called for each plugin; nonzero stops. */
typedef int (*each_plugin_cb_t)(struct lws_plugin *plugin, void *user);

/** Last step of a context's destruction (deprecated in C). */
typedef int (*lws_reload_func)(void);

/** The context is ready. */
typedef int (*lws_context_ready_cb_t)(struct lws_context *context);

/** A peer has hit one of the per-peer limits. */
typedef int (*lws_peer_limits_notify_t)(struct lws_context *context,
                                        lws_sockfd_type sockfd,
                                        lws_sockaddr46 *sa46);

#endif  /* LWS_GEN_TYPES_H */
