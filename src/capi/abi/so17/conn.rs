//! Records of single connections: client connect info, adoption, UDP, and what callbacks get through `in`.

use super::*;
use libc::{c_char, c_int, c_uchar, c_void};

/// What a client connection is made with. Zero it first; texts are copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_client_connect_info {
    /// The context; needed.
    pub context: *mut lws_context,
    /// Where to connect: name or address; needed.
    pub address: *const c_char,
    /// The port.
    pub port: c_int,
    /// `LCCSCF_` bits.
    pub ssl_connection: c_int,
    /// Path of the request; for a unix socket, `address` begins with +.
    pub path: *const c_char,
    /// The Host header.
    pub host: *const c_char,
    /// The Origin header, or NULL.
    pub origin: *const c_char,
    /// Websocket subprotocols to offer, comma separated, or NULL.
    pub protocol: *const c_char,
    /// Websocket version: -1 for the usual one.
    pub ietf_version_or_minus_one: c_int,
    /// Session storage of the program's own; NULL: the library makes it.
    pub userdata: *mut c_void,
    /// Not used.
    pub client_exts: *const c_void,
    /// NULL: websocket; "RAW"; or an http method.
    pub method: *const c_char,
    /// A connection that this one belongs to, or NULL.
    pub parent_wsi: *mut lws,
    /// For proxies: text to replace in pages.
    pub uri_replace_from: *const c_char,
    /// For proxies: what to put there.
    pub uri_replace_to: *const c_char,
    /// The vhost; NULL: the first, or the default one.
    pub vhost: *mut lws_vhost,
    /// Set to the connection before any callback, and to NULL if it fails; or NULL.
    pub pwsi: *mut *mut lws,
    /// Interface or address to connect from, or NULL.
    pub iface: *const c_char,
    /// Protocol of ours to bind to; NULL: `protocol`.
    pub local_protocol_name: *const c_char,
    /// Protocols to offer in TLS; NULL: the vhost's.
    pub alpn: *const c_char,
    /// Not used.
    pub seq: *mut lws_sequencer,
    /// lws_get_opaque_user_data() gives it back.
    pub opaque_user_data: *mut c_void,
    /// When to ping and give up; NULL: the vhost's. Kept.
    pub retry_and_idle_policy: *const lws_retry_bo_t,
    /// With H2_MANUAL_RXFLOW: first credit.
    pub manual_initial_tx_credit: c_int,
    /// Nonzero: use the system blob's client certificate, by number from 1.
    pub sys_tls_client_cert: u8,
    /// Not used.
    pub mqtt_cp: *mut c_void,
    /// Seconds to keep an unused connection for reuse; 0: 5.
    pub keep_warm_secs: u16,
    /// Spare.
    pub _unused: [*mut c_void; 4],
}
layout!(lws_client_connect_info, 232, 8; context @ 0, address @ 8, port @ 16, ssl_connection @ 20, path @ 24, host @ 32, origin @ 40, protocol @ 48, ietf_version_or_minus_one @ 56, userdata @ 64, client_exts @ 72, method @ 80, parent_wsi @ 88, uri_replace_from @ 96, uri_replace_to @ 104, vhost @ 112, pwsi @ 120, iface @ 128, local_protocol_name @ 136, alpn @ 144, seq @ 152, opaque_user_data @ 160, retry_and_idle_policy @ 168, manual_initial_tx_credit @ 176, sys_tls_client_cert @ 180, mqtt_cp @ 184, keep_warm_secs @ 192, _unused @ 200);

/// A descriptor to adopt.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_sock_file_fd_type {
    /// A socket.
    pub sockfd: lws_sockfd_type,
    /// A file descriptor.
    pub filefd: lws_filefd_type,
}
layout!(lws_sock_file_fd_type, 4, 4; sockfd @ 0, filefd @ 0);

