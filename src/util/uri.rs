//! Cutting "prot://host:port/path" into pieces in place.
//!
//! The pieces are made C strings by writing NULs into the text, so the `/` in front of the path is lost. Brackets around
//! an IPv6 address are taken off. A host that begins with `+` is a unix socket path: it may hold `/` and ends at `:`.
//! Nothing is refused: missing pieces are empty. Called by `capi::uri`; offsets are relative to the text.

use memchr::{memchr, memchr2};

/// Where the pieces begin.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Pieces {
    /// The protocol name; the end of the text when there is none.
    pub protocol: usize,
    /// The host.
    pub host: usize,
    /// The port given, or the usual one of the protocol; none: leave the caller's.
    pub port: Option<i32>,
    /// The path without its `/`; none: there is none, use "/".
    pub path: Option<usize>,
}

/// Cuts `text`, which ends with its NUL (the last byte), into pieces.
pub fn cut(text: &mut [u8]) -> Pieces {
    let end = text.len().saturating_sub(1);
    let body = text.get(..end).unwrap_or(&[]);
    let (protocol, mut at) = match separator(body) {
        Some(colon) => (0, colon + 3),
        None => (end, 0),
    };
    let mut port = None;
    if protocol == 0 && at >= 3 {
        let colon = at - 3;
        port = usual_port(body.get(..colon).unwrap_or(&[]));
        put_nul(text, colon);
    }

    let unix = text.get(at) == Some(&b'+');
    let bracket = text.get(at) == Some(&b'[');
    let host = at + usize::from(bracket);
    if bracket {
        at = scan(text, host, end, |t| memchr(b']', t));
        if at < end {
            put_nul(text, at);
            at += 1;
        }
    } else {
        let second = if unix { b':' } else { b'/' };
        at = scan(text, at, end, |t| memchr2(b':', second, t));
    }
    if text.get(at) == Some(&b':') {
        put_nul(text, at);
        at += 1;
        port = Some(leading_int(text.get(at..end).unwrap_or(&[])));
        at = scan(text, at, end, |t| memchr(b'/', t));
    }
    let mut path = None;
    if at < end {
        put_nul(text, at);
        at += 1;
        path = (at < end).then_some(at);
    }
    Pieces {
        protocol,
        host,
        port,
        path,
    }
}

fn put_nul(text: &mut [u8], at: usize) {
    if let Some(b) = text.get_mut(at) {
        *b = 0;
    }
}

/// The first place from `from` on that `find` finds, or `end`.
fn scan(text: &[u8], from: usize, end: usize, find: impl Fn(&[u8]) -> Option<usize>) -> usize {
    let part = text.get(from..end).unwrap_or(&[]);
    from + find(part).unwrap_or(part.len())
}

/// Where "://" is.
fn separator(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b':', text).find(|at| text.get(at + 1..at + 3) == Some(b"//"))
}

fn usual_port(protocol: &[u8]) -> Option<i32> {
    match protocol {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        _ => None,
    }
}

/// As C's `atoi` on a 64-bit system: white space, a sign, digits; too large ones end at the limits of 64 bits and lose
/// their upper half.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the upper half is lost as in atoi"
)]
#[must_use]
pub fn leading_int(text: &[u8]) -> i32 {
    let blank = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let text = text.get(start..).unwrap_or(&[]);
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    for d in digits.iter().take_while(|b| b.is_ascii_digit()) {
        let d = i64::from(d - b'0');
        value = value.saturating_mul(10);
        value = if negative {
            value.saturating_sub(d)
        } else {
            value.saturating_add(d)
        };
    }
    value as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(uri: &str) -> (String, String, Option<i32>, Option<String>) {
        let mut text = uri.as_bytes().to_vec();
        text.push(0);
        let p = cut(&mut text);
        let part = |at: usize| {
            let rest = &text[at..];
            let end = rest.iter().position(|b| *b == 0).expect("a NUL");
            String::from_utf8(rest[..end].to_vec()).expect("ascii")
        };
        (part(p.protocol), part(p.host), p.port, p.path.map(part))
    }

    fn is(uri: &str, protocol: &str, host: &str, port: Option<i32>, path: Option<&str>) {
        let want = (
            protocol.to_owned(),
            host.to_owned(),
            port,
            path.map(str::to_owned),
        );
        assert_eq!(pieces(uri), want, "{uri}");
    }

    #[test]
    fn whole_uri_gives_all_pieces() {
        is("wss://a:1234/b?x=y", "wss", "a", Some(1234), Some("b?x=y"));
    }

    #[test]
    fn missing_pieces_are_empty() {
        is("", "", "", None, None);
        is("abc", "", "abc", None, None);
        is("a/b", "", "a", None, Some("b"));
        is("http://", "http", "", Some(80), None);
        is("://a", "", "a", None, None);
    }

    #[test]
    fn usual_ports_belong_to_lower_case_names() {
        is("https://a/b", "https", "a", Some(443), Some("b"));
        is("HTTPS://a/b", "HTTPS", "a", None, Some("b"));
        is("http://a:/b", "http", "a", Some(0), Some("b"));
    }

    #[test]
    fn brackets_and_unix_paths_are_hosts() {
        is("http://[::1]:80/b", "http", "::1", Some(80), Some("b"));
        is("http://[::1", "http", "::1", Some(80), None);
        is("http://+/var/s:/p", "http", "+/var/s", Some(0), Some("p"));
    }

    #[test]
    fn numbers_are_read_as_atoi_does() {
        assert_eq!(leading_int(b" \t-12x"), -12);
        assert_eq!(leading_int(b"-+5"), 0);
        assert_eq!(leading_int(b"4294967297"), 1);
        assert_eq!(leading_int(b"99999999999999999999"), -1);
        assert_eq!(leading_int(b"-99999999999999999999"), 0);
        assert_eq!(leading_int(b""), 0);
    }
}
