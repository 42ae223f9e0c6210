//! Opaque handles, scalar typedefs and callback types of the so.17 interface.
//!
//! A handle type is never a real object on our side: C holds a pointer value that `capi::handle` decodes. So these
//! types are not `repr(C)`, and cbindgen declares them without a body.
//!
//! `enum_x` is what a C `enum x` parameter or member is at the binary interface: an integer, because a program may
//! pass any value. Their named values are in the `enum*` files next to this one.

#![expect(missing_docs, reason = "a typedef of a record says nothing new")]

use super::*;
use libc::{c_char, c_int, c_uint, c_void, size_t};

/// One connection ("wsi").
pub struct lws {
    _opaque: [u8; 0],
}
/// A context: all that one `lws_create_context` call owns.
pub struct lws_context {
    _opaque: [u8; 0],
}
/// A virtual host of a context.
pub struct lws_vhost {
    _opaque: [u8; 0],
}
/// A service thread of a context.
pub struct lws_context_per_thread {
    _opaque: [u8; 0],
}
/// A ring buffer of `lws_ring_create`.
pub struct lws_ring {
    _opaque: [u8; 0],
}
/// A list of buffered segments.
pub struct lws_buflist {
    _opaque: [u8; 0],
}
/// A chunked allocator whose head pointer the program holds.
pub struct lwsac {
    _opaque: [u8; 0],
}
/// A form parser.
pub struct lws_spa {
    _opaque: [u8; 0],
}
/// A parsed certificate.
pub struct lws_x509_cert {
    _opaque: [u8; 0],
}
/// A registration with the message distribution.
pub struct lws_smd_peer {
    _opaque: [u8; 0],
}
/// A queued request of `lws_system_attach`.
pub struct lws_attach_item {
    _opaque: [u8; 0],
}
/// A system-wide value.
pub struct lws_system_blob {
    _opaque: [u8; 0],
}
/// A sequencer (never implemented by so.17; member type only).
pub struct lws_sequencer {
    _opaque: [u8; 0],
}
/// OpenSSL's `SSL`.
pub struct ssl_st {
    _opaque: [u8; 0],
}
/// OpenSSL's `SSL_CTX`.
pub struct ssl_ctx_st {
    _opaque: [u8; 0],
}

pub type SSL = ssl_st;
pub type SSL_CTX = ssl_ctx_st;

/// A socket.
pub type lws_sockfd_type = c_int;
/// A file descriptor.
pub type lws_filefd_type = c_int;
/// A position or length in a file.
pub type lws_filepos_t = libc::c_ulonglong;
/// A signed distance in a file.
pub type lws_fileofs_t = libc::c_longlong;
/// Open flags of the file operations.
pub type lws_fop_flags_t = u32;
/// A time or a duration in microseconds.
pub type lws_usec_t = i64;
/// A bit set of message classes.
pub type lws_smd_class_t = u32;
/// libcap's capability number.
pub type cap_value_t = c_int;
/// An open file of the file operations.
pub type lws_fop_fd_t = *mut lws_fop_fd;
/// Start of the contents of a cached file.
pub type lwsac_cached_file_t = *mut libc::c_uchar;

pub type lws_adopt_desc_t = lws_adopt_desc;
pub type lws_dll2_t = lws_dll2;
pub type lws_dll2_owner_t = lws_dll2_owner;
pub type lws_humanize_unit_t = lws_humanize_unit;
pub type lws_plugin_header_t = lws_plugin_header;
pub type lws_retry_bo_t = lws_retry_bo;
pub type lws_sorted_usec_list_t = lws_sorted_usec_list;
pub type lws_spa_create_info_t = lws_spa_create_info;
pub type lws_state_manager_t = lws_state_manager;
pub type lws_state_notify_link_t = lws_state_notify_link;
pub type lws_strexp_t = lws_strexp;
pub type lws_system_blob_t = lws_system_blob;
pub type lws_system_ops_t = lws_system_ops;
pub type lws_tokenize_t = lws_tokenize;

