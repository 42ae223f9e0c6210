//! The request target: `/path?args`, `http://host/path`, `*`, `host:port`, read byte by byte.
//!
//! Writes the decoded and normalised path as fragments of the method's URI token, the arguments as
//! fragments of `HTTP_URI_ARGS` and the authority of an absolute target as the `HOST`. What comes out
//! is what the reference gives (its quirks are marked), except that dot segments before a `?` are
//! resolved like any other and that NUL, CR and LF cannot be smuggled in as escapes.
//! Used by the request parser, which has seen the method and reads on after the target.

use crate::proto::http::headers::{HeaderTable, TableFull};
use crate::proto::http::token::Token;

/// Why a target is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TargetError {
    /// Neither `/...` nor another form that the method allows.
    NotAbsolute,
    /// `%` without two hex digits, or a NUL, CR or LF made of one.
    BadEscape,
    /// A raw control character.
    Control,
    /// The table is full.
    TooLong,
}

impl From<TableFull> for TargetError {
    fn from(_: TableFull) -> Self {
        TargetError::TooLong
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// Nothing but spaces yet.
    First,
    /// In `http://` or `https://`.
    Scheme,
    Authority,
    Path,
    Args,
    /// After `*`.
    Star,
    /// The target of CONNECT, taken as it is.
    Raw,
}

/// What the path's last segment is so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Segment {
    Empty,
    Dot,
    DotDot,
    Name,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Escape {
    None,
    Percent,
    High(u8),
}

/// Reads one target; see the module's documentation.
#[derive(Clone, Debug)]
pub(super) struct TargetParser {
    token: Token,
    mode: Mode,
    segment: Segment,
    escape: Escape,
    /// An `=` was seen in the current argument.
    after_equals: bool,
    scheme: [u8; 8],
    scheme_len: usize,
    names_host: bool,
    /// Path and arguments as they came, where that is asked for.
    raw: Option<Vec<u8>>,
}

impl TargetParser {
    /// A parser for the target of a method with this URI token; `keeps`: [`Self::raw`] is wanted.
    pub(super) fn new(token: Token, keeps: bool) -> Self {
        TargetParser {
            raw: keeps.then(Vec::new),
            token,
            mode: Mode::First,
            segment: Segment::Empty,
            escape: Escape::None,
            after_equals: false,
            scheme: [0; 8],
            scheme_len: 0,
            names_host: false,
        }
    }

    /// The target was absolute and its authority is in the table as `HOST`.
    pub(super) fn names_host(&self) -> bool {
        self.names_host
    }

    /// Path and arguments as they came, from the slash on; empty unless asked for.
    pub(super) fn raw(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or_default()
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(raw) = &mut self.raw
            && matches!(self.mode, Mode::Path | Mode::Args)
        {
            raw.extend_from_slice(bytes);
        }
    }

    /// Reads on; `Some(n)`: the target ends before `input[n]`, which is a space, CR or LF.
    pub(super) fn feed(
        &mut self,
        input: &[u8],
        table: &mut HeaderTable,
    ) -> Result<Option<usize>, TargetError> {
        let mut at = 0usize;
        while let Some(rest) = input.get(at..)
            && let Some((&byte, _)) = rest.split_first()
        {
            let plain = self.plain_run(rest);
            if let Some(run) = rest.get(..plain)
                && plain > 0
            {
                table.push(run)?;
                self.keep(run);
                at = at.saturating_add(plain);
                continue;
            }
            match byte {
                b' ' if self.mode == Mode::First => {}
                b' ' | b'\r' | b'\n' => {
                    self.end(table)?;
                    return Ok(Some(at));
                }
                0..=0x1f | 0x7f => return Err(TargetError::Control),
                _ => {
                    self.byte(byte, table)?;
                    self.keep(&[byte]);
                }
            }
            at = at.saturating_add(1);
        }
        Ok(None)
    }

    /// How many bytes from the start of `rest` may be copied as they are in the present state.
    fn plain_run(&self, rest: &[u8]) -> usize {
        let in_name = self.mode == Mode::Path && self.segment == Segment::Name;
        if self.escape != Escape::None || !(in_name || self.mode == Mode::Args) {
            return 0;
        }
        rest.iter()
            .position(|b| !is_plain(*b))
            .unwrap_or(rest.len())
    }

