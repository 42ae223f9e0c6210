//! Reads the head of an HTTP/1 request - request line and headers - into a header table.
//!
//! Incremental: every byte is looked at once, whatever pieces it comes in, and only names, short
//! pieces of the request line and the table's open entry are kept. Lenient like the reference where
//! that is harmless (bare LF, no Host, methods in any case, 8-bit bytes), strict where two readers
//! could disagree on where a message ends or what it says (NUL, bare CR, folded lines, space before
//! the colon, see also `framing`). Bodies are not its business: it stops after the blank line.
//! Called by the connection layer's http role for each request on a connection.

use super::framing::Framing;
pub use super::framing::{BodyLength, UpgradeTo};
pub use super::head::{
    DEFAULT_MAX_HEADERS, Method, Refusal, RequestHead, RequestLimits, Step, Version,
};
use super::head::{METHODS, TARGET_TOO_LONG};
use super::target::{TargetError, TargetParser};
use crate::proto::http::headers::{HeaderTable, TableFull};
use crate::proto::http::token::Token;
use memchr::{memchr, memchr2};

/// CR and LF bytes skipped before a request line.
const MAX_BLANK_BYTES: usize = 8;

/// Longest method name with its space, which is also the longest of the others: `OPTIONS `.
const MAX_METHOD: usize = 8;

/// Longest text accepted where the version stands.
const MAX_VERSION: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Blank,
    Method,
    Target,
    Version,
    LineStart,
    Name,
    /// Spaces before the value.
    Lead,
    Value,
    /// Only LF may follow; then comes a header line.
    LineFeed,
    /// Only LF may follow; it is the end of the head.
    LastLineFeed,
    Done,
    Refused(Refusal),
}

/// Reads request heads; see the module's documentation.
#[derive(Clone, Debug)]
pub struct RequestParser {
    limits: RequestLimits,
    state: State,
    /// Bytes still allowed by `limits.max_bytes`.
    budget: usize,
    headers: usize,
    /// What earlier feeds consumed before the method was known.
    prefix: [u8; MAX_BLANK_BYTES + MAX_METHOD],
    prefix_len: usize,
    blanks: usize,
    /// Method, later version, as far as read.
    word: [u8; MAX_VERSION],
    word_len: usize,
    method: Method,
    version: Version,
    target: TargetParser,
    /// The open entry is a Host that an absolute target overrules.
    overruled: bool,
    hosts: usize,
    framing: Option<Framing>,
}

impl RequestParser {
    /// A parser at the start of a connection.
    pub fn new(limits: RequestLimits) -> Self {
        RequestParser {
            limits,
            state: State::Blank,
            budget: limits.max_bytes,
            headers: 0,
            prefix: [0; MAX_BLANK_BYTES + MAX_METHOD],
            prefix_len: 0,
            blanks: 0,
            word: [0; MAX_VERSION],
            word_len: 0,
            method: Method::Get,
            version: Version::Http11,
            target: TargetParser::new(Token::GET_URI),
            overruled: false,
            hosts: 0,
            framing: None,
        }
    }

    /// Ready for the next request. The table is cleared by its owner.
    pub fn reset(&mut self) {
        *self = RequestParser::new(self.limits);
    }

    /// Whether bytes of a request have been seen (blank lines do not count).
    pub fn has_begun(&self) -> bool {
        self.state != State::Blank
    }

    /// What feeds before the one that was refused with `NotHttp` have consumed.
    ///
    /// A raw connection gets these bytes, then the whole input of the refusing feed.
    pub fn not_http_prefix(&self) -> &[u8] {
        self.prefix.get(..self.prefix_len).unwrap_or_default()
    }

    /// Reads on; headers go to `table`, which must be the same and untouched until `Done`.
    pub fn feed(&mut self, input: &[u8], table: &mut HeaderTable) -> Step {
        let mut at = 0usize;
        loop {
            match self.state {
                State::Done => return Step::Done { consumed: at },
                State::Refused(refusal) => return Step::Refused(refusal),
                _ => {}
            }
            let rest = input.get(at..).unwrap_or_default();
            if rest.is_empty() {
                self.remember(input);
                return Step::NeedMore;
            }
            let affordable = rest.get(..self.budget).unwrap_or(rest);
            let step = if affordable.is_empty() {
                Err(Refusal::TooLarge("request head too long"))
            } else {
                self.step(affordable, table)
            };
            match step {
                Ok(used) => {
                    at = at.saturating_add(used);
                    self.budget = self.budget.saturating_sub(used);
                }
                Err(refusal) => self.state = State::Refused(refusal),
            }
        }
    }

