//! Memory that is handed to the C program, from an allocator the program may replace.
//!
//! Only what a program sees or frees comes from here (per-session and per-vhost data, buffer-list segments,
//! `lws_realloc`); the library's own records use Rust's allocator. A block is freed by the allocator that made it,
//! even when the program sets another one meanwhile.
//!
//! The allocator is one function in the manner of realloc: a null pointer asks for new memory, size 0 frees. It is
//! called without a lock, on any thread. Its alignment is trusted only as far as the program's own is; the built-in
//! one gives 16. Called by `conn` (`Zeroed`), `buflist` next door and `capi::alloc`.

use parking_lot::RwLock;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{self, NonNull};

/// The shape of a program's allocator.
pub type Realloc =
    unsafe extern "C" fn(block: *mut c_void, size: usize, reason: *const c_char) -> *mut c_void;

/// An allocator: the built-in one or the program's.
#[derive(Clone, Copy)]
pub struct Allocator(Option<Realloc>);

static CURRENT: RwLock<Allocator> = RwLock::new(Allocator(None));

/// The allocator in use.
#[must_use]
pub fn current() -> Allocator {
    *CURRENT.read()
}

/// Replaces the allocator for blocks made from now on; none brings back the built-in one.
///
/// # Safety
/// `realloc` gives blocks of at least the size asked for, aligned for the program's data, that stay valid until it
/// is asked to free or change them; it may be called from any thread, any time.
pub unsafe fn set(realloc: Option<Realloc>) {
    *CURRENT.write() = Allocator(realloc);
}

impl Allocator {
    /// A new block, contents undefined; none when there is no memory or `size` is 0.
    #[must_use]
    pub fn alloc(self, size: usize, reason: &CStr) -> Option<NonNull<u8>> {
        if size == 0 {
            return None;
        }
        // SAFETY: null asks for a new block; nothing of ours is passed.
        let block = unsafe { self.realloc(ptr::null_mut(), size, reason.as_ptr()) };
        NonNull::new(block.cast())
    }

    /// A new block of zeros; none when there is no memory or `size` is 0.
    #[must_use]
    pub fn alloc_zeroed(self, size: usize, reason: &CStr) -> Option<NonNull<u8>> {
        if self.0.is_none() && size > 0 {
            // SAFETY: calloc has no preconditions. Fresh pages need no clearing.
            let block = unsafe { libc::calloc(1, size) };
            return NonNull::new(block.cast());
        }
        let block = self.alloc(size, reason)?;
        // SAFETY: just allocated with this size.
        unsafe { block.write_bytes(0, size) };
        Some(block)
    }

    /// Frees a block.
    ///
    /// # Safety
    /// `block` came from this allocator and is not used any more.
    pub unsafe fn free(self, block: NonNull<u8>) {
        // SAFETY: the caller's promise.
        let _ = unsafe { self.realloc(block.as_ptr().cast(), 0, c"lws_free".as_ptr()) };
    }

    /// Makes (null), resizes, or frees (size 0) a block.
    ///
    /// # Safety
    /// `block` is null or came from this allocator; the old address is not used any more unless null is returned
    /// for a size that is not 0.
    pub unsafe fn realloc(
        self,
        block: *mut c_void,
        size: usize,
        reason: *const c_char,
    ) -> *mut c_void {
        match self.0 {
            // SAFETY: the program's function, by the contract of `set`; the block is its own.
            Some(function) => unsafe { function(block, size, reason) },
            None if size == 0 => {
                // SAFETY: null or from malloc's family, by the caller's promise.
                unsafe { libc::free(block) };
                ptr::null_mut()
            }
            // SAFETY: as above.
            None => unsafe { libc::realloc(block, size) },
        }
    }
}

/// A block of zeros that the C program may write; freed on drop.
pub struct Zeroed {
    block: Option<NonNull<u8>>, // none for no bytes
    len: usize,
    made_by: Allocator,
}

