//! Reads the header lines at the start of a script's output (RFC 3875 6).
//!
//! Lines end with LF or CRLF; an empty one ends the head. `Status` and `Content-Length` are understood, fields that
//! concern the connection are dropped, the others are checked and kept as lines for the response. A first line like that
//! of an HTTP response counts as `Status`. `Location` without a status is a 302, whatever it names: requests are not run
//! again inside the server. Anything else is an error, on which the caller answers 502.

/// Bytes that a script's header lines may have.
pub const HEAD_LIMIT: usize = 32 * 1024;

/// Fields of the connection, which is not the script's.
const DROPPED: [&[u8]; 7] = [
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
];

/// What a script says about its response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptHead {
    /// Status code.
    pub status: u16,
    /// Bytes of the body, if it says.
    pub content_length: Option<u64>,
    /// The other fields as complete header lines.
    pub lines: Vec<u8>,
}

/// There is no head in the output; the text says why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadHead(pub &'static str);

/// What a piece of output came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// All of it belongs to the head, which goes on.
    NeedMore,
    /// The head; what follows `consumed` bytes of the piece is body.
    Done {
        /// The head.
        head: ScriptHead,
        /// How much of the piece belongs to it.
        consumed: usize,
    },
}

/// Collects a head from pieces.
#[derive(Debug, Default)]
pub struct HeadReader {
    text: Vec<u8>,
    /// Where the current line begins in `text`.
    line: usize,
}

impl HeadReader {
    /// Reads on.
    pub fn feed(&mut self, input: &[u8]) -> Result<Step, BadHead> {
        let mut at = 0usize;
        while let Some(rest) = input.get(at..).filter(|r| !r.is_empty()) {
            let end = memchr::memchr(b'\n', rest).map(|n| n.saturating_add(1));
            let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
            if self.text.len().saturating_add(piece.len()) > HEAD_LIMIT {
                return Err(BadHead("its header lines are too long"));
            }
            self.text.extend_from_slice(piece);
            at = at.saturating_add(piece.len());
            if end.is_none() {
                break;
            }
            if matches!(self.text.get(self.line..), Some(b"\n" | b"\r\n")) {
                let head = parse(self.text.get(..self.line).unwrap_or_default())?;
                return Ok(Step::Done { head, consumed: at });
            }
            self.line = self.text.len();
        }
        Ok(Step::NeedMore)
    }

