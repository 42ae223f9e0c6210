//! Reads the head of an HTTP/1 response - status line and headers - into a header table, and says how its body ends.
//!
//! Incremental like the request parser. Interim answers (1xx but 101) are read and dropped. What two readers could take
//! for different messages is refused: Content-Length with Transfer-Encoding or with another Content-Length, codings but
//! `chunked`, NUL, bare CR. Lenient where it is harmless: no reason phrase, blank lines before the status, bare LF.
//! Bodies are not its business: it stops after the blank line, [`super::chunked`] takes chunks apart.
//! Called by the connection layer's http client and reverse proxy.

use super::fields::{FieldError, Fields};
use super::framing;
use super::head::{DEFAULT_MAX_HEADERS, Version};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::token::Token;

/// Interim answers that may come before the final one.
pub const MAX_INTERIM: usize = 16;

/// CR and LF bytes skipped before a status line.
const MAX_BLANK_BYTES: usize = 8;

/// Longest status line.
const MAX_STATUS_LINE: usize = 1024;

/// Length of `HTTP/1.1 200`, which is all of the line that has a meaning.
const STATUS_LEN: usize = 12;

/// What the parser accepts; the amount of header data is limited by the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResponseLimits {
    /// Header lines of one answer.
    pub max_headers: usize,
    /// Bytes on the wire of all heads together, interim answers included.
    pub max_bytes: usize,
}

impl ResponseLimits {
    /// Fitting limits for a table of `limit` bytes.
    pub fn for_table(limit: usize) -> Self {
        ResponseLimits {
            max_headers: DEFAULT_MAX_HEADERS,
            max_bytes: limit.saturating_mul(4).saturating_add(8192),
        }
    }
}

/// What [`ResponseParser::feed`] came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// All input is consumed, the head is not complete.
    NeedMore,
    /// The head is complete; what follows `consumed` bytes of the input is body, or frames after a 101.
    Done {
        /// How much of the input belongs to the head.
        consumed: usize,
    },
    /// There will be no answer; the text says what is wrong. None of the input is consumed.
    Refused(&'static str),
}

/// How the body ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
    /// There is none.
    None,
    /// After so many bytes; at most `i64::MAX`.
    Length(u64),
    /// With its last chunk: see [`super::chunked`].
    Chunked,
    /// With the connection.
    UntilClose,
}

/// What the response says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResponseHead {
    /// The status code, 100 to 999.
    pub status: u16,
    /// The server's version.
    pub version: Version,
    /// The body that follows.
    pub body: Body,
    /// Whether the connection may carry another request.
    pub keep_alive: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Blank,
    StatusLine,
    Fields,
    Done,
    Refused(&'static str),
}

/// Reads response heads; see the module's documentation.
#[derive(Clone, Debug)]
pub struct ResponseParser {
    limits: ResponseLimits,
    state: State,
    /// Bytes still allowed by `limits.max_bytes`.
    budget: usize,
    blanks: usize,
    /// The status line as far as it has a meaning.
    line: [u8; STATUS_LEN],
    line_len: usize,
    fields: Fields,
    interim: usize,
    /// The request was HEAD: no body follows, whatever the headers say.
    is_head: bool,
    head: Option<ResponseHead>,
}

impl ResponseParser {
    /// A parser for the answer to one request; `is_head`: its method was HEAD.
    pub fn new(limits: ResponseLimits, is_head: bool) -> Self {
        ResponseParser {
            limits,
            state: State::Blank,
            budget: limits.max_bytes,
            blanks: 0,
            line: [0; STATUS_LEN],
            line_len: 0,
            fields: Fields::new(limits.max_headers),
            interim: 0,
            is_head,
            head: None,
        }
    }

    /// Reads on; headers go to `table`, which must be the same and untouched until `Done`.
    pub fn feed(&mut self, input: &[u8], table: &mut HeaderTable) -> Step {
        let mut at = 0usize;
        loop {
            match self.state {
                State::Done => return Step::Done { consumed: at },
                State::Refused(why) => return Step::Refused(why),
                _ => {}
            }
            let rest = input.get(at..).unwrap_or_default();
            if rest.is_empty() {
                return Step::NeedMore;
            }
            let affordable = rest.get(..self.budget).unwrap_or(rest);
            let step = if affordable.is_empty() {
                Err("response head too long")
            } else {
                self.step(affordable, table)
            };
            match step {
                Ok(used) => {
                    at = at.saturating_add(used);
                    self.budget = self.budget.saturating_sub(used);
                }
                Err(why) => self.state = State::Refused(why),
            }
        }
    }

    /// What the complete response says; `None` before `Done`.
    pub fn head(&self) -> Option<ResponseHead> {
        self.head
    }

    /// Consumes part of `rest`, which is not empty.
    fn step(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, &'static str> {
        let Some((&byte, _)) = rest.split_first() else {
            return Ok(0);
        };
        match self.state {
            State::Blank => self.blank(byte),
            State::StatusLine => self.status_line(byte, table),
            State::Fields => {
                let used = self.fields.feed(rest, table).map_err(text_of)?;
                if self.fields.is_done() {
                    self.finish(table)?;
                }
                Ok(used)
            }
            State::Done | State::Refused(_) => Ok(0),
        }
    }

