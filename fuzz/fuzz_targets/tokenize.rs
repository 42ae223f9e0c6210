//! The tokenizer: elements lie in the text one after the other, and the walk ends.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::tokenize::{self, ListState};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [low, high, text @ ..] = data else { return };
    let flags = u16::from_le_bytes([*low, *high]);
    let (mut at, mut list) = (0, ListState::FirstContent);
    loop {
        let rest = &text[at..];
        let found = tokenize::next(rest.iter().copied(), flags, list);
        assert!(found.used <= rest.len());
        if let Some(token) = found.token {
            assert!(token + found.token_len <= found.used);
        }
        if (found.element as i8) <= 0 {
            return;
        }
        assert!(found.used > 0, "every element uses some of the text");
        at += found.used;
        list = found.list;
    }
}
