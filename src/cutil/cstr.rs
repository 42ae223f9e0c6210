//! C strings of the program, read and written a byte at a time.
//!
//! The text functions of the public API take pointers whose areas may be unterminated, uninitialised (outputs) or the
//! same area twice (decoding in place). So no slice of them is made: `Text` and `Bytes` read through a plain pointer and
//! stop at the NUL, `Bytes` also at a given length; `Room` writes through one and drops what does not fit. The cores
//! in `util` and `proto` see only `Iterator<Item = u8>` and `Put` or `FnMut`.
//!
//! Called by the text functions in `capi`. It allocates nothing and knows no format.

use crate::util::put::{Bounded, Put};
use std::ffi::c_char;

/// The bytes of a string up to its NUL or its given length, whichever comes first.
#[derive(Clone, Debug)]
pub struct Bytes {
    at: *const u8,
    left: usize,
}

impl Bytes {
    /// The bytes before the NUL, at most `len`.
    ///
    /// # Safety
    /// A NUL follows or `len` bytes are readable, and nobody writes to bytes not yet read; with `len` 0 any pointer will
    /// do.
    #[must_use]
    pub unsafe fn bounded(text: *const c_char, len: usize) -> Self {
        Self {
            at: text.cast(),
            left: len,
        }
    }
}

impl Iterator for Bytes {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        if self.left == 0 {
            return None;
        }
        // SAFETY: `left` is not 0 and no NUL was passed: the maker said that this byte is readable.
        let byte = unsafe { *self.at };
        if byte == 0 {
            return None;
        }
        self.left -= 1;
        self.at = self.at.wrapping_add(1);
        Some(byte)
    }
}

/// The bytes of a string up to its NUL.
#[derive(Clone, Debug)]
pub struct Text(*const u8);

impl Text {
    /// The bytes before the NUL; null is taken as empty.
    ///
    /// # Safety
    /// `text` is null or a NUL follows at the end of readable memory; nobody writes to bytes not yet read.
    #[must_use]
    pub unsafe fn new(text: *const c_char) -> Self {
        if text.is_null() {
            return Self(c"".as_ptr().cast());
        }
        Self(text.cast())
    }

    /// The byte under the pointer, 0 at the end.
    #[inline]
    fn here(&self) -> u8 {
        // SAFETY: no NUL was passed: the maker said that this byte is readable.
        unsafe { *self.0 }
    }

    /// Nothing is left.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.here() == 0
    }
}

impl Iterator for Text {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.here();
        if byte == 0 {
            return None;
        }
        self.0 = self.0.wrapping_add(1);
        Some(byte)
    }
}

/// An output area: bytes are put one after the other, those that do not fit are dropped.
#[derive(Debug)]
pub struct Room {
    at: *mut u8,
    left: usize,
}

impl Room {
    /// An area of `len` bytes.
    ///
    /// # Safety
    /// `len` bytes from `out` are writable; with `len` 0 any pointer will do.
    #[must_use]
    pub unsafe fn new(out: *mut c_char, len: usize) -> Self {
        Self {
            at: out.cast(),
            left: len,
        }
    }

    /// How many more bytes fit.
    #[must_use]
    pub fn left(&self) -> usize {
        self.left
    }

    /// Where the next byte will go.
    #[must_use]
    pub fn position(&self) -> *mut u8 {
        self.at
    }
}

impl Bounded for Room {
    #[inline]
    fn left(&self) -> usize {
        self.left
    }
}

impl Put for Room {
    /// Writes a byte if there is room.
    #[inline]
    fn put(&mut self, byte: u8) {
        self.put_all([byte]);
    }

    /// Writes bytes if there is room for all of them, else as many as fit.
    #[inline]
    fn put_all<const N: usize>(&mut self, bytes: [u8; N]) {
        if self.left < N {
            if N > 1 {
                bytes.into_iter().for_each(|b| self.put(b));
            }
            return;
        }
        // SAFETY: `left` is not less than `N`: the maker said that these bytes are writable.
        unsafe { self.at.cast::<[u8; N]>().write_unaligned(bytes) };
        self.at = self.at.wrapping_add(N);
        self.left -= N;
    }
}

/// A negative or zero `int` length as no room at all.
#[must_use]
pub fn room_len(len: i32) -> usize {
    usize::try_from(len).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stop_at_nul_and_stay_there() {
        // SAFETY: a NUL-terminated constant.
        let mut b = unsafe { Text::new(c"ab".as_ptr()) };
        assert_eq!(
            (b.next(), b.next(), b.next(), b.next()),
            (Some(b'a'), Some(b'b'), None, None)
        );
    }

    #[test]
    fn bounded_bytes_need_no_nul() {
        let text = *b"abc";
        // SAFETY: three bytes are readable.
        let b = unsafe { Bytes::bounded(text.as_ptr().cast(), 3) };
        assert_eq!(b.collect::<Vec<_>>(), b"abc");
    }

    #[test]
    fn room_drops_what_does_not_fit() {
        let mut area = [b'#'; 4];
        // SAFETY: two of the four bytes are given away.
        let mut room = unsafe { Room::new(area.as_mut_ptr().cast(), 2) };
        for b in b"xyz" {
            room.put(*b);
        }
        assert_eq!(room.left(), 0);
        assert_eq!(&area, b"xy##");
        // SAFETY: three of the four bytes are given away.
        let mut room = unsafe { Room::new(area.as_mut_ptr().cast(), 3) };
        room.put_all(*b"ab");
        room.put_all(*b"cd");
        assert_eq!(&area, b"abc#");
    }
}
