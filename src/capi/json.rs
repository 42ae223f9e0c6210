//! Exported search for one value in a short JSON text; `proto::json` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::proto::json;
use libc::{c_char, c_int, size_t};
use std::ffi::CStr;
use std::ops::Range;
use std::ptr;

/// Finds the value after a name, without parsing the text.
///
/// - `buf`, `len`: the JSON text.
/// - `name`: C string with quotes and colon, `"\"myname\":"`.
/// - `alen`: gets the value's length when one is found.
///
/// Returns where the value begins (behind its quote if it has one), or null.
///
/// Re-entry: query, any thread.
///
/// Quirks: line ends before the value belong to it, and blanks after it.
///
/// # Safety
/// `buf` is readable for `len` bytes, `name` is a C string, `alen` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_json_simple_find(
    buf: *const c_char,
    len: size_t,
    name: *const c_char,
    alen: *mut size_t,
) -> *const c_char {
    // SAFETY: the same contract.
    let Some(place) = (unsafe { find(buf, len, name) }) else {
        return ptr::null();
    };
    if !alen.is_null() {
        // SAFETY: valid by contract.
        unsafe { alen.write(place.len()) };
    }
    buf.wrapping_add(place.start)
}

/// Compares the value after a name with a string.
///
/// - `buf`, `len`, `name`: as for `lws_json_simple_find`.
/// - `comp`: C string.
///
/// Returns 0 when they are equal; -1 when there is no such value or its length differs; else the difference of the
/// first bytes that differ.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// As for `lws_json_simple_find`, and `comp` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_json_simple_strcmp(
    buf: *const c_char,
    len: size_t,
    name: *const c_char,
    comp: *const c_char,
) -> c_int {
    // SAFETY: the same contract.
    let Some(place) = (unsafe { find(buf, len, name) }) else {
        return -1;
    };
    if comp.is_null() {
        return -1;
    }
    // SAFETY: a C string by contract.
    let comp = unsafe { CStr::from_ptr(comp) }.to_bytes();
    if comp.len() != place.len() {
        return -1;
    }
    // SAFETY: inside the text.
    let value = unsafe {
        std::slice::from_raw_parts(buf.wrapping_add(place.start).cast::<u8>(), place.len())
    };
    let differing = value.iter().zip(comp).find(|(a, b)| a != b);
    differing.map_or(0, |(a, b)| c_int::from(*a) - c_int::from(*b))
}

/// # Safety
/// As for `lws_json_simple_find`.
unsafe fn find(buf: *const c_char, len: usize, name: *const c_char) -> Option<Range<usize>> {
    if buf.is_null() || name.is_null() {
        return None;
    }
    // SAFETY: readable by contract.
    let text = unsafe { std::slice::from_raw_parts(buf.cast::<u8>(), len) };
    // SAFETY: a C string by contract.
    json::find(text, unsafe { CStr::from_ptr(name) }.to_bytes())
}
