//! Tests of the frame decoder and the header encoder.

use super::*;
use crate::proto::ws::split_test::assert_same_for_every_split;

const SERVER: Rules = Rules {
    side: Side::Server,
    max_frame: u64::MAX,
    rsv1_allowed: false,
    check_utf8: false,
};
const CLIENT: Rules = Rules {
    side: Side::Client,
    ..SERVER
};
const UTF8: Rules = Rules {
    check_utf8: true,
    ..SERVER
};
const DEFLATE: Rules = Rules {
    rsv1_allowed: true,
    check_utf8: true,
    ..SERVER
};
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// What came out of a stream, free of how it was cut: data of a frame merged.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// opcode, first of message, reserved bits, FIN, payload, bytes missing.
    Frame(u8, bool, u8, bool, Vec<u8>, u64),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Vec<u8>),
    Violation(u16, &'static str),
}

fn frame_with(first: u8, payload: &[u8], key: Option<[u8; 4]>) -> Vec<u8> {
    let mut header = [0; 14];
    let len = encode_header(
        first & OPCODE,
        first & FIN != 0,
        false,
        payload.len() as u64,
        key,
        &mut header,
    );
    header[0] |= first & RSV;
    let mut bytes = header[..len].to_vec();
    let mut payload = payload.to_vec();
    if let Some(key) = key {
        mask::apply(key, 0, &mut payload);
    }
    bytes.extend(payload);
    bytes
}

fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    frame_with(first, payload, Some(KEY))
}

fn see_chunk(seen: &mut Vec<Seen>, chunk: &Chunk, bytes: &[u8]) {
    let chunk_bytes = &bytes[chunk.payload.clone()];
    if chunk.frame_start {
        seen.push(Seen::Frame(
            chunk.opcode,
            chunk.first,
            chunk.rsv,
            chunk.fin,
            chunk_bytes.to_vec(),
            chunk.remaining,
        ));
        return;
    }
    assert!(!chunk.first && !chunk_bytes.is_empty());
    let Some(Seen::Frame(opcode, _, rsv, fin, payload, missing)) = seen.last_mut() else {
        panic!("{chunk:?} first")
    };
    assert_eq!((*opcode, *rsv, *fin), (chunk.opcode, chunk.rsv, chunk.fin));
    payload.extend_from_slice(chunk_bytes);
    assert_eq!(*missing, chunk.remaining + chunk_bytes.len() as u64);
    *missing = chunk.remaining;
}

/// Feeds the pieces and collects; when the end is a violation, the data of the frame it was found in is dropped, as
/// a cut decides how much of that was handed out before.
fn see(pieces: &[&[u8]], rules: &Rules) -> Vec<Seen> {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for piece in pieces {
        let mut piece = piece.to_vec();
        let mut input = &mut piece[..];
        loop {
            let (used, event) = decoder.feed(input, rules);
            match event {
                None => {
                    assert_eq!(used, input.len(), "without an event everything is taken");
                    break;
                }
                Some(Event::Data(chunk)) => see_chunk(&mut seen, &chunk, input),
                Some(Event::Ping(control)) => seen.push(Seen::Ping(control.as_slice().to_vec())),
                Some(Event::Pong(control)) => seen.push(Seen::Pong(control.as_slice().to_vec())),
                Some(Event::Close(control)) => seen.push(Seen::Close(control.as_slice().to_vec())),
                Some(Event::Violation { code, reason }) => {
                    if let Some(Seen::Frame(_, _, _, _, _, 1..)) = seen.last() {
                        seen.pop();
                    }
                    seen.push(Seen::Violation(code, reason));
                }
            }
            input = &mut input[used..];
        }
    }
    seen
}

fn decode(input: &[u8], rules: &Rules) -> Vec<Seen> {
    assert_same_for_every_split(input, |pieces| see(pieces, rules))
}

fn frame(opcode: u8, first: bool, fin: bool, payload: &[u8]) -> Seen {
    Seen::Frame(opcode, first, 0, fin, payload.to_vec(), 0)
}

#[test]
fn decoder_when_idle_is_small() {
    assert!(size_of::<Decoder>() <= 64, "{}", size_of::<Decoder>());
}

