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
                let used = self.fields.step(rest, table).map_err(text_of)?;
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
mod tests {
    use super::*;
    use crate::proto::split_test::assert_same_for_every_split;

    const LIMIT: usize = 512;

    /// Head, table and what is left, for every split.
    fn read(input: &[u8], is_head: bool) -> String {
        let events = assert_same_for_every_split(input, |pieces| {
            let mut table = HeaderTable::new(LIMIT);
            let limits = ResponseLimits::for_table(LIMIT);
            let mut parser = ResponseParser::new(limits, is_head);
            let mut fed = 0;
            for piece in pieces {
                match parser.feed(piece, &mut table) {
                    Step::NeedMore => fed += piece.len(),
                    Step::Refused(why) => return vec![format!("refused: {why}")],
                    Step::Done { consumed } => {
                        let head = parser.head().unwrap();
                        let names = table.iter().map(|e| match e.token {
                            Some(Token(n)) => format!("{n}={}", e.value.escape_ascii()),
                            None => [e.name, e.value].concat().escape_ascii().to_string(),
                        });
                        let names: Vec<_> = names.collect();
                        let rest = &input[fed + consumed..];
                        return vec![format!(
                            "{} {:?} keep={} [{}] rest={}",
                            head.status,
                            head.body,
                            head.keep_alive,
                            names.join(" | "),
                            rest.escape_ascii()
                        )];
                    }
                }
            }
            vec!["need more".to_owned()]
        });
        events[0].clone()
    }

    #[test]
    fn bodies_end_as_the_headers_say() {
        let cases: &[(&str, &str)] = &[
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "200 Length(5) keep=true [15=200 OK | 27=5] rest=hello",
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nX-A: b\r\n\r\n0\r\n\r\n",
                "200 Chunked keep=true [15=200 OK | 68=Chunked | x-a:b] rest=0\\r\\n\\r\\n",
            ),
            (
                "HTTP/1.0 404 \r\n\r\nx",
                "404 UntilClose keep=false [79=404 ] rest=x",
            ),
            (
                "HTTP/1.1 204\nConnection: close\n\n",
                "204 None keep=false [15=204 | 4=close] rest=",
            ),
            (
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                "304 None keep=true [15=304 Not Modified | 27=5] rest=",
            ),
            (
                "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
                "200 Length(0) keep=true [79=200 OK | 4=Keep-Alive | 27=0] rest=",
            ),
        ];
        for (input, want) in cases {
            assert_eq!(read(input.as_bytes(), false), *want);
        }
    }

    #[test]
    fn an_answer_to_head_has_no_body() {
        let got = read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP", true);
        assert_eq!(got, "200 None keep=true [15=200 OK | 27=5] rest=HTTP");
    }

    #[test]
    fn interim_answers_are_dropped() {
        let got = read(
            b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n\
            HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz",
            false,
        );
        assert_eq!(got, "200 Length(1) keep=true [15=200 OK | 27=1] rest=z");
        let got = read(b"HTTP/1.1 101 Up\r\nUpgrade: x\r\n\r\n\x81", false);
        assert_eq!(got, "101 None keep=true [15=101 Up | 5=x] rest=\\x81");
        let many = "HTTP/1.1 100 \r\n\r\n".repeat(MAX_INTERIM + 1);
        assert_eq!(
            read(many.as_bytes(), false),
            "refused: too many interim answers"
        );
    }

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        let cases: &[(&str, &str)] = &[
            (
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "content-length with transfer-encoding",
            ),
            (
                "Content-Length: 5\r\nContent-Length: 6",
                "bad content-length",
            ),
            ("Content-Length: -1", "bad content-length"),
            ("Content-Length: -9223372036854775808", "bad content-length"),
            ("Content-Length: 99999999999999999999", "bad content-length"),
            ("Content-Length: 5x", "bad content-length"),
            ("Content-Length: ", "bad content-length"),
            (
                "Transfer-Encoding: gzip, chunked",
                "transfer-encoding other than chunked",
            ),
            ("X: a\0b", "NUL in a header"),
            ("X: a\rb", "CR without LF"),
            ("X: a\r\n b", "folded header line"),
            ("X : a", "space in a header name"),
            ("nocolon", "header without a colon"),
        ];
        for (line, want) in cases {
            let input = format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n");
            assert_eq!(
                read(input.as_bytes(), false),
                format!("refused: {want}"),
                "{line:?}"
            );
        }
        let same = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n";
        assert!(read(same, false).starts_with("200 Length(5)"));
        assert_eq!(
            read(
                b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                false
            ),
            "refused: transfer-encoding in HTTP/1.0"
        );
    }

    #[test]
    fn status_lines_that_are_none_are_refused() {
        for line in [
            "foo bar baz",
            "HTTP/2 200 OK",
            "HTTP/1.x 200 OK",
            "HTTP/1.1  200 OK",
            "HTTP/1.1 2 0 OK",
            "HTTP/1.1 20",
            "HTTP/1.1 2000",
            "HTTP/1.1 099 OK",
            "HTTP/1.1 200 \x01",
            "\x15\x03\x01",
        ] {
            let got = read(format!("{line}\r\n\r\n").as_bytes(), false);
            assert!(got.starts_with("refused: "), "{line:?}: {got}");
        }
    }

    #[test]
    fn endless_heads_are_refused() {
        let mut parser = ResponseParser::new(ResponseLimits::for_table(LIMIT), false);
        let mut table = HeaderTable::new(LIMIT);
        let mut step = parser.feed(b"HTTP/1.1 200 OK\r\n", &mut table);
        let mut lines = 0;
        while step == Step::NeedMore {
            lines += 1;
            step = parser.feed(b"X-Header: value\r\n", &mut table);
        }
        assert!(matches!(step, Step::Refused(_)));
        assert!(lines < LIMIT / 10, "{lines}");
        let mut parser = ResponseParser::new(ResponseLimits::for_table(LIMIT), false);
        let long = [b"HTTP/1.1 200 ".as_slice(), &[b'x'; 2000]].concat();
        let step = parser.feed(&long, &mut HeaderTable::new(1 << 16));
        assert_eq!(step, Step::Refused("status line too long"));
    }
}
