//! Sessions that clients take up again: OpenSSL's side of [`crate::tls::resume`].

use crate::tls::error::Failure;
use crate::tls::resume;
use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::error::ErrorStack;
use openssl::ssl::{SslContextBuilder, SslRef, SslSession, SslSessionCacheMode};
use openssl::x509::{X509StoreContext, X509StoreContextRef};
use openssl_sys as sys;
use std::ffi::{c_char, c_int, c_long, c_void};

type VerifyCallback = Option<extern "C" fn(c_int, *mut sys::X509_STORE_CTX) -> c_int>;

unsafe extern "C" {
    fn SSL_get_verify_callback(ssl: *const sys::SSL) -> VerifyCallback;
    fn SSL_set_verify_result(ssl: *mut sys::SSL, result: c_long);
    fn X509_STORE_CTX_set_verify_cb(store: *mut sys::X509_STORE_CTX, callback: VerifyCallback);
    fn X509_STORE_CTX_set_ex_data(
        store: *mut sys::X509_STORE_CTX,
        index: c_int,
        data: *mut c_void,
    ) -> c_int;
    fn X509_STORE_CTX_set_default(store: *mut sys::X509_STORE_CTX, name: *const c_char) -> c_int;
    fn X509_STORE_CTX_get0_param(store: *mut sys::X509_STORE_CTX) -> *mut sys::X509_VERIFY_PARAM;
    fn X509_VERIFY_PARAM_set1(
        to: *mut sys::X509_VERIFY_PARAM,
        from: *const sys::X509_VERIFY_PARAM,
    ) -> c_int;
}

/// Gives the sessions of a context's clients to [`resume::take_in`].
pub fn keep_sessions(builder: &mut SslContextBuilder) {
    builder.set_session_cache_mode(SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL);
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe { sys::SSL_CTX_sess_set_new_cb(builder.as_ptr(), Some(on_session)) };
}

unsafe extern "C" fn on_session(ssl: *mut sys::SSL, session: *mut sys::SSL_SESSION) -> c_int {
    // SAFETY: OpenSSL passes the connection that the session belongs to, alive during the call.
    let ssl = unsafe { SslRef::from_ptr(ssl) };
    // SAFETY: OpenSSL passes a reference, ours if we return 1.
    let session = unsafe { SslSession::from_ptr(session) };
    match resume::take_in(ssl, session) {
        None => 1,
        Some(session) => {
            // It stays OpenSSL's.
            std::mem::forget(session);
            0
        }
    }
}

/// Has a client's connection take a session up again. The session comes from a connection of the same context.
pub fn offer(ssl: &mut SslRef, session: &SslSession) -> Result<(), Failure> {
    // SAFETY: both alive; OpenSSL takes a reference of its own.
    match unsafe { sys::SSL_set_session(ssl.as_ptr(), session.as_ptr()) } {
        1 => Ok(()),
        _ => Err(ErrorStack::get().into()),
    }
}

/// Verifies the certificate of a client's server as a full handshake does: against the context's trust, with the connection's
/// name and callback.
pub fn verify_again(ssl: &SslRef) -> bool {
    let (Some(leaf), Some(chain), Ok(mut store)) = (
        ssl.peer_certificate(),
        ssl.peer_cert_chain(),
        X509StoreContext::new(),
    ) else {
        return false;
    };
    let trust = ssl.ssl_context().cert_store();
    let accepted = store.init(trust, &leaf, chain, |store| {
        if !ask_as(store, ssl) {
            return Ok(false);
        }
        let accepted = store.verify_cert()?;
        let result = c_long::from(store.error().as_raw());
        // SAFETY: alive.
        unsafe { SSL_set_verify_result(ssl.as_ptr(), result) };
        Ok(accepted)
    });
    accepted.unwrap_or(false)
}

/// Sets a verification up with what a connection asks.
fn ask_as(store: &mut X509StoreContextRef, ssl: &SslRef) -> bool {
    let at = store.as_ptr();
    // SAFETY: alive; the name is one of OpenSSL's own.
    let is_server = unsafe { X509_STORE_CTX_set_default(at, c"ssl_server".as_ptr()) };
    // SAFETY: alive; the parameters live as long as the verification.
    let param = unsafe { X509_STORE_CTX_get0_param(at) };
    // SAFETY: alive.
    let level = unsafe { sys::SSL_get_security_level(ssl.as_ptr()) };
    // SAFETY: alive.
    unsafe { sys::X509_VERIFY_PARAM_set_auth_level(param, level) };
    // SAFETY: alive; the parameters live as long as the connection.
    let wanted = unsafe { sys::SSL_get0_param(ssl.as_ptr()) };
    // SAFETY: both alive; copied.
    let has_param = unsafe { X509_VERIFY_PARAM_set1(param, wanted) };
    // SAFETY: always.
    let index = unsafe { sys::SSL_get_ex_data_X509_STORE_CTX_idx() };
    // SAFETY: alive; the connection outlives the verification.
    let has_ssl = unsafe { X509_STORE_CTX_set_ex_data(at, index, ssl.as_ptr().cast()) };
    // SAFETY: alive.
    let callback = unsafe { SSL_get_verify_callback(ssl.as_ptr()) };
    // SAFETY: alive; it is the connection's own, which finds the connection in the data set before.
    unsafe { X509_STORE_CTX_set_verify_cb(at, callback) };
    is_server == 1 && has_param == 1 && has_ssl == 1
}