#[test]
fn feed_when_frames_are_good_hands_out_the_messages() {
    let input = [
        masked(0x81, b"Hello"),
        masked(0x02, b"part"),
        masked(0x89, b"in the middle"),
        masked(0x00, b""),
        masked(0x8a, b""),
        masked(0x80, b"end"),
        masked(0x82, b""),
    ]
    .concat();
    let want = vec![
        frame(1, true, true, b"Hello"),
        frame(2, true, false, b"part"),
        Seen::Ping(b"in the middle".to_vec()),
        frame(2, false, false, b""),
        Seen::Pong(Vec::new()),
        frame(2, false, true, b"end"),
        frame(2, true, true, b""),
    ];
    assert_eq!(decode(&input, &SERVER), want);
}

#[test]
fn feed_when_the_rfc_examples_arrive_decodes_them() {
    assert_eq!(
        decode(b"\x81\x05Hello", &CLIENT),
        [frame(1, true, true, b"Hello")]
    );
    let masked = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(decode(masked, &SERVER), [frame(1, true, true, b"Hello")]);
}

#[test]
fn feed_when_payload_arrives_in_parts_never_waits() {
    let mut decoder = Decoder::new();
    let mut bytes = masked(0x82, &[9; 300]);
    let (used, event) = decoder.feed(&mut bytes[..108], &SERVER);
    let Some(Event::Data(chunk)) = event else {
        panic!("{event:?}")
    };
    assert_eq!(
        (used, chunk.payload.clone(), chunk.remaining),
        (108, 8..108, 200)
    );
    assert!(chunk.first && chunk.frame_start && chunk.fin && !chunk.is_final());
    let (used, event) = decoder.feed(&mut bytes[108..], &SERVER);
    let Some(Event::Data(chunk)) = event else {
        panic!("{event:?}")
    };
    assert_eq!(
        (used, chunk.payload.clone(), chunk.remaining),
        (200, 0..200, 0)
    );
    assert!(!chunk.first && !chunk.frame_start && chunk.is_final());
    assert!(bytes[8..].iter().all(|b| *b == 9));
}

#[test]
fn feed_when_control_frame_is_whole_allocates_nothing_for_it() {
    let mut decoder = Decoder::new();
    let mut bytes = masked(0x89, b"ping");
    let (_, event) = decoder.feed(&mut bytes[..6], &SERVER);
    assert!(event.is_none() && decoder.control.is_none());
    let (used, event) = decoder.feed(&mut bytes[6..], &SERVER);
    assert!(matches!(event, Some(Event::Ping(_))) && used == 4 && decoder.control.is_none());
}

#[test]
fn feed_when_length_forms_vary_takes_the_minimal_ones() {
    for len in [0u32, 1, 125, 126, 127, 65535, 65536, 70000] {
        let bytes = frame_with(0x82, &vec![5; len as usize], None);
        let seen = see(&[&bytes], &CLIENT);
        assert_eq!(
            seen,
            [frame(2, true, true, &vec![5; len as usize])],
            "{len}"
        );
        assert_eq!(see(&bytes.chunks(1).collect::<Vec<_>>(), &CLIENT), seen);
    }
}

#[test]
fn feed_when_the_header_is_illegal_fails_with_1002() {
    let cases: &[(&[u8], &Rules, &str)] = &[
        (b"\x81\x05Hello", &SERVER, "unmasked frame"),
        (b"\x81\x85aaaaHello", &CLIENT, "masked frame"),
        (b"\x82\x7e\x00\x7d", &CLIENT, "length not minimal"),
        (b"\x82\x7e\x00\x00", &CLIENT, "length not minimal"),
        (
            b"\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff",
            &CLIENT,
            "length not minimal",
        ),
        (
            b"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00",
            &CLIENT,
            "length over 63 bits",
        ),
        (
            b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
            &CLIENT,
            "length over 63 bits",
        ),
        (b"\x09\x80aaaa", &SERVER, "frag ctl"),
        (b"\x08\x80aaaa", &SERVER, "frag ctl"),
        (b"\x89\xfe\x00\x7e", &SERVER, "control frame too long"),
        (
            b"\x88\xff\x00\x00\x00\x00\x00\x00\x00\x01",
            &SERVER,
            "control frame too long",
        ),
        (b"\x80\x80aaaa", &SERVER, "bad cont"),
        (b"\x83\x80aaaa", &SERVER, "bad opc"),
        (b"\x87\x80aaaa", &SERVER, "bad opc"),
        (b"\x8b\x80aaaa", &SERVER, "bad opc"),
        (b"\x8f\x80aaaa", &SERVER, "bad opc"),
        (b"\xc1\x80aaaa", &SERVER, "rsv bits"),
        (b"\xa1\x80aaaa", &SERVER, "rsv bits"),
        (b"\x91\x80aaaa", &DEFLATE, "rsv bits"),
        (b"\xe1\x80aaaa", &DEFLATE, "rsv bits"),
        (b"\xc9\x80aaaa", &DEFLATE, "rsv bits"),
    ];
    for (bytes, rules, reason) in cases {
        assert_eq!(
            decode(bytes, rules),
            [Seen::Violation(1002, reason)],
            "{bytes:x?}"
        );
    }
}