/// A descriptor to adopt, and as what.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_adopt_desc {
    /// The vhost to belong to.
    pub vh: *mut lws_vhost,
    /// What it is.
    pub r#type: enum_lws_adoption_type,
    /// The descriptor.
    pub fd: lws_sock_file_fd_type,
    /// Protocol to bind to; NULL: the vhost's first.
    pub vh_prot_name: *const c_char,
    /// A connection that it belongs to, or NULL.
    pub parent: *mut lws,
    /// lws_get_opaque_user_data() gives it back.
    pub opaque: *mut c_void,
}
layout!(lws_adopt_desc, 40, 8; vh @ 0, r#type @ 8, fd @ 12, vh_prot_name @ 16, parent @ 24, opaque @ 32);

/// An IPv4 or IPv6 address and port.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_sockaddr46 {
    /// As IPv6.
    pub sa6: libc::sockaddr_in6,
    /// As IPv4.
    pub sa4: libc::sockaddr_in,
}
layout!(lws_sockaddr46, 28, 4; sa6 @ 0, sa4 @ 0);

/// Peers of a UDP connection.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_udp {
    /// Who sent the datagram that is being handled; where the next one goes.
    pub sa: libc::sockaddr,
    /// Its length.
    pub salen: libc::socklen_t,
    /// The same for a datagram that waits.
    pub sa_pending: libc::sockaddr,
    /// Its length.
    pub salen_pending: libc::socklen_t,
}
layout!(lws_udp, 40, 4; sa @ 0, salen @ 16, sa_pending @ 20, salen_pending @ 36);

/// `in` of the callbacks about what to watch.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_pollargs {
    /// The descriptor.
    pub fd: lws_sockfd_type,
    /// What to watch for from now on.
    pub events: c_int,
    /// What was watched for.
    pub prev_events: c_int,
}
layout!(lws_pollargs, 12, 4; fd @ 0, events @ 4, prev_events @ 8);

/// `user` of LWS_CALLBACK_FILTER_NETWORK_CONNECTION.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_filter_network_conn_args {
    /// Who connects.
    pub cli_addr: libc::sockaddr_storage,
    /// Length of the address.
    pub clilen: libc::socklen_t,
    /// The new socket.
    pub accept_fd: lws_sockfd_type,
}
layout!(lws_filter_network_conn_args, 136, 8; cli_addr @ 0, clilen @ 128, accept_fd @ 132);

/// `in` of the callbacks about CGI programs.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_cgi_args {
    /// The three connections to the program, by enum lws_enum_stdinouterr.
    pub stdwsi: *mut *mut lws,
    /// Which of them this is about.
    pub ch: enum_lws_enum_stdinouterr,
    /// Bytes for or from the program.
    pub data: *mut c_uchar,
    /// How far its headers are parsed.
    pub hdr_state: enum_lws_cgi_hdr_state,
    /// How many bytes.
    pub len: c_int,
}
layout!(lws_cgi_args, 32, 8; stdwsi @ 0, ch @ 8, data @ 16, hdr_state @ 24, len @ 28);

/// `in` of LWS_CALLBACK_SSL_INFO.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_ssl_info {
    /// OpenSSL's where.
    pub r#where: c_int,
    /// OpenSSL's ret.
    pub ret: c_int,
}
layout!(lws_ssl_info, 8, 4; r#where @ 0, ret @ 4);

/// `in` of LWS_CALLBACK_VHOST_CERT_AGING.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_acme_cert_aging_args {
    /// Whose certificate.
    pub vh: *mut lws_vhost,
    /// Values for a request, by `LWS_TLS_REQ_ELEMENT_` and `LWS_TLS_SET_`.
    pub element_overrides: [*const c_char; 11],
}
layout!(lws_acme_cert_aging_args, 96, 8; vh @ 0, element_overrides @ 8);

/// Bytes that an extension changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tokens {
    /// The bytes.
    pub token: *mut c_uchar,
    /// How many.
    pub len: c_int,
}
layout!(lws_tokens, 16, 8; token @ 0, len @ 8);

/// A write on its way through an extension.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_write_passthru {
    /// The connection.
    pub wsi: *mut lws,
    /// The bytes.
    pub buf: *mut c_uchar,
    /// How many.
    pub len: usize,
    /// What kind.
    pub wp: enum_lws_write_protocol,
}
layout!(lws_write_passthru, 32, 8; wsi @ 0, buf @ 8, len @ 16, wp @ 24);
