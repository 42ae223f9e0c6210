//! Escaping of text for SQL and JSON, and taming of file names.
//!
//! These are the simple escapers of the public API: they know nothing of character sets. JSON's turns every byte outside
//! ASCII into `\u00XX`, so the result names Latin-1 characters whatever the input meant.
//! Called by `capi::purify`.

use super::put::Put;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Doubles `'` for SQL, into an area of `room` bytes whose last one is for the caller's NUL.
///
/// quirk: stops when 2 or fewer bytes are left.
#[inline]
pub fn sql(text: impl Iterator<Item = u8>, room: usize, out: &mut impl Put) {
    let mut left = room;
    for byte in text {
        if left <= 2 {
            return;
        }
        if byte == b'\'' {
            out.put(byte);
            left -= 1;
        }
        out.put(byte);
        left -= 1;
    }
}

/// How a byte is written in a JSON string: 0 plainly, `U` as `\u00XX`, else after a backslash.
static JSON_FORMS: [u8; 256] = json_forms();

/// The form of six bytes.
const UNICODE: u8 = b'U';

const fn json_forms() -> [u8; 256] {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        if n < 0x20 || n >= 0x80 {
            table[n] = UNICODE;
        }
        n += 1;
    }
    table[b'"' as usize] = UNICODE;
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table[b'\\' as usize] = b'\\';
    table
}

/// Escapes for a JSON string, into an area of `room` bytes whose last one is for the caller's NUL. Returns how many
/// bytes of the text were used.
///
/// quirk: stops when 6 or fewer bytes are left, where two-byte escapes count as one byte (the reference writes past the
/// area when there are many of them; here the area's true end stops it too).
#[inline]
pub fn json(text: impl Iterator<Item = u8>, room: usize, out: &mut impl Put) -> usize {
    let mut left = room;
    let mut shorts = 0; // bytes that two-byte escapes took but were not counted for
    let mut floor = 6; // what is left over when plain bytes end
    let mut used = 0;
    for byte in text {
        let form = JSON_FORMS[usize::from(byte)];
        if form == 0 {
            if left <= floor {
                break;
            }
            out.put(byte);
            left -= 1;
        } else if form == UNICODE {
            if left <= shorts + 6 {
                break;
            }
            let [high, low] = [byte >> 4, byte & 15].map(|n| HEX[usize::from(n)]);
            out.put_all([b'\\', b'u', b'0', b'0', high, low]);
            left -= 6;
        } else {
            if left <= 6.max(shorts + 2) {
                break;
            }
            out.put_all([b'\\', form]);
            left -= 1;
            shorts += 1;
            floor = 6.max(shorts + 1);
        }
        used += 1;
    }
    used
}

/// The length the escaped text would have, without a NUL.
///
/// quirk: counts 6 for a backslash although `json` writes 2.
#[must_use]
pub fn json_len(text: impl Iterator<Item = u8>) -> usize {
    text.map(|byte| match JSON_FORMS[usize::from(byte)] {
        0 => 1,
        b'\\' | UNICODE => 6,
        _ => 2,
    })
    .fold(0, usize::saturating_add)
}

/// What the byte of a file name becomes: `/` stays (paths pass), but `..` cannot climb and separators of other systems
/// and shell variables go. `next` is the byte after it; the answer's second part says that both bytes are replaced.
#[must_use]
pub fn file_name_byte(byte: u8, next: Option<u8>) -> (u8, bool) {
    match byte {
        b'.' if next == Some(b'.') => (b'_', true),
        b':' | b'\\' | b'$' | b'%' => (b'_', false),
        _ => (byte, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(text: &[u8], room: usize) -> (String, usize) {
        let mut out = Vec::new();
        let used = json(text.iter().copied(), room, &mut out);
        assert!(out.len() < room.max(1), "room for the NUL");
        (String::from_utf8(out).expect("ascii"), used)
    }

    #[test]
    fn sql_doubles_quotes_and_stops_early() {
        let run = |text: &[u8], room| {
            let mut out = Vec::new();
            sql(text.iter().copied(), room, &mut out);
            assert!(out.len() < room);
            String::from_utf8(out).expect("ascii")
        };
        assert_eq!(run(b"it's", 20), "it''s");
        assert_eq!(run(b"abc", 4), "ab");
        assert_eq!(run(b"''''", 3), "''");
    }

    #[test]
    fn json_escapes_controls_quotes_and_high_bytes() {
        assert_eq!(
            json_of(b"a\"\\\n\x01\xe9", 60).0,
            "a\\u0022\\\\\\n\\u0001\\u00E9"
        );
    }

    #[test]
    fn json_never_passes_the_area_with_many_short_escapes() {
        for room in 0..60 {
            let (out, used) = json_of(&[b'\n'; 100], room);
            assert_eq!(out.len(), used * 2);
        }
    }

    #[test]
    fn json_len_counts_backslash_high() {
        assert_eq!(json_len(b"a\\b".iter().copied()), 8);
        assert_eq!(json_len(b"a\n\"".iter().copied()), 9);
    }

    #[test]
    fn file_names_cannot_climb() {
        assert_eq!(file_name_byte(b'.', Some(b'.')), (b'_', true));
        assert_eq!(file_name_byte(b'.', Some(b'a')), (b'.', false));
        assert_eq!(file_name_byte(b'$', None), (b'_', false));
        assert_eq!(file_name_byte(b'/', None), (b'/', false));
    }
}
