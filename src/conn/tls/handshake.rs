//! Getting an encrypted connection ready, or finding out that it is a plain one.
//!
//! Called when a connection is accepted or adopted, and each time that its socket has something while the handshake lasts. The
//! number of sessions may be limited for the whole context; listeners then wait like those without descriptors.

use crate::conn::accept;
use crate::conn::adopt;
use crate::conn::client::{Progress, attempt};
use crate::conn::close;
use crate::conn::config::option;
use crate::conn::role::{RoleKind, http};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tls::vhost::VhostTls;
use crate::conn::tls::{
    Stage, events, give_back, receive_wire, send_waiting, take_received, with_output,
};
use crate::conn::tx::{self, Dead};
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::clock::SEC;
use crate::sys::sock::Io;
use crate::tls::session::{Received, Session, Step};
use crate::tls::verify::Server;
use crate::tls::{Owner, ffi};
use crate::util::log::{log_err, log_info, log_notice};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// First byte of a TLS handshake. Printable ones are some other protocol.
const FIRST_PRINTABLE: u8 = b' ';

/// Gives a new connection of a TLS vhost its session. False when it cannot have one: it is to be closed.
pub fn begin(thread: &ServiceThread, wsi: &Wsi, vhost: &Vhost) -> bool {
    let Some(server) = vhost.tls().and_then(|t| t.server.as_ref()) else {
        return true;
    };
    let owner = Owner {
        number: wsi.handle.addr(),
        hooks: &events::HOOKS,
        events: server.events(),
    };
    match server.session(owner, wsi.fd()) {
        Ok(session) => {
            wsi.set_tls(Some(session));
            thread.context.tls_sessions.fetch_add(1, Ordering::Relaxed);
            true
        }
        Err(e) => {
            log_err!("tls: no session for a new connection: {e}");
            false
        }
    }
}

/// The first step, before the client has said anything: programs that listen to events see it come here.
pub fn first_step(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.tls_stage() != Stage::Handshake {
        return;
    }
    let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    timeout::set_internal(thread, wsi, pending::SSL_ACCEPT, i64::from(secs) * SEC);
    let (hears, mixed) = wsi
        .on_vhost(|v| {
            let events = v.tls().and_then(|t| t.server.as_ref());
            let mixed = v.config.options & option::ALLOW_NON_SSL != 0;
            (events.map_or(0, |s| s.events()) != 0, mixed)
        })
        .unwrap_or_default();
    // quirk: where plain connections are allowed too, the session begins only when the first bytes are there.
    if hears
        && !mixed
        && let Some(session) = wsi.tls()
    {
        let mut nothing = Received::default();
        let _ = with_output(thread, wsi, |out| session.handshake(&mut nothing, out));
    }
}

/// Goes on with the handshake. True when the connection can be served as usual.
pub fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let Some(session) = wsi.tls() else {
        return true;
    };
    tx::drain(wsi);
    let mut received = take_received(thread, &session);
    let next = advance(thread, wsi, &session, &mut received);
    if let Next::Plain = next {
        rx::prepend(wsi, received.rest());
        received.start = received.end;
    }
    give_back(thread, &session, received);
    // User code may have run.
    if !wsi.is_open() || thread.is_ending() {
        return false;
    }
    match next {
        Next::Wait => return false,
        Next::Close(why) => failed(thread, wsi, &why),
        Next::Ready => ready(thread, wsi, &session),
        Next::Plain => plain(thread, wsi),
    }
    wsi.is_open()
}

/// What the handshake came to.
enum Next {
    Wait,
    Ready,
    Plain,
    Close(String),
}

fn advance(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    session: &Session,
    received: &mut Received,
) -> Next {
    loop {
        if received.is_empty() {
            match receive_wire(wsi, received) {
                Some(Io::Moved(0) | Io::Failed(_)) => {
                    return Next::Close("the peer closed".to_owned());
                }
                Some(Io::Moved(_)) => {}
                Some(Io::WouldBlock) | None => return Next::Wait,
            }
        }
        if !wsi.tls_begun.replace(true) && is_plain(wsi, received) {
            return Next::Plain;
        }
        let step = with_output(thread, wsi, |out| session.handshake(received, out));
        if !wsi.is_open() || thread.is_ending() || wsi.close_wanted.get().is_some() {
            return Next::Wait;
        }
        match step {
            Ok(Step::Done(_)) => return Next::Ready,
            Ok(Step::Blocked) if received.is_empty() => {}
            Ok(Step::Blocked) => return Next::Wait,
            Ok(Step::Ended) | Err(Dead) => return Next::Close("the peer closed".to_owned()),
            Ok(Step::Broken(failure)) => return Next::Close(failure.to_string()),
        }
    }
}

