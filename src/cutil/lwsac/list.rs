//! Singly linked lists through a pointer member of the program's own structs (lws: lws_list_ptr).
//!
//! A list is a pointer to the `next` member of its first item, which points to that of the second, and so on. Called
//! by `capi::lwsac`. The order function is the program's: no reference is held over its calls.

use std::ffi::{c_int, c_void};

/// The place of a `next` pointer.
pub type Link = *mut c_void;

/// Compares the items of two links: over 0 when the first belongs behind the second.
pub type Order = Option<unsafe extern "C" fn(Link, Link) -> c_int>;

/// Puts the item whose link is at `add` into the list: first without an order, else before the first item that is not
/// smaller.
///
/// # Safety
/// `head` and `add` are valid; the list's links are, too; `add` is on no list.
pub unsafe fn insert(head: *mut Link, add: *mut Link, order: Order) {
    let mut place = head;
    if let Some(order) = order {
        loop {
            // SAFETY: `head` or the link of an item.
            let next = unsafe { *place };
            if next.is_null() {
                break;
            }
            // SAFETY: the program's function for two of its items.
            let behind = unsafe { order(add.cast(), next) } > 0;
            if !behind {
                break;
            }
            place = next.cast();
        }
    }
    // SAFETY: `head` or the link of an item.
    let next = unsafe { *place };
    // SAFETY: valid by contract.
    unsafe { *add = next };
    // SAFETY: as above.
    unsafe { *place = add.cast() };
}
