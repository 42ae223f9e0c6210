//! Requests that share a connection (LCCSCF_PIPELINE): one after the other, to the same endpoint of the same vhost.
//!
//! The first one makes the connection and carries it; the others wait in line. When its answer is complete, and the connection
//! good for another request, its socket is handed to the next one; without a next one it is kept for a while. The one that
//! handed it on is gone then. Where the carrier ends otherwise, the next one makes a connection of its own and carries the line;
//! when the carrier could not even connect, all that wait fail with it. A WebSocket never joins a line.

use crate::conn::client::{self, ConnectInfo, Progress, Way, attempt};
use crate::conn::role::{self, Role, RoleKind};
use crate::conn::thread::ServiceThread;
use crate::conn::tls;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{close, external};
use crate::tls::verify::Server;
use crate::util::cell::StateCell;
use crate::util::ids::Handle;
use crate::util::log::log_err;
use std::collections::{HashMap, VecDeque};
use std::ffi::CString;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// What requests must agree in to share a connection.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    vhost: u32,
    address: String,
    port: u16,
    iface: Option<CString>,
    tls: Option<Server>,
}

/// One connection and who waits for it.
struct Line {
    carrier: Handle,
    waiting: VecDeque<Handle>,
}

/// The lines of a service thread.
#[derive(Default)]
pub struct Lines(StateCell<HashMap<Endpoint, Line>>);

/// Those that waited for a carrier that has ended.
pub struct Orphans {
    endpoint: Endpoint,
    waiting: VecDeque<Handle>,
    /// Why they fail, too; `None`: they go on.
    why: Option<String>,
}

fn endpoint(wsi: &Wsi, info: &ConnectInfo) -> Option<Endpoint> {
    let address = match info.address.starts_with('+') {
        true => info.address.clone(),
        false => info.address.to_ascii_lowercase(),
    };
    Some(Endpoint {
        vhost: wsi.on_vhost(|v| v.index)?,
        address,
        port: info.port,
        iface: info.iface.clone(),
        tls: info.tls.clone(),
    })
}

fn own_endpoint(wsi: &Wsi) -> Option<Endpoint> {
    let of = |info: &ConnectInfo| endpoint(wsi, info);
    let queued = wsi.with_client(|h| of(&h.info)).flatten();
    queued.or_else(|| wsi.with_connecting(|c| of(c.info())).flatten())
}

/// A new request joins the line of its endpoint. False when it is to connect by itself, as its carrier or alone.
pub fn join(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let shares = |info: &ConnectInfo| info.keep_warm.is_some() && matches!(info.way, Way::Http(_));
    let info = wsi.with_connecting(|c| shares(c.info()).then(|| c.info().clone()));
    let Some(info) = info.flatten() else {
        return false;
    };
    let Some(endpoint) = endpoint(wsi, &info) else {
        return false;
    };
    wsi.shares.set(true);
    let carrier = thread.lines.0.with(|lines| {
        let Some(line) = lines.get_mut(&endpoint) else {
            let line = Line {
                carrier: wsi.handle,
                waiting: VecDeque::new(),
            };
            lines.insert(endpoint, line);
            return None;
        };
        line.waiting.push_back(wsi.handle);
        Some(line.carrier)
    });
    let Some(carrier) = carrier else {
        return false;
    };
    role::client::wait_in_line(thread, wsi, info);
    // One that is kept, with nothing to do, hands on in the next pass.
    if let Some(carrier) = thread.find(carrier) {
        thread.queue(&carrier);
    }
    true
}

/// The next one in line behind a carrier; it carries from here on.
fn next(thread: &ServiceThread, wsi: &Wsi) -> Option<Rc<Wsi>> {
    let endpoint = own_endpoint(wsi)?;
    thread.lines.0.with(|lines| {
        let line = lines.get_mut(&endpoint)?;
        if line.carrier != wsi.handle {
            return None;
        }
        let next = first_of(thread, &mut line.waiting)?;
        line.carrier = next.handle;
        Some(next)
    })
}

/// Takes the first one that goes on. One that is about to be closed stays, until it leaves or changes its mind.
fn first_of(thread: &ServiceThread, waiting: &mut VecDeque<Handle>) -> Option<Rc<Wsi>> {
    let goes_on =
        |w: &Rc<Wsi>| w.is_open() && !w.is_doomed.get() && w.progress.get() != Progress::Failed;
    let (at, next) = waiting.iter().enumerate().find_map(|(at, handle)| {
        let next = thread.find(*handle).filter(goes_on)?;
        Some((at, next))
    })?;
    waiting.remove(at);
    Some(next)
}

