//! Deadlines of connections: the library's and the program's.
//!
//! Each connection has three: the pending timeout (lws_set_timeout and the library's own waits share it), the program's
//! timer (lws_set_timer_usecs), and validity. Setting or clearing one is a store; the heap hears of it only when
//! it would have to look earlier than it does.

use crate::conn::client::attempt;
use crate::conn::close;
use crate::conn::dispatch::tell;
use crate::conn::reason::Reason;
use crate::conn::role::{self, RoleKind, ws};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::event::timers::TimerKind;
use crate::sys::clock::{SEC, Usec};
use std::rc::Rc;

/// Numbers of `enum pending_timeout` that the core sets itself.
pub mod pending {
    /// None.
    pub const NONE: u32 = 0;
    /// What a proxy says.
    pub const AWAITING_PROXY_RESPONSE: u32 = 1;
    /// An outgoing connection.
    pub const AWAITING_CONNECT_RESPONSE: u32 = 2;
    /// The answer to a request of ours.
    pub const AWAITING_SERVER_RESPONSE: u32 = 4;
    /// Our close frame is to be answered.
    pub const CLOSE_ACK: u32 = 6;
    /// A TLS handshake.
    pub const SSL_ACCEPT: u32 = 9;
    /// A request's body, or the program's answer.
    pub const HTTP_CONTENT: u32 = 10;
    /// Queued output before a close.
    pub const FLUSH_STORED_SEND: u32 = 12;
    /// The peer's end after ours.
    pub const SHUTDOWN_FLUSH: u32 = 13;
    /// The next request.
    pub const HTTP_KEEPALIVE_IDLE: u32 = 15;
    /// The body of a request of ours.
    pub const CLIENT_ISSUE_PAYLOAD: u32 = 18;
    /// A complete request head.
    pub const HOLDING_AH: u32 = 25;
}

/// Sets one deadline, `us` from now; 0 or less clears it.
pub fn arm(thread: &ServiceThread, wsi: &Wsi, kind: TimerKind, us: Usec) {
    if wsi.role_kind() == RoleKind::None {
        // The stand-in of a broadcast: there is no connection that could time out.
        return;
    }
    let at = kind.index();
    let (Some(deadline), Some(armed)) = (wsi.deadlines.get(at), wsi.armed.get(at)) else {
        return;
    };
    if us <= 0 {
        deadline.set(0);
        return;
    }
    let when = thread.now().saturating_add(us);
    deadline.set(when);
    if armed.get() == 0 || when < armed.get() {
        armed.set(when);
        thread.timers.with(|t| t.push(when, wsi.handle, kind));
    }
}

/// A wait of the library's own. It takes the place of whatever was set, an LWS_TO_KILL_ASYNC too.
pub fn set_internal(thread: &ServiceThread, wsi: &Wsi, reason: u32, us: Usec) {
    wsi.is_doomed.set(false);
    wsi.timeout_reason.set(reason);
    arm(thread, wsi, TimerKind::Timeout, us);
}

/// No deadline at all.
pub fn clear_all(wsi: &Wsi) {
    for deadline in &wsi.deadlines {
        deadline.set(0);
    }
    wsi.timeout_reason.set(pending::NONE);
}

/// lws_set_timeout: `secs` seconds, or the reason NO_TIMEOUT for none.
pub fn set(thread: &ServiceThread, wsi: &Wsi, reason: u32, secs: i64) {
    if !wsi.is_open() {
        return;
    }
    if reason == pending::NONE {
        return set_internal(thread, wsi, reason, 0);
    }
    thread.refresh_now();
    // quirk: 0 seconds is due at once, as a timer of that length would be.
    set_internal(thread, wsi, reason, (secs.max(0) * SEC).max(1));
}

/// Closes in the next pass; until then nothing more is delivered.
pub fn kill_soon(thread: &ServiceThread, wsi: &Wsi, reason: u32) {
    set(thread, wsi, reason, 0);
    wsi.is_doomed.set(wsi.is_open());
}

/// Runs every deadline that is due.
pub fn run_due(thread: &Rc<ServiceThread>) {
    let now = thread.now();
    while let Some((at, handle, kind)) = thread.timers.with(|t| t.pop_due(now)) {
        let Some(wsi) = thread.find(handle) else {
            continue;
        };
        let (Some(deadline), Some(armed)) =
            (wsi.deadlines.get(kind.index()), wsi.armed.get(kind.index()))
        else {
            continue;
        };
        if armed.get() != at {
            continue;
        }
        armed.set(0);
        let due = deadline.get();
        if due == 0 {
            continue;
        }
        if due > now {
            armed.set(due);
            thread.timers.with(|t| t.push(due, handle, kind));
            continue;
        }
        deadline.set(0);
        fire(thread, &wsi, kind);
        if thread.is_ending() {
            return;
        }
    }
}

fn fire(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, kind: TimerKind) {
    match kind {
        TimerKind::Timeout => timed_out(thread, wsi),
        TimerKind::User => {
            if tell(thread, wsi, Reason::TIMER) != 0 {
                close::close(thread, wsi, CloseCause::Asked);
            }
        }
        TimerKind::Validity => validity_due(thread, wsi),
    }
}

fn timed_out(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.role_kind() {
        kind if kind.is_connecting() && wsi.is_open() => attempt::on_timeout(thread, wsi),
        RoleKind::HttpClient if wsi.is_open() => role::client::on_timeout(thread, wsi),
        _ => close::close(thread, wsi, CloseCause::Lost),
    }
}

/// (Re)starts validity: the connection has just proven that it is alive.
pub fn validity_confirmed(thread: &ServiceThread, wsi: &Wsi) {
    let Some(policy) = validity_of(thread, wsi) else {
        return;
    };
    wsi.validity_pinged.set(false);
    let first = if policy.ping > 0 && wsi.role_kind().is_ws() {
        policy.ping
    } else {
        policy.hangup
    };
    arm(thread, wsi, TimerKind::Validity, first);
}

fn validity_of(thread: &ServiceThread, wsi: &Wsi) -> Option<crate::conn::config::Validity> {
    if !wsi.role_kind().is_ws() {
        return None;
    }
    if let Some(own) = wsi.policy() {
        return Some(own.validity);
    }
    let of_vhost = wsi.on_vhost(|v| v.config.validity)?;
    Some(of_vhost.unwrap_or(thread.context.config.validity))
}

fn validity_due(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let Some(policy) = validity_of(thread, wsi) else {
        return;
    };
    if wsi.validity_pinged.replace(true) || policy.ping <= 0 {
        crate::util::log::log_info!("validity: no sign of life, closing");
        close::close(thread, wsi, CloseCause::Lost);
        return;
    }
    ws::send_validity_ping(thread, wsi);
    if policy.hangup > 0 {
        let rest = policy.hangup.saturating_sub(policy.ping).max(1);
        arm(thread, wsi, TimerKind::Validity, rest);
    }
}
