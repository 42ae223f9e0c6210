//! From an address to a connected socket: name look-up, then one address after the other.
//!
//! The addresses of both families alternate (RFC 8305 section 4), beginning with the one that the system prefers. An
//! attempt that says nothing for [`STALLED`] gives way while there are other addresses; the whole may take the
//! vhost's connect timeout. Failures are found out inside the program's call too, but told in the next pass.

use crate::conn::client::tunnel::{self, Tunnel, Via};
use crate::conn::client::{self, ConnectInfo, Progress, Way};
use crate::conn::config::option;
use crate::conn::dispatch::tell;
use crate::conn::mailbox::Message;
use crate::conn::reason::Reason;
use crate::conn::role::{self, ProxySide, Role, RoleKind};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tls::handshake;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, close, external, service};
use crate::sys::addr;
use crate::sys::clock::{SEC, Usec};
use crate::sys::connect::{self, Local, Remote};
use crate::sys::iface::{self, Interface};
use crate::sys::resolve;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

/// How long one of several addresses may say nothing.
const STALLED: Usec = 2 * SEC;

/// Where the attempt is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The name is looked up.
    Resolving,
    /// A socket is connecting.
    Trying,
    /// The proxy is asked for the server.
    Asking,
    /// TLS gets ready on it.
    Securing,
    /// No address is left; the next pass tells it.
    Failed,
}

/// An outgoing connection that is not there yet.
pub struct Connecting {
    info: Box<ConnectInfo>,
    /// The proxy that it goes through.
    via: Option<Via>,
    tunnel: Option<Box<Tunnel>>,
    state: State,
    /// Addresses not tried yet.
    remotes: VecDeque<Remote>,
    current: Option<Remote>,
    /// What came of the last address.
    last: Option<String>,
    /// Time was up for it.
    is_late: bool,
    /// When to give up.
    deadline: Usec,
}

impl Connecting {
    /// Nothing has begun.
    pub fn new(info: ConnectInfo) -> Box<Self> {
        Box::new(Self {
            info: Box::new(info),
            via: None,
            tunnel: None,
            state: State::Resolving,
            remotes: VecDeque::new(),
            current: None,
            last: None,
            is_late: false,
            deadline: 0,
        })
    }

    /// See [`ConnectInfo::is_relay`].
    pub fn is_relay(&self) -> bool {
        self.info.is_relay
    }

    /// What kind of connection it is until it is there.
    pub fn kind(&self) -> RoleKind {
        match self.info.way {
            Way::Raw => RoleKind::ConnectingRaw,
            Way::RawProxy => RoleKind::ConnectingProxy,
            Way::WebSocket | Way::Http(_) => RoleKind::Connecting,
        }
    }

    /// The name that is looked up: the proxy's where there is one.
    fn name(&self) -> &str {
        let via = self.via.as_ref();
        via.map_or(&self.info.address, |via| &via.address().host)
    }

    /// It waits for room in its socket.
    pub fn awaits_room(&self) -> bool {
        let tunnel = self.tunnel.as_ref();
        self.state == State::Trying || tunnel.is_some_and(|t| t.has_output())
    }
}

/// Looks the address up, or tries it at once if it needs no look-up.
pub fn start(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let secs = wsi.on_vhost(|v| v.config.connect_secs).unwrap_or(20);
    let us = i64::from(secs) * SEC;
    let deadline = thread.refresh_now().saturating_add(us);
    let via = wsi.on_vhost(Via::of).flatten();
    let Some((address, port)) = wsi.with_connecting(|c| {
        c.deadline = deadline;
        c.via = via.filter(|_| !c.info.is_relay && !c.info.address.starts_with('+'));
        match &c.via {
            Some(via) => (via.address().host.clone(), via.address().port),
            None => (c.info.address.clone(), c.info.port),
        }
    }) else {
        return;
    };
    let reason = pending::AWAITING_CONNECT_RESPONSE;
    timeout::set_internal(thread, wsi, reason, us);
    let at_once = match address.strip_prefix('+') {
        Some(path) => Some(Remote::Unix(path.as_bytes().to_vec())),
        None => resolve::numeric(&address, port).map(Remote::Inet),
    };
    match at_once {
        Some(remote) => {
            wsi.with_connecting(|c| c.remotes.push_back(remote));
            try_next(thread, wsi);
        }
        None => look_up(thread, wsi, &address, port),
    }
}

