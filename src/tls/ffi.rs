//! The few OpenSSL calls that the `openssl` crate does not offer: with [`stream`] and [`resume`], the only unsafe code of this layer.
//!
//! Every function here is safe to call; what it needs to be true is in its arguments' types, or is said where it is not.
//! Pointers that the program gets (SSL, SSL_CTX, X509_STORE_CTX) leave as numbers.

#![expect(unsafe_code, reason = "calls of OpenSSL that the openssl crate lacks")]

pub mod resume;
pub mod stream;

use crate::tls::error::Failure;
use crate::tls::session::owner_of;
use crate::tls::sni_alpn;
use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::pkey::{PKeyRef, Private};
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslContextRef, SslRef, SslVerifyMode};
use openssl::stack::StackRef;
use openssl::x509::{X509, X509Ref, X509StoreContext, X509StoreContextRef};
use std::ffi::{CStr, CString, c_char, c_int, c_uchar, c_uint, c_void};
use std::sync::OnceLock;
use std::{ptr, slice};

type InfoCallback = unsafe extern "C" fn(*const openssl_sys::SSL, c_int, c_int);
type PasswordCallback = unsafe extern "C" fn(*mut c_char, c_int, c_int, *mut c_void) -> c_int;

unsafe extern "C" {
    fn SSL_CTX_set_info_callback(ctx: *mut openssl_sys::SSL_CTX, callback: Option<InfoCallback>);
    fn SSL_CTX_use_cert_and_key(
        ctx: *mut openssl_sys::SSL_CTX,
        cert: *mut openssl_sys::X509,
        key: *mut openssl_sys::EVP_PKEY,
        chain: *mut openssl_sys::stack_st_X509,
        replace: c_int,
    ) -> c_int;
    fn SSL_CTX_set_default_passwd_cb(
        ctx: *mut openssl_sys::SSL_CTX,
        callback: Option<PasswordCallback>,
    );
    fn SSL_CTX_set_default_passwd_cb_userdata(ctx: *mut openssl_sys::SSL_CTX, data: *mut c_void);
    fn SSL_CTX_get_verify_callback(ctx: *const openssl_sys::SSL_CTX) -> VerifyCallback;
}

type VerifyCallback = Option<extern "C" fn(c_int, *mut openssl_sys::X509_STORE_CTX) -> c_int>;

/// The SSL as C knows it.
pub fn address_of_session(ssl: &SslRef) -> usize {
    ssl.as_ptr().expose_provenance()
}

/// A new SSL. Unlike [`Ssl::new`] it does not remember its first context, which only callbacks of the `openssl` crate ask for.
pub fn new_ssl(context: &SslContextRef) -> Result<Ssl, Failure> {
    // SAFETY: alive; the SSL takes a reference of its own.
    let ssl = unsafe { openssl_sys::SSL_new(context.as_ptr()) };
    if ssl.is_null() {
        return Err(ErrorStack::get().into());
    }
    // SAFETY: just made, and ours.
    Ok(unsafe { Ssl::from_ptr(ssl) })
}

/// The SSL_CTX as C knows it.
pub fn address_of_context(context: &SslContextRef) -> usize {
    context.as_ptr().expose_provenance()
}

/// The SSL_CTX as C knows it, while it is being made.
pub fn address_of_builder(builder: &SslContextBuilder) -> usize {
    builder.as_ptr().expose_provenance()
}

/// The X509_STORE_CTX as C knows it.
pub fn address_of_store(store: &X509StoreContextRef) -> usize {
    store.as_ptr().expose_provenance()
}

/// Reports events of a context's sessions to their owners.
pub fn report_events(builder: &SslContextBuilder) {
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe { SSL_CTX_set_info_callback(builder.as_ptr(), Some(on_info)) };
}

