//! Accepting: what waits at a listener becomes a connection of some service thread.
//!
//! A new connection goes to the thread with the fewest, among those that some OS thread has entered at least once: a
//! program that never services a thread loses nothing. Called by `conn::service`; [`crate::conn::listen`] opens what is
//! accepted from here.

use crate::conn::adopt::Ties;
use crate::conn::config::{AcceptProtocol, option};
use crate::conn::dispatch::{call_first, tell};
use crate::conn::external;
use crate::conn::listen::first_vhost;
use crate::conn::mailbox::Message;
use crate::conn::peers::Seat;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Role, http};
use crate::conn::thread::ServiceThread;
use crate::conn::tls::handshake;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, close};
use crate::sys::clock::{SEC, Usec};
use crate::sys::sock::{self, Accepted, Peer};
use crate::util::cell::StateCell;
use crate::util::log::log_warn;
use std::cell::Cell;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Connections accepted in one go, before others get their turn.
const ACCEPTS: usize = 64;
/// How often a listener that ran out of descriptors looks whether there are some.
const RETRY: Usec = SEC / 2;
/// How often that is said.
const SAY_AGAIN: Usec = 10 * SEC;

/// Listeners that cannot accept for want of descriptors.
#[derive(Default)]
pub struct Starving {
    listeners: StateCell<Vec<Rc<Wsi>>>,
    retry_at: Cell<Usec>,
    /// It was no descriptor but a TLS session that there was none of.
    pub for_session: Cell<bool>,
    /// When it was last logged; 0: never.
    said_at: Cell<Usec>,
}

/// Accepts what waits.
pub fn accept_all(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    for _ in 0..ACCEPTS {
        if !wsi.is_open() || thread.is_ending() {
            return;
        }
        if is_full(thread) {
            return starve(thread, wsi, "the connection limit is reached");
        }
        if waits_for_session(thread, wsi) {
            return starve(thread, wsi, "simultaneous_ssl_restriction is reached");
        }
        match wsi.with_fd(sock::accept) {
            Some(Accepted::Connection(fd, peer)) => take_in(thread, wsi, fd, peer),
            Some(Accepted::Vanished) => {}
            Some(Accepted::Exhausted) => {
                return starve(
                    thread,
                    wsi,
                    "the process is out of descriptors (raise ulimit -n)",
                );
            }
            Some(Accepted::Nobody) | None => {
                wsi.readable.set(false);
                return;
            }
        }
    }
    thread.queue(wsi);
}

fn is_full(thread: &ServiceThread) -> bool {
    let limit = thread.context.config.fd_limit_per_thread as usize;
    limit > 0 && thread.count() >= limit
}

/// True when the listener's vhosts use TLS and no more sessions may begin.
fn waits_for_session(thread: &ServiceThread, wsi: &Wsi) -> bool {
    handshake::is_full(thread)
        && first_vhost(&thread.context, wsi)
            .is_some_and(|v| v.tls().is_some_and(|t| t.server.is_some()))
}

/// Stops accepting until a descriptor is freed or may have been: new ones wait in the kernel's queue, which nobody polls.
fn starve(thread: &ServiceThread, wsi: &Rc<Wsi>, why: &str) {
    let now = thread.now();
    let starving = &thread.starving;
    if now >= starving.said_at.get().saturating_add(SAY_AGAIN) || starving.said_at.get() == 0 {
        starving.said_at.set(now);
        log_warn!("not accepting for now: {why}");
    }
    starving.for_session.set(handshake::is_full(thread));
    starving.retry_at.set(now.saturating_add(RETRY));
    starving.listeners.with(|s| {
        if !s.iter().any(|w| w.handle == wsi.handle) {
            s.push(wsi.clone());
        }
    });
    wsi.rx_held.set(true);
    external::update(thread, wsi);
}

/// A connection has ended: starved listeners may accept again.
pub fn descriptor_freed(thread: &ServiceThread) {
    if thread.starving.listeners.with(|s| s.is_empty()) {
        return;
    }
    thread.starving.for_session.set(false);
    for wsi in thread.starving.listeners.take() {
        wsi.rx_held.set(false);
        external::update(thread, &wsi);
        thread.queue(&wsi);
    }
}

/// When starved listeners try again without having heard of a free descriptor: it may have been freed elsewhere.
pub fn next_retry(thread: &ServiceThread) -> Option<Usec> {
    let waits = thread.starving.listeners.with(|s| !s.is_empty());
    waits.then(|| thread.starving.retry_at.get())
}

/// Lets them try when it is time.
pub fn retry_starved(thread: &ServiceThread) {
    let session_free = thread.starving.for_session.get() && !handshake::is_full(thread);
    if session_free || next_retry(thread).is_some_and(|at| at <= thread.now()) {
        descriptor_freed(thread);
    }
}

