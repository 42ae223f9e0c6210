//! Request heads: any split gives the same, and what is accepted is well-formed.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::h1::request::{RequestLimits, RequestParser, Step};
use websockets::proto::http::headers::HeaderTable;
use websockets::proto::http::token::Token;

/// Small, so that the limits are reached.
const LIMIT: usize = 512;

/// Feeds `input` in pieces of `size` bytes; the result, where the head ended, and the table.
fn run(input: &[u8], size: usize) -> (Step, usize, String, HeaderTable) {
    let mut table = HeaderTable::new(LIMIT);
    let mut parser = RequestParser::new(RequestLimits::for_table(LIMIT));
    let mut fed = 0;
    for piece in input.chunks(size) {
        match parser.feed(piece, &mut table) {
            Step::NeedMore => fed += piece.len(),
            Step::Done { consumed } => {
                let head = format!("{:?}", parser.head(&table));
                return (Step::Done { consumed: 0 }, fed + consumed, head, table);
            }
            step => {
                let prefix = parser.not_http_prefix();
                assert!(input.starts_with(prefix));
                return (step, 0, String::new(), table);
            }
        }
    }
    (Step::NeedMore, fed, String::new(), table)
}

fn check_path(table: &HeaderTable, token: Token) {
    let Some(path) = table.first(token) else {
        return;
    };
    if token == Token::CONNECT || path == b"*" {
        return;
    }
    assert_eq!(path.first(), Some(&b'/'));
    assert!(!path.windows(2).any(|w| w == b"//"));
    assert!(!path.windows(3).any(|w| w == b"/./"));
    assert!(!path.windows(4).any(|w| w == b"/../"));
    assert!(!path.ends_with(b"/..") && !path.ends_with(b"/."));
    assert!(!path.iter().any(|b| matches!(b, 0 | b'\r' | b'\n')));
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let Some((&size, input)) = data.split_first() else {
        return;
    };
    let (step, end, head, table) = run(input, usize::from(size).max(1));
    let (whole_step, whole_end, whole_head, whole_table) = run(input, usize::MAX);
    assert_eq!((step, end, head), (whole_step, whole_end, whole_head));
    if let Step::Done { .. } = step {
        assert!(table.iter().eq(whole_table.iter()));
        assert!(table.iter().all(|e| !e.value.contains(&0)));
        assert!(table.iter().map(|e| e.value.len()).sum::<usize>() <= LIMIT);
        for number in 0..Token::COUNT {
            let token = Token::from_index(number).unwrap();
            let mut room = [0; LIMIT * 2];
            assert_eq!(
                table.copy_joined(token, &mut room),
                Some(table.total_len(token))
            );
        }
        for token in [
            Token::GET_URI,
            Token::POST_URI,
            Token::OPTIONS_URI,
            Token::CONNECT,
        ] {
            check_path(&table, token);
        }
    }
}
