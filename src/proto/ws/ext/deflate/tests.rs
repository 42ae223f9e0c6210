//! Tests of permessage-deflate: the RFC's examples, every split, hostile payload, memory.

mod streams;

use super::*;
use crate::proto::ws::split_test::assert_same_for_every_split;

const FREE: Limits = Limits {
    max_message: u64::MAX,
    max_ratio: u32::MAX,
    free: u64::MAX,
};
const KEEPS: Direction = Direction {
    window_bits: 15,
    no_context_takeover: false,
};
const FORGETS: Direction = Direction {
    window_bits: 15,
    no_context_takeover: true,
};

/// Inflates one message given in pieces, through an output buffer of `room` bytes.
fn inflate(
    inflater: &mut Inflater,
    pieces: &[&[u8]],
    room: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Fault> {
    let mut message = Vec::new();
    let mut out = vec![0; room];
    for (index, piece) in pieces.iter().enumerate() {
        let is_last = index + 1 == pieces.len();
        let mut input = *piece;
        loop {
            let done = inflater.inflate(input, is_last, &mut out, limits)?;
            message.extend_from_slice(&out[..done.written]);
            input = &input[done.taken..];
            if done.is_done {
                assert!(input.is_empty());
                break;
            }
            assert_eq!(
                done.written, room,
                "a piece that is not done fills the buffer"
            );
        }
    }
    Ok(message)
}

fn inflate_all(inflater: &mut Inflater, payload: &[u8]) -> Result<Vec<u8>, Fault> {
    inflate(inflater, &[payload], 4096, &FREE)
}

/// Compresses a message sent in `frames`, through an output buffer of `room` bytes: the payload of each frame.
fn deflate(deflater: &mut Deflater, frames: &[&[u8]], room: usize) -> Vec<Vec<u8>> {
    let mut out = vec![0; room];
    let mut payloads = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let end = if index + 1 == frames.len() {
            End::Message
        } else {
            End::Frame
        };
        let (mut payload, mut input) = (Vec::new(), *frame);
        loop {
            let piece = deflater.deflate(input, end, &mut out).unwrap();
            payload.extend_from_slice(&out[..piece.written]);
            input = &input[piece.taken..];
            if piece.is_done {
                break;
            }
        }
        payloads.push(payload);
    }
    payloads
}

fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn inflate_when_payload_is_the_rfcs_gives_hello_for_every_split() {
    let hello: &[&[u8]] = &[
        b"\xf2\x48\xcd\xc9\xc9\x07\x00",
        b"\x00\x05\x00\xfa\xffHello\x00",    // a stored block
        b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", // a block marked as the last
        b"\xf3\x48\xcd\xc9\xc9\x07\x00",     // the same from a sender that adds nothing
        b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", // two blocks
    ];
    for payload in hello {
        for room in [1, 2, 4, 5, 6, 100] {
            let got = assert_same_for_every_split(payload, |pieces| {
                let mut inflater = Inflater::new(KEEPS);
                let first = inflate(&mut inflater, pieces, room, &FREE);
                let again = inflate(&mut inflater, pieces, room, &FREE);
                assert_eq!(first, again, "the next message on the same connection");
                first
            });
            assert_eq!(got.as_deref(), Ok(&b"Hello"[..]), "{payload:x?}");
        }
    }
}

#[test]
fn inflate_when_output_fits_exactly_says_so_at_once() {
    let mut out = [0; 5];
    let mut inflater = Inflater::new(KEEPS);
    for payload in [
        &b"\xf2\x48\xcd\xc9\xc9\x07\x00"[..],
        b"\xf2\x00\x11\x00\x00",
    ] {
        let piece = inflater.inflate(payload, true, &mut out, &FREE).unwrap();
        assert_eq!(
            piece,
            Piece {
                taken: payload.len(),
                written: 5,
                is_done: true
            }
        );
    }
}

#[test]
fn inflate_when_context_is_taken_over_uses_the_last_message() {
    let mut inflater = Inflater::new(KEEPS);
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x00\x11\x00\x00").unwrap(),
        b"Hello"
    );
    let mut inflater = Inflater::new(FORGETS);
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x00\x11\x00\x00"),
        Err(Fault::Corrupt)
    );
}

#[test]
fn inflate_when_message_is_empty_gives_nothing_and_goes_on() {
    let mut inflater = Inflater::new(KEEPS);
    let empty: [&[u8]; 6] = [
        b"\x00",
        b"\x02\x00",
        b"\x01\x00\x00\xff\xff",
        b"\x03\x00",
        b"",
        b"\x03\x00\x00",
    ];
    for payload in empty {
        assert_eq!(
            inflate_all(&mut inflater, payload).unwrap(),
            b"",
            "{payload:x?}"
        );
        assert_eq!(
            inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
            b"Hello",
            "{payload:x?}"
        );
    }
    assert_eq!(
        inflate(&mut inflater, &[b"\x03\x00", b"", b""], 9, &FREE).unwrap(),
        b""
    );
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );
}