fn look_up(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, name: &str, port: u16) {
    if let Err(why) = ask_names(thread, wsi, name, port) {
        fail_soon(thread, wsi, format!("{name}: {why}"));
    }
}

/// Has a name looked up; the answer comes as a message for the connection.
///
/// # Errors
/// Too many questions wait.
pub fn ask_names(
    thread: &ServiceThread,
    wsi: &Wsi,
    name: &str,
    port: u16,
) -> Result<(), &'static str> {
    let (context, tsi, handle) = (Arc::downgrade(&thread.context), thread.tsi, wsi.handle);
    let then = move |answer| {
        // The context may be gone meanwhile, or only the connection: then nobody finds the handle.
        if let Some(context) = context.upgrade() {
            context.post(tsi, Message::Resolved { handle, answer });
        }
    };
    resolve::ask(name, port, Box::new(then))
}

/// The answer of a look-up.
pub fn resolved(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, answer: resolve::Answer) {
    if !wsi.is_open() || wsi.with_connecting(|c| c.state == State::Resolving) != Some(true) {
        return;
    }
    let no_ipv6 = wsi.on_vhost(|v| v.config.options & option::DISABLE_IPV6 != 0);
    match answer {
        Ok(mut found) => {
            if no_ipv6 == Some(true) {
                found.retain(SocketAddr::is_ipv4);
            }
            wsi.with_connecting(|c| c.remotes.extend(alternating(&found)));
            try_next(thread, wsi);
        }
        Err(why) => {
            let name = wsi.with_connecting(|c| c.name().to_owned());
            let name = name.unwrap_or_default();
            fail_soon(thread, wsi, format!("looking up {name}: {why}"));
        }
    }
}

/// The addresses with their families alternating, each family in its order.
fn alternating(all: &[SocketAddr]) -> Vec<Remote> {
    let leads_v6 = all.first().is_some_and(SocketAddr::is_ipv6);
    let mut first = all.iter().filter(|a| a.is_ipv6() == leads_v6);
    let mut second = all.iter().filter(|a| a.is_ipv6() != leads_v6);
    let mut order = Vec::with_capacity(all.len());
    while order.len() < all.len() {
        order.extend(first.next().into_iter().chain(second.next()));
    }
    order.into_iter().copied().map(Remote::Inet).collect()
}

/// Begins with the next address that a socket can be opened for.
fn try_next(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    loop {
        let Some(next) = wsi.with_connecting(|c| {
            c.current = c.remotes.pop_front();
            let others = !c.remotes.is_empty();
            c.current.clone().map(|remote| (remote, c.deadline, others))
        }) else {
            return;
        };
        let Some((remote, deadline, others)) = next else {
            return fail_soon(thread, wsi, String::new());
        };
        let begun = local_for(wsi, &remote)
            .and_then(|local| connect::begin(&remote, &local).map_err(|e| addr::reason(&e)));
        match begun {
            Ok(fd) => {
                wsi.attach(fd);
                thread.enlist_fd(wsi);
                wsi.with_connecting(|c| c.state = State::Trying);
                let left = deadline.saturating_sub(thread.now()).max(1);
                let us = if others { left.min(STALLED) } else { left };
                let reason = pending::AWAITING_CONNECT_RESPONSE;
                timeout::set_internal(thread, wsi, reason, us);
                if !adopt::watch(thread, wsi) {
                    return fail_soon(thread, wsi, format!("{remote}: not watched"));
                }
                external::update(thread, wsi);
                return;
            }
            Err(why) => note_failure(wsi, why),
        }
    }
}