impl Zeroed {
    /// `len` zero bytes; none when there is no memory. No bytes is a null pointer.
    #[must_use]
    pub fn new(len: usize, reason: &CStr) -> Option<Self> {
        let made_by = current();
        let block = match len {
            0 => None,
            _ => Some(made_by.alloc_zeroed(len, reason)?),
        };
        Some(Self {
            block,
            len,
            made_by,
        })
    }

    /// The address the C program gets; null for no bytes.
    #[must_use]
    pub fn as_ptr(&self) -> *mut c_void {
        self.block
            .map_or(ptr::null_mut(), |block| block.as_ptr().cast())
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes the bytes zero again, for a session that starts anew on the same connection.
    pub fn clear(&mut self) {
        if let Some(block) = self.block {
            // SAFETY: our block of this length; the program does not touch it while the library resets it.
            unsafe { block.write_bytes(0, self.len) };
        }
    }
}

impl Drop for Zeroed {
    fn drop(&mut self) {
        if let Some(block) = self.block {
            // SAFETY: made by this allocator; the program was told that its session is over.
            unsafe { self.made_by.free(block) };
        }
    }
}

// SAFETY: plain memory with one owner; the C side follows the rules of the connection it belongs to.
unsafe impl Send for Zeroed {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    static LIVE: AtomicUsize = AtomicUsize::new(0);
    static TURN: Mutex<()> = Mutex::new(()); // the allocator is of the process

    unsafe extern "C" fn counting(
        block: *mut c_void,
        size: usize,
        _reason: *const c_char,
    ) -> *mut c_void {
        if size == 0 {
            LIVE.fetch_sub(1, Ordering::SeqCst);
            // SAFETY: came from the malloc below.
            unsafe { libc::free(block) };
            return ptr::null_mut();
        }
        LIVE.fetch_add(1, Ordering::SeqCst);
        // SAFETY: no preconditions.
        let fresh = unsafe { libc::malloc(size) };
        // SAFETY: just allocated; dirty on purpose.
        unsafe { fresh.cast::<u8>().write_bytes(0xa5, size) };
        fresh
    }

    unsafe extern "C" fn failing(_: *mut c_void, _: usize, _: *const c_char) -> *mut c_void {
        ptr::null_mut()
    }

    fn bytes(zeroed: &Zeroed) -> &[u8] {
        // SAFETY: the tests' blocks are not empty and nobody else writes them.
        unsafe { std::slice::from_raw_parts(zeroed.as_ptr().cast(), zeroed.len()) }
    }

    #[test]
    fn block_is_zero_and_aligned_and_none_for_no_bytes() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let zeroed = Zeroed::new(1000, c"test").unwrap();
        assert!(bytes(&zeroed).iter().all(|b| *b == 0));
        assert_eq!(zeroed.as_ptr() as usize % 16, 0);
        let empty = Zeroed::new(0, c"test").unwrap();
        assert!(empty.as_ptr().is_null() && empty.is_empty());
    }

    #[test]
    fn programs_allocator_is_used_and_frees_what_it_made() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: `counting` is an allocator.
        unsafe { set(Some(counting)) };
        let theirs = Zeroed::new(64, c"test").unwrap();
        // SAFETY: the built-in one.
        unsafe { set(None) };
        let ours = Zeroed::new(64, c"test").unwrap();
        assert!(bytes(&theirs).iter().all(|b| *b == 0));
        assert_eq!(LIVE.load(Ordering::SeqCst), 1);
        drop(ours);
        drop(theirs);
        assert_eq!(LIVE.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn out_of_memory_is_none() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: never gives a block.
        unsafe { set(Some(failing)) };
        let nothing = Zeroed::new(16, c"test");
        // SAFETY: the built-in one.
        unsafe { set(None) };
        assert!(nothing.is_none());
        assert!(Zeroed::new(usize::MAX / 2, c"test").is_none());
    }

    #[test]
    fn clear_makes_zero_again() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut zeroed = Zeroed::new(8, c"test").unwrap();
        // SAFETY: 8 bytes of ours.
        unsafe { zeroed.as_ptr().cast::<u64>().write(u64::MAX) };
        zeroed.clear();
        assert_eq!(bytes(&zeroed), [0; 8]);
    }
}
