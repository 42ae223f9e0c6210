//! Listeners: opening them, sharing them between vhosts, and accepting.
//!
//! All listeners live on service thread 0. A new connection goes to the thread with the fewest, among those that some
//! OS thread has entered at least once: a program that never services a thread loses nothing.

use crate::conn::config::{Listen, option};
use crate::conn::context::Context;
use crate::conn::dispatch::{call_first, tell};
use crate::conn::mailbox::Message;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Role, http};
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, close};
use crate::sys::listen::{self as sys, TcpListen};
use crate::sys::sock::{self, Accepted, Peer};
use crate::util::log::{log_err, log_info, log_notice, log_warn};
use std::ffi::{CStr, CString};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Connections accepted in one go, before others get their turn.
const ACCEPTS: usize = 64;

/// A listening socket and the vhosts that share it, in the order of their coming.
pub struct Listener {
    key: Listen,
    vhosts: Vec<u32>,
}

/// Brings a new vhost up: the wake-up descriptor with the first one, the listener, and the protocols where the context
/// has started. A vhost that fails has ended.
pub fn start_vhost(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), ()> {
    let context = &thread.context;
    adopt::watch_wake(thread, vhost);
    let mut up = open(thread, vhost);
    if up.is_ok() && context.is_started.load(Ordering::Acquire) {
        up = crate::conn::destroy::init_vhost(thread, vhost);
    }
    if up.is_err() {
        crate::conn::destroy::end_vhost(thread, vhost);
    }
    up
}

/// Makes a vhost listen where it wants to. Must run on thread 0.
pub fn open(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), ()> {
    if vhost.config.listen == Listen::Nowhere {
        return Ok(());
    }
    if share(thread, vhost) {
        return Ok(());
    }
    match open_socket(vhost) {
        Ok(fd) => start(thread, vhost, fd),
        Err(e) => {
            report(vhost, &e);
            let errno = e.raw_os_error().unwrap_or(libc::EINVAL);
            thread.context.listen_error.store(errno, Ordering::Relaxed);
            Err(())
        }
    }
}

fn report(vhost: &Vhost, e: &io::Error) {
    let name = vhost.config.name.to_string_lossy();
    match &vhost.config.listen {
        Listen::Unix(path) => {
            log_err!(
                "vhost {name}: cannot listen on unix socket {path}: {e}; check that the path is free and writable"
            );
        }
        Listen::Tcp { port, .. } => {
            log_err!(
                "vhost {name}: cannot listen on port {port}: {e}; is another process using it, or is it privileged?"
            );
        }
        Listen::Nowhere => {}
    }
}

/// Joins a listener that another vhost has opened at the same place.
fn share(thread: &ServiceThread, vhost: &Vhost) -> bool {
    if matches!(vhost.config.listen, Listen::Tcp { port: 0, .. }) {
        return false;
    }
    for wsi in thread.all() {
        let joined = wsi.role.with(|role| match role {
            Role::Listen(l) if l.key == vhost.config.listen => {
                l.vhosts.push(vhost.index);
                true
            }
            _ => false,
        });
        if joined {
            let port = wsi.with_fd(sock::local).flatten().map_or(0, |a| a.port());
            vhost.listen_port.store(i32::from(port), Ordering::Relaxed);
            return true;
        }
    }
    false
}

fn open_socket(vhost: &Vhost) -> io::Result<OwnedFd> {
    let config = &vhost.config;
    let has = |bit: u64| config.options & bit != 0;
    match &config.listen {
        Listen::Nowhere => Err(io::Error::from_raw_os_error(libc::EINVAL)),
        Listen::Unix(path) => {
            let fd = sys::unix(path)?;
            sys::set_unix_owner(path, unix_owner(config.unix_owner.as_deref())?)?;
            Ok(fd)
        }
        Listen::Tcp { addr, port } => {
            let ip = addr.unwrap_or_else(|| {
                if has(option::DISABLE_IPV6) || !sys::has_ipv6() {
                    IpAddr::V4(Ipv4Addr::UNSPECIFIED)
                } else {
                    IpAddr::V6(Ipv6Addr::UNSPECIFIED)
                }
            });
            let modify = has(option::IPV6_V6ONLY_MODIFY);
            sys::tcp(&TcpListen {
                addr: SocketAddr::new(ip, *port),
                v6_only: modify.then(|| has(option::IPV6_V6ONLY_VALUE)),
                share: has(option::ALLOW_LISTEN_SHARE),
                device: config.bind_device.clone(),
                keepalive: config.keepalive,
            })
        }
    }
}

