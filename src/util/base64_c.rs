//! Base64 as the C API has it: lenient, resumable, both alphabets at once.
//!
//! The decoder skips every byte that is of no alphabet, `=` included, so line breaks do no harm, and needs no padding.
//! It may stop and go on at any byte; the state is the caller's (it is a public C struct). The encoder writes padded
//! groups into a bounded area. Strict base64 for protocol engines is the `base64` crate's matter.
//! Called by `capi::sha1_base64`.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Marks bytes of no alphabet.
const SKIP: u8 = 0xff;

/// The six bits of each byte; `-` counts as `+`, `_` as `/`.
static SEXTETS: [u8; 256] = sextets();

const fn sextets() -> [u8; 256] {
    let mut table = [SKIP; 256];
    let mut n = 0_u8;
    while n < 64 {
        table[STANDARD[n as usize] as usize] = n;
        table[URL[n as usize] as usize] = n;
        n += 1;
    }
    table
}

/// A decoder's memory between calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Six bits each of the group under way.
    pub quad: [u8; 4],
    /// How many of them are there.
    pub filled: usize,
    /// The last byte looked at, `-` and `_` as `+` and `/`.
    pub last: u8,
}

/// How a decoding call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Input bytes used.
    pub used: usize,
    /// Output bytes written.
    pub written: usize,
}

/// Decodes until the input or the room ends; `room` counts from the state's beginning, with `done` of it written by
/// earlier calls. `last` says that no more input follows: an open group is written out.
///
/// A group is begun only while 5 bytes are free (quirk: also when it would need fewer). An `=` that ends the input
/// where one byte of a group is missing completes it, so that a caller who never says `last` gets padded text whole.
#[inline]
pub fn decode(
    state: &mut State,
    mut text: impl Iterator<Item = u8>,
    done: usize,
    room: usize,
    last: bool,
    mut put: impl FnMut([u8; 3], usize),
) -> Progress {
    let mut p = Progress {
        used: 0,
        written: 0,
    };
    let mut padded = false;
    while done.saturating_add(p.written).saturating_add(4) < room {
        let Some(byte) = text.next() else {
            if state.filled > 0 && (last || (padded && state.filled == 3)) {
                p.written += flush(state, &mut put);
            }
            return p;
        };
        p.used += 1;
        state.last = match byte {
            b'-' => b'+',
            b'_' => b'/',
            _ => byte,
        };
        padded = byte == b'=';
        let bits = SEXTETS[usize::from(byte)];
        if bits == SKIP {
            continue;
        }
        if let Some(place) = state.quad.get_mut(state.filled) {
            *place = bits;
        }
        state.filled += 1;
        if state.filled >= 4 {
            p.written += flush(state, &mut put);
        }
    }
    p
}

/// Writes the bytes of the open group: one less than it has parts.
fn flush(state: &mut State, put: &mut impl FnMut([u8; 3], usize)) -> usize {
    let [a, b, c, d] = state.quad;
    let count = state.filled.min(4) - 1;
    state.filled = 0;
    put([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d], count);
    count
}

/// Encodes with padding into an area of `room` bytes and gives the length without the caller's NUL; none when the area
/// is too small. A group needs a byte more than it has (quirk: so does the end, even of nothing).
#[inline]
pub fn encode(
    mut bytes: impl Iterator<Item = u8>,
    room: usize,
    url: bool,
    mut put: impl FnMut([u8; 4]),
) -> Option<usize> {
    let letters = if url { URL } else { STANDARD };
    let letter = |bits: u8| letters[usize::from(bits & 63)];
    let mut done: usize = 0;
    while let Some(a) = bytes.next() {
        let (b, c) = match bytes.next() {
            None => (None, None),
            b => (b, bytes.next()),
        };
        if done + 4 >= room {
            return None;
        }
        let (second, third) = (b.unwrap_or(0), c.unwrap_or(0));
        put([
            letter(a >> 2),
            letter(a << 4 | second >> 4),
            b.map_or(b'=', |b| letter(b << 2 | third >> 6)),
            c.map_or(b'=', letter),
        ]);
        done += 4;
        if c.is_none() {
            break;
        }
    }
    (done + 1 < room).then_some(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bytes: &[u8], room: usize, url: bool) -> Option<String> {
        let mut out = Vec::new();
        let n = encode(bytes.iter().copied(), room, url, |q| out.extend(q))?;
        assert_eq!(n, out.len());
        Some(String::from_utf8(out).expect("ascii"))
    }

    fn decoded(chunks: &[&[u8]], last: bool) -> Vec<u8> {
        let (mut state, mut out) = (State::default(), Vec::new());
        for (n, chunk) in chunks.iter().enumerate() {
            let done = out.len();
            let end = last && n + 1 == chunks.len();
            decode(
                &mut state,
                chunk.iter().copied(),
                done,
                1000,
                end,
                |b, n| out.extend(&b[..n]),
            );
        }
        out
    }

    #[test]
    fn encoder_pads_and_has_both_alphabets() {
        assert_eq!(encoded(b"", 9, false).as_deref(), Some(""));
        assert_eq!(encoded(b"\xff", 9, false).as_deref(), Some("/w=="));
        assert_eq!(encoded(b"\xff\xfe", 9, true).as_deref(), Some("__4="));
        assert_eq!(encoded(b"\xff\xfe\xfd", 9, false).as_deref(), Some("//79"));
    }

    #[test]
    fn encoder_wants_two_bytes_more_than_it_writes() {
        assert_eq!(encoded(b"abc", 5, false), None);
        assert!(encoded(b"abc", 6, false).is_some());
        assert_eq!(encoded(b"", 1, false), None);
    }

    #[test]
    fn decoder_skips_what_is_no_base64() {
        assert_eq!(decoded(&[b"Q*U\nJ D"], true), b"ABC");
        assert_eq!(decoded(&[b"--__"], true), b"\xfb\xef\xff");
    }

    #[test]
    fn decoder_gives_the_same_for_every_split() {
        for text in [
            &b"QUJDREVG"[..],
            b"QUJDRA==",
            b"QUJDREU=",
            b"QU\nJDRA",
            b"Q",
        ] {
            let whole = decoded(&[text], true);
            for at in 0..=text.len() {
                assert_eq!(
                    decoded(&[&text[..at], &text[at..]], true),
                    whole,
                    "{text:?} at {at}"
                );
            }
        }
    }

    #[test]
    fn one_padding_completes_a_group_without_last() {
        assert_eq!(decoded(&[b"QUI="], false), b"AB");
        assert_eq!(decoded(&[b"QQ=="], false), b"");
    }

    #[test]
    fn decoder_keeps_the_room() {
        for room in 0..20 {
            let (mut state, mut out) = (State::default(), Vec::<u8>::new());
            let p = decode(
                &mut state,
                b"QUJDREVGQUJD".iter().copied(),
                0,
                room,
                true,
                |b, n| out.extend(&b[..n]),
            );
            assert_eq!(p.written, out.len());
            assert!(out.len() < room.max(1));
        }
    }
}
