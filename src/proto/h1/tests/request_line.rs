//! Method, target, version, and one request after the other.

use super::*;

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
    assert_eq!(target("/a;?x"), "0=/a | 0= | 76=x");
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
