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

/** How to retry, and how to see whether a connection is alive. Kept by pointer. */
struct lws_retry_bo {
  /** Delays before each retry; the last one repeats. */
  const uint32_t *retry_ms_table;
  /** How many. */
  uint16_t retry_ms_table_count;
  /** Retries before the failure is reported. */
  uint16_t conceal_count;
  /** Seconds without proof of life before a ping. */
  uint16_t secs_since_valid_ping;
  /** Seconds without proof of life before hanging up. */
  uint16_t secs_since_valid_hangup;
  /** Random part added to each delay; 0: 30. */
  uint8_t jitter_percent;
};

typedef struct lws_retry_bo lws_retry_bo_t;

/** What a client connection is made with. Zero it first; texts are copied. */
struct lws_client_connect_info {
  /** The context; needed. */
  struct lws_context *context;
  /** Where to connect: name or address; needed. */
  const char *address;
  /** The port. */
  int port;
  /** `LCCSCF_` bits. */
  int ssl_connection;
  /** Path of the request; for a unix socket, `address` begins with +. */
  const char *path;
  /** The Host header. */
  const char *host;
  /** The Origin header, or NULL. */
  const char *origin;
  /** Websocket subprotocols to offer, comma separated, or NULL. */
  const char *protocol;
  /** Websocket version: -1 for the usual one. */
  int ietf_version_or_minus_one;
  /** Session storage of the program's own; NULL: the library makes it. */
  void *userdata;
  /** Not used. */
  const void *client_exts;
  /** NULL: websocket; "RAW"; or an http method. */
  const char *method;
  /** A connection that this one belongs to, or NULL. */
  struct lws *parent_wsi;
  /** For proxies: text to replace in pages. */
  const char *uri_replace_from;
  /** For proxies: what to put there. */
  const char *uri_replace_to;
  /** The vhost; NULL: the first, or the default one. */
  struct lws_vhost *vhost;
  /** Set to the connection before any callback, and to NULL if it fails; or NULL. */
  struct lws **pwsi;
  /** Interface or address to connect from, or NULL. */
  const char *iface;
  /** Protocol of ours to bind to; NULL: `protocol`. */
  const char *local_protocol_name;
  /** Protocols to offer in TLS; NULL: the vhost's. */
  const char *alpn;
  /** Not used. */
  struct lws_sequencer *seq;
  /** lws_get_opaque_user_data() gives it back. */
  void *opaque_user_data;
  /** When to ping and give up; NULL: the vhost's. Kept. */
  const lws_retry_bo_t *retry_and_idle_policy;
  /** With H2_MANUAL_RXFLOW: first credit. */
  int manual_initial_tx_credit;
  /** Nonzero: use the system blob's client certificate, by number from 1. */
  uint8_t sys_tls_client_cert;
  /** Not used. */
  void *mqtt_cp;
  /** Seconds to keep an unused connection for reuse; 0: 5. */
  uint16_t keep_warm_secs;
  /** Spare. */
  void *_unused[4];
};

/** A descriptor to adopt, and as what. */
struct lws_adopt_desc {
  /** The vhost to belong to. */
  struct lws_vhost *vh;
  /** What it is. */
  lws_adoption_type type;
  /** The descriptor. */
  lws_sock_file_fd_type fd;
  /** Protocol to bind to; NULL: the vhost's first. */
  const char *vh_prot_name;
  /** A connection that it belongs to, or NULL. */
  struct lws *parent;
  /** lws_get_opaque_user_data() gives it back. */
  void *opaque;
};

/** Peers of a UDP connection. */
struct lws_udp {
  /** Who sent the datagram that is being handled; where the next one goes. */
  struct sockaddr sa;
  /** Its length. */
  socklen_t salen;
  /** The same for a datagram that waits. */
  struct sockaddr sa_pending;
  /** Its length. */
  socklen_t salen_pending;
};

