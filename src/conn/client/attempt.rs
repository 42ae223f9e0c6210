//! From an address to a connected socket: the stages of a connection that is being made.
//!
//! The name is looked up, [`race`] tries the addresses, [`super::tunnel`] asks a proxy, TLS gets ready, and the role begins. All
//! addresses together may take the vhost's connect timeout. Failures are found out inside the program's call too, but told in the
//! next pass; each text names the stage, the place and the cause.

use crate::conn::client::race::{self, Race};
use crate::conn::client::tunnel::{self, Tunnel, Via};
use crate::conn::client::{self, ConnectInfo, Progress, Way};
use crate::conn::close;
use crate::conn::config::option;
use crate::conn::dispatch::tell;
use crate::conn::mailbox::Message;
use crate::conn::reason::Reason;
use crate::conn::role::{self, ProxySide, Role, RoleKind};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tls::handshake;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::proxy::authority;
use crate::sys::clock::{SEC, Usec};
use crate::sys::connect::Remote;
use crate::sys::resolve;
use std::ffi::CString;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

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
    pub(super) race: Race,
    /// What ended it.
    last: Option<String>,
    /// Time was up for it.
    is_late: bool,
    /// When to give up.
    pub(super) deadline: Usec,
}

impl Connecting {
    /// Nothing has begun.
    pub fn new(info: ConnectInfo) -> Box<Self> {
        Box::new(Self {
            info: Box::new(info),
            via: None,
            tunnel: None,
            state: State::Resolving,
            race: Race::default(),
            last: None,
            is_late: false,
            deadline: 0,
        })
    }

    /// See [`ConnectInfo::is_relay`].
    pub fn is_relay(&self) -> bool {
        self.info.is_relay
    }

    /// What the program asked for.
    pub fn info(&self) -> &ConnectInfo {
        &self.info
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

    /// What has taken too long.
    fn overdue(&self) -> String {
        match self.state {
            State::Securing => format!("{}: TLS handshake: timed out", self.place()),
            State::Resolving => format!("looking up {}: timed out", self.name()),
            State::Asking => {
                let proxy = self.via.as_ref().map(|via| format!("{:?}", via.address()));
                format!("proxy {}: no answer", proxy.unwrap_or_default())
            }
            _ => format!("{}: timed out", self.race.under_way()),
        }
    }

    /// The server: its address, or its name where a proxy has the address.
    fn place(&self) -> String {
        let place = match &self.via {
            Some(_) => None,
            None => self.race.place(),
        };
        place.unwrap_or_else(|| authority(&self.info.address, self.info.port))
    }

    /// The program's `iface`.
    pub(super) fn iface(&self) -> Option<CString> {
        self.info.iface.clone()
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
            wsi.with_connecting(|c| c.race.add(remote));
            go_on(thread, wsi);
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
    let turn = wsi.incarnation.get();
    let then = move |answer| {
        // The context may be gone meanwhile, or only the connection: then nobody finds the handle.
        if let Some(context) = context.upgrade() {
            let message = Message::Resolved {
                handle,
                turn,
                answer,
            };
            context.post(tsi, message);
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
            wsi.with_connecting(|c| c.race.add_found(&found));
            go_on(thread, wsi);
        }
        Err(why) => {
            let name = wsi.with_connecting(|c| c.name().to_owned());
            let name = name.unwrap_or_default();
            fail_soon(thread, wsi, format!("looking up {name}: {why}"));
        }
    }
}

/// Goes on to the next address, if one is left.
pub(super) fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    wsi.with_connecting(|c| c.state = State::Trying);
    if !race::go_on(thread, wsi) {
        fail_soon(thread, wsi, String::new());
    }
}

/// No address is left. The program hears of it in the next pass, not inside its own call.
pub(super) fn fail_soon(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: String) {
    wsi.with_connecting(|c| {
        c.state = State::Failed;
        c.last = match why.is_empty() {
            true => c.race.last_failure().map(str::to_owned),
            false => Some(why),
        };
    });
    thread.queue(wsi);
}

/// The loop, or the ready list, has come to a connection that is being made.
pub fn on_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.with_connecting(|c| c.state) {
        Some(State::Failed) => {
            let why = format!("Unable to connect{}", detail(wsi));
            client::fail(thread, wsi, &why);
        }
        Some(State::Trying) => {
            race::on_ready(thread, wsi);
            if wsi.is_open() && wsi.with_connecting(|c| c.state) == Some(State::Failed) {
                on_ready(thread, wsi);
            }
        }
        Some(State::Asking) => {
            if let Some(via) = wsi.with_connecting(|c| c.via.clone()).flatten() {
                tunnel::go_on(thread, wsi, &via);
            }
        }
        Some(State::Resolving | State::Securing) | None => {}
    }
}

/// The next address is due, or time is up for all.
pub fn on_timeout(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.with_connecting(|c| c.state) == Some(State::Failed) {
        return on_ready(thread, wsi);
    }
    let now = thread.now();
    let others =
        wsi.with_connecting(|c| c.state == State::Trying && c.race.has_more() && now < c.deadline);
    if others == Some(true) {
        return go_on(thread, wsi);
    }
    wsi.with_connecting(|c| {
        c.last = Some(c.overdue());
        c.is_late = true;
    });
    close::close(thread, wsi, CloseCause::Lost);
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
pub(super) fn connected(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    wsi.writable.set(true);
    let Some(info) = wsi.with_connecting(|c| c.info.clone()) else {
        return;
    };
    if !info.is_relay {
        let turn = wsi.incarnation.get();
        tell(thread, wsi, Reason::WSI_CREATE);
        if !wsi.is_open() || wsi.incarnation.get() != turn {
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
            fail_tls(thread, wsi, &why);
        }
        return;
    }
    speak(thread, wsi, info);
}

/// TLS does not get ready.
pub fn fail_tls(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str) {
    let place = wsi.with_connecting(|c| c.place()).unwrap_or_default();
    client::fail(thread, wsi, &format!("connect SSL err 1: {place}: {why}"));
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
    // quirk: one RAW_WRITEABLE comes unasked.
    wsi.wants_writable.set(true);
    if tell(thread, wsi, reason) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}
