//! The small readers of header values: cookies, credentials, ranges, dates, conditions.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::http::auth::Credentials;
use websockets::proto::http::headers::HeaderTable;
use websockets::proto::http::range::{self, Wanted};
use websockets::proto::http::response::HeaderWriter;
use websockets::proto::http::token::Token;
use websockets::proto::http::{conditional, cookie, date};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let Some((&split, text)) = data.split_first() else {
        return;
    };
    let (name, value) = text.split_at(usize::from(split).min(text.len()));

    if let Some(found) = cookie::in_header(value, name) {
        assert!(!found.contains(&b';'));
    }
    if let Ok(credentials) = Credentials::parse(value) {
        assert!(!credentials.user().contains(&b':'));
        let _ = credentials.are_listed(name);
    }
    let size = name.len() as u64 * 7;
    if let Wanted::Parts(parts) = range::parse(value, size) {
        assert!(parts.iter().all(|p| p.start < p.end && p.end <= size));
        assert!(parts.iter().map(|p| p.end - p.start).sum::<u64>() <= size);
    }
    if let Some(time) = date::parse(value) {
        assert!((0..=253_402_300_799).contains(&time));
    }
    let mut table = HeaderTable::new(256);
    for token in [
        Token::HTTP_IF_NONE_MATCH,
        Token::HTTP_IF_RANGE,
        Token::HTTP_IF_MODIFIED_SINCE,
    ] {
        let _ = table.append(token, value);
    }
    let _ = conditional::evaluate(&table, true, "0123", Some(1));
    let _ = conditional::range_applies(&table, "0123", Some(1));
    let mut room = [0; 64];
    let mut writer = HeaderWriter::new(&mut room);
    if writer.header(name, value).is_ok() {
        let written = writer.written();
        assert_eq!(written.iter().filter(|b| **b == b'\n').count(), 1);
    }
}
