//! Outgoing connections: from what the program asks for to a connected socket with a role.
//!
//! [`connect`] makes the connection, tells the program and begins; [`attempt`] leads it through its stages, [`race`]
//! tries the addresses, [`tunnel`] goes through a proxy; [`fail`] ends it where that leads to nothing. What is spoken then is the role's business
//! ([`crate::conn::role::client`], raw). Nothing here blocks: the answer of a name look-up comes through the mailbox.

use crate::conn::adopt;
use crate::conn::children;
use crate::conn::close;
use crate::conn::config::{AcceptProtocol, Policy};
use crate::conn::dispatch::{tell, tell_text};
use crate::conn::reason::Reason;
use crate::conn::role::http::proxy;
use crate::conn::role::{Role, RoleKind};
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::http::location::Origin;
use crate::tls::verify::Server;
use crate::util::ids::Handle;
use crate::util::log::log_info;
use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;

pub mod again;
pub mod attempt;
pub mod carrier;
pub mod race;
pub mod tunnel;

/// What is spoken once the connection is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// WebSocket.
    WebSocket,
    /// http with this method.
    Http(Vec<u8>),
    /// Nothing of ours.
    Raw,
    /// Nothing of ours: the onward side of a raw proxy.
    RawProxy,
}

/// What a program asks for (lws: struct lws_client_connect_info).
#[derive(Clone, Debug)]
pub struct ConnectInfo {
    /// Name or numeric address; `+` and a path (or `@` and a name) for a unix socket.
    pub address: String,
    /// Port.
    pub port: u16,
    /// What to speak.
    pub way: Way,
    /// Request target.
    pub path: Vec<u8>,
    /// Value of Host.
    pub host: Option<Vec<u8>>,
    /// Value of Origin, whole.
    pub origin: Option<Vec<u8>>,
    /// Value of Sec-WebSocket-Protocol; empty for none.
    pub subprotocols: Vec<u8>,
    /// Sec-WebSocket-Version; 0 for 13.
    pub ws_version: u32,
    /// Interface or address to connect from.
    pub iface: Option<CString>,
    /// The vhost's protocol to bind.
    pub protocol: u16,
    /// It was named: the program hears of the binding.
    pub is_named: bool,
    /// Session memory of the program's own, 0 without.
    pub user: usize,
    /// lws_get_opaque_user_data.
    pub opaque: usize,
    /// Its own retry and idle policy.
    pub policy: Option<Policy>,
    /// Parent connection.
    pub parent: Option<Handle>,
    /// What TLS is to ask of the server; `None`: no TLS.
    pub tls: Option<Server>,
    /// What TLS asks of any server, should a redirect lead to it.
    pub trust: Server,
    /// It serves a proxied request of its parent: the program hears nothing of it.
    pub is_relay: bool,
    /// A 3xx answer is given to the program (LCCSCF_HTTP_NO_FOLLOW_REDIRECT).
    pub keeps_redirects: bool,
    /// It shares its connection with others (LCCSCF_PIPELINE), which is kept so many seconds for the next.
    pub keep_warm: Option<u16>,
    /// How its body is written, if it is a form.
    pub form: Option<Form>,
    /// Redirects so far.
    pub trail: Trail,
}

/// The bodies of forms, which say so in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// LCCSCF_HTTP_MULTIPART_MIME.
    Multipart,
    /// LCCSCF_HTTP_X_WWW_FORM_URLENCODED.
    UrlEncoded,
}

/// Where redirects have led a request.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// How many were followed.
    pub followed: u8,
    /// It has begun anew, with a redirect or because the program said so.
    pub is_again: bool,
    /// The first server, the only one to get credentials.
    pub first: Option<Origin>,
    /// The server in turn is another one.
    pub is_elsewhere: bool,
    /// A 303 has made a GET of it (lws_http_is_redirected_to_get).
    pub is_get: bool,
}

/// How far an outgoing connection has proven itself: decides how its end is told.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Progress {
    /// Not an outgoing connection.
    #[default]
    Incoming,
    /// No connection yet.
    Connecting,
    /// The request is out, or on its way.
    Asked,
    /// The program has heard of its success.
    Up,
    /// The program has heard of its failure.
    Failed,
    /// Its connection is another request's now.
    HandedOn,
}

