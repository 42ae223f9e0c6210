//! Exported timer calls that need no context: on lists of the program, and cancelling.
//!
//! `cutil::sul` does the work. What takes a context is elsewhere.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws_dll2_owner, lws_sorted_usec_list, lws_usec_t};
use crate::cutil::dll2::List;
use crate::cutil::sul::{self, Sul};
use crate::util::log::log_err;
use libc::c_int;
use std::mem::offset_of;

const _: () = {
    assert!(size_of::<Sul>() == size_of::<lws_sorted_usec_list>());
    assert!(offset_of!(Sul, list) == offset_of!(lws_sorted_usec_list, list));
    assert!(offset_of!(Sul, us) == offset_of!(lws_sorted_usec_list, us));
    assert!(offset_of!(Sul, callback) == offset_of!(lws_sorted_usec_list, cb));
    assert!(offset_of!(Sul, latency_us) == offset_of!(lws_sorted_usec_list, latency_us));
};

/// Takes a timer off its list.
///
/// - `sul`: the timer, in memory of the caller; nothing happens when it is not scheduled.
///
/// Re-entry: query; on the service thread that owns the list.
///
/// # Safety
/// `sul` is null (nothing happens) or a valid timer, zeroed or used before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sul_cancel(sul: *mut lws_sorted_usec_list) {
    // SAFETY: the same record, asserted above; the caller's promise.
    unsafe { sul::cancel(sul.cast()) }
}

/// Puts a timer on a list of the program, by its deadline, moving it when it is on one.
///
/// - `own`: the list, of timers only.
/// - `sul`: the timer, with `us` and `cb` set; in memory of the caller, where it stays until it fired or is cancelled.
///
/// Returns 0; -1 for null or when the timer has no callback.
///
/// Re-entry: query; one thread at a time for each list.
///
/// Quirks: among equal deadlines the latest inserted comes first.
///
/// # Safety
/// Both are null or valid; a timer is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __lws_sul_insert(
    own: *mut lws_dll2_owner,
    sul: *mut lws_sorted_usec_list,
) -> c_int {
    // SAFETY: the same record, asserted in `dll2`; the caller's promise.
    let list = unsafe { List::new(own.cast()) };
    // SAFETY: the same record, asserted above; the caller's promise.
    if list.is_some_and(|list| unsafe { sul::insert(list, sul.cast()) }) {
        return 0;
    }
    log_err!("__lws_sul_insert: no list, no timer, or no callback in it");
    -1
}

/// Runs what is due on lists of the program, earliest first over all lists.
///
/// - `own`, `own_len`: an array of timer lists and its length.
/// - `usnow`: the time that deadlines are compared with, in microseconds.
///
/// Returns how many microseconds after `usnow` the next deadline is; 0 when nothing is scheduled.
///
/// Re-entry: dispatches: timer callbacks may do anything, also schedule or free their timer. One thread at a time for
/// each list.
///
/// # Safety
/// `own` is null (0) or has `own_len` valid lists of timers, which stay valid while callbacks run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __lws_sul_service_ripe(
    own: *mut lws_dll2_owner,
    own_len: c_int,
    usnow: lws_usec_t,
) -> lws_usec_t {
    let count = if own.is_null() {
        0
    } else {
        usize::try_from(own_len).unwrap_or(0)
    };
    // SAFETY: an element of the caller's array, with the caller's promise.
    let lists =
        || (0..count).filter_map(|index| unsafe { List::new(own.wrapping_add(index).cast()) });
    while let Some(ripe) = sul::pop_ripe(lists(), usnow) {
        ripe.call();
    }
    sul::next_deadline(lists()).map_or(0, |deadline| deadline.saturating_sub(usnow))
}
