//! base64: what is encoded comes back; any text decodes the same in one piece and cut anywhere, inside its room.
#![cfg_attr(fuzzing, no_main)]

use websockets::util::base64_c::{State, decode, encode};

fn decoded(pieces: &[&[u8]], room: usize) -> Vec<u8> {
    let (mut state, mut out) = (State::default(), Vec::new());
    for (n, piece) in pieces.iter().enumerate() {
        let done = out.len();
        let last = n + 1 == pieces.len();
        decode(
            &mut state,
            piece.iter().copied(),
            done,
            room,
            last,
            |b, n| out.extend(&b[..n]),
        );
    }
    assert!(out.len() < room.max(1));
    out
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [cut, url, data @ ..] = data else { return };
    let mut text = Vec::new();
    let len = encode(data.iter().copied(), usize::MAX, url & 1 != 0, |q| {
        text.extend(q)
    });
    assert_eq!(len, Some(text.len()));
    assert_eq!(decoded(&[&text], usize::MAX), data);
    let _ = decoded(&[data], usize::from(*cut));
    // An '=' that ends a piece may complete a group, so cuts are made in front of other bytes.
    let at = usize::from(*cut).min(data.len());
    if at > 0 && data[at - 1] != b'=' {
        assert_eq!(
            decoded(&[&data[..at], &data[at..]], usize::MAX),
            decoded(&[data], usize::MAX)
        );
    }
}