fn take_in(thread: &Rc<ServiceThread>, listener: &Rc<Wsi>, fd: OwnedFd, peer: Peer) {
    use std::os::fd::AsRawFd;
    let Some(vhost) = first_vhost(&thread.context, listener) else {
        return;
    };
    let payload = Payload::NewConnection {
        fd: fd.as_raw_fd(),
        peer,
    };
    if call_first(thread, listener, Reason::FILTER_NETWORK_CONNECTION, payload) != 0 {
        return;
    }
    let Ok(seat) = thread.context.peers.admit(peer) else {
        return;
    };
    let tsi = least_loaded(thread);
    if tsi == thread.tsi {
        welcome(thread, &vhost, fd, seat);
    } else if let Some(mailbox) = thread.context.mailboxes.get(usize::from(tsi)) {
        mailbox.coming.fetch_add(1, Ordering::Relaxed);
        let vhost = vhost.index;
        mailbox.post(Message::Accepted { fd, seat, vhost });
    }
    // quirk: each accepted connection is followed by EVENT_WAIT_CANCELLED.
    thread.mailbox(|m| m.note_cancelled());
}

fn least_loaded(thread: &ServiceThread) -> u8 {
    let mut best = (u32::MAX, thread.tsi);
    for (tsi, mailbox) in thread.context.mailboxes.iter().enumerate() {
        let coming = mailbox.coming.load(Ordering::Relaxed);
        let count = mailbox
            .connections
            .load(Ordering::Relaxed)
            .saturating_add(coming);
        if mailbox.was_entered.load(Ordering::Relaxed) && count < best.0 {
            best = (count, u8::try_from(tsi).unwrap_or(0));
        }
    }
    best.1
}

/// Makes an accepted descriptor a connection of this thread and tells the program.
pub fn welcome(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, fd: OwnedFd, seat: Option<Seat>) {
    let config = &vhost.config;
    let either = option::APPLY_ACCEPT_CONFIG | option::FALLBACK_TO_ACCEPT_CONFIG;
    let protocol = match config.accept_protocol {
        AcceptProtocol::Named(index) | AcceptProtocol::Implied(index) => index,
        AcceptProtocol::Unknown if config.options & either == 0 => 0,
        AcceptProtocol::Unknown => return adopt::unknown_protocol(thread, vhost, fd, None),
    };
    if config.options & option::APPLY_ACCEPT_CONFIG != 0 && config.accept_raw {
        let role = adopt::accept_role(Some(config.accept_proxy));
        if let Some(wsi) = adopt::raw_socket(
            thread,
            vhost,
            fd,
            role,
            Some(protocol),
            Ties::default(),
            true,
        ) {
            wsi.seat.replace(seat.map(Box::new));
        }
    } else {
        welcome_http(thread, vhost, fd, seat, Ties::default(), true);
    }
}

/// A new connection that is to speak http, over TLS where its vhost does and `with_tls` says so.
pub fn welcome_http(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    seat: Option<Seat>,
    ties: Ties,
    with_tls: bool,
) -> Option<Rc<Wsi>> {
    let role = Role::HttpIdle(http::idle::Idle::new(thread.context.config.header_data));
    let wsi = adopt::new_connection(thread, vhost, fd, role)?;
    wsi.seat.replace(seat.map(Box::new));
    if with_tls && !handshake::begin(thread, &wsi, vhost) {
        close::release(thread, &wsi, CloseCause::Lost);
        return None;
    }
    adopt::introduce(thread, &wsi, ties);
    if !wsi.is_open() || !adopt::watch(thread, &wsi) {
        close::abandon(thread, &wsi);
        return None;
    }
    // quirk: with the fallback option and a named protocol the session memory is there from the start.
    let is_named = matches!(vhost.config.accept_protocol, AcceptProtocol::Named(_));
    if is_named && vhost.config.options & option::FALLBACK_TO_ACCEPT_CONFIG != 0 {
        adopt::ensure_session(&wsi);
    }
    // quirk: from here on the connection is on the vhost's default protocol, though not bound to it.
    if vhost.config.default_protocol != 0 {
        wsi.point_at(&thread.local_vhost(vhost), vhost.config.default_protocol);
    }
    http::await_request(thread, &wsi);
    handshake::first_step(thread, &wsi);
    if !wsi.is_open() {
        return None;
    }
    if tell(thread, &wsi, Reason::SERVER_NEW_CLIENT_INSTANTIATED) != 0 {
        close::close(thread, &wsi, CloseCause::Lost);
        return None;
    }
    wsi.is_open().then_some(wsi)
}
