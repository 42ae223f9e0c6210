//! The reverse proxy: a request of a proxy area goes to its origin, the answer comes back.
//!
//! The origin's connection is an http client of ours (lws: child wsi) with this file in the program's place; its callbacks
//! never reach the program. Bodies pass in pieces: while one side's output waits, the other side is not read, so a
//! slow peer costs a bounded amount of memory. After an upgrade bytes pass both ways unlooked at. Whoever goes takes
//! the other along. [`crate::proto::http::forward`] knows which headers pass.

use crate::conn::client::{self, ConnectInfo, Progress, Trail, Way};
use crate::conn::close;
use crate::conn::config::Mount;
use crate::conn::external;
use crate::conn::role::Input;
use crate::conn::role::client::{Left, Stage as ClientStage, await_answer};
use crate::conn::role::http::{self, BodyState, Http, Stage, body, respond};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::chunked::ChunkEvent;
use crate::proto::h1::request::{RequestHead, UpgradeTo};
use crate::proto::h1::response::ResponseHead;
use crate::proto::http::forward::{end_to_end, rest_of_target};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::response::Version;
use crate::proto::http::token::Token;
use crate::sys::addr::{self, Endpoint};
use crate::tls::verify::Server;
use crate::util::ids::Handle;
use crate::util::log::{log_info, log_warn};
use std::io::Write as _;
use std::rc::Rc;

mod answer;
mod request;

pub use answer::{answer_ended, relay_answer, relay_head};
pub use request::{relay_request, send_request};

/// Seconds that an origin may take for its answer, and for each further piece of it.
pub const ANSWER_SECS: u32 = 60;
/// Bytes that pass in one piece.
const PIECE: usize = 64 * 1024;

/// How the answer's body goes to the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Framing {
    /// As it is: its length is announced, or the connection ends with it.
    Plain,
    /// In chunks.
    Chunked,
}

/// A request that is with its origin.
pub struct Proxying {
    /// The connection to the origin.
    child: Option<Handle>,
    /// Name of the origin, for the log.
    origin: String,
    /// The request asks for an upgrade.
    upgrades: bool,
    /// It was granted: bytes pass both ways.
    is_tunnel: bool,
    framing: Framing,
}

/// Sends a request to the origin of its area.
pub fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, head: &RequestHead, area: &Mount) {
    let (Some(server), Some(vhost)) = (&area.server, wsi.vhost()) else {
        return http::refuse(thread, wsi, 500);
    };
    let Some((rest, host)) = wsi.with_http(|h| {
        let path = h.table.fragments(head.uri_token);
        let rest = rest_of_target(h.parser.raw_target(), path, &area.mountpoint);
        (rest, h.table.first(Token::HOST).map(<[u8]>::to_vec))
    }) else {
        return;
    };
    let host = match server.host.as_str() {
        "" => host,
        name => Some(name.as_bytes().to_vec()),
    };
    let info = ConnectInfo {
        address: server.address.clone(),
        port: server.port,
        way: Way::Http(head.method.name().as_bytes().to_vec()),
        path: server.target(&rest),
        host,
        origin: None,
        tls: server.tls.then(|| Server::named(&server.address)),
        subprotocols: Vec::new(),
        iface: None,
        protocol: 0,
        user: 0,
        opaque: 0,
        policy: None,
        parent: Some(wsi.handle),
        trust: Server::default(),
        ws_version: 0,
        is_named: true,
        is_relay: true,
        keeps_redirects: true,
        keep_warm: None,
        form: None,
        trail: Trail::default(),
    };
    wsi.with_http(|h| {
        h.stage = Stage::Proxy(Box::new(Proxying {
            child: None,
            origin: area.origin.to_string_lossy().into_owned(),
            upgrades: head.upgrade == Some(UpgradeTo::WebSocket) && head.connection_upgrade,
            is_tunnel: false,
            framing: Framing::Plain,
        }));
    });
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    let child = client::connect(thread, &vhost, info, |handle| {
        with(wsi, |p| p.child = Some(handle));
    });
    if child.is_none() {
        no_answer(thread, wsi, 502, "no connection");
    }
}

/// Looks at the request that is with its origin, if the connection has one.
fn with<R>(wsi: &Wsi, f: impl FnOnce(&mut Proxying) -> R) -> Option<R> {
    wsi.with_http(|h| match &mut h.stage {
        Stage::Proxy(p) => Some(f(p)),
        _ => None,
    })
    .flatten()
}

/// True for either side of a proxied request: the program's WRITEABLE does not come there.
pub fn is_relaying(wsi: &Wsi) -> bool {
    client::relay_parent(wsi).is_some() || with(wsi, |_| ()).is_some()
}

/// The other side of a proxied request.
fn other(thread: &ServiceThread, wsi: &Wsi) -> Option<Rc<Wsi>> {
    let handle = match client::relay_parent(wsi) {
        Some(parent) => Some(parent),
        None => with(wsi, |p| p.child).flatten(),
    };
    thread.find(handle?).filter(|w| w.is_open())
}

/// The client's side of a relayed request, while it waits for this origin.
fn parent_of(thread: &ServiceThread, child: &Wsi) -> Option<Rc<Wsi>> {
    let parent = thread.find(client::relay_parent(child)?)?;
    let is_mine = with(&parent, |p| p.child == Some(child.handle)) == Some(true);
    (is_mine && parent.is_open()).then_some(parent)
}