/** `in` of the callbacks about what to watch. */
struct lws_pollargs {
  /** The descriptor. */
  lws_sockfd_type fd;
  /** What to watch for from now on. */
  int events;
  /** What was watched for. */
  int prev_events;
};

/** `user` of LWS_CALLBACK_FILTER_NETWORK_CONNECTION. */
struct lws_filter_network_conn_args {
  /** Who connects. */
  struct sockaddr_storage cli_addr;
  /** Length of the address. */
  socklen_t clilen;
  /** The new socket. */
  lws_sockfd_type accept_fd;
};

/** `in` of the callbacks about CGI programs. */
struct lws_cgi_args {
  /** The three connections to the program, by enum lws_enum_stdinouterr. */
  struct lws **stdwsi;
  /** Which of them this is about. */
  enum lws_enum_stdinouterr ch;
  /** Bytes for or from the program. */
  unsigned char *data;
  /** How far its headers are parsed. */
  enum lws_cgi_hdr_state hdr_state;
  /** How many bytes. */
  int len;
};

/** `in` of LWS_CALLBACK_SSL_INFO. */
struct lws_ssl_info {
  /** OpenSSL's where. */
  int where;
  /** OpenSSL's ret. */
  int ret;
};

/** `in` of LWS_CALLBACK_VHOST_CERT_AGING. */
struct lws_acme_cert_aging_args {
  /** Whose certificate. */
  struct lws_vhost *vh;
  /** Values for a request, by `LWS_TLS_REQ_ELEMENT_` and `LWS_TLS_SET_`. */
  const char *element_overrides[11];
};

/** Bytes that an extension changes. */
struct lws_tokens {
  /** The bytes. */
  unsigned char *token;
  /** How many. */
  int len;
};

/** A write on its way through an extension. */
struct lws_write_passthru {
  /** The connection. */
  struct lws *wsi;
  /** The bytes. */
  unsigned char *buf;
  /** How many. */
  size_t len;
  /** What kind. */
  enum lws_write_protocol wp;
};

/** A protocol: how the program takes part in connections. Kept by pointer. */
struct lws_protocols {
  /** Its name; NULL in the last element. */
  const char *name;
  /** What is called. */
  lws_callback_function * callback;
  /** Bytes of zeroed storage for each connection: `user` of the callback. */
  size_t per_session_data_size;
  /** Most bytes that one callback gets, and the limit of one SSL_read; 0: the context's `pt_serv_buf_size`. */
  size_t rx_buffer_size;
  /** The program's. */
  unsigned int id;
  /** The program's; lws_protocol_get() gives the protocol. */
  void *user;
  /** Most bytes that go out at once; 0: `rx_buffer_size`. */
  size_t tx_packet_size;
};

/** A list of named values, which may have lists inside: "pvo". Kept by pointer. */
struct lws_protocol_vhost_options {
  /** The next in the list, or NULL. */
  const struct lws_protocol_vhost_options *next;
  /** A list inside this element, or NULL. */
  const struct lws_protocol_vhost_options *options;
  /** Name: of a protocol at the top, of an option below. */
  const char *name;
  /** Its value. */
  const char *value;
};

/** A websocket extension. Kept by pointer. */
struct lws_extension {
  /** Its name. */
  const char *name;
  /** What is called; NULL in the last element. */
  lws_extension_callback_function * callback;
  /** What a client offers: name and options. */
  const char *client_offer;
};

/** An option that an extension knows. */
struct lws_ext_options {
  /** Its name; NULL in the last element. */
  const char *name;
  /** What it takes. */
  enum lws_ext_options_types type;
};

/** An option that was given. */
struct lws_ext_option_arg {
  /** Its name, or NULL if `option_index` says which. */
  const char *option_name;
  /** Which option. */
  int option_index;
  /** Its value. */
  const char *start;
  /** Length of the value. */
  int len;
};

/** Longest value of each header. */
struct lws_token_limits {
  /** By enum lws_token_indexes; 0: no limit of its own. */
  unsigned short token_limit[95];
};

