//! Listeners: opening them, sharing them between vhosts, and trying again where the machine is not ready yet.
//!
//! All listeners live on service thread 0; [`crate::conn::accept`] takes in what comes. A vhost whose interface, address
//! or path is not there yet comes up without its listener, which is tried again every few seconds, unless
//! FAIL_UPON_UNABLE_TO_BIND says to fail at once. A port that is in use fails at once in any case.

use crate::conn::config::{Listen, option};
use crate::conn::context::Context;
use crate::conn::destroy;
use crate::conn::role::Role;
use crate::conn::thread::ServiceThread;
use crate::conn::tls;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, close};
use crate::sys::clock::{SEC, Usec};
use crate::sys::iface::{self, Interface};
use crate::sys::listen::{self as sys, TcpListen};
use crate::sys::sock;
use crate::util::log::{log_err, log_info, log_notice};
use std::ffi::{CStr, CString};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Time between two attempts to open a listener that could not be opened.
const RETRY: Usec = 5 * SEC;

/// A listening socket and the vhosts that share it, in the order of their coming.
pub struct Listener {
    /// Where it listens; the port is the one in use.
    key: Listen,
    vhosts: Vec<u32>,
}

/// Brings a new vhost up: the wake-up descriptor with the first one, the listener, and the protocols where the context
/// has started. A vhost that fails has ended.
pub fn start_vhost(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), destroy::NotUp> {
    let context = &thread.context;
    adopt::watch_wake(thread);
    let mut up = tls::vhost::bring_up(thread, vhost).and_then(|()| open(thread, vhost));
    if up.is_ok() && context.is_started.load(Ordering::Acquire) {
        up = destroy::init_vhost(thread, vhost);
        if up.is_ok() && tls::aging::has_certificates(vhost) {
            tls::aging::start(thread);
        }
    }
    if up.is_err() {
        destroy::end_vhost(thread, vhost);
    }
    up
}

/// Makes a vhost listen where it wants to, now or later. Must run on thread 0.
fn open(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), destroy::NotUp> {
    let Err(e) = try_open(thread, vhost) else {
        return Ok(());
    };
    report(vhost, &e);
    let may_come =
        e.raw_os_error() != Some(libc::EADDRINUSE) && e.kind() != io::ErrorKind::InvalidInput;
    if !may_come || vhost.config.options & option::FAIL_UPON_UNABLE_TO_BIND != 0 {
        return Err(destroy::NotUp);
    }
    let (name, secs) = (vhost.config.name.to_string_lossy(), RETRY / SEC);
    log_err!("vhost {name}: goes on without its listener; trying again every {secs} s");
    defer(thread, vhost);
    Ok(())
}

fn defer(thread: &ServiceThread, vhost: &Arc<Vhost>) {
    let at = thread.refresh_now().saturating_add(RETRY);
    thread.deferred.with(|d| d.push((at, vhost.clone())));
}

/// When the next listener is tried again.
pub fn next_try(thread: &ServiceThread) -> Option<Usec> {
    thread.deferred.with(|d| d.iter().map(|(at, _)| *at).min())
}

/// Tries again to open the listeners that are due.
pub fn retry_deferred(thread: &Rc<ServiceThread>) {
    let now = thread.now();
    if next_try(thread).is_none_or(|at| at > now) {
        return;
    }
    let (due, rest) = thread
        .deferred
        .take()
        .into_iter()
        .partition(|(at, _)| *at <= now);
    thread.deferred.replace(rest);
    let due: Vec<(Usec, Arc<Vhost>)> = due;
    for (_, vhost) in due {
        let name = vhost.config.name.to_string_lossy();
        match try_open(thread, &vhost) {
            Ok(()) => log_notice!("vhost {name}: the listener is open now"),
            Err(e) => {
                log_info!("vhost {name}: still no listener: {e}");
                defer(thread, &vhost);
            }
        }
    }
}