#[test]
fn whole_message_when_it_answers_agrees_with_the_long_way() {
    let mut answered = 0;
    for rules in [
        SERVER,
        CLIENT,
        DEFLATE,
        Rules {
            max_frame: 20,
            ..SERVER
        },
    ] {
        let starts = (0..=255).flat_map(|first| (0..=255).map(move |second| (first, second)));
        for (first, second, low) in starts.flat_map(|(a, b)| [(a, b, 1), (a, b, 130)]) {
            let start = [first, second, 0, low];
            let bytes: Vec<u8> = start.into_iter().chain(2..210).collect();
            for len in [212, 136, 130, 26, 6, 5] {
                let (mut quick, mut long) = (bytes.clone(), bytes.clone());
                let Some(chunk) = whole_message(&mut quick[..len], &rules) else {
                    assert_eq!(quick, bytes, "it touches nothing when it does not answer");
                    continue;
                };
                let mut decoder = Decoder::new();
                let (used, event) = decoder.feed_any(&mut long[..len], &rules);
                assert_eq!((chunk.payload.end, Some(Event::Data(chunk))), (used, event));
                assert!(quick == long && decoder.is_idle());
                answered += 1;
            }
        }
    }
    assert!(answered > 1000, "{answered}");
}

#[test]
fn feed_when_fragments_are_out_of_order_fails_with_1002() {
    let started = [masked(0x01, b"part"), masked(0x81, b"other")].concat();
    let want = [
        frame(1, true, false, b"part"),
        Seen::Violation(1002, "bad cont"),
    ];
    assert_eq!(decode(&started, &SERVER), want);
    let ended = [masked(0x81, b"all"), masked(0x80, b"more")].concat();
    let want = [
        frame(1, true, true, b"all"),
        Seen::Violation(1002, "bad cont"),
    ];
    assert_eq!(decode(&ended, &SERVER), want);
    let compressed_continuation = [masked(0x41, b"part"), masked(0xc0, b"more")].concat();
    assert_eq!(
        decode(&compressed_continuation, &DEFLATE)[1],
        Seen::Violation(1002, "rsv bits")
    );
}

#[test]
fn feed_when_frame_is_over_the_limit_fails_with_1009() {
    let rules = Rules {
        max_frame: 5,
        ..SERVER
    };
    assert_eq!(
        decode(&masked(0x81, b"Hello"), &rules),
        [frame(1, true, true, b"Hello")]
    );
    assert_eq!(
        decode(&masked(0x81, b"Hello!"), &rules),
        [Seen::Violation(1009, "frame too big")]
    );
    assert_eq!(
        decode(&masked(0x89, b"longer"), &rules),
        [Seen::Ping(b"longer".to_vec())]
    );
    let huge = b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff";
    assert_eq!(
        decode(huge, &rules),
        [Seen::Violation(1009, "frame too big")]
    );
}

#[test]
fn feed_when_close_arrives_checks_it_and_swallows_the_rest() {
    let input = [
        masked(0x88, b"\x03\xe8bye"),
        masked(0x81, b"late"),
        b"garbage".to_vec(),
    ]
    .concat();
    assert_eq!(
        decode(&input, &SERVER),
        [Seen::Close(b"\x03\xe8bye".to_vec())]
    );
    assert_eq!(
        decode(&masked(0x88, b""), &SERVER),
        [Seen::Close(Vec::new())]
    );
    let cases: &[(&[u8], u16, &str)] = &[
        (b"\x03", 1002, "close payload of 1 byte"),
        (b"\x03\xed", 1002, "bad close code"),
        (b"\xff\xff", 1002, "bad close code"),
        (b"\x13\x88", 1002, "bad close code"),
        (b"\x03\xe8\xc0\xaf", 1007, "bad utf8 in close"),
    ];
    for (payload, code, reason) in cases {
        let input = [masked(0x88, payload), masked(0x89, b"late")].concat();
        assert_eq!(decode(&input, &SERVER), [Seen::Violation(*code, reason)]);
    }
}

