//! The HTTP/1 client role: a request goes out, its answer comes in.
//!
//! [`request`] writes the head, the program the body; [`answer`] judges the head that comes back and gives the body to
//! the program; [`upgrade`] goes on to WebSocket. A relayed request of the reverse proxy takes the same way, with
//! [`crate::conn::role::http::proxy`] in the program's place. This file is the connection between them.

use crate::conn::client::{self, ConnectInfo, again, carrier, relay_parent};
use crate::conn::role::http::proxy;
use crate::conn::role::ws;
use crate::conn::role::ws::masks::Masks;
use crate::conn::role::{Input, Role, RoleKind};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{close, rx};
use crate::proto::h1::chunked::ChunkDecoder;
use crate::proto::h1::response::{Body, ResponseHead, ResponseLimits, ResponseParser, Step};
use crate::proto::http::headers::HeaderTable;
use crate::proto::proxy::authority;
use crate::proto::ws::handshake;
use crate::sys::clock::SEC;
use std::rc::Rc;

pub mod answer;
pub mod form;
pub mod redirect;
pub mod request;
pub mod upgrade;

/// Seconds that a connection is kept for the next request, unless the program says so.
const KEEP_WARM: u16 = 5;
/// Methods that may be used twice.
const IDEMPOTENT: [&[u8]; 6] = [b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"];

/// Where a request is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Another request has the connection that it is to have.
    InLine,
    /// The head is out, the program writes the body.
    Request,
    /// The answer's head is awaited.
    Head,
    /// The answer's body comes in.
    Body,
    /// The answer is complete.
    Done,
}

/// What is still to come of the answer's body.
pub enum Left {
    /// So many bytes.
    Length(u64),
    /// Until its last chunk.
    Chunked(Box<ChunkDecoder>),
    /// Until the connection ends.
    UntilClose,
}

/// State of an http client connection.
pub struct HttpClient {
    /// What was asked for.
    pub info: Box<ConnectInfo>,
    /// Headers of the answer (lws: ah).
    pub table: HeaderTable,
    parser: ResponseParser,
    stage: Stage,
    /// Value of Sec-WebSocket-Extensions; empty for none.
    offer: Vec<u8>,
    /// The extension that the server chose, until the connection is a ws one.
    pub extension: Option<ws::Extension>,
    /// Sec-WebSocket-Key.
    key: [u8; handshake::KEY_LEN],
    /// The request's head is written.
    is_head_out: bool,
    /// lws_client_http_body_pending.
    body_pending: bool,
    parts: Option<form::Parts>,
    head: Option<ResponseHead>,
    pub(super) left: Left,
    /// Raw input that lws_http_client_read may take now, while the program is asked to.
    offered: Vec<u8>,
    /// How much of it is taken.
    taken: usize,
    /// What is left of the reference's first read, which shows in how the body is cut.
    first_read: usize,
    /// The server has ended its stream.
    ended: bool,
    /// Something came that belongs to no answer.
    has_junk: bool,
    /// Its connection served another request before.
    is_carried: bool,
    /// Some of the answer has come.
    is_heard: bool,
    /// It has a body, or had.
    has_body: bool,
    /// The program wants the connection to end with the answer.
    is_last: bool,
    /// The body cannot be read.
    is_broken: bool,
}

impl HttpClient {
    /// Before its request.
    fn new(thread: &ServiceThread, info: Box<ConnectInfo>) -> Box<Self> {
        let header_data = thread.context.config.header_data;
        let nonce = match info.way {
            client::Way::WebSocket => thread.masks.with(Masks::nonce),
            client::Way::Http(_) | client::Way::Raw | client::Way::RawProxy => [0; 16],
        };
        let is_head = info.way == client::Way::Http(b"HEAD".to_vec());
        Box::new(Self {
            table: HeaderTable::new(header_data),
            parser: ResponseParser::new(ResponseLimits::for_table(header_data), is_head),
            // A form has a body without the program saying so.
            body_pending: info.form.is_some(),
            parts: form::Parts::new(info.form),
            info,
            stage: Stage::Request,
            offer: Vec::new(),
            extension: None,
            key: handshake::request_key(nonce),
            is_head_out: false,
            head: None,
            left: Left::UntilClose,
            offered: Vec::new(),
            taken: 0,
            first_read: 0,
            ended: false,
            has_junk: false,
            is_carried: false,
            is_heard: false,
            has_body: false,
            is_last: false,
            is_broken: false,
        })
    }

