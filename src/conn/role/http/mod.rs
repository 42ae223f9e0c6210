//! The HTTP/1 server role: one request after the other on a connection.
//!
//! [`request`] decides what a request gets, [`body`] delivers what it carries, [`respond`] writes the library's own
//! answers, [`file`] answers with files. This file is the connection between them: the stages of a transaction.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::dispatch::tell_text;
use crate::conn::reason::Reason;
use crate::conn::role::{Input, cgi};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::chunked::ChunkDecoder;
use crate::proto::h1::request::{BodyLength, RequestHead, RequestLimits, RequestParser, Step};
use crate::proto::http::access::Line;
use crate::proto::http::encoding::Encoder;
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::response::Version;
use crate::sys::clock::SEC;
use pace::Pace;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::atomic::Ordering;

pub mod access;
pub mod archive;
pub mod auth;
pub mod body;
pub mod file;
pub mod idle;
pub mod interpret;
pub mod mount;
pub mod output;
pub mod pace;
pub mod pool;
pub mod proxy;
pub mod ranges;
pub mod refusal;
pub mod request;
pub mod respond;
pub mod sending;
pub mod source;

pub use refusal::{fall_back, hang_up_softly, refuse, refuse_with};

/// The connection ends with an answer to a request that is not read to its end.
pub fn leaves_unread(wsi: &Wsi) -> bool {
    wsi.with_http(|h| {
        h.answered && (h.has_unread_body() || !h.in_transaction() && h.parser.has_begun())
    })
    .unwrap_or(false)
}

/// Where a transaction is.
pub enum Stage {
    /// Reading the request head.
    Head,
    /// The request is with the program, or answered; a body may still come in.
    Answer,
    /// A file goes out.
    File(Box<sending::Sending>),
    /// The request is with another server.
    Proxy(Box<proxy::Proxying>),
}

/// What is left of a body.
pub enum BodyState {
    /// So many bytes.
    Length(u64),
    /// Chunked.
    Chunked(Box<ChunkDecoder>),
}

/// State of an http connection.
pub struct Http {
    parser: RequestParser,
    /// Headers of the request (lws: ah).
    pub table: HeaderTable,
    stage: Stage,
    head: Option<RequestHead>,
    /// What is still to come of the request's body; `None`: nothing.
    body: Option<BodyState>,
    /// The body is read only to get rid of it: the transaction is over for the program.
    discards_body: bool,
    /// lws_http_transaction_completed came too early: it happens when output and body are through.
    is_completed: bool,
    /// An upgrade was begun: CLOSED_HTTP does not come any more.
    is_upgrading: bool,
    /// A request was seen on this connection before.
    served_before: bool,
    /// HEAD: headers go out, the body does not.
    pub is_head: bool,
    /// Some of the response is written.
    answered: bool,
    /// Some of the body came together with the head.
    body_is_here: bool,
    /// How fast the body comes.
    pace: Pace,
    /// The head of the response is written to its end.
    head_written: bool,
    /// Status of the response, once there is one.
    status: u16,
    /// Bytes of the response's body that were written.
    sent: u64,
    /// The request's line in the access log, where there is one.
    noted: Option<Box<Line>>,
    /// Plain http on a TLS port, which is only told to use https.
    pub goes_to_https: bool,
    /// Compresses the body of the answer.
    encoder: Option<Box<Encoder>>,
    /// The answer's length is among its headers already.
    has_length: bool,
    /// The connection's part in the pool of header tables.
    pub share: pool::Share,
}

impl Http {
    /// A connection before its first request.
    pub fn new(header_data: usize) -> Box<Self> {
        Box::new(Self {
            parser: RequestParser::new(RequestLimits::for_table(header_data)),
            table: HeaderTable::new(header_data),
            stage: Stage::Head,
            head: None,
            body: None,
            discards_body: false,
            is_completed: false,
            is_upgrading: false,
            served_before: false,
            is_head: false,
            answered: false,
            body_is_here: false,
            pace: Pace::default(),
            head_written: false,
            status: 0,
            sent: 0,
            noted: None,
            encoder: None,
            has_length: false,
            goes_to_https: false,
            share: pool::Share::None,
        })
    }

    /// False when the connection ended in an upgrade: CLOSED_HTTP would be wrong.
    pub fn tells_closed(&self) -> bool {
        !self.is_upgrading
    }

    /// From here on the connection belongs to an upgrade.
    pub fn begin_upgrade(&mut self) {
        self.is_upgrading = true;
    }