/** A list. Zero it first. */
struct lws_dll2_owner {
  /** The last, or NULL. */
  struct lws_dll2 *tail;
  /** The first, or NULL. */
  struct lws_dll2 *head;
  /** How many. */
  uint32_t count;
};

/** A place in a list, inside an object of the program. Zero it first. */
struct lws_dll2 {
  /** The one before, or NULL. */
  struct lws_dll2 *prev;
  /** The one after, or NULL. */
  struct lws_dll2 *next;
  /** The list it is in, or NULL. */
  struct lws_dll2_owner *owner;
};

typedef struct lws_sorted_usec_list lws_sorted_usec_list_t;

/** A timer has run out. */
typedef void (*sul_cb_t)(lws_sorted_usec_list_t *sul);

/** A timer ("sul"), inside an object of the program. Zero it first; cancel it before the object goes. */
struct lws_sorted_usec_list {
  /** Its place in the thread's list. */
  struct lws_dll2 list;
  /** When it is due, on the monotonic clock. */
  lws_usec_t us;
  /** What is called. */
  sul_cb_t cb;
  /** How late it may be. */
  uint32_t latency_us;
};

typedef struct lws_dll2_owner lws_dll2_owner_t;

/** States that are gone through in order, each with the consent of all who are told. */
struct lws_state_manager {
  /** Who is told. */
  lws_dll2_owner_t notify_list;
  /** The context, or NULL. */
  struct lws_context *context;
  /** The program's. */
  void *parent;
  /** Class of the message that is sent at a change; 0: none. */
  lws_smd_class_t smd_class;
  /** Name of each state. */
  const char **state_names;
  /** Its name, for logs. */
  const char *name;
  /** Where it is. */
  int state;
};

typedef struct lws_dll2 lws_dll2_t;

/** A state is about to change (target differs) or has changed; nonzero vetoes. */
typedef int (*lws_state_notify_t)(struct lws_state_manager *mgr,
                                  struct lws_state_notify_link *link,
                                  int current,
                                  int target);

/** Somebody who is told of changes. */
struct lws_state_notify_link {
  /** Its place in the list of who is told. */
  lws_dll2_t list;
  /** What is called. */
  lws_state_notify_t notify_cb;
  /** Its name, for logs. */
  const char *name;
};

/** Runs on the service thread once the system has reached the state asked for. */
typedef void (*lws_attach_cb_t)(struct lws_context *context, int tsi, void *opaque);

/** What the platform can do; members may be NULL. Kept by pointer. */
struct lws_system_ops {
  /** Restart the machine. */
  int (*reboot)(void);
  /** Set the wall clock, in microseconds. */
  int (*set_clock)(lws_usec_t);
  /** Queue a call for the service thread; see __lws_system_attach(). */
  int (*attach)(struct lws_context*,
                int,
                lws_attach_cb_t,
                lws_system_states_t,
                void*,
                struct lws_attach_item**);
  /** Find out whether there is an internet connection; then call lws_system_cpd_set(). */
  int (*captive_portal_detect_request)(struct lws_context*);
  /** How long waking up takes. */
  uint32_t wake_latency_us;
};

/** An open file of the file operations. */
typedef struct lws_fop_fd *lws_fop_fd_t;

/** A signed distance in a file. */
typedef long long lws_fileofs_t;

/** Which paths are for some file operations. */
struct lws_fops_index {
  /** Text in a path behind which these operations take over, such as ".zip/". */
  const char *sig;
  /** Its length. */
  uint8_t len;
};

