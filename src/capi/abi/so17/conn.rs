//! Records of single connections: client connect info, adoption, UDP, and what callbacks get through `in`.

#![expect(missing_docs, reason = "the C names are the documentation of record")]

use super::*;
use libc::{c_char, c_int, c_uchar, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_client_connect_info {
    pub context: *mut lws_context,
    pub address: *const c_char,
    pub port: c_int,
    pub ssl_connection: c_int,
    pub path: *const c_char,
    pub host: *const c_char,
    pub origin: *const c_char,
    pub protocol: *const c_char,
    pub ietf_version_or_minus_one: c_int,
    pub userdata: *mut c_void,
    pub client_exts: *const c_void,
    pub method: *const c_char,
    pub parent_wsi: *mut lws,
    pub uri_replace_from: *const c_char,
    pub uri_replace_to: *const c_char,
    pub vhost: *mut lws_vhost,
    pub pwsi: *mut *mut lws,
    pub iface: *const c_char,
    pub local_protocol_name: *const c_char,
    pub alpn: *const c_char,
    pub seq: *mut lws_sequencer,
    pub opaque_user_data: *mut c_void,
    pub retry_and_idle_policy: *const lws_retry_bo_t,
    pub manual_initial_tx_credit: c_int,
    pub sys_tls_client_cert: u8,
    pub mqtt_cp: *mut c_void,
    pub keep_warm_secs: u16,
    pub _unused: [*mut c_void; 4],
}
layout!(lws_client_connect_info, 232, 8; context @ 0, address @ 8, port @ 16, ssl_connection @ 20, path @ 24, host @ 32, origin @ 40, protocol @ 48, ietf_version_or_minus_one @ 56, userdata @ 64, client_exts @ 72, method @ 80, parent_wsi @ 88, uri_replace_from @ 96, uri_replace_to @ 104, vhost @ 112, pwsi @ 120, iface @ 128, local_protocol_name @ 136, alpn @ 144, seq @ 152, opaque_user_data @ 160, retry_and_idle_policy @ 168, manual_initial_tx_credit @ 176, sys_tls_client_cert @ 180, mqtt_cp @ 184, keep_warm_secs @ 192, _unused @ 200);

#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_sock_file_fd_type {
    pub sockfd: lws_sockfd_type,
    pub filefd: lws_filefd_type,
}
layout!(lws_sock_file_fd_type, 4, 4; sockfd @ 0, filefd @ 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_adopt_desc {
    pub vh: *mut lws_vhost,
    pub r#type: enum_lws_adoption_type,
    pub fd: lws_sock_file_fd_type,
    pub vh_prot_name: *const c_char,
    pub parent: *mut lws,
    pub opaque: *mut c_void,
}
layout!(lws_adopt_desc, 40, 8; vh @ 0, r#type @ 8, fd @ 12, vh_prot_name @ 16, parent @ 24, opaque @ 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_sockaddr46 {
    pub sa6: libc::sockaddr_in6,
    pub sa4: libc::sockaddr_in,
}
layout!(lws_sockaddr46, 28, 4; sa6 @ 0, sa4 @ 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_udp {
    pub sa: libc::sockaddr,
    pub salen: libc::socklen_t,
    pub sa_pending: libc::sockaddr,
    pub salen_pending: libc::socklen_t,
}
layout!(lws_udp, 40, 4; sa @ 0, salen @ 16, sa_pending @ 20, salen_pending @ 36);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_pollargs {
    pub fd: lws_sockfd_type,
    pub events: c_int,
    pub prev_events: c_int,
}
layout!(lws_pollargs, 12, 4; fd @ 0, events @ 4, prev_events @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_filter_network_conn_args {
    pub cli_addr: libc::sockaddr_storage,
    pub clilen: libc::socklen_t,
    pub accept_fd: lws_sockfd_type,
}
layout!(lws_filter_network_conn_args, 136, 8; cli_addr @ 0, clilen @ 128, accept_fd @ 132);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_cgi_args {
    pub stdwsi: *mut *mut lws,
    pub ch: enum_lws_enum_stdinouterr,
    pub data: *mut c_uchar,
    pub hdr_state: enum_lws_cgi_hdr_state,
    pub len: c_int,
}
layout!(lws_cgi_args, 32, 8; stdwsi @ 0, ch @ 8, data @ 16, hdr_state @ 24, len @ 28);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_ssl_info {
    pub r#where: c_int,
    pub ret: c_int,
}
layout!(lws_ssl_info, 8, 4; r#where @ 0, ret @ 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_acme_cert_aging_args {
    pub vh: *mut lws_vhost,
    pub element_overrides: [*const c_char; 11],
}
layout!(lws_acme_cert_aging_args, 96, 8; vh @ 0, element_overrides @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tokens {
    pub token: *mut c_uchar,
    pub len: c_int,
}
layout!(lws_tokens, 16, 8; token @ 0, len @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_write_passthru {
    pub wsi: *mut lws,
    pub buf: *mut c_uchar,
    pub len: usize,
    pub wp: enum_lws_write_protocol,
}
layout!(lws_write_passthru, 32, 8; wsi @ 0, buf @ 8, len @ 16, wp @ 24);
