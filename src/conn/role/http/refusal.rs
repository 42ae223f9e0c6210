//! What is no request, or one that is not served: the fallback to raw, and error pages that end the connection.
//!
//! Called by the request reader, and by whoever finds that a request cannot go on.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::config::{AcceptProtocol, option};
use crate::conn::dispatch::tell;
use crate::conn::role::http::{Http, request_over, respond};
use crate::conn::role::{Input, raw};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::request::Refusal;
use std::rc::Rc;

/// There is no request in the input: raw where the vhost says so, else an error page.
pub(super) fn refused(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    refusal: Refusal,
) -> usize {
    let len = input.end - input.start;
    let falls_back = wsi
        .on_vhost(|v| {
            v.config.options & option::FALLBACK_TO_ACCEPT_CONFIG != 0 && v.config.accept_raw
        })
        .unwrap_or(false);
    let first = wsi.with_http(|h| !h.served_before).unwrap_or(false);
    if refusal == Refusal::NotHttp && falls_back && first {
        return become_raw(thread, wsi, input);
    }
    refuse(thread, wsi, refusal.status());
    len
}

/// A connection that is known not to speak http, before its first byte is looked at.
pub fn fall_back(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.on_vhost(|v| v.config.accept_raw) == Some(true) {
        turn_raw(thread, wsi);
    } else {
        close::close(thread, wsi, CloseCause::Lost);
    }
}

/// The fallback: the connection becomes raw, and what it has sent so far is its first RX.
fn become_raw(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let prefix = wsi
        .with_http(|h| h.parser.not_http_prefix().to_vec())
        .unwrap_or_default();
    let from = input.start.saturating_sub(prefix.len());
    if let Some(room) = input.buffer.get_mut(from..from + prefix.len()) {
        room.copy_from_slice(&prefix);
        input.start = from;
    }
    if turn_raw(thread, wsi) {
        // quirk: also when the program has just turned input off.
        raw::on_rx(thread, wsi, input)
    } else {
        input.end - input.start
    }
}

/// Gives the connection the listen-accept role. False when it is on its way out.
fn turn_raw(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    timeout::clear_all(wsi);
    let protocol = wsi.on_vhost(|v| v.config.accept_protocol);
    let Some(AcceptProtocol::Named(protocol) | AcceptProtocol::Implied(protocol)) = protocol else {
        close::close(thread, wsi, CloseCause::Lost);
        return false;
    };
    // quirk: the fallback binds with the http reason.
    let bound = adopt::bind(thread, wsi, protocol, c"raw fallback");
    request_over(thread, wsi);
    wsi.set_role(adopt::accept_role(wsi.on_vhost(|v| v.config.accept_proxy)));
    if !bound || tell(thread, wsi, raw::adopted(wsi.role_kind())) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
    wsi.is_open()
}

/// Answers with an error page, unless there is some answer already, and closes.
pub fn refuse(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, code: u16) {
    refuse_with(thread, wsi, code, b"");
}

/// The same with a text in the page.
pub fn refuse_with(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, code: u16, text: &[u8]) {
    wsi.with_http(Http::end_keep_alive);
    if wsi.with_http(|h| h.answered) == Some(false) {
        let _ = respond::status_page(thread, wsi, code, text);
    }
    close::close(thread, wsi, CloseCause::Asked);
}

/// Ends the connection so that the peer still gets what was written.
pub fn hang_up_softly(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    close::close(thread, wsi, CloseCause::Asked);
}
