//! Exported escaping for SQL, JSON and file names; `util::purify` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::cutil::cstr::{Room, Text, room_len};
use crate::util::purify;
use crate::util::put::Put;
use libc::{c_char, c_int};

/// # Safety
/// `out` is null or writable for `len` bytes.
unsafe fn room(out: *mut c_char, len: c_int) -> Room {
    // SAFETY: by contract.
    unsafe { Room::new(out, if out.is_null() { 0 } else { room_len(len) }) }
}

/// Copies a string with its quotes doubled for SQL.
///
/// - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
/// - `string`: C string; null is taken as empty.
///
/// Returns `escaped`.
///
/// Re-entry: query, any thread.
///
/// Quirks: ends when 2 or fewer bytes are left in the area.
///
/// # Safety
/// `escaped` is writable for `len` bytes, `string` a C string outside of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sql_purify(
    escaped: *mut c_char,
    string: *const c_char,
    len: c_int,
) -> *const c_char {
    // SAFETY: by contract.
    let mut out = unsafe { room(escaped, len) };
    // SAFETY: by contract.
    purify::sql(unsafe { Text::new(string) }, room_len(len), &mut out);
    out.put(0);
    escaped
}

/// Copies a string with escapes for a JSON string.
///
/// - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
/// - `string`: C string; null gives an empty text.
/// - `in_used`: null, or gets how many bytes of `string` were used (not for a null one).
///
/// Returns `escaped`.
///
/// Re-entry: query, any thread.
///
/// Quirks: ends when 6 or fewer bytes are left in the area. Bytes over 0x7f become `\u00XX`.
///
/// # Safety
/// `escaped` is writable for `len` bytes, `string` a C string outside of it, `in_used` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_json_purify(
    escaped: *mut c_char,
    string: *const c_char,
    len: c_int,
    in_used: *mut c_int,
) -> *const c_char {
    // SAFETY: by contract.
    let mut out = unsafe { room(escaped, len) };
    // SAFETY: by contract.
    let used = purify::json(unsafe { Text::new(string) }, room_len(len), &mut out);
    out.put(0);
    if !in_used.is_null() && !string.is_null() {
        // SAFETY: valid by contract.
        unsafe { in_used.write(c_int::try_from(used).unwrap_or(c_int::MAX)) };
    }
    escaped
}

/// The length a string would have with escapes for JSON.
///
/// - `string`: C string; null is taken as empty.
///
/// Returns the length without a NUL.
///
/// Re-entry: query, any thread.
///
/// Quirks: counts 6 for a backslash, which is written with 2.
///
/// # Safety
/// `string` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_json_purify_len(string: *const c_char) -> c_int {
    // SAFETY: by contract.
    let len = purify::json_len(unsafe { Text::new(string) });
    c_int::try_from(len).unwrap_or(c_int::MAX)
}

/// Makes a file name harmless: `..`, `:`, backslash, `$` and `%` become `_`.
///
/// - `filename`: C string, changed in place; null does nothing.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `filename` is null or a C string that may be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_filename_purify_inplace(filename: *mut c_char) {
    // SAFETY: by contract; each byte is written after it was read.
    let mut text = unsafe { Text::new(filename) }.peekable();
    // SAFETY: as long as the string.
    let mut out = unsafe { Room::new(filename, usize::MAX) };
    while let Some(byte) = text.next() {
        let (new, both) = purify::file_name_byte(byte, text.peek().copied());
        out.put(new);
        if both {
            out.put(new);
            text.next();
        }
    }
}
