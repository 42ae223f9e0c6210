//! The reverse proxy: a request of a proxy area goes to its origin, the answer comes back.
//!
//! The origin's connection is an http client of ours (lws: child wsi) with this file in the program's place; its callbacks
//! never reach the program. Bodies pass in pieces: while one side's output waits, the other side is not read, so a
//! slow peer costs a bounded amount of memory. After an upgrade bytes pass both ways unlooked at. Whoever goes takes
//! the other along. [`crate::proto::http::forward`] knows which headers pass.

use crate::conn::client::{self, ConnectInfo, Progress, Way};
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
        parent: Some(wsi.handle),
        is_relay: true,
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

/// The origin is there: sends the head of the request, then its body may come.
pub fn send_request(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return close::close(thread, child, CloseCause::Lost);
    };
    let peer = match addr::peer_of(parent.fd()) {
        Ok(Endpoint::Ip(peer)) => peer.ip().to_canonical().to_string(),
        _ => "unknown".to_owned(),
    };
    let Some(info) = child.with_client(|h| h.info.clone()) else {
        return;
    };
    let upgrades = with(&parent, |p| p.upgrades) == Some(true);
    let head = parent.with_http(|h| encode_request(h, &info, &peer, upgrades));
    if !push(thread, child, &head.unwrap_or_default(), b"") {
        return;
    }
    await_answer(thread, child, ANSWER_SECS);
    let waits = parent.with_http(|h| {
        let is_asked = h.head().is_some_and(|head| head.expect_continue);
        is_asked && h.has_unread_body() && !h.body_is_here
    });
    if waits == Some(true) && !push(thread, &parent, b"HTTP/1.1 100 Continue\r\n\r\n", b"") {
        return;
    }
    let has_body = parent.with_http(|h| h.has_unread_body()) == Some(true);
    if has_body {
        body::restart_timeout(thread, &parent);
    }
    if has_body && parent.rx_held.replace(false) {
        service::resume_rx(thread, &parent);
    }
}

fn encode_request(h: &Http, info: &ConnectInfo, peer: &str, upgrades: bool) -> Vec<u8> {
    let mut head = Vec::with_capacity(1024);
    let Way::Http(method) = &info.way else {
        return head;
    };
    let mut line = |name: &[u8], value: &[u8]| put_line(&mut head, name, value);
    if let Some(host) = &info.host {
        line(b"host", host);
    }
    for (name, value) in end_to_end(&h.table) {
        line(name, value);
    }
    line(b"x-forwarded-for", &forwarded_for(&h.table, peer));
    match &h.body {
        Some(BodyState::Length(n)) => line(b"content-length", n.to_string().as_bytes()),
        Some(BodyState::Chunked(_)) => line(b"transfer-encoding", b"chunked"),
        None if h.table.has(Token::HTTP_CONTENT_LENGTH) => line(b"content-length", b"0"),
        None => {}
    }
    if upgrades {
        line(b"upgrade", b"websocket");
        line(b"connection", b"upgrade");
    } else {
        line(b"connection", b"close");
    }
    head.extend_from_slice(b"\r\n");
    [method, &b" "[..], &info.path, b" HTTP/1.1\r\n", &head].concat()
}

fn put_line(head: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        head.extend_from_slice(part);
    }
}

/// Who asks: the client, behind those that it says it asks for.
fn forwarded_for(table: &HeaderTable, peer: &str) -> Vec<u8> {
    let mut all: Vec<&[u8]> = table
        .fragments(Token::X_FORWARDED_FOR)
        .map(<[u8]>::trim_ascii)
        .collect();
    all.push(peer.as_bytes());
    all.join(&b", "[..])
}

/// Input from the client: body of its request, or anything after an upgrade. Returns how much was taken.
pub fn relay_request(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let Some(child) = other(thread, wsi) else {
        return 0;
    };
    let is_tunnel = with(wsi, |p| p.is_tunnel) == Some(true);
    // The next request, or what follows an upgrade, waits for the answer; a body until the origin is there.
    let is_early = !is_tunnel && wsi.with_http(|h| h.has_unread_body()) != Some(true);
    if is_early || child.has_pending_tx() || client::is_connecting(&child) {
        wsi.rx_held.set(true);
        return 0;
    }
    let window: &[u8] = input.window(PIECE);
    if is_tunnel {
        if push(thread, &child, window, b"") {
            hold_if_slow(thread, wsi, &child);
        }
        return window.len();
    }
    relay_body(thread, wsi, &child, window)
}

