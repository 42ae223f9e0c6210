//! Tests of the request parser: what the table holds and what the head says, for every split.

use super::request::{
    BodyLength, DEFAULT_MAX_HEADERS, Method, Refusal, RequestHead, RequestLimits, RequestParser,
    Step, UpgradeTo, Version,
};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::token::Token;
use crate::proto::split_test::assert_same_for_every_split;

const LIMIT: usize = 4096;

/// Feeds pieces until there is a result; returns it and the bytes of the input left over.
fn feed_all(
    parser: &mut RequestParser,
    table: &mut HeaderTable,
    pieces: &[&[u8]],
) -> (Step, Vec<u8>) {
    for (i, piece) in pieces.iter().enumerate() {
        let step = parser.feed(piece, table);
        let from = match step {
            Step::NeedMore => continue,
            Step::Done { consumed } => consumed,
            Step::Refused(_) => 0,
        };
        let rest = pieces[i + 1..]
            .iter()
            .fold(piece[from..].to_vec(), |mut all, p| {
                all.extend_from_slice(p);
                all
            });
        return (step, rest);
    }
    (Step::NeedMore, Vec::new())
}

/// Everything in the table, one line an entry.
fn dump(table: &HeaderTable) -> String {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let lines = table.iter().map(|e| match e.token {
        Some(Token(number)) => format!("{number}={}", text(e.value)),
        None => format!("{}{}", text(e.name), text(e.value)),
    });
    lines.collect::<Vec<_>>().join(" | ")
}

/// What a request gives under every split: a refusal, or table, head and rest.
fn outcome(input: &[u8]) -> String {
    let events = assert_same_for_every_split(input, |pieces| {
        let mut table = HeaderTable::new(LIMIT);
        let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
        let (step, rest) = feed_all(&mut parser, &mut table, pieces);
        vec![match step {
            Step::NeedMore => "need more".to_owned(),
            Step::Refused(Refusal::NotHttp) => {
                let raw = [parser.not_http_prefix(), &rest].concat();
                assert_eq!(raw, input, "bytes lost");
                "not http".to_owned()
            }
            Step::Refused(refusal) => format!("{refusal:?}"),
            Step::Done { .. } => {
                format!(
                    "{} || {:?} || {}",
                    dump(&table),
                    parser.head(&table),
                    rest.escape_ascii()
                )
            }
        }]
    });
    events[0].clone()
}

/// The table after a request line with this target.
fn target(target: &str) -> String {
    let all = outcome(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes());
    match all.split_once(" | 15=HTTP/1.1") {
        Some((table, _)) => table.to_owned(),
        None => all,
    }
}

fn head(text: &str) -> RequestHead {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
    let step = parser.feed(text.as_bytes(), &mut table);
    assert_eq!(
        step,
        Step::Done {
            consumed: text.len()
        },
        "{text:?}"
    );
    parser.head(&table)
}

fn refusal(text: &str) -> Refusal {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
    match parser.feed(text.as_bytes(), &mut table) {
        Step::Refused(refusal) => {
            assert!(outcome(text.as_bytes()).contains(&format!("{refusal:?}")));
            refusal
        }
        other => panic!("{other:?} for {text:?}"),
    }
}

/// The headers of a GET as the table holds them.
fn headers(lines: &str) -> String {
    let all = outcome(format!("GET / HTTP/1.1\r\n{lines}\r\n").as_bytes());
    match all
        .strip_prefix("0=/ | 15=HTTP/1.1")
        .and_then(|rest| rest.split_once(" || "))
    {
        Some((table, _)) => table.trim_start_matches(" | ").to_owned(),
        None => all,
    }
}

#[test]
fn plain_request_is_read_and_the_rest_is_left() {
    let got = outcome(b"GET /a?b=1&c HTTP/1.1\r\nHost: h\r\nX-Foo:  v \r\n\r\nGET /");
    let (table, rest) = got.split_once(" || ").unwrap();
    assert_eq!(table, "0=/a | 76=b=1 | 76=c | 15=HTTP/1.1 | 3=h | x-foo:v ");
    assert!(rest.ends_with(" || GET /"));
}

