//! Chains of byte segments (lws: buflist) whose head pointer is a variable of the C program.
//!
//! Segments are opaque to the program: a header and the bytes behind it in one block, from the allocator the program
//! chose. The head may be null (empty); every call gets the address of the head.
//!
//! quirk: `total_len` and `linear_copy` see whole segments, also the bytes of the first one that were used already,
//! as in the reference. Misuse that aborts the reference (no bytes to append, using more than there is) is an error
//! value or is clamped here. The core's own queues are not these. Called by `capi::buflist`.

use super::zalloc::{self, Allocator};
use std::ffi::CStr;
use std::ptr::{self, NonNull};

/// What a head pointer points to; its bytes follow it in memory.
#[repr(C, align(8))]
pub struct Segment {
    next: *mut Segment,
    last: *mut Segment, // kept true in the first segment only
    len: usize,
    used: usize,
    made_by: Allocator,
}

const REASON: &CStr = c"lws_buflist_append_segment";

/// A view of the list whose head is a variable of the program.
#[derive(Clone, Copy)]
pub struct Buflist(NonNull<*mut Segment>);

/// A view of one segment.
#[derive(Clone, Copy)]
struct View(NonNull<Segment>);

impl View {
    fn new(segment: *mut Segment) -> Option<Self> {
        NonNull::new(segment).map(Self)
    }

    fn next(self) -> Option<View> {
        // SAFETY: segments of a list are ours and valid by the contract of `Buflist::new`.
        View::new(unsafe { (*self.0.as_ptr()).next })
    }

    fn len(self) -> usize {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).len }
    }

    fn used(self) -> usize {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).used }
    }

    fn left(self) -> usize {
        self.len().saturating_sub(self.used())
    }

    fn set_used(self, to: usize) {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).used = to };
    }

    fn last(self) -> *mut Segment {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).last }
    }

    fn set_last(self, to: *mut Segment) {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).last = to };
    }

    fn set_next(self, to: View) {
        // SAFETY: as for `next`.
        unsafe { (*self.0.as_ptr()).next = to.0.as_ptr() };
    }

    /// The address of byte `at`, which is at most `len`.
    fn byte(self, at: usize) -> *mut u8 {
        let bytes: *mut u8 = self.0.as_ptr().cast();
        // SAFETY: the block is as long as the header and `len` bytes.
        unsafe { bytes.add(size_of::<Segment>() + at) }
    }

    fn free(self) {
        // SAFETY: as for `next`.
        let made_by = unsafe { (*self.0.as_ptr()).made_by };
        // SAFETY: made by this allocator, and taken off its list by the caller.
        unsafe { made_by.free(self.0.cast()) };
    }
}

/// What is in a list, for logs: index, used bytes, length of a segment.
pub type Described = (usize, usize, usize);

impl Buflist {
    /// Views a list; none for null.
    ///
    /// # Safety
    /// While this view is used `head` is valid for reads and writes, null or set by this module, and touched by no
    /// other thread.
    #[must_use]
    pub unsafe fn new(head: *mut *mut Segment) -> Option<Self> {
        NonNull::new(head).map(Self)
    }

    fn head(self) -> Option<View> {
        // SAFETY: valid by the contract of `new`.
        View::new(unsafe { self.0.as_ptr().read() })
    }

    fn set_head(self, to: *mut Segment) {
        // SAFETY: valid by the contract of `new`.
        unsafe { self.0.as_ptr().write(to) };
    }

    fn segments(self) -> impl Iterator<Item = View> {
        std::iter::successors(self.head(), |segment| segment.next())
    }

    /// Copies bytes to a new last segment. Says whether it is the only one; none when there is nothing to copy or no
    /// memory.
    #[must_use]
    pub fn append(self, bytes: &[u8]) -> Option<bool> {
        let size = size_of::<Segment>().checked_add(bytes.len())?;
        let made_by = zalloc::current();
        if bytes.is_empty() {
            return None;
        }
        let block = made_by.alloc(size, REASON)?;
        let segment = View(block.cast());
        let header = Segment {
            next: ptr::null_mut(),
            last: block.as_ptr().cast(),
            len: bytes.len(),
            used: 0,
            made_by,
        };
        // SAFETY: a fresh block with room for it, aligned as the allocator's contract says.
        unsafe { segment.0.write(header) };
        // SAFETY: room for them behind the header; a fresh block overlaps nothing.
        unsafe {
            bytes
                .as_ptr()
                .copy_to_nonoverlapping(segment.byte(0), bytes.len())
        };
        let Some(first) = self.head() else {
            self.set_head(segment.0.as_ptr());
            return Some(true);
        };
        if let Some(last) = View::new(first.last()) {
            last.set_next(segment);
        }
        first.set_last(segment.0.as_ptr());
        Some(false)
    }

    /// Address and number of the bytes left in the first segment; null and 0 when the list is empty.
    #[must_use]
    pub fn front(self) -> (*mut u8, usize) {
        self.head().map_or((ptr::null_mut(), 0), |segment| {
            (segment.byte(segment.used()), segment.left())
        })
    }

    /// Marks bytes of the first segment as used, all that are left at most, and drops it when none is left. Gives
    /// what is left in the segment that is first then.
    pub fn use_front(self, count: usize) -> usize {
        let Some(first) = self.head() else { return 0 };
        if count < first.left() {
            first.set_used(first.used().saturating_add(count));
            return first.left();
        }
        self.drop_first(first);
        self.front().1
    }

