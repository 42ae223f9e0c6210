//! A heap place of our own that C code points to.
//!
//! Like a Box whose content is only reached through raw pointers: moving the owner makes no claim on the content, so
//! pointers that nodes of the program hold stay good. Used by `sul` and `state` next door.

use std::ptr::NonNull;

/// Owns one `T` at an address that never changes.
pub(super) struct Place<T>(NonNull<T>);

impl<T> Place<T> {
    pub(super) fn new(value: T) -> Self {
        Self(NonNull::from(Box::leak(Box::new(value))))
    }

    pub(super) fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }

    pub(super) fn as_non_null(&self) -> NonNull<T> {
        self.0
    }
}

impl<T> Drop for Place<T> {
    fn drop(&mut self) {
        // SAFETY: leaked from a Box in `new`, dropped once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
