//! Timers in memory of the C program (lws: sul), on lists sorted by deadline.
//!
//! `SulOwners` is what a service thread holds: one list for timers that a suspended system may miss and one for those
//! that should wake it. A timer is detached before it is returned as ripe, so its callback may schedule it again or
//! free it. Times are microseconds of the monotonic clock, given by the caller: no clock is read here.
//!
//! Among equal deadlines the latest scheduled comes first, and list 1 before list 0, as in the reference. Insertion
//! starts from the nearer end, because most deadlines are later than all others.
//! Called by the core's service pass, by `capi` for `lws_sul_*`, and with lists of the program by `capi::sul_link`.

use super::dll2::{Item, List, Node, Owner};
use super::place::Place;

/// Index of the list whose timers may be missed while the system is suspended.
pub const MISS_IF_SUSPENDED: usize = 0;
/// Index of the list whose timers should wake the system.
pub const WAKE_IF_SUSPENDED: usize = 1;
/// How many lists a service thread has.
pub const LISTS: usize = 2;

/// The program's callback. It gets the timer it belongs to.
pub type SulCallback = unsafe extern "C" fn(sul: *mut Sul);

/// A timer as C declares it; the list member comes first.
#[repr(C)]
pub struct Sul {
    /// Its place on a list.
    pub list: Node,
    /// The deadline; 0 when it is not scheduled.
    pub us: i64,
    /// What to call.
    pub callback: Option<SulCallback>,
    /// By how much the program allows a delay. Not used.
    pub latency_us: u32,
}

impl Sul {
    /// A timer that is not scheduled.
    #[must_use]
    pub const fn idle(callback: SulCallback) -> Self {
        Self {
            list: Node::detached(),
            us: 0,
            callback: Some(callback),
            latency_us: 0,
        }
    }
}

/// A timer whose deadline is over, taken off its list. Call it before any other code of the program runs.
#[derive(Debug)]
#[must_use = "a ripe timer is off its list: it fires only when called"]
pub struct Ripe {
    sul: *mut Sul,
    callback: SulCallback,
}

impl Ripe {
    /// The program's timer.
    #[must_use]
    pub fn as_ptr(&self) -> *mut Sul {
        self.sul
    }

    /// Runs the program's callback.
    pub fn call(self) {
        // SAFETY: whoever scheduled it promised that timer and callback stay good until it fired.
        unsafe { (self.callback)(self.sul) }
    }
}

/// The timer lists of one service thread.
pub struct SulOwners {
    lists: [Place<Owner>; LISTS], // timers point to them
}

// SAFETY: the lists are reached only through this value and through `cancel`, whose callers are on the thread that
// may use this value.
unsafe impl Send for SulOwners {}

impl Default for SulOwners {
    fn default() -> Self {
        Self::new()
    }
}

impl SulOwners {
    /// Two empty lists.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lists: std::array::from_fn(|_| Place::new(Owner::empty())),
        }
    }

    fn list(&self, index: usize) -> Option<List> {
        let owner = self.lists.get(index)?.as_ptr();
        // SAFETY: our own list; its nodes are valid until fired or cancelled by the contract of `schedule`.
        unsafe { List::new(owner) }
    }

    /// Schedules a timer for `at_us`, moving it when it is scheduled already. False: null, no callback, or no such
    /// list; nothing is scheduled then.
    ///
    /// # Safety
    /// `sul` is null or valid, zeroed or initialised; it stays valid, unmoved and only changed by this module until
    /// it fired or was cancelled; its callback may be called with it at any service pass. All this on the threads
    /// that may use this value, one at a time.
    pub unsafe fn schedule(&self, list: usize, sul: *mut Sul, at_us: i64) -> bool {
        let Some(list) = self.list(list) else {
            return false;
        };
        // SAFETY: the list member is first, so this is a node; valid by the contract.
        let item = unsafe { Item::new(sul.cast()) };
        if item.and_then(callback_of).is_none() {
            return false; // and what was scheduled stays as it is
        }
        // SAFETY: not null, so valid by the contract.
        unsafe { (*sul).us = at_us };
        // SAFETY: our contract is the one of `insert`.
        unsafe { insert(list, sul) }
    }

    /// Takes a timer off whatever list it is on.
    ///
    /// # Safety
    /// As for [`cancel`].
    pub unsafe fn cancel(sul: *mut Sul) {
        // SAFETY: same contract.
        unsafe { cancel(sul) }
    }

    /// The next timer with a deadline at or before `now_us`, detached.
    pub fn pop_ripe(&self, now_us: i64) -> Option<Ripe> {
        let lists = [self.list(MISS_IF_SUSPENDED), self.list(WAKE_IF_SUSPENDED)];
        pop_ripe(lists.into_iter().flatten(), now_us)
    }

    /// The earliest deadline of both lists.
    #[must_use]
    pub fn next_deadline(&self) -> Option<i64> {
        let first = |list| self.list(list).and_then(List::head).map(us_of);
        match (first(MISS_IF_SUSPENDED), first(WAKE_IF_SUSPENDED)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// The earliest deadline that should wake a suspended system.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<i64> {
        self.list(WAKE_IF_SUSPENDED)?.head().map(us_of)
    }
}

