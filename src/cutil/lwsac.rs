//! Allocated chunks (lws: lwsac): many small areas that are freed together.
//!
//! A chain of chunks from C's allocator; uses are cut off the last chunk in multiples of 8 bytes, and a use that does
//! not fit begins a new chunk. The program holds the first chunk's address and may walk the chain by accessors, so the
//! header sizes (32 bytes, 64 in the first chunk) are public facts. Reference counting lets readers delay the freeing.
//!
//! Everything is plain pointers: the program owns the chain and hands it in again. Called by `capi::lwsac` and `cache`.

pub mod cache;
pub mod list;

#[cfg(test)]
mod tests;

use crate::util::log::log_warn;
use std::ffi::c_void;
use std::ptr::{self, NonNull};

/// Bytes of a chunk when the program does not say.
pub const DEFAULT_CHUNK: usize = 4000;

/// The header of each chunk.
#[repr(C)]
#[derive(Debug)]
pub struct Chunk {
    next: *mut Chunk,
    /// The first chunk.
    first: *mut Chunk,
    /// Bytes of the chunk with its header.
    size: usize,
    /// Where the next use begins, from the header on.
    used: usize,
}

/// What only the first chunk has, behind its header.
#[repr(C)]
struct Shared {
    last: *mut Chunk,
    references: usize,
    detached: bool,
    spare: usize,
}

/// Header bytes of a chunk.
#[must_use]
pub const fn header(first: bool) -> usize {
    size_of::<Chunk>() + if first { size_of::<Shared>() } else { 0 }
}

const _: () = assert!(header(false) == 32 && header(true) == 64);

/// Rounds up to a multiple of 8; wraps at the end of the number range as the public function does.
#[must_use]
pub const fn align(len: usize) -> usize {
    len.wrapping_add(7) & !7
}

/// How a use looks for room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// In the last chunk.
    Last,
    /// In all chunks, from the first.
    All,
}

/// A chain, by its first chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain(NonNull<Chunk>);

impl Chain {
    /// Views a chain; none for null.
    ///
    /// # Safety
    /// While the view is used: `head` came from `use_bytes` and was not freed, and no other thread changes the chain.
    #[must_use]
    pub unsafe fn new(head: *mut Chunk) -> Option<Self> {
        NonNull::new(head).map(Self)
    }

    fn shared(self) -> *mut Shared {
        self.0.as_ptr().wrapping_add(1).cast()
    }

    /// The chunks, first to last.
    fn chunks(self) -> impl Iterator<Item = *mut Chunk> {
        let mut at = self.0.as_ptr();
        std::iter::from_fn(move || {
            let now = at;
            if !now.is_null() {
                // SAFETY: a chunk of a living chain.
                at = unsafe { (*now).next };
            }
            (!now.is_null()).then_some(now)
        })
    }

    fn last(self) -> *mut Chunk {
        // SAFETY: the first chunk of a living chain has the shared part.
        unsafe { (*self.shared()).last }
    }

    /// Adds `len` bytes to a chunk if they fit. The next use begins at a multiple of 8.
    fn take(chunk: *mut Chunk, len: usize) -> Option<NonNull<u8>> {
        // SAFETY: a chunk of a living chain.
        let used = unsafe { (*chunk).used };
        // SAFETY: the same.
        let size = unsafe { (*chunk).size };
        if len > size - used {
            return None;
        }
        let next = (used + align(len)).min(size);
        // SAFETY: the same.
        unsafe { (*chunk).used = next };
        let place = chunk.cast::<u8>().wrapping_add(used);
        let taken = next - used;
        if len < taken && taken >= 8 {
            // `find` looks at the padding, too: the last word of the use, which nobody has written yet, begins as zero.
            let word = chunk.cast::<u8>().wrapping_add(next - 8).cast::<u64>();
            // SAFETY: inside of what was just taken.
            unsafe { word.write_unaligned(0) };
        }
        NonNull::new(place)
    }

    /// Makes the last use longer by `amount` zeroed bytes if the chunk has them.
    #[must_use]
    pub fn extend(self, amount: usize) -> bool {
        let Some(place) = Self::take(self.last(), amount) else {
            return false;
        };
        // SAFETY: `amount` bytes just taken.
        unsafe { place.as_ptr().write_bytes(0, amount) };
        true
    }

    /// Bytes allocated, headers included.
    #[must_use]
    pub fn total(self) -> u64 {
        // SAFETY: a chunk of a living chain.
        self.chunks()
            .map(|c| unsafe { (*c).size } as u64)
            .fold(0, u64::saturating_add)
    }

    /// Bytes of headers and of unused room. quirk: the shared part of the first chunk is not counted.
    #[must_use]
    pub fn overhead(self) -> u64 {
        self.chunks()
            .map(|c| {
                // SAFETY: a chunk of a living chain.
                let size = unsafe { (*c).size };
                // SAFETY: the same.
                let used = unsafe { (*c).used };
                (size - used + size_of::<Chunk>()) as u64
            })
            .fold(0, u64::saturating_add)
    }

    /// How many chunks.
    #[must_use]
    pub fn count(self) -> usize {
        self.chunks().count()
    }

    /// One more reader.
    pub fn reference(self) {
        let shared = self.shared();
        // SAFETY: a living chain.
        let count = unsafe { (*shared).references };
        // SAFETY: the same.
        unsafe { (*shared).references = count.saturating_add(1) };
    }