    /// Takes the header table out.
    pub fn take_table(&mut self) -> HeaderTable {
        std::mem::replace(&mut self.table, HeaderTable::new(0))
    }

    /// Version to answer with. Before a request is understood that is 1.0.
    pub fn version(&self) -> Version {
        // quirk: an upgrade that the program answers by itself gets a 1.0 status line.
        if self.is_upgrading {
            return Version::Http10;
        }
        self.head.map_or(Version::Http10, |h| h.version)
    }

    /// What the current request says.
    pub fn head(&self) -> Option<RequestHead> {
        self.head
    }

    /// Some of the answer is written. True when its body is to be left out.
    pub fn begin_answer(&mut self) -> bool {
        self.answered = true;
        // The library's own answers are not compressed, whatever the program had in mind.
        self.encoder = None;
        self.is_head
    }

    /// Whether some of the answer is written.
    pub fn is_answered(&self) -> bool {
        self.answered
    }

    /// The connection may serve another request.
    pub fn keeps_alive(&self) -> bool {
        self.head.is_some_and(|head| head.keep_alive)
    }

    /// The status of the answer that is being written.
    pub fn note_status(&mut self, code: u16) {
        self.status = code;
    }

    /// Bytes of the answer's body are written.
    fn count_sent(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_add(bytes as u64);
    }

    /// This response ends the connection.
    pub fn end_keep_alive(&mut self) {
        if let Some(head) = self.head.as_mut() {
            head.keep_alive = false;
        }
    }

    /// A body is still to be read.
    pub fn has_unread_body(&self) -> bool {
        self.body.is_some()
    }

    /// A request is being answered.
    fn in_transaction(&self) -> bool {
        !matches!(self.stage, Stage::Head)
    }
}

/// A request is through, or its connection is something else now: what it held is given back.
pub fn request_over(thread: &Rc<ServiceThread>, wsi: &Wsi) {
    access::note_end(wsi);
    pool::give_back(thread, wsi);
}

/// Starts the wait for the first request.
pub fn await_request(thread: &ServiceThread, wsi: &Wsi) {
    let secs = wsi.on_vhost(|v| v.config.head_secs).unwrap_or(10);
    timeout::set_internal(thread, wsi, pending::HOLDING_AH, i64::from(secs) * SEC);
}

enum Next {
    Head,
    Relay,
    Body,
    Wait,
}

/// Consumes input as the stage of the transaction allows.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    idle::wake(thread, wsi);
    let next = wsi.with_http(|h| match h.stage {
        Stage::Head => Next::Head,
        Stage::Proxy(_) => Next::Relay,
        _ if h.has_unread_body() => Next::Body,
        Stage::Answer | Stage::File(_) => Next::Wait,
    });
    match next {
        Some(Next::Head) => read_head(thread, wsi, input),
        Some(Next::Relay) => proxy::relay_request(thread, wsi, input),
        Some(Next::Body) => body::read(thread, wsi, input),
        Some(Next::Wait) => {
            // A pipelined request: it waits until this one is answered.
            wsi.rx_held.set(true);
            0
        }
        None => 0,
    }
}

fn read_head(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    if !pool::take(thread, wsi) {
        return 0;
    }
    let len = input.end - input.start;
    let window: &[u8] = input.window(len);
    let keeps_target = thread.context.has_proxies.load(Ordering::Relaxed);
    let step = wsi.with_http(|h| {
        let fresh = !h.parser.has_begun() && h.served_before;
        h.parser.set_keeps_target(keeps_target);
        let step = h.parser.feed(window, &mut h.table);
        if let Step::Done { consumed } = step {
            let head = h.parser.head(&h.table);
            h.head = Some(head);
            h.body = body_of(&head);
            h.stage = Stage::Answer;
            h.answered = false;
            h.body_is_here = consumed < len;
            h.head_written = false;
            h.pace = Pace::begin(thread.now());
            h.status = 0;
            h.sent = 0;
            h.encoder = None;
            h.has_length = false;
        }
        (step, fresh)
    });
    let Some((step, fresh)) = step else {
        return 0;
    };
    match step {
        Step::NeedMore => {
            if fresh {
                // The idle time between requests is over; the head has its own.
                await_request(thread, wsi);
            }
            len
        }
        Step::Done { consumed } => {
            request::handle(thread, wsi);
            settle(thread, wsi);
            consumed
        }
        Step::Refused(refusal) => refusal::refused(thread, wsi, input, refusal),
    }
}

