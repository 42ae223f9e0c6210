//! Exported cutting of URIs; `util::uri` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::util::uri;
use libc::{c_char, c_int};

/// Cuts "prot://host:port/path" into strings, in place.
///
/// - `p`: C string that is changed; the pieces lie in it.
/// - `prot`, `ads`: get protocol and host, empty when missing.
/// - `port`: gets the port, or that of http, ws, https, wss; else it is left.
/// - `path`: gets the path without its `/`, or a constant "/" when there is none.
///
/// Returns 0, or -1 for a null pointer.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `p` is a C string that may be changed, the others are valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_parse_uri(
    p: *mut c_char,
    prot: *mut *const c_char,
    ads: *mut *const c_char,
    port: *mut c_int,
    path: *mut *const c_char,
) -> c_int {
    if p.is_null() || prot.is_null() || ads.is_null() || port.is_null() || path.is_null() {
        return -1;
    }
    // SAFETY: a C string by contract.
    let len = unsafe { libc::strlen(p) };
    // SAFETY: the string and its NUL; nobody else has it now.
    let text = unsafe { std::slice::from_raw_parts_mut(p.cast::<u8>(), len + 1) };
    let pieces = uri::cut(text);
    let at = |offset: usize| p.wrapping_add(offset).cast_const();
    // SAFETY: valid by contract.
    unsafe { prot.write(at(pieces.protocol)) };
    // SAFETY: valid by contract.
    unsafe { ads.write(at(pieces.host)) };
    if let Some(number) = pieces.port {
        // SAFETY: valid by contract.
        unsafe { port.write(number) };
    }
    // SAFETY: valid by contract.
    unsafe { path.write(pieces.path.map_or(c"/".as_ptr(), at)) };
    0
}
