//! Deadlines of connections, earliest first.
//!
//! The heap is lazy: a connection keeps its deadline in a cell and moves or clears it for nothing; an entry that
//! comes due earlier than the cell says is pushed again for the later time. So the keep-alive deadline that
//! moves with every request costs no heap work.

use crate::sys::clock::Usec;
use crate::util::ids::Handle;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Which deadline of a connection an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TimerKind {
    /// lws_set_timeout and the library's own timeouts.
    Timeout,
    /// lws_set_timer_usecs.
    User,
    /// Validity: time to ping, or to give up.
    Validity,
}

/// All the kinds, in index order.
pub const KINDS: usize = 3;

impl TimerKind {
    /// Index into per-connection arrays.
    pub fn index(self) -> usize {
        match self {
            Self::Timeout => 0,
            Self::User => 1,
            Self::Validity => 2,
        }
    }

    fn marked(mark: OrderAndKind) -> Self {
        match mark & 3 {
            0 => Self::Timeout,
            1 => Self::User,
            _ => Self::Validity,
        }
    }
}

/// When an entry was added, and in the lowest bits its kind: one word, since every connection has entries.
type OrderAndKind = u64;

/// The heap of one service thread.
#[derive(Default)]
pub struct Timers {
    heap: BinaryHeap<Reverse<(Usec, OrderAndKind, Handle)>>,
    order: u64,
}

impl Timers {
    /// Adds an entry that comes due at `at`. Equal times come due in the order of adding.
    pub fn push(&mut self, at: Usec, handle: Handle, kind: TimerKind) {
        self.order += 1;
        let mark = (self.order << 2) | kind.index() as u64;
        self.heap.push(Reverse((at, mark, handle)));
    }

    /// Takes the earliest entry if it is due.
    pub fn pop_due(&mut self, now: Usec) -> Option<(Usec, Handle, TimerKind)> {
        if self.next()? > now {
            return None;
        }
        self.heap
            .pop()
            .map(|Reverse((at, mark, handle))| (at, handle, TimerKind::marked(mark)))
    }

    /// When the earliest entry comes due.
    pub fn next(&self) -> Option<Usec> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pop_due_gives_earliest_first_and_equal_times_in_order() {
        let mut t = Timers::default();
        let h = |n: usize| Handle::from_addr(n * 16);
        t.push(30, h(1), TimerKind::User);
        t.push(10, h(2), TimerKind::Timeout);
        t.push(30, h(3), TimerKind::Timeout);
        assert_eq!(t.next(), Some(10));
        assert_eq!(t.pop_due(9), None);
        assert_eq!(t.pop_due(30), Some((10, h(2), TimerKind::Timeout)));
        assert_eq!(t.pop_due(30), Some((30, h(1), TimerKind::User)));
        assert_eq!(t.pop_due(30), Some((30, h(3), TimerKind::Timeout)));
        assert_eq!(t.next(), None);
    }
}
