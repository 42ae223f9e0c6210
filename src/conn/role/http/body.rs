//! Request bodies: by length and chunked, in pieces, to HTTP_BODY; then HTTP_BODY_COMPLETION.

use crate::conn::close;
use crate::conn::dispatch::{call, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::http::{self, BodyState};
use crate::conn::role::{Input, cgi};
use crate::conn::rx::SLACK;
use crate::conn::thread::{RX_PRE, ServiceThread};
use crate::conn::timeout::{self, pending};
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::chunked::ChunkEvent;
use crate::proto::h1::request::{Method, RequestHead};
use crate::sys::clock::SEC;
use crate::sys::sock;
use crate::util::log::log_info;
use std::ops::Range;
use std::rc::Rc;

/// The program has heard of the request and may get its body.
pub fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, head: &RequestHead) {
    let Some((is_empty, is_late)) = wsi.with_http(|h| {
        let is_late = h.answered || h.body_is_here || h.discards_body;
        (!h.has_unread_body(), is_late)
    }) else {
        return;
    };
    if !is_empty && head.expect_continue && !is_late {
        let _ = tx::send(thread, wsi, b"HTTP/1.1 100 Continue\r\n\r\n", b"");
    }
    // quirk: an empty body is one empty HTTP_BODY and its completion, of POST requests only.
    if is_empty
        && !wsi.has_script.get()
        && head.method == Method::Post
        && wsi.with_http(|h| h.in_transaction()) == Some(true)
        && tell_piece(thread, wsi, Payload::Empty)
    {
        finish(thread, wsi);
    }
}

/// The time that a program has for its answer, a peer for the next piece of a body, and a file for getting on.
pub fn restart_timeout(thread: &ServiceThread, wsi: &Wsi) {
    let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    let us = i64::from(secs) * SEC;
    timeout::set_internal(thread, wsi, pending::HTTP_CONTENT, us);
}

/// A body that is held back, of a peer that has ended its stream: less than the rest of it is there, so it need not be held.
pub fn was_cut(wsi: &Wsi) -> bool {
    if !wsi.rx_held.get() || !wsi.end_reported.get() {
        return false;
    }
    let left = wsi.with_http(|h| match h.body {
        Some(BodyState::Length(left)) => left,
        Some(BodyState::Chunked(_)) | None => 0,
    });
    let Some(left) = left.filter(|left| *left > 0) else {
        return false;
    };
    let saved =
        wsi.rx_saved.with(|saved| saved.len()) + wsi.tls().map_or(0, |session| session.left_len());
    let waits = wsi.with_fd(sock::unread).flatten();
    waits.is_some_and(|waits| waits.saturating_add(saved as u64) < left)
}

enum Found {
    /// A piece of the body in the input; the body may end with it.
    Piece(Range<usize>, bool),
    /// The body ends here.
    End,
    /// Nothing yet.
    Nothing,
    /// No body can be read from this.
    Bad,
}

/// Takes one window of input.
pub fn read(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let window = thread
        .context
        .config
        .service_buffer
        .saturating_sub(SLACK)
        .max(1);
    let behind = input.start.saturating_sub(RX_PRE) % window;
    let limit = window - behind;
    let slice = input.window(limit);
    let len = slice.len();
    let Some((used, found)) = wsi.with_http(|h| match &mut h.body {
        Some(BodyState::Length(left)) => {
            let n = usize::try_from(*left).unwrap_or(usize::MAX).min(len);
            *left -= n as u64;
            (n, Found::Piece(0..n, *left == 0))
        }
        Some(BodyState::Chunked(decoder)) => match decoder.feed(slice) {
            Ok((used, ChunkEvent::Data(range))) => (used, Found::Piece(range, false)),
            Ok((used, ChunkEvent::End)) => (used, Found::End),
            Ok((used, ChunkEvent::NeedMore)) => (used, Found::Nothing),
            Err(_) => (len, Found::Bad),
        },
        None => (0, Found::Nothing),
    }) else {
        return 0;
    };
    match found {
        // A script's own time limits its body.
        Found::Piece(range, _) if !wsi.has_script.get() && !keeps_up(thread, wsi, range.len()) => {
            log_info!("http: a body comes too slowly");
            http::refuse(thread, wsi, 408);
        }
        Found::Piece(range, last) => {
            if !wsi.has_script.get() {
                restart_timeout(thread, wsi);
            }
            let payload = Payload::Bytes {
                start: input.start + range.start,
                len: range.len(),
                buffer: input.buffer,
            };
            if tell_piece(thread, wsi, payload) && last {
                finish(thread, wsi);
            }
        }
        Found::End => finish(thread, wsi),
        Found::Bad => http::refuse(thread, wsi, 400),
        Found::Nothing => {}
    }
    used
}

fn keeps_up(thread: &ServiceThread, wsi: &Wsi, more: usize) -> bool {
    let limit = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    wsi.with_http(|h| h.pace.keeps_up(thread.now(), more, limit)) != Some(false)
}

/// HTTP_BODY, unless the transaction is over for the program. False when the connection closes.
fn tell_piece(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, payload: Payload<'_>) -> bool {
    if wsi.with_http(|h| h.discards_body).unwrap_or(true) {
        return true;
    }
    if let Some(script) = cgi::of(thread, wsi) {
        return cgi::stdin::take(thread, wsi, &script, payload);
    }
    if call(thread, wsi, Reason::HTTP_BODY, payload) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
    wsi.is_open()
}

/// The body is through.
fn finish(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let discarded = wsi.with_http(|h| {
        h.body = None;
        h.discards_body
    });
    if let Some(script) = cgi::of(thread, wsi) {
        return cgi::stdin::finish(thread, wsi, &script);
    }
    if discarded == Some(false) {
        // quirk: once the body is there, the program may take any time for its answer.
        timeout::set_internal(thread, wsi, pending::NONE, 0);
    }
    if discarded == Some(false) && tell(thread, wsi, Reason::HTTP_BODY_COMPLETION) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
    if wsi.is_open() {
        http::complete_deferred(thread, wsi);
    }
}