/// Writes to one side. False when it is gone; what belongs to it goes too.
fn push(thread: &Rc<ServiceThread>, to: &Rc<Wsi>, head: &[u8], bytes: &[u8]) -> bool {
    if tx::send(thread, to, head, bytes).is_err() {
        close::close(thread, to, CloseCause::Lost);
        return false;
    }
    if to.has_pending_tx() && thread.serving.get() != Some(to.handle) {
        external::update(thread, to);
    }
    true
}

/// One side's output waits: the other is not read until it has drained.
fn hold_if_slow(thread: &ServiceThread, from: &Wsi, to: &Wsi) {
    if !to.has_pending_tx() {
        return;
    }
    from.rx_held.set(true);
    if to.role_kind() == crate::conn::role::RoleKind::Http {
        // A client that reads nothing of its answer is given up, as with a file.
        body::restart_timeout(thread, to);
    }
    timeout::set_internal(thread, from, pending::NONE, 0);
}

/// One side's output has drained: the other may go on.
pub fn drained(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if !is_relaying(wsi) || !wsi.is_open() {
        return;
    }
    let Some(from) = other(thread, wsi) else {
        return;
    };
    if client::relay_parent(wsi).is_none() {
        timeout::set_internal(thread, wsi, pending::NONE, 0);
    }
    if client::is_connecting(&from) || client::is_connecting(wsi) {
        return;
    }
    if from.rx_held.replace(false) {
        service::resume_rx(thread, &from);
    }
}

fn put_line(head: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        head.extend_from_slice(part);
    }
}

/// One piece of a body, as it is to be written on.
enum Found {
    Plain(usize),
    Chunk(std::ops::Range<usize>),
    Nothing,
    End,
    Bad,
}

fn push_piece(thread: &Rc<ServiceThread>, to: &Rc<Wsi>, window: &[u8], found: Found) -> bool {
    match found {
        Found::Plain(len) => push(thread, to, window.get(..len).unwrap_or(&[]), b""),
        Found::Chunk(range) => {
            let mut size = [0u8; 20];
            let mut rest = &mut size[..];
            let _ = write!(rest, "{:x}\r\n", range.len());
            let free = rest.len();
            let size = size.get(..20 - free).unwrap_or(&[]);
            push(thread, to, size, window.get(range).unwrap_or(&[]))
                && push(thread, to, b"\r\n", b"")
        }
        Found::End => push(thread, to, b"0\r\n\r\n", b""),
        Found::Nothing | Found::Bad => true,
    }
}

/// The answer is complete.
fn finish(thread: &Rc<ServiceThread>, child: &Rc<Wsi>, parent: &Rc<Wsi>) {
    let framing = with(parent, |p| p.framing);
    end_proxying(parent);
    if framing == Some(Framing::Chunked) && !push(thread, parent, b"0\r\n\r\n", b"") {
        return;
    }
    close::close(thread, child, CloseCause::Asked);
    complete(thread, parent);
}

fn complete(thread: &Rc<ServiceThread>, parent: &Rc<Wsi>) {
    if !parent.is_open() {
        return;
    }
    parent.rx_held.set(false);
    if http::transaction_completed(thread, parent) {
        return close::close(thread, parent, CloseCause::Asked);
    }
    if http::is_completed(parent) {
        body::restart_timeout(thread, parent);
        service::resume_rx(thread, parent);
    }
}

/// The request is not with its origin any more.
fn end_proxying(parent: &Wsi) {
    parent.with_http(|h| {
        if matches!(h.stage, Stage::Proxy(_)) {
            h.stage = Stage::Answer;
        }
    });
}

/// There will be no answer, for this reason.
pub fn no_answer(thread: &Rc<ServiceThread>, parent: &Rc<Wsi>, code: u16, why: &str) {
    let Some(origin) = with(parent, |p| p.origin.clone()) else {
        return;
    };
    log_warn!("proxy: {origin}: {why}: answering {code}");
    end_proxying(parent);
    let has_body = parent.with_http(|h| h.has_unread_body()) == Some(true);
    if has_body || respond::status_page(thread, parent, code, b"").is_err() {
        return http::refuse(thread, parent, code);
    }
    complete(thread, parent);
}

/// The origin's connection comes to its end without the proxy having asked for it.
pub fn child_gone(
    thread: &Rc<ServiceThread>,
    parent: Handle,
    child: Handle,
    is_late: bool,
    why: &str,
) {
    let Some(parent) = thread.find(parent).filter(|p| p.is_open()) else {
        return;
    };
    if thread.is_ending() || with(&parent, |p| p.child == Some(child)) != Some(true) {
        return;
    }
    match parent.with_http(|h| h.answered) {
        Some(false) => no_answer(thread, &parent, if is_late { 504 } else { 502 }, why),
        _ => truncated(thread, &parent, why),
    }
}

/// The answer breaks off: the client finds that its connection ends too early.
fn truncated(thread: &Rc<ServiceThread>, parent: &Rc<Wsi>, why: &str) {
    let (origin, is_tunnel) = with(parent, |p| (p.origin.clone(), p.is_tunnel)).unwrap_or_default();
    if !is_tunnel {
        log_warn!("proxy: {origin}: the answer breaks off: {why}");
    }
    close::close(thread, parent, CloseCause::Asked);
}
