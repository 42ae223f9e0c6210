//! What a request's headers say about the message: length of the body, keep-alive, upgrade.
//!
//! Strict where a proxy in front might read the same bytes differently: Content-Length together with
//! Transfer-Encoding, differing or odd Content-Lengths, codings other than `chunked`, two Hosts.
//! Used by the request parser once the header section is complete.

use super::request::{Method, Refusal, Version};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::token::Token;

/// How long the body is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyLength {
    /// There is none.
    None,
    /// So many bytes; at most `i64::MAX`.
    Length(u64),
    /// Chunked: see [`super::chunked`].
    Chunked,
    /// POST, PUT or PATCH that says nothing about its body.
    Unspecified,
}

/// What the client would like to speak instead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UpgradeTo {
    /// `websocket`.
    WebSocket,
    /// HTTP/2 without TLS.
    H2c,
    /// Something unknown; the reference answers 403.
    Other,
}

/// The meaning of the headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Framing {
    pub(super) keep_alive: bool,
    pub(super) body: BodyLength,
    pub(super) expect_continue: bool,
    pub(super) upgrade: Option<UpgradeTo>,
    pub(super) connection_upgrade: bool,
}

impl Framing {
    pub(super) fn of(
        table: &HeaderTable,
        method: Method,
        version: Version,
    ) -> Result<Framing, Refusal> {
        let close = has_element(table, Token::CONNECTION, b"close");
        let keep = has_element(table, Token::CONNECTION, b"keep-alive");
        Ok(Framing {
            keep_alive: !close && (version == Version::Http11 || keep),
            body: body_length(table, method, version)?,
            expect_continue: version == Version::Http11
                && has_element(table, Token::HTTP_EXPECT, b"100-continue"),
            upgrade: upgrade(table),
            connection_upgrade: has_element(table, Token::CONNECTION, b"upgrade"),
        })
    }
}

/// The elements of a comma-separated header, all its lines together, without the space around them.
fn elements(table: &HeaderTable, token: Token) -> impl Iterator<Item = &[u8]> {
    table
        .fragments(token)
        .flat_map(|f| f.split(|b| *b == b','))
        .map(<[u8]>::trim_ascii)
}

pub(super) fn has_element(table: &HeaderTable, token: Token, wanted: &[u8]) -> bool {
    elements(table, token).any(|e| e.eq_ignore_ascii_case(wanted))
}

fn body_length(
    table: &HeaderTable,
    method: Method,
    version: Version,
) -> Result<BodyLength, Refusal> {
    let coded = table.has(Token::HTTP_TRANSFER_ENCODING);
    if coded && table.has(Token::HTTP_CONTENT_LENGTH) {
        return Err(Refusal::BadRequest("content-length with transfer-encoding"));
    }
    if coded {
        if version == Version::Http10 {
            return Err(Refusal::BadRequest("transfer-encoding in HTTP/1.0"));
        }
        if !only_chunked(table) {
            return Err(Refusal::BadRequest("transfer-encoding other than chunked"));
        }
        return Ok(BodyLength::Chunked);
    }
    match content_length(table)? {
        Some(length) => Ok(BodyLength::Length(length)),
        None if matches!(method, Method::Post | Method::Put | Method::Patch) => {
            Ok(BodyLength::Unspecified)
        }
        None => Ok(BodyLength::None),
    }
}

/// Whether `chunked` is the only transfer coding.
pub(super) fn only_chunked(table: &HeaderTable) -> bool {
    let mut codings = elements(table, Token::HTTP_TRANSFER_ENCODING);
    let first = codings.next();
    first.is_some_and(|e| e.eq_ignore_ascii_case(b"chunked")) && codings.next().is_none()
}

/// The one value that all Content-Lengths agree on.
pub(super) fn content_length(table: &HeaderTable) -> Result<Option<u64>, Refusal> {
    let mut agreed = None;
    for text in elements(table, Token::HTTP_CONTENT_LENGTH) {
        let length = decimal(text).ok_or(Refusal::BadRequest("content-length"))?;
        if agreed.is_some_and(|other| other != length) {
            return Err(Refusal::BadRequest("content-lengths differ"));
        }
        agreed = Some(length);
    }
    Ok(agreed)
}

/// Digits only, and no more than `i64::MAX` so that nobody downstream can overflow.
fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for digit in text {
        let digit = char::from(*digit).to_digit(10)?;
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    i64::try_from(value).ok()?;
    Some(value)
}

/// The first protocol of the Upgrade header that is known here.
fn upgrade(table: &HeaderTable) -> Option<UpgradeTo> {
    let mut wanted = None;
    for name in elements(table, Token::UPGRADE).filter(|name| !name.is_empty()) {
        if name.eq_ignore_ascii_case(b"websocket") {
            return Some(UpgradeTo::WebSocket);
        }
        if name.eq_ignore_ascii_case(b"h2c") {
            return Some(UpgradeTo::H2c);
        }
        wanted = Some(UpgradeTo::Other);
    }
    wanted
}
