//! The fastest level of deflate (RFC 1951): for a stream that is flushed at a message's end and never finished.
//!
//! One look into a table for each place: the latest place with the same four bytes, if that is near enough, is what is
//! referred to, or else a byte is sent as it is. Codes are the fixed ones. What zlib calls level 1 costs one and a half times
//! to four times as much for the same size, as it keeps chains and hashes for deeper levels; this takes 128 KiB, not 310.
//!
//! Everything is in a window of two halves of 32 KiB: input is copied behind what is there, and when the second half
//! is used up it becomes the first. Output goes into the caller's buffer at once; at most 7 bits are kept.

use super::Piece;

/// Half the window, and as far as deflate can refer back.
const HALF: usize = 1 << 15;
const WINDOW: usize = 2 * HALF;
/// Bytes behind the window, so that eight can be read at its end.
const SLACK: usize = 8;
const HASH_BITS: u32 = 15;
const MAX_MATCH: usize = 258;
/// While more input may come, a place is left alone that has fewer bytes than this from it on.
const LOOKAHEAD: usize = MAX_MATCH + 4;
/// A match so long is looked up by its second byte later as well.
const LONG: usize = 6;
/// Begins a block with fixed codes: not the last, kind 1.
const HEADER: u64 = 0b010;
/// Bits that begin a block, end one.
const HEADER_BITS: u32 = 3;
const END_BITS: u32 = 7;
/// The least room that a call gets on with.
pub(super) const ROOM: usize = 12;

/// Codes with their extra bits; the number of bits from bit 16 on. A literal, a length less 3, and a distance's kind.
static LITERALS: [u32; 256] = codes(false);
static LENGTHS: [u32; 256] = codes(true);
static DISTANCES: [u32; 32] = distances();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler only, where a mistake fails the build"
)]
const fn codes(are_lengths: bool) -> [u32; 256] {
    let mut table = [0; 256];
    let mut value: u32 = 0;
    while value < 256 {
        let (symbol, extra_bits) = match value {
            _ if !are_lengths => (value, 0),
            255 => (285, 0),
            0..8 => (257 + value, 0),
            _ => {
                let extra_bits = value.ilog2() - 2;
                (257 + (extra_bits << 2) + (value >> extra_bits), extra_bits)
            }
        };
        let (code, bits) = match symbol {
            0..144 => (0x30 + symbol, 8),
            144..256 => (0x190 + symbol - 144, 9),
            256..280 => (symbol - 256, 7),
            _ => (0xc0 + symbol - 280, 8),
        };
        let extra = value & ((1 << extra_bits) - 1);
        table[value as usize] =
            reversed(code, bits) | (extra << bits) | ((bits + extra_bits) << 16);
        value += 1;
    }
    table
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler only, where a mistake fails the build"
)]
const fn distances() -> [u32; 32] {
    let mut table = [0; 32];
    let mut kind: u32 = 0;
    while kind < 32 {
        table[kind as usize] = reversed(kind, 5);
        kind += 1;
    }
    table
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler only, where a mistake fails the build"
)]
const fn reversed(code: u32, bits: u32) -> u32 {
    code.reverse_bits() >> (32 - bits)
}

/// A compressor.
#[derive(Debug)]
pub(super) struct Fast {
    window: Box<[u8]>,
    /// The latest place of each hash of four bytes; 0: none.
    head: Box<[u16]>,
    /// The first byte in the window that is not compressed yet, and the end of what is there.
    at: usize,
    end: usize,
    /// The first byte that may be referred to.
    floor: usize,
    max_distance: usize,
    bits: Bits,
    is_block_open: bool,
}

/// Bits that are no whole byte yet.
#[derive(Debug, Clone, Copy, Default)]
struct Bits {
    bits: u64,
    count: u32,
}