    /// One byte that is no terminator.
    fn byte(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match self.mode {
            Mode::First => self.first(byte, table),
            Mode::Scheme => self.scheme(byte, table),
            Mode::Authority => self.authority(byte, table),
            Mode::Path | Mode::Args => self.escaped(byte, table),
            Mode::Star => Err(TargetError::NotAbsolute),
            Mode::Raw => Ok(table.push(&[byte])?),
        }
    }

    fn first(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        if self.token == Token::CONNECT {
            self.open(self.token, table)?;
            self.mode = Mode::Raw;
            return Ok(table.push(&[byte])?);
        }
        match byte {
            b'/' => self.begin_path(table),
            b'*' if self.token == Token::OPTIONS_URI => {
                self.open(self.token, table)?;
                self.mode = Mode::Star;
                Ok(table.push(b"*")?)
            }
            _ => {
                self.mode = Mode::Scheme;
                self.scheme(byte, table)
            }
        }
    }

    fn scheme(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        let slot = self
            .scheme
            .get_mut(self.scheme_len)
            .ok_or(TargetError::NotAbsolute)?;
        *slot = byte.to_ascii_lowercase();
        self.scheme_len = self.scheme_len.saturating_add(1);
        let seen = self.scheme.get(..self.scheme_len).unwrap_or_default();
        if seen == b"http://" || seen == b"https://" {
            self.mode = Mode::Authority;
            self.names_host = true;
            return self.open(Token::HOST, table);
        }
        if b"http://".starts_with(seen) || b"https://".starts_with(seen) {
            return Ok(());
        }
        Err(TargetError::NotAbsolute)
    }

    fn authority(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match byte {
            b'/' | b'?' => {
                self.end_authority(table)?;
                self.begin_path(table)?;
                if byte == b'?' {
                    self.begin_args(table)
                } else {
                    Ok(())
                }
            }
            b'@' | b'%' | b'#' | b'\\' => Err(TargetError::NotAbsolute),
            _ => Ok(table.push(&[byte])?),
        }
    }

    fn end_authority(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        if table.pushed().is_empty() {
            return Err(TargetError::NotAbsolute);
        }
        Ok(table.close()?)
    }

    fn open(&mut self, token: Token, table: &mut HeaderTable) -> Result<(), TargetError> {
        table.open()?;
        table.name_done(Some(token));
        Ok(())
    }

    fn begin_path(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        self.open(self.token, table)?;
        self.mode = Mode::Path;
        self.segment = Segment::Empty;
        Ok(table.push(b"/")?)
    }

    fn begin_args(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        self.end_path(table)?;
        table.close()?;
        self.mode = Mode::Args;
        self.after_equals = false;
        self.open(Token::HTTP_URI_ARGS, table)
    }

    /// A byte of path or arguments, perhaps part of an escape.
    fn escaped(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match self.escape {
            Escape::None if byte == b'%' => self.escape = Escape::Percent,
            Escape::None if self.mode == Mode::Path => self.path(byte, table)?,
            Escape::None => self.arg(byte, table)?,
            Escape::Percent => self.escape = Escape::High(hex(byte)?),
            Escape::High(high) => {
                self.escape = Escape::None;
                self.decoded((high << 4) | hex(byte)?, table)?;
            }
        }
        Ok(())
    }

    /// A byte that was written as an escape: only slashes and dots keep a meaning.
    fn decoded(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match (self.mode, byte) {
            (_, 0) | (Mode::Path, b'\r' | b'\n') => Err(TargetError::BadEscape),
            (Mode::Path, b'/' | b'.') => self.path(byte, table),
            (Mode::Path, _) => self.name_byte(byte, table),
            // quirk: an escaped '=' in an argument's name becomes '_', so that names cannot hold one.
            (_, b'=') if !self.after_equals => Ok(table.push(b"_")?),
            _ => Ok(table.push(&[byte])?),
        }
    }

