//! A text of limited length that lives in its owner and is a C string as it stands.
//!
//! For records that lie in the program's memory and are freed without being dropped. What does not fit is not taken.

use std::ffi::{CStr, c_char};

/// Up to `N - 1` bytes and a NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortText<const N: usize> {
    bytes: [u8; N], // zero from `len` on
    len: usize,
}

impl<const N: usize> Default for ShortText<N> {
    fn default() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }
}

impl<const N: usize> ShortText<N> {
    /// The text.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The text for C: it ends at the first NUL in it.
    #[must_use]
    pub fn as_c(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }

    /// The address of the text for C.
    #[must_use]
    pub fn as_ptr(&self) -> *const c_char {
        self.bytes.as_ptr().cast()
    }

    /// Is nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a byte; false: it is full.
    pub fn push(&mut self, byte: u8) -> bool {
        let behind = self.len.saturating_add(1);
        if behind >= N {
            return false;
        }
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
        }
        self.len = behind;
        true
    }

    /// Replaces the text by as much of another as fits.
    pub fn set(&mut self, text: impl IntoIterator<Item = u8>) {
        self.clear();
        for byte in text {
            if !self.push(byte) {
                return;
            }
        }
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.bytes = [0; N];
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn push_leaves_room_for_the_nul() {
        let mut text = ShortText::<4>::default();
        assert!(text.push(b'a') && text.push(b'b') && text.push(b'c'));
        assert!(!text.push(b'd'));
        assert_eq!((text.as_bytes(), text.as_c()), (&b"abc"[..], c"abc"));
    }

    #[test]
    fn set_takes_what_fits() {
        let mut text = ShortText::<4>::default();
        text.set(*b"abcdef");
        assert_eq!(text.as_c(), c"abc");
        text.set([]);
        assert!(text.is_empty() && text.as_c().is_empty());
    }
}
