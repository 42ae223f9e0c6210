//! One file kept in memory and read again when it changed (lws: lwsac_cached_file).
//!
//! The program holds a pointer to the contents, which end with a NUL; a small record lies in front of them in the same
//! chain. Readers count themselves in and out, so an old version lives until the last of them is done. The file is not
//! looked at more than once in `CHECK_SECS`.
//!
//! Called by `capi::lwsac`.

use super::{Chain, Chunk, Search, use_bytes};
use crate::util::log::log_err;
use std::ffi::{CStr, c_char};
use std::ptr;

/// Seconds between looks at the file.
pub const CHECK_SECS: i64 = 5;

/// An open file; `capi` has it from `sys`.
pub trait Source {
    /// Its length.
    fn len(&self) -> usize;

    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When it was modified, in seconds.
    fn modified(&self) -> i64;

    /// Reads all of it; false when it cannot.
    ///
    /// # Safety
    /// `len` bytes can be written to `to`.
    unsafe fn read_all(&mut self, to: *mut c_char) -> bool;
}

/// In front of the contents.
#[repr(C)]
struct Record {
    chain: *mut Chunk,
    modified: i64,
    checked: i64,
}

/// The contents, as the program holds them.
pub type Contents = *mut u8;

fn record(contents: Contents) -> *mut Record {
    contents.wrapping_sub(size_of::<Record>()).cast()
}

/// The chain of some contents; none for null.
///
/// # Safety
/// `contents` is null or from `load`, and alive.
unsafe fn chain(contents: Contents) -> Option<Chain> {
    if contents.is_null() {
        return None;
    }
    // SAFETY: the record lies in front.
    let head = unsafe { (*record(contents)).chain };
    // SAFETY: alive by contract.
    unsafe { Chain::new(head) }
}

/// A reader begins.
///
/// # Safety
/// As `chain`.
pub unsafe fn begin_use(contents: Contents) {
    // SAFETY: the same contract.
    if let Some(chain) = unsafe { chain(contents) } {
        chain.reference();
    }
}

/// A reader ends; true: the contents are freed.
///
/// # Safety
/// As `chain`, and the reader does not use them again.
#[must_use]
pub unsafe fn end_use(contents: Contents) -> bool {
    // SAFETY: the same contract.
    let Some(chain) = (unsafe { chain(contents) }) else {
        return false;
    };
    let dead = chain.unreference();
    if dead {
        // SAFETY: detached, and this was the last reader.
        unsafe { chain.free() };
    }
    dead
}

/// The owner is done with the contents; true: they are freed.
///
/// # Safety
/// As `chain`, and the owner does not use them again.
#[must_use]
pub unsafe fn detach(contents: Contents) -> bool {
    // SAFETY: the same contract.
    let Some(chain) = (unsafe { chain(contents) }) else {
        return false;
    };
    let dead = chain.detach();
    if dead {
        // SAFETY: nobody reads it.
        unsafe { chain.free() };
    }
    dead
}

/// What `load` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// The contents at hand are good.
    Unchanged,
    /// New contents and their length; the old ones are detached.
    New(Contents, usize),
    /// The file cannot be had; the old contents stay.
    Failed,
}

/// Looks whether the file has changed since `old` was loaded (null: never) and loads it.
///
/// # Safety
/// `old` is null or from here, and alive; the program replaces it by what comes back.
#[must_use]
pub unsafe fn load<S: Source>(
    path: &CStr,
    old: Contents,
    now: i64,
    open: impl FnOnce(&CStr) -> Option<S>,
) -> Loaded {
    if !old.is_null() {
        // SAFETY: the record lies in front.
        let checked = unsafe { (*record(old)).checked };
        if now.saturating_sub(checked) < CHECK_SECS {
            return Loaded::Unchanged;
        }
    }
    let Some(mut file) = open(path) else {
        log_err!("lwsac_cached_file: cannot open {}", path.to_string_lossy());
        return Loaded::Failed;
    };
    if !old.is_null() {
        let record = record(old);
        // SAFETY: the record lies in front.
        unsafe { (*record).checked = now };
        // SAFETY: the same.
        let modified = unsafe { (*record).modified };
        if modified == file.modified() {
            return Loaded::Unchanged;
        }
    }
    let new = read(&mut file, now);
    if new.is_null() {
        log_err!("lwsac_cached_file: cannot read {}", path.to_string_lossy());
        return Loaded::Failed;
    }
    // SAFETY: the program will not use the old ones without counting itself in.
    let _ = unsafe { detach(old) };
    Loaded::New(new, file.len())
}

/// Reads the file into a chain of its own; null when it cannot.
fn read(file: &mut impl Source, now: i64) -> Contents {
    let len = file.len();
    let Some(need) = size_of::<Record>()
        .checked_add(len)
        .and_then(|n| n.checked_add(1))
    else {
        return ptr::null_mut();
    };
    let mut head = ptr::null_mut();
    // SAFETY: a new chain.
    let place = unsafe { use_bytes(&raw mut head, need, need, Search::Last) }.cast::<u8>();
    // SAFETY: null or just made.
    let Some(chain) = (unsafe { Chain::new(head) }) else {
        return ptr::null_mut();
    };
    let contents = place.wrapping_add(size_of::<Record>());
    // SAFETY: `len` bytes and one more follow the record.
    let complete = unsafe { file.read_all(contents.cast::<c_char>()) };
    if !complete {
        // SAFETY: nobody has seen it.
        unsafe { chain.free() };
        return ptr::null_mut();
    }
    // SAFETY: the byte behind the contents.
    unsafe { contents.wrapping_add(len).write(0) };
    let value = Record {
        chain: head,
        modified: file.modified(),
        checked: now,
    };
    // SAFETY: room for it was taken, 8-aligned.
    unsafe { place.cast::<Record>().write(value) };
    contents
}