fn failed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str) {
    log_info!("tls: handshake failed: {why}");
    if wsi.progress.get() == Progress::Incoming {
        return close::close(thread, wsi, CloseCause::Lost);
    }
    let verdict = wsi.tls().and_then(|s| s.verdict());
    let verdict = verdict.map(|v| format!(": {v}")).unwrap_or_default();
    attempt::fail_tls(thread, wsi, &format!("{why}{verdict}"));
}

/// Begins the client's side of a session, which speaks first. The error says why there can be none.
pub fn begin_client(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    server: &Arc<Server>,
) -> Result<(), String> {
    let context = wsi
        .on_vhost(|v| v.tls().and_then(VhostTls::client))
        .flatten();
    let context = context.ok_or("the vhost has no TLS for clients")?;
    let owner = Owner {
        number: wsi.handle.addr(),
        hooks: &events::HOOKS,
        events: 0,
    };
    let session = Session::client(&context, owner, wsi.fd(), server);
    let session = session.map_err(|e| e.to_string())?;
    wsi.set_tls(Some(session.clone()));
    wsi.tls_begun.set(true);
    thread.context.tls_sessions.fetch_add(1, Ordering::Relaxed);
    let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    let us = i64::from(secs) * SEC;
    timeout::set_internal(thread, wsi, pending::AWAITING_SERVER_RESPONSE, us);
    let mut nothing = Received::default();
    match with_output(thread, wsi, |out| session.handshake(&mut nothing, out)) {
        Ok(Step::Broken(failure)) => Err(failure.to_string()),
        _ => Ok(()),
    }
}

/// The first byte says whether this is a TLS handshake, where the vhost takes others.
fn is_plain(wsi: &Wsi, received: &Received) -> bool {
    let takes_plain = wsi
        .on_vhost(|v| v.config.options & option::ALLOW_NON_SSL != 0)
        .unwrap_or(false);
    let first = received.rest().first();
    takes_plain && first.is_some_and(|b| *b >= FIRST_PRINTABLE)
}

fn ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, session: &Session) {
    wsi.set_tls_ready();
    if wsi.progress.get() != Progress::Incoming {
        return attempt::secured(thread, wsi);
    }
    follow_name(thread, wsi, session);
    if wsi.timeout_reason.get() == pending::SSL_ACCEPT {
        match wsi.role_kind() {
            RoleKind::Http => http::await_request(thread, wsi),
            _ => timeout::set_internal(thread, wsi, pending::NONE, 0),
        }
    }
    send_waiting(thread, wsi, session);
}

/// A connection whose client named another vhost belongs to that one from here on. A raw one has its protocol already.
fn follow_name(thread: &ServiceThread, wsi: &Rc<Wsi>, session: &Session) {
    let context = ffi::address_of_context(session.ssl().ssl_context());
    let serves = |v: &Vhost| {
        let server = v.tls().and_then(|t| t.server.as_ref());
        server.is_some_and(|s| s.address() == context)
    };
    if wsi.role_kind() != RoleKind::Http || wsi.on_vhost(serves) != Some(false) {
        return;
    }
    if let Some(vhost) = thread.context.vhosts().into_iter().find(|v| serves(v)) {
        adopt::change_vhost(thread, wsi, &vhost);
    }
}

/// The connection is a plain one on a TLS port: http, something raw, or not wanted.
fn plain(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let options = wsi.on_vhost(|v| v.config.options).unwrap_or(0);
    let is_http = wsi.role_kind() == RoleKind::Http;
    let serves_http = is_http && options & (option::REDIRECT_TO_HTTPS | option::HTTP_ON_HTTPS) != 0;
    if !serves_http && options & option::FALLBACK_TO_ACCEPT_CONFIG == 0 {
        log_notice!("a client of a TLS port did not begin with TLS: closing");
        return close::close(thread, wsi, CloseCause::Lost);
    }
    super::release(thread, wsi);
    if serves_http {
        let redirects = options & option::REDIRECT_TO_HTTPS != 0;
        wsi.with_http(|h| h.goes_to_https = redirects);
        return http::await_request(thread, wsi);
    }
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    if is_http {
        http::fall_back(thread, wsi);
    }
}

/// True when no more sessions may begin.
pub fn is_full(thread: &ServiceThread) -> bool {
    let limit = thread.context.config.tls_session_limit;
    limit > 0 && thread.context.tls_sessions.load(Ordering::Relaxed) >= limit
}

/// A session is gone: listeners that waited for that go on.
pub fn session_ended(thread: &ServiceThread) {
    thread.context.tls_sessions.fetch_sub(1, Ordering::Relaxed);
    if thread.context.config.tls_session_limit == 0 {
        return;
    }
    if thread.tsi == 0 {
        accept::descriptor_freed(thread);
    } else if let Some(mailbox) = thread.context.mailboxes.first() {
        mailbox.nudge();
    }
}
