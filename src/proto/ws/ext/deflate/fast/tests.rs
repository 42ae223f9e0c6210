//! Tests of the fast level: what it makes comes back from zlib-rs, however it is cut, and refers to nothing it must not.

use super::*;
use flate2::{Decompress, FlushDecompress};

/// Compresses with a flush at the end, in inputs of `step` bytes and through buffers of `room` bytes.
fn compressed(fast: &mut Fast, text: &[u8], step: usize, room: usize) -> Vec<u8> {
    let mut out = vec![0; room];
    let mut all = Vec::new();
    let mut chunks = text.chunks(step).peekable();
    while let Some(mut input) = chunks.next() {
        loop {
            let piece = fast.compress(input, chunks.peek().is_none(), &mut out);
            all.extend_from_slice(&out[..piece.written]);
            input = &input[piece.taken..];
            if piece.is_done {
                break;
            }
            assert!(piece.taken + piece.written != 0);
        }
    }
    assert!(all.ends_with(&[0, 0, 0xff, 0xff]));
    all
}

fn inflated(stream: &mut Decompress, data: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; len + 1];
    let before = stream.total_out();
    stream
        .decompress(data, &mut out, FlushDecompress::Sync)
        .ok()?;
    out.truncate((stream.total_out() - before) as usize);
    Some(out)
}

/// Bytes of `kinds` kinds, from a generator.
fn noise(len: usize, kinds: u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3] % kinds
    };
    (0..len).map(|_| next()).collect()
}

fn texts() -> Vec<Vec<u8>> {
    let words = b"{\"kind\":\"tick\",\"n\":12345},".repeat(4000);
    let far = [noise(32_000, 255), noise(900, 3), noise(32_000, 255)].concat();
    vec![
        b"a".to_vec(),
        b"\0\0\0\0".to_vec(),
        vec![0; 70_000],
        vec![b'x'; 259],
        words,
        noise(70_000, 255),
        noise(200_000, 3),
        far.repeat(3),
    ]
}

#[test]
fn compress_when_cut_in_any_way_comes_back() {
    for bits in [9, 12, 15] {
        for (step, room) in [
            (1 << 20, 1 << 20),
            (1024, 4096),
            (7, 100),
            (5000, ROOM),
            (1, 13),
        ] {
            let mut fast = Fast::new(bits);
            let mut stream = Decompress::new_with_window_bits(false, bits);
            for text in texts() {
                let text = if step < 100 || room < 100 {
                    &text[..text.len().min(70_000)]
                } else {
                    &text[..]
                };
                let data = compressed(&mut fast, text, step, room);
                let got = inflated(&mut stream, &data, text.len());
                assert!(
                    got.as_deref() == Some(text),
                    "{bits} {step} {room} {}",
                    text.len()
                );
            }
        }
    }
}

#[test]
fn compress_when_every_length_and_distance_occurs_comes_back() {
    let mut fast = Fast::new(15);
    let mut stream = Decompress::new(false);
    for len in 1..=300 {
        let gap = (len * 109) % 32_500;
        let part = noise(len, 200);
        let text = [&part[..], &noise(gap, 50), &part, b"!", &part].concat();
        let data = compressed(&mut fast, &text, 1 << 20, 1 << 20);
        assert!(inflated(&mut stream, &data, text.len()).as_ref() == Some(&text));
    }
}

#[test]
fn reset_when_a_message_is_to_be_forgotten_refers_to_nothing_before() {
    let mut fast = Fast::new(15);
    for text in texts() {
        for _ in 0..2 {
            let data = compressed(&mut fast, &text, 1 << 20, 1 << 20);
            fast.reset();
            let got = inflated(&mut Decompress::new(false), &data, text.len());
            assert!(got == Some(text.clone()), "{}", text.len());
        }
    }
}

#[test]
fn compress_when_text_repeats_makes_it_small() {
    let mut fast = Fast::new(15);
    let text = b"{\"kind\":\"tick\",\"n\":12345},".repeat(2500);
    assert!(compressed(&mut fast, &text, 1024, 4096).len() < 1000);
    assert!(compressed(&mut fast, &text[..1000], 1024, 4096).len() < 40);
    let zeros = compressed(&mut fast, &[0; 65536], 65536, 65536).len();
    assert!(zeros < 700, "{zeros}");
}
