//! Answers: any split gives the same head, table and body, and what is accepted is well-formed.
//!
//! Input: a byte whose lowest bit says HEAD and whose rest is the size of the pieces, then the answer.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::h1::chunked::{ChunkDecoder, ChunkEvent};
use websockets::proto::h1::response::{Body, ResponseLimits, ResponseParser, Step};
use websockets::proto::http::forward::end_to_end;
use websockets::proto::http::headers::HeaderTable;
use websockets::proto::http::token::Token;

/// Small, so that the limits are reached.
const LIMIT: usize = 512;

#[derive(Debug, PartialEq, Default)]
struct Seen {
    refusal: Option<&'static str>,
    head: String,
    lines: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
    /// How the body ended, if it did.
    end: String,
}

fn run(input: &[u8], size: usize, is_head: bool) -> Seen {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = ResponseParser::new(ResponseLimits::for_table(LIMIT), is_head);
    let mut seen = Seen::default();
    let mut fed = 0;
    for piece in input.chunks(size) {
        match parser.feed(piece, &mut table) {
            Step::NeedMore => fed += piece.len(),
            Step::Refused(why) => {
                seen.refusal = Some(why);
                return seen;
            }
            Step::Done { consumed } => {
                let head = parser.head().expect("it is complete");
                assert!((100..=999).contains(&head.status));
                assert!(head.status == 101 || head.status >= 200);
                seen.head = format!("{head:?}");
                seen.lines = end_to_end(&table)
                    .map(|(name, value)| (name.to_vec(), value.to_vec()))
                    .collect();
                check_lines(&seen.lines, &table);
                read_body(&mut seen, head.body, &input[fed + consumed..], size);
                return seen;
            }
        }
    }
    seen
}

fn check_lines(lines: &[(Vec<u8>, Vec<u8>)], table: &HeaderTable) {
    for (name, value) in lines {
        assert!(!name.is_empty() && !name.contains(&b':'));
        for byte in name.iter().chain(value) {
            assert!(!matches!(byte, 0 | b'\r' | b'\n'));
        }
    }
    let both = table.has(Token::HTTP_CONTENT_LENGTH) && table.has(Token::HTTP_TRANSFER_ENCODING);
    assert!(!both);
}

fn read_body(seen: &mut Seen, body: Body, input: &[u8], size: usize) {
    match body {
        Body::None => {}
        Body::Length(n) => {
            assert!(i64::try_from(n).is_ok());
            let n = usize::try_from(n).unwrap_or(usize::MAX).min(input.len());
            seen.body = input[..n].to_vec();
        }
        Body::UntilClose => seen.body = input.to_vec(),
        Body::Chunked => {
            let mut decoder = ChunkDecoder::new();
            for mut piece in input.chunks(size) {
                loop {
                    match decoder.feed(piece) {
                        Ok((used, ChunkEvent::Data(range))) => {
                            seen.body.extend_from_slice(&piece[range]);
                            piece = &piece[used..];
                        }
                        Ok((_, ChunkEvent::NeedMore)) => break,
                        Ok((_, ChunkEvent::End)) => {
                            seen.end = "end".into();
                            return;
                        }
                        Err(why) => {
                            seen.end = format!("{why:?}");
                            return;
                        }
                    }
                }
            }
        }
    }
}

pub(crate) fn target(data: &[u8]) {
    let Some((&how, input)) = data.split_first() else {
        return;
    };
    let (is_head, size) = (how & 1 != 0, usize::from(how >> 1).max(1));
    assert_eq!(run(input, size, is_head), run(input, usize::MAX, is_head));
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));
