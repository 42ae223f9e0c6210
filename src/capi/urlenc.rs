//! Exported URL encoding; `util::urlenc` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::cutil::cstr::{Room, Text, room_len};
use crate::util::put::Put;
use crate::util::urlenc;
use libc::{c_char, c_int};

/// Encodes a string for a URL or form.
///
/// - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
/// - `string`: C string; null is taken as empty.
///
/// Returns `escaped`.
///
/// Re-entry: query, any thread.
///
/// Quirks: ends when 3 or fewer bytes are left in the area.
///
/// # Safety
/// `escaped` is writable for `len` bytes, `string` a C string outside of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_urlencode(
    escaped: *mut c_char,
    string: *const c_char,
    len: c_int,
) -> *const c_char {
    let room = if escaped.is_null() { 0 } else { room_len(len) };
    // SAFETY: a C string by contract, or nothing is read.
    let text = unsafe { Text::new(string) };
    // SAFETY: writable by contract.
    let mut out = unsafe { Room::new(escaped, room) };
    urlenc::encode(text, &mut out);
    out.put(0);
    escaped
}

/// Decodes a string from a URL or form.
///
/// - `string`, `len`: area for `len` bytes and a NUL after them; a negative `len` is no limit.
/// - `escaped`: C string; may be `string`.
///
/// Returns 0, or -1 when `%` is followed by something that is no hex digit: no NUL is written then.
///
/// Re-entry: query, any thread.
///
/// Quirks: the NUL may come after `len` bytes. An escape that the string's end cuts is dropped quietly.
///
/// # Safety
/// `escaped` is a C string; `string` is writable for what comes out and a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_urldecode(
    string: *mut c_char,
    escaped: *const c_char,
    len: c_int,
) -> c_int {
    if string.is_null() || escaped.is_null() {
        return -1;
    }
    let limit = usize::try_from(len).unwrap_or(usize::MAX);
    // SAFETY: a C string by contract; in place, what is written lies before what is read.
    let text = unsafe { Text::new(escaped) };
    // SAFETY: writable for the output and a NUL by contract.
    let mut out = unsafe { Room::new(string, usize::MAX) };
    match urlenc::decode(text, limit, &mut out) {
        Ok(()) => {
            out.put(0);
            0
        }
        Err(urlenc::BadEscape) => -1,
    }
}
