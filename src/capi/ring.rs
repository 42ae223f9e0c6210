//! Exported ring buffer calls; `cutil::ring` does the work.
//!
//! A null ring is empty and takes nothing.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_ring;
use crate::cutil::ring::{self, Destructor, Ring};
use crate::util::log::log_notice;
use libc::{c_int, c_void, size_t};
use std::ptr;

/// # Safety
/// `ring` is null or alive.
unsafe fn view<'a>(ring: *mut lws_ring) -> Option<&'a Ring> {
    // SAFETY: by contract; all its members are cells or constant.
    unsafe { ring.cast::<Ring>().as_ref() }
}

/// # Safety
/// `tail` is null or valid.
unsafe fn read(tail: *const u32) -> Option<u32> {
    // SAFETY: by contract.
    (!tail.is_null()).then(|| unsafe { tail.read() })
}

/// Makes a ring buffer, which holds one element less than it has slots.
///
/// - `element_len`: bytes of an element.
/// - `count`: slots.
/// - `destroy_element`: null, or called for each element that goes out of the ring.
///
/// Returns the ring, owned by the caller until `lws_ring_destroy`; null for sizes of 0, over 4 GB, or no memory.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `destroy_element` is null or a function for elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_create(
    element_len: size_t,
    count: size_t,
    destroy_element: Destructor,
) -> *mut lws_ring {
    ring::create(element_len, count, destroy_element).cast()
}

/// Destroys a ring; the elements still in it are destroyed first.
///
/// - `ring`: from `lws_ring_create`; null does nothing.
///
/// Re-entry: calls the ring's `destroy_element`, which must not destroy the ring.
///
/// # Safety
/// `ring` is null or alive; it is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_destroy(ring: *mut lws_ring) {
    // SAFETY: by contract.
    unsafe { ring::destroy(ring.cast()) };
}

/// How many elements can be inserted.
///
/// - `ring`: the ring.
///
/// Returns their number.
///
/// Re-entry: query.
///
/// Quirks: with one-byte elements the last free one is not counted.
///
/// # Safety
/// `ring` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_get_count_free_elements(ring: *mut lws_ring) -> size_t {
    // SAFETY: by contract.
    unsafe { view(ring) }.map_or(0, Ring::free)
}

/// How many elements are waiting for a tail.
///
/// - `ring`: the ring.
/// - `tail`: a tail, or null for the oldest.
///
/// Returns their number; 0 for a tail outside of the ring.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive, `tail` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_get_count_waiting_elements(
    ring: *mut lws_ring,
    tail: *mut u32,
) -> size_t {
    // SAFETY: by contract.
    let tail = unsafe { read(tail) };
    // SAFETY: by contract.
    unsafe { view(ring) }.map_or(0, |r| r.waiting(tail))
}

/// Copies elements into the ring.
///
/// - `ring`: the ring.
/// - `src`, `max_count`: the elements.
///
/// Returns how many were inserted: all or as many as fitted.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive, `src` readable for `max_count` elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_insert(
    ring: *mut lws_ring,
    src: *const c_void,
    max_count: size_t,
) -> size_t {
    // SAFETY: by contract.
    let view = unsafe { view(ring) };
    // SAFETY: by contract.
    view.map_or(0, |r| unsafe { r.insert(src.cast(), max_count) })
}

/// Takes waiting elements out, from a tail's point of view.
///
/// - `ring`: the ring.
/// - `tail`: a tail, which is moved; null for the oldest, whose elements are destroyed.
/// - `dest`: null, or gets the elements.
/// - `max_count`: how many at most.
///
/// Returns how many were taken.
///
/// Re-entry: with a null `tail` calls the ring's `destroy_element`.
///
/// # Safety
/// `ring` is null or alive, `tail` null or valid, `dest` null or writable for `max_count` elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_consume(
    ring: *mut lws_ring,
    tail: *mut u32,
    dest: *mut c_void,
    max_count: size_t,
) -> size_t {
    // SAFETY: by contract.
    let Some(r) = (unsafe { view(ring) }) else {
        return 0;
    };
    // SAFETY: by contract.
    let from = unsafe { read(tail) };
    // SAFETY: by contract.
    let (count, next) = unsafe { r.consume(from, dest.cast(), max_count) };
    if !tail.is_null() {
        // SAFETY: valid by contract.
        unsafe { tail.write(next) };
    }
    count
}

