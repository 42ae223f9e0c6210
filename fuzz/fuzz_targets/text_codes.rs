//! URL, SQL and JSON escapes stay in their rooms; URL codes come back; URIs are cut inside their text; what is no `${name}`
//! comes out of strexp as it went in.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::json;
use websockets::proto::strexp::{self, State, Step};
use websockets::util::put::Area;
use websockets::util::{purify, uri, urlenc, vbi};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [size, data @ ..] = data else { return };
    expressions(data);
    let room = usize::from(*size) * 4;
    for kind in 0..2 {
        let mut out = Vec::new();
        let text = data.iter().copied();
        match kind {
            0 => purify::sql(text, room, &mut out),
            _ => assert!(purify::json(text, room, &mut out) <= data.len()),
        }
        assert!(out.len() < room.max(1));
    }
    for room in [room, usize::MAX] {
        let (mut coded, mut back) = (Area::new(room), Vec::new());
        urlenc::encode(data.iter().copied(), &mut coded);
        let coded = coded.bytes;
        assert!(coded.len() < room.max(1));
        let decoded = urlenc::decode(coded.iter().copied(), usize::MAX, &mut back);
        assert_eq!(decoded, Ok(()));
        assert!(data.starts_with(&back) && (room < usize::MAX || back == data));
    }
    let mut out = Vec::new();
    let _ = urlenc::decode(data.iter().copied(), room, &mut out);
    assert!(out.len() <= room);
    if let Some(value) = json::find(data, b"\"a\":") {
        assert!(value.start <= value.end && value.end <= data.len());
    }
    let _ = vbi::decode(data.iter().copied());
    let mut text: Vec<u8> = data
        .iter()
        .copied()
        .filter(|b| *b != 0)
        .chain([0])
        .collect();
    let pieces = uri::cut(&mut text);
    for place in [Some(pieces.protocol), Some(pieces.host), pieces.path]
        .into_iter()
        .flatten()
    {
        assert!(place < text.len());
    }
}

/// Literal text comes out; a name begins behind `${` and ends before `}`.
fn expressions(data: &[u8]) {
    let (mut state, mut out, mut names) = (State::Literal, Vec::new(), 0);
    for byte in data {
        let (next, step) = strexp::step(state, *byte);
        match step {
            Step::Put(byte) => out.push(byte),
            Step::PutBoth(byte) => out.extend([b'$', byte]),
            Step::BeginName => names += 1,
            Step::NameByte(byte) => assert_ne!(byte, b'}'),
            Step::Expand => assert!(names > 0),
            Step::Skip => assert_eq!(*byte, b'$'),
        }
        // The program's part is over.
        state = if next == State::Expanding {
            State::Literal
        } else {
            next
        };
    }
    assert!(out.len() <= 2 * data.len());
    if !data.contains(&b'$') {
        assert_eq!(out, data);
    }
}
