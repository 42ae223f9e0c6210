//! Reads the header lines of an HTTP/1 head - what follows the start line - into a header table.
//!
//! Incremental: every byte is looked at once, whatever pieces it comes in; only the table's open entry is kept. Lenient
//! like the reference where that is harmless (bare LF, 8-bit bytes in names), strict where two readers could disagree
//! (NUL, bare CR, folded lines, space before the colon). What the headers mean is [`super::framing`]'s business.
//! Called by the request parser and the response parser once their first line has ended.

use crate::proto::http::headers::{HeaderTable, TableFull};
use crate::proto::http::token::Token;
use memchr::{memchr, memchr2};

/// Why a header section cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FieldError {
    /// It is malformed; the text says how.
    Bad(&'static str),
    /// It does not fit; the text says what is too long.
    TooLarge(&'static str),
}

impl From<TableFull> for FieldError {
    fn from(_: TableFull) -> Self {
        FieldError::TooLarge("headers")
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
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
}

/// Reads one header section; see the module's documentation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    state: State,
    count: usize,
    most: usize,
    /// Host lines seen.
    pub(super) hosts: usize,
    /// Host lines are counted but not kept: an absolute target overrules them.
    pub(super) overrules_host: bool,
    /// The open entry is such a line.
    is_overruled: bool,
}

impl Fields {
    /// For at most `most` lines.
    pub(super) fn new(most: usize) -> Self {
        Fields {
            state: State::LineStart,
            count: 0,
            most,
            hosts: 0,
            overrules_host: false,
            is_overruled: false,
        }
    }

    /// The start line was ended by this CR or LF.
    pub(super) fn after_line(&mut self, byte: u8) {
        self.state = if byte == b'\r' {
            State::LineFeed
        } else {
            State::LineStart
        };
    }

    /// The blank line has been read.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Consumes `rest`, or what is before the end of the section.
    pub(super) fn feed(
        &mut self,
        rest: &[u8],
        table: &mut HeaderTable,
    ) -> Result<usize, FieldError> {
        let mut at = 0usize;
        while let Some(rest @ [byte, ..]) = rest.get(at..)
            && self.state != State::Done
        {
            at = at.saturating_add(self.step(*byte, rest, table)?);
        }
        Ok(at)
    }

    /// Consumes part of `rest`, which begins with `byte`.
    fn step(
        &mut self,
        byte: u8,
        rest: &[u8],
        table: &mut HeaderTable,
    ) -> Result<usize, FieldError> {
        match self.state {
            State::Name => self.name(rest, table),
            State::Value => self.value(rest, table),
            State::Lead => {
                let spaces = rest.iter().position(|b| *b != b' ');
                if spaces.is_some() {
                    self.state = State::Value;
                }
                Ok(spaces.unwrap_or(rest.len()))
            }
            State::LineStart => self.line_start(byte, table),
            State::LineFeed | State::LastLineFeed => self.line_feed(byte),
            State::Done => Ok(0),
        }
    }

    fn line_feed(&mut self, byte: u8) -> Result<usize, FieldError> {
        if byte != b'\n' {
            return Err(FieldError::Bad("CR without LF"));
        }
        self.state = if self.state == State::LastLineFeed {
            State::Done
        } else {
            State::LineStart
        };
        Ok(1)
    }

    fn line_start(&mut self, byte: u8, table: &mut HeaderTable) -> Result<usize, FieldError> {
        match byte {
            b'\r' => self.state = State::LastLineFeed,
            b'\n' => self.state = State::Done,
            b' ' | b'\t' => return Err(FieldError::Bad("folded header line")),
            _ => {
                self.count = self.count.saturating_add(1);
                if self.count > self.most {
                    return Err(FieldError::TooLarge("too many headers"));
                }
                table.open()?;
                self.state = State::Name;
                return Ok(0);
            }
        }
        Ok(1)
    }

    fn name(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, FieldError> {
        let len = rest
            .iter()
            .position(|b| !is_name_byte(*b))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        table
            .push_lower(name)
            .map_err(|TableFull| FieldError::TooLarge("header name"))?;
        match after.first() {
            None => return Ok(len),
            Some(b':') if table.pushed().is_empty() => {
                return Err(FieldError::Bad("header without a name"));
            }
            Some(b':') => self.end_name(table)?,
            Some(b' ' | b'\t') => return Err(FieldError::Bad("space in a header name")),
            Some(b'\r' | b'\n') => return Err(FieldError::Bad("header without a colon")),
            Some(_) => return Err(FieldError::Bad("bad byte in a header name")),
        }
        Ok(len.saturating_add(1))
    }

    fn end_name(&mut self, table: &mut HeaderTable) -> Result<(), FieldError> {
        let token = Token::from_lower_name(table.pushed());
        self.state = State::Lead;
        if token == Some(Token::HOST) {
            self.hosts = self.hosts.saturating_add(1);
            self.is_overruled = self.overrules_host;
        }
        let first = token.and_then(|token| table.first(token).map(<[u8]>::is_empty));
        table.name_done(token);
        // quirk: a repeated header's value gets a space in front and keeps its own leading spaces,
        // unless the first value was empty.
        if let Some(first_is_empty) = first {
            table.push(b" ")?;
            if !first_is_empty {
                self.state = State::Value;
            }
        }
        Ok(())
    }

    fn value(&mut self, rest: &[u8], table: &mut HeaderTable) -> Result<usize, FieldError> {
        let len = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let (value, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        let nul = memchr(0, value);
        let clean = value.get(..nul.unwrap_or(len)).unwrap_or(value);
        table.push(clean)?;
        if nul.is_some() {
            return Err(FieldError::Bad("NUL in a header"));
        }
        let Some(&byte) = after.first() else {
            return Ok(len);
        };
        // Usually the LF is there too: spares a step per line.
        let ends_here = after.starts_with(b"\r\n");
        self.after_line(if ends_here { b'\n' } else { byte });
        if self.is_overruled {
            table.abort();
            self.is_overruled = false;
        } else {
            table.close()?;
        }
        Ok(len.saturating_add(if ends_here { 2 } else { 1 }))
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