/// Where to connect from, as `iface` says.
fn local_for(wsi: &Wsi, remote: &Remote) -> Result<Local, String> {
    let keepalive = wsi.on_vhost(|v| v.config.keepalive).unwrap_or_default();
    let mut local = Local {
        keepalive,
        ..Local::default()
    };
    let text = wsi.with_connecting(|c| c.info.iface.clone()).flatten();
    let (Some(text), Remote::Inet(to)) = (text, remote) else {
        return Ok(local);
    };
    let name = text.to_string_lossy();
    match iface::lookup(&text) {
        Ok(Interface::Usable(addr)) if addr.is_ipv4() == to.is_ipv4() => local.addr = Some(addr),
        Ok(Interface::Usable(addr)) => {
            return Err(format!("{name} ({}) is of another family", addr.ip()));
        }
        Ok(Interface::NotUsable) => return Err(format!("{name} has no address")),
        Ok(Interface::NotExist) => return Err(format!("there is no interface {name}")),
        Err(e) => return Err(addr::reason(&e)),
    }
    Ok(local)
}

fn note_failure(wsi: &Wsi, why: String) {
    wsi.with_connecting(|c| {
        let remote = c.current.as_ref().map(Remote::to_string);
        c.last = Some(format!("{}: {why}", remote.unwrap_or_default()));
    });
}

/// No address is left. The program hears of it in the next pass, not inside its own call.
fn fail_soon(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: String) {
    wsi.with_connecting(|c| {
        c.state = State::Failed;
        if !why.is_empty() {
            c.last = Some(why);
        }
    });
    thread.queue(wsi);
}

/// Lets go of a socket that did not connect.
fn drop_socket(thread: &ServiceThread, wsi: &Rc<Wsi>) {
    external::withdraw(thread, wsi);
    thread.delist_fd(wsi);
    drop(wsi.detach());
    wsi.writable.set(false);
    wsi.readable.set(false);
    wsi.is_hung_up.set(false);
    wsi.end_reported.set(false);
}

/// The loop, or the ready list, has come to a connection that is being made.
pub fn on_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.with_connecting(|c| c.state) {
        Some(State::Failed) => {
            let why = format!("Unable to connect{}", detail(wsi));
            client::fail(thread, wsi, &why);
        }
        Some(State::Trying) => match wsi.with_fd(connect::outcome).flatten() {
            None => {}
            Some(Ok(())) => connected(thread, wsi),
            Some(Err(e)) => {
                note_failure(wsi, addr::reason(&e));
                drop_socket(thread, wsi);
                if wsi.is_open() {
                    try_next(thread, wsi);
                }
                if wsi.with_connecting(|c| c.state) == Some(State::Failed) {
                    on_ready(thread, wsi);
                }
            }
        },
        Some(State::Asking) => {
            if let Some(via) = wsi.with_connecting(|c| c.via.clone()).flatten() {
                tunnel::go_on(thread, wsi, &via);
            }
        }
        Some(State::Resolving | State::Securing) | None => {}
    }
}

/// Time is up for an address, or for all.
pub fn on_timeout(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let others = wsi.with_connecting(|c| {
        c.state == State::Trying && !c.remotes.is_empty() && thread.now() < c.deadline
    });
    let what = wsi.with_connecting(|c| match c.state {
        State::Securing => "TLS handshake: timed out".to_owned(),
        State::Resolving => format!("looking up {}: timed out", c.name()),
        State::Asking => {
            let proxy = c.via.as_ref().map(|via| format!("{:?}", via.address()));
            format!("proxy {}: no answer", proxy.unwrap_or_default())
        }
        _ => {
            let remote = c.current.as_ref().map(Remote::to_string);
            format!("{}: timed out", remote.unwrap_or_default())
        }
    });
    wsi.with_connecting(|c| {
        c.last = what;
        c.is_late = true;
    });
    if others != Some(true) {
        return close::close(thread, wsi, CloseCause::Lost);
    }
    drop_socket(thread, wsi);
    if wsi.is_open() {
        try_next(thread, wsi);
    }
}