/// One piece of a body, as it is to be written on.
enum Found {
    Plain(usize),
    Chunk(std::ops::Range<usize>),
    Nothing,
    End,
    Bad,
}

fn relay_body(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, child: &Rc<Wsi>, window: &[u8]) -> usize {
    let found = wsi.with_http(|h| match &mut h.body {
        Some(BodyState::Length(left)) => {
            let len = usize::try_from(*left)
                .unwrap_or(usize::MAX)
                .min(window.len());
            *left -= len as u64;
            if *left == 0 {
                h.body = None;
            }
            (len, Found::Plain(len))
        }
        Some(BodyState::Chunked(decoder)) => match decoder.feed(window) {
            Ok((used, ChunkEvent::Data(range))) => (used, Found::Chunk(range)),
            Ok((used, ChunkEvent::NeedMore)) => (used, Found::Nothing),
            Ok((used, ChunkEvent::End)) => {
                h.body = None;
                (used, Found::End)
            }
            Err(_) => (window.len(), Found::Bad),
        },
        None => (0, Found::Nothing),
    });
    let Some((used, found)) = found else {
        return 0;
    };
    if let Found::Bad = found {
        end_proxying(wsi);
        close::close(thread, child, CloseCause::Lost);
        http::refuse(thread, wsi, 400);
        return used;
    }
    if !push_piece(thread, child, window, found) {
        return used;
    }
    if wsi.with_http(|h| h.has_unread_body()) == Some(true) {
        body::restart_timeout(thread, wsi);
    } else {
        timeout::set_internal(thread, wsi, pending::NONE, 0);
    }
    await_answer_again(thread, child);
    hold_if_slow(thread, wsi, child);
    used
}

/// While the request's body goes out the origin is not late.
fn await_answer_again(thread: &ServiceThread, child: &Wsi) {
    if child.with_client(|h| h.stage() == ClientStage::Head) == Some(true) {
        await_answer(thread, child, ANSWER_SECS);
    }
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

/// The head of the origin's answer is there.
pub fn relay_head(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return close::close(thread, child, CloseCause::Lost);
    };
    let Some(head) = child.with_client(|h| h.head()).flatten() else {
        return;
    };
    let upgrades = with(&parent, |p| p.upgrades) == Some(true);
    if head.status == 101 && !upgrades {
        return client::fail(thread, child, "an upgrade that nobody asked for");
    }
    let request = parent.with_http(|h| h.head()).flatten();
    let version = request.map_or(Version::Http11, |r| r.version);
    let framing = frame_for(&head, child, version);
    if framing.is_none() || head.status == 101 {
        parent.with_http(Http::end_keep_alive);
    }
    let keeps = parent.with_http(|h| h.head().is_some_and(|r| r.keep_alive)) == Some(true);
    let text = child.with_client(|h| encode_answer(&h.table, &head, framing, version, keeps));
    parent.with_http(|h| {
        h.begin_answer();
        h.status = head.status;
    });
    child.progress.set(Progress::Up);
    with(&parent, |p| {
        p.framing = framing.unwrap_or(Framing::Plain);
        p.is_tunnel = head.status == 101;
    });
    if !push(thread, &parent, &text.unwrap_or_default(), b"") {
        return;
    }
    if head.status == 101 {
        log_info!("proxy: the origin has taken the upgrade");
        child.with_client(|h| h.left = Left::UntilClose);
        if parent.rx_held.replace(false) {
            service::resume_rx(thread, &parent);
        }
        return;
    }
    if child.with_client(|h| matches!(h.left, Left::Length(0))) == Some(true) {
        finish(thread, child, &parent);
    } else {
        restart_answer_timeout(thread, child);
    }
}

/// How the answer's body is written; `None`: it ends with the connection.
fn frame_for(head: &ResponseHead, child: &Wsi, version: Version) -> Option<Framing> {
    let has_length = child.with_client(|h| matches!(h.left, Left::Length(_))) == Some(true);
    if has_length || head.status == 101 {
        return Some(Framing::Plain);
    }
    (version == Version::Http11).then_some(Framing::Chunked)
}