    fn drop_first(self, first: View) {
        let next = first.next();
        if let Some(next) = next {
            next.set_last(first.last());
        }
        self.set_head(next.map_or(ptr::null_mut(), |next| next.0.as_ptr()));
        first.free();
    }

    /// The lengths of all segments together.
    #[must_use]
    pub fn total_len(self) -> usize {
        self.segments()
            .fold(0, |sum, segment| sum.saturating_add(segment.len()))
    }

    /// Copies from all segments, starting `offset` bytes from the start, until `room` is full; gives how many.
    ///
    /// # Safety
    /// `to` is valid for writes of `room` bytes, and is no part of the list.
    pub unsafe fn copy_out(self, offset: usize, to: *mut u8, room: usize) -> usize {
        let (mut skip, mut copied) = (offset, 0);
        for segment in self.segments() {
            let start = skip.min(segment.len());
            skip -= start;
            let count = (segment.len() - start).min(room - copied);
            // SAFETY: copied + count <= room.
            let target = unsafe { to.add(copied) };
            // SAFETY: start + count <= the segment's length; no overlap by the contract.
            unsafe { segment.byte(start).copy_to_nonoverlapping(target, count) };
            copied += count;
        }
        copied
    }

    /// Frees all segments.
    pub fn clear(self) {
        while let Some(first) = self.head() {
            self.drop_first(first);
        }
    }

    /// Calls `show` for each segment; false when there is none.
    pub fn describe(self, mut show: impl FnMut(Described)) -> bool {
        for (index, segment) in self.segments().enumerate() {
            show((index, segment.used(), segment.len()));
        }
        self.head().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bench {
        head: *mut *mut Segment,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                head: Box::into_raw(Box::new(ptr::null_mut())),
            }
        }

        fn list(&self) -> Buflist {
            // SAFETY: a leaked box of this thread.
            unsafe { Buflist::new(self.head) }.unwrap()
        }

        fn copy(&self, offset: usize, room: usize) -> Vec<u8> {
            let mut out = vec![0; room];
            // SAFETY: `out` has this room.
            let count = unsafe { self.list().copy_out(offset, out.as_mut_ptr(), room) };
            out.truncate(count);
            out
        }

        fn front(&self) -> Vec<u8> {
            let (at, len) = self.list().front();
            if at.is_null() {
                return vec![];
            }
            // SAFETY: what the list says is left.
            unsafe { std::slice::from_raw_parts(at, len) }.to_vec()
        }
    }

    impl Drop for Bench {
        fn drop(&mut self) {
            self.list().clear();
            // SAFETY: leaked in `new`, freed once.
            drop(unsafe { Box::from_raw(self.head) });
        }
    }

    #[test]
    fn segments_come_out_in_order_and_in_pieces() {
        let bench = Bench::new();
        assert_eq!(bench.list().append(b"hello"), Some(true));
        assert_eq!(bench.list().append(b"wo"), Some(false));
        assert_eq!(bench.list().append(b"rld"), Some(false));
        assert_eq!(bench.front(), b"hello");
        assert_eq!(bench.list().use_front(2), 3);
        assert_eq!(bench.front(), b"llo");
        assert_eq!(bench.list().use_front(3), 2);
        assert_eq!(bench.list().use_front(2), 3);
        assert_eq!(bench.list().use_front(3), 0);
        assert_eq!(bench.front(), b"");
    }

    #[test]
    fn whole_segments_are_counted_and_copied() {
        let bench = Bench::new();
        let _ = bench.list().append(b"hello");
        let _ = bench.list().append(b"world");
        bench.list().use_front(2);
        assert_eq!(bench.list().total_len(), 10);
        assert_eq!(bench.copy(0, 20), b"helloworld");
        assert_eq!(bench.copy(4, 3), b"owo");
        assert_eq!(bench.copy(10, 3), b"");
        assert_eq!(bench.copy(usize::MAX, 3), b"");
        assert_eq!(bench.copy(0, 0), b"");
    }

    #[test]
    fn appending_goes_on_after_first_segments_are_gone() {
        let bench = Bench::new();
        for (add, left) in [(&b"a"[..], 1), (b"bb", 3), (b"ccc", 6)] {
            let _ = bench.list().append(add);
            assert_eq!(bench.list().total_len(), left);
        }
        bench.list().use_front(1);
        bench.list().use_front(2);
        assert_eq!(bench.list().append(b"d"), Some(false));
        assert_eq!(bench.copy(0, 9), b"cccd");
        bench.list().clear();
        assert_eq!(bench.list().append(b"e"), Some(true));
        assert_eq!(bench.copy(0, 9), b"e");
    }

    #[test]
    fn misuse_is_refused_or_clamped() {
        let bench = Bench::new();
        assert_eq!(bench.list().append(b""), None);
        assert_eq!(bench.list().use_front(5), 0);
        let _ = bench.list().append(b"abc");
        let _ = bench.list().append(b"d");
        assert_eq!(bench.list().use_front(0), 3);
        assert_eq!(bench.list().use_front(usize::MAX), 1);
        assert_eq!(bench.front(), b"d");
    }

    #[test]
    fn description_lists_segments() {
        let bench = Bench::new();
        assert!(!bench.list().describe(|_| panic!("nothing to show")));
        let _ = bench.list().append(b"abc");
        let _ = bench.list().append(b"defg");
        bench.list().use_front(1);
        let mut seen = vec![];
        assert!(bench.list().describe(|segment| seen.push(segment)));
        assert_eq!(seen, [(0, 1, 3), (1, 0, 4)]);
    }
}
