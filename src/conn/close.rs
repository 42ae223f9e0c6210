//! The only way out of life.
//!
//! Closing is a state: [`close`] moves a connection's [`Phase`] forward, waiting where the peer is owed something, and
//! ends in [`finish`], which runs the last callbacks. Order as the program sees it: *_DROP_PROTOCOL, CLOSED, WSI_DESTROY
//! (on protocols[0]). Freeing is a consequence: the handle ends here, the memory with the last reference.

use crate::conn::client::carrier;
use crate::conn::dispatch::{call_first, tell, tell_text};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Role, RoleKind, cgi, http, ws};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tls::{self, Stage};
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Phase, Wsi};
use crate::conn::{children, client};
use crate::conn::{external, linger};
use crate::sys::clock::SEC;
use crate::sys::sock;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// Seconds that output may take to leave before a close, and our close frame to be answered.
const FLUSH_SECS: i64 = 5;

/// Closes a connection, or goes on closing it. May be called in any callback, for any connection of the thread, any
/// number of times.
pub fn close(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    if cause == CloseCause::Asked && wsi.close_wanted.get() == Some(CloseCause::Lost) {
        return close(thread, wsi, CloseCause::Lost);
    }
    match wsi.phase.get() {
        Phase::Open if !wsi.is_closing.get() => begin(thread, wsi, cause),
        Phase::Open | Phase::Dead => {}
        // The second of two "asked" comes from user code that cannot know; only time and the peer end a wait.
        _ if cause == CloseCause::Asked => {}
        _ => finish(thread, wsi, cause),
    }
}

fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    wsi.is_closing.set(true);
    children::close_all(thread, wsi, cause);
    wsi.wants_writable.set(false);
    timeout::clear_all(wsi);
    cgi::end::abandon(thread, wsi);
    http::sending::let_go(thread, wsi);
    // What was written before leaves in any case: the peer may have ended only its own direction.
    tx::flush_cork(thread, wsi);
    // What was written where there is no connection yet waits for nothing.
    let waits = wsi.has_pending_tx()
        && wsi.close_wanted.get() != Some(CloseCause::Lost)
        && !client::is_connecting(wsi);
    if cause == CloseCause::Asked && waits {
        wsi.phase.set(Phase::Flushing);
        timeout::set_internal(thread, wsi, pending::FLUSH_STORED_SEND, FLUSH_SECS * SEC);
        external::update(thread, wsi);
        return;
    }
    drop_protocol(thread, wsi);
    say_goodbye(thread, wsi, cause);
}

/// Output that held the close up is gone: the next step.
pub fn flushed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.phase.get() {
        Phase::Flushing => {
            drop_protocol(thread, wsi);
            say_goodbye(thread, wsi, CloseCause::Asked);
        }
        Phase::CloseSent if ws::has_peer_closed(wsi) => linger(thread, wsi, CloseCause::Asked),
        _ => {}
    }
}

/// Tells the bound protocol that it is let go.
fn drop_protocol(thread: &ServiceThread, wsi: &Wsi) {
    // quirk: a protocol without per-session memory hears nothing of this.
    if !wsi.is_bound.replace(false) || wsi.user.get() == 0 {
        return;
    }
    if let Some(reasons) = wsi.role_kind().reasons() {
        let text = c"__lws_close_free_wsi";
        tell_text(thread, wsi, reasons.drop, text, 0);
    }
}

/// The role's own goodbye on the wire, if it has one, then the transport's.
fn say_goodbye(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    if cause == CloseCause::Asked && ws::send_close(thread, wsi) {
        wsi.phase.set(Phase::CloseSent);
        // The program gets nothing more: its flow control no longer keeps the peer's answer, or its end, from being read.
        wsi.rx_enabled.set(true);
        wsi.rx_held.set(false);
        thread.queue(wsi);
        timeout::set_internal(thread, wsi, pending::CLOSE_ACK, FLUSH_SECS * SEC);
        external::update(thread, wsi);
        return;
    }
    linger(thread, wsi, cause);
}

/// Shuts the sending side down and waits for the peer's end, where the role asks for that.
pub fn linger(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    tls::say_goodbye(thread, wsi, cause);
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    let lingers = cause == CloseCause::Asked
        && !wsi.rx_ended.get()
        && wsi.close_wanted.get() != Some(CloseCause::Lost)
        && lingers(wsi);
    if lingers && wsi.with_fd(sock::shutdown_send) == Some(true) {
        wsi.phase.set(Phase::Shutdown);
        wsi.readable.set(true);
        wsi.rx_saved.take();
        let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
        let us = i64::from(secs) * SEC;
        timeout::set_internal(thread, wsi, pending::SHUTDOWN_FLUSH, us);
        thread.queue(wsi);
        external::update(thread, wsi);
        return;
    }
    finish(thread, wsi, cause);
}

