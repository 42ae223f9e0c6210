//! Interior state that user code may re-enter.
//!
//! The program's callback calls back into the library with the same handle, so the core never holds
//! `&mut` to a connection. State that does not fit a `Cell` sits in a [`StateCell`] and is touched only inside
//! a closure; the closure must not call anything that can dispatch to user code. A wrong path is an
//! immediate panic in the first test that walks it, never aliasing.
//!
//! [`Bound`] carries the state of one service thread between the OS threads that enter it one at a time.
//!

use std::cell::{Cell, RefCell};

/// Where something is in a list, in four bytes; nowhere at first.
pub struct Place(Cell<u32>);

impl Place {
    const NOWHERE: u32 = u32::MAX;

    /// In no list.
    pub const fn nowhere() -> Self {
        Self(Cell::new(Self::NOWHERE))
    }

    /// The position.
    pub fn get(&self) -> Option<usize> {
        let at = self.0.get();
        (at != Self::NOWHERE).then_some(at as usize)
    }

    /// Puts it there; a list that needs more than four bytes does not fit into memory.
    pub fn set(&self, at: usize) {
        self.0.set(u32::try_from(at).unwrap_or(Self::NOWHERE));
    }

    /// Takes it off: where it was.
    pub fn take(&self) -> Option<usize> {
        let at = self.get();
        self.0.set(Self::NOWHERE);
        at
    }
}

/// A value that is borrowed only for the length of a closure.
#[derive(Default)]
pub struct StateCell<T>(RefCell<T>);

impl<T> StateCell<T> {
    /// Wraps `value`.
    pub const fn new(value: T) -> Self {
        Self(RefCell::new(value))
    }

    /// Runs `f` on the value. `f` must not reach user code.
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }

    /// Puts `value` in and gives what was there.
    pub fn replace(&self, value: T) -> T {
        self.0.replace(value)
    }

    /// True when some closure is running on the value: what dispatch asserts against.
    pub fn is_borrowed(&self) -> bool {
        self.0.try_borrow_mut().is_err()
    }
}

impl<T: Default> StateCell<T> {
    /// Takes the value and leaves the default.
    pub fn take(&self) -> T {
        self.0.take()
    }
}

/// State that only whoever holds the surrounding lock may touch, whatever OS thread that is.
pub struct Bound<T>(T);

#[expect(
    unsafe_code,
    reason = "the one place where per-thread state changes hands"
)]
// SAFETY: a Bound is only reachable through the lock of its service thread (conn::registry), every `Rc` inside points
// into the same service thread, and clones of them live no longer than the lock is held by their OS thread. So all
// non-atomic counts and cells are used by one OS thread at a time, with the lock ordering the hand-over.
unsafe impl<T> Send for Bound<T> {}

impl<T> Bound<T> {
    /// Wraps state at its creation, before any other thread can see it.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The state. The caller holds the lock, since it could not have the reference otherwise.
    pub const fn inside(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_when_nested_reports_the_borrow() {
        let cell = StateCell::new(1);
        assert!(!cell.is_borrowed());
        cell.with(|v| {
            *v += 1;
            assert!(cell.is_borrowed());
        });
        assert_eq!(cell.replace(7), 2);
        assert_eq!(cell.take(), 7);
    }
}
