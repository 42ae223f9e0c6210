//! Exported intrusive lists on memory of the program; `cutil::dll2` does the work.
//!
//! Header inlines read the same records, so the layouts are asserted to be one.
//! Where the reference aborts (adding a node that is on a list, adding before a node that is on none) a line is
//! logged; a listed node moves, the other call does nothing. Null is ignored.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws_dll2, lws_dll2_owner};
use crate::cutil::dll2::{Item, List, Node, Owner};
use crate::util::log::log_err;
use libc::{c_char, c_int, c_void, size_t};
use std::ffi::CStr;
use std::mem::offset_of;
use std::ptr;

const _: () = {
    assert!(size_of::<Node>() == size_of::<lws_dll2>());
    assert!(offset_of!(Node, prev) == offset_of!(lws_dll2, prev));
    assert!(offset_of!(Node, next) == offset_of!(lws_dll2, next));
    assert!(offset_of!(Node, owner) == offset_of!(lws_dll2, owner));
    assert!(size_of::<Owner>() == size_of::<lws_dll2_owner>());
    assert!(offset_of!(Owner, tail) == offset_of!(lws_dll2_owner, tail));
    assert!(offset_of!(Owner, head) == offset_of!(lws_dll2_owner, head));
    assert!(offset_of!(Owner, count) == offset_of!(lws_dll2_owner, count));
};

/// The program's comparison; negative, 0 or positive as `d` belongs before, at or behind `i`.
type Compare = unsafe extern "C" fn(d: *const lws_dll2, i: *const lws_dll2) -> c_int;

/// The program's visitor; anything but 0 ends the walk.
type Visit = unsafe extern "C" fn(d: *mut lws_dll2, user: *mut c_void) -> c_int;

/// Views a node; none for null.
///
/// # Safety
/// As for [`Item::new`].
unsafe fn item(node: *mut lws_dll2) -> Option<Item> {
    // SAFETY: the same record, asserted above; the same contract.
    unsafe { Item::new(node.cast()) }
}

/// Views a list; none for null.
///
/// # Safety
/// As for [`List::new`].
unsafe fn list(owner: *mut lws_dll2_owner) -> Option<List> {
    // SAFETY: the same record, asserted above; the same contract.
    unsafe { List::new(owner.cast()) }
}

/// Says so when a node that is about to be added is on a list.
fn note_listed(name: &str, item: Item) {
    if item.list().is_some() {
        log_err!("{name}: the node is on a list already: moved");
    }
}

/// Puts a node at the head of a list.
///
/// - `d`: the node, in memory of the caller; it stays there while listed.
/// - `owner`: the list.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// Both are null (nothing happens) or valid; a node is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_add_head(d: *mut lws_dll2, owner: *mut lws_dll2_owner) {
    // SAFETY: the caller's promise.
    let (item, list) = (unsafe { item(d) }, unsafe { list(owner) });
    if let (Some(item), Some(list)) = (item, list) {
        note_listed("lws_dll2_add_head", item);
        list.push_head(item);
    }
}

/// Puts a node at the tail of a list.
///
/// - `d`: the node, in memory of the caller; it stays there while listed.
/// - `owner`: the list.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// Both are null (nothing happens) or valid; a node is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_add_tail(d: *mut lws_dll2, owner: *mut lws_dll2_owner) {
    // SAFETY: the caller's promise.
    let (item, list) = (unsafe { item(d) }, unsafe { list(owner) });
    if let (Some(item), Some(list)) = (item, list) {
        note_listed("lws_dll2_add_tail", item);
        list.push_tail(item);
    }
}

/// Puts a node in front of another, on the list of that.
///
/// - `d`: the node, in memory of the caller; it stays there while listed.
/// - `after`: the node it comes before.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// Both are null (nothing happens) or valid; a node is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_add_before(d: *mut lws_dll2, after: *mut lws_dll2) {
    // SAFETY: the caller's promise.
    let (item, other) = (unsafe { self::item(d) }, unsafe { self::item(after) });
    if let (Some(item), Some(other)) = (item, other) {
        if other.list().is_none() {
            return log_err!("lws_dll2_add_before: the other node is on no list");
        }
        note_listed("lws_dll2_add_before", item);
        item.insert_before(other);
    }
}

/// Takes a node off its list; it is all zero after.
///
/// - `d`: the node; nothing happens when it is on no list.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// `d` is null (nothing happens) or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_remove(d: *mut lws_dll2) {
    // SAFETY: the caller's promise.
    if let Some(item) = unsafe { item(d) } {
        item.remove();
    }
}