/// "user:group" of info.unix_socket_perms.
fn unix_owner(perms: Option<&CStr>) -> io::Result<Option<(u32, u32)>> {
    let Some(perms) = perms else {
        return Ok(None);
    };
    let unknown = || {
        let what = format!(
            "unix_socket_perms '{}' is no known user:group",
            perms.to_string_lossy()
        );
        io::Error::new(io::ErrorKind::InvalidInput, what)
    };
    let mut parts = perms.to_bytes().splitn(2, |b| *b == b':');
    let mut name = || CString::new(parts.next()?).ok();
    let (Some(user), Some(group)) = (name(), name()) else {
        return Err(unknown());
    };
    sys::owner_by_names(&user, &group)
        .map(Some)
        .ok_or_else(unknown)
}

fn start(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, fd: OwnedFd) -> Result<(), ()> {
    let port = sock::local(sock::borrow(&fd)).map_or(0, |a| i32::from(a.port()));
    if matches!(vhost.config.listen, Listen::Tcp { .. }) {
        vhost.listen_port.store(port, Ordering::Relaxed);
    }
    let listener = Listener {
        key: vhost.config.listen.clone(),
        vhosts: vec![vhost.index],
    };
    let wsi = adopt::new_connection(thread, vhost, fd, Role::Listen(listener)).ok_or(())?;
    if !adopt::watch(thread, &wsi) {
        close::release(thread, &wsi, CloseCause::Destroyed);
        return Err(());
    }
    match &vhost.config.listen {
        Listen::Unix(path) => log_notice!(
            "vhost {}: listening on unix socket {path}",
            vhost.config.name.to_string_lossy()
        ),
        _ => log_info!(
            "vhost {}: listening on port {port}",
            vhost.config.name.to_string_lossy()
        ),
    }
    Ok(())
}

/// Takes a vhost off its listener; the last one closes it.
pub fn leave(thread: &Rc<ServiceThread>, vhost: &Vhost) {
    for wsi in thread.all() {
        let (was_there, is_empty) = wsi.role.with(|role| match role {
            Role::Listen(l) => {
                let before = l.vhosts.len();
                l.vhosts.retain(|v| *v != vhost.index);
                (l.vhosts.len() != before, l.vhosts.is_empty())
            }
            _ => (false, false),
        });
        if was_there && is_empty {
            if let Listen::Unix(path) = &vhost.config.listen {
                sys::remove_unix(path);
            }
            close::close(thread, &wsi, CloseCause::Destroyed);
        } else if was_there && wsi.vhost().is_some_and(|v| v.index == vhost.index) {
            hand_over(thread, &wsi);
        }
    }
}

/// The listener's own vhost has gone: the next one that shares it stands in.
fn hand_over(thread: &ServiceThread, wsi: &Rc<Wsi>) {
    let next = first_vhost(&thread.context, wsi);
    if let (Some(next), Some(old)) = (next, wsi.local_vhost()) {
        old.shared.connections.fetch_sub(1, Ordering::Relaxed);
        next.connections.fetch_add(1, Ordering::Relaxed);
        wsi.point_at(&thread.local_vhost(&next), 0);
    }
}

fn sharing(wsi: &Wsi) -> Vec<u32> {
    wsi.role.with(|role| match role {
        Role::Listen(l) => l.vhosts.clone(),
        _ => Vec::new(),
    })
}

fn first_vhost(context: &Context, wsi: &Wsi) -> Option<Arc<Vhost>> {
    sharing(wsi).into_iter().find_map(|v| context.vhost(v))
}

/// The vhost that serves `host` among those that listen where `vhost` does: exact name, then wildcard, then `vhost`.
pub fn vhost_for(context: &Context, vhost: &Arc<Vhost>, host: &[u8]) -> Arc<Vhost> {
    let all = context.vhosts();
    if all.len() < 2 {
        return vhost.clone();
    }
    let port = vhost.listen_port.load(Ordering::Relaxed);
    let here = |v: &&Arc<Vhost>| {
        v.config.listen != Listen::Nowhere
            && v.listen_port.load(Ordering::Relaxed) == port
            && !v.is_closing.load(Ordering::Relaxed)
    };
    let name = host_name(host);
    let exact = all
        .iter()
        .filter(here)
        .find(|v| v.config.name.as_bytes().eq_ignore_ascii_case(name));
    let wildcard = || {
        all.iter().filter(here).find(|v| {
            let own = v.config.name.as_bytes();
            own.strip_prefix(b"*").is_some_and(|tail| {
                !tail.is_empty()
                    && name.len() > tail.len()
                    && name
                        .len()
                        .checked_sub(tail.len())
                        .and_then(|at| name.get(at..))
                        .is_some_and(|end| end.eq_ignore_ascii_case(tail))
            })
        })
    };
    exact.or_else(wildcard).unwrap_or(vhost).clone()
}