/** File operations. Kept by pointer. */
struct lws_plat_file_ops {
  /** Opens a file, or gives NULL. */
  lws_fop_fd_t (*open)(const struct lws_plat_file_ops*, const char*, const char*, lws_fop_flags_t*);
  /** Closes it and sets the pointer to NULL. */
  int (*close)(lws_fop_fd_t*);
  /** Moves by a distance; gives the new position. */
  lws_fileofs_t (*seek_cur)(lws_fop_fd_t, lws_fileofs_t);
  /** Reads up to a length; says how many bytes came. */
  int (*read)(lws_fop_fd_t, lws_filepos_t*, uint8_t*, lws_filepos_t);
  /** Writes up to a length; says how many bytes went. */
  int (*write)(lws_fop_fd_t, lws_filepos_t*, uint8_t*, lws_filepos_t);
  /** Which paths it is for. */
  struct lws_fops_index fi[3];
  /** The next in the list. */
  const struct lws_plat_file_ops *next;
};

/** An open file. */
struct lws_fop_fd {
  /** The descriptor, or LWS_INVALID_FILE. */
  lws_filefd_type fd;
  /** Who opened it. */
  const struct lws_plat_file_ops *fops;
  /** Theirs. */
  void *filesystem_priv;
  /** Where it is. */
  lws_filepos_t pos;
  /** Its length. */
  lws_filepos_t len;
  /** What open() said about it. */
  lws_fop_flags_t flags;
  /** When it changed, if the flags say so. */
  uint32_t mod_time;
};

/** An entry of a directory. */
struct lws_dir_entry {
  /** Its name. */
  const char *name;
  /** What it is. */
  lws_dir_obj_type_t type;
};

/** A unit. */
struct lws_humanize_unit {
  /** Its name; NULL in the last element. */
  const char *name;
  /** How many of the smallest unit it is. */
  uint64_t factor;
};

/** How a plugin's exported record begins. */
struct lws_plugin_header {
  /** Its name. */
  const char *name;
  /** What kind of plugin: text that both sides know. */
  const char *_class;
  /** LWS_PLUGIN_API_MAGIC. */
  unsigned int api_magic;
};

typedef struct lws_plugin_header lws_plugin_header_t;

/** What a plugin that brings protocols exports. */
struct lws_plugin_protocol {
  /** With class "lws_protocol_plugin". */
  lws_plugin_header_t hdr;
  /** Protocols it brings. */
  const struct lws_protocols *protocols;
  /** Extensions it brings. */
  const struct lws_extension *extensions;
  /** How many. */
  int count_protocols;
  /** How many. */
  int count_extensions;
};

/** One parser inside another. */
struct _lejp_parsing_stack {
  /** The program's. */
  void *user;
  /** What is called. */
  signed char (*callback)(struct lejp_ctx*, char);
  /** Paths to match. */
  const char *const *paths;
  /** How many. */
  uint8_t count_paths;
  /** Where in `path` this parser began. */
  uint8_t ppos;
  /** Which path matches. */
  uint8_t path_match;
};

/** One level of nesting. */
struct _lejp_stack {
  /** State to go back to. */
  char s;
  /** Length of the path there. */
  char p;
  /** Depth of indexes there. */
  char i;
  /** Bit: an array. */
  char b;
};

/** A JSON parser, in memory of the program; its callbacks read it. */
struct lejp_ctx {
  /** The program's: given to lejp_construct(). */
  void *user;
  /** Parsers inside parsers. */
  struct _lejp_parsing_stack pst[5];
  /** Nesting of values. */
  struct _lejp_stack st[12];
  /** Array index at each depth. */
  uint16_t i[5];
  /** Where each wildcard of the matched path matched. */
  uint16_t wild[5];
  /** Where we are, as "a.b[].c". */
  char path[128];
  /** The text or number being read; what a value callback looks at. */
  char buf[255];
  /** Distance of the path pointers, if they are inside records. */
  size_t path_stride;
  /** Line, from 1. */
  uint32_t line;
  /** The code point being read. */
  uint16_t uni;
  /** How much of `buf` is used. */
  uint8_t npos;
  /** How much of a literal name is read. */
  uint8_t dcount;
  /** Bits: enum num_flags. */
  uint8_t f;
  /** Depth of `st`. */
  uint8_t sp;
  /** Depth of `i`. */
  uint8_t ipos;
  /** How many paths to match. */
  uint8_t count_paths;
  /** Which path matches, from 1; 0: none. */
  uint8_t path_match;
  /** How much of `path` that is. */
  uint8_t path_match_len;
  /** How many wildcards it has. */
  uint8_t wildcount;
  /** Depth of `pst`. */
  uint8_t pst_sp;
  /** The outermost value is an array. */
  uint8_t outer_array;
};

