//! Exported allocator calls; `cutil::zalloc` does the work.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use crate::cutil::zalloc::{self, Realloc};
use libc::{c_char, c_void, size_t};

/// Replaces the allocator for memory that the library hands to the program.
///
/// - `realloc`: new memory for a null pointer, frees for size 0, else resizes; the third argument says what for. Null
///   brings back the built-in one. Blocks that exist are freed by the allocator they came from.
///
/// Re-entry: any thread; before any context is the sensible time.
///
/// Quirks: only memory that the program can see comes from it, not the library's own records.
///
/// # Safety
/// `realloc` is null or such a function, callable from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_set_allocator(realloc: Option<Realloc>) {
    // SAFETY: the caller's promise.
    unsafe { zalloc::set(realloc) }
}

/// Makes, resizes or frees a block with the allocator in use.
///
/// - `ptr`: null, or a block from here.
/// - `size`: bytes; 0 frees.
/// - `reason`: what for, given to the program's allocator.
///
/// Returns the block, owned by the caller, contents kept but not cleared; null for size 0 or no memory.
///
/// Re-entry: calls the program's allocator; any thread.
///
/// # Safety
/// `ptr` is null or came from here since the allocator was set; `reason` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_realloc(
    ptr: *mut c_void,
    size: size_t,
    reason: *const c_char,
) -> *mut c_void {
    // SAFETY: the caller's promise.
    unsafe { zalloc::current().realloc(ptr, size, reason) }
}
