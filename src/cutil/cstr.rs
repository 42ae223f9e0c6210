//! C strings of the program, read and written a byte at a time.
//!
//! The text functions of the public API take pointers whose areas may be unterminated, uninitialised (outputs) or the
//! same area twice (decoding in place). So no slice of them is made: `Bytes` reads through a plain pointer and stops at
//! the NUL or at a given length, `Room` writes through one and drops what does not fit. The cores in `util` and `proto`
//! see only `Iterator<Item = u8>` and `FnMut(u8)`.
//!
//! Called by the text functions in `capi`. It allocates nothing and knows no format.

use std::ffi::c_char;

/// The bytes of a string up to its NUL or its given length, whichever comes first.
#[derive(Clone, Debug)]
pub struct Bytes {
    at: *const u8,
    left: usize,
}

impl Bytes {
    /// The bytes before the NUL.
    ///
    /// # Safety
    /// `text` is not null and a NUL follows at the end of readable memory; nobody writes to bytes not yet read.
    #[must_use]
    pub unsafe fn new(text: *const c_char) -> Self {
        Self {
            at: text.cast(),
            left: usize::MAX,
        }
    }

    /// The bytes before the NUL, at most `len`.
    ///
    /// # Safety
    /// As `new`, or `len` bytes are readable; with `len` 0 any pointer will do.
    #[must_use]
    pub unsafe fn bounded(text: *const c_char, len: usize) -> Self {
        Self {
            at: text.cast(),
            left: len,
        }
    }

    /// Where the next byte lies.
    #[must_use]
    pub fn position(&self) -> *const u8 {
        self.at
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

    /// Writes a byte if there is room.
    #[inline]
    pub fn put(&mut self, byte: u8) {
        if self.left > 0 {
            // SAFETY: `left` is not 0: the maker said that this byte is writable.
            unsafe { self.at.write(byte) };
            self.at = self.at.wrapping_add(1);
            self.left -= 1;
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
        let mut b = unsafe { Bytes::new(c"ab".as_ptr()) };
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
    }
}
