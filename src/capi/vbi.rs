//! Exported variable-length integers; `util::vbi` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::util::vbi;
use libc::{c_int, c_void, size_t};

/// Writes a number in up to four bytes of seven bits.
///
/// - `value`: below 2^28.
/// - `buf`: gets the bytes, up to four.
///
/// Returns how many bytes were written; 0 for a larger number (the reference aborts) or a null pointer.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `buf` is writable for four bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vbi_encode(value: u64, buf: *mut c_void) -> c_int {
    let Some((bytes, len)) = vbi::encode(value).filter(|_| !buf.is_null()) else {
        return 0;
    };
    // SAFETY: writable by contract.
    unsafe { buf.cast::<u8>().copy_from(bytes.as_ptr(), len) };
    c_int::try_from(len).unwrap_or(0)
}

/// Reads a number of bytes of seven bits.
///
/// - `buf`, `len`: the bytes.
/// - `value`: gets the number.
///
/// Returns the index of the last byte, or 0 when it is the first or there is none.
///
/// Re-entry: query, any thread.
///
/// Quirks: the last byte is the first with its top bit set, which is not what `lws_vbi_encode` writes.
///
/// # Safety
/// `buf` is readable for `len` bytes, `value` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vbi_decode(buf: *const c_void, value: *mut u64, len: size_t) -> c_int {
    let len = if buf.is_null() { 0 } else { len };
    let bytes = (0..len).map(|n| {
        // SAFETY: below `len`.
        unsafe { buf.cast::<u8>().wrapping_add(n).read() }
    });
    let Some((number, last)) = vbi::decode(bytes) else {
        return 0;
    };
    if !value.is_null() {
        // SAFETY: valid by contract.
        unsafe { value.write(number) };
    }
    c_int::try_from(last).unwrap_or(0)
}
