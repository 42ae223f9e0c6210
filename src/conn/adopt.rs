//! Making connections out of descriptors, and binding them to protocols.

use crate::conn::accept;
use crate::conn::children;
use crate::conn::close;
use crate::conn::dispatch::{call_first, tell, tell_text};
use crate::conn::external;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{ProxySide, Role, datagram, raw};
use crate::conn::session::{self, SessionData};
use crate::conn::thread::ServiceThread;
use crate::conn::tls::handshake;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::addr::{self, Endpoint};
use crate::sys::sock::{self, KeepAlive, Peer};
use crate::util::ids::Handle;
use crate::util::log::log_err;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A connection on a vhost's first protocol; nobody is told yet.
pub fn new_connection(
    thread: &ServiceThread,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    role: Role,
) -> Option<Rc<Wsi>> {
    let wsi = unconnected(thread, vhost, 0)?;
    wsi.writable.set(true);
    wsi.attach(fd);
    wsi.set_role(role);
    thread.enlist(&wsi);
    Some(wsi)
}

/// A connection on a vhost's protocol that has neither descriptor nor role yet; the caller gives it a role and enlists it.
pub fn unconnected(thread: &ServiceThread, vhost: &Arc<Vhost>, protocol: u16) -> Option<Rc<Wsi>> {
    let Some(wsi) = thread.create() else {
        log_err!("no handle left for a new connection");
        return None;
    };
    wsi.point_at(&thread.local_vhost(vhost), protocol);
    vhost.connections.fetch_add(1, Ordering::Relaxed);
    wsi.writable.set(false);
    Some(wsi)
}

/// Watches its descriptor and announces it to programs with their own poll().
pub fn watch(thread: &ServiceThread, wsi: &Rc<Wsi>) -> bool {
    if let Err(e) = thread.registrar.register(wsi.fd(), wsi.handle) {
        if e.raw_os_error() != Some(libc::EPERM) {
            log_err!("cannot watch descriptor {}: {e}", wsi.fd());
            return false;
        }
        // A regular file: always ready, never reported.
        wsi.readable.set(true);
        thread.queue(wsi);
    }
    if !external::announce(thread, wsi) {
        log_err!("the program refused descriptor {} in ADD_POLL_FD", wsi.fd());
        return false;
    }
    true
}

/// Watches the thread's wake-up descriptor, once. Programs with their own poll() hear of it through the first vhost that
/// there is.
pub fn watch_wake(thread: &ServiceThread) {
    let known = thread.wake.with(|w| w.clone());
    let Some(wsi) = known.or_else(|| register_wake(thread)) else {
        return;
    };
    if wsi.vhost().is_none()
        && let Some(vhost) = thread.context.first_vhost()
    {
        wsi.point_at(&thread.local_vhost(&vhost), 0);
        external::announce(thread, &wsi);
    }
}

fn register_wake(thread: &ServiceThread) -> Option<Rc<Wsi>> {
    let fd = thread.mailbox(|m| m.wake.raw())?;
    let wsi = thread.create()?;
    wsi.set_role(Role::Wake);
    wsi.lend(fd);
    thread.wake.replace(Some(wsi.clone()));
    thread.enlist_fd(&wsi);
    if let Err(e) = thread.registrar.register(fd, wsi.handle) {
        log_err!("cannot watch the wake-up descriptor: {e}");
    }
    Some(wsi)
}

/// A vhost goes: another one stands in for the wake-up descriptor, or it is withdrawn until there is one.
pub fn rehome_wake(thread: &ServiceThread, vhost: u32) {
    let Some(wsi) = thread.wake.with(|w| w.clone()) else {
        return;
    };
    if wsi.vhost().is_none_or(|v| v.index != vhost) {
        return;
    }
    let mut others = thread.context.vhosts().into_iter();
    let next = others.find(|v| v.index != vhost && !v.is_closing.load(Ordering::Relaxed));
    if let Some(next) = next {
        wsi.point_at(&thread.local_vhost(&next), 0);
    } else {
        external::withdraw(thread, &wsi);
        wsi.forget_vhost();
    }
}