#[test]
fn feed_when_text_is_not_utf8_fails_with_1007_only_if_asked() {
    let bad = [Seen::Violation(1007, "bad utf8")];
    assert_eq!(decode(&masked(0x81, b"ab\xff"), &UTF8), bad);
    assert_eq!(decode(&masked(0x81, b"cut \xe2\x82"), &UTF8), bad);
    assert_eq!(
        decode(&masked(0x81, b"ab\xff"), &SERVER),
        [frame(1, true, true, b"ab\xff")]
    );
    assert_eq!(
        decode(&masked(0x82, b"ab\xff"), &UTF8),
        [frame(2, true, true, b"ab\xff")]
    );
    let over_fragments = [
        masked(0x01, b"\xe2"),
        masked(0x89, b"\xff"),
        masked(0x00, b"\x82"),
        masked(0x80, b"\xac"),
    ];
    assert_eq!(decode(&over_fragments.concat(), &UTF8).len(), 4);
    let open_at_the_end = [masked(0x01, b"\xe2\x82"), masked(0x80, b"")].concat();
    assert_eq!(
        decode(&open_at_the_end, &UTF8)[1],
        Seen::Violation(1007, "bad utf8")
    );
    let compressed = masked(0xc1, b"\xff\xff");
    assert_eq!(
        decode(&compressed, &DEFLATE),
        [Seen::Frame(1, true, RSV1, true, b"\xff\xff".to_vec(), 0)]
    );
    let next_is_plain = [compressed, masked(0x81, b"\xff")].concat();
    assert_eq!(
        decode(&next_is_plain, &DEFLATE)[1],
        Seen::Violation(1007, "bad utf8")
    );
}

#[test]
fn feed_when_input_is_random_survives_every_split() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..3000 {
        let mut input = Vec::new();
        for _ in 0..40 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let [kind, len, chance, odd, ..] = state.to_le_bytes();
            let first = [0x81, 0x01, 0x00, 0x80, 0x89, 0x88, 0xc2, 0x8a][usize::from(kind & 7)];
            let len = len & 3;
            input.extend([
                if chance < 16 { odd } else { first },
                0x80 | len,
                1,
                2,
                3,
                4,
            ]);
            input.extend(state.to_le_bytes().iter().take(usize::from(len)));
        }
        let rules = [SERVER, DEFLATE, UTF8][round % 3];
        let whole = see(&[&input], &rules);
        for step in [1, 2, 3, 11] {
            assert_eq!(see(&input.chunks(step).collect::<Vec<_>>(), &rules), whole);
        }
    }
}

#[test]
fn encode_header_when_each_form_is_needed_writes_it() {
    let mut out = [0xaa; 14];
    assert_eq!(encode_header(TEXT, true, false, 5, None, &mut out), 2);
    assert_eq!(&out[..2], b"\x81\x05");
    assert_eq!(encode_header(BINARY, false, true, 126, None, &mut out), 4);
    assert_eq!(&out[..4], b"\x42\x7e\x00\x7e");
    assert_eq!(encode_header(0, true, false, 65535, Some(KEY), &mut out), 8);
    assert_eq!(&out[..8], b"\x80\xfe\xff\xff\x37\xfa\x21\x3d");
    assert_eq!(
        encode_header(BINARY, true, false, 65536, Some(KEY), &mut out),
        14
    );
    assert_eq!(
        &out[..],
        b"\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00\x37\xfa\x21\x3d"
    );
}

#[test]
fn control_close_when_built_passes_the_decoder() {
    let control = Control::close(1001, b"going");
    assert_eq!(control.as_slice(), b"\x03\xe9going");
    assert_eq!(
        decode(&masked(0x88, control.as_slice()), &SERVER),
        [Seen::Close(b"\x03\xe9going".to_vec())]
    );
}
