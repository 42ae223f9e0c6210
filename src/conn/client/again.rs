//! A connection of the program's begins anew with another address: a redirect leads there, or lws_client_reset.
//!
//! The connection stays the same for the program, with fresh session memory; its socket, TLS session and role do not. User code that
//! is up the stack finds [`Wsi::incarnation`] changed and leaves the connection alone.

use crate::conn::client::{ConnectInfo, Progress, attempt, carrier, race};
use crate::conn::dispatch::{tell, tell_text};
use crate::conn::role::{Role, ws};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, client, tls, tx};
use std::rc::Rc;

/// What it was asked for, as far as it can begin anew: an http request, or an upgrade that is not answered yet.
pub fn info(wsi: &Wsi) -> Option<ConnectInfo> {
    let can = wsi.is_open()
        && wsi.close_wanted.get().is_none()
        && matches!(
            wsi.progress.get(),
            Progress::Connecting | Progress::Asked | Progress::Up
        )
        && wsi.tls().is_none_or(|session| !session.is_busy());
    if !can || client::relay_parent(wsi).is_some() {
        return None;
    }
    wsi.with_client(|h| (*h.info).clone())
        .or_else(|| wsi.with_connecting(|c| c.info().clone()))
}

/// Lets the connection go and makes another one. The program hears of both, in its callbacks.
pub fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, mut info: ConnectInfo) {
    info.trail.is_again = true;
    wsi.incarnation.set(wsi.incarnation.get().wrapping_add(1));
    let turn = wsi.incarnation.get();
    let is_current = || wsi.is_open() && wsi.incarnation.get() == turn;
    // The line that it carried goes on without it.
    info.keep_warm = None;
    let orphans = carrier::leave(thread, wsi, CloseCause::Asked);
    disconnect(thread, wsi);
    carrier::go_on(thread, orphans);
    if is_current() {
        let own = info.user;
        tell_reset(thread, wsi, own);
    }
    if !is_current() || thread.is_ending() {
        return;
    }
    wsi.progress.set(Progress::Connecting);
    wsi.set_role(Role::Connecting(attempt::Connecting::new(info)));
    if let Some(reasons) = wsi.role_kind().reasons() {
        let is_bound = tell(thread, wsi, reasons.bind) == 0;
        wsi.is_bound.set(is_bound);
    }
    if is_current() && !thread.is_ending() {
        attempt::start(thread, wsi);
    }
}

/// Makes the same request over another connection: the one that it was given had ended before.
pub fn retry(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let Some(info) = info(wsi) else {
        return;
    };
    wsi.incarnation.set(wsi.incarnation.get().wrapping_add(1));
    let turn = wsi.incarnation.get();
    disconnect(thread, wsi);
    if wsi.is_open() && wsi.incarnation.get() == turn && !thread.is_ending() {
        wsi.progress.set(Progress::Connecting);
        wsi.set_role(Role::Connecting(attempt::Connecting::new(info)));
        attempt::start(thread, wsi);
    }
}

/// The protocol is let go; fresh session memory is there for the next one.
fn tell_reset(thread: &ServiceThread, wsi: &Rc<Wsi>, own: usize) {
    let is_own = own != 0;
    if !is_own {
        // quirk: the session memory is gone when its protocol hears that it is let go.
        drop(wsi.session.replace(None));
        wsi.user.set(0);
    }
    if wsi.is_bound.replace(false)
        && let Some(reasons) = wsi.role_kind().reasons()
    {
        tell_text(thread, wsi, reasons.drop, c"lws_client_reset", 0);
    }
    if !is_own && wsi.is_open() {
        adopt::fresh_session(wsi);
    }
}

/// Ends the socket and everything that came over it.
fn disconnect(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    ws::user_ext::destroy(thread, wsi);
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    tx::flush_cork(thread, wsi);
    tls::say_goodbye(thread, wsi, CloseCause::Asked);
    wsi.close_wanted.set(None);
    wsi.rx_saved.take();
    drop(wsi.with_tx(std::mem::take));
    tls::release(thread, wsi);
    wsi.tls_begun.set(false);
    wsi.wants_writable.set(false);
    wsi.rx_enabled.set(true);
    wsi.rx_held.set(false);
    wsi.rx_ended.set(false);
    race::let_go(thread, wsi);
}
