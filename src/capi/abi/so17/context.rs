//! Records that configure a context or a vhost: creation info, protocols, mounts, per-vhost options, extensions.
//!
//! The program fills them. Creation info is copied by value once, at the edge, into a core config; mounts, options and
//! extensions are kept by pointer, so they are only looked at through these types.

#![expect(
    missing_docs,
    reason = "creation info and mounts are documented in lws-context-vhost.h, by hand"
)]

use super::*;
use libc::{c_char, c_int, c_long, c_uchar, c_uint, c_ushort, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_context_creation_info {
    pub iface: *const c_char,
    pub protocols: *const lws_protocols,
    pub extensions: *const lws_extension,
    pub token_limits: *const lws_token_limits,
    pub http_proxy_address: *const c_char,
    pub headers: *const lws_protocol_vhost_options,
    pub reject_service_keywords: *const lws_protocol_vhost_options,
    pub pvo: *const lws_protocol_vhost_options,
    pub log_filepath: *const c_char,
    pub mounts: *const lws_http_mount,
    pub server_string: *const c_char,
    pub error_document_404: *const c_char,
    pub port: c_int,
    pub http_proxy_port: c_uint,
    pub max_http_header_data2: c_uint,
    pub max_http_header_pool2: c_uint,
    pub keepalive_timeout: c_int,
    pub http2_settings: [u32; 7],
    pub max_http_header_data: c_ushort,
    pub max_http_header_pool: c_ushort,
    pub ssl_private_key_password: *const c_char,
    pub ssl_cert_filepath: *const c_char,
    pub ssl_private_key_filepath: *const c_char,
    pub ssl_ca_filepath: *const c_char,
    pub ssl_cipher_list: *const c_char,
    pub ecdh_curve: *const c_char,
    pub tls1_3_plus_cipher_list: *const c_char,
    pub server_ssl_cert_mem: *const c_void,
    pub server_ssl_private_key_mem: *const c_void,
    pub server_ssl_ca_mem: *const c_void,
    pub ssl_options_set: c_long,
    pub ssl_options_clear: c_long,
    pub simultaneous_ssl_restriction: c_int,
    pub ssl_info_event_mask: c_int,
    pub server_ssl_cert_mem_len: c_uint,
    pub server_ssl_private_key_mem_len: c_uint,
    pub server_ssl_ca_mem_len: c_uint,
    pub alpn: *const c_char,
    pub client_ssl_private_key_password: *const c_char,
    pub client_ssl_cert_filepath: *const c_char,
    pub client_ssl_cert_mem: *const c_void,
    pub client_ssl_cert_mem_len: c_uint,
    pub client_ssl_private_key_filepath: *const c_char,
    pub client_ssl_key_mem: *const c_void,
    pub client_ssl_ca_filepath: *const c_char,
    pub client_ssl_ca_mem: *const c_void,
    pub client_ssl_cipher_list: *const c_char,
    pub client_tls_1_3_plus_cipher_list: *const c_char,
    pub ssl_client_options_set: c_long,
    pub ssl_client_options_clear: c_long,
    pub client_ssl_ca_mem_len: c_uint,
    pub client_ssl_key_mem_len: c_uint,
    pub provided_client_ssl_ctx: *mut SSL_CTX,
    pub ka_time: c_int,
    pub ka_probes: c_int,
    pub ka_interval: c_int,
    pub timeout_secs: c_uint,
    pub connect_timeout_secs: c_uint,
    pub bind_iface: c_int,
    pub timeout_secs_ah_idle: c_uint,
    pub gid: c_int,
    pub uid: c_int,
    pub options: u64,
    pub user: *mut c_void,
    pub count_threads: c_uint,
    pub fd_limit_per_thread: c_uint,
    pub vhost_name: *const c_char,
    pub external_baggage_free_on_destroy: *mut c_void,
    pub pt_serv_buf_size: c_uint,
    pub fops: *const lws_plat_file_ops,
    pub caps: [cap_value_t; 4],
    pub count_caps: c_char,
    pub foreign_loops: *mut *mut c_void,
    pub signal_cb: Option<unsafe extern "C" fn(*mut c_void, c_int)>,
    pub pcontext: *mut *mut lws_context,
    pub finalize: Option<unsafe extern "C" fn(*mut lws_vhost, *mut c_void)>,
    pub finalize_arg: *mut c_void,
    pub listen_accept_role: *const c_char,
    pub listen_accept_protocol: *const c_char,
    pub pprotocols: *mut *const lws_protocols,
    pub username: *const c_char,
    pub groupname: *const c_char,
    pub unix_socket_perms: *const c_char,
    pub system_ops: *const lws_system_ops_t,
    pub retry_and_idle_policy: *const lws_retry_bo_t,
    pub register_notifier_list: *const *mut lws_state_notify_link_t,
    pub rlimit_nofile: c_int,
    pub udp_loss_sim_tx_pc: u8,
    pub udp_loss_sim_rx_pc: u8,
    pub early_smd_cb: lws_smd_notification_cb_t,
    pub early_smd_opaque: *mut c_void,
    pub early_smd_class_filter: lws_smd_class_t,
    pub tail: lws_context_creation_info_tail,
}
layout!(lws_context_creation_info, 672, 8; iface @ 0, protocols @ 8, extensions @ 16, token_limits @ 24, http_proxy_address @ 32, headers @ 40, reject_service_keywords @ 48, pvo @ 56, log_filepath @ 64, mounts @ 72, server_string @ 80, error_document_404 @ 88, port @ 96, http_proxy_port @ 100, max_http_header_data2 @ 104, max_http_header_pool2 @ 108, keepalive_timeout @ 112, http2_settings @ 116, max_http_header_data @ 144, max_http_header_pool @ 146, ssl_private_key_password @ 152, ssl_cert_filepath @ 160, ssl_private_key_filepath @ 168, ssl_ca_filepath @ 176, ssl_cipher_list @ 184, ecdh_curve @ 192, tls1_3_plus_cipher_list @ 200, server_ssl_cert_mem @ 208, server_ssl_private_key_mem @ 216, server_ssl_ca_mem @ 224, ssl_options_set @ 232, ssl_options_clear @ 240, simultaneous_ssl_restriction @ 248, ssl_info_event_mask @ 252, server_ssl_cert_mem_len @ 256, server_ssl_private_key_mem_len @ 260, server_ssl_ca_mem_len @ 264, alpn @ 272, client_ssl_private_key_password @ 280, client_ssl_cert_filepath @ 288, client_ssl_cert_mem @ 296, client_ssl_cert_mem_len @ 304, client_ssl_private_key_filepath @ 312, client_ssl_key_mem @ 320, client_ssl_ca_filepath @ 328, client_ssl_ca_mem @ 336, client_ssl_cipher_list @ 344, client_tls_1_3_plus_cipher_list @ 352, ssl_client_options_set @ 360, ssl_client_options_clear @ 368, client_ssl_ca_mem_len @ 376, client_ssl_key_mem_len @ 380, provided_client_ssl_ctx @ 384, ka_time @ 392, ka_probes @ 396, ka_interval @ 400, timeout_secs @ 404, connect_timeout_secs @ 408, bind_iface @ 412, timeout_secs_ah_idle @ 416, gid @ 420, uid @ 424, options @ 432, user @ 440, count_threads @ 448, fd_limit_per_thread @ 452, vhost_name @ 456, external_baggage_free_on_destroy @ 464, pt_serv_buf_size @ 472, fops @ 480, caps @ 488, count_caps @ 504, foreign_loops @ 512, signal_cb @ 520, pcontext @ 528, finalize @ 536, finalize_arg @ 544, listen_accept_role @ 552, listen_accept_protocol @ 560, pprotocols @ 568, username @ 576, groupname @ 584, unix_socket_perms @ 592, system_ops @ 600, retry_and_idle_policy @ 608, register_notifier_list @ 616, rlimit_nofile @ 624, udp_loss_sim_tx_pc @ 628, udp_loss_sim_rx_pc @ 629, early_smd_cb @ 632, early_smd_opaque @ 640, early_smd_class_filter @ 648, tail @ 656);

/// The end of [`lws_context_creation_info`]: two spare pointers in so.17, in which our members live.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_context_creation_info_tail {
    /// What so.17 has there.
    pub _unused: [*mut c_void; 2],
    /// What we have there.
    pub ours: lws_context_creation_info_ours,
}