unsafe extern "C" fn on_info(ssl: *const openssl_sys::SSL, place: c_int, value: c_int) {
    // SAFETY: OpenSSL passes the session that the event belongs to, alive during the call.
    let ssl = unsafe { SslRef::from_ptr(ssl.cast_mut()) };
    if let Some(owner) = owner_of(ssl)
        && owner.events & place != 0
    {
        owner.hooks.info(owner.number, place, value);
    }
}

/// One for all contexts: OpenSSL never takes an index back.
fn passphrase_index() -> Option<Index<SslContext, CString>> {
    static INDEX: OnceLock<Option<Index<SslContext, CString>>> = OnceLock::new();
    *INDEX.get_or_init(|| SslContext::new_ex_index().ok())
}

/// Answers OpenSSL's question for a passphrase, for keys that the program loads into the context itself.
pub fn offer_passphrase(builder: &mut SslContextBuilder, passphrase: &CStr) -> Result<(), Failure> {
    let text = passphrase.to_owned();
    let data = text.as_ptr().cast_mut().cast();
    let index = passphrase_index().ok_or_else(|| Failure::because("no room in contexts"))?;
    // The text lives as long as the context.
    builder.set_ex_data(index, text);
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe { SSL_CTX_set_default_passwd_cb(builder.as_ptr(), Some(on_password)) };
    // SAFETY: the context is alive, and owns the text.
    unsafe { SSL_CTX_set_default_passwd_cb_userdata(builder.as_ptr(), data) };
    Ok(())
}

unsafe extern "C" fn on_password(
    room: *mut c_char,
    len: c_int,
    _writes: c_int,
    data: *mut c_void,
) -> c_int {
    // SAFETY: `data` is the text that offer_passphrase gave.
    let text = unsafe { CStr::from_ptr(data.cast()) }.to_bytes();
    let len = usize::try_from(len).unwrap_or(0).min(text.len());
    // SAFETY: OpenSSL gives `len` bytes of room that do not overlap our text.
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr().cast(), room, len) };
    c_int::try_from(len).unwrap_or(0)
}

/// Replaces a context's certificate, chain and key in one step; on failure it keeps what it had. Nobody may make sessions of
/// the context meanwhile: [`crate::tls::ctx_server::ServerContext`] holds its lock.
pub fn replace_identity(
    context: &SslContextRef,
    leaf: &X509Ref,
    key: &PKeyRef<Private>,
    chain: &StackRef<X509>,
) -> Result<(), Failure> {
    // SAFETY: all four are alive; OpenSSL takes references of its own.
    let done = unsafe {
        SSL_CTX_use_cert_and_key(
            context.as_ptr(),
            leaf.as_ptr(),
            key.as_ptr(),
            chain.as_ptr(),
            1,
        )
    };
    if done == 1 {
        Ok(())
    } else {
        Err(ErrorStack::get().into())
    }
}

/// Asks the peers of a context's sessions for a certificate, and the owners about it.
pub fn verify_peers(builder: &SslContextBuilder, mode: SslVerifyMode) {
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe { openssl_sys::SSL_CTX_set_verify(builder.as_ptr(), mode.bits(), Some(on_verify)) };
}

extern "C" fn on_verify(accepted: c_int, store: *mut openssl_sys::X509_STORE_CTX) -> c_int {
    // SAFETY: OpenSSL passes the store context of the verification, alive during the call.
    let store = unsafe { X509StoreContextRef::from_ptr(store) };
    let Some(ssl) = X509StoreContext::ssl_idx()
        .ok()
        .and_then(|index| store.ex_data(index))
    else {
        return accepted;
    };
    let Some(owner) = owner_of(ssl) else {
        return accepted;
    };
    let (at, ssl) = (address_of_store(store), address_of_session(ssl));
    c_int::from(owner.hooks.verify(owner.number, accepted != 0, at, ssl))
}

/// One more certificate that a context trusts.
pub fn trust(context: &SslContextRef, cert: &X509Ref) -> Result<(), Failure> {
    // SAFETY: alive; the store belongs to the context.
    let store = unsafe { openssl_sys::SSL_CTX_get_cert_store(context.as_ptr()) };
    // SAFETY: both alive; the store locks itself and takes a reference of its own.
    let done = unsafe { openssl_sys::X509_STORE_add_cert(store, cert.as_ptr()) };
    if done == 1 {
        Ok(())
    } else {
        Err(ErrorStack::get().into())
    }
}

