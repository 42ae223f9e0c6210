//! Shared objects loaded at run time.
//!
//! A [`Library`] stays loaded until it is dropped; nothing from it may be used after that. Loading runs the object's
//! constructors, so it is user code. Called by `capi::plugins`.

#![expect(unsafe_code, reason = "dlopen, dlsym, dlclose")]

use std::ffi::{CStr, CString, c_void};
use std::ptr::NonNull;

/// A loaded object.
#[derive(Debug)]
pub struct Library(NonNull<c_void>);

/// What the loader says went wrong.
fn fault() -> CString {
    // SAFETY: no preconditions.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return c"no reason given".to_owned();
    }
    // SAFETY: a string that lasts until this thread's next call of the loader.
    unsafe { CStr::from_ptr(text) }.to_owned()
}

impl Library {
    /// Loads the object in a file.
    ///
    /// # Errors
    /// The loader's own words.
    pub fn open(path: &CStr) -> Result<Self, CString> {
        // SAFETY: a string; what the object's constructors do is the program's choice.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW) };
        NonNull::new(handle).map(Self).ok_or_else(fault)
    }

    /// The address of something that the object exports.
    ///
    /// # Errors
    /// The loader's own words.
    pub fn symbol(&self, name: &CStr) -> Result<NonNull<c_void>, CString> {
        // SAFETY: the object is loaded as long as self lives.
        let found = unsafe { libc::dlsym(self.0.as_ptr(), name.as_ptr()) };
        NonNull::new(found).ok_or_else(fault)
    }

    /// The loader's handle, for C to keep; [`Self::from_raw`] takes it back.
    pub fn into_raw(self) -> *mut c_void {
        let raw = self.0.as_ptr();
        std::mem::forget(self);
        raw
    }

    /// Takes back a handle.
    ///
    /// # Safety
    /// It came from [`Self::into_raw`] and was not taken back before.
    pub unsafe fn from_raw(raw: *mut c_void) -> Option<Self> {
        NonNull::new(raw).map(Self)
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: loaded once, closed once.
        unsafe { libc::dlclose(self.0.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_found_and_the_rest_explained() {
        let library = Library::open(c"libc.so.6").expect("every process has it");
        assert!(library.symbol(c"strlen").is_ok());
        let why = library.symbol(c"no_such_thing_here").expect_err("absent");
        assert!(why.to_string_lossy().contains("no_such_thing_here"));
        let why = Library::open(c"/nonexistent/x.so").expect_err("absent");
        assert!(why.to_string_lossy().contains("/nonexistent/x.so"));
    }
}
