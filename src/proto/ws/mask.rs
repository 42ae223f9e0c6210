//! Masking and unmasking of payload (RFC 6455 5.3): XOR with a repeated 4-byte key.
//!
//! One plain loop over 4-byte words with the key turned to the right phase: the compiler makes vector code of
//! it, so there are no intrinsics. Called by the frame decoder for what a client sent, and by the client's
//! transmit path, which masks the caller's payload in place.

/// XORs `data` with `key`, as if `data` began `offset` bytes into the frame's payload.
#[inline]
pub fn apply(key: [u8; 4], offset: usize, data: &mut [u8]) {
    let key = turned(key, offset);
    let word_key = u32::from_le_bytes(key);
    let (words, tail) = data.as_chunks_mut::<4>();
    for word in words {
        *word = (u32::from_le_bytes(*word) ^ word_key).to_le_bytes();
    }
    for (byte, key_byte) in tail.iter_mut().zip(key) {
        *byte ^= key_byte;
    }
}

/// The key as it applies `offset` bytes further on.
#[inline]
#[must_use]
pub const fn turned(key: [u8; 4], offset: usize) -> [u8; 4] {
    let bits = match offset & 3 {
        0 => 0,
        1 => 8,
        2 => 16,
        _ => 24,
    };
    u32::from_le_bytes(key).rotate_right(bits).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apply_when_any_offset_and_length_equals_the_definition() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for offset in 0..9usize {
            for len in 0..70usize {
                let plain: Vec<u8> = (0..len).map(|i| u8::try_from(i * 3).unwrap()).collect();
                let mut data = plain.clone();
                apply(key, offset, &mut data);
                let want: Vec<u8> = plain
                    .iter()
                    .enumerate()
                    .map(|(i, b)| b ^ key[(offset + i) % 4])
                    .collect();
                assert_eq!(data, want, "offset {offset} len {len}");
            }
        }
    }

    #[test]
    fn apply_when_data_is_unaligned_equals_the_definition() {
        let mut data = [0u8; 64];
        apply([1, 2, 3, 4], 0, &mut data[1..64]);
        assert_eq!(&data[..6], &[0, 1, 2, 3, 4, 1]);
        assert_eq!(data[63], 3);
    }
}