/// Roles whose peer may still be reading what we sent last: a hard close with unread input would lose it.
fn lingers(wsi: &Wsi) -> bool {
    match wsi.role_kind() {
        // What we said last must not be lost in a reset that the peer's goodbye would bring.
        RoleKind::Http | RoleKind::Ws if wsi.tls_stage() == Stage::Ready => true,
        RoleKind::Ws | RoleKind::WsClient => ws::closes_softly(wsi),
        _ => false,
    }
}

/// The last callbacks.
fn finish(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    tls::say_goodbye(thread, wsi, cause);
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    let was_flushing = wsi.phase.get() == Phase::Flushing;
    wsi.phase.set(Phase::Dead);
    timeout::clear_all(wsi);
    if was_flushing {
        drop_protocol(thread, wsi);
    }
    let kind = wsi.role_kind();
    if wsi.order.get().is_some() && !matches!(kind, RoleKind::None | RoleKind::Lingering) {
        external::withdraw(thread, wsi);
    }
    ws::user_ext::destroy(thread, wsi);
    cgi::pipe::on_close(thread, wsi);
    let is_relay = client::relay_parent(wsi).is_some();
    // quirk: of a file the parent hears first.
    if kind == RoleKind::RawFile {
        children::tell_parent(thread, wsi);
    }
    if !client::tell_end(thread, wsi)
        && let Some(reasons) = kind.reasons()
        && tells_closed(wsi)
    {
        tell(thread, wsi, reasons.closed);
    }
    if kind != RoleKind::RawFile {
        children::tell_parent(thread, wsi);
    }
    let is_known = !matches!(
        kind,
        RoleKind::Wake | RoleKind::Lingering | RoleKind::Runner
    );
    if is_known && !is_relay {
        call_first(thread, wsi, Reason::WSI_DESTROY, Payload::Empty);
    }
    let orphans = carrier::leave(thread, wsi, cause);
    release(thread, wsi, cause);
    carrier::go_on(thread, orphans);
}

/// True when the program has heard enough of the connection to hear of its end.
fn tells_closed(wsi: &Wsi) -> bool {
    // quirk: http over TLS ends in silence before its handshake is complete.
    wsi.with_http(|h| h.tells_closed() && wsi.tls_stage() != Stage::Handshake)
        .unwrap_or(true)
}

/// The end of a connection that was created and never came to life: the program hears WSI_DESTROY alone. Nothing to do
/// when it has closed it itself meanwhile.
pub fn abandon(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    wsi.is_closing.set(true);
    wsi.phase.set(Phase::Dead);
    timeout::clear_all(wsi);
    call_first(thread, wsi, Reason::WSI_DESTROY, Payload::Empty);
    release(thread, wsi, CloseCause::Lost);
}

/// Gives everything back. For a connection that no callback has seen this is all there is.
pub fn release(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, cause: CloseCause) {
    wsi.is_closing.set(true);
    wsi.phase.set(Phase::Dead);
    if let Some(vhost) = wsi.local_vhost() {
        vhost.unlist(wsi);
        vhost.shared.connections.fetch_sub(1, Ordering::Relaxed);
    }
    thread.delist(wsi);
    if wsi.readable.get() && cause == CloseCause::Asked {
        // Unread input would turn our end into a reset, which may overtake what was sent.
        crate::conn::rx::forget_unread(wsi);
    }
    let lingers = linger::is_due(thread, wsi, cause);
    tls::release(thread, wsi);
    http::sending::let_go(thread, wsi);
    http::request_over(thread, wsi);
    drop(wsi.seat.take());
    // The descriptor of the wake-up connection belongs to the mailbox.
    let fd = wsi.detach();
    wsi.forget_vhost();
    crate::conn::listen::remove_path(wsi);
    wsi.set_role(Role::None);
    drop(wsi.session.replace(None));
    wsi.user.set(0);
    wsi.rx_saved.take();
    drop(wsi.with_tx(std::mem::take));
    wsi.is_released.set(true);
    thread.discard(wsi);
    match fd {
        Some(fd) if lingers => linger::begin(thread, fd),
        fd => drop(fd),
    }
    if cause != CloseCause::Destroyed {
        crate::conn::accept::descriptor_freed(thread);
    }
}
