//! Exported small text and byte functions: copying, searching, hex, comparing, byte order, wiping, the clock.
//!
//! Null pointers that the reference would follow are errors or no-ops here.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_usec_t;
use crate::cutil::cstr::{Room, Text, room_len};
use crate::util::put::Put;
use crate::util::urlenc::hex_value;
use libc::{c_char, c_int, c_ulong, c_void, size_t};
use std::ptr;

/// Copies a string into a bounded area and always ends it.
///
/// - `dest`: area of `size` bytes, filled up with NULs.
/// - `src`: string; only its first `size - 1` bytes are looked at.
/// - `size`: bytes of `dest`; 0 changes nothing.
///
/// Returns `dest`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `dest` is writable for `size` bytes, `src` a C string or readable for `size - 1` bytes; null ones are left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_strncpy(
    dest: *mut c_char,
    src: *const c_char,
    size: size_t,
) -> *mut c_char {
    if dest.is_null() || src.is_null() || size == 0 {
        return dest;
    }
    // SAFETY: both areas by contract.
    unsafe { libc::strncpy(dest, src, size - 1) };
    // SAFETY: the last byte of the area.
    unsafe { dest.wrapping_add(size - 1).write(0) };
    dest
}

/// Finds bytes in bytes; neither needs a NUL.
///
/// - `buf`, `len`: where to look.
/// - `name`, `nl`: what to look for.
///
/// Returns where it begins first, or null; null for an empty `name`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `buf` is readable for `len` bytes, `name` for `nl`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_nstrstr(
    buf: *const c_char,
    len: size_t,
    name: *const c_char,
    nl: size_t,
) -> *const c_char {
    if nl == 0 || nl > len || buf.is_null() || name.is_null() {
        return ptr::null();
    }
    // SAFETY: readable by contract.
    let text = unsafe { std::slice::from_raw_parts(buf.cast::<u8>(), len) };
    // SAFETY: readable by contract.
    let name = unsafe { std::slice::from_raw_parts(name.cast::<u8>(), nl) };
    memchr::memmem::find(text, name).map_or(ptr::null(), |at| buf.wrapping_add(at))
}

/// Turns pairs of hex digits into bytes.
///
/// - `h`: string of hex digits.
/// - `dest`: area of `max` bytes.
/// - `max`: must be more than the number of pairs.
///
/// Returns how many bytes were written, or -1: a byte that is no digit, an odd number of them, or `max` reached.
///
/// Re-entry: query, any thread.
///
/// Quirks: an exactly fitting `max` is an error although all bytes are written.
///
/// # Safety
/// `h` is a C string, `dest` writable for `max` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hex_to_byte_array(
    h: *const c_char,
    dest: *mut u8,
    max: c_int,
) -> c_int {
    if h.is_null() || max <= 0 {
        return -1;
    }
    let room = if dest.is_null() { 0 } else { room_len(max) };
    // SAFETY: a string by contract.
    let digits = unsafe { Text::new(h) };
    // SAFETY: by contract, or no room at all.
    hex_pairs(
        digits,
        &mut unsafe { Room::new(dest.cast(), room) },
        room_len(max),
    )
}

fn hex_pairs(mut digits: impl Iterator<Item = u8>, out: &mut Room, max: usize) -> c_int {
    for done in 0..max {
        let Some(high) = digits.next() else {
            return c_int::try_from(done).unwrap_or(c_int::MAX);
        };
        let (Some(high), Some(low)) = (hex_value(high), digits.next().and_then(hex_value)) else {
            return -1;
        };
        if out.left() == 0 {
            return -1;
        }
        out.put(high << 4 | low);
    }
    -1
}

/// Compares two areas in a time that depends only on their length.
///
/// - `a`, `b`, `len`: the areas.
///
/// Returns 0 when they are equal, else a number over 0.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// Both are readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_timingsafe_bcmp(
    a: *const c_void,
    b: *const c_void,
    len: u32,
) -> c_int {
    let (a, b) = (a.cast::<u8>(), b.cast::<u8>());
    let mut sum = 0;
    for n in 0..len as usize {
        // SAFETY: below `len`.
        let x = unsafe { a.wrapping_add(n).read() };
        // SAFETY: below `len`.
        let y = unsafe { b.wrapping_add(n).read() };
        sum = std::hint::black_box(sum | (x ^ y));
    }
    c_int::from(sum)
}

/// Overwrites an area with zeros in a way no optimiser removes.
///
/// - `p`, `len`: the area; null or 0 does nothing.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// The area is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_explicit_bzero(p: *mut c_void, len: size_t) {
    if !p.is_null() {
        // SAFETY: the area by contract.
        unsafe { libc::explicit_bzero(p, len) };
    }
}

/// Defines a reader and a writer of a big-endian number.
macro_rules! big_endian {
    ($read:ident, $write:ident, $type:ty, $size:literal) => {
        /// Reads a number, most significant byte first.
        ///
        /// - `b`: its bytes, at any address; or null.
        ///
        /// Returns the number, 0 for null.
        ///
        /// Re-entry: query, any thread.
        ///
        /// # Safety
        /// All its bytes are readable.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $read(b: *const u8) -> $type {
            if b.is_null() {
                return 0;
            }
            // SAFETY: the bytes by contract.
            <$type>::from_be_bytes(unsafe { b.cast::<[u8; $size]>().read() })
        }

        /// Writes a number, most significant byte first.
        ///
        /// - `b`: where, at any address; null does nothing.
        /// - `u`: the number.
        ///
        /// Re-entry: query, any thread.
        ///
        /// # Safety
        /// All its bytes are writable.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $write(b: *mut u8, u: $type) {
            if !b.is_null() {
                // SAFETY: the bytes by contract.
                unsafe { b.cast::<[u8; $size]>().write(u.to_be_bytes()) };
            }
        }
    };
}

big_endian!(lws_ser_ru16be, lws_ser_wu16be, u16, 2);
big_endian!(lws_ser_ru32be, lws_ser_wu32be, u32, 4);
big_endian!(lws_ser_ru64be, lws_ser_wu64be, u64, 8);

/// The wall clock in seconds.
///
/// Returns seconds since 1970.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_now_secs() -> c_ulong {
    // SAFETY: null asks for the return value alone.
    unsafe { libc::time(ptr::null_mut()) }.cast_unsigned()
}

/// The clock of timers in microseconds.
///
/// Returns microseconds since some moment that stays while the process runs.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_now_usecs() -> lws_usec_t {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec * 1_000_000 + now.tv_nsec / 1000
}