    /// One reader less. True: it was detached and nobody reads it any more, free it.
    #[must_use]
    pub fn unreference(self) -> bool {
        let shared = self.shared();
        // SAFETY: a living chain.
        let count = unsafe { (*shared).references };
        if count == 0 {
            log_warn!("lwsac_unreference: refcount going below zero");
        }
        let count = count.saturating_sub(1);
        // SAFETY: the same.
        unsafe { (*shared).references = count };
        // SAFETY: the same.
        let detached = unsafe { (*shared).detached };
        detached && count == 0
    }

    /// The owner is done. True: nobody reads it, free it.
    #[must_use]
    pub fn detach(self) -> bool {
        let shared = self.shared();
        // SAFETY: a living chain.
        unsafe { (*shared).detached = true };
        // SAFETY: the same.
        let count = unsafe { (*shared).references };
        count == 0
    }

    /// Frees all chunks.
    ///
    /// # Safety
    /// Nobody uses the chain or what was cut off it again.
    pub unsafe fn free(self) {
        for chunk in self.chunks() {
            // SAFETY: from `libc::malloc`; the iterator has read its successor.
            unsafe { libc::free(chunk.cast()) };
        }
    }

    /// Finds bytes equal to `what` in the used parts, followed by a NUL if `nul`. Null when there are none.
    ///
    /// # Safety
    /// `len` bytes can be read from `what`.
    #[must_use]
    pub unsafe fn find(self, what: *const u8, len: usize, nul: bool) -> *mut u8 {
        for chunk in self.chunks() {
            let begin = header(chunk == self.0.as_ptr());
            // SAFETY: a chunk of a living chain.
            let used = unsafe { (*chunk).used };
            let mut at = begin;
            while at + len + usize::from(nul) <= used {
                let place = chunk.cast::<u8>().wrapping_add(at);
                // SAFETY: both areas are readable: by contract, and `used` bounds this one.
                let found =
                    unsafe { libc::memmem(place.cast(), used - at, what.cast(), len) }.cast::<u8>();
                if found.is_null() {
                    break;
                }
                at = found as usize - chunk as usize;
                if !nul {
                    return found;
                }
                if at + len < used {
                    // SAFETY: inside the used part.
                    let after = unsafe { found.wrapping_add(len).read() };
                    if after == 0 {
                        return found;
                    }
                }
                at += 1;
            }
        }
        ptr::null_mut()
    }
}

/// Where the next use of this very chunk would begin.
///
/// # Safety
/// A chunk of a living chain.
#[must_use]
pub unsafe fn tail_position(chunk: *mut Chunk) -> usize {
    // SAFETY: by contract.
    unsafe { (*chunk).used }
}

/// The chunk after this one.
///
/// # Safety
/// A chunk of a living chain.
#[must_use]
pub unsafe fn next_chunk(chunk: *mut Chunk) -> *mut Chunk {
    // SAFETY: by contract.
    unsafe { (*chunk).next }
}

/// Cuts `len` bytes off the chain at `*head`, which is made when it is null. Null when there is no memory.
///
/// # Safety
/// `head` is valid; `*head` is null or a living chain.
#[must_use]
pub unsafe fn use_bytes(
    head: *mut *mut Chunk,
    len: usize,
    chunk: usize,
    search: Search,
) -> *mut c_void {
    let aligned = align(len);
    if aligned < len {
        return ptr::null_mut();
    }
    // SAFETY: valid by contract.
    let first = unsafe { *head };
    // SAFETY: living by contract.
    if let Some(chain) = unsafe { Chain::new(first) } {
        let place = match search {
            Search::Last => Chain::take(chain.last(), len),
            Search::All => chain.chunks().find_map(|c| Chain::take(c, len)),
        };
        if let Some(place) = place {
            return place.as_ptr().cast();
        }
    }
    let payload = if chunk == 0 { DEFAULT_CHUNK } else { chunk }.max(aligned);
    let Some(size) = payload.checked_add(header(first.is_null())) else {
        return ptr::null_mut();
    };
    let new = add_chunk(first, size);
    if new.is_null() {
        return ptr::null_mut();
    }
    if first.is_null() {
        // SAFETY: valid by contract.
        unsafe { *head = new };
    }
    Chain::take(new, len).map_or(ptr::null_mut(), |p| p.as_ptr().cast())
}

/// Allocates a chunk of `size` bytes with its header and appends it to the chain of `first`, or begins one.
fn add_chunk(first: *mut Chunk, size: usize) -> *mut Chunk {
    // SAFETY: any size may be asked for.
    let new = unsafe { libc::malloc(size) }.cast::<Chunk>();
    if new.is_null() {
        crate::util::log::log_err!("lwsac: no memory for a chunk of {size}");
        return new;
    }
    let is_first = first.is_null();
    let head = if is_first { new } else { first };
    let value = Chunk {
        next: ptr::null_mut(),
        first: head,
        size,
        used: header(is_first),
    };
    // SAFETY: a new area that is large enough.
    unsafe { new.write(value) };
    let shared = head.wrapping_add(1).cast::<Shared>();
    if is_first {
        let value = Shared {
            last: new,
            references: 0,
            detached: false,
            spare: 0,
        };
        // SAFETY: the first chunk has room for it.
        unsafe { shared.write(value) };
        return new;
    }
    // SAFETY: a living chain.
    let last = unsafe { (*shared).last };
    // SAFETY: its last chunk.
    unsafe { (*last).next = new };
    // SAFETY: a living chain.
    unsafe { (*shared).last = new };
    new
}