/// Begins to connect. `publish` is called with the handle before any callback. `None`: no handle was left, or the program
/// closed the connection at once.
pub fn connect(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    mut info: ConnectInfo,
    publish: impl FnOnce(Handle),
) -> Option<Rc<Wsi>> {
    let wsi = adopt::unconnected(thread, vhost, info.protocol)?;
    wsi.progress.set(Progress::Connecting);
    wsi.opaque_user.set(info.opaque);
    wsi.set_policy(info.policy);
    let (user, protocol) = (info.user, (info.protocol, info.is_named));
    let is_relay = info.is_relay;
    children::join(thread, &wsi, info.parent);
    if goes_onward(thread, vhost, &info) {
        info.way = Way::RawProxy;
    }
    wsi.set_role(Role::Connecting(attempt::Connecting::new(info)));
    thread.enlist(&wsi);
    publish(wsi.handle);
    if !is_relay {
        introduce(thread, &wsi, protocol, user);
    }
    if wsi.is_open()
        && !thread.is_ending()
        && wsi.incarnation.get() == 0
        && !carrier::join(thread, &wsi)
    {
        attempt::start(thread, &wsi);
    }
    wsi.is_open().then_some(wsi)
}

/// A raw connection that belongs to a raw proxy, as its onward side.
fn goes_onward(thread: &ServiceThread, vhost: &Vhost, info: &ConnectInfo) -> bool {
    let accepts = vhost.config.accept_proxy
        && vhost.config.accept_protocol == AcceptProtocol::Named(info.protocol);
    let parent = info.parent.and_then(|p| thread.find(p));
    let has_parent = parent.is_some_and(|p| p.role_kind() == RoleKind::RawProxy);
    info.way == Way::Raw && (accepts || has_parent)
}

/// The first callbacks, inside the program's own call.
///
/// quirk: where no protocol of the vhost was named, the first one is it in silence, and a websocket's session memory
/// comes later.
fn introduce(
    thread: &ServiceThread,
    wsi: &Rc<Wsi>,
    (protocol, is_named): (u16, bool),
    user: usize,
) {
    let is_raw = wsi.role_kind() != RoleKind::Connecting;
    adopt::repoint(wsi, protocol);
    wsi.user.set(user);
    let is_http = wsi.with_connecting(|c| matches!(c.info().way, Way::Http(_))) == Some(true);
    if is_named || is_raw || is_http {
        need_session(wsi);
    }
    // quirk: what these two return does not stop the connection; the first one's only spares the drop.
    if is_named && let Some(reasons) = wsi.role_kind().reasons() {
        let is_bound = tell(thread, wsi, reasons.bind) == 0;
        wsi.is_bound.set(is_bound);
    }
    if wsi.role_kind() == RoleKind::Connecting && wsi.is_open() {
        tell(thread, wsi, Reason::SERVER_NEW_CLIENT_INSTANTIATED);
    }
}

/// The session memory is there from here on.
pub fn need_session(wsi: &Wsi) {
    if wsi.user.get() == 0 {
        adopt::fresh_session(wsi);
    }
}

/// The connection that a relayed request belongs to; `None` for the program's own.
pub fn relay_parent(wsi: &Wsi) -> Option<Handle> {
    let is_relay = wsi
        .with_client(|h| h.info.is_relay)
        .or_else(|| wsi.with_connecting(|c| c.is_relay()))?;
    wsi.parent.get().filter(|_| is_relay)
}

/// True while the connection is being made.
pub fn is_connecting(wsi: &Wsi) -> bool {
    wsi.role_kind().is_connecting()
}

/// It leads to nothing: tells the program why, once, and closes. A callback that refuses it may have closed it, and that was told.
pub fn fail(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str) {
    if wsi.is_open() {
        tell_failure(thread, wsi, why, false);
    }
    close::close(thread, wsi, CloseCause::Lost);
}

/// CLIENT_CONNECTION_ERROR, unless success or failure was told already; `is_late`: time was up. For a relayed request the
/// proxy hears it.
pub fn tell_failure(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str, is_late: bool) {
    if !matches!(wsi.progress.get(), Progress::Connecting | Progress::Asked) {
        return;
    }
    wsi.progress.set(Progress::Failed);
    if let Some(parent) = relay_parent(wsi) {
        return proxy::child_gone(thread, parent, wsi.handle, is_late, why);
    }
    log_info!("client: {why}");
    let text = CString::new(why).unwrap_or_default();
    let len = text.as_bytes().len();
    // A pass inside of this callback must not bring it to success.
    let was_served = wsi.is_served.replace(true);
    tell_text(thread, wsi, Reason::CLIENT_CONNECTION_ERROR, &text, len);
    wsi.is_served.set(was_served);
}

/// How the end of an outgoing connection is told in place of CLOSED. False: as any other connection's.
pub fn tell_end(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    match wsi.progress.get() {
        Progress::Connecting => {
            let why = format!("{}{}", attempt::unfinished(wsi), attempt::detail(wsi));
            tell_failure(thread, wsi, &why, attempt::is_late(wsi));
            true
        }
        Progress::Failed | Progress::HandedOn => true,
        Progress::Incoming => false,
        Progress::Asked | Progress::Up => match relay_parent(wsi) {
            Some(parent) => {
                proxy::child_gone(thread, parent, wsi.handle, false, "the connection ended");
                true
            }
            None => false,
        },
    }
}
