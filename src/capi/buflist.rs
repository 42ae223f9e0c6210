//! Exported buffer lists. The head is a variable of the program; `cutil::buflist` does the work.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_buflist;
use crate::cutil::buflist::Buflist;
use crate::util::log::{log_err, log_notice};
use libc::{c_char, c_int, c_void, size_t};
use std::ffi::CStr;

/// Views the list behind a head pointer; none for null.
///
/// # Safety
/// `head` is null or the address of a head that is null or made here, used by no other thread meanwhile.
unsafe fn list(head: *mut *mut lws_buflist) -> Option<Buflist> {
    // SAFETY: segments are opaque outside; the rest is the caller's promise.
    unsafe { Buflist::new(head.cast()) }
}

/// Copies bytes to the end of the list.
///
/// - `head`: the list, owned by the caller.
/// - `buf`, `len`: the bytes, copied.
///
/// Returns 1 when they became the first segment, 0 when there were others, -1 when there is no memory or nothing to
/// copy.
///
/// Re-entry: query; may call the program's allocator; one thread at a time for each list.
///
/// # Safety
/// `head` is null (-1) or holds null or a list; `buf` is null (-1) or has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_append_segment(
    head: *mut *mut lws_buflist,
    buf: *const u8,
    len: size_t,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(list), false) = (
        unsafe { list(head) },
        buf.is_null() || isize::try_from(len).is_err(),
    ) else {
        log_err!("lws_buflist_append_segment: no list, no bytes or too many");
        return -1;
    };
    // SAFETY: the caller's promise.
    let appended = list.append(unsafe { std::slice::from_raw_parts(buf, len) });
    if appended.is_none() {
        log_err!("lws_buflist_append_segment: no memory for {len} bytes");
    }
    appended.map_or(-1, c_int::from)
}

/// Tells what is left in the first segment.
///
/// - `head`: the list.
/// - `buf`: null, or set to the address of the bytes; null when there are none. They belong to the list.
///
/// Returns the number of bytes; 0 when the list is empty.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// `head` is null (0) or holds null or a list; `buf` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_next_segment_len(
    head: *mut *mut lws_buflist,
    buf: *mut *mut u8,
) -> size_t {
    // SAFETY: the caller's promise.
    let (at, len) = unsafe { list(head) }.map_or((std::ptr::null_mut(), 0), Buflist::front);
    if !buf.is_null() {
        // SAFETY: the caller's promise.
        unsafe { buf.write(at) };
    }
    len
}

/// Uses up bytes of the first segment, and frees it when none is left.
///
/// - `head`: the list.
/// - `len`: how many bytes; more than are left counts as all that are left.
///
/// Returns how many bytes are left in the segment that is first then; 0 when the list is empty.
///
/// Re-entry: query; may call the program's allocator; one thread at a time for each list.
///
/// # Safety
/// `head` is null (0) or holds null or a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_use_segment(
    head: *mut *mut lws_buflist,
    len: size_t,
) -> size_t {
    // SAFETY: the caller's promise.
    unsafe { list(head) }.map_or(0, |list| list.use_front(len))
}

/// Tells the length of all segments together.
///
/// - `head`: the list.
///
/// Returns the number of bytes.
///
/// Re-entry: query; one thread at a time for each list.
///
/// Quirks: bytes of the first segment that were used count until it is freed.
///
/// # Safety
/// `head` is null (0) or holds null or a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_total_len(head: *mut *mut lws_buflist) -> size_t {
    // SAFETY: the caller's promise.
    unsafe { list(head) }.map_or(0, Buflist::total_len)
}

/// Copies bytes out of the list without using them up.
///
/// - `head`: the list.
/// - `ofs`: where to start, in bytes from the start of the first segment.
/// - `buf`, `len`: where to copy to, owned by the caller, and its size.
///
/// Returns how many bytes were copied; 0 when there are none from `ofs` on.
///
/// Re-entry: query; one thread at a time for each list.
///
/// Quirks: bytes of the first segment that were used are copied too.
///
/// # Safety
/// `head` is null (0) or holds null or a list; `buf` is null (0) or has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_linear_copy(
    head: *mut *mut lws_buflist,
    ofs: size_t,
    buf: *mut u8,
    len: size_t,
) -> c_int {
    let room = len.min(c_int::MAX as usize); // the result is an int
    // SAFETY: the caller's promise.
    let Some(list) = (unsafe { list(head) }).filter(|_| !buf.is_null()) else {
        return 0;
    };
    // SAFETY: the caller's promise.
    let copied = unsafe { list.copy_out(ofs, buf, room) };
    c_int::try_from(copied).unwrap_or(c_int::MAX)
}

/// Frees all segments; the head is null after.
///
/// - `head`: the list.
///
/// Re-entry: query; may call the program's allocator; one thread at a time for each list.
///
/// # Safety
/// `head` is null (ignored) or holds null or a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_destroy_all_segments(head: *mut *mut lws_buflist) {
    // SAFETY: the caller's promise.
    if let Some(list) = unsafe { list(head) } {
        list.clear();
    }
}

/// Logs the segments at level NOTICE.
///
/// - `head`: the list.
/// - `id`: shown in each line, not followed.
/// - `reason`: shown in each line.
///
/// Re-entry: calls the emit function; one thread at a time for each list.
///
/// # Safety
/// `head` is null or holds null or a list; `reason` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_buflist_describe(
    head: *mut *mut lws_buflist,
    id: *mut c_void,
    reason: *const c_char,
) {
    let reason = match reason.is_null() {
        true => c"",
        // SAFETY: the caller's promise.
        false => unsafe { CStr::from_ptr(reason) },
    };
    let reason = reason.to_string_lossy();
    // SAFETY: the caller's promise.
    let any = unsafe { list(head) }.is_some_and(|list| {
        list.describe(|(index, used, len)| {
            log_notice!(
                "{id:p}: {reason}: {index}: {used} / {len} ({} left)",
                len.saturating_sub(used)
            );
        })
    });
    if !any {
        log_notice!("{id:p}: {reason}: buflist empty");
    }
}