/// Asks the session's peer for a certificate as the context does: OpenSSL does not take that over with a context.
pub fn verify_as(ssl: &mut SslRef, context: &SslContextRef) {
    // SAFETY: alive.
    let mode = unsafe { openssl_sys::SSL_CTX_get_verify_mode(context.as_ptr()) };
    // SAFETY: alive.
    let callback = unsafe { SSL_CTX_get_verify_callback(context.as_ptr()) };
    // SAFETY: both alive; the callback is one that the context has.
    unsafe { openssl_sys::SSL_set_verify(ssl.as_ptr(), mode, callback) };
}

/// Lets the contexts of other vhosts take over when the client names one.
pub fn ask_by_name(builder: &SslContextBuilder) {
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe {
        openssl_sys::SSL_CTX_set_tlsext_servername_callback__fixed_rust(
            builder.as_ptr(),
            Some(on_name),
        )
    };
}

extern "C" fn on_name(ssl: *mut openssl_sys::SSL, _alert: *mut c_int, _data: *mut c_void) -> c_int {
    // SAFETY: OpenSSL passes the session that the handshake belongs to, alive during the call.
    let ssl = unsafe { SslRef::from_ptr_mut(ssl) };
    if sni_alpn::follow_name(ssl) {
        openssl_sys::SSL_TLSEXT_ERR_OK
    } else {
        openssl_sys::SSL_TLSEXT_ERR_NOACK
    }
}

/// Lets handshakes choose a protocol.
pub fn ask_protocol(builder: &SslContextBuilder) {
    let callback: AlpnCallback = on_protocol;
    // SAFETY: the context is alive; the function has the right type and lives for ever.
    unsafe {
        openssl_sys::SSL_CTX_set_alpn_select_cb__fixed_rust(
            builder.as_ptr(),
            Some(callback),
            ptr::null_mut(),
        )
    };
}

type AlpnCallback = unsafe extern "C" fn(
    *mut openssl_sys::SSL,
    *mut *const c_uchar,
    *mut c_uchar,
    *const c_uchar,
    c_uint,
    *mut c_void,
) -> c_int;

unsafe extern "C" fn on_protocol(
    ssl: *mut openssl_sys::SSL,
    chosen: *mut *const c_uchar,
    len: *mut c_uchar,
    offered: *const c_uchar,
    offered_len: c_uint,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: OpenSSL passes the session that the handshake belongs to, alive during the call.
    let ssl = unsafe { SslRef::from_ptr(ssl) };
    // SAFETY: so many bytes of the client's hello, alive during the call.
    let offered = unsafe { slice::from_raw_parts(offered, offered_len as usize) };
    let Some(name) = sni_alpn::protocol(ssl, offered) else {
        return openssl_sys::SSL_TLSEXT_ERR_NOACK;
    };
    // SAFETY: OpenSSL's place for the answer, which may point into the offer.
    unsafe { chosen.write(name.as_ptr()) };
    // SAFETY: as above; a name is at most 255 bytes long.
    unsafe { len.write(c_uchar::try_from(name.len()).unwrap_or(0)) };
    openssl_sys::SSL_TLSEXT_ERR_OK
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::ssl::SslMethod;

    fn next_index() -> i32 {
        SslContext::new_ex_index::<u8>().expect("room").as_raw()
    }

    #[test]
    fn contexts_with_a_passphrase_share_one_index() {
        let before = next_index();
        for _ in 0..50 {
            let mut builder = SslContext::builder(SslMethod::tls()).expect("a context");
            offer_passphrase(&mut builder, c"secret").expect("room");
        }
        // Other tests may take some meanwhile.
        assert!(next_index() - before < 20);
    }
}