    fn path(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match (byte, self.segment) {
            (b'?', _) => self.begin_args(table),
            (b'/', _) => self.slash(table),
            (b'.', Segment::Empty) => self.dot(Segment::Dot, table),
            (b'.', Segment::Dot) => self.dot(Segment::DotDot, table),
            // quirk: '+' is a space and '&' and ';' split in the path too, but not straight after a
            // slash or a dot segment.
            (b'+', Segment::Name) => Ok(table.push(b" ")?),
            (b'&' | b';', Segment::Name) => {
                table.close()?;
                self.open(self.token, table)
            }
            _ => self.name_byte(byte, table),
        }
    }

    fn name_byte(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        self.segment = Segment::Name;
        Ok(table.push(&[byte])?)
    }

    fn dot(&mut self, segment: Segment, table: &mut HeaderTable) -> Result<(), TargetError> {
        self.segment = segment;
        Ok(table.push(b".")?)
    }

    /// A slash in the path: ends the segment, which goes away when it is empty or dots.
    fn slash(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        match self.segment {
            Segment::Empty => {}
            Segment::Dot => shorten(table, 1),
            Segment::DotDot => {
                shorten(table, 3);
                let keep = last_slash(table).map_or(0, |at| at.saturating_add(1));
                table.truncate(keep);
                if keep == 0 {
                    table.push(b"/")?;
                }
            }
            Segment::Name => table.push(b"/")?,
        }
        self.segment = Segment::Empty;
        Ok(())
    }

    fn arg(&mut self, byte: u8, table: &mut HeaderTable) -> Result<(), TargetError> {
        match byte {
            b'+' => Ok(table.push(b" ")?),
            b'&' | b';' => {
                table.close()?;
                self.after_equals = false;
                self.open(Token::HTTP_URI_ARGS, table)
            }
            _ => {
                self.after_equals |= byte == b'=';
                Ok(table.push(&[byte])?)
            }
        }
    }

    /// The path ended, by `?` or with the target.
    fn end_path(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        if self.escape != Escape::None {
            return Err(TargetError::BadEscape);
        }
        match self.segment {
            Segment::Dot => shorten(table, 1),
            // quirk: "/a/b/.." is "/a", without the slash that "/a/b/../" keeps.
            Segment::DotDot => {
                shorten(table, 3);
                table.truncate(last_slash(table).unwrap_or(0));
                slash_if_empty(table)?;
            }
            Segment::Empty | Segment::Name => {}
        }
        Ok(())
    }

    fn end(&mut self, table: &mut HeaderTable) -> Result<(), TargetError> {
        match self.mode {
            Mode::First | Mode::Scheme => return Err(TargetError::NotAbsolute),
            Mode::Authority => {
                self.end_authority(table)?;
                self.begin_path(table)?;
            }
            Mode::Path => self.end_path(table)?,
            Mode::Args if self.escape != Escape::None => return Err(TargetError::BadEscape),
            Mode::Args | Mode::Star | Mode::Raw => {}
        }
        // quirk: where the last fragment would be empty, of the path or an argument, it is a slash.
        slash_if_empty(table)?;
        Ok(table.close()?)
    }
}

/// Bytes that mean nothing to paths and arguments (in a segment that is a name).
fn is_plain(byte: u8) -> bool {
    !matches!(
        byte,
        0..=b' ' | 0x7f | b'%' | b'+' | b'/' | b'?' | b'&' | b';' | b'='
    )
}

fn hex(byte: u8) -> Result<u8, TargetError> {
    let digit = char::from(byte)
        .to_digit(16)
        .ok_or(TargetError::BadEscape)?;
    u8::try_from(digit).map_err(|_| TargetError::BadEscape)
}

fn shorten(table: &mut HeaderTable, by: usize) {
    table.truncate(table.pushed().len().saturating_sub(by));
}

fn slash_if_empty(table: &mut HeaderTable) -> Result<(), TableFull> {
    if table.pushed().is_empty() {
        table.push(b"/")?;
    }
    Ok(())
}

fn last_slash(table: &HeaderTable) -> Option<usize> {
    memchr::memrchr(b'/', table.pushed())
}