#[test]
fn inflate_when_data_is_no_deflate_is_corrupt() {
    for payload in [
        &b"\x07"[..],
        b"\xff\xff\xff",
        b"\x00\x05\x00\x00\x00Hello",
        b"\x04\xc0\x81\x08\x00",
        b"\x06\xff\xff",
    ] {
        assert_eq!(
            inflate_all(&mut Inflater::new(KEEPS), payload),
            Err(Fault::Corrupt),
            "{payload:x?}"
        );
    }
    assert_eq!(
        Inflater::new(KEEPS).inflate(b"\x00", true, &mut [], &FREE),
        Err(Fault::NoRoom)
    );
}

#[test]
fn inflate_when_message_is_a_bomb_stops_early() {
    let zeros = vec![0; 8 << 20];
    let bomb = deflate(&mut Deflater::new(KEEPS, 9).unwrap(), &[&zeros], 1 << 16).concat();
    assert!(bomb.len() < 9000);
    let limits = Limits {
        max_message: u64::MAX,
        max_ratio: 100,
        free: 1 << 20,
    };
    let mut out = vec![0; 4096];
    let (mut inflater, mut total, mut input) = (Inflater::new(KEEPS), 0, &bomb[..]);
    let fault = loop {
        match inflater.inflate(input, true, &mut out, &limits) {
            Ok(piece) => {
                total += piece.written;
                input = &input[piece.taken..];
                assert!(!piece.is_done);
            }
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault, Fault::Bomb);
    assert!(total <= 1 << 20, "{total}");
    let limits = Limits {
        max_message: 1 << 20,
        ..FREE
    };
    assert_eq!(
        inflate(&mut Inflater::new(KEEPS), &[&bomb], 4096, &limits),
        Err(Fault::TooBig)
    );
    let exact = Limits {
        max_message: 8 << 20,
        ..FREE
    };
    assert_eq!(
        inflate(&mut Inflater::new(KEEPS), &[&bomb], 4096, &exact).map(|message| message.len()),
        Ok(8 << 20)
    );
}

#[test]
fn inflate_when_it_fails_tells_what_came_before() {
    let mut out = [0; 100];
    let mut inflater = Inflater::new(KEEPS);
    let hello = b"\xf2\x48\xcd\xc9\xc9\x07\x00\x06\xff\xff";
    assert_eq!(
        inflater.inflate(hello, true, &mut out, &FREE),
        Err(Fault::Corrupt)
    );
    assert_eq!(&out[..inflater.salvaged()], b"Hello");
    for (limits, fault) in [
        (
            Limits {
                max_message: 3,
                ..FREE
            },
            Fault::TooBig,
        ),
        (
            Limits {
                max_ratio: 0,
                free: 3,
                ..FREE
            },
            Fault::Bomb,
        ),
    ] {
        let mut inflater = Inflater::new(KEEPS);
        let piece = inflater.inflate(hello, true, &mut out, &limits);
        assert_eq!(piece, Err(fault));
        assert_eq!(inflater.salvaged(), 3);
    }
}

#[test]
fn inflate_when_message_limit_is_reached_counts_each_message_anew() {
    let limits = Limits {
        max_message: 5,
        max_ratio: 1,
        free: 5,
    };
    let mut inflater = Inflater::new(KEEPS);
    for _ in 0..10 {
        assert!(
            inflate(
                &mut inflater,
                &[b"\xf2\x48\xcd\xc9\xc9\x07\x00"],
                4096,
                &limits
            )
            .is_ok()
        );
    }
}

#[test]
fn inflate_when_blocks_end_the_stream_again_and_again_stays_cheap_and_right() {
    let ends: Vec<u8> = b"\x03\x00".repeat(20_000);
    let mut inflater = Inflater::new(Direction {
        window_bits: 9,
        ..KEEPS
    });
    assert_eq!(inflate_all(&mut inflater, &ends).unwrap(), b"");
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );
}

#[test]
fn deflate_when_text_is_the_rfcs_gives_its_bytes() {
    let mut deflater = Deflater::new(KEEPS, 6).unwrap();
    assert_eq!(
        deflate(&mut deflater, &[b"Hello"], 4096),
        [b"\xf2\x48\xcd\xc9\xc9\x07\x00"]
    );
    assert_eq!(
        deflate(&mut deflater, &[b"Hello"], 4096),
        [b"\xf2\x00\x11\x00\x00"]
    );
    let mut deflater = Deflater::new(FORGETS, 6).unwrap();
    for _ in 0..2 {
        assert_eq!(
            deflate(&mut deflater, &[b"Hello"], 4096),
            [b"\xf2\x48\xcd\xc9\xc9\x07\x00"]
        );
    }
}

