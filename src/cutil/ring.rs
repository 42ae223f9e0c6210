//! The ring buffer of equal elements (lws: ring): one head, any number of tails kept by the program.
//!
//! Tails are byte offsets that the program stores; they are checked at each use, so a stale one reads nothing. The
//! oldest tail is the ring's own: what lies before it is handed to the program's destructor and becomes free. A ring
//! holds one element less than it has slots. Everything is in cells, because the destructor may call back in.
//!
//! Memory comes from the replaceable allocator. Called by `capi::ring`.

use super::zalloc::{self, Allocator};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{self, NonNull};

/// A program's function for elements that nobody will read any more.
pub type Destructor = Option<unsafe extern "C" fn(*mut c_void)>;

/// The ring. Lives in memory of the replaceable allocator from `create` to `destroy`.
pub struct Ring {
    area: NonNull<u8>,
    made_by: Allocator,
    destructor: Destructor,
    /// Bytes of the area: slots times element size, not 0.
    size: u32,
    element: u32,
    head: Cell<u32>,
    oldest: Cell<u32>,
}

/// Makes a ring of `count` slots; null for sizes of 0 or over 32 bits and when there is no memory.
#[must_use]
pub fn create(element: usize, count: usize, destructor: Destructor) -> *mut Ring {
    let size = element
        .checked_mul(count)
        .and_then(|n| u32::try_from(n).ok())
        .filter(|n| *n > 0);
    let (Some(size), Ok(element)) = (size, u32::try_from(element)) else {
        return ptr::null_mut();
    };
    let made_by = zalloc::current();
    let Some(ring) = made_by.alloc(size_of::<Ring>(), c"ring create") else {
        return ptr::null_mut();
    };
    // Zeroed: elements may be handed out (odd tails) before anything was put there.
    let Some(area) = made_by.alloc_zeroed(size as usize, c"ring buf") else {
        // SAFETY: made above, used by nobody.
        unsafe { made_by.free(ring) };
        return ptr::null_mut();
    };
    let value = Ring {
        area,
        made_by,
        destructor,
        size,
        element,
        head: Cell::new(0),
        oldest: Cell::new(0),
    };
    let ring = ring.as_ptr().cast::<Ring>();
    // SAFETY: the allocator gives areas for any type, this one has the size.
    unsafe { ring.write(value) };
    ring
}

/// Hands all waiting elements to the destructor and frees the ring.
///
/// # Safety
/// `ring` is null or came from `create`, and nobody uses it again.
pub unsafe fn destroy(ring: *mut Ring) {
    let Some(place) = NonNull::new(ring) else {
        return;
    };
    let (area, made_by) = {
        // SAFETY: alive by contract.
        let r = unsafe { place.as_ref() };
        r.retire_to(r.head.get());
        (r.area, r.made_by)
    };
    // SAFETY: from `create`.
    unsafe { made_by.free(area) };
    // SAFETY: from `create`.
    unsafe { made_by.free(place.cast()) };
}

impl Ring {
    /// Elements that can be inserted.
    #[must_use]
    pub fn free(&self) -> usize {
        let (head, oldest) = (self.head.get(), self.oldest.get());
        let gap = if head < oldest {
            oldest - head
        } else {
            self.size - head + oldest
        };
        let bytes = gap.saturating_sub(self.element);
        // quirk: with one-byte elements the last free one is not offered
        if bytes < 2 {
            0
        } else {
            (bytes / self.element) as usize
        }
    }

    fn waiting_bytes(&self, tail: u32) -> u32 {
        let head = self.head.get();
        if tail >= self.size {
            0
        } else if head >= tail {
            head - tail
        } else {
            self.size - tail + head
        }
    }

    /// Elements between a tail (none: the oldest) and the head.
    #[must_use]
    pub fn waiting(&self, tail: Option<u32>) -> usize {
        (self.waiting_bytes(tail.unwrap_or(self.oldest.get())) / self.element) as usize
    }

    /// The oldest tail.
    #[must_use]
    pub fn oldest(&self) -> u32 {
        self.oldest.get()
    }