/// The end of the thread's wake-up descriptor as a connection.
pub fn unwatch_wake(thread: &ServiceThread) {
    let Some(wsi) = thread.wake.take() else {
        return;
    };
    if wsi.vhost().is_some() {
        external::withdraw(thread, &wsi);
        wsi.forget_vhost();
    }
    thread.discard(&wsi);
}

/// Gives the connection fresh zeroed session memory for its protocol.
pub fn fresh_session(wsi: &Wsi) {
    let len = wsi
        .on_vhost(|v| {
            v.protocol(wsi.protocol())
                .map(|p| p.session_len.load(Ordering::Relaxed))
        })
        .flatten()
        .unwrap_or(0);
    let fresh = if len == 0 {
        None
    } else {
        SessionData::new(len, c"user space")
    };
    if len > 0 && fresh.is_none() {
        log_err!("no memory for {len} bytes of per-session data");
    }
    wsi.user.set(session::address(fresh.as_ref()));
    drop(wsi.session.replace(fresh));
}

/// Session memory for its protocol, unless it has some.
pub fn ensure_session(wsi: &Wsi) {
    if wsi.user.get() == 0 {
        fresh_session(wsi);
    }
}

/// Lets the bound protocol go and points the connection at another one with fresh session memory; tells both.
/// False when the new one refuses.
pub fn bind(thread: &ServiceThread, wsi: &Rc<Wsi>, protocol: u16, why: &CStr) -> bool {
    let Some(reasons) = wsi.role_kind().reasons() else {
        return false;
    };
    if wsi.is_bound.replace(false) {
        tell_text(thread, wsi, reasons.drop, why, 0);
    }
    if !repoint(wsi, protocol) {
        return false;
    }
    fresh_session(wsi);
    if tell(thread, wsi, reasons.bind) != 0 {
        return false;
    }
    wsi.is_bound.set(true);
    true
}

/// Points at another protocol of the same vhost and lists it there.
pub fn repoint(wsi: &Rc<Wsi>, protocol: u16) -> bool {
    let Some(vhost) = wsi.local_vhost() else {
        return false;
    };
    if vhost.shared.protocol(protocol).is_none() {
        return false;
    }
    vhost.unlist(wsi);
    wsi.point_at(&vhost, protocol);
    vhost.list(wsi);
    true
}

/// Points at another vhost, at its first protocol.
pub fn change_vhost(thread: &ServiceThread, wsi: &Rc<Wsi>, vhost: &Arc<Vhost>) {
    if let Some(old) = wsi.local_vhost() {
        old.unlist(wsi);
        old.shared.connections.fetch_sub(1, Ordering::Relaxed);
    }
    vhost.connections.fetch_add(1, Ordering::Relaxed);
    wsi.point_at(&thread.local_vhost(vhost), 0);
}

/// What a program ties to a connection that it hands over.
#[derive(Clone, Copy, Default, Debug)]
pub struct Ties {
    /// Parent connection.
    pub parent: Option<Handle>,
    /// lws_get_opaque_user_data.
    pub opaque: usize,
}

/// What a vhost that accepts raw connections makes of them.
pub fn accept_role(is_proxy: Option<bool>) -> Role {
    match is_proxy {
        Some(true) => Role::RawProxy(ProxySide::Incoming),
        _ => Role::RawSocket,
    }
}

/// A raw socket connection. `protocol` is an index; `None` is the vhost's default.
pub fn raw_socket(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    role: Role,
    protocol: Option<u16>,
    ties: Ties,
    with_tls: bool,
) -> Option<Rc<Wsi>> {
    let wsi = raw(thread, vhost, fd, role, ties, with_tls)?;
    begin_raw(thread, &wsi, vhost, protocol);
    wsi.is_open().then_some(wsi)
}

/// Binds a raw connection that is watched already, and tells the program.
pub fn begin_raw(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, vhost: &Vhost, protocol: Option<u16>) {
    let index = protocol.unwrap_or(vhost.config.default_protocol);
    // quirk: what RAW_SKT_BIND_PROTOCOL returns only decides whether a DROP follows.
    bind(thread, wsi, index, c"adopt");
    handshake::first_step(thread, wsi);
    if wsi.is_open() && tell(thread, wsi, raw::adopted(wsi.role_kind())) != 0 {
        close::close(thread, wsi, CloseCause::Lost);
    }
}

