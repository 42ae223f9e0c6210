//! Exported reading and writing of small files; `sys::whole_file` does it.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_vhost;
use crate::sys::whole_file;
use libc::{c_char, c_int, c_void};
use std::ffi::CStr;

/// Bits of RSA keys the platform can work with.
const RSA_BITS: c_int = 4096;

/// # Safety
/// `buf` is null or readable for `len` bytes.
unsafe fn contents<'a>(buf: *const c_void, len: c_int) -> Option<&'a [u8]> {
    let len = usize::try_from(len).ok()?;
    if buf.is_null() {
        return None;
    }
    // SAFETY: readable by contract.
    Some(unsafe { std::slice::from_raw_parts(buf.cast(), len) })
}

/// Reads the beginning of a file.
///
/// - `filename`: C string.
/// - `buf`, `len`: where to; no NUL is added.
///
/// Returns how many bytes were read, or -1.
///
/// Re-entry: query, any thread; blocks as the disk does.
///
/// # Safety
/// `filename` is null or a C string, `buf` null or writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_plat_read_file(
    filename: *const c_char,
    buf: *mut c_void,
    len: c_int,
) -> c_int {
    let Ok(room) = usize::try_from(len) else {
        return -1;
    };
    if filename.is_null() || (buf.is_null() && room > 0) {
        return -1;
    }
    // SAFETY: a C string by contract.
    let path = unsafe { CStr::from_ptr(filename) };
    // SAFETY: writable by contract.
    let read = unsafe { whole_file::read_start(path, buf.cast(), room) };
    read.map_or(-1, |n| c_int::try_from(n).unwrap_or(-1))
}

/// Replaces the contents of a file, which is made with mode 0600 if it is not there.
///
/// - `filename`: C string.
/// - `buf`, `len`: the contents.
///
/// Returns 0, or 1 when it could not be opened or not all was written, and for a negative length.
///
/// Re-entry: query, any thread; blocks as the disk does.
///
/// # Safety
/// `filename` is null or a C string, `buf` null or readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_plat_write_file(
    filename: *const c_char,
    buf: *mut c_void,
    len: c_int,
) -> c_int {
    // SAFETY: readable by contract.
    let Some(contents) = (unsafe { contents(buf, len) }) else {
        return 1;
    };
    if filename.is_null() {
        return 1;
    }
    // SAFETY: a C string by contract.
    let path = unsafe { CStr::from_ptr(filename) };
    c_int::from(whole_file::replace(path, contents) != Ok(true))
}

/// Writes a new certificate or key to an open file and through to the disk.
///
/// - `vhost`, `is_key`: not used here.
/// - `fd`: the file, open for writing; stays open.
/// - `buf`, `len`: the contents.
///
/// Returns 0, or 1 when not all was written or the disk did not confirm (a pipe cannot).
///
/// Re-entry: query, any thread; blocks as the disk does.
///
/// # Safety
/// `buf` is null or readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_plat_write_cert(
    vhost: *mut lws_vhost,
    is_key: c_int,
    fd: c_int,
    buf: *mut c_void,
    len: c_int,
) -> c_int {
    let _ = (vhost, is_key);
    // SAFETY: readable by contract.
    let contents = unsafe { contents(buf, len) };
    c_int::from(!contents.is_some_and(|c| whole_file::write_through(fd, c)))
}

/// The size of RSA keys that suits this platform.
///
/// Returns the bits.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_plat_recommended_rsa_bits() -> c_int {
    RSA_BITS
}