/// Host without its port.
fn host_name(host: &[u8]) -> &[u8] {
    if host.starts_with(b"[") {
        let end = host
            .iter()
            .position(|b| *b == b']')
            .map_or(host.len(), |n| n + 1);
        return host.get(..end).unwrap_or(host);
    }
    host.split(|b| *b == b':').next().unwrap_or(host)
}

/// Accepts what waits.
pub fn accept_all(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    for _ in 0..ACCEPTS {
        if !wsi.is_open() || thread.is_over.get() {
            return;
        }
        if is_full(thread) {
            return starve(thread, wsi, "the connection limit is reached");
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

/// Stops accepting until a descriptor is freed: new ones wait in the kernel's queue.
fn starve(thread: &ServiceThread, wsi: &Rc<Wsi>, why: &str) {
    log_warn!("not accepting for now: {why}");
    thread.starved.with(|s| {
        if !s.iter().any(|w| w.handle == wsi.handle) {
            s.push(wsi.clone());
        }
    });
}

/// A connection has ended: starved listeners may accept again.
pub fn descriptor_freed(thread: &ServiceThread) {
    if thread.starved.with(|s| s.is_empty()) {
        return;
    }
    for wsi in thread.starved.take() {
        thread.queue(&wsi);
    }
}

/// Starved listeners try again with every pass, since descriptors may have been freed elsewhere.
pub fn retry_starved(thread: &ServiceThread) {
    if thread.count() > 0 && thread.starved.with(|s| !s.is_empty()) && !is_full(thread) {
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
    let tsi = least_loaded(thread);
    if tsi == thread.tsi {
        welcome(thread, &vhost, fd, peer);
    } else {
        let vhost = vhost.index;
        thread
            .context
            .post(tsi, Message::Accepted { fd, peer, vhost });
    }
    // quirk: each accepted connection is followed by EVENT_WAIT_CANCELLED.
    thread.mailbox(|m| m.note_cancelled());
}

fn least_loaded(thread: &ServiceThread) -> u8 {
    let mut best = (u32::MAX, thread.tsi);
    for (tsi, mailbox) in thread.context.mailboxes.iter().enumerate() {
        let count = mailbox.connections.load(Ordering::Relaxed);
        if mailbox.was_entered.load(Ordering::Relaxed) && count < best.0 {
            best = (count, u8::try_from(tsi).unwrap_or(0));
        }
    }
    best.1
}

/// Makes an accepted descriptor a connection of this thread and tells the program.
pub fn welcome(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, fd: OwnedFd, _peer: Peer) {
    if vhost.config.options & option::APPLY_ACCEPT_CONFIG != 0 && vhost.config.accept_raw {
        let protocol = vhost.config.accept_protocol;
        adopt::raw_socket(thread, vhost, fd, Some(protocol), None);
        return;
    }
    welcome_http(thread, vhost, fd);
}

/// A new connection that is to speak http.
pub fn welcome_http(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
) -> Option<Rc<Wsi>> {
    let role = Role::Http(http::Http::new(&thread.context.config));
    let wsi = adopt::new_connection(thread, vhost, fd, role)?;
    call_first(thread, &wsi, Reason::WSI_CREATE, Payload::Empty);
    if !adopt::watch(thread, &wsi) {
        call_first(thread, &wsi, Reason::WSI_DESTROY, Payload::Empty);
        close::release(thread, &wsi, CloseCause::Lost);
        return None;
    }
    // quirk: with the fallback option the session memory is there from the start.
    if vhost.config.options & option::FALLBACK_TO_ACCEPT_CONFIG != 0 {
        adopt::ensure_session(&wsi);
    }
    // quirk: from here on the connection is on the vhost's default protocol, though not bound to it.
    if vhost.config.default_protocol != 0 {
        wsi.point_at(&thread.local_vhost(vhost), vhost.config.default_protocol);
    }
    http::await_request(thread, &wsi);
    if tell(thread, &wsi, Reason::SERVER_NEW_CLIENT_INSTANTIATED) != 0 {
        close::close(thread, &wsi, CloseCause::Lost);
        return None;
    }
    wsi.is_open().then_some(wsi)
}