#[test]
fn deflate_when_messages_or_frames_are_empty_ends_them_right() {
    for direction in [KEEPS, FORGETS] {
        let (mut deflater, mut inflater) = (
            Deflater::new(direction, 6).unwrap(),
            Inflater::new(direction),
        );
        let messages: [&[&[u8]]; 9] = [
            &[b""],
            &[b""],
            &[b"Hello"],
            &[b""],
            &[b"Hello", b""],
            &[b"", b"Hello"],
            &[b"", b"", b""],
            &[b"Hel", b"", b"lo", b""],
            &[b"Hello"],
        ];
        for frames in messages {
            let payloads = deflate(&mut deflater, frames, MIN_ROOM);
            let pieces: Vec<&[u8]> = payloads.iter().map(Vec::as_slice).collect();
            assert_eq!(
                inflate(&mut inflater, &pieces, 3, &FREE).unwrap(),
                frames.concat(),
                "{frames:?}"
            );
        }
    }
}

#[test]
fn deflate_when_cut_in_any_way_comes_back() {
    let text: Vec<u8> = b"{\"kind\":\"tick\",\"n\":12345},".repeat(700);
    let mixed = [&text[..], &noise(9000), &text[..]].concat();
    for (window_bits, no_context_takeover) in [(15, false), (15, true), (9, false), (10, true)] {
        let direction = Direction {
            window_bits,
            no_context_takeover,
        };
        for (level, room) in [
            (1, MIN_ROOM),
            (1, 17),
            (6, 100),
            (9, 4096),
            (0, 1000),
            (1, 1 << 16),
        ] {
            let (mut deflater, mut inflater) = (
                Deflater::new(direction, level).unwrap(),
                Inflater::new(direction),
            );
            for message in [&b""[..], b"a", &text, &mixed, b"", &noise(70_000)] {
                let (a, b) = message.split_at(message.len() / 3);
                let payloads = deflate(&mut deflater, &[a, b], room);
                let pieces: Vec<&[u8]> = payloads
                    .iter()
                    .flat_map(|payload| payload.chunks(333))
                    .collect();
                let pieces = if pieces.is_empty() {
                    vec![&b""[..]]
                } else {
                    pieces
                };
                assert!(
                    inflate(&mut inflater, &pieces, room, &FREE).unwrap() == message,
                    "{direction:?} {level} {room}"
                );
            }
        }
    }
}

#[test]
fn deflate_when_input_comes_in_bits_compresses_it_as_one() {
    let text = b"the same words again, ".repeat(50);
    let mut deflater = Deflater::new(KEEPS, 6).unwrap();
    let mut out = [0; 512];
    let mut payload = Vec::new();
    for bit in text.chunks(7) {
        let piece = deflater.deflate(bit, End::Open, &mut out).unwrap();
        payload.extend_from_slice(&out[..piece.written]);
        assert!(piece.is_done);
    }
    let piece = deflater.deflate(b"", End::Message, &mut out).unwrap();
    payload.extend_from_slice(&out[..piece.written]);
    let mut inflater = Inflater::new(KEEPS);
    assert_eq!(
        inflate(&mut inflater, &[&payload], 512, &FREE),
        Ok(text.clone())
    );
    let at_once = deflate(&mut Deflater::new(KEEPS, 6).unwrap(), &[&text], 512).concat();
    // Not the same bytes: a compressor may look at less of its input at a time.
    assert!(payload.len() <= 2 * at_once.len(), "{}", payload.len());
    assert_eq!(
        deflater.deflate(b"x", End::Message, &mut out[..MIN_ROOM - 1]),
        Err(Fault::NoRoom)
    );
}

#[test]
fn release_when_allowed_gives_memory_back() {
    let mut inflater = Inflater::new(KEEPS);
    assert!(!inflater.holds_memory());
    inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap();
    inflater.release();
    assert!(
        inflater.holds_memory(),
        "the next message may refer to the last"
    );
    let mut inflater = Inflater::new(FORGETS);
    let mut out = [0; 2];
    inflater
        .inflate(b"\xf2\x48\xcd\xc9\xc9\x07\x00", true, &mut out, &FREE)
        .unwrap();
    inflater.release();
    assert!(inflater.holds_memory(), "inside a message");
    while !inflater
        .inflate(b"", true, &mut out, &FREE)
        .unwrap()
        .is_done
    {}
    inflater.release();
    assert!(!inflater.holds_memory());
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );

    let mut deflater = Deflater::new(KEEPS, 1).unwrap();
    let mut inflater = Inflater::new(KEEPS);
    for _ in 0..3 {
        let payload = deflate(&mut deflater, &[b"Hello"], 100).concat();
        assert!(deflater.holds_memory());
        deflater.release();
        assert!(!deflater.holds_memory());
        assert_eq!(inflate_all(&mut inflater, &payload).unwrap(), b"Hello");
    }
}