    /// What the complete request says; meaningful after `Done`.
    pub fn head(&self, table: &HeaderTable) -> RequestHead {
        let framing = self
            .framing
            .or_else(|| Framing::of(table, self.method, self.version).ok());
        let framing = framing.unwrap_or(Framing {
            keep_alive: false,
            body: BodyLength::None,
            expect_continue: false,
            upgrade: None,
            connection_upgrade: false,
        });
        RequestHead {
            method: self.method,
            uri_token: self.method.uri_token(),
            version: self.version,
            keep_alive: framing.keep_alive,
            body: framing.body,
            expect_continue: framing.expect_continue,
            upgrade: framing.upgrade,
            connection_upgrade: framing.connection_upgrade,
        }
    }

    /// Keeps the input while the method is not known: a raw connection wants it back.
    fn remember(&mut self, input: &[u8]) {
        if !matches!(self.state, State::Blank | State::Method) {
            return;
        }
        let end = self.prefix_len.saturating_add(input.len());
        if let Some(room) = self.prefix.get_mut(self.prefix_len..end) {
            room.copy_from_slice(input);
            self.prefix_len = end;
        }
    }

    /// Consumes part of `rest`, which is not empty.
    fn step(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        let Some((&byte, _)) = rest.split_first() else {
            return Ok(0);
        };
        match self.state {
            State::Name => self.name(rest, table),
            State::Value => self.value(rest, table),
            State::Target => self.target(rest, table),
            State::Lead => {
                let spaces = rest.iter().position(|b| *b != b' ');
                if spaces.is_some() {
                    self.state = State::Value;
                }
                Ok(spaces.unwrap_or(rest.len()))
            }
            State::LineStart => self.line_start(byte, table),
            State::LineFeed | State::LastLineFeed => self.line_feed(byte, table),
            State::Version => self.version(byte, table),
            State::Blank => self.blank(byte),
            State::Method => self.method(byte),
            State::Done | State::Refused(_) => Ok(0),
        }
    }

    fn blank(&mut self, byte: u8) -> Result<usize, Refusal> {
        if !matches!(byte, b'\r' | b'\n') {
            self.state = State::Method;
            return Ok(0);
        }
        self.blanks = self.blanks.saturating_add(1);
        if self.blanks > MAX_BLANK_BYTES {
            return Err(Refusal::BadRequest("blank lines before the request"));
        }
        Ok(1)
    }

    fn method(&mut self, byte: u8) -> Result<usize, Refusal> {
        self.word_byte(byte.to_ascii_uppercase())
            .ok_or(Refusal::NotHttp)?;
        let word = self.word.get(..self.word_len).unwrap_or_default();
        let (name, method, token) = *METHODS
            .iter()
            .find(|(name, _, _)| name.starts_with(word))
            .ok_or(Refusal::NotHttp)?;
        if name.len() == word.len() {
            self.method = method;
            self.target = TargetParser::new(token);
            self.word_len = 0;
            self.state = State::Target;
        }
        Ok(1)
    }

    fn word_byte(&mut self, byte: u8) -> Option<()> {
        *self.word.get_mut(self.word_len)? = byte;
        self.word_len = self.word_len.saturating_add(1);
        Some(())
    }

    fn target(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        match self.target.feed(rest, table) {
            Ok(None) => Ok(rest.len()),
            Ok(Some(used)) => {
                self.hosts = usize::from(self.target.names_host());
                self.state = State::Version;
                Ok(used)
            }
            Err(TargetError::NotAbsolute | TargetError::BadEscape) => Err(Refusal::Forbidden),
            Err(TargetError::Control) => Err(Refusal::BadRequest(
                "control character in the request target",
            )),
            Err(TargetError::TooLong) => Err(Refusal::TooLarge(TARGET_TOO_LONG)),
        }
    }

    fn version(&mut self, byte: u8, table: &mut HeaderTable) -> Result<usize, Refusal> {
        match byte {
            b' ' if self.word_len == 0 => {}
            b'\r' | b'\n' => {
                self.end_version(table)?;
                self.after_line(byte);
            }
            _ => self
                .word_byte(byte)
                .ok_or(Refusal::BadRequest("malformed version"))?,
        }
        Ok(1)
    }

    fn end_version(&mut self, table: &mut HeaderTable) -> Result<(), Refusal> {
        let text = self
            .word
            .get(..self.word_len)
            .unwrap_or_default()
            .trim_ascii_end();
        let digits = text
            .split_at_checked(5)
            .filter(|(name, _)| name.eq_ignore_ascii_case(b"HTTP/"))
            .map(|(_, digits)| digits);
        self.version = match digits {
            Some(b"1.0") => Version::Http10,
            Some([b'1', b'.', b'1'..=b'9']) => Version::Http11,
            Some([b'0'..=b'9', b'.', b'0'..=b'9']) => {
                return Err(Refusal::BadRequest("unsupported version"));
            }
            _ => return Err(Refusal::BadRequest("malformed version")),
        };
        table
            .append(Token::HTTP, text)
            .map_err(|TableFull| Refusal::TooLarge("headers"))
    }