    /// Nothing has come yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

fn parse(text: &[u8]) -> Result<ScriptHead, BadHead> {
    let mut status = None;
    let mut content_length = None;
    let mut redirects = false;
    let mut lines = Vec::with_capacity(text.len());
    for (at, line) in text.split(|b| *b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        if at == 0 && line.starts_with(b"HTTP/") {
            let code = line.splitn(2, |b| *b == b' ').nth(1);
            set_once(&mut status, status_code(code.unwrap_or_default())?)?;
            continue;
        }
        let (name, value) = field(line)?;
        if name.eq_ignore_ascii_case(b"status") {
            set_once(&mut status, status_code(value)?)?;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            set_once(&mut content_length, number(value)?)?;
        } else if !DROPPED.iter().any(|d| d.eq_ignore_ascii_case(name)) {
            redirects |= name.eq_ignore_ascii_case(b"location");
            for part in [name, b": ", value, b"\r\n"] {
                lines.extend_from_slice(part);
            }
        }
    }
    if status.is_none() && content_length.is_none() && lines.is_empty() {
        return Err(BadHead("it has no header lines"));
    }
    Ok(ScriptHead {
        status: status.unwrap_or(if redirects { 302 } else { 200 }),
        content_length,
        lines,
    })
}

/// Two fields may say the same, not different things.
fn set_once<T: PartialEq>(place: &mut Option<T>, value: T) -> Result<(), BadHead> {
    match place {
        Some(known) if *known != value => Err(BadHead("two header lines contradict each other")),
        _ => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn field(line: &[u8]) -> Result<(&[u8], &[u8]), BadHead> {
    const WRONG: BadHead = BadHead("a line of its head is no header line");
    let colon = memchr::memchr(b':', line).ok_or(WRONG)?;
    let (name, value) = line.split_at(colon);
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b);
    let is_text = |b: &u8| *b == b'\t' || !b.is_ascii_control();
    if name.is_empty() || !name.iter().all(is_name) || !value.iter().all(is_text) {
        return Err(WRONG);
    }
    Ok((name, value))
}

fn status_code(value: &[u8]) -> Result<u16, BadHead> {
    const WRONG: BadHead = BadHead("its status is none");
    let (digits, rest) = value.split_at_checked(3).ok_or(WRONG)?;
    if !matches!(rest.first(), None | Some(b' ')) {
        return Err(WRONG);
    }
    match number(digits) {
        Ok(code @ 200..=599) => u16::try_from(code).map_err(|_| WRONG),
        _ => Err(WRONG),
    }
}

fn number(value: &[u8]) -> Result<u64, BadHead> {
    const WRONG: BadHead = BadHead("its content-length is no number");
    if !value.iter().all(u8::is_ascii_digit) {
        return Err(WRONG);
    }
    let text = str::from_utf8(value).map_err(|_| WRONG)?;
    text.parse().map_err(|_| WRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds in two pieces, cut everywhere: the outcome must not depend on it.
    fn read(output: &[u8]) -> Result<(ScriptHead, Vec<u8>), BadHead> {
        let whole = read_cut(output, output.len());
        for at in 0..output.len() {
            assert_eq!(read_cut(output, at), whole, "cut at {at}");
        }
        whole
    }

    fn read_cut(output: &[u8], at: usize) -> Result<(ScriptHead, Vec<u8>), BadHead> {
        let mut reader = HeadReader::default();
        let (first, second) = output.split_at(at);
        if let Step::Done { head, consumed } = reader.feed(first)? {
            return Ok((head, [&first[consumed..], second].concat()));
        }
        match reader.feed(second)? {
            Step::Done { head, consumed } => Ok((head, second[consumed..].to_vec())),
            Step::NeedMore => Err(BadHead("incomplete")),
        }
    }

    fn head(output: &str) -> ScriptHead {
        read(output.as_bytes()).unwrap().0
    }

    #[test]
    fn head_and_body_are_told_apart() {
        for end in ["\n", "\r\n"] {
            let output = format!("Content-Type: a/b{end}X-Y:  z {end}{end}body\n\nmore");
            let (head, body) = read(output.as_bytes()).unwrap();
            assert_eq!(head.status, 200);
            assert_eq!(head.content_length, None);
            assert_eq!(head.lines, b"Content-Type: a/b\r\nX-Y: z\r\n");
            assert_eq!(body, b"body\n\nmore");
        }
    }

    #[test]
    fn status_and_length_are_understood() {
        assert_eq!(head("Status: 404 Not here\n\n").status, 404);
        assert_eq!(head("status:201\n\n").status, 201);
        assert_eq!(head("HTTP/1.1 418 Tea\nA: b\n\n").status, 418);
        assert_eq!(head("Content-Length: 0\n\n").content_length, Some(0));
        assert_eq!(head("Location: /x\n\n").status, 302);
        assert_eq!(head("Status: 301\nLocation: /x\n\n").status, 301);
        let counted = head("Content-Length: 12\nA: b\n\n");
        assert_eq!(counted.content_length, Some(12));
        assert_eq!(counted.lines, b"A: b\r\n");
    }

    #[test]
    fn fields_of_the_connection_are_dropped() {
        let head = head("Connection: close\nTransfer-Encoding: chunked\nA: b\n\n");
        assert_eq!(head.lines, b"A: b\r\n");
    }

    #[test]
    fn what_is_no_head_is_refused() {
        for bad in [
            "\nbody",
            "hello world\n\n",
            "Status: x\n\n",
            "Status: 100\n\n",
            "Status: 2000\n\n",
            "Status: 200\nStatus: 404\n\n",
            "Content-Length: -1\n\n",
            "Content-Length: 99999999999999999999\n\n",
            "Content-Length: 1\nContent-Length: 2\nA: b\n\n",
            "A: b\n folded\n\n",
            "A: b\rX: c\n\n",
            "A: b\0c\n\n",
            "A b: c\n\n",
            ": c\n\n",
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn endless_head_is_refused() {
        let mut reader = HeadReader::default();
        let mut fed = 0;
        let refused = loop {
            fed += 10;
            assert!(fed < 2 * HEAD_LIMIT);
            if let Err(why) = reader.feed(b"A: bcdefg\n") {
                break why;
            }
        };
        assert_eq!(refused, BadHead("its header lines are too long"));
    }
}