impl Bits {
    /// Puts `count` bits behind those before, and whole bytes into `out`, which has eight bytes of room at `pos`.
    #[inline(always)]
    fn put(&mut self, bits: u64, count: u32, out: &mut [u8], pos: &mut usize) {
        self.add(bits, count);
        if let Some(to) = out.get_mut(*pos..).and_then(<[u8]>::first_chunk_mut) {
            *to = self.bits.to_le_bytes();
        }
        *pos = pos.wrapping_add((self.count >> 3) as usize);
        self.bits >>= self.count & 0x38;
        self.count &= 7;
    }

    #[inline(always)]
    fn add(&mut self, bits: u64, count: u32) {
        self.bits |= bits.wrapping_shl(self.count);
        self.count = self.count.wrapping_add(count);
    }
}

impl Fast {
    /// With a window of 9 to 15 bits.
    pub(super) fn new(window_bits: u8) -> Self {
        let window = 1_usize.wrapping_shl(u32::from(window_bits)).min(HALF);
        Self {
            window: vec![0; WINDOW + SLACK].into(),
            head: vec![0; 1 << HASH_BITS].into(),
            at: 1,
            end: 1,
            floor: 1,
            max_distance: window.saturating_sub(LOOKAHEAD),
            bits: Bits::default(),
            is_block_open: false,
        }
    }

    /// Forgets what was compressed so far; only after a flush.
    pub(super) const fn reset(&mut self) {
        self.floor = self.end;
    }

    /// Compresses `input`, if `flushes` to the last byte and with zlib's sync flush behind it. `out` has `ROOM` at least.
    pub(super) fn compress(&mut self, input: &[u8], flushes: bool, out: &mut [u8]) -> Piece {
        let mut step = Piece::default();
        loop {
            if self.lookahead() < LOOKAHEAD {
                let taken = self.fill(input.get(step.taken..).unwrap_or_default());
                step.taken = step.taken.saturating_add(taken);
            }
            let is_all = step.taken == input.len();
            let kept = if is_all && flushes { 0 } else { LOOKAHEAD - 1 };
            let stop = self.end.saturating_sub(kept);
            if self.at >= stop {
                step.is_done = is_all && (!flushes || self.flush(out, &mut step.written));
                return step;
            }
            if !std::mem::replace(&mut self.is_block_open, true) {
                self.bits.add(HEADER, HEADER_BITS);
            }
            self.encode(stop, out, &mut step.written);
            if self.at < stop {
                return step;
            }
        }
    }

