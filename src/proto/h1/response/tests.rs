//! Response heads: status lines, framing, interim answers, limits.

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