pub type enum_lws_adoption_type = c_uint;
pub type enum_lws_callback_reasons = c_uint;
pub type enum_lws_cgi_hdr_state = c_uint;
pub type enum_lws_close_status = c_uint;
pub type enum_lws_cpd_result_t = c_uint;
pub type enum_lws_dir_obj_type_t = c_uint;
pub type enum_lws_enum_stdinouterr = c_uint;
pub type enum_lws_ext_options_types = c_uint;
pub type enum_lws_extension_callback_reasons = c_uint;
pub type enum_lws_h2_settings = c_uint;
pub type enum_lws_spa_fileupload_states = c_uint;
pub type enum_lws_system_blob_item_t = c_uint;
pub type enum_lws_system_states_t = c_uint;
pub type enum_lws_tls_cert_info = c_uint;
pub type enum_lws_token_indexes = c_uint;
pub type enum_lws_tokenize_elem = c_int;
pub type enum_lws_write_protocol = c_uint;
pub type enum_pending_timeout = c_uint;

/// A protocol's callback.
pub type lws_callback_function = Option<
    unsafe extern "C" fn(
        wsi: *mut lws,
        reason: enum_lws_callback_reasons,
        user: *mut c_void,
        r#in: *mut c_void,
        len: size_t,
    ) -> c_int,
>;
/// An extension's callback.
pub type lws_extension_callback_function = Option<
    unsafe extern "C" fn(
        context: *mut lws_context,
        ext: *const lws_extension,
        wsi: *mut lws,
        reason: enum_lws_extension_callback_reasons,
        user: *mut c_void,
        r#in: *mut c_void,
        len: size_t,
    ) -> c_int,
>;
/// Takes one log line, with its newline, from `lws_set_log_level`'s emitter.
pub type lws_log_emit_function = Option<unsafe extern "C" fn(level: c_int, line: *const c_char)>;
/// Called for each entry by `lws_dir`; nonzero stops.
pub type lws_dir_callback_function = Option<
    unsafe extern "C" fn(
        dirpath: *const c_char,
        user: *mut c_void,
        lde: *mut lws_dir_entry,
    ) -> c_int,
>;
/// A JSON parser's callback; nonzero stops the parse.
pub type lejp_callback =
    Option<unsafe extern "C" fn(ctx: *mut lejp_ctx, reason: c_char) -> libc::c_schar>;
/// A timer has run out.
pub type sul_cb_t = Option<unsafe extern "C" fn(sul: *mut lws_sorted_usec_list_t)>;
/// A state is about to change (target differs) or has changed; nonzero vetoes.
pub type lws_state_notify_t = Option<
    unsafe extern "C" fn(
        mgr: *mut lws_state_manager,
        link: *mut lws_state_notify_link,
        current: c_int,
        target: c_int,
    ) -> c_int,
>;
/// A distributed message has come.
pub type lws_smd_notification_cb_t = Option<
    unsafe extern "C" fn(
        opaque: *mut c_void,
        _class: lws_smd_class_t,
        timestamp: lws_usec_t,
        buf: *mut c_void,
        len: size_t,
    ) -> c_int,
>;
/// Runs on the service thread once the system has reached the state asked for.
pub type lws_attach_cb_t =
    Option<unsafe extern "C" fn(context: *mut lws_context, tsi: c_int, opaque: *mut c_void)>;
/// Gives the text that replaces a variable in served HTML.
pub type lws_process_html_state_cb =
    Option<unsafe extern "C" fn(data: *mut c_void, index: c_int) -> *const c_char>;
/// Takes part of an uploaded file.
pub type lws_spa_fileupload_cb = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        name: *const c_char,
        filename: *const c_char,
        buf: *mut c_char,
        len: c_int,
        state: enum_lws_spa_fileupload_states,
    ) -> c_int,
>;
/// Gives the text of a `${name}` in `lws_strexp_expand`.
pub type lws_strexp_expand_cb = Option<
    unsafe extern "C" fn(
        r#priv: *mut c_void,
        name: *const c_char,
        out: *mut c_char,
        pos: *mut size_t,
        olen: size_t,
        exp_ofs: *mut size_t,
    ) -> c_int,
>;
/// Called for each plugin; nonzero stops.
pub type each_plugin_cb_t =
    Option<unsafe extern "C" fn(plugin: *mut lws_plugin, user: *mut c_void) -> c_int>;
/// Last step of a context's destruction (deprecated in C).
pub type lws_reload_func = Option<unsafe extern "C" fn() -> c_int>;
/// The context is ready.
pub type lws_context_ready_cb_t = Option<unsafe extern "C" fn(context: *mut lws_context) -> c_int>;
/// A peer has hit one of the per-peer limits.
pub type lws_peer_limits_notify_t = Option<
    unsafe extern "C" fn(
        context: *mut lws_context,
        sockfd: lws_sockfd_type,
        sa46: *mut lws_sockaddr46,
    ) -> c_int,
>;