/// What follows a request head on the wire.
fn body_of(head: &RequestHead) -> Option<BodyState> {
    match head.body {
        BodyLength::None | BodyLength::Unspecified | BodyLength::Length(0) => None,
        BodyLength::Length(n) => Some(BodyState::Length(n)),
        BodyLength::Chunked => Some(BodyState::Chunked(Box::default())),
    }
}

/// Lets the bound protocol go with a reason text.
pub fn drop_bound(thread: &ServiceThread, wsi: &Wsi, why: &CStr) {
    if wsi.is_bound.replace(false) {
        tell_text(thread, wsi, Reason::HTTP_DROP_PROTOCOL, why, 0);
    }
}

/// The socket has room: a file goes on, or the program writes. False when only the file did.
pub fn on_writable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    if sends_file(wsi) {
        wsi.wants_writable.set(false);
        return sending::go_on(thread, wsi);
    }
    if proxy::is_relaying(wsi) {
        wsi.wants_writable.set(false);
        return false;
    }
    service::tell_writeable(thread, wsi);
    true
}

/// What completing a transaction comes to.
enum End {
    /// Nothing yet, or nothing at all.
    Later,
    /// The next request may come.
    Next,
    /// The connection ends.
    Close,
}

/// lws_http_transaction_completed. True when the caller must close the connection.
pub fn transaction_completed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    if !wsi.is_open() {
        return true;
    }
    cgi::end::abandon(thread, wsi);
    output::end_encoding(thread, wsi);
    let pending = wsi.has_pending_tx();
    let Some(end) = wsi.with_http(|h| {
        if !h.in_transaction() {
            // Between requests there is nothing to complete: programs do it twice, or too early.
            return End::Later;
        }
        if pending || h.has_unread_body() {
            h.is_completed = true;
            h.discards_body = true;
            return End::Later;
        }
        let keeps_alive = h.head.is_some_and(|head| head.keep_alive);
        if keeps_alive { End::Next } else { End::Close }
    }) else {
        return true;
    };
    match end {
        End::Later => false,
        End::Close => true,
        End::Next => {
            next_transaction(thread, wsi);
            !wsi.is_open()
        }
    }
}

/// Gets the connection ready for the next request.
fn next_transaction(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    sending::let_go(thread, wsi);
    if !wsi.is_open() {
        return;
    }
    wsi.with_http(|h| {
        h.stage = Stage::Head;
        h.parser.reset();
        h.table.clear();
        h.table.shrink();
        h.head = None;
        h.body = None;
        h.is_completed = false;
        h.discards_body = false;
        h.is_head = false;
        h.served_before = true;
        h.answered = false;
    });
    request_over(thread, wsi);
    wsi.wants_writable.set(false);
    let secs = wsi.on_vhost(|v| v.config.keepalive_secs).unwrap_or(5);
    let us = i64::from(secs) * SEC;
    timeout::set_internal(thread, wsi, pending::HTTP_KEEPALIVE_IDLE, us);
    adopt::bind(thread, wsi, 0, c"lws_http_transaction_completed");
    if wsi.is_open() {
        wsi.rx_held.set(false);
        service::resume_rx(thread, wsi);
    }
}

/// True when lws_http_transaction_completed waits for output or body.
pub fn is_completed(wsi: &Wsi) -> bool {
    wsi.with_http(|h| h.is_completed).unwrap_or(false)
}

/// After output has drained or a body is through: the completion that had to wait.
pub fn complete_deferred(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let due = wsi
        .with_http(|h| h.is_completed && !h.has_unread_body())
        .unwrap_or(false);
    if due && !wsi.has_pending_tx() && wsi.is_open() && transaction_completed(thread, wsi) {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// After a request was handled: what was asked for in between.
fn settle(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.is_open() {
        complete_deferred(thread, wsi);
    }
}

/// True while a file goes out.
pub fn sends_file(wsi: &Wsi) -> bool {
    wsi.with_http(|h| matches!(h.stage, Stage::File(_)))
        .unwrap_or(false)
}

/// lws_serve_http_file: 0 on its way, positive through, negative when the connection is to be closed.
pub fn serve_file(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    path: &CStr,
    kind: &[u8],
    other_headers: &[u8],
) -> i32 {
    match file::serve_path(thread, wsi, path, kind, other_headers) {
        file::Outcome::Sending => 0,
        // The caller completes the transaction.
        file::Outcome::Missing if respond::status_page(thread, wsi, 404, b"").is_ok() => 1,
        // quirk: HEAD is completed here and yet says "on its way".
        file::Outcome::Done if !transaction_completed(thread, wsi) => 0,
        file::Outcome::Done | file::Outcome::Missing | file::Outcome::Failed => -1,
    }
}