/// Calls a function with each node from the head on.
///
/// - `owner`: the list.
/// - `user`: given to the function.
/// - `cb`: the function; it may remove and free its node, not the one behind it. Not 0 ends the walk.
///
/// Returns 1 when the function ended the walk, else 0.
///
/// Re-entry: `cb` may do anything else; one thread at a time for each list.
///
/// # Safety
/// `owner` is null (0) or valid; `cb` is null (0) or such a function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_foreach_safe(
    owner: *mut lws_dll2_owner,
    user: *mut c_void,
    cb: Option<Visit>,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(list), Some(visit)) = (unsafe { list(owner) }, cb) else {
        return 0;
    };
    // SAFETY: the caller's function with a node of the caller's list; no reference is held.
    c_int::from(list.any(|item| unsafe { visit(item.as_ptr().cast(), user) } != 0))
}

/// Makes a node look unlisted, without touching any list.
///
/// - `d`: the node.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `d` is null (nothing happens) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_clear(d: *mut lws_dll2) {
    // SAFETY: the caller's promise; neighbours are not followed.
    if let Some(item) = unsafe { item(d) } {
        item.forget();
    }
}

/// Makes a list look empty, without touching its nodes.
///
/// - `d`: the list.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `d` is null (nothing happens) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_owner_clear(d: *mut lws_dll2_owner) {
    // SAFETY: the caller's promise; nodes are not followed.
    if let Some(list) = unsafe { list(d) } {
        list.forget();
    }
}

/// Puts a node in front of the first one that does not belong before it.
///
/// - `d`: the node, in memory of the caller; it stays there while listed.
/// - `own`: the list, sorted by the same function.
/// - `compare`: called with a listed node and `d`; must not change the list.
///
/// Re-entry: calls `compare`; one thread at a time for each list.
///
/// Quirks: among equals the latest comes first.
///
/// # Safety
/// All are null (nothing happens) or valid; a node is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dll2_add_sorted(
    d: *mut lws_dll2,
    own: *mut lws_dll2_owner,
    compare: Option<Compare>,
) {
    // SAFETY: the caller's promise.
    let (item, list) = (unsafe { item(d) }, unsafe { list(own) });
    if let (Some(item), Some(list), Some(compare)) = (item, list, compare) {
        note_listed("lws_dll2_add_sorted", item);
        // SAFETY: the caller's function with nodes of the caller's; no reference is held.
        list.insert_sorted(
            item,
            |other| unsafe { compare(other.as_ptr().cast(), d) } >= 0,
        );
    }
}

/// Finds the object whose name is a given one, by a member that points to the name.
///
/// - `own`: the list.
/// - `name`, `namelen`: the name, which need not be terminated.
/// - `dll2_ofs`: offset of the node in the object.
/// - `ptr_ofs`: offset of the name pointer in the object.
///
/// Returns the first such object, or null. Objects whose name is null are passed over.
///
/// Re-entry: query; one thread at a time for each list.
///
/// # Safety
/// `own` is null (null) or valid; `name` has `namelen` bytes; the offsets are those of the listed objects, whose names
/// are null or C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_dll2_search_sz_pl(
    own: *mut lws_dll2_owner,
    name: *const c_char,
    namelen: size_t,
    dll2_ofs: size_t,
    ptr_ofs: size_t,
) -> *mut c_void {
    // SAFETY: the caller's promise.
    let Some(list) =
        (unsafe { list(own) }).filter(|_| !name.is_null() && isize::try_from(namelen).is_ok())
    else {
        return ptr::null_mut();
    };
    // SAFETY: the caller's promise.
    let name = unsafe { std::slice::from_raw_parts(name.cast::<u8>(), namelen) };
    let mut found = ptr::null_mut();
    list.any(|item| {
        let object = item.as_ptr().cast::<u8>().wrapping_sub(dll2_ofs);
        // SAFETY: the caller's promise about offsets and names.
        let matches = unsafe { name_of(object, ptr_ofs) }.is_some_and(|own| own.to_bytes() == name);
        if matches {
            found = object.cast();
        }
        matches
    });
    found
}

/// Reads the name of an object.
///
/// # Safety
/// The object has a pointer at that offset, which is null or to a C string.
unsafe fn name_of<'a>(object: *mut u8, ptr_ofs: usize) -> Option<&'a CStr> {
    let place = object.wrapping_add(ptr_ofs).cast::<*const c_char>();
    // SAFETY: the caller's promise.
    let name = unsafe { place.read_unaligned() };
    // SAFETY: the caller's promise.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
}
