//! Writes response headers into the caller's buffer.
//!
//! The buffer and position are what the C side knows as `unsigned char **p, *end`. Every call writes
//! everything or nothing. "No room" is said where the reference says it, which is a few bytes before
//! the buffer is really full: programs size their buffers by trial. Bytes that would end a header
//! line early (CR, LF, NUL) are refused. Used by `lws_add_http_*`, by the file server and by the
//! library's own answers. HTTP/2 has its own writer.

use super::status;

/// The version of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1, and any later 1.x.
    Http11,
}

/// Nothing was written: too little room, or a CR, LF or NUL in a name or value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoRoom;

/// Bytes that must be left after a header line.
const AFTER_LINE: usize = 2;

/// Bytes that must be left after a status line and what belongs to it.
const AFTER_STATUS: usize = 3;

/// Bytes that must be left after the blank line.
const AFTER_BLANK: usize = 1;

/// The headers of `LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE` (bit 28).
pub const SECURITY_HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy:",
        "default-src 'none'; img-src 'self' data: ; script-src 'self'; font-src 'self'; \
         style-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'; \
         base-uri 'none';form-action 'self';",
    ),
    ("x-content-type-options:", "nosniff"),
    ("x-xss-protection:", "1; mode=block"),
    ("x-frame-options:", "deny"),
    ("referrer-policy:", "no-referrer"),
];

/// The header of `LWS_SERVER_OPTION_STS`: half a year of TLS only.
pub const STRICT_TRANSPORT: (&str, &str) = (
    "Strict-Transport-Security:",
    "max-age=15768000 ; includeSubDomains",
);

/// Writes header lines one after the other.
#[derive(Debug)]
pub struct HeaderWriter<'a> {
    buffer: &'a mut [u8],
    at: usize,
}

impl<'a> HeaderWriter<'a> {
    /// A writer at the start of `buffer`.
    pub fn new(buffer: &'a mut [u8]) -> Self {
        HeaderWriter { buffer, at: 0 }
    }

    /// How many bytes are written.
    pub fn position(&self) -> usize {
        self.at
    }

    /// What is written.
    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.at).unwrap_or_default()
    }

    /// The status line.
    pub fn status(&mut self, code: u16, version: Version) -> Result<(), NoRoom> {
        let name: &[u8] = match version {
            Version::Http10 => b"HTTP/1.0 ",
            Version::Http11 => b"HTTP/1.1 ",
        };
        let mut digits = [0; 20];
        let code_text = decimal(u64::from(code), &mut digits);
        let text = status::text(code).as_bytes();
        self.put(&[name, code_text, b" ", text, b"\r\n"], AFTER_STATUS)
    }

    /// Says whether the status line and what was added to it leave the room the reference asks for.
    pub fn end_of_status(&self) -> Result<(), NoRoom> {
        let free = self.buffer.len().saturating_sub(self.at);
        if free < AFTER_STATUS {
            Err(NoRoom)
        } else {
            Ok(())
        }
    }

    /// A header line; the name may lack its colon.
    pub fn header(&mut self, name: &[u8], value: &[u8]) -> Result<(), NoRoom> {
        let name = name.strip_suffix(b":").unwrap_or(name);
        if breaks_line(name) || breaks_line(value) {
            return Err(NoRoom);
        }
        self.put(&[name, b": ", value, b"\r\n"], AFTER_LINE)
    }

    /// A whole header line given as one text, without its end (lws: a NULL name).
    pub fn line(&mut self, text: &[u8]) -> Result<(), NoRoom> {
        if breaks_line(text) {
            return Err(NoRoom);
        }
        self.put(&[text, b"\r\n"], AFTER_LINE)
    }

    /// `content-length`.
    pub fn content_length(&mut self, length: u64) -> Result<(), NoRoom> {
        let mut digits = [0; 20];
        self.header(b"content-length:", decimal(length, &mut digits))
    }

    /// Complete header lines of a caller who is trusted to have ended them properly.
    pub fn raw(&mut self, lines: &[u8]) -> Result<(), NoRoom> {
        self.put(&[lines], 0)
    }

    /// The blank line.
    pub fn finish(&mut self) -> Result<(), NoRoom> {
        self.put(&[b"\r\n"], AFTER_BLANK)
    }

    /// Writes all parts if `spare` bytes stay free behind them.
    fn put(&mut self, parts: &[&[u8]], spare: usize) -> Result<(), NoRoom> {
        let sum = parts
            .iter()
            .fold(0usize, |sum, part| sum.saturating_add(part.len()));
        let end = self.at.saturating_add(sum);
        if end.saturating_add(spare) > self.buffer.len() {
            return Err(NoRoom);
        }
        for part in parts {
            let next = self.at.saturating_add(part.len());
            if let Some(room) = self.buffer.get_mut(self.at..next) {
                room.copy_from_slice(part);
            }
            self.at = next;
        }
        Ok(())
    }
}