    /// What the answer says; `None` before its head is there.
    pub fn head(&self) -> Option<ResponseHead> {
        self.head
    }

    /// Where the request is.
    pub fn stage(&self) -> Stage {
        self.stage
    }
}

/// True while it is an http client and in use. A callback may have closed it, or begun anew with it.
pub fn is_client(wsi: &Wsi) -> bool {
    wsi.is_open() && wsi.role_kind() == RoleKind::HttpClient
}

/// lws_http_is_redirected_to_get.
pub fn is_redirected_to_get(wsi: &Wsi) -> bool {
    wsi.with_client(|h| h.info.trail.is_get)
        .or_else(|| wsi.with_connecting(|c| c.info().trail.is_get))
        .unwrap_or(false)
}

/// The connection is there: sends the request.
pub fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, info: Box<ConnectInfo>) {
    wsi.set_role(Role::HttpClient(HttpClient::new(thread, info)));
    match relay_parent(wsi) {
        Some(_) => proxy::send_request(thread, wsi),
        None => request::send(thread, wsi),
    }
}

/// Another request has the connection that this one is to have.
pub fn wait_in_line(thread: &ServiceThread, wsi: &Wsi, info: ConnectInfo) {
    let mut waiting = HttpClient::new(thread, Box::new(info));
    waiting.stage = Stage::InLine;
    wsi.set_role(Role::HttpClient(waiting));
}

/// True while it waits for that.
pub fn is_in_line(wsi: &Wsi) -> bool {
    is_client(wsi) && wsi.with_client(|h| h.stage == Stage::InLine) == Some(true)
}

/// It has been given the connection that it waited for.
pub fn carry_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    wsi.with_client(|h| {
        h.stage = Stage::Request;
        h.is_carried = true;
    });
    wsi.progress.set(client::Progress::Asked);
    request::send(thread, wsi);
}

/// False when what the program writes would be nobody's.
pub fn may_write(wsi: &Wsi) -> bool {
    wsi.with_client(|h| !matches!(h.stage, Stage::InLine | Stage::Done)) == Some(true)
}

/// After a pass: a complete answer ends the connection, unless it is good for another request.
pub fn rest(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let is_done = is_client(wsi) && wsi.with_client(|h| h.stage == Stage::Done) == Some(true);
    if !is_done || relay_parent(wsi).is_some() {
        return;
    }
    if !is_reusable(wsi) {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if !carrier::hand_on(thread, wsi) && wsi.timeout_reason.get() != pending::HTTP_KEEPALIVE_IDLE {
        let secs = wsi.with_client(|h| h.info.keep_warm).flatten();
        let secs = secs.filter(|s| *s > 0).unwrap_or(KEEP_WARM);
        let us = i64::from(secs) * SEC;
        timeout::set_internal(thread, wsi, pending::HTTP_KEEPALIVE_IDLE, us);
    }
}

/// True when the connection behind a complete answer may carry another request.
fn is_reusable(wsi: &Wsi) -> bool {
    let is_between = wsi.with_client(|h| {
        let keeps = h
            .head
            .is_some_and(|head| head.keep_alive && head.status != 101);
        let is_framed = !matches!(h.left, Left::UntilClose);
        keeps
            && is_framed
            && !h.has_junk
            && !h.ended
            && !h.is_broken
            && !h.is_last
            && !h.body_pending
    });
    wsi.shares.get()
        && is_between == Some(true)
        && !wsi.end_reported.get()
        && !wsi.is_hung_up.get()
        && !wsi.has_saved_rx()
        && !wsi.has_pending_tx()
        && wsi.close_wanted.get().is_none()
}

/// The answer is awaited from here on.
pub fn await_answer(thread: &ServiceThread, wsi: &Wsi, secs: u32) {
    wsi.with_client(|h| h.stage = Stage::Head);
    let us = i64::from(secs) * SEC;
    timeout::set_internal(thread, wsi, pending::AWAITING_SERVER_RESPONSE, us);
}

/// lws_client_http_body_pending.
pub fn set_body_pending(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, is_pending: bool) {
    let was_last = wsi.with_client(|h| {
        h.body_pending = is_pending;
        h.has_body |= is_pending;
        !is_pending && h.stage == Stage::Request
    });
    let is_out = wsi.progress.get() == client::Progress::Asked && request::is_head_out(wsi);
    if was_last == Some(true) && is_out {
        let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
        await_answer(thread, wsi, secs);
    }
}

/// Consumes input as the stage of the request allows.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    match wsi.with_client(|h| h.stage) {
        Some(Stage::Request | Stage::Head) => read_head(thread, wsi, input),
        Some(Stage::Body) => match relay_parent(wsi) {
            Some(_) => proxy::relay_answer(thread, wsi, input),
            None => answer::offer(thread, wsi, input),
        },
        // More than the answer: nobody's.
        Some(Stage::Done) => {
            wsi.with_client(|h| h.has_junk = true);
            input.end - input.start
        }
        Some(Stage::InLine) | None => 0,
    }
}

