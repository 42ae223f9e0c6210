//! Where the text escapers put their output.
//!
//! A trait and not a closure, because an escape of several bytes is put in one step. Implemented by the bounded output
//! area of the C functions (`cutil::cstr::Room`) and, for tests, by a vector
//! and an [`Area`]. What does not fit is the implementor's matter.

/// Takes bytes.
pub trait Put {
    /// Takes one.
    fn put(&mut self, byte: u8);
    /// Takes several.
    fn put_all<const N: usize>(&mut self, bytes: [u8; N]);
}

/// Says how many bytes it still takes.
pub trait Bounded {
    /// So many.
    fn left(&self) -> usize;
}

impl Put for Vec<u8> {
    fn put(&mut self, byte: u8) {
        self.push(byte);
    }

    fn put_all<const N: usize>(&mut self, bytes: [u8; N]) {
        self.extend(bytes);
    }
}

/// A vector of bounded length.
#[derive(Debug)]
pub struct Area {
    /// What was put.
    pub bytes: Vec<u8>,
    room: usize,
}

impl Area {
    /// Takes so many bytes.
    #[must_use]
    pub fn new(room: usize) -> Self {
        Self {
            bytes: Vec::new(),
            room,
        }
    }
}

impl Bounded for Area {
    fn left(&self) -> usize {
        self.room.saturating_sub(self.bytes.len())
    }
}

impl Put for Area {
    fn put(&mut self, byte: u8) {
        self.put_all([byte]);
    }

    fn put_all<const N: usize>(&mut self, bytes: [u8; N]) {
        let left = self.left();
        self.bytes.extend(bytes.into_iter().take(left));
    }
}