fn encode_answer(
    table: &HeaderTable,
    head: &ResponseHead,
    framing: Option<Framing>,
    version: Version,
    keeps: bool,
) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024);
    let name: &[u8] = match version {
        Version::Http10 => b"HTTP/1.0 ",
        Version::Http11 => b"HTTP/1.1 ",
    };
    let reason = table.first(Token::HTTP).or(table.first(Token::HTTP1_0));
    text.extend_from_slice(name);
    text.extend_from_slice(reason.unwrap_or(b"200 "));
    text.extend_from_slice(b"\r\n");
    for (name, value) in end_to_end(table) {
        put_line(&mut text, name, value);
    }
    if head.status == 101 {
        put_line(&mut text, b"upgrade", b"websocket");
        put_line(&mut text, b"connection", b"upgrade");
    } else {
        if let Some(length) = table.first(Token::HTTP_CONTENT_LENGTH)
            && head.status != 204
        {
            put_line(&mut text, b"content-length", length.trim_ascii());
        }
        if framing == Some(Framing::Chunked) {
            put_line(&mut text, b"transfer-encoding", b"chunked");
        }
        match (keeps, version) {
            (false, _) => put_line(&mut text, b"connection", b"close"),
            (true, Version::Http10) => put_line(&mut text, b"connection", b"keep-alive"),
            (true, Version::Http11) => {}
        }
    }
    text.extend_from_slice(b"\r\n");
    text
}

fn restart_answer_timeout(thread: &ServiceThread, child: &Wsi) {
    let us = i64::from(ANSWER_SECS) * crate::sys::clock::SEC;
    timeout::set_internal(thread, child, pending::AWAITING_SERVER_RESPONSE, us);
}

/// Input from the origin: body of its answer, or anything after an upgrade. Returns how much was taken.
pub fn relay_answer(thread: &Rc<ServiceThread>, child: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let Some(parent) = parent_of(thread, child) else {
        close::close(thread, child, CloseCause::Lost);
        return input.end - input.start;
    };
    if parent.has_pending_tx() {
        hold_if_slow(thread, child, &parent);
        return 0;
    }
    let window: &[u8] = input.window(PIECE);
    let found = child.with_client(|h| match &mut h.left {
        Left::Length(left) => {
            let len = usize::try_from(*left)
                .unwrap_or(usize::MAX)
                .min(window.len());
            *left -= len as u64;
            (len, Found::Plain(len), *left == 0)
        }
        Left::UntilClose => (window.len(), Found::Plain(window.len()), false),
        Left::Chunked(decoder) => match decoder.feed(window) {
            Ok((used, ChunkEvent::Data(range))) => (used, Found::Chunk(range), false),
            Ok((used, ChunkEvent::NeedMore)) => (used, Found::Nothing, false),
            Ok((used, ChunkEvent::End)) => (used, Found::Nothing, true),
            Err(_) => (window.len(), Found::Bad, false),
        },
    });
    let Some((used, found, is_last)) = found else {
        return 0;
    };
    if let Found::Bad = found {
        truncated(thread, &parent, "its chunks cannot be read");
        return used;
    }
    let len = match &found {
        Found::Plain(len) => *len,
        Found::Chunk(range) => range.len(),
        Found::Nothing | Found::End | Found::Bad => 0,
    };
    parent.with_http(|h| h.count_sent(len));
    let framing = with(&parent, |p| p.framing).unwrap_or(Framing::Plain);
    let sent = match (framing, found) {
        (Framing::Plain, Found::Chunk(range)) => {
            push(thread, &parent, window.get(range).unwrap_or(&[]), b"")
        }
        (Framing::Chunked, Found::Plain(len)) if len > 0 => {
            push_piece(thread, &parent, window, Found::Chunk(0..len))
        }
        (_, found) => push_piece(thread, &parent, window, found),
    };
    if !sent {
        return used;
    }
    if is_last {
        finish(thread, child, &parent);
        return used;
    }
    if with(&parent, |p| p.is_tunnel) != Some(true) {
        restart_answer_timeout(thread, child);
    }
    hold_if_slow(thread, child, &parent);
    used
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

/// The origin has ended its stream inside the body of its answer.
pub fn answer_ended(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return;
    };
    let is_tunnel = with(&parent, |p| p.is_tunnel) == Some(true);
    if !is_tunnel && child.with_client(|h| matches!(h.left, Left::UntilClose)) == Some(true) {
        return finish(thread, child, &parent);
    }
    truncated(thread, &parent, "the origin closed");
}