/** A tokenizer, in memory of the program. */
struct lws_tokenize {
  /** Where to go on. */
  const char *start;
  /** The token found. */
  const char *token;
  /** How much is left. */
  size_t len;
  /** Length of the token. */
  size_t token_len;
  /** `LWS_TOKENIZE_F_` bits. */
  uint16_t flags;
  /** What comma checking waits for: enum lws_tokenize_delimiter_tracking. */
  uint8_t delim;
  /** The last result. */
  int8_t e;
};

/** Gives the text of a `${name}` in `lws_strexp_expand`. */
typedef int (*lws_strexp_expand_cb)(void *priv,
                                    const char *name,
                                    char *out,
                                    size_t *pos,
                                    size_t olen,
                                    size_t *exp_ofs);

/** An expansion, in memory of the program. */
struct lws_strexp {
  /** The name being read. */
  char name[32];
  /** Gives the text for a name. */
  lws_strexp_expand_cb cb;
  /** The program's. */
  void *priv;
  /** Where to write; NULL: only count. */
  char *out;
  /** Room there. */
  size_t olen;
  /** How much is written. */
  size_t pos;
  /** How much of the present text is written. */
  size_t exp_ofs;
  /** How much of the name is read. */
  uint8_t name_pos;
  /** Where in `${name}` we are. */
  char state;
};

/** A base64 decoder that takes its input in pieces, in memory of the program. */
struct lws_b64state {
  /** Characters of the present group. */
  unsigned char quad[4];
  /** Bytes written so far. */
  size_t done;
  /** Characters of the group. */
  size_t len;
  /** Place in the group. */
  int i;
  /** The last character. */
  int c;
};

/** Takes part of an uploaded file. */
typedef int (*lws_spa_fileupload_cb)(void *data,
                                     const char *name,
                                     const char *filename,
                                     char *buf,
                                     int len,
                                     enum lws_spa_fileupload_states state);

/** What a form parser is made with. */
struct lws_spa_create_info {
  /** Names of the fields wanted. */
  const char *const *param_names;
  /** How many. */
  int count_params;
  /** Bytes for all values. */
  int max_storage;
  /** Takes uploaded files; NULL: they are dropped. */
  lws_spa_fileupload_cb opt_cb;
  /** The program's: given to opt_cb. */
  void *opt_data;
  /** Distance of the name pointers, if they are inside records; 0: an array. */
  size_t param_names_stride;
  /** Allocate here; NULL: the parser's own. */
  struct lwsac **ac;
  /** Size of the chunks; 0: 4000. */
  size_t ac_chunk_size;
};

/** `in` of callbacks that change headers or pages on their way. */
struct lws_process_html_args {
  /** Where the bytes are, or are to be written. */
  char *p;
  /** How many. */
  int len;
  /** Room. */
  int max_len;
  /** It is the last part. */
  int final;
  /** It goes out in chunks. */
  int chunked;
};

/** Gives the text that replaces a variable in served HTML. */
typedef const char *(*lws_process_html_state_cb)(void *data, int index);

/** State of lws_chunked_html_process(). */
struct lws_process_html_state {
  /** Where the part begins. */
  char *start;
  /** The name being read. */
  char swallow[16];
  /** How much of it. */
  int pos;
  /** The program's: given to `replace`. */
  void *data;
  /** Names to replace, as `$name`. */
  const char *const *vars;
  /** How many. */
  int count_vars;
  /** Gives the text for a name. */
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
