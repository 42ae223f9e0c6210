//! Reads the head of an HTTP/1 request - request line and headers - into a header table.
//!
//! Incremental: every byte is looked at once, whatever pieces it comes in, and only names, short
//! pieces of the request line and the table's open entry are kept. Lenient like the reference where
//! that is harmless (bare LF, no Host, methods in any case, 8-bit bytes), strict where two readers
//! could disagree on where a message ends or what it says (see `fields` and `framing`). Bodies are not its business: it stops after the blank line.
//! Called by the connection layer's http role for each request on a connection.

use super::fields::{FieldError, Fields};
use super::framing::Framing;
pub use super::framing::{BodyLength, UpgradeTo};
pub use super::head::{
    DEFAULT_MAX_HEADERS, Method, Refusal, RequestHead, RequestLimits, Step, Version,
};
use super::head::{METHODS, TARGET_TOO_LONG};
use super::target::{TargetError, TargetParser};
use crate::proto::http::headers::{HeaderTable, TableFull};
use crate::proto::http::token::Token;
use memchr::memchr2;

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
    Fields,
    Done,
    Refused(Refusal),
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::Bad(text) => Refusal::BadRequest(text),
            FieldError::TooLarge(text) => Refusal::TooLarge(text),
        }
    }
}

/// Reads request heads; see the module's documentation.
#[derive(Clone, Debug)]
pub struct RequestParser {
    limits: RequestLimits,
    state: State,
    /// Bytes still allowed by `limits.max_bytes`.
    budget: usize,
    fields: Fields,
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
    framing: Option<Framing>,
}

impl RequestParser {
    /// A parser at the start of a connection.
    pub fn new(limits: RequestLimits) -> Self {
        RequestParser {
            limits,
            state: State::Blank,
            budget: limits.max_bytes,
            fields: Fields::new(limits.max_headers),
            prefix: [0; MAX_BLANK_BYTES + MAX_METHOD],
            prefix_len: 0,
            blanks: 0,
            word: [0; MAX_VERSION],
            word_len: 0,
            method: Method::Get,
            version: Version::Http11,
            target: TargetParser::new(Token::GET_URI, false),
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

    /// Whether [`Self::raw_target`] is wanted, from the next request on.
    pub fn set_keeps_target(&mut self, keeps: bool) {
        self.limits.keeps_target = keeps;
    }

    /// Path and arguments as they came, for a proxy; empty unless the limits ask for it.
    pub fn raw_target(&self) -> &[u8] {
        self.target.raw()
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
            State::Fields => {
                let used = self.fields.feed(rest, table)?;
                if self.fields.is_done() {
                    self.finish(table)?;
                }
                Ok(used)
            }
            State::Target => self.target(rest, table),
            State::Version => self.version(rest, table),
            State::Blank => self.blank(byte),
            State::Method if self.word_len == 0 => self.whole_method(rest),
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

    /// Usually all of it is there; else byte by byte.
    fn whole_method(&mut self, rest: &[u8]) -> Result<usize, Refusal> {
        let whole = METHODS.iter().find(|(name, _, _)| rest.starts_with(name));
        if let Some(&(name, method, token)) = whole {
            self.end_method(method, token);
            return Ok(name.len());
        }
        rest.first().map_or(Ok(0), |byte| self.method(*byte))
    }

    fn method(&mut self, byte: u8) -> Result<usize, Refusal> {
        self.word_bytes(&[byte.to_ascii_uppercase()])
            .ok_or(Refusal::NotHttp)?;
        let word = self.word.get(..self.word_len).unwrap_or_default();
        let (name, method, token) = *METHODS
            .iter()
            .find(|(name, _, _)| name.starts_with(word))
            .ok_or(Refusal::NotHttp)?;
        if name.len() == word.len() {
            self.end_method(method, token);
        }
        Ok(1)
    }

    fn end_method(&mut self, method: Method, token: Token) {
        self.method = method;
        self.target = TargetParser::new(token, self.limits.keeps_target);
        self.word_len = 0;
        self.state = State::Target;
    }

    fn word_bytes(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.word_len.saturating_add(bytes.len());
        self.word
            .get_mut(self.word_len..end)?
            .copy_from_slice(bytes);
        self.word_len = end;
        Some(())
    }

    fn target(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        match self.target.feed(rest, table) {
            Ok(None) => Ok(rest.len()),
            Ok(Some(used)) => {
                self.fields.overrules_host = self.target.names_host();
                self.fields.hosts = usize::from(self.target.names_host());
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

    fn version(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, Refusal> {
        let len = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let (mut text, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        if self.word_len == 0 {
            let spaces = text.iter().take_while(|b| **b == b' ').count();
            text = text.get(spaces..).unwrap_or_default();
        }
        self.word_bytes(text)
            .ok_or(Refusal::BadRequest("malformed version"))?;
        let Some(&end) = after.first() else {
            return Ok(len);
        };
        self.end_version(table)?;
        self.fields.after_line(end);
        self.state = State::Fields;
        Ok(len.saturating_add(1))
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

    fn finish(&mut self, table: &HeaderTable) -> Result<(), Refusal> {
        let most = 1usize.saturating_add(usize::from(self.target.names_host()));
        if self.fields.hosts > most {
            return Err(Refusal::BadRequest("more than one Host"));
        }
        self.framing = Some(Framing::of(table, self.method, self.version)?);
        self.state = State::Done;
        Ok(())
    }
}
