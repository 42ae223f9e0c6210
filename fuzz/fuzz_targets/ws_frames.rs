//! Any bytes into the frame decoder, whole and cut: no panic, everything is taken, and both ways give the same.
//!
//! Input: a byte that picks the rules, a byte that picks the cuts, the stream.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::ws::frame::{Chunk, Decoder, Event, Rules, Side};

#[derive(Debug, PartialEq)]
enum Seen {
    Frame { chunk: Chunk, payload: Vec<u8> },
    Other(Event),
}

/// Merges the chunks of a frame: what is left does not depend on cuts.
fn see_chunk(seen: &mut Vec<Seen>, mut chunk: Chunk, input: &[u8]) {
    let bytes = &input[chunk.payload.clone()];
    chunk.payload = 0..0;
    if chunk.frame_start {
        seen.push(Seen::Frame {
            chunk,
            payload: bytes.to_vec(),
        });
        return;
    }
    let Some(Seen::Frame {
        chunk: begun,
        payload,
    }) = seen.last_mut()
    else {
        panic!("no frame was begun")
    };
    assert_eq!(begun.remaining, chunk.remaining + bytes.len() as u64);
    begun.remaining = chunk.remaining;
    payload.extend_from_slice(bytes);
}

fn run<'a>(pieces: impl Iterator<Item = &'a [u8]>, rules: &Rules) -> Vec<Seen> {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for piece in pieces {
        let mut bytes = piece.to_vec();
        let mut input = &mut bytes[..];
        loop {
            let (used, event) = decoder.feed(input, rules);
            match event {
                None => {
                    assert_eq!(used, input.len());
                    break;
                }
                Some(Event::Data(chunk)) => {
                    assert_eq!(chunk.payload.end, used);
                    see_chunk(&mut seen, chunk, input);
                }
                Some(event) => {
                    let is_violation = matches!(event, Event::Violation { .. });
                    if is_violation
                        && matches!(seen.last(), Some(Seen::Frame { chunk, .. }) if chunk.remaining != 0)
                    {
                        seen.pop();
                    }
                    seen.push(Seen::Other(event));
                }
            }
            input = &mut input[used..];
        }
    }
    seen
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [kind, cut, stream @ ..] = data else {
        return;
    };
    let rules = Rules {
        side: if kind & 1 == 0 {
            Side::Server
        } else {
            Side::Client
        },
        rsv1_allowed: kind & 2 != 0,
        check_utf8: kind & 4 != 0,
        max_frame: if kind & 8 == 0 { u64::MAX } else { 100 },
    };
    let whole = run(std::iter::once(stream), &rules);
    let step = usize::from(*cut).max(1);
    assert_eq!(run(stream.chunks(step), &rules), whole);
    assert_eq!(run(stream.chunks(1), &rules), whole);
}