    /// Bytes of the area, of an element, and where the head is.
    #[must_use]
    pub fn dimensions(&self) -> (u32, u32, u32) {
        (self.size, self.element, self.head.get())
    }

    /// Copies up to `max` elements in; returns how many.
    ///
    /// # Safety
    /// `max` elements can be read from `from`, or it is null.
    #[inline]
    pub unsafe fn insert(&self, from: *const u8, max: usize) -> usize {
        let count = max.min(self.free());
        if count == 0 || from.is_null() {
            return 0;
        }
        let bytes = count * self.element as usize;
        let head = self.head.get() as usize;
        let first = bytes.min(self.size as usize - head);
        // SAFETY: `first` bytes follow the head in the area, and are readable by contract; the areas may overlap.
        unsafe { ptr::copy(from, self.at(head), first) };
        if first < bytes {
            // SAFETY: the rest fits before the head, at the area's beginning.
            unsafe { ptr::copy(from.wrapping_add(first), self.at(0), bytes - first) };
        }
        self.head.set(self.wrapped(head + bytes));
        count
    }

    /// Takes up to `max` elements from a tail's point of view: copies them to `to` if that is not null. Returns how
    /// many, and where the tail is then. Without a tail the oldest is taken and moved, and the destructor runs.
    ///
    /// # Safety
    /// `max` elements can be written to `to`, or it is null.
    #[inline]
    pub unsafe fn consume(&self, tail: Option<u32>, to: *mut u8, max: usize) -> (usize, u32) {
        let from = tail.unwrap_or(self.oldest.get());
        let count = max.min(self.waiting(Some(from)));
        if count == 0 {
            return (0, from);
        }
        let bytes = count * self.element as usize;
        let first = bytes.min((self.size - from) as usize);
        if !to.is_null() {
            // SAFETY: `first` bytes follow the tail in the area, and are writable by contract.
            unsafe { ptr::copy(self.at(from as usize), to, first) };
            if first < bytes {
                // SAFETY: the rest is at the area's beginning, before the head.
                unsafe { ptr::copy(self.at(0), to.wrapping_add(first), bytes - first) };
            }
        }
        let next = self.wrapped(from as usize + bytes);
        if tail.is_none() {
            self.retire_to(next);
        }
        (count, next)
    }

    /// Where the next element of a tail lies; null when none is waiting.
    #[must_use]
    pub fn element(&self, tail: Option<u32>) -> *const u8 {
        let at = tail.unwrap_or(self.oldest.get());
        if self.waiting(Some(at)) == 0 || self.size - at < self.element {
            return ptr::null();
        }
        self.at(at as usize)
    }

    /// Moves the oldest tail to `tail`, destructing the elements between. A tail outside of the ring changes nothing.
    pub fn retire_to(&self, tail: u32) {
        if tail >= self.size {
            return;
        }
        if let Some(destructor) = self.destructor {
            self.destruct_to(tail, destructor);
        }
        self.oldest.set(tail);
    }

    /// Destructs the elements before `tail`, which is inside of the area.
    fn destruct_to(&self, tail: u32, destructor: unsafe extern "C" fn(*mut c_void)) {
        let mut at = self.oldest.get();
        let gap = if tail >= at {
            tail - at
        } else {
            self.size - at + tail
        };
        for _ in 0..gap / self.element {
            if self.size - at >= self.element {
                // SAFETY: an element inside the area; the program's function for it.
                unsafe { destructor(self.at(at as usize).cast()) };
            }
            at = self.wrapped(at as usize + self.element as usize);
            self.oldest.set(at);
        }
    }

    /// Where bytes can be put directly, and how many; none when the ring is full.
    #[must_use]
    pub fn linear_room(&self) -> Option<(*mut u8, usize)> {
        let bytes = self.free() * self.element as usize;
        let head = self.head.get();
        let run = bytes.min((self.size - head) as usize);
        (run > 0).then(|| (self.at(head as usize), run))
    }

    /// Moves the head after bytes were put directly.
    pub fn advance_head(&self, bytes: usize) {
        let step = bytes % self.size as usize;
        self.head.set(self.wrapped(self.head.get() as usize + step));
    }