/// Where the next element for a tail lies in the ring.
///
/// - `ring`: the ring.
/// - `tail`: a tail, or null for the oldest.
///
/// Returns the element, valid until it is destroyed or overwritten; null when none is waiting.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive, `tail` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_get_element(
    ring: *mut lws_ring,
    tail: *mut u32,
) -> *const c_void {
    // SAFETY: by contract.
    let tail = unsafe { read(tail) };
    // SAFETY: by contract.
    unsafe { view(ring) }.map_or(ptr::null(), |r| r.element(tail).cast())
}

/// Says that no tail needs the elements before this one.
///
/// - `ring`: the ring.
/// - `tail`: the oldest tail; one outside of the ring changes nothing.
///
/// Re-entry: calls the ring's `destroy_element`.
///
/// # Safety
/// `ring` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_update_oldest_tail(ring: *mut lws_ring, tail: u32) {
    // SAFETY: by contract.
    if let Some(r) = unsafe { view(ring) } {
        r.retire_to(tail);
    }
}

/// The oldest tail: where a new one begins.
///
/// - `ring`: the ring.
///
/// Returns the tail.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_get_oldest_tail(ring: *mut lws_ring) -> u32 {
    // SAFETY: by contract.
    unsafe { view(ring) }.map_or(0, Ring::oldest)
}

/// Where bytes can be put directly into the ring.
///
/// - `ring`: the ring.
/// - `start`: gets the place.
/// - `bytes`: gets how many bytes fit there; more may fit at the ring's beginning afterwards.
///
/// Returns 0, or 1 when nothing fits.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive, `start` and `bytes` are valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_next_linear_insert_range(
    ring: *mut lws_ring,
    start: *mut *mut c_void,
    bytes: *mut size_t,
) -> c_int {
    // SAFETY: by contract.
    let Some((place, room)) = unsafe { view(ring) }.and_then(Ring::linear_room) else {
        return 1;
    };
    // SAFETY: valid by contract.
    unsafe { start.write(place.cast()) };
    // SAFETY: valid by contract.
    unsafe { bytes.write(room) };
    0
}

/// Says how many bytes were put at the place of `lws_ring_next_linear_insert_range`.
///
/// - `ring`: the ring.
/// - `bytes`: how many.
///
/// Re-entry: query.
///
/// # Safety
/// `ring` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_bump_head(ring: *mut lws_ring, bytes: size_t) {
    // SAFETY: by contract.
    if let Some(r) = unsafe { view(ring) } {
        r.advance_head(bytes);
    }
}

/// Logs a ring's state as a notice.
///
/// - `ring`: the ring.
/// - `tail`: a tail, or null for the oldest.
///
/// Re-entry: query; the log function is called.
///
/// # Safety
/// `ring` is null or alive, `tail` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ring_dump(ring: *mut lws_ring, tail: *mut u32) {
    // SAFETY: by contract.
    let Some(r) = (unsafe { view(ring) }) else {
        return;
    };
    // SAFETY: by contract.
    let at = unsafe { read(tail) };
    let (size, element, head) = r.dimensions();
    let (free, waiting, oldest) = (r.free(), r.waiting(at), r.oldest());
    log_notice!(
        "ring {ring:p}: buflen {size}, elem_len {element}, head {head}, oldest_tail {oldest}"
    );
    log_notice!(
        "     free_elems: {free}; for tail {}, waiting elements: {waiting}",
        at.unwrap_or(oldest)
    );
}
