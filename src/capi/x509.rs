//! Exported certificate calls; `tls::x509` does the work.
//!
//! A `struct lws_x509_cert` is one [`Certificate`] that belongs to the program until it is destroyed; each is used by one thread
//! at a time. The certificates of peers and vhosts are asked through the same `answer`.

use super::abi::{
    lws, lws_tls_cert_info, lws_tls_cert_info_results, lws_tls_cert_info_results_ns, lws_vhost,
    lws_x509_cert,
};
use super::{arg, handle};
use crate::tls::x509::{self, Certificate, Fact, Question};
use crate::util::log::log_err;
use libc::{c_char, c_int, c_uint, c_void, size_t};
use std::ffi::CStr;
use std::mem::offset_of;
use std::ptr;

/// What a number from C asks.
fn question(kind: c_uint) -> Option<Question> {
    const ALL: [(lws_tls_cert_info, Question); 7] = [
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_VALIDITY_FROM,
            Question::From,
        ),
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_VALIDITY_TO,
            Question::To,
        ),
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_COMMON_NAME,
            Question::CommonName,
        ),
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_ISSUER_NAME,
            Question::Issuer,
        ),
        (lws_tls_cert_info::LWS_TLS_CERT_INFO_USAGE, Question::Usage),
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_VERIFIED,
            Question::Verified,
        ),
        (
            lws_tls_cert_info::LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY,
            Question::PublicKey,
        ),
    ];
    ALL.iter()
        .find(|(c, _)| *c as c_uint == kind)
        .map(|(_, question)| *question)
}

/// Writes an answer where C wants it: 0, or -1 when there is none.
///
/// # Safety
/// `buf` is null or a result whose `ns.name` has `room` bytes; a fact with text was asked with the same `room`.
unsafe fn answer(fact: Option<Fact>, buf: *mut lws_tls_cert_info_results, room: usize) -> c_int {
    let (Some(fact), false) = (fact, buf.is_null()) else {
        return -1;
    };
    match fact {
        // SAFETY: not null, and the caller promises a result; programs make it of characters, so it may be misaligned.
        Fact::Time(seconds) => unsafe { buf.cast::<libc::time_t>().write_unaligned(seconds) },
        // SAFETY: as above.
        Fact::Number(bits) => unsafe { buf.cast::<c_uint>().write_unaligned(bits) },
        // SAFETY: the caller's promise.
        Fact::Name(text) => unsafe { put_bytes(buf, room, &text, b"\0") },
        // SAFETY: the caller's promise.
        Fact::Key(der) => unsafe { put_bytes(buf, room, &der, b"") },
    }
    0
}

/// # Safety
/// `buf` is a result whose `ns.name` has `room` bytes.
unsafe fn put_bytes(buf: *mut lws_tls_cert_info_results, room: usize, bytes: &[u8], end: &[u8]) {
    let fits = bytes.len().min(room.saturating_sub(end.len()));
    let name = buf
        .cast::<u8>()
        .wrapping_add(offset_of!(lws_tls_cert_info_results_ns, name));
    // SAFETY: by contract, and it is not more than `room`.
    let place = unsafe { arg::bytes_mut(name, room.min(fits + end.len())) };
    let whole = bytes.iter().take(fits).chain(end);
    for (to, from) in place.iter_mut().zip(whole) {
        *to = *from;
    }
    // SAFETY: by contract; the length is the first member.
    unsafe { buf.cast::<c_int>().write_unaligned(arg::int(fits)) };
}

/// # Safety
/// `x509` is null or from `lws_x509_create` and alive.
unsafe fn view<'a>(x509: *const lws_x509_cert) -> Option<&'a Certificate> {
    // SAFETY: by contract.
    unsafe { x509.cast::<Certificate>().as_ref() }
}

/// Makes an empty certificate object.
///
/// - `x509`: where its address goes; it belongs to the caller until `lws_x509_destroy`.
///
/// Returns 0; -1 for a null `x509`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `x509` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_x509_create(x509: *mut *mut lws_x509_cert) -> c_int {
    if x509.is_null() {
        return -1;
    }
    let made = Box::into_raw(Box::<Certificate>::default());
    // SAFETY: not null, and the caller promises that it is writable.
    unsafe { x509.write(made.cast()) };
    0
}

/// Reads a certificate in PEM form into the object, instead of what it held.
///
/// - `x509`: from `lws_x509_create`.
/// - `pem`, `len`: the text; a NUL at its end may be counted.
///
/// Returns 0; -1 when there is no certificate in it that can be read, and then nothing changed.
///
/// Re-entry: query.
///
/// Quirks: of several certificates the first counts. An encrypted one is refused: nobody is asked for a passphrase.
///
/// # Safety
/// `x509` is null or alive, `pem` null or readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_x509_parse_from_pem(
    x509: *mut lws_x509_cert,
    pem: *const c_void,
    len: size_t,
) -> c_int {
    // SAFETY: by contract, and nobody else uses it meanwhile.
    let cert = unsafe { x509.cast::<Certificate>().as_mut() };
    // SAFETY: by contract.
    let pem = unsafe { arg::bytes(pem.cast(), len) };
    if cert.is_some_and(|cert| cert.read_pem(pem)) {
        return 0;
    }
    log_err!("lws_x509_parse_from_pem: no certificate could be read");
    -1
}