fn read_head(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let limit = rx::window_left(thread, wsi, input);
    let window: &[u8] = input.window(limit);
    let len = window.len();
    let step = wsi.with_client(|h| {
        h.is_heard |= len > 0;
        let step = h.parser.feed(window, &mut h.table);
        if let Step::Done { consumed } = step
            && let Some(head) = h.parser.head()
        {
            h.head = Some(head);
            h.first_read = len - consumed;
            h.stage = Stage::Body;
            h.left = match head.body {
                Body::None => Left::Length(0),
                Body::Length(n) => Left::Length(n),
                Body::Chunked => Left::Chunked(Box::default()),
                Body::UntilClose => Left::UntilClose,
            };
        }
        step
    });
    match step {
        Some(Step::NeedMore) | None => len,
        Some(Step::Refused(why)) => {
            fail_reading(thread, wsi, why);
            len
        }
        Some(Step::Done { consumed }) => {
            timeout::set_internal(thread, wsi, pending::NONE, 0);
            match relay_parent(wsi) {
                Some(_) => proxy::relay_head(thread, wsi),
                None if redirect::handle(thread, wsi) => return len,
                None if wsi.with_client(|h| h.info.way == client::Way::WebSocket) == Some(true) => {
                    upgrade::on_answer(thread, wsi);
                }
                None => answer::on_head(thread, wsi),
            }
            consumed
        }
    }
}

/// Time is up.
pub fn on_timeout(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let why = match wsi.with_client(|h| h.stage) {
        // Nobody wanted it any more.
        Some(Stage::Done) => return close::close(thread, wsi, CloseCause::Asked),
        Some(Stage::Request) => "Timed out sending the request",
        _ => "Timed out waiting for the answer",
    };
    let why = format!("{why}: {}", server_of(wsi));
    client::tell_failure(thread, wsi, &why, true);
    close::close(thread, wsi, CloseCause::Lost);
}

/// No answer will come, or none that can be read.
fn fail_reading(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str) {
    let server = server_of(wsi);
    client::fail(thread, wsi, &format!("read failed: {server}: {why}"));
}

/// The server, as the program named it.
fn server_of(wsi: &Wsi) -> String {
    let server = wsi.with_client(|h| match h.info.address.starts_with('+') {
        true => h.info.address.clone(),
        false => authority(&h.info.address, h.info.port),
    });
    server.unwrap_or_default()
}

/// The server has ended its stream and everything before it is consumed.
pub fn on_end(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let turn = wsi.incarnation.get();
    match wsi.with_client(|h| {
        h.ended = true;
        h.stage
    }) {
        Some(Stage::Request | Stage::Head) if may_retry(wsi) => again::retry(thread, wsi),
        Some(Stage::Request | Stage::Head) => {
            fail_reading(thread, wsi, "the server closed before it answered");
        }
        Some(Stage::Body) => match relay_parent(wsi) {
            Some(_) => proxy::answer_ended(thread, wsi),
            None => answer::on_end(thread, wsi),
        },
        Some(Stage::Done | Stage::InLine) | None => {}
    }
    if wsi.incarnation.get() == turn {
        close::close(thread, wsi, CloseCause::Lost);
    }
}

/// RFC 9112 9.3.1: a request that a kept connection swallowed on its way to its end is made again, if that is harmless.
fn may_retry(wsi: &Wsi) -> bool {
    wsi.with_client(|h| {
        let is_harmless = match &h.info.way {
            client::Way::Http(method) => IDEMPOTENT.contains(&method.as_slice()),
            client::Way::WebSocket | client::Way::Raw | client::Way::RawProxy => false,
        };
        is_harmless && h.is_carried && !h.is_heard && !h.has_body && h.info.form.is_none()
    }) == Some(true)
}

/// The program may read again: what was kept is offered.
fn resume(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.rx_held.replace(false) {
        service::resume_rx(thread, wsi);
    }
}
