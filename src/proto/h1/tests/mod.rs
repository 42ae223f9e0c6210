//! Tests of the request parser: what the table holds and what the head says, for every split.
//!
//! Here is what both files use: `request_line` for the line and the parser's life, `fields` for headers.

mod fields;
mod request_line;

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
