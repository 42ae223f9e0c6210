//! The TLS members of `struct lws_context_creation_info`.
//!
//! Files win over memory where both are given. The `ssl_*` members speak for the server's side; where a vhost does not listen they speak for
//! its client side, if the `client_*` ones do not.

use super::{CONTEXT_PORT_NO_LISTEN, CONTEXT_PORT_NO_LISTEN_SERVER};
use crate::capi::abi::{SSL_CTX, lws_context_creation_info};
use crate::capi::arg;
use crate::conn::config::{TlsConfig, option};
use crate::tls::ctx_client::ClientConfig;
use crate::tls::ctx_server::{ClientCerts, ServerConfig};
use crate::tls::material::Source;
use crate::util::log::log_warn;
use foreign_types::ForeignTypeRef;
use openssl::ssl::{SslContext, SslContextRef};
use std::ffi::{CStr, CString, c_char, c_long, c_uint, c_void};

/// What is offered where info.alpn says nothing.
const ALPN: &CStr = c"h2,http/1.1";

/// What a vhost asks of TLS. `proxies`: it has mounts whose origins are spoken to with TLS.
///
/// # Safety
/// As [`super::vhost_config`].
pub(super) unsafe fn config(
    info: &lws_context_creation_info,
    context_options: u64,
    vhost: &CStr,
    proxies: bool,
) -> TlsConfig {
    let listens = !matches!(
        info.port,
        CONTEXT_PORT_NO_LISTEN | CONTEXT_PORT_NO_LISTEN_SERVER
    );
    let has_cert = !info.ssl_cert_filepath.is_null() || !info.server_ssl_cert_mem.is_null();
    let vhost = vhost.to_string_lossy();
    if (context_options | info.options) & option::SSL_GLOBAL_INIT == 0 {
        if has_cert {
            // quirk: so it is, silently.
            log_warn!(
                "vhost {vhost}: a certificate is given, but not LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT: it is plain"
            );
        }
        return TlsConfig::default();
    }
    let wants_context = has_cert || info.options & option::CREATE_VHOST_SSL_CTX != 0;
    // SAFETY: the caller's promise.
    let server = (listens && wants_context).then(|| unsafe { server(info) });
    // quirk: that the context uses TLS is not enough here, and a vhost of raw listeners makes no client connections with TLS.
    let asks = info.options & (option::SSL_GLOBAL_INIT | option::APPLY_ACCEPT_CONFIG)
        == option::SSL_GLOBAL_INIT;
    let makes_clients = asks || proxies;
    // SAFETY: the caller's promise.
    let client = makes_clients.then(|| unsafe { client(info, !listens) });
    TlsConfig { server, client }
}

/// # Safety
/// `path` is NULL or a string, `memory` NULL or `len` bytes.
unsafe fn source(path: *const c_char, memory: *const c_void, len: c_uint) -> Option<Source> {
    // SAFETY: the caller's promise.
    if let Some(path) = unsafe { arg::owned(path) } {
        return Some(Source::File(path));
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { arg::bytes(memory.cast(), len as usize) };
    (!bytes.is_empty()).then(|| Source::Memory(bytes.to_vec()))
}

/// A reference of our own to a context of the program's.
///
/// # Safety
/// NULL or an SSL_CTX.
unsafe fn provided(context: *mut SSL_CTX) -> Option<SslContext> {
    let context: *mut openssl_sys::SSL_CTX = context.cast();
    if context.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    Some(unsafe { SslContextRef::from_ptr(context) }.to_owned())
}

/// OpenSSL's option bits as C has them: a long.
fn bits(options: c_long) -> u64 {
    u64::from_ne_bytes(options.to_ne_bytes())
}

fn client_certs(options: u64) -> ClientCerts {
    if options & option::REQUIRE_CLIENT_CERT == 0 {
        ClientCerts::Ignored
    } else if options & option::PEER_CERT_NOT_REQUIRED != 0 {
        ClientCerts::Asked
    } else {
        ClientCerts::Required
    }
}

/// # Safety
/// As [`config`].
unsafe fn server(info: &lws_context_creation_info) -> ServerConfig {
    // SAFETY: the caller's promise.
    let text = |at: *const c_char| unsafe { arg::owned(at) };
    // SAFETY: the caller's promise.
    let from = |path, memory, len| unsafe { source(path, memory, len) };
    ServerConfig {
        cert: from(
            info.ssl_cert_filepath,
            info.server_ssl_cert_mem,
            info.server_ssl_cert_mem_len,
        ),
        key: from(
            info.ssl_private_key_filepath,
            info.server_ssl_private_key_mem,
            info.server_ssl_private_key_mem_len,
        ),
        passphrase: text(info.ssl_private_key_password),
        ca: from(
            info.ssl_ca_filepath,
            info.server_ssl_ca_mem,
            info.server_ssl_ca_mem_len,
        ),
        ciphers: text(info.ssl_cipher_list),
        ciphersuites: text(info.tls1_3_plus_cipher_list),
        options_set: bits(info.ssl_options_set),
        options_clear: bits(info.ssl_options_clear),
        curve: text(info.ecdh_curve),
        alpn: text(info.alpn).unwrap_or_else(|| ALPN.to_owned()),
        client_certs: client_certs(info.options),
        events: info.ssl_info_event_mask,
        may_miss_files: info.options & option::IGNORE_MISSING_CERT != 0,
    }
}

/// # Safety
/// As [`config`].
pub(in crate::capi) unsafe fn client(
    info: &lws_context_creation_info,
    takes_server_members: bool,
) -> ClientConfig {
    // SAFETY: the caller's promise.
    let text = |at: *const c_char| unsafe { arg::owned(at) };
    let either = |own: *const c_char, server: *const c_char| -> *const c_char {
        if own.is_null() && takes_server_members {
            server
        } else {
            own
        }
    };
    // SAFETY: the caller's promise.
    let from = |path, memory, len| unsafe { source(path, memory, len) };
    // quirk: the cipher list of the server's side is the client's too.
    let ciphers: Option<CString> =
        text(info.client_ssl_cipher_list).or_else(|| text(info.ssl_cipher_list));
    ClientConfig {
        cert: from(
            either(info.client_ssl_cert_filepath, info.ssl_cert_filepath),
            info.client_ssl_cert_mem,
            info.client_ssl_cert_mem_len,
        ),
        key: from(
            either(
                info.client_ssl_private_key_filepath,
                info.ssl_private_key_filepath,
            ),
            info.client_ssl_key_mem,
            info.client_ssl_key_mem_len,
        ),
        passphrase: text(either(
            info.client_ssl_private_key_password,
            info.ssl_private_key_password,
        )),
        ca: from(
            either(info.client_ssl_ca_filepath, info.ssl_ca_filepath),
            info.client_ssl_ca_mem,
            info.client_ssl_ca_mem_len,
        ),
        distrusts_system: info.options & option::DISABLE_OS_CA_CERTS != 0,
        ciphers,
        ciphersuites: text(info.client_tls_1_3_plus_cipher_list),
        options_set: bits(info.ssl_client_options_set),
        options_clear: bits(info.ssl_client_options_clear),
        never_resumes: info.options & option::NO_TLS_SESSIONS != 0,
        // SAFETY: the caller's promise.
        provided: unsafe { provided(info.provided_client_ssl_ctx) },
    }
}
