//! What the machine gives: random bytes, and its name.

use crate::capi::abi::lws_context;
use crate::capi::{arg, handle};
use crate::sys::random;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;

/// Most random bytes that one hexadecimal text is made of in one go.
const HEX_PIECE: usize = 256;
/// LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME.
const SKIP_NAME: u64 = 1 << 2;

/// Fills a buffer with random bytes from the kernel.
///
/// `context`: not looked at. `buf`, `len`: the buffer.
///
/// Returns how many bytes were filled: `len` unless the kernel has no randomness.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `buf` is writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_random(
    context: *mut lws_context,
    buf: *mut c_void,
    len: usize,
) -> usize {
    let _ = context;
    // SAFETY: the caller's promise.
    random::fill(unsafe { arg::bytes_mut(buf.cast(), len) })
}

/// Writes random hexadecimal digits in pairs, and a NUL.
///
/// `context`: not looked at. `dest`, `len`: where they go; `len` - 1 digits when that is even, else `len` - 2.
///
/// Returns 0, or 1 when there is no room for the NUL or no randomness.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `dest` is writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hex_random(
    context: *mut lws_context,
    dest: *mut c_char,
    len: usize,
) -> c_int {
    let _ = context;
    // SAFETY: the caller's promise.
    let dest = unsafe { arg::bytes_mut(dest.cast(), len) };
    let Some(room) = dest.len().checked_sub(1) else {
        return 1;
    };
    let (digits, rest) = dest.split_at_mut(room - room % 2);
    rest.fill(0);
    c_int::from(!random_hex(digits))
}

fn random_hex(digits: &mut [u8]) -> bool {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut bytes = [0; HEX_PIECE];
    for piece in digits.chunks_mut(HEX_PIECE * 2) {
        let bytes = bytes.get_mut(..piece.len() / 2).unwrap_or_default();
        if random::fill(bytes) < bytes.len() {
            return false;
        }
        for (pair, byte) in piece.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&[
                DIGITS[usize::from(*byte >> 4)],
                DIGITS[usize::from(*byte & 15)],
            ]);
        }
    }
    true
}

/// The name of this machine, as it was when it was first asked for.
///
/// `context`: the context.
///
/// Returns a text that lives as long as the process; "unknown" where the context was made with
/// LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME or there is no name; NULL without a context.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_canonical_hostname(context: *mut lws_context) -> *const c_char {
    static NAME: OnceLock<CString> = OnceLock::new();
    let Some(entry) = handle::context(context, "lws_canonical_hostname") else {
        return std::ptr::null();
    };
    if entry.context.config.options & SKIP_NAME != 0 {
        return c"unknown".as_ptr();
    }
    NAME.get_or_init(|| {
        let name = rustix::system::uname().nodename().to_owned();
        Some(name)
            .filter(|n| n.as_c_str() != c"")
            .unwrap_or_else(|| CStr::to_owned(c"unknown"))
    })
    .as_ptr()
}