/// A descriptor that the program reads itself.
pub fn raw_file(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    protocol: Option<u16>,
    ties: Ties,
) -> Option<Rc<Wsi>> {
    let wsi = raw(thread, vhost, fd, Role::RawFile, ties, false)?;
    wsi.is_socket.set(false);
    let index = protocol.unwrap_or(vhost.config.default_protocol);
    repoint(&wsi, index);
    fresh_session(&wsi);
    // quirk: no RAW_FILE_BIND_PROTOCOL, hence no DROP either.
    if tell(thread, &wsi, Reason::RAW_ADOPT_FILE) != 0 {
        close::close(thread, &wsi, CloseCause::Lost);
    }
    wsi.is_open().then_some(wsi)
}

/// Tells WSI_CREATE.
pub fn introduce(thread: &ServiceThread, wsi: &Rc<Wsi>, ties: Ties) {
    children::join(thread, wsi, ties.parent);
    call_first(thread, wsi, Reason::WSI_CREATE, Payload::Empty);
    // quirk: the program's own data are there from the next callback on.
    wsi.opaque_user.set(ties.opaque);
}

/// A connection without protocol of ours, watched; WSI_CREATE is told.
pub fn raw(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    role: Role,
    ties: Ties,
    with_tls: bool,
) -> Option<Rc<Wsi>> {
    let wsi = new_connection(thread, vhost, fd, role)?;
    if with_tls && !handshake::begin(thread, &wsi, vhost) {
        close::release(thread, &wsi, CloseCause::Lost);
        return None;
    }
    introduce(thread, &wsi, ties);
    if !wsi.is_open() || !watch(thread, &wsi) {
        close::abandon(thread, &wsi);
        return None;
    }
    Some(wsi)
}

/// A connection that is to have a protocol that its vhost does not have: it comes and goes.
pub fn unknown_protocol(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    name: Option<&CStr>,
) {
    let name = name
        .unwrap_or(c"of listen_accept_protocol")
        .to_string_lossy();
    log_err!(
        "Protocol {name} not enabled on vhost {}",
        vhost.config.name.to_string_lossy()
    );
    if let Some(wsi) = new_connection(thread, vhost, fd, Role::None) {
        call_first(thread, &wsi, Reason::WSI_CREATE, Payload::Empty);
        close::abandon(thread, &wsi);
    }
}

/// What a program hands over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A socket that speaks http.
    Http,
    /// A socket without protocol.
    RawSocket,
    /// The incoming side of a raw proxy.
    RawProxy,
    /// A UDP socket.
    Datagram,
    /// Any other descriptor.
    RawFile,
}

/// lws_adopt_descriptor_vhost. The descriptor belongs to the library from here on, also when it fails.
pub fn adopt(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    kind: Kind,
    fd: OwnedFd,
    protocol: Option<&CStr>,
    ties: Ties,
    with_tls: bool,
) -> Option<Rc<Wsi>> {
    let borrowed = sock::borrow(&fd);
    sock::make_nonblocking(borrowed);
    // One that its address may not have any more is closed; a program that adopts has the limit to itself otherwise.
    let seat = match addr::peer_of(fd.as_raw_fd()) {
        Ok(Endpoint::Ip(peer)) if kind == Kind::Http => {
            thread.context.peers.admit(Peer::Inet(peer)).ok()
        }
        _ => Some(None),
    };
    if !matches!(kind, Kind::Datagram | Kind::RawFile) && sock::is_inet(borrowed) {
        sock::set_stream_options(borrowed, KeepAlive::default());
    }
    let index = match protocol {
        None => None,
        Some(name) => {
            let found = vhost.index_by_name(name.to_bytes());
            if found.is_none() {
                unknown_protocol(thread, vhost, fd, Some(name));
                return None;
            }
            found
        }
    };
    match kind {
        Kind::Http => accept::welcome_http(thread, vhost, fd, seat?, ties, with_tls),
        Kind::RawSocket | Kind::RawProxy => {
            let role = accept_role(Some(kind == Kind::RawProxy));
            raw_socket(thread, vhost, fd, role, index, ties, with_tls)
        }
        Kind::Datagram => datagram::take_in(thread, vhost, fd, index, ties),
        Kind::RawFile => raw_file(thread, vhost, fd, index, ties),
    }
}
