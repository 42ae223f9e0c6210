//! Lines of an access log, in the form that web servers share ("combined").
//!
//! `PEER - - [TIME] "METHOD TARGET VERSION" STATUS BYTES "REFERRER" "AGENT"`, with `-` where there is nothing. What a
//! peer sent can neither end the line nor a quoted text: quotes, backslashes and everything outside of printable ASCII
//! are written as `\xHH`. The first part is put together when a request begins, since its headers may be
//! gone when it ends. Used by the http role; the file is `sys::logfile`.

/// Longest text of a peer's that goes into a line, before escaping.
pub const LONGEST_TEXT: usize = 1024;

/// What is known when a request begins.
pub struct Request<'a> {
    /// The peer's address; empty where it has none.
    pub peer: &'a str,
    /// The time as it is to be written.
    pub time: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path and its arguments.
    pub target: &'a [u8],
    /// The version.
    pub version: &'a str,
    /// Where the link was.
    pub referrer: Option<&'a [u8]>,
    /// What the client calls itself.
    pub agent: Option<&'a [u8]>,
}

/// A line without status and length.
pub struct Line {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Line {
    /// The line of a request that begins.
    pub fn begin(request: &Request<'_>) -> Self {
        let peer = if request.peer.is_empty() {
            "-"
        } else {
            request.peer
        };
        let mut before =
            format!("{peer} - - [{}] \"{} ", request.time, request.method).into_bytes();
        push_escaped(&mut before, request.target);
        before.extend_from_slice(format!(" {}\"", request.version).as_bytes());
        let mut after = Vec::new();
        for text in [request.referrer, request.agent] {
            after.extend_from_slice(b" \"");
            push_escaped(&mut after, text.unwrap_or(b"-"));
            after.push(b'"');
        }
        after.push(b'\n');
        Line { before, after }
    }

    /// The whole line.
    pub fn end(&self, status: u16, bytes: u64) -> Vec<u8> {
        let numbers = format!(" {status} {bytes}");
        [&self.before, numbers.as_bytes(), &self.after].concat()
    }
}

fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    for byte in text.iter().take(LONGEST_TEXT) {
        match byte {
            b'"' | b'\\' | 0..=0x1f | 0x7f.. => {
                out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
            }
            _ => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(target: &[u8], agent: Option<&[u8]>) -> String {
        let request = Request {
            peer: "1.2.3.4",
            time: "23/Nov/2026:12:00:00 +0100",
            method: "GET",
            target,
            version: "HTTP/1.1",
            referrer: None,
            agent,
        };
        String::from_utf8(Line::begin(&request).end(200, 17)).unwrap()
    }

    #[test]
    fn a_line_has_the_usual_form() {
        assert_eq!(
            line(b"/a?b=c", Some(b"curl/8")),
            "1.2.3.4 - - [23/Nov/2026:12:00:00 +0100] \"GET /a?b=c HTTP/1.1\" 200 17 \"-\" \"curl/8\"\n"
        );
    }

    #[test]
    fn a_peer_cannot_forge_lines() {
        let line = line(b"/\" 200 1\r\n9.9.9.9", Some(b"a\"b\\\xffc\n"));
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.contains("/\\x22 200 1\\x0d\\x0a9.9.9.9"), "{line}");
        assert!(line.ends_with("\"a\\x22b\\x5c\\xffc\\x0a\"\n"), "{line}");
    }

    #[test]
    fn long_texts_are_cut() {
        assert!(line(&[b'x'; 9000], Some(&[7; 9000])).len() < 6 * LONGEST_TEXT);
    }
}
