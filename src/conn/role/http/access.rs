//! Noting requests in the vhost's access log (info.log_filepath).
//!
//! The line is begun when the request's head is there, and written when the request is over, however it ends: answered, cut
//! off, or upgraded. Nothing is done for vhosts without a log. Called by the http role.

use crate::conn::wsi::Wsi;
use crate::proto::h1::request::RequestHead;
use crate::proto::http::access::{Line, Request};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::response::Version;
use crate::proto::http::token::Token;
use crate::sys::addr::{self, Endpoint};
use crate::sys::{clock, localtime};

/// Begins the line of a request.
pub fn note_begin(wsi: &Wsi, head: &RequestHead) {
    if wsi.on_vhost(|v| v.config.access_log.is_some()) != Some(true) {
        return;
    }
    let peer = match addr::peer_of(wsi.fd()) {
        Ok(Endpoint::Ip(peer)) => peer.ip().to_canonical().to_string(),
        _ => String::new(),
    };
    let time = localtime::for_access_log(clock::wall_secs());
    wsi.with_http(|h| {
        let target = target_of(&h.table, head);
        let version = match head.version {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        };
        h.noted = Some(Box::new(Line::begin(&Request {
            peer: &peer,
            time: &time,
            method: head.method.name(),
            target: &target,
            version,
            referrer: h.table.first(Token::HTTP_REFERER),
            agent: h.table.first(Token::HTTP_USER_AGENT),
        })));
    });
}

/// Writes the line, if one was begun.
pub fn note_end(wsi: &Wsi) {
    let line = wsi.with_http(|h| Some(h.noted.take()?.end(h.status, h.sent)));
    if let Some(line) = line.flatten() {
        wsi.on_vhost(|v| v.config.access_log.as_ref().map(|log| log.append(&line)));
    }
}

fn target_of(table: &HeaderTable, head: &RequestHead) -> Vec<u8> {
    let mut target = table.first(head.uri_token).unwrap_or(b"/").to_vec();
    for (at, argument) in table.fragments(Token::HTTP_URI_ARGS).enumerate() {
        target.push(if at == 0 { b'?' } else { b'&' });
        target.extend_from_slice(argument);
    }
    target
}

/// The status in a response head that the program has written itself; 0 where there is none.
pub fn status_in(bytes: &[u8]) -> u16 {
    let digits = bytes
        .strip_prefix(b"HTTP/1.")
        .and_then(|rest| rest.get(2..5));
    let digits = digits.and_then(|d| std::str::from_utf8(d).ok());
    digits.and_then(|d| d.parse().ok()).unwrap_or(0)
}
