//! Payload that is inflated before the program gets it.
//!
//! zlib keeps a copy of what it gave, at the end of every call, and works fastest where there is room. So a compressed
//! message is inflated into a big buffer, and delivered from there in the pieces the program is to get. The buffer is the
//! service thread's; a connection has it only while `receive` works on it or is held up in the middle of a frame.

use crate::conn::role::ws::pmd::Pmd;
use crate::conn::thread::RX_PRE;
use crate::proto::ws::ext::deflate::Fault;

/// Bytes that are inflated ahead: twice what a message may refer back to. A power of two, so that pieces are whole.
pub const ROOM: usize = 64 * 1024;

/// What comes behind the inflated bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// More, perhaps.
    More,
    /// Nothing of this payload.
    End,
    /// What fails the connection.
    Fault(Fault),
}

/// The buffer and what of it is to be delivered.
#[derive(Debug)]
pub struct Ahead {
    room: Box<[u8]>,
    at: usize,
    end: usize,
    behind: Behind,
}

/// The next piece.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    /// Where it begins in the buffer.
    pub start: usize,
    /// Its length.
    pub len: usize,
    /// No more of this payload follows.
    pub is_done: bool,
}

impl Default for Ahead {
    /// An empty one. One byte behind the last is lent to callbacks, and [`RX_PRE`] before the first.
    fn default() -> Self {
        Self {
            room: vec![0; RX_PRE + ROOM + 1].into_boxed_slice(),
            at: RX_PRE,
            end: RX_PRE,
            behind: Behind::More,
        }
    }
}

impl Ahead {
    /// Forgets what is in it.
    pub fn clear(&mut self) {
        (self.at, self.end, self.behind) = (RX_PRE, RX_PRE, Behind::More);
    }

    /// The buffer, for a callback.
    pub fn buffer(&mut self) -> &mut [u8] {
        &mut self.room
    }

    /// The bytes of a piece.
    pub fn bytes(&self, piece: Next) -> &[u8] {
        let bytes = self.room.get(piece.start..piece.start + piece.len);
        bytes.unwrap_or_default()
    }

    /// Takes the next piece, of `len` bytes unless the payload ends before; inflates if there is less. `given` counts the
    /// bytes that the inflater took of `payload`.
    pub fn next(
        &mut self,
        pmd: &mut Pmd,
        len: usize,
        (payload, given): (&[u8], &mut usize),
        is_last: bool,
    ) -> Result<Next, Fault> {
        if self.end - self.at < len && self.behind == Behind::More {
            self.fill(pmd, (payload, given), is_last);
        }
        let left = self.end - self.at;
        if left < len
            && let Behind::Fault(fault) = self.behind
        {
            return Err(fault);
        }
        let piece = Next {
            start: self.at,
            len: len.min(left),
            is_done: left <= len && self.behind == Behind::End,
        };
        self.at += piece.len;
        Ok(piece)
    }

    fn fill(&mut self, pmd: &mut Pmd, (payload, given): (&[u8], &mut usize), is_last: bool) {
        let left = self.end - self.at;
        self.room.copy_within(self.at..self.end, RX_PRE);
        (self.at, self.end) = (RX_PRE, RX_PRE + left);
        let room = self.room.get_mut(self.end..RX_PRE + ROOM);
        let written = match pmd.inflate(payload, is_last, room.unwrap_or_default()) {
            Ok(piece) => {
                *given += piece.taken;
                if piece.is_done {
                    self.behind = Behind::End;
                }
                piece.written
            }
            Err((fault, salvaged)) => {
                self.behind = Behind::Fault(fault);
                salvaged
            }
        };
        self.end += written;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::ws::ext::deflate::{Deflater, End};
    use crate::proto::ws::ext::negotiate::{Direction, Policy, answer_offers};
    use crate::proto::ws::frame::Side;

    const KEEPS: Direction = Direction {
        window_bits: 15,
        no_context_takeover: false,
    };

    fn pmd() -> Pmd {
        let agreed = answer_offers(b"permessage-deflate", &Policy::default());
        Pmd::new(&agreed.unwrap(), Side::Server)
    }

    fn text(len: usize) -> Vec<u8> {
        let words = (0u32..).flat_map(|n| n.wrapping_mul(n).to_string().into_bytes());
        words.take(len).collect()
    }

    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 2 * text.len() + 100];
        let piece = Deflater::new(KEEPS, 6)
            .unwrap()
            .deflate(text, End::Message, &mut out);
        out.truncate(piece.unwrap().written);
        out
    }

    /// The pieces of a message that is a frame, until its end or a fault.
    fn pieces(payload: &[u8], len: usize) -> (Vec<Vec<u8>>, Option<Fault>) {
        let (mut pmd, mut ahead, mut given) = (pmd(), Ahead::default(), 0);
        let mut got = Vec::new();
        loop {
            let rest = &payload[given..];
            match ahead.next(&mut pmd, len, (rest, &mut given), true) {
                Err(fault) => return (got, Some(fault)),
                Ok(piece) => {
                    got.push(ahead.bytes(piece).to_vec());
                    // A callback may change what it gets, and what is before it.
                    ahead.buffer()[..piece.start + piece.len].fill(b'!');
                    if piece.is_done {
                        assert_eq!(given, payload.len());
                        return (got, None);
                    }
                }
            }
        }
    }

    #[test]
    fn next_when_a_message_is_longer_than_the_room_cuts_it_like_any() {
        for size in [0, 1, 1023, 1024, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM + 5] {
            let text = text(size);
            let payload = compressed(&text);
            for len in [64, 1024, 32768] {
                let (got, fault) = pieces(&payload, len);
                let want: Vec<_> = text.chunks(len).collect();
                assert_eq!(fault, None);
                assert!(size == 0 || got == want, "{size} {len}");
            }
        }
    }

    #[test]
    fn next_when_payload_turns_bad_gives_the_full_pieces_before() {
        let text = text(100_000);
        // A stored block whose length is wrong.
        let payload = [&compressed(&text)[..], &[6, 0xff, 0xff, 0xff]].concat();
        let (got, fault) = pieces(&payload, 1024);
        assert_eq!(fault, Some(Fault::Corrupt));
        assert!(got.concat() == text[..text.len() / 1024 * 1024]);
    }

    #[test]
    fn next_when_pieces_become_longer_puts_what_is_left_in_front() {
        let text = text(ROOM + 40_000);
        let payload = compressed(&text);
        let (mut pmd, mut ahead, mut given) = (pmd(), Ahead::default(), 0);
        let mut got = Vec::new();
        for len in [64, 32768, 32768, 32768, 32768] {
            let rest = &payload[given..];
            let piece = ahead.next(&mut pmd, len, (rest, &mut given), true);
            got.extend_from_slice(ahead.bytes(piece.unwrap()));
        }
        assert!(got == text);
    }
}