impl Drop for SulOwners {
    fn drop(&mut self) {
        // A later lws_sul_cancel must not find our address in a timer.
        for index in 0..LISTS {
            if let Some(list) = self.list(index) {
                list.detach_all();
            }
        }
    }
}

/// Takes a timer off whatever list it is on; nothing when it is not scheduled, or null.
///
/// # Safety
/// `sul` is null or a valid timer, zeroed or initialised; its list, if any, is used by no other thread meanwhile.
pub unsafe fn cancel(sul: *mut Sul) {
    // SAFETY: the list member is first, so this is a node; valid by the contract.
    let Some(item) = (unsafe { Item::new(sul.cast()) }) else {
        return;
    };
    item.remove();
    // SAFETY: not null, else Item::new had said so.
    unsafe { (*sul).us = 0 };
}

/// Puts a timer on a list by the deadline it carries, moving it when it is on one. False when it has no callback.
///
/// # Safety
/// As for [`SulOwners::schedule`]; the nodes of `list` are all timers.
pub unsafe fn insert(list: List, sul: *mut Sul) -> bool {
    // SAFETY: the list member is first, so this is a node; valid by the contract.
    let Some(item) = (unsafe { Item::new(sul.cast()) }) else {
        return false;
    };
    if callback_of(item).is_none() {
        return false;
    }
    item.remove();
    let at = us_of(item);
    match first_at_or_after(list, at) {
        Some(later) => item.insert_before(later),
        None => list.push_tail(item),
    }
    true
}

/// Takes the earliest timer off these lists, if its deadline is at or before `now_us`.
pub fn pop_ripe(lists: impl Iterator<Item = List>, now_us: i64) -> Option<Ripe> {
    let item = earliest(lists).filter(|item| us_of(*item) <= now_us)?;
    let sul: *mut Sul = item.as_ptr().cast();
    let callback = callback_of(item);
    item.remove();
    // SAFETY: a scheduled timer is valid by the contract it was scheduled under.
    unsafe { (*sul).us = 0 };
    Some(Ripe {
        sul,
        callback: callback.unwrap_or(ignore),
    })
}

/// The earliest deadline on these lists.
pub fn next_deadline(lists: impl Iterator<Item = List>) -> Option<i64> {
    earliest(lists).map(us_of)
}

/// Stands in for a callback that the program took out of a scheduled timer.
unsafe extern "C" fn ignore(_: *mut Sul) {}

fn earliest(lists: impl Iterator<Item = List>) -> Option<Item> {
    // The last list wins a tie.
    lists.filter_map(List::head).reduce(|best, item| {
        if us_of(item) <= us_of(best) {
            item
        } else {
            best
        }
    })
}

/// The first node, from the head, whose deadline is not before `at`.
fn first_at_or_after(list: List, at: i64) -> Option<Item> {
    let (head, tail) = (list.head()?, list.tail()?);
    let nearer_to_head = at.saturating_sub(us_of(head)) < us_of(tail).saturating_sub(at);
    if nearer_to_head {
        let mut here = Some(head);
        while let Some(item) = here.filter(|item| us_of(*item) < at) {
            here = item.next();
        }
        return here;
    }
    let mut found = None;
    let mut here = Some(tail);
    while let Some(item) = here.filter(|item| us_of(*item) >= at) {
        found = here;
        here = item.prev();
    }
    found
}

fn us_of(item: Item) -> i64 {
    let sul: *mut Sul = item.as_ptr().cast();
    // SAFETY: nodes of a timer list are the first members of valid timers, by the contract of `insert`.
    unsafe { (*sul).us }
}

fn callback_of(item: Item) -> Option<SulCallback> {
    let sul: *mut Sul = item.as_ptr().cast();
    // SAFETY: as for `us_of`.
    unsafe { (*sul).callback }
}

#[cfg(test)]
#[path = "sul_tests.rs"]
mod tests;
