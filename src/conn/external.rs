//! The callbacks for programs that own their poll() array.
//!
//! Every descriptor is announced and withdrawn on protocols[0] of its vhost. Changes of the wanted events are told only
//! while the library's own loop is not the one that waits: there the wanted events never change.
//! quirk: the reference tells DEL_POLL_FD twice and has the whole mechanism switched off in Debian 12.

use crate::conn::dispatch::call_first;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::RoleKind;
use crate::conn::thread::{ServiceThread, Waiter};
use crate::conn::wsi::Wsi;
use std::os::fd::RawFd;

/// poll()'s bits.
pub const POLLIN: i16 = 1;
/// poll()'s bits.
pub const POLLOUT: i16 = 4;

fn locked(
    thread: &ServiceThread,
    wsi: &Wsi,
    fd: RawFd,
    lock: usize,
    reason: Reason,
    events: i16,
    previous: i16,
) -> bool {
    let bracket = |reason| {
        let payload = Payload::Number {
            value: 0,
            len: lock,
        };
        call_first(thread, wsi, reason, payload)
    };
    bracket(Reason::LOCK_POLL);
    let payload = Payload::Poll {
        fd,
        events,
        previous,
    };
    let refused = call_first(thread, wsi, reason, payload) != 0;
    bracket(Reason::UNLOCK_POLL);
    !refused
}

/// Announces a descriptor. False when the program refuses it.
pub fn announce(thread: &ServiceThread, wsi: &Wsi) -> bool {
    wsi.announced.set(POLLIN);
    locked(thread, wsi, wsi.fd(), 1, Reason::ADD_POLL_FD, POLLIN, 0)
}

/// Withdraws it.
pub fn withdraw(thread: &ServiceThread, wsi: &Wsi) {
    if wsi.fd() >= 0 {
        withdraw_taken(thread, wsi, wsi.fd());
    }
}

/// Withdraws a descriptor that the connection has let go: whatever the program does meanwhile, it is told once.
pub fn withdraw_taken(thread: &ServiceThread, wsi: &Wsi, fd: RawFd) {
    let previous = wsi.announced.replace(0);
    locked(thread, wsi, fd, 1, Reason::DEL_POLL_FD, 0, previous);
}

/// Tells what is wanted now, if it changed and somebody listens.
pub fn update(thread: &ServiceThread, wsi: &Wsi) {
    if thread.waiter.get() == Waiter::Library {
        return;
    }
    let mut events = 0;
    if wsi.takes_rx() || !wsi.is_open() {
        events |= POLLIN;
    }
    let connects = wsi
        .with_connecting(|c| c.awaits_room())
        .unwrap_or(wsi.role_kind() == RoleKind::Runner);
    if wsi.wants_writable.get() || wsi.has_pending_tx() || connects {
        events |= POLLOUT;
    }
    let previous = wsi.announced.get();
    if events == previous || wsi.fd() < 0 || previous == 0 && events == 0 {
        return;
    }
    wsi.announced.set(events);
    locked(
        thread,
        wsi,
        wsi.fd(),
        0,
        Reason::CHANGE_MODE_POLL_FD,
        events,
        previous,
    );
}
