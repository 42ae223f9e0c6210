//! Entity tags of files: size and modification time in hexadecimal.
//!
//! The reference sends them without the quotes that RFC 9110 asks for, and programs compare them as
//! text, so they stay like that; comparing is lenient, see `conditional`. Used by the file server.

/// Digits of the largest number.
const LONGEST: usize = 16;

/// The tag of a file of `size` bytes, last modified at `mtime` (Unix seconds).
pub fn of_file(size: u64, mtime: i64) -> String {
    let mut tag = String::with_capacity(2 * LONGEST);
    hex(size, &mut tag);
    hex(mtime.cast_unsigned(), &mut tag);
    tag
}

/// At least eight digits.
fn hex(mut number: u64, to: &mut String) {
    let mut digits = [b'0'; LONGEST];
    for digit in digits.iter_mut().rev() {
        let value = usize::try_from(number & 0xf).unwrap_or(0);
        *digit = b"0123456789ABCDEF".get(value).copied().unwrap_or(b'0');
        number >>= 4;
    }
    let first = digits.iter().position(|d| *d != b'0').unwrap_or(LONGEST);
    let shown = digits.get(first.min(LONGEST / 2)..).unwrap_or_default();
    to.push_str(str::from_utf8(shown).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_is_size_and_time_in_hex() {
        assert_eq!(of_file(0x26, 0x6B03_C879), "000000266B03C879");
        assert_eq!(of_file(0x1_0000_0000, 0), "10000000000000000");
        assert_eq!(of_file(0, -1), "00000000FFFFFFFFFFFFFFFF");
    }
}