    fn at(&self, offset: usize) -> *mut u8 {
        self.area.as_ptr().wrapping_add(offset)
    }

    /// `at`, which is below twice the size, inside of the area.
    fn wrapped(&self, at: usize) -> u32 {
        let size = self.size as usize;
        u32::try_from(if at >= size { at - size } else { at }).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    thread_local! {
        static GONE: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    }

    unsafe extern "C" fn gone(element: *mut c_void) {
        // SAFETY: the tests' elements are 32-bit numbers.
        let value = unsafe { element.cast::<u32>().read_unaligned() };
        GONE.with_borrow_mut(|g| g.push(value));
    }

    struct Owned(*mut Ring);

    impl Drop for Owned {
        fn drop(&mut self) {
            // SAFETY: made by `ring`, destroyed once.
            unsafe { destroy(self.0) };
        }
    }

    impl std::ops::Deref for Owned {
        type Target = Ring;
        fn deref(&self) -> &Ring {
            // SAFETY: alive until drop.
            unsafe { &*self.0 }
        }
    }

    fn ring(slots: usize) -> Owned {
        GONE.take();
        Owned(create(4, slots, Some(gone)))
    }

    fn put(r: &Ring, values: &[u32]) -> usize {
        // SAFETY: the slice is readable.
        unsafe { r.insert(values.as_ptr().cast(), values.len()) }
    }

    fn take(r: &Ring, tail: Option<u32>, max: usize) -> (Vec<u32>, u32) {
        let mut out = vec![0u32; max];
        // SAFETY: the buffer has room for `max` elements.
        let (n, next) = unsafe { r.consume(tail, out.as_mut_ptr().cast(), max) };
        out.truncate(n);
        (out, next)
    }

    #[test]
    fn elements_come_out_in_order_over_the_wrap() {
        let r = ring(4);
        assert_eq!(put(&r, &[1, 2, 3, 4]), 3);
        assert_eq!(take(&r, None, 2).0, [1, 2]);
        assert_eq!(put(&r, &[5, 6, 7]), 2);
        assert_eq!(take(&r, None, 9).0, [3, 5, 6]);
        assert_eq!(GONE.take(), [1, 2, 3, 5, 6]);
    }

    #[test]
    fn tails_are_independent_until_the_oldest_moves() {
        let r = ring(8);
        put(&r, &[1, 2, 3]);
        let (seen, a) = take(&r, Some(0), 3);
        assert_eq!(seen, [1, 2, 3]);
        assert_eq!(
            (r.free(), r.waiting(Some(a)), r.waiting(Some(0))),
            (4, 0, 3)
        );
        r.retire_to(a);
        assert_eq!((r.free(), GONE.take()), (7, vec![1, 2, 3]));
    }

    #[test]
    fn destroy_destructs_what_is_left() {
        let r = ring(4);
        put(&r, &[7, 8]);
        drop(r);
        assert_eq!(GONE.take(), [7, 8]);
    }

    #[test]
    fn tails_from_nowhere_read_nothing() {
        let r = ring(4);
        put(&r, &[1, 2, 3]);
        assert_eq!(r.waiting(Some(16)), 0);
        assert!(r.element(Some(999_999)).is_null());
        assert!(r.element(Some(15)).is_null());
        r.retire_to(4000);
        assert_eq!(r.oldest(), 0);
        r.retire_to(6);
        assert_eq!(GONE.take(), [1]);
    }

    #[test]
    fn direct_room_ends_at_the_wrap() {
        let r = ring(4);
        r.advance_head(8);
        assert_eq!(r.linear_room().map(|(_, n)| n), Some(4));
        r.advance_head(4);
        assert_eq!(r.linear_room(), None);
        r.retire_to(12);
        assert_eq!(r.linear_room().map(|(_, n)| n), Some(4));
    }

    #[test]
    fn impossible_sizes_are_refused() {
        for (element, count) in [(0, 4), (4, 0), (1 << 40, 1 << 40), (1, 1 << 33)] {
            assert!(create(element, count, None).is_null());
        }
    }
}
