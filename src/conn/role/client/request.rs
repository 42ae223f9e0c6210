//! The head of a client's request, in the reference's order, with what the program adds to it.

use crate::conn::client::Way;
use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::{HtmlRoom, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::client::{HttpClient, Stage, await_answer, form, is_client};
use crate::conn::role::ws::offering;
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::http::location::without_credentials;
use crate::sys::clock::SEC;
use crate::util::log::log_err;
use std::rc::Rc;

/// What the reference keeps free at the end of the buffer for a head; the program sees it in the room it gets.
const KEPT_FREE: usize = 12;
/// The program gets at least so much room for its headers, however long the rest is.
const LEAST_ROOM: usize = 1024;

/// Sends the head; the body is the program's.
pub fn send(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.with_client(|h| h.info.way == Way::WebSocket) == Some(true) {
        let offer = offering::offer(thread, wsi);
        if !is_client(wsi) {
            return;
        }
        wsi.with_client(|h| h.offer = offer);
    }
    let Some(head) = whole_head(thread, wsi) else {
        return;
    };
    if tx::send(thread, wsi, &head, b"").is_err() {
        return close::close(thread, wsi, CloseCause::Lost);
    }
    let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    let has_body = wsi.with_client(|h| {
        h.is_head_out = true;
        h.body_pending
    });
    if has_body == Some(true) {
        let us = i64::from(secs) * SEC;
        timeout::set_internal(thread, wsi, pending::CLIENT_ISSUE_PAYLOAD, us);
        service::ask_writable(thread, wsi);
    } else {
        await_answer(thread, wsi, secs);
    }
}

/// The head with the program's headers. `None`: the program has ended the connection, or refused.
fn whole_head(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> Option<Vec<u8>> {
    let mut head = wsi.with_client(|h| encode(h))?;
    let buffer = thread.context.config.service_buffer;
    let room = buffer.saturating_sub(KEPT_FREE + head.len());
    let mut html = HtmlRoom {
        room: vec![0; room.max(LEAST_ROOM)],
        used: 0,
    };
    let reason = Reason::CLIENT_APPEND_HANDSHAKE_HEADER;
    let refused = call(thread, wsi, reason, Payload::Append(&mut html)) != 0;
    if !is_client(wsi) {
        return None;
    }
    if refused {
        // quirk: this is told as the end of a connection, not as its failure.
        log_err!("Failed to generate handshake for client");
        close::close(thread, wsi, CloseCause::Lost);
        return None;
    }
    let added = html.room.get(..html.used).unwrap_or(&[]);
    if wsi.with_client(|h| h.info.trail.is_elsewhere) == Some(true) {
        head.extend_from_slice(&without_credentials(added));
    } else {
        head.extend_from_slice(added);
    }
    let form = wsi.with_client(|h| h.info.form).flatten();
    head.extend_from_slice(&form::lines_behind(form, added));
    head.extend_from_slice(b"\r\n");
    Some(head)
}

/// True once [`send`] is through.
pub fn is_head_out(wsi: &Wsi) -> bool {
    wsi.with_client(|h| h.is_head_out && h.stage == Stage::Request)
        .unwrap_or(false)
}

/// Everything up to where the program's own headers go.
fn encode(h: &HttpClient) -> Vec<u8> {
    let info = &h.info;
    let mut head = Vec::with_capacity(512);
    let mut line = |parts: &[&[u8]]| {
        for part in parts {
            head.extend_from_slice(part);
        }
        head.extend_from_slice(b"\r\n");
    };
    let method: &[u8] = match &info.way {
        Way::Http(method) => method,
        Way::WebSocket | Way::Raw | Way::RawProxy => b"GET",
    };
    line(&[method, b" ", &info.path, b" HTTP/1.1"]);
    line(&[b"Pragma: no-cache"]);
    line(&[b"Cache-Control: no-cache"]);
    if let Some(host) = &info.host {
        line(&[b"Host: ", host]);
    }
    if let Some(origin) = &info.origin {
        line(&[b"Origin: ", origin]);
    }
    if info.way == Way::WebSocket {
        line(&[b"Upgrade: websocket"]);
        line(&[b"Connection: Upgrade"]);
        line(&[b"Sec-WebSocket-Key: ", &h.key]);
        if !info.subprotocols.is_empty() {
            line(&[b"Sec-WebSocket-Protocol: ", &info.subprotocols]);
        }
        if !h.offer.is_empty() {
            line(&[b"Sec-WebSocket-Extensions: ", &h.offer]);
        }
        let version = match info.ws_version {
            0 => 13,
            other => other,
        };
        line(&[b"Sec-WebSocket-Version: ", version.to_string().as_bytes()]);
    } else {
        if let Some(form) = form::line_before(h) {
            line(&[&form]);
        }
        // quirk: where it has begun anew nothing is said about the connection, which ends all the same.
        if !info.trail.is_again && info.keep_warm.is_none() {
            line(&[b"connection: close"]);
        }
    }
    head
}