#[test]
fn methods_are_known_in_any_case() {
    for (name, method, token) in [
        ("GET", Method::Get, Token::GET_URI),
        ("Post", Method::Post, Token::POST_URI),
        ("OPTIONS", Method::Options, Token::OPTIONS_URI),
        ("put", Method::Put, Token::PUT_URI),
        ("PATCH", Method::Patch, Token::PATCH_URI),
        ("DELETE", Method::Delete, Token::DELETE_URI),
        ("HEAD", Method::Head, Token::HEAD_URI),
        ("CONNECT", Method::Connect, Token::CONNECT),
    ] {
        let head = head(&format!("{name}  /x HTTP/1.1\r\n\r\n"));
        assert_eq!((head.method, head.uri_token), (method, token));
    }
}

#[test]
fn what_is_no_request_is_given_back() {
    for input in [
        "FOO bar\r\n",
        "GETX",
        "\r\n\r\nGETX",
        "GET\r\n",
        "\x16\x03\x01",
        "TRACE / HTTP/1.1\r\n\r\n",
        "ponies",
        "h",
        " GET / HTTP/1.1\r\n\r\n",
    ] {
        let got = outcome(input.as_bytes());
        assert_eq!(
            got,
            if input == "h" {
                "need more"
            } else {
                "not http"
            },
            "{input:?}"
        );
    }
}

#[test]
fn blank_lines_before_a_request_are_skipped_up_to_a_limit() {
    assert!(outcome(b"\r\n\n\r\nGET / HTTP/1.1\r\n\r\n").starts_with("0=/ |"));
    assert!(matches!(
        refusal("\r\n\r\n\r\n\r\n\r\n"),
        Refusal::BadRequest(_)
    ));
}

#[test]
fn paths_are_decoded_and_normalised_as_in_the_reference() {
    for (input, path) in [
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a//b", "/a/b"),
        ("/../x", "/x"),
        ("/a/..", "/"),
        ("/a/b/..", "/a"),
        ("/a/b/../", "/a/"),
        ("/a/.", "/a/"),
        ("/..", "/"),
        ("///a", "/a"),
        ("/a/.../b", "/a/.../b"),
        ("/%2e%2e/x", "/x"),
        ("/a%2f..%2Fb", "/b"),
        ("/a/..b", "/a/..b"),
        ("/a+b", "/a b"),
        ("/+", "/+"),
        ("/.+", "/.+"),
        ("/a/..;x", "/a/..;x"),
        ("/a%20b", "/a b"),
        ("/a#f", "/a#f"),
        ("/a%3fb=c", "/a?b=c"),
        ("/a%26b", "/a&b"),
        ("/a%25%32%65", "/a%2e"),
        ("/a/../../b/../c/", "/c/"),
        ("/%2fa", "/a"),
        ("/a%2f%2fb", "/a/b"),
        ("/a/.x/../b", "/a/b"),
        ("/a/..//b", "/b"),
        ("/%2f..%2f..", "/"),
    ] {
        assert_eq!(target(input), format!("0={path}"), "{input}");
    }
    assert_eq!(target("/a;b=c"), "0=/a | 0=b=c");
    assert_eq!(target("/a&"), "0=/a | 0=/");
    assert_eq!(target("/a;../c"), "0=/a | 0=../c");
}

#[test]
fn arguments_are_split_and_decoded_as_in_the_reference() {
    for (input, args) in [
        (
            "a=1&b=2&&c=%41+%26d&d",
            "76=a=1 | 76=b=2 | 76= | 76=c=A &d | 76=d",
        ),
        ("b?c=d", "76=b?c=d"),
        ("", "76=/"),
        ("a&", "76=a | 76=/"),
        ("a=b=c&=&", "76=a=b=c | 76== | 76=/"),
        ("b%3dc", "76=b_c"),
        ("b=%3d%3d&c%3d=%3d", "76=b=== | 76=c_=="),
        ("x=//..//y/../z", "76=x=//..//y/../z"),
        ("/../b", "76=/../b"),
        ("a;b", "76=a | 76=b"),
        ("a%3bb%2b", "76=a;b+"),
        ("+", "76= "),
        ("a=%0d%0a", "76=a=\\r\\n"),
    ] {
        assert_eq!(
            target(&format!("/p?{input}")),
            format!("0=/p | {args}"),
            "{input}"
        );
    }
}

#[test]
fn dots_before_arguments_are_resolved_too() {
    assert_eq!(target("/a/..?x=1"), "0=/ | 76=x=1");
    assert_eq!(target("/a/.?x"), "0=/a/ | 76=x");
    assert_eq!(target("/a/..%3fx"), "0=/a/..?x");
}

