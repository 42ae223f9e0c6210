//! Chains: where uses land, what is freed when, what is found again.

use super::*;

struct Owned(*mut Chunk);

impl Owned {
    fn cut(&mut self, len: usize, chunk: usize, search: Search) -> *mut u8 {
        // SAFETY: null or a living chain.
        unsafe { use_bytes(&raw mut self.0, len, chunk, search) }.cast()
    }

    fn chain(&self) -> Chain {
        // SAFETY: alive until drop.
        unsafe { Chain::new(self.0) }.expect("used before")
    }

    fn put(&mut self, text: &[u8]) -> *mut u8 {
        let p = self.cut(text.len(), 0, Search::Last);
        // SAFETY: that many bytes were cut off.
        unsafe { p.copy_from(text.as_ptr(), text.len()) };
        p
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: alive until here.
        if let Some(c) = unsafe { Chain::new(self.0) } {
            // SAFETY: nobody uses it again.
            unsafe { c.free() };
        }
    }
}

#[test]
fn uses_are_cut_in_steps_of_eight() {
    let mut a = Owned(ptr::null_mut());
    let p = a.cut(1, 0, Search::Last);
    let q = a.cut(9, 0, Search::Last);
    assert_eq!(p as usize - a.0 as usize, 64);
    assert_eq!(q as usize - p as usize, 8);
    assert_eq!(
        (a.chain().total(), a.chain().overhead()),
        (4064, 4064 - 88 + 32)
    );
}

#[test]
fn large_uses_get_chunks_of_their_own_and_backfill_finds_gaps() {
    let mut a = Owned(ptr::null_mut());
    a.cut(3000, 0, Search::Last);
    a.cut(5000, 0, Search::Last);
    assert_eq!(a.chain().count(), 2);
    let p = a.cut(500, 0, Search::All);
    assert_eq!(p as usize - a.0 as usize, 3064);
    a.cut(500, 0, Search::Last);
    assert_eq!(a.chain().count(), 3);
}

#[test]
fn impossible_sizes_give_null() {
    let mut a = Owned(ptr::null_mut());
    for len in [usize::MAX, usize::MAX - 100, 1 << 62] {
        assert!(a.cut(len, 0, Search::Last).is_null());
    }
    assert!(a.cut(8, usize::MAX - 8, Search::Last).is_null());
    assert!(a.0.is_null());
}

#[test]
fn extension_stays_in_the_chunk() {
    let mut a = Owned(ptr::null_mut());
    let p = a.cut(100, 0, Search::Last);
    assert!(a.chain().extend(10));
    // SAFETY: the extended bytes.
    assert_eq!(unsafe { p.wrapping_add(104).read() }, 0);
    assert!(!a.chain().extend(4000) && !a.chain().extend(usize::MAX));
    assert!(a.chain().extend(3880) && !a.chain().extend(1));
}

#[test]
fn readers_delay_the_end() {
    let mut a = Owned(ptr::null_mut());
    a.cut(8, 0, Search::Last);
    let c = a.chain();
    c.reference();
    assert!(!c.unreference(), "not detached");
    c.reference();
    assert!(!c.detach());
    assert!(c.unreference(), "the last reader");
}

#[test]
fn blobs_are_found_in_used_parts_only() {
    let mut a = Owned(ptr::null_mut());
    let p = a.put(b"hello\0");
    let q = a.put(b"help!\0");
    // SAFETY: the needles are readable.
    let find = |text: &[u8], nul| unsafe { a.chain().find(text.as_ptr(), text.len(), nul) };
    assert_eq!(find(b"help!", true), q);
    assert_eq!(find(b"hel", false), p);
    assert!(find(b"hel", true).is_null());
    assert_eq!(find(b"lo", true), p.wrapping_add(3));
}