fn try_open(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> io::Result<()> {
    if vhost.config.listen == Listen::Nowhere || share(thread, vhost) {
        return Ok(());
    }
    let fd = open_socket(vhost)?;
    start(thread, vhost, fd)
}

fn report(vhost: &Vhost, e: &io::Error) {
    let name = vhost.config.name.to_string_lossy();
    match &vhost.config.listen {
        Listen::Unix(path) => {
            log_err!(
                "vhost {name}: cannot listen on unix socket {path}: {e}; check that the path is free and writable"
            );
        }
        Listen::Tcp {
            iface: Some(iface),
            port,
        } => {
            let iface = iface.to_string_lossy();
            log_err!(
                "vhost {name}: cannot listen on interface or address '{iface}', port {port}: {e}"
            );
        }
        Listen::Tcp { iface: None, port } => {
            log_err!(
                "vhost {name}: cannot listen on port {port}: {e}; is another process using it, or is it privileged?"
            );
        }
        Listen::Nowhere => {}
    }
}

/// Joins a listener that another vhost has opened at the same place.
fn share(thread: &ServiceThread, vhost: &Vhost) -> bool {
    for wsi in thread.all() {
        let joined = wsi.role.with(|role| match role {
            Role::Listen(l) if l.key == vhost.config.listen => {
                l.vhosts.push(vhost.index);
                true
            }
            _ => false,
        });
        if joined {
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
        Listen::Tcp { iface, port } => {
            let asked = has(option::IPV6_V6ONLY_MODIFY).then(|| has(option::IPV6_V6ONLY_VALUE));
            let ipv6 = !has(option::DISABLE_IPV6) && sys::has_ipv6();
            let mut addr = match iface {
                Some(iface) => interface_address(iface)?,
                None if ipv6 => SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
                None => SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            };
            let mut v6_only = asked;
            if let IpAddr::V4(v4) = addr.ip()
                && ipv6
                && asked != Some(true)
            {
                // quirk: IPv4 addresses are listened on with an IPv6 socket, so that peers show as ::ffff:a.b.c.d.
                addr.set_ip(IpAddr::V6(v4.to_ipv6_mapped()));
                v6_only = Some(false);
            }
            addr.set_port(*port);
            sys::tcp(&TcpListen {
                addr,
                v6_only,
                share: has(option::ALLOW_LISTEN_SHARE),
                device: config.bind_device.clone(),
                keepalive: config.keepalive,
            })
        }
    }
}

fn interface_address(iface: &CStr) -> io::Result<SocketAddr> {
    let missing = |what| io::Error::new(io::ErrorKind::AddrNotAvailable, what);
    match iface::lookup(iface)? {
        Interface::Usable(addr) => Ok(addr),
        Interface::NotUsable => Err(missing("the interface has no internet address")),
        Interface::NotExist => Err(missing(
            "there is no such interface or address on this machine",
        )),
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

fn start(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, fd: OwnedFd) -> io::Result<()> {
    let used = sock::local(sock::borrow(&fd)).map_or(0, |a| a.port());
    let mut key = vhost.config.listen.clone();
    if let Listen::Tcp { port, .. } = &mut key {
        // Where the kernel chose, others may join by the port that it chose.
        *port = used;
        vhost.listen_port.store(i32::from(used), Ordering::Relaxed);
    }
    let listener = Listener {
        key,
        vhosts: vec![vhost.index],
    };
    let refused = || io::Error::other("no room for its connection");
    let wsi = adopt::new_connection(thread, vhost, fd, Role::Listen(Box::new(listener)))
        .ok_or_else(refused)?;
    if !adopt::watch(thread, &wsi) {
        close::release(thread, &wsi, CloseCause::Destroyed);
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "its descriptor was refused",
        ));
    }
    match &vhost.config.listen {
        Listen::Unix(path) => log_notice!(
            "vhost {}: listening on unix socket {path}",
            vhost.config.name.to_string_lossy()
        ),
        _ => log_info!(
            "vhost {}: listening on port {used}",
            vhost.config.name.to_string_lossy()
        ),
    }
    Ok(())
}

/// Takes a vhost off its listener; the last one closes it.
pub fn leave(thread: &Rc<ServiceThread>, vhost: &Vhost) {
    let gone = thread.deferred.with(|d| {
        let (gone, rest) = std::mem::take(d)
            .into_iter()
            .partition(|(_, v)| v.index == vhost.index);
        *d = rest;
        gone
    });
    drop::<Vec<_>>(gone);
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
            close::close(thread, &wsi, CloseCause::Destroyed);
        } else if was_there && wsi.vhost().is_some_and(|v| v.index == vhost.index) {
            hand_over(thread, &wsi);
        }
    }
}

/// A listener closes: its socket file goes with it.
pub fn remove_path(wsi: &Wsi) {
    wsi.role.with(|role| {
        if let Role::Listen(listener) = role
            && let Listen::Unix(path) = &listener.key
        {
            sys::remove_unix(path);
        }
    });
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

/// The vhost on whose behalf a listener accepts.
pub fn first_vhost(context: &Context, wsi: &Wsi) -> Option<Arc<Vhost>> {
    sharing(wsi).into_iter().find_map(|v| context.vhost(v))
}

/// The vhost that serves `host` among those that listen where `vhost` does: the one with that name, else the first
/// whose name `host` is below (a.b.org is below b.org), else `vhost`.
///
/// quirk: upper and lower case differ in names.
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
    let own = |v: &Vhost| v.config.name.as_bytes() == name;
    let above = |v: &Vhost| {
        name.strip_suffix(v.config.name.as_bytes())
            .is_some_and(|sub| sub.ends_with(b"."))
    };
    let exact = all.iter().filter(here).find(|v| own(v));
    let parent = || all.iter().filter(here).find(|v| above(v));
    exact.or_else(parent).unwrap_or(vhost).clone()
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