/// Members that Debian's so.17 lacks.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_context_creation_info_ours {
    /// Directories of plugins, ends with NULL.
    pub plugin_dirs: *const *const c_char,
    /// Most header tables for one address; 0: no limit.
    pub ip_limit_ah: c_ushort,
    /// Most connections of one address; 0: no limit.
    pub ip_limit_wsi: c_ushort,
    /// Must be 0.
    pub _ext_flags: c_uint,
}
layout!(lws_context_creation_info_tail, 16, 8; _unused @ 0, ours @ 0);
layout!(lws_context_creation_info_ours, 16, 8; plugin_dirs @ 0, ip_limit_ah @ 8, ip_limit_wsi @ 10, _ext_flags @ 12);

/// A protocol: how the program takes part in connections. Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_protocols {
    /// Its name; NULL in the last element.
    pub name: *const c_char,
    /// What is called.
    pub callback: lws_callback_function,
    /// Bytes of zeroed storage for each connection: `user` of the callback.
    pub per_session_data_size: usize,
    /// Most bytes that one callback gets, and the limit of one SSL_read; 0: the context's `pt_serv_buf_size`.
    pub rx_buffer_size: usize,
    /// The program's.
    pub id: c_uint,
    /// The program's; lws_protocol_get() gives the protocol.
    pub user: *mut c_void,
    /// Most bytes that go out at once; 0: `rx_buffer_size`.
    pub tx_packet_size: usize,
}
layout!(lws_protocols, 56, 8; name @ 0, callback @ 8, per_session_data_size @ 16, rx_buffer_size @ 24, id @ 32, user @ 40, tx_packet_size @ 48);

