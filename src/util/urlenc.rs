//! URL encoding ("a b" to "a+b", "%41" to "A") as form data uses it.
//!
//! Only letters and digits pass the encoder unchanged, a space becomes `+`, everything else `%XX`. The decoder takes
//! those back and leaves other bytes as they are. Both work on bytes: no character set is implied.
//! Called by `capi::urlenc`; the form parser has an incremental one of its own.

use super::put::{Bounded, Put};

/// A `%` was not followed by two hex digits.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct BadEscape;

/// The escape of a byte.
static ESCAPES: [[u8; 3]; 256] = escapes();

const fn escapes() -> [[u8; 3]; 256] {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut table = [[0; 3]; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = [b'%', HEX[byte >> 4], HEX[byte & 15]];
        byte += 1;
    }
    table
}

/// What a byte is encoded as; 0 for an escape.
static FORMS: [u8; 256] = forms();

const fn forms() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte;
        }
        byte += 1;
    }
    table[b' ' as usize] = b'+';
    table
}

/// The value of a hex digit.
#[inline]
#[must_use]
pub fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Encodes into an area whose last byte is for the caller's NUL.
///
/// quirk: stops when 3 or fewer bytes are left, even if the next character would need only one.
#[inline]
pub fn encode(text: impl Iterator<Item = u8>, out: &mut (impl Put + Bounded)) {
    for byte in text {
        if out.left() <= 3 {
            return;
        }
        match FORMS[usize::from(byte)] {
            0 => out.put_all(ESCAPES[usize::from(byte)]),
            form => out.put(form),
        }
    }
}

/// Decodes at most `limit` bytes of output. Ends quietly when the text ends inside an escape.
///
/// # Errors
/// A `%` without two hex digits; what was decoded before it has been put.
#[inline]
pub fn decode(
    mut text: impl Iterator<Item = u8>,
    limit: usize,
    out: &mut impl Put,
) -> Result<(), BadEscape> {
    for _ in 0..limit {
        let byte = match text.next() {
            None => return Ok(()),
            Some(b'+') => b' ',
            Some(b'%') => {
                let Some(high) = text.next() else {
                    return Ok(());
                };
                let high = hex_value(high).ok_or(BadEscape)?;
                let Some(low) = text.next() else {
                    return Ok(());
                };
                high << 4 | hex_value(low).ok_or(BadEscape)?
            }
            Some(plain) => plain,
        };
        out.put(byte);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::put::Area;

    fn encoded(text: &[u8], room: usize) -> String {
        let mut out = Area::new(room);
        encode(text.iter().copied(), &mut out);
        assert!(out.bytes.len() < room.max(1), "room for the NUL");
        String::from_utf8(out.bytes).expect("ascii")
    }

    fn decoded(text: &[u8], limit: usize) -> (Vec<u8>, Result<(), BadEscape>) {
        let mut out = Vec::new();
        let r = decode(text.iter().copied(), limit, &mut out);
        assert!(out.len() <= limit);
        (out, r)
    }

    #[test]
    fn encode_keeps_only_letters_and_digits() {
        assert_eq!(encoded(b"a Z9~\xff", 99), "a+Z9%7E%FF");
    }

    #[test]
    fn encode_stops_while_an_escape_would_fit() {
        assert_eq!(encoded(b"abc", 4), "a");
        assert_eq!(encoded(b"abc", 3), "");
        assert_eq!(encoded(b"a+b", 7), "a%2B");
        assert_eq!(encoded(b"a", 0), "");
    }

    #[test]
    fn decode_takes_back_what_encode_made() {
        let all: Vec<u8> = (1..=255).collect();
        assert_eq!(decoded(encoded(&all, 2000).as_bytes(), 2000), (all, Ok(())));
    }

    #[test]
    fn decode_fails_on_bad_digits_after_the_good_part() {
        assert_eq!(decoded(b"a%4z", 9), (b"a".to_vec(), Err(BadEscape)));
        assert_eq!(decoded(b"a%%41", 9), (b"a".to_vec(), Err(BadEscape)));
    }

    #[test]
    fn decode_is_quiet_about_a_cut_escape() {
        assert_eq!(decoded(b"a%", 9), (b"a".to_vec(), Ok(())));
        assert_eq!(decoded(b"a%4", 9), (b"a".to_vec(), Ok(())));
    }

    #[test]
    fn decode_stops_at_the_limit_before_the_next_byte() {
        assert_eq!(decoded(b"a%zz", 1), (b"a".to_vec(), Ok(())));
    }
}
