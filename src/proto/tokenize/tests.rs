//! Elements of whole texts, flag by flag.

use super::*;

/// All elements of a text, with their pieces.
fn all(text: &str, flags: u16) -> Vec<(Element, &str)> {
    let mut out = Vec::new();
    let (mut at, mut list) = (0, ListState::FirstContent);
    loop {
        let f = next(text.as_bytes()[at..].iter().copied(), flags, list);
        let piece = f.token.map_or("", |t| &text[at + t..at + t + f.token_len]);
        out.push((f.element, piece));
        at += f.used;
        list = f.list;
        if (f.element as i8) <= 0 {
            return out;
        }
    }
}

#[test]
fn words_numbers_and_delimiters_alternate() {
    assert_eq!(
        all("ab, 12 1.5;", 0),
        [
            (Element::Token, "ab"),
            (Element::Delimiter, ","),
            (Element::Integer, "12"),
            (Element::Float, "1.5"),
            (Element::Delimiter, ";"),
            (Element::Ended, "")
        ]
    );
}

#[test]
fn names_take_their_sign_over_white_space() {
    assert_eq!(
        all("a = \"b c\"", 0)[..2],
        [(Element::NameEquals, "a"), (Element::Quoted, "b c")]
    );
    assert_eq!(
        all("a : b", AGG_COLON)[..2],
        [(Element::NameColon, "a"), (Element::Token, "b")]
    );
    assert_eq!(all("12 = b", 0), [(Element::NumberOnLeft, "12")]);
}

#[test]
fn two_points_are_an_error_unless_floats_are_off() {
    assert_eq!(all("1.2.3", 0), [(Element::MalformedFloat, "1.2")]);
    assert_eq!(all("1.2", NO_FLOATS).len(), 4);
    assert_eq!(
        all("1.2.x", NO_INTEGERS | DOT_NONTERM)[0],
        (Element::Token, "1.2.x")
    );
}

#[test]
fn lists_with_missing_elements_are_refused() {
    for bad in [",a", "a,", "a,,b", "a b"] {
        assert_eq!(
            all(bad, COMMA_SEP_LIST).last().map(|e| e.0),
            Some(Element::BadList),
            "{bad}"
        );
    }
    assert_eq!(
        all("a, b", COMMA_SEP_LIST).last().map(|e| e.0),
        Some(Element::Ended)
    );
}

#[test]
fn comments_end_with_the_line() {
    assert_eq!(
        all("a#b c\nd", HASH_COMMENT),
        [
            (Element::Token, "a"),
            (Element::Token, "d"),
            (Element::Ended, "")
        ]
    );
}

#[test]
fn quotes_must_end() {
    assert_eq!(all("\"a", 0), [(Element::UnterminatedString, "a")]);
}

#[test]
fn utf8_is_checked() {
    let one = |b: &[u8]| next(b.iter().copied(), RFC7230_DELIMS, ListState::FirstContent).element;
    assert_eq!(one("é".as_bytes()), Element::Token);
    assert_eq!(one(b"\xe2\x82"), Element::BrokenUtf8);
    assert_eq!(one(b"\x80"), Element::BrokenUtf8);
}
