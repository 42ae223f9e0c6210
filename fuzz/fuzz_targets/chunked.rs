//! Chunked bodies: any split gives the same body, end and error.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::h1::chunked::{ChunkDecoder, ChunkEvent};

fn run(input: &[u8], size: usize) -> (Vec<u8>, String) {
    let (mut decoder, mut body, mut fed) = (ChunkDecoder::new(), Vec::new(), 0);
    for piece in input.chunks(size) {
        let mut rest = piece;
        loop {
            match decoder.feed(rest) {
                Ok((used, ChunkEvent::Data(range))) => {
                    assert!(!range.is_empty() && range.end == used);
                    body.extend_from_slice(&rest[range]);
                    rest = &rest[used..];
                }
                Ok((used, ChunkEvent::End)) => {
                    let end = fed + piece.len() - rest.len() + used;
                    return (body, format!("end at {end}"));
                }
                Ok((used, ChunkEvent::NeedMore)) => {
                    assert_eq!(used, rest.len());
                    break;
                }
                Err(error) => return (body, format!("{error:?}")),
            }
        }
        fed += piece.len();
    }
    (body, "open".to_owned())
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let Some((&size, input)) = data.split_first() else {
        return;
    };
    let whole = run(input, usize::MAX);
    assert_eq!(run(input, usize::from(size).max(1)), whole);
    assert!(whole.0.len() <= input.len());
}
