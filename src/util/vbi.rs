//! Variable-length integers, seven bits a byte, least significant first (lws: vbi).
//!
//! quirk: the writer marks every byte but the last with the top bit, as MQTT does; the reader ends at the first byte
//! that has the top bit. So the reader does not take the writer's numbers; both are as the reference has them.
//! Called by `capi::vbi`.

/// The largest number that is written: four bytes of seven bits.
pub const MAX: u64 = (1 << 28) - 1;

/// The bytes of a number and how many they are; none when it is too large.
#[must_use]
pub fn encode(value: u64) -> Option<([u8; 4], usize)> {
    if value > MAX {
        return None;
    }
    let mut out = [0; 4];
    let mut rest = value;
    for (n, byte) in out.iter_mut().enumerate() {
        *byte = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            return Some((out, n + 1));
        }
        *byte |= 0x80;
    }
    None
}

/// The number up to the first byte with the top bit, and the index of that byte; none when there is no such byte
/// among the first ten.
#[must_use]
pub fn decode(bytes: impl Iterator<Item = u8>) -> Option<(u64, usize)> {
    let mut value = 0;
    for (n, byte) in bytes.take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 != 0 {
            return Some((value, n));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_take_one_byte() {
        assert_eq!(encode(0), Some(([0; 4], 1)));
        assert_eq!(encode(0x7f), Some(([0x7f, 0, 0, 0], 1)));
    }

    #[test]
    fn largest_takes_four_and_one_more_is_refused() {
        assert_eq!(encode(MAX), Some(([0xff, 0xff, 0xff, 0x7f], 4)));
        assert_eq!(encode(MAX + 1), None);
    }

    #[test]
    fn decode_ends_at_the_top_bit() {
        assert_eq!(decode([0x05, 0x81].into_iter()), Some((0x85, 1)));
        assert_eq!(decode([0x05].into_iter()), None);
        assert_eq!(decode([0; 11].into_iter()), None);
    }
}