    const fn lookahead(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    /// Takes as much of the input as there is room for.
    fn fill(&mut self, input: &[u8]) -> usize {
        if self.at >= HALF.saturating_add(self.max_distance) {
            self.slide();
        }
        let len = input.len().min(WINDOW.saturating_sub(self.end));
        let end = self.end.saturating_add(len);
        let (Some(room), Some(input)) = (self.window.get_mut(self.end..end), input.get(..len))
        else {
            return 0;
        };
        room.copy_from_slice(input);
        self.end = end;
        len
    }

    /// Makes the second half the first. Places in the first are nowhere then, as is its first byte.
    fn slide(&mut self) {
        self.window.copy_within(HALF..WINDOW, 0);
        for place in &mut self.head {
            *place = place.saturating_sub(1 << 15);
        }
        self.at = self.at.saturating_sub(HALF);
        self.end = self.end.saturating_sub(HALF);
        self.floor = self.floor.saturating_sub(HALF).max(1);
    }

    /// Compresses the window up to `stop`, or until less than eight bytes are left in `out`.
    fn encode(&mut self, stop: usize, out: &mut [u8], written: &mut usize) {
        let (end, floor, max_distance) = (self.end, self.floor, self.max_distance);
        let (mut at, mut bits, mut pos) = (self.at, self.bits, *written);
        let room = out.len().saturating_sub(8);
        let window = self.window.first_chunk::<{ WINDOW + SLACK }>();
        let head = self.head.first_chunk_mut::<{ 1 << HASH_BITS }>();
        let (Some(window), Some(head)) = (window, head) else {
            return;
        };
        while at < stop && pos < room {
            let value = four(window, at);
            let before = usize::from(note(head, value, at));
            let left = end.wrapping_sub(at);
            let is_near = || {
                let lowest = at.saturating_sub(max_distance).max(floor);
                before.wrapping_sub(lowest) < at.wrapping_sub(lowest)
            };
            // The likeliest to fail first: whether a place is near is a matter of chance where nothing matches.
            let (code, count);
            if four(window, before) == value && left >= 4 && is_near() {
                let len = match_len(window, before, at, left);
                // Without a branch: the place of a short one is noted once more.
                let second = at.wrapping_add(usize::from(len >= LONG));
                note(head, four(window, second), second);
                (code, count) = reference(len, at.wrapping_sub(before));
                at = at.wrapping_add(len);
            } else {
                let literal = LITERALS.get((value & 0xff) as usize).copied();
                let literal = literal.unwrap_or(0);
                (code, count) = (u64::from(literal & 0xffff), literal >> 16);
                at = at.wrapping_add(1);
            }
            bits.put(code, count, out, &mut pos);
        }
        (self.at, self.bits, *written) = (at, bits, pos);
    }

    /// Ends the block and puts an empty stored one behind it, so that all is in whole bytes. False without room for that.
    fn flush(&mut self, out: &mut [u8], written: &mut usize) -> bool {
        let Some(to) = out.get_mut(*written..).and_then(<[u8]>::first_chunk_mut) else {
            return false;
        };
        let end = if self.is_block_open { END_BITS } else { 0 };
        let bytes = (self.bits.count.wrapping_add(end).wrapping_add(HEADER_BITS)).div_ceil(8);
        let empty = 0xffff_0000_u64.wrapping_shl(bytes.wrapping_mul(8));
        *to = (self.bits.bits | empty).to_le_bytes();
        *written = written.saturating_add(bytes as usize).saturating_add(4);
        self.bits = Bits::default();
        self.is_block_open = false;
        true
    }
}

/// The table's place for these four bytes, which becomes `at`.
#[inline(always)]
fn note(head: &mut [u16; 1 << HASH_BITS], four: u32, at: usize) -> u16 {
    let hash = four.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS);
    let at = u16::try_from(at & 0xffff).unwrap_or(0);
    head.get_mut(hash as usize)
        .map_or(0, |place| std::mem::replace(place, at))
}

/// How many bytes from `at` on, of `left`, are those from `before` on; the first four are.
#[inline(always)]
fn match_len(window: &[u8], before: usize, at: usize, left: usize) -> usize {
    let most = left.min(MAX_MATCH);
    let mut len: usize = 4;
    while len < most {
        let differ = eight(window, before.wrapping_add(len)) ^ eight(window, at.wrapping_add(len));
        if differ != 0 {
            return most.min(len.wrapping_add((differ.trailing_zeros() >> 3) as usize));
        }
        len = len.wrapping_add(8);
    }
    most
}

/// The codes of a length and a distance: bits, and how many.
#[inline(always)]
fn reference(len: usize, distance: usize) -> (u64, u32) {
    let length = LENGTHS.get(len.wrapping_sub(3) & 0xff).copied();
    let length = length.unwrap_or(0);
    let length_bits = length >> 16;
    let distance = u32::try_from(distance.wrapping_sub(1)).unwrap_or(0);
    let extra_bits = (distance | 2).ilog2().wrapping_sub(1);
    let kind = (extra_bits << 1).wrapping_add(distance >> extra_bits);
    let code = DISTANCES.get((kind & 31) as usize).copied().unwrap_or(0);
    let extra = distance & 1_u32.wrapping_shl(extra_bits).wrapping_sub(1);
    let bits = u64::from(code | (extra << 5)).wrapping_shl(length_bits);
    let count = length_bits.wrapping_add(5).wrapping_add(extra_bits);
    (bits | u64::from(length & 0xffff), count)
}

#[inline(always)]
fn four(window: &[u8], at: usize) -> u32 {
    let bytes = window.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[inline(always)]
fn eight(window: &[u8], at: usize) -> u64 {
    let bytes = window.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests;
