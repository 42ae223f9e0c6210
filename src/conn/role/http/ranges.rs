//! The parts of a file that a request asks for (RFC 9110, 14).
//!
//! A request without Range, and one whose ranges cannot be understood, do not fit what the file is now (If-Range),
//! overlap, are too many, or take too long to get at, gets the whole file in an answer that does not know of ranges: that is what the
//! reference in Debian answers to all. Called by [`super::file`] for each file that is about to be sent.

use crate::conn::role::http::sending::Segment;
use crate::conn::role::http::source::Source;
use crate::conn::wsi::Wsi;
use crate::proto::h1::request::Method;
use crate::proto::http::conditional;
use crate::proto::http::range::{self, Wanted};
use crate::proto::http::token::Token;
use crate::sys::random;
use std::collections::VecDeque;
use std::ops::Range;

/// An answer to a request for parts.
pub struct Cut {
    /// 206 or 416.
    pub code: u16,
    /// Length of the answer's body.
    pub len: u64,
    /// Content-Range; multipart bodies have it inside.
    pub content_range: Option<String>,
    /// Content type.
    pub kind: Vec<u8>,
    /// The body.
    pub segments: VecDeque<Segment>,
}

/// What a request wants of a file of this tag, time and type; `None`: all of it.
pub fn cut(wsi: &Wsi, file: &Source, (tag, modified): (&str, i64), kind: &[u8]) -> Option<Cut> {
    let len = file.length();
    let wanted = wsi.with_http(|h| {
        // RFC 9110, 14.2: other methods know no ranges, HEAD among them.
        let is_get = h.head().is_some_and(|r| r.method == Method::Get);
        let mut lines = h.table.fragments(Token::HTTP_RANGE);
        match (lines.next(), lines.next()) {
            (Some(line), None)
                if is_get && conditional::range_applies(&h.table, tag, Some(modified)) =>
            {
                range::parse(line, len)
            }
            _ => Wanted::Whole,
        }
    })?;
    match wanted {
        Wanted::Whole => None,
        Wanted::Unsatisfiable => Some(Cut {
            code: 416,
            len: 0,
            content_range: Some(range::content_range_unsatisfied(len)),
            kind: kind.to_vec(),
            segments: VecDeque::new(),
        }),
        Wanted::Parts(parts) if !file.can_send(&parts) => None,
        Wanted::Parts(parts) => match parts.as_slice() {
            [part] => Some(single(part, len, kind)),
            parts => multipart(parts, len, kind),
        },
    }
}

fn single(part: &Range<u64>, len: u64, kind: &[u8]) -> Cut {
    Cut {
        code: 206,
        len: part.end.saturating_sub(part.start),
        content_range: Some(range::content_range(part, len)),
        kind: kind.to_vec(),
        segments: VecDeque::from([Segment::part(part.clone())]),
    }
}

/// `None` when the content type would break the parts' headers, or without randomness for the boundary.
fn multipart(parts: &[Range<u64>], len: u64, kind: &[u8]) -> Option<Cut> {
    if kind.iter().any(u8::is_ascii_control) {
        return None;
    }
    let mut secret = [0; 16];
    if random::fill(&mut secret) < secret.len() {
        return None;
    }
    let boundary = format!("lws{:032x}", u128::from_ne_bytes(secret));
    let (mut segments, mut total) = (VecDeque::new(), 0u64);
    for part in parts {
        let head = range::part_head(&boundary, kind, part, len);
        let part_len = part.end.saturating_sub(part.start);
        total = total.saturating_add(part_len + head.len() as u64);
        segments.push_back(Segment::Text(head));
        segments.push_back(Segment::part(part.clone()));
    }
    let end = range::last_boundary(&boundary);
    total = total.saturating_add(end.len() as u64);
    segments.push_back(Segment::Text(end));
    Some(Cut {
        code: 206,
        len: total,
        content_range: None,
        kind: format!("multipart/byteranges; boundary={boundary}").into_bytes(),
        segments,
    })
}