/// True when an attempt took too long.
pub fn is_late(wsi: &Wsi) -> bool {
    wsi.with_connecting(|c| c.is_late).unwrap_or(false)
}

/// What the end of an attempt is called that was not over.
pub fn unfinished(wsi: &Wsi) -> &'static str {
    match wsi.with_connecting(|c| c.state) {
        Some(State::Asking) => "Closed before conn",
        _ => "closed before established",
    }
}

/// The last address and what came of it, to go behind a text.
pub fn detail(wsi: &Wsi) -> String {
    wsi.with_connecting(|c| c.last.as_ref().map(|last| format!(": {last}")))
        .flatten()
        .unwrap_or_default()
}

/// The connection is there.
fn connected(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    wsi.writable.set(true);
    let Some(info) = wsi.with_connecting(|c| c.info.clone()) else {
        return;
    };
    if !info.is_relay {
        tell(thread, wsi, Reason::WSI_CREATE);
        if !wsi.is_open() {
            return;
        }
    }
    match wsi.with_connecting(|c| c.via.clone()).flatten() {
        Some(via) => tunnel::begin(thread, wsi, &via, &info.address, info.port),
        None => through(thread, wsi),
    }
}

/// A proxy is asked from here on.
pub fn ask_proxy(wsi: &Wsi, tunnel: Tunnel) {
    wsi.with_connecting(|c| {
        c.state = State::Asking;
        c.tunnel = Some(Box::new(tunnel));
    });
}

/// Looks at the way through a proxy that is being asked for.
pub fn with_tunnel<R>(wsi: &Wsi, f: impl FnOnce(&mut Tunnel) -> R) -> Option<R> {
    wsi.with_connecting(|c| c.tunnel.as_mut().map(|tunnel| f(tunnel)))
        .flatten()
}

/// The server is there, behind a proxy or not.
pub fn through(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    let Some(info) = wsi.with_connecting(|c| {
        c.tunnel = None;
        c.info.clone()
    }) else {
        return;
    };
    if let Some(server) = &info.tls {
        let server = server.at(&info.address, info.port);
        wsi.with_connecting(|c| c.state = State::Securing);
        if let Err(why) = handshake::begin_client(thread, wsi, &server) {
            client::fail(thread, wsi, &format!("connect SSL err 1: {why}"));
        }
        return;
    }
    speak(thread, wsi, info);
}

/// TLS is ready on the connection.
pub fn secured(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    if let Some(info) = wsi.with_connecting(|c| c.info.clone()) {
        speak(thread, wsi, info);
    }
}

/// Nothing stands between the connection and its role any more.
fn speak(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, info: Box<ConnectInfo>) {
    let (role, reason) = match info.way {
        Way::Raw => (Role::RawSocket, Reason::RAW_CONNECTED),
        Way::RawProxy => {
            let role = Role::RawProxy(ProxySide::Onward);
            (role, Reason::RAW_PROXY_CLI_ADOPT)
        }
        Way::WebSocket | Way::Http(_) => {
            wsi.progress.set(Progress::Asked);
            return role::client::begin(thread, wsi, info);
        }
    };
    wsi.progress.set(Progress::Up);
    wsi.set_role(role);
    if tell(thread, wsi, reason) != 0 {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    // quirk: an unasked WRITEABLE follows.
    if wsi.is_open() {
        service::ask_writable(thread, wsi);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_beginning_with_the_preferred_one() {
        let all: Vec<SocketAddr> = ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "[::4]:1"]
            .iter()
            .map(|a| a.parse().unwrap())
            .collect();
        let texts = |all: &[SocketAddr]| {
            let texts: Vec<_> = alternating(all).iter().map(Remote::to_string).collect();
            texts.join(" ")
        };
        assert_eq!(texts(&all), "[::1]:1 1.1.1.1:1 [::2]:1 [::3]:1 [::4]:1");
        let reversed: Vec<_> = all.iter().skip(3).copied().collect();
        assert_eq!(texts(&reversed), "1.1.1.1:1 [::4]:1");
        assert_eq!(texts(&[]), "");
    }
}