    fn blank(&mut self, byte: u8) -> Result<usize, &'static str> {
        if !matches!(byte, b'\r' | b'\n') {
            self.state = State::StatusLine;
            return Ok(0);
        }
        self.blanks = self.blanks.saturating_add(1);
        if self.blanks > MAX_BLANK_BYTES {
            return Err("blank lines before the status line");
        }
        Ok(1)
    }

    /// One byte of the status line. The code and reason become the value of the version's token.
    fn status_line(&mut self, byte: u8, table: &mut HeaderTable) -> Result<usize, &'static str> {
        match byte {
            b'\r' | b'\n' => {
                if self.line_len < STATUS_LEN {
                    return Err("malformed status line");
                }
                table.close().map_err(|_| "headers")?;
                self.fields.after_line(byte);
                self.state = State::Fields;
                return Ok(1);
            }
            0..=8 | 10..=0x1f | 0x7f => return Err("control character in the status line"),
            _ => {}
        }
        if let Some(slot) = self.line.get_mut(self.line_len) {
            *slot = byte;
            self.line_len = self.line_len.saturating_add(1);
            self.check_start()?;
            if self.line_len == STATUS_LEN {
                self.open_status(table)?;
            }
            return Ok(1);
        }
        if self.line_len == STATUS_LEN && byte != b' ' {
            return Err("malformed status code");
        }
        self.line_len = self.line_len.saturating_add(1);
        if self.line_len > MAX_STATUS_LINE {
            return Err("status line too long");
        }
        table.push(&[byte]).map_err(|_| "headers")?;
        Ok(1)
    }

    /// Whether the line is `HTTP/1.x NNN` as far as it is known.
    fn check_start(&self) -> Result<(), &'static str> {
        let seen = self.line.get(..self.line_len).unwrap_or_default();
        let fits = seen.iter().zip(0usize..).all(|(byte, at)| match at {
            0..=3 => b"HTTP".get(at) == Some(&byte.to_ascii_uppercase()),
            4 => *byte == b'/',
            5 => *byte == b'1',
            6 => *byte == b'.',
            8 => *byte == b' ',
            _ => byte.is_ascii_digit(),
        });
        if fits {
            Ok(())
        } else {
            Err("not an HTTP/1 answer")
        }
    }

    fn open_status(&mut self, table: &mut HeaderTable) -> Result<(), &'static str> {
        let token = match self.version() {
            Version::Http10 => Token::HTTP1_0,
            Version::Http11 => Token::HTTP,
        };
        table.open().map_err(|_| "headers")?;
        table.name_done(Some(token));
        let code = self.line.get(9..).unwrap_or_default();
        table.push(code).map_err(|_| "headers")
    }

    fn version(&self) -> Version {
        match self.line.get(7) {
            Some(b'0') => Version::Http10,
            _ => Version::Http11,
        }
    }

    fn status(&self) -> u16 {
        let digits = self.line.get(9..).unwrap_or_default();
        digits.iter().fold(0u16, |n, d| {
            n.saturating_mul(10)
                .saturating_add(u16::from(d.wrapping_sub(b'0')))
        })
    }

    fn finish(&mut self, table: &mut HeaderTable) -> Result<(), &'static str> {
        let status = self.status();
        match status {
            0..=99 => return Err("malformed status code"),
            101 => {}
            100..=199 => return self.next(table),
            _ => {}
        }
        let version = self.version();
        let body = self.body(table, status, version)?;
        let close = framing::has_element(table, Token::CONNECTION, b"close");
        let keep = framing::has_element(table, Token::CONNECTION, b"keep-alive");
        let ends_itself = !matches!(body, Body::UntilClose);
        self.head = Some(ResponseHead {
            status,
            version,
            body,
            keep_alive: ends_itself && !close && (version == Version::Http11 || keep),
        });
        self.state = State::Done;
        Ok(())
    }

    /// An interim answer: forgotten, the next one counts.
    fn next(&mut self, table: &mut HeaderTable) -> Result<(), &'static str> {
        self.interim = self.interim.saturating_add(1);
        if self.interim > MAX_INTERIM {
            return Err("too many interim answers");
        }
        table.clear();
        self.line_len = 0;
        self.blanks = 0;
        self.fields = Fields::new(self.limits.max_headers);
        self.state = State::Blank;
        Ok(())
    }

    fn body(
        &self,
        table: &HeaderTable,
        status: u16,
        version: Version,
    ) -> Result<Body, &'static str> {
        let length = framing::content_length(table).map_err(|_| "bad content-length")?;
        let is_coded = table.has(Token::HTTP_TRANSFER_ENCODING);
        if is_coded && length.is_some() {
            return Err("content-length with transfer-encoding");
        }
        if self.is_head || matches!(status, 101 | 204 | 304) {
            return Ok(Body::None);
        }
        if is_coded {
            if version == Version::Http10 {
                return Err("transfer-encoding in HTTP/1.0");
            }
            return framing::only_chunked(table)
                .then_some(Body::Chunked)
                .ok_or("transfer-encoding other than chunked");
        }
        Ok(length.map_or(Body::UntilClose, Body::Length))
    }
}

fn text_of(error: FieldError) -> &'static str {
    match error {
        FieldError::Bad(text) | FieldError::TooLarge(text) => text,
    }
}

#[cfg(test)]
mod tests;
