//! Header lines, what they mean for the message, and limits.

use super::*;

#[test]
fn header_values_are_kept_as_the_reference_keeps_them() {
    for (lines, table) in [
        ("Accept: a  \r\n", "17=a  "),
        ("Accept:\ta\r\n", "17=\\ta"),
        ("Accept:a\nPragma:   b\n", "17=a | 23=b"),
        (
            "Accept:a\r\nAccept:b\r\nAccept:  d\r\n",
            "17=a | 17= b | 17=   d",
        ),
        ("Accept:\r\nAccept: b\r\n", "17= | 17= b"),
        ("X-A: 1\r\nx-a: 2\r\n", "x-a:1 | x-a:2"),
        ("X-\u{fc}: \u{fc}\r\n", "x-\\xc3\\xbc:\\xc3\\xbc"),
        ("Accept: a\x01b\x7f\r\n", "17=a\\x01b\\x7f"),
        ("uri-args: x\r\nput: y\r\n", "uri-args:x | put:y"),
        ("X-A: a:b\r\n", "x-a:a:b"),
        ("X-Last:\r\n", "x-last:"),
    ] {
        assert_eq!(headers(lines), table, "{lines:?}");
    }
}

#[test]
fn malformed_header_lines_are_refused() {
    for lines in [
        "Accept : a\r\n",
        "Accept\t: a\r\n",
        " Accept: a\r\n",
        "Accept: a\r\n b\r\n",
        "Accept: a\r\n\tb\r\n",
        "Accept: a\x00b\r\n",
        "Acc\x00ept: a\r\n",
        "Accept: a\rb\r\n",
        "Accept: a\r\r\n",
        "NoColon\r\n",
        ": v\r\n",
        "A B: c\r\n",
        "\"X\": 1\r\n",
        "Host: a\r\nHost: a\r\n",
        ":path: /\r\n",
    ] {
        let text = format!("GET / HTTP/1.1\r\n{lines}\r\n");
        assert!(
            matches!(refusal(&text), Refusal::BadRequest(_)),
            "{lines:?}"
        );
    }
    assert!(matches!(
        refusal("GET / HTTP/1.1\r\n\rx"),
        Refusal::BadRequest(_)
    ));
}

#[test]
fn body_length_follows_the_headers() {
    let body =
        |method: &str, lines: &str| head(&format!("{method} / HTTP/1.1\r\n{lines}\r\n")).body;
    assert_eq!(body("GET", ""), BodyLength::None);
    assert_eq!(body("DELETE", ""), BodyLength::None);
    for method in ["POST", "PUT", "PATCH"] {
        assert_eq!(body(method, ""), BodyLength::Unspecified);
        assert_eq!(body(method, "Content-Length: 0\r\n"), BodyLength::Length(0));
    }
    assert_eq!(body("GET", "Content-Length: 5 \r\n"), BodyLength::Length(5));
    assert_eq!(
        body("POST", "Content-Length:\t05\r\n"),
        BodyLength::Length(5)
    );
    assert_eq!(
        body("POST", "Content-Length: 5\r\nContent-Length: 5\r\n"),
        BodyLength::Length(5)
    );
    assert_eq!(
        body("POST", "Content-Length: 9223372036854775807\r\n"),
        BodyLength::Length(i64::MAX as u64)
    );
    assert_eq!(
        body("POST", "Transfer-Encoding: Chunked\r\n"),
        BodyLength::Chunked
    );
}

#[test]
fn framing_that_could_be_read_twice_is_refused() {
    for lines in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5a\r\n",
        "Content-Length: 5 5\r\n",
        "Content-Length:\r\n",
        "Content-Length:\r\nContent-Length: 5\r\n",
        "Content-Length: 9223372036854775808\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding:\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: \x0bchunked\r\n",
    ] {
        let text = format!("POST / HTTP/1.1\r\n{lines}\r\n");
        assert!(
            matches!(refusal(&text), Refusal::BadRequest(_)),
            "{lines:?}"
        );
    }
    let text = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(matches!(refusal(text), Refusal::BadRequest(_)));
}

#[test]
fn keep_alive_follows_version_and_connection() {
    let keep = |version: &str, value: &str| {
        head(&format!(
            "GET / HTTP/{version}\r\nConnection: {value}\r\n\r\n"
        ))
        .keep_alive
    };
    assert!(keep("1.1", "") && keep("1.1", "foo") && keep("1.0", "Keep-Alive"));
    assert!(!keep("1.0", "") && !keep("1.1", "Close") && !keep("1.1", "x, close"));
    assert!(!keep("1.1", "x\r\nConnection: close") && keep("1.0", "keep-alive, Upgrade"));
}

#[test]
fn upgrades_and_expectations_are_found() {
    let upgrade =
        |value: &str| head(&format!("GET / HTTP/1.1\r\nUpgrade: {value}\r\n\r\n")).upgrade;
    assert_eq!(upgrade("WebSocket"), Some(UpgradeTo::WebSocket));
    assert_eq!(upgrade("h2c, websocket "), Some(UpgradeTo::H2c));
    assert_eq!(upgrade("x, websocket"), Some(UpgradeTo::WebSocket));
    assert_eq!(upgrade("foo"), Some(UpgradeTo::Other));
    assert_eq!(upgrade(""), None);
    let head = head("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nConnection: a, Upgrade\r\n\r\n");
    assert!(head.expect_continue && head.connection_upgrade);
}

#[test]
fn too_long_requests_are_refused_by_kind() {
    let long = "a".repeat(LIMIT);
    let uri = format!("GET /{long} HTTP/1.1\r\n\r\n");
    let value = format!("GET / HTTP/1.1\r\nAccept: {long}\r\n\r\n");
    let name = format!("GET / HTTP/1.1\r\n{long}: a\r\n\r\n");
    let lines = format!(
        "GET / HTTP/1.1\r\n{}\r\n",
        "A:\r\n".repeat(DEFAULT_MAX_HEADERS + 1)
    );
    let padding = format!("GET / HTTP/1.1\r\nAccept:{}", " ".repeat(LIMIT * 4 + 8192));
    let mut table = HeaderTable::new(LIMIT);
    for (text, status) in [
        (uri, 414),
        (value, 431),
        (name, 431),
        (lines, 431),
        (padding, 431),
    ] {
        table.clear();
        let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
        let Step::Refused(refusal) = parser.feed(text.as_bytes(), &mut table) else {
            panic!()
        };
        assert_eq!(refusal.status(), status, "{refusal:?}");
    }
}

#[test]
fn what_the_reference_accepts_at_its_limit_fits() {
    for text in [
        format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(4063)),
        format!("GET /?{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(4061)),
        format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "%61".repeat(4063)),
        format!(
            "GET / HTTP/1.1\r\nAccept: {}\r\nHost: h\r\n\r\n",
            "a".repeat(4062)
        ),
        format!(
            "GET / HTTP/1.1\r\n{}Host: h\r\n\r\n",
            "Accept: a\r\n".repeat(91)
        ),
        format!(
            "GET / HTTP/1.1\r\n{}Host: h\r\n\r\n",
            "X-1000: a\r\n".repeat(253)
        ),
        format!(
            "GET / HTTP/1.1\r\nX: {}\r\nHost: h\r\n\r\n",
            "a".repeat(4041)
        ),
    ] {
        assert!(head(&text).keep_alive);
    }
}
