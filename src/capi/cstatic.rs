//! Static texts as C strings: made once, kept for the life of the process.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::ffi::{CString, c_char};

static MADE: Mutex<Option<HashMap<&'static str, CString>>> = Mutex::new(None);

/// The text as a C string that never goes away.
pub(super) fn of(text: &'static str) -> *const c_char {
    MADE.lock()
        .get_or_insert_default()
        .entry(text)
        .or_insert_with(|| CString::new(text).unwrap_or_default())
        .as_ptr()
}
