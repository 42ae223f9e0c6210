//! Tests of the extension header and the negotiation.

use super::*;

fn answer_with(list: &str, policy: &Policy) -> Option<String> {
    answer_offers(list.as_bytes(), policy).map(|agreed| {
        let mut out = Vec::new();
        agreed.encode(&mut out);
        String::from_utf8(out).unwrap()
    })
}

#[test]
fn elements_when_quotes_and_gaps_are_there_splits_between() {
    let list = b"foo; a=\"x, \\\"y; z\"; b , ,bar,\tbaz;,";
    let found: Vec<_> = elements(list)
        .map(|element| (element.name, element.params))
        .collect();
    let want: [(&[u8], &[u8]); 3] = [
        (b"foo", b" a=\"x, \\\"y; z\"; b "),
        (b"bar", b""),
        (b"baz", b""),
    ];
    assert_eq!(found, want);
    assert_eq!(elements(b"").count() + elements(b" , ,").count(), 0);
}

#[test]
fn answer_offers_when_offer_is_good_echoes_what_must_be() {
    let cases = [
        ("permessage-deflate", ""),
        ("permessage-deflate; client_max_window_bits", ""),
        ("permessage-deflate; client_max_window_bits=15", ""),
        (
            "permessage-deflate;client_max_window_bits = \"10\"",
            "; client_max_window_bits=10",
        ),
        (
            "permessage-deflate; client_max_window_bits=8",
            "; client_max_window_bits=8",
        ),
        (
            "permessage-deflate; server_max_window_bits=10",
            "; server_max_window_bits=10",
        ),
        (
            "permessage-deflate; server_max_window_bits=15",
            "; server_max_window_bits=15",
        ),
        (
            "permessage-deflate; server_no_context_takeover",
            "; server_no_context_takeover",
        ),
        (
            "x-foo, permessage-deflate; server_max_window_bits=9; client_no_context_takeover; client_max_window_bits",
            "; client_no_context_takeover; server_max_window_bits=9",
        ),
        (
            "permessage-deflate; server_max_window_bits=8, permessage-deflate",
            "",
        ),
        (
            "permessage-deflate; foo, permessage-deflate; client_no_context_takeover",
            "; client_no_context_takeover",
        ),
        ("permessage-deflate, permessage-deflate", ""),
    ];
    for (offer, params) in cases {
        let want = format!("permessage-deflate{params}");
        assert_eq!(
            answer_with(offer, &Policy::default()),
            Some(want),
            "{offer}"
        );
    }
}

#[test]
fn answer_offers_when_offer_is_bad_declines() {
    let params = [
        "server_max_window_bits=8",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=99999",
        "server_max_window_bits=010",
        "server_max_window_bits=+9",
        "server_max_window_bits=",
        "server_max_window_bits",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "client_max_window_bits=",
        "server_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover",
        "client_max_window_bits; client_max_window_bits=10",
        "server_max_window_bits=10; server_max_window_bits=10",
        "foo=bar",
        "foo",
        "Server_No_Context_Takeover",
        ";",
        "server_max_window_bits=\"10",
    ];
    for param in params {
        assert_eq!(
            answer_with(&format!("permessage-deflate; {param}"), &Policy::default()),
            None,
            "{param}"
        );
    }
    for list in [
        "",
        "x-webkit-deflate-frame",
        "Permessage-Deflate",
        "permessage-deflate2",
    ] {
        assert_eq!(answer_with(list, &Policy::default()), None, "{list}");
    }
}

#[test]
fn answer_offers_when_policy_is_narrower_applies_it() {
    let policy = Policy {
        server_max_window_bits: 8,
        client_max_window_bits: 10,
        server_no_context_takeover: true,
        client_no_context_takeover: true,
    };
    let takeover = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    let bare = answer_with("permessage-deflate", &policy).unwrap();
    assert_eq!(bare, format!("{takeover}; server_max_window_bits=9"));
    let offered = answer_with("permessage-deflate; client_max_window_bits=12", &policy).unwrap();
    assert_eq!(
        offered,
        format!("{takeover}; server_max_window_bits=9; client_max_window_bits=10")
    );
    let agreed = answer_offers(b"permessage-deflate", &policy).unwrap();
    assert_eq!(
        (agreed.server.window_bits, agreed.client.window_bits),
        (9, 15)
    );
}

#[test]
fn check_answer_when_answer_is_good_gives_both_directions() {
    let direction = |window_bits, no_context_takeover| Direction {
        window_bits,
        no_context_takeover,
    };
    let offer = "permessage-deflate; client_no_context_takeover; client_max_window_bits";
    let limited = "permessage-deflate; server_max_window_bits=12; client_max_window_bits=11";
    let cases = [
        (
            offer,
            "permessage-deflate",
            direction(15, false),
            direction(15, true),
        ),
        (
            offer,
            "permessage-deflate; client_max_window_bits=8",
            direction(15, false),
            direction(8, true),
        ),
        (
            offer,
            "permessage-deflate; server_max_window_bits=10",
            direction(10, false),
            direction(15, true),
        ),
        (
            limited,
            "permessage-deflate; client_no_context_takeover",
            direction(15, false),
            direction(11, true),
        ),
        (
            limited,
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10; server_no_context_takeover",
            direction(9, true),
            direction(10, false),
        ),
    ];
    for (offer, answer, server, client) in cases {
        let agreed = judged(answer, offer).unwrap();
        assert_eq!((agreed.server, agreed.client), (server, client), "{answer}");
    }
    let either = "x; a, permessage-deflate; server_max_window_bits=10, permessage-deflate";
    let agreed = judged("permessage-deflate; server_max_window_bits=12", either).unwrap();
    assert_eq!(agreed.server, direction(12, false));
}

/// As a client does it.
fn judged(answer: &str, offer: &str) -> Result<Agreed, &'static str> {
    let element = chosen(answer.as_bytes(), offer.as_bytes())?;
    check_answer(element, offer.as_bytes())
}

#[test]
fn check_answer_when_answer_is_not_what_was_offered_fails() {
    let plain = "permessage-deflate";
    let cases = [
        ("", "permessage-deflate", UNKNOWN),
        (plain, "foo", UNKNOWN),
        (plain, ",", UNKNOWN),
        (plain, "PERMESSAGE-DEFLATE", UNKNOWN),
        (plain, "permessage-deflate, permessage-deflate", TOO_MANY),
        (plain, "permessage-deflate, foo", TOO_MANY),
        (plain, "permessage-deflate; foo", BAD_OPTIONS),
        (
            plain,
            "permessage-deflate; client_max_window_bits=10",
            BAD_ANSWER,
        ),
        (
            plain,
            "permessage-deflate; client_max_window_bits",
            BAD_ANSWER,
        ),
        (
            plain,
            "permessage-deflate; server_max_window_bits",
            BAD_ANSWER,
        ),
        (
            plain,
            "permessage-deflate; server_max_window_bits=16",
            BAD_OPTIONS,
        ),
        (
            "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=11",
            BAD_ANSWER,
        ),
    ];
    for (offer, answer, text) in cases {
        assert_eq!(judged(answer, offer), Err(text), "{answer}");
    }
}