    /// A line was ended by this CR or LF.
    fn after_line(&mut self, byte: u8) {
        self.state = if byte == b'\r' {
            State::LineFeed
        } else {
            State::LineStart
        };
    }

    fn line_feed(&mut self, byte: u8, table: &HeaderTable) -> Result<usize, Refusal> {
        if byte != b'\n' {
            return Err(Refusal::BadRequest("CR without LF"));
        }
        if self.state == State::LastLineFeed {
            self.finish(table)?;
        } else {
            self.state = State::LineStart;
        }
        Ok(1)
    }

    fn line_start(&mut self, byte: u8, table: &mut HeaderTable) -> Result<usize, Refusal> {
        match byte {
            b'\r' => self.state = State::LastLineFeed,
            b'\n' => self.finish(table)?,
            b' ' | b'\t' => return Err(Refusal::BadRequest("folded header line")),
            _ => {
                self.headers = self.headers.saturating_add(1);
                if self.headers > self.limits.max_headers {
                    return Err(Refusal::TooLarge("too many headers"));
                }
                table
                    .open()
                    .map_err(|TableFull| Refusal::TooLarge("headers"))?;
                self.state = State::Name;
                return Ok(0);
            }
        }
        Ok(1)
    }

    fn name(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        let len = rest
            .iter()
            .position(|b| !is_name_byte(*b))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        table
            .push_lower(name)
            .map_err(|TableFull| Refusal::TooLarge("header name"))?;
        match after.first() {
            None => return Ok(len),
            Some(b':') if table.pushed().is_empty() => {
                return Err(Refusal::BadRequest("header without a name"));
            }
            Some(b':') => self.end_name(table)?,
            Some(b' ' | b'\t') => return Err(Refusal::BadRequest("space in a header name")),
            Some(b'\r' | b'\n') => return Err(Refusal::BadRequest("header without a colon")),
            Some(_) => return Err(Refusal::BadRequest("bad byte in a header name")),
        }
        Ok(len.saturating_add(1))
    }

    fn end_name(&mut self, table: &mut HeaderTable) -> Result<(), Refusal> {
        let token = Token::from_lower_name(table.pushed());
        self.state = State::Lead;
        if token == Some(Token::HOST) {
            self.hosts = self.hosts.saturating_add(1);
            self.overruled = self.target.names_host();
        }
        let first = token.and_then(|token| table.first(token).map(<[u8]>::is_empty));
        table.name_done(token);
        // quirk: a repeated header's value gets a space in front and keeps its own leading spaces,
        // unless the first value was empty.
        if let Some(first_is_empty) = first {
            table
                .push(b" ")
                .map_err(|TableFull| Refusal::TooLarge("headers"))?;
            if !first_is_empty {
                self.state = State::Value;
            }
        }
        Ok(())
    }

    fn value(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        let len = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let (value, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        let nul = memchr(0, value);
        let clean = value.get(..nul.unwrap_or(len)).unwrap_or(value);
        table
            .push(clean)
            .map_err(|TableFull| Refusal::TooLarge("headers"))?;
        if nul.is_some() {
            return Err(Refusal::BadRequest("NUL in a header"));
        }
        let Some(&byte) = after.first() else {
            return Ok(len);
        };
        // Usually the LF is there too: spares a step per line.
        let ends_here = after.starts_with(b"\r\n");
        self.after_line(if ends_here { b'\n' } else { byte });
        if self.overruled {
            table.abort();
            self.overruled = false;
        } else {
            table
                .close()
                .map_err(|TableFull| Refusal::TooLarge("headers"))?;
        }
        Ok(len.saturating_add(if ends_here { 2 } else { 1 }))
    }

    fn finish(&mut self, table: &HeaderTable) -> Result<(), Refusal> {
        let most = 1usize.saturating_add(usize::from(self.target.names_host()));
        if self.hosts > most {
            return Err(Refusal::BadRequest("more than one Host"));
        }
        self.framing = Some(Framing::of(table, self.method, self.version)?);
        self.state = State::Done;
        Ok(())
    }
}

/// The token characters of RFC 9110, and 8-bit bytes, which the reference takes too.
const NAME_BYTES: [bool; 256] = name_bytes();

fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES.get(usize::from(byte)).is_some_and(|is| *is)
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "runs in the compiler only, where a mistake fails the build"
)]
const fn name_bytes() -> [bool; 256] {
    let mut is = [false; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        is[i] = byte >= 0x80
            || byte.is_ascii_alphanumeric()
            || matches!(byte, b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+')
            || matches!(byte, b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~');
        i += 1;
    }
    is
}