/// A list of named values, which may have lists inside: "pvo". Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_protocol_vhost_options {
    /// The next in the list, or NULL.
    pub next: *const lws_protocol_vhost_options,
    /// A list inside this element, or NULL.
    pub options: *const lws_protocol_vhost_options,
    /// Name: of a protocol at the top, of an option below.
    pub name: *const c_char,
    /// Its value.
    pub value: *const c_char,
}
layout!(lws_protocol_vhost_options, 32, 8; next @ 0, options @ 8, name @ 16, value @ 24);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_http_mount {
    pub mount_next: *const lws_http_mount,
    pub mountpoint: *const c_char,
    pub origin: *const c_char,
    pub def: *const c_char,
    pub protocol: *const c_char,
    pub cgienv: *const lws_protocol_vhost_options,
    pub extra_mimetypes: *const lws_protocol_vhost_options,
    pub interpret: *const lws_protocol_vhost_options,
    pub cgi_timeout: c_int,
    pub cache_max_age: c_int,
    pub auth_mask: c_uint,
    pub cache_bits: u8,
    pub origin_protocol: c_uchar,
    pub mountpoint_len: c_uchar,
    pub basic_auth_login_file: *const c_char,
    pub _unused: [*mut c_void; 2],
}
layout!(lws_http_mount, 104, 8; mount_next @ 0, mountpoint @ 8, origin @ 16, def @ 24, protocol @ 32, cgienv @ 40, extra_mimetypes @ 48, interpret @ 56, cgi_timeout @ 64, cache_max_age @ 68, auth_mask @ 72, cache_bits @ 76, origin_protocol @ 77, mountpoint_len @ 78, basic_auth_login_file @ 80, _unused @ 88);

impl lws_http_mount {
    /// Clients may cache and reuse what this mount serves.
    pub const fn cache_reusable(&self) -> bool {
        self.cache_bits & 1 != 0
    }
    /// Clients must ask again before they reuse it.
    pub const fn cache_revalidate(&self) -> bool {
        self.cache_bits & 2 != 0
    }
    /// Caches between here and the client may keep it too.
    pub const fn cache_intermediaries(&self) -> bool {
        self.cache_bits & 4 != 0
    }
}

/// A websocket extension. Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_extension {
    /// Its name.
    pub name: *const c_char,
    /// What is called; NULL in the last element.
    pub callback: lws_extension_callback_function,
    /// What a client offers: name and options.
    pub client_offer: *const c_char,
}
layout!(lws_extension, 24, 8; name @ 0, callback @ 8, client_offer @ 16);

/// An option that an extension knows.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_ext_options {
    /// Its name; NULL in the last element.
    pub name: *const c_char,
    /// What it takes.
    pub r#type: enum_lws_ext_options_types,
}
layout!(lws_ext_options, 16, 8; name @ 0, r#type @ 8);

/// An option that was given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_ext_option_arg {
    /// Its name, or NULL if `option_index` says which.
    pub option_name: *const c_char,
    /// Which option.
    pub option_index: c_int,
    /// Its value.
    pub start: *const c_char,
    /// Length of the value.
    pub len: c_int,
}
layout!(lws_ext_option_arg, 32, 8; option_name @ 0, option_index @ 8, start @ 16, len @ 24);

/// Longest value of each header.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_token_limits {
    /// By enum lws_token_indexes; 0: no limit of its own.
    pub token_limit: [c_ushort; 95],
}
layout!(lws_token_limits, 190, 2; token_limit @ 0);