/// Whether a certificate was signed by another.
///
/// - `x509`: the certificate.
/// - `trusted`: the one that should have signed it, or itself.
/// - `common_name`: null, or what its common name has to be, as `LWS_TLS_CERT_INFO_COMMON_NAME` gives it.
///
/// Returns 0; -1 when it was not, may not have been, or the name differs.
///
/// Re-entry: query.
///
/// Quirks: neither is looked at for being expired, and no certificate in between is used. The signature is checked, which
/// the reference does not.
///
/// # Safety
/// `x509` and `trusted` are null or alive, `common_name` is null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_x509_verify(
    x509: *mut lws_x509_cert,
    trusted: *mut lws_x509_cert,
    common_name: *const c_char,
) -> c_int {
    // SAFETY: by contract.
    let cert = unsafe { view(x509) };
    // SAFETY: by contract.
    let trusted = unsafe { view(trusted) };
    // SAFETY: by contract.
    let name = unsafe { arg::text(common_name) }.map(CStr::to_bytes);
    match (cert, trusted) {
        (Some(cert), Some(trusted)) if cert.is_signed_by(trusted, name) => 0,
        _ => -1,
    }
}

/// Asks a certificate.
///
/// - `x509`: the certificate.
/// - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
/// - `buf`: where the answer goes.
/// - `len`: bytes of `buf->ns.name`, which may be more than the member's.
///
/// Returns 0; -1 when there is no answer: nothing was read, a key that is longer than `len`, VERIFIED (which only a
/// connection can answer) or an unknown `kind`.
///
/// Re-entry: query.
///
/// Quirks: times are a day early. A common name goes on to the end of the subject's one-line form. Of a
/// name, parts are left out from the first that ends less than two bytes (common name: three) before `len`.
///
/// # Safety
/// `x509` is null or alive; `buf` is null or writable, with `len` bytes at its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_x509_info(
    x509: *mut lws_x509_cert,
    kind: c_uint,
    buf: *mut lws_tls_cert_info_results,
    len: size_t,
) -> c_int {
    // SAFETY: by contract.
    let cert = unsafe { view(x509) };
    let fact = question(kind).and_then(|question| cert?.fact(question, len));
    // SAFETY: by contract; the fact was asked with this length.
    unsafe { answer(fact, buf, len) }
}

/// Destroys a certificate object and forgets its address.
///
/// - `x509`: where the address is; null there does nothing.
///
/// Re-entry: query.
///
/// # Safety
/// `x509` is null or points to null or to an object from `lws_x509_create` that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_x509_destroy(x509: *mut *mut lws_x509_cert) {
    // SAFETY: by contract.
    let Some(place) = (unsafe { x509.as_mut() }) else {
        return;
    };
    let cert = std::mem::replace(place, ptr::null_mut()).cast::<Certificate>();
    if !cert.is_null() {
        // SAFETY: made by `lws_x509_create`, and the caller lets go of it.
        drop(unsafe { Box::from_raw(cert) });
    }
}

/// Asks the certificate of a connection's peer.
///
/// - `wsi`: the connection.
/// - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
/// - `buf`, `len`: as for `lws_x509_info`.
///
/// Returns 0; -1 without TLS, when the peer has shown no certificate (a client need not), while it is still being verified, or
/// as `lws_x509_info`. VERIFIED is answered here: 1 when it was found good, 0 when the program let it pass.
///
/// Re-entry: query.
///
/// # Safety
/// `buf` is null or writable, with `len` bytes at its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tls_peer_cert_info(
    wsi: *mut lws,
    kind: c_uint,
    buf: *mut lws_tls_cert_info_results,
    len: size_t,
) -> c_int {
    let fact = handle::with_wsi(wsi, "lws_tls_peer_cert_info", None, |_, wsi| {
        x509::peer_fact(&*wsi.tls()?, question(kind)?, len)
    });
    // SAFETY: by contract; the fact was asked with this length.
    unsafe { answer(fact, buf, len) }
}

/// Asks a vhost's own certificate.
///
/// - `vhost`: the vhost.
/// - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
/// - `buf`, `len`: as for `lws_x509_info`.
///
/// Returns 0; -1 for a vhost without TLS or certificate, or as `lws_x509_info`.
///
/// Re-entry: query.
///
/// # Safety
/// `buf` is null or writable, with `len` bytes at its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tls_vhost_cert_info(
    vhost: *mut lws_vhost,
    kind: c_uint,
    buf: *mut lws_tls_cert_info_results,
    len: size_t,
) -> c_int {
    let fact = handle::vhost(vhost, "lws_tls_vhost_cert_info").and_then(|(_, vhost)| {
        let cert = vhost.tls()?.server.as_ref()?.certificate()?;
        x509::fact(&cert, question(kind)?, len)
    });
    // SAFETY: by contract; the fact was asked with this length.
    unsafe { answer(fact, buf, len) }
}
