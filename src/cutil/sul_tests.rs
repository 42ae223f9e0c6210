//! Timers: order, moving, and what a callback may do to its own timer.

use super::*;
use std::cell::RefCell;

thread_local! {
    static FIRED: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Records the timer's `latency_us`, which the tests use as its name.
unsafe extern "C" fn record(sul: *mut Sul) {
    // SAFETY: the tests' timers are leaked boxes.
    let name = unsafe { (*sul).latency_us };
    FIRED.with_borrow_mut(|fired| fired.push(name));
}

/// A timer that lives until the process ends, like a C static.
fn timer(name: u32, callback: SulCallback) -> *mut Sul {
    Box::into_raw(Box::new(Sul {
        latency_us: name,
        ..Sul::idle(callback)
    }))
}

fn schedule(owners: &SulOwners, list: usize, sul: *mut Sul, at: i64) {
    // SAFETY: `timer` gives immortal ones, used by this thread alone.
    assert!(unsafe { owners.schedule(list, sul, at) });
}

fn run(owners: &SulOwners, now: i64) -> Vec<u32> {
    while let Some(ripe) = owners.pop_ripe(now) {
        ripe.call();
    }
    FIRED.take()
}

#[test]
fn timers_fire_by_deadline_over_both_lists() {
    let owners = SulOwners::new();
    for (name, list, at) in [(1, 0, 10), (2, 1, 20), (3, 0, 30), (4, 1, 5), (5, 0, 40)] {
        schedule(&owners, list, timer(name, record), at);
    }
    assert_eq!(owners.next_deadline(), Some(5));
    assert_eq!(owners.next_wakeup(), Some(5));
    assert_eq!(run(&owners, 30), [4, 1, 2, 3]);
    assert_eq!(owners.next_deadline(), Some(40));
    assert_eq!(owners.next_wakeup(), None);
}

#[test]
fn latest_scheduled_comes_first_among_equal_deadlines() {
    let owners = SulOwners::new();
    for (name, at) in [(1, 10), (2, 10), (3, 5), (4, 10), (5, 20), (6, 20)] {
        schedule(&owners, 0, timer(name, record), at);
    }
    assert_eq!(run(&owners, 20), [3, 4, 2, 1, 6, 5]);
}

#[test]
fn waking_list_comes_first_among_equal_deadlines() {
    let owners = SulOwners::new();
    for (name, list) in [(1, 1), (2, 0), (3, 1)] {
        schedule(&owners, list, timer(name, record), 7);
    }
    assert_eq!(run(&owners, 7), [3, 1, 2]);
}

#[test]
fn every_insertion_order_is_sorted() {
    let owners = SulOwners::new();
    let mut at = 7i64;
    let mut expected = vec![];
    for name in 0..500u32 {
        at = (at * 1103 + 331) % 1009;
        schedule(&owners, 0, timer(name, record), at);
        expected.push((at, std::cmp::Reverse(name)));
    }
    expected.sort_unstable();
    let names: Vec<u32> = expected.into_iter().map(|(_, name)| name.0).collect();
    assert_eq!(run(&owners, i64::MAX), names);
}

#[test]
fn scheduling_again_moves_and_cancelling_removes() {
    let owners = SulOwners::new();
    let (one, two) = (timer(1, record), timer(2, record));
    schedule(&owners, 0, one, 10);
    schedule(&owners, 0, two, 20);
    schedule(&owners, 1, one, 30);
    assert_eq!(owners.next_wakeup(), Some(30));
    // SAFETY: immortal, this thread.
    unsafe { SulOwners::cancel(two) };
    // SAFETY: as above; a second time is nothing.
    unsafe { SulOwners::cancel(two) };
    assert_eq!(run(&owners, 100), [1]);
}

#[test]
fn callback_may_free_its_timer() {
    unsafe extern "C" fn free(sul: *mut Sul) {
        // SAFETY: made by into_raw in `timer`, not used after.
        let timer = unsafe { Box::from_raw(sul) };
        FIRED.with_borrow_mut(|fired| fired.push(timer.latency_us));
    }
    let owners = SulOwners::new();
    schedule(&owners, 0, timer(1, free), 1);
    schedule(&owners, 0, timer(2, free), 2);
    assert_eq!(run(&owners, 5), [1, 2]);
}

#[test]
fn callback_may_schedule_its_timer_again() {
    thread_local! {
        static OWNERS: SulOwners = SulOwners::new();
    }
    unsafe extern "C" fn again(sul: *mut Sul) {
        let count = FIRED.with_borrow_mut(|fired| {
            fired.push(1);
            fired.len()
        });
        OWNERS.with(|owners| schedule(owners, 0, sul, if count < 3 { 1 } else { 100 }));
    }
    OWNERS.with(|owners| {
        schedule(owners, 0, timer(1, again), 1);
        assert_eq!(run(owners, 10), [1, 1, 1]);
        assert_eq!(owners.next_deadline(), Some(100));
    });
}

#[test]
fn timer_is_detached_when_the_lists_go_away() {
    let sul = timer(1, record);
    let owners = SulOwners::new();
    schedule(&owners, 0, sul, 1);
    drop(owners);
    // SAFETY: immortal, this thread.
    assert!(unsafe { (*sul).list.owner.is_null() });
    // SAFETY: as above; would write to the freed list if it were still attached.
    unsafe { cancel(sul) };
}

#[test]
fn timer_without_callback_or_list_is_refused() {
    let owners = SulOwners::new();
    let sul = timer(1, record);
    // SAFETY: immortal, this thread.
    assert!(!unsafe { owners.schedule(7, sul, 1) });
    // SAFETY: null is allowed.
    assert!(!unsafe { owners.schedule(0, std::ptr::null_mut(), 1) });
    // SAFETY: immortal, this thread.
    unsafe { (*sul).callback = None };
    // SAFETY: as above.
    assert!(!unsafe { owners.schedule(0, sul, 1) });
    assert_eq!(owners.next_deadline(), None);
}
