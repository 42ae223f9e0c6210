//! C arguments to Rust values: the conventions, named.

use std::ffi::{CStr, CString, c_char, c_int};
use std::slice;

/// A C string that the caller keeps alive; `None` for NULL.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that outlives the result.
pub unsafe fn text<'a>(text: *const c_char) -> Option<&'a CStr> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller promises a terminated string.
    Some(unsafe { CStr::from_ptr(text) })
}

/// A copy of a C string; `None` for NULL.
///
/// # Safety
/// As [`text`].
pub unsafe fn owned(source: *const c_char) -> Option<CString> {
    // SAFETY: the caller's promise is the same.
    unsafe { text(source) }.map(CStr::to_owned)
}

/// `len` bytes to read; empty for NULL.
///
/// # Safety
/// `bytes` is NULL or points to `len` readable bytes that do not change while the result lives.
pub unsafe fn bytes<'a>(bytes: *const u8, len: usize) -> &'a [u8] {
    if bytes.is_null() || len == 0 {
        return &[];
    }
    // SAFETY: not null, and the caller promises the length.
    unsafe { slice::from_raw_parts(bytes, len) }
}

/// `len` bytes to write; empty for NULL.
///
/// # Safety
/// `bytes` is NULL or points to `len` writable bytes that nobody else uses while the result lives.
pub unsafe fn bytes_mut<'a>(bytes: *mut u8, len: usize) -> &'a mut [u8] {
    if bytes.is_null() || len == 0 {
        return &mut [];
    }
    // SAFETY: not null, and the caller promises the length.
    unsafe { slice::from_raw_parts_mut(bytes, len) }
}

/// A C int that counts bytes: negative is none.
pub fn count(n: c_int) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// A number of bytes as a C int, as large as fits.
pub fn int(n: usize) -> c_int {
    c_int::try_from(n).unwrap_or(c_int::MAX)
}