fn breaks_line(text: &[u8]) -> bool {
    text.iter().any(|b| matches!(b, 0 | b'\r' | b'\n'))
}

/// The decimal text of a number, in the caller's room: no allocation for a header.
fn decimal(mut number: u64, room: &mut [u8; 20]) -> &[u8] {
    let mut from = room.len();
    for slot in room.iter_mut().rev() {
        from = from.saturating_sub(1);
        *slot = b'0'.saturating_add(u8::try_from(number % 10).unwrap_or(0));
        number /= 10;
        if number == 0 {
            break;
        }
    }
    room.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest buffer in which `write` succeeds, and what it writes there.
    fn first_room(write: impl Fn(&mut HeaderWriter<'_>) -> Result<(), NoRoom>) -> (usize, String) {
        for room in 0..600 {
            let mut buffer = vec![b'#'; room];
            let mut writer = HeaderWriter::new(&mut buffer);
            let ok = write(&mut writer).is_ok();
            let text = String::from_utf8(writer.written().to_vec()).unwrap();
            if ok {
                return (room, text);
            }
            assert_eq!(text, "", "position moved by a failing call");
        }
        panic!("never fits");
    }

    #[test]
    fn room_needed_is_that_of_the_reference() {
        let cases = [
            (10, "x: abc\r\n", first_room(|w| w.header(b"x:", b"abc"))),
            (11, "X-Foo: \r\n", first_room(|w| w.header(b"X-Foo:", b""))),
            (7, "abc\r\n", first_room(|w| w.line(b"abc"))),
            (
                21,
                "content-length: 0\r\n",
                first_room(|w| w.content_length(0)),
            ),
            (
                25,
                "content-length: 12345\r\n",
                first_room(|w| w.content_length(12345)),
            ),
            (3, "\r\n", first_room(|w| w.finish())),
            (
                20,
                "HTTP/1.1 200 OK\r\n",
                first_room(|w| w.status(200, Version::Http11)),
            ),
            (
                27,
                "HTTP/1.0 404 Not Found\r\n",
                first_room(|w| w.status(404, Version::Http10)),
            ),
            (
                18,
                "HTTP/1.1 204 \r\n",
                first_room(|w| w.status(204, Version::Http11)),
            ),
        ];
        for (room, text, got) in cases {
            assert_eq!(got, (room, text.to_owned()));
        }
    }

    #[test]
    fn missing_colon_is_added() {
        assert_eq!(
            first_room(|w| w.header(b"x", b"abc")),
            (10, "x: abc\r\n".to_owned())
        );
    }

    #[test]
    fn greatest_length_is_written() {
        let text = first_room(|w| w.content_length(u64::MAX)).1;
        assert_eq!(text, "content-length: 18446744073709551615\r\n");
    }

    #[test]
    fn bytes_that_end_a_line_are_refused() {
        let mut buffer = [0; 100];
        let mut writer = HeaderWriter::new(&mut buffer);
        for bad in [&b"a\r\nb: c"[..], b"a\nb", b"a\rb", b"a\0b"] {
            assert_eq!(writer.header(b"x:", bad), Err(NoRoom));
            assert_eq!(writer.header(bad, b"x"), Err(NoRoom));
            assert_eq!(writer.line(bad), Err(NoRoom));
        }
        assert_eq!(writer.position(), 0);
    }

    #[test]
    fn response_is_written_in_order() {
        let mut buffer = [0; 600];
        let mut writer = HeaderWriter::new(&mut buffer);
        writer.status(200, Version::Http11).unwrap();
        for (name, value) in SECURITY_HEADERS {
            writer.header(name.as_bytes(), value.as_bytes()).unwrap();
        }
        writer.header(b"server:", b"me").unwrap();
        writer.end_of_status().unwrap();
        assert_eq!(writer.position(), 360);
        writer.raw(b"a: b\r\n").unwrap();
        writer.finish().unwrap();
        assert!(writer.written().ends_with(b"server: me\r\na: b\r\n\r\n"));
    }

    #[test]
    fn status_with_its_extras_needs_three_bytes_more() {
        let mut buffer = [0; 23];
        let mut writer = HeaderWriter::new(&mut buffer);
        writer.status(200, Version::Http11).unwrap();
        writer.raw(b"a:b\r\n").unwrap();
        assert_eq!(writer.end_of_status(), Err(NoRoom));
    }
}