#[test]
fn targets_the_reference_forbids_are_forbidden() {
    for input in [
        "a",
        "*",
        "?a=1",
        "",
        "/a%zz",
        "/a%4",
        "/%",
        "/a?x=%",
        "/a?%zz",
        "ftp://h/",
        "http://",
        "http:///x",
        "http://u@h/",
        "httpx://h",
        "/%00",
        "/a?%00",
        "/a%0d",
        "/a%0ab",
    ] {
        assert_eq!(target(input), "Forbidden", "{input}");
    }
    assert_eq!(refusal("GET\x20\r\n\r\n"), Refusal::Forbidden);
    assert!(matches!(
        refusal("GET /a\x01 HTTP/1.1\r\n\r\n"),
        Refusal::BadRequest(_)
    ));
    assert!(matches!(
        refusal("GET /a\tb HTTP/1.1\r\n\r\n"),
        Refusal::BadRequest(_)
    ));
    assert!(matches!(
        refusal("GET /a\x7f HTTP/1.1\r\n\r\n"),
        Refusal::BadRequest(_)
    ));
    assert_eq!(target("/\u{fc}"), "0=/\\xc3\\xbc");
}

#[test]
fn absolute_targets_name_the_host() {
    assert_eq!(target("http://h:80/p?q=1"), "3=h:80 | 0=/p | 76=q=1");
    assert_eq!(target("HTTPS://h"), "3=h | 0=/");
    assert_eq!(target("http://h?q"), "3=h | 0=/ | 76=q");
    let got = outcome(b"GET http://a/ HTTP/1.1\r\nHost: b\r\nAccept: c\r\n\r\n");
    assert!(
        got.starts_with("3=a | 0=/ | 15=HTTP/1.1 | 17=c || "),
        "{got}"
    );
    let two = "GET http://a/ HTTP/1.1\r\nHost: b\r\nHost: b\r\n\r\n";
    assert_eq!(refusal(two), Refusal::BadRequest("more than one Host"));
}

#[test]
fn options_takes_a_star_and_connect_an_authority() {
    assert!(outcome(b"OPTIONS * HTTP/1.1\r\n\r\n").starts_with("2=* | 15=HTTP/1.1"));
    assert_eq!(refusal("OPTIONS *x HTTP/1.1\r\n\r\n"), Refusal::Forbidden);
    assert!(outcome(b"CONNECT h:80 HTTP/1.1\r\n\r\n").starts_with("81=h:80 | 15=HTTP/1.1"));
}

#[test]
fn versions_are_checked() {
    let version = |v: &str| head(&format!("GET / {v}\r\n\r\n")).version;
    assert_eq!(version("HTTP/1.0"), Version::Http10);
    assert_eq!(version("HTTP/1.1"), Version::Http11);
    assert_eq!(version(" http/1.1 "), Version::Http11);
    assert_eq!(version("HTTP/1.7"), Version::Http11);
    for bad in [
        "HTTP/2.0",
        "HTTP/0.9",
        "HTTP/9.9",
        "HTTP/1.10",
        "FTP/1.1",
        "X",
        "",
        "a HTTP/1.1",
    ] {
        let text = format!("GET / {bad}\r\n\r\n");
        assert!(matches!(refusal(&text), Refusal::BadRequest(_)), "{bad}");
    }
    assert!(matches!(refusal("GET /\r\n\r\n"), Refusal::BadRequest(_)));
}

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

#[test]
fn parser_serves_one_request_after_the_other() {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
    let input = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.0\r\n\r\n";
    let Step::Done { consumed } = parser.feed(input, &mut table) else {
        panic!()
    };
    assert_eq!(parser.feed(b"x", &mut table), Step::Done { consumed: 0 });
    table.clear();
    parser.reset();
    assert!(!parser.has_begun());
    let step = parser.feed(&input[consumed..], &mut table);
    assert_eq!(
        step,
        Step::Done {
            consumed: input.len() - consumed
        }
    );
    assert!(parser.has_begun());
    let head = parser.head(&table);
    assert_eq!(
        (head.method, head.version, head.keep_alive),
        (Method::Post, Version::Http10, false)
    );
    assert_eq!(table.first(Token::POST_URI), Some(&b"/b"[..]));
    assert_eq!(table.first(Token::HOST), None);
}

#[test]
fn refused_parser_stays_refused() {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
    assert_eq!(
        parser.feed(b"GET x", &mut table),
        Step::Refused(Refusal::Forbidden)
    );
    assert_eq!(
        parser.feed(b"GET / ", &mut table),
        Step::Refused(Refusal::Forbidden)
    );
}
