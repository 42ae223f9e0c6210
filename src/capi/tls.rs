//! TLS: a connection's session, changing certificates, the client's side of a vhost.

use crate::capi::abi::{
    LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, SSL, lws, lws_context, lws_context_creation_info,
    lws_vhost,
};
use crate::capi::{arg, handle, info};
use crate::conn::registry;
use crate::conn::tls::update::{self, Change};
use crate::conn::tls::vhost as contexts;
use crate::util::log::log_err;
use std::ffi::{c_char, c_int};
use std::ptr;

/// The connection's SSL.
///
/// `wsi`: the connection.
///
/// Returns OpenSSL's SSL, which lives as long as the connection, or NULL for a plain one. It may be looked at with OpenSSL's functions
/// (version, cipher, certificates, descriptor); reading and writing is the library's.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_ssl(wsi: *mut lws) -> *mut SSL {
    let address = handle::with_wsi(wsi, "lws_get_ssl", 0, |_, w| {
        w.tls().map_or(0, |session| session.address())
    });
    ptr::with_exposed_provenance_mut(address)
}

/// Whether the connection is encrypted.
///
/// `wsi`: the connection.
///
/// Returns 1 inside TLS, from before its handshake on; 0 for a plain one.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_is_ssl(wsi: *mut lws) -> c_int {
    handle::with_wsi(wsi, "lws_is_ssl", 0, |_, w| c_int::from(w.has_tls()))
}

/// Takes the connection off a list of those with decrypted input waiting.
///
/// `wsi`: the connection.
///
/// Returns nothing. There is no such list here: input that waits is the connection's own matter.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_ssl_remove_wsi_from_buffered_list(wsi: *mut lws) {
    handle::with_wsi(wsi, "lws_ssl_remove_wsi_from_buffered_list", (), |_, _| ());
}

/// A certificate and its key have been replaced: vhosts that use these files take the new ones.
///
/// `context`: the context. `certpath`, `keypath`: the files as the vhosts were given them. `mem_cert`, `len_mem_cert`,
/// `mem_privkey`, `len_mem_privkey`: the new certificate chain and key, PEM or DER; NULL to read the file again.
///
/// Returns 0, also when no vhost uses the files; 1 after a log line when some vhost could not take them: it keeps the ones it has.
///
/// Re-entry: any thread.
///
/// # Safety
/// The paths are NULL or strings; the memory is NULL or has so many bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tls_cert_updated(
    context: *mut lws_context,
    certpath: *const c_char,
    keypath: *const c_char,
    mem_cert: *const c_char,
    len_mem_cert: usize,
    mem_privkey: *const c_char,
    len_mem_privkey: usize,
) -> c_int {
    let change = Change {
        // SAFETY: the caller's promise.
        cert_path: unsafe { arg::text(certpath) },
        // SAFETY: the caller's promise.
        key_path: unsafe { arg::text(keypath) },
        // SAFETY: the caller's promise.
        cert: unsafe { arg::bytes(mem_cert.cast(), len_mem_cert) },
        // SAFETY: the caller's promise.
        key: unsafe { arg::bytes(mem_privkey.cast(), len_mem_privkey) },
    };
    handle::context(context, "lws_tls_cert_updated").map_or(1, |entry| {
        c_int::from(!update::apply(&entry.context, &change))
    })
}

/// One more certificate that a vhost's client connections trust.
///
/// `vh`: the vhost. `der`, `der_len`: the certificate, DER.
///
/// Returns 0, or 1 after a log line: no vhost, no client context, or no certificate.
///
/// Re-entry: any thread.
///
/// # Safety
/// `der` is NULL or has so many bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tls_client_vhost_extra_cert_mem(
    vh: *mut lws_vhost,
    der: *const u8,
    der_len: usize,
) -> c_int {
    const NAME: &str = "lws_tls_client_vhost_extra_cert_mem";
    // SAFETY: the caller's promise.
    let der = unsafe { arg::bytes(der, der_len) };
    let client = handle::vhost(vh, NAME).and_then(|(_, v)| v.tls()?.client());
    match client.map(|client| client.trust_der(der)) {
        Some(Ok(())) => return 0,
        Some(Err(e)) => log_err!("{NAME}: {e}"),
        None => log_err!("{NAME}: the vhost has no client context"),
    }
    1
}

/// Gives a vhost what its client connections need for TLS.
///
/// `info`: the client_ssl_* members and `options` are read; the ssl_* ones where those are not set. `vhost`: the vhost.
///
/// Returns 0, also when it has that already or `options` lacks LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; 1 after a log line.
///
/// Re-entry: dispatches OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS.
///
/// # Safety
/// `info` is NULL or valid, zeroed where not set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_init_vhost_client_ssl(
    info: *const lws_context_creation_info,
    vhost: *mut lws_vhost,
) -> c_int {
    // SAFETY: the caller's promise.
    let info = unsafe { info.as_ref() };
    let (Some(info), Some((entry, vhost))) =
        (info, handle::vhost(vhost, "lws_init_vhost_client_ssl"))
    else {
        return 1;
    };
    if info.options & LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT == 0 {
        return 0;
    }
    // SAFETY: the caller's promise.
    let config = unsafe { info::tls_client(info) };
    let done = registry::enter_waiting(entry.context.index, 0, |thread| {
        contexts::add_client(thread, &vhost, &config)
    });
    c_int::from(done != Ok(Ok(())))
}
