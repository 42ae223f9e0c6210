//! permessage-deflate both ways. Any bytes into the inflater, whole and cut, into buffers of several sizes: no panic,
//! no end without progress, limits hold, same outcome. Any message through the deflater comes back from the inflater.
//! Any header text into the negotiation.
//!
//! Input: a byte that picks the case and parameters, a byte that picks sizes, the data.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::ws::ext::{
    deflate::{Deflater, End, Fault, Inflater, Limits, MIN_ROOM},
    negotiate::{Agreed, Direction, Policy, answer_offers, check_answer, chosen},
};

const MAX: u64 = 1 << 18;

fn inflate(
    inflater: &mut Inflater,
    pieces: &[&[u8]],
    room: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Fault> {
    let (mut message, mut out) = (Vec::new(), vec![0; room]);
    for (index, piece) in pieces.iter().enumerate() {
        let is_last = index + 1 == pieces.len();
        let mut input = *piece;
        loop {
            let done = inflater.inflate(input, is_last, &mut out, limits)?;
            message.extend_from_slice(&out[..done.written]);
            assert!(message.len() as u64 <= limits.max_message);
            input = &input[done.taken..];
            if done.is_done {
                assert!(input.is_empty());
                break;
            }
            assert_eq!(done.written, room);
        }
    }
    Ok(message)
}

fn inflate_any(direction: Direction, step: usize, data: &[u8]) {
    let limits = Limits {
        max_message: MAX,
        max_ratio: u32::MAX,
        free: MAX,
    };
    let outcome = |pieces: &[&[u8]], room| {
        let mut inflater = Inflater::new(direction);
        let first = inflate(&mut inflater, pieces, room, &limits).ok()?;
        let second = inflate(&mut inflater, pieces, room, &limits).ok();
        inflater.release();
        Some((first, second))
    };
    let whole = outcome(&[data], 4096);
    let pieces: Vec<&[u8]> = data.chunks(step).collect();
    if !pieces.is_empty() {
        let outcomes = [outcome(&pieces, 4096), outcome(&pieces, step)];
        // A sender that goes beyond a smaller window is found out or not, as zlib happens to keep more.
        assert!(direction.window_bits < 15 || outcomes.iter().all(|cut| *cut == whole));
    }
    let strict = Limits {
        max_message: MAX,
        max_ratio: 20,
        free: 1000,
    };
    if let Ok(message) = inflate(&mut Inflater::new(direction), &[data], 512, &strict) {
        assert!(message.len() <= 1000 || message.len() <= data.len() * 20);
    }
}

fn round_trip(direction: Direction, level: u8, step: usize, data: &[u8]) {
    let Some(mut deflater) = Deflater::new(direction, level) else {
        return;
    };
    let mut inflater = Inflater::new(direction);
    let limits = Limits {
        max_message: MAX,
        max_ratio: u32::MAX,
        free: MAX,
    };
    let mut out = vec![0; step.max(MIN_ROOM)];
    for message in data.split(|byte| *byte == 0) {
        let mut payload = Vec::new();
        let frames: Vec<&[u8]> = message.chunks(step).collect();
        for (index, frame) in frames
            .iter()
            .enumerate()
            .chain(frames.is_empty().then_some((0, &&b""[..])))
        {
            let end = match index {
                last if last + 1 >= frames.len() => End::Message,
                odd if odd & 1 == 1 => End::Frame,
                _ => End::Open,
            };
            let mut input = *frame;
            loop {
                let piece = deflater
                    .deflate(input, end, &mut out)
                    .expect("there is room");
                payload.extend_from_slice(&out[..piece.written]);
                input = &input[piece.taken..];
                if piece.is_done {
                    break;
                }
            }
        }
        assert_eq!(
            inflate(&mut inflater, &[&payload], step, &limits).as_deref(),
            Ok(message)
        );
        if level == 3 {
            deflater.release();
            inflater.release();
        }
    }
}

fn negotiate(data: &[u8]) {
    let check = |agreed: Agreed| {
        assert!(
            (8..=15).contains(&agreed.server.window_bits)
                && (8..=15).contains(&agreed.client.window_bits)
        );
    };
    let Some(agreed) = answer_offers(data, &Policy::default()) else {
        return;
    };
    check(agreed);
    let mut answer = Vec::new();
    agreed.encode(&mut answer);
    if let Ok(understood) = judge(&answer, data) {
        check(understood);
        assert_eq!(understood.server, agreed.server);
    }
}

fn judge(answer: &[u8], offer: &[u8]) -> Result<Agreed, &'static str> {
    check_answer(chosen(answer, offer)?, offer)
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [kind, size, data @ ..] = data else {
        return;
    };
    let direction = Direction {
        window_bits: 8 + (kind >> 2 & 7),
        no_context_takeover: kind & 0x20 != 0,
    };
    let step = usize::from(*size).max(1);
    match kind & 3 {
        0 => inflate_any(direction, step, data),
        // Level 1 also with messages that are longer than any window.
        1 if size % 10 == 1 && !data.is_empty() => {
            let long: Vec<u8> = data.iter().copied().cycle().take(70_000).collect();
            let messages = [&long, &data[..], &[0], &long].concat();
            round_trip(direction, 1, 257 * step, &messages);
        }
        1 => round_trip(direction, size % 10, step, data),
        2 => negotiate(data),
        _ => {
            let _ = judge(
                data,
                b"permessage-deflate; client_max_window_bits; server_max_window_bits=10",
            );
        }
    }
}