/// The connection is good for another request: hands it on. False when nobody waits.
pub fn hand_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let Some(next) = next(thread, wsi) else {
        return false;
    };
    wsi.shares.set(false);
    // quirk: it hears that its protocol is let go, and WSI_DESTROY, but not CLOSED_CLIENT_HTTP.
    wsi.progress.set(Progress::HandedOn);
    external::withdraw(thread, wsi);
    thread.delist_fd(wsi);
    let (readable, writable) = (wsi.readable.get(), wsi.writable.get());
    let Some(fd) = wsi.detach() else {
        // The program has closed it meanwhile.
        connect_itself(thread, &next);
        return true;
    };
    let session = wsi.set_tls(None);
    close::close(thread, wsi, CloseCause::Lost);
    // The program may have closed that one too, or begun anew with it: then the rest of the line goes on without this socket.
    if !role::client::is_in_line(&next) || thread.is_ending() {
        if session.is_some() {
            tls::handshake::session_ended(thread);
        }
        return true;
    }
    let raw = fd.as_raw_fd();
    next.attach(fd);
    thread.enlist_fd(&next);
    if session.is_some() {
        next.set_tls(session);
        next.set_tls_ready();
        next.tls_begun.set(true);
    }
    next.readable.set(readable);
    next.writable.set(writable);
    let watched = thread.registrar.rearm(raw, next.handle);
    if let Err(e) = &watched {
        log_err!("cannot watch descriptor {raw}: {e}");
    }
    if watched.is_err() || !external::announce(thread, &next) {
        client::fail(thread, &next, "Unable to connect: not watched");
        return true;
    }
    if role::client::is_in_line(&next) {
        role::client::carry_on(thread, &next);
        thread.queue(&next);
    }
    true
}

/// A request leaves its line: it ends, or goes elsewhere. What is left of the line, if it carried it.
pub fn leave(thread: &ServiceThread, wsi: &Wsi, cause: CloseCause) -> Option<Orphans> {
    if !wsi.shares.replace(false) {
        return None;
    }
    let endpoint = own_endpoint(wsi)?;
    let line = thread.lines.0.with(|lines| {
        let line = lines.get_mut(&endpoint)?;
        if line.carrier == wsi.handle {
            return lines.remove(&endpoint);
        }
        line.waiting.retain(|handle| *handle != wsi.handle);
        None
    })?;
    let is_over = cause == CloseCause::Destroyed || thread.is_ending();
    if is_over || wsi.on_vhost(|v| v.is_closing.load(Ordering::Relaxed)) != Some(false) {
        return None;
    }
    let failed = wsi.role_kind() == RoleKind::Connecting && wsi.progress.get() == Progress::Failed;
    let why = failed.then(|| format!("Unable to connect{}", attempt::detail(wsi)));
    Some(Orphans {
        endpoint,
        waiting: line.waiting,
        why,
    })
}

/// Those that waited go on: the first makes a connection for all, or all fail.
pub fn go_on(thread: &Rc<ServiceThread>, orphans: Option<Orphans>) {
    let Some(mut orphans) = orphans else {
        return;
    };
    if let Some(why) = orphans.why {
        for handle in orphans.waiting {
            if let Some(wsi) = thread.find(handle).filter(|w| w.is_open()) {
                wsi.shares.set(false);
                client::fail(thread, &wsi, &why);
            }
        }
        return;
    }
    let Some(first) = first_of(thread, &mut orphans.waiting) else {
        return;
    };
    // User code may have begun a line of its own meanwhile: whoever is behind follows that.
    let behind = thread
        .lines
        .0
        .with(|lines| match lines.get_mut(&orphans.endpoint) {
            Some(line) => {
                line.waiting.push_back(first.handle);
                line.waiting.append(&mut orphans.waiting);
                thread.find(line.carrier)
            }
            None => {
                let line = Line {
                    carrier: first.handle,
                    waiting: orphans.waiting,
                };
                lines.insert(orphans.endpoint, line);
                None
            }
        });
    if let Some(carrier) = behind {
        return thread.queue(&carrier);
    }
    connect_itself(thread, &first);
}

/// One that waited makes a connection.
fn connect_itself(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if let Some(info) = wsi.with_client(|h| (*h.info).clone())
        && role::client::is_in_line(wsi)
    {
        wsi.set_role(Role::Connecting(attempt::Connecting::new(info)));
        attempt::start(thread, wsi);
    }
}
