//! URI targets and arguments: whatever is accepted can be looked up and fits what it came from.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::h1::request::{RequestLimits, RequestParser, Step};
use websockets::proto::http::headers::HeaderTable;
use websockets::proto::http::token::Token;
use websockets::proto::http::{mime, urlarg};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let mut table = HeaderTable::new(4096);
    let mut parser = RequestParser::new(RequestLimits::for_table(4096));
    let request = [b"GET /".as_slice(), data, b" HTTP/1.1\r\n\r\n"].concat();
    let Step::Done { consumed } = parser.feed(&request, &mut table) else {
        return;
    };
    assert!(consumed <= request.len());
    let path = table.first(Token::GET_URI).unwrap();
    assert_eq!(path.first(), Some(&b'/'));
    let _ = mime::of(path);
    for argument in table.fragments(Token::HTTP_URI_ARGS) {
        assert!(!argument.contains(&0));
        let found = urlarg::find(&table, argument, 4096).unwrap();
        assert!(found.starts_with(argument));
        assert_eq!(urlarg::find(&table, argument, 0), None);
        if let Some(at) = argument.iter().position(|b| *b == b'=') {
            assert!(urlarg::value(&table, &argument[..at]).is_some());
        }
    }
}
