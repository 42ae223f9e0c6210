//! permessage-deflate (RFC 7692): messages to compressed payload and back, in pieces of the caller's size.
//!
//! `Deflater` and `Inflater` are one direction each. Input may come cut anywhere and output goes into the buffer at
//! hand, however small: call again until the piece says it is done. Streams are made with the first message
//! and can be given back between messages (`release`), where the agreed parameters allow it. What a message may
//! inflate to is limited by size and by ratio; limits are arguments.
//!
//! zlib-rs inflates, and compresses but for level 1, which is `fast`. With the system's zlib, that does all.
//!
//! Whether a message is compressed at all, and its UTF-8, are the ws role's.

use super::negotiate::{Direction, MAX_BITS, MIN_OWN_BITS};
use crate::proto::ws::close;
use flate2::{Compression, Decompress, FlushDecompress, Status};
pub use stream::End;
use stream::Stream;

mod fast;
mod stream;

/// What every flushed message ends with, and its sender leaves out.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// The smallest output buffer `Deflater::deflate` works with.
pub const MIN_ROOM: usize = TAIL.len() + fast::ROOM;

/// What a message may inflate to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of one message.
    pub max_message: u64,
    /// The most bytes of output for a byte of input ...
    pub max_ratio: u32,
    /// ... counted from this many bytes of output on.
    pub free: u64,
}

/// Why the connection must be failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The payload is not deflate data.
    Corrupt,
    /// The message grows beyond `Limits::max_message`.
    TooBig,
    /// The message grows beyond `Limits::max_ratio`.
    Bomb,
    /// The output buffer is empty, or shorter than `MIN_ROOM` where that matters: the caller's mistake.
    NoRoom,
}

impl Fault {
    /// The close code and reason to fail the connection with.
    #[must_use]
    pub const fn close(self) -> (u16, &'static str) {
        match self {
            Self::Corrupt => (close::BAD_CONTENT, "bad deflate data"),
            Self::TooBig => (close::TOO_BIG, "message too big"),
            Self::Bomb => (close::TOO_BIG, "inflates too much"),
            Self::NoRoom => (close::INTERNAL, "no room"),
        }
    }
}

/// What one call did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the input it took.
    pub taken: usize,
    /// Bytes it wrote to the start of the output.
    pub written: usize,
    /// All input is taken and all output for it is written; else call again with the rest.
    pub is_done: bool,
}

/// An inflater's stream between two messages.
#[derive(Debug)]
pub struct SpareInflater {
    stream: Decompress,
    window_bits: u8,
}

/// A deflater's stream between two messages.
#[derive(Debug)]
pub struct SpareDeflater {
    stream: Stream,
    level: Compression,
    window_bits: u8,
}

/// The receiving direction.
#[derive(Debug)]
pub struct Inflater {
    stream: Option<Decompress>,
    window_bits: u8,
    forgets: bool,
    /// Bytes of `TAIL` still to be put behind the message.
    tail_left: u8,
    /// A byte of output found while looking whether there is more.
    ahead: Option<u8>,
    /// The data so far ends with a block that said it is the last.
    is_ended: bool,
    taken: u64,
    written: u64,
    /// Bytes that the call with the fault wrote before it.
    salvaged: usize,
}

impl Inflater {
    /// For what the peer sends as `agreed`.
    #[must_use]
    pub fn new(agreed: Direction) -> Self {
        Self {
            stream: None,
            window_bits: agreed.window_bits.clamp(MIN_OWN_BITS, MAX_BITS),
            forgets: agreed.no_context_takeover,
            tail_left: 4,
            ahead: None,
            is_ended: false,
            taken: 0,
            written: 0,
            salvaged: 0,
        }
    }

    /// Inflates some payload of a compressed message; `is_last`: it ends with the end of `input`. When the piece is
    /// done and that was the last, the next call begins the next message.
    ///
    /// # Errors
    /// The data is no good or too much; nothing more can be inflated on this connection. The start of `out` then has
    /// what came before that: `salvaged` bytes.
    pub fn inflate(
        &mut self,
        input: &[u8],
        is_last: bool,
        out: &mut [u8],
        limits: &Limits,
    ) -> Result<Piece, Fault> {
        let mut piece = Piece::default();
        self.salvaged = 0;
        let Some(first) = out.first_mut() else {
            return Err(Fault::NoRoom);
        };
        if let Some(byte) = self.ahead.take() {
            *first = byte;
            piece.written = 1;
        }
        loop {
            let mut lookahead = [0];
            let rest = out.get_mut(piece.written..).unwrap_or_default();
            let looks_ahead = rest.is_empty();
            let room = if looks_ahead { &mut lookahead } else { rest };
            let source = input.get(piece.taken..).unwrap_or_default();
            let room_len = room.len();
            let (taken, written, is_corrupt) = self.step(source, is_last, room);
            if let Some((fault, good)) = self.check(written, is_corrupt, limits) {
                let good = if looks_ahead { 0 } else { good };
                self.salvaged = piece.written.saturating_add(good);
                return Err(fault);
            }
            piece.taken = piece.taken.saturating_add(taken);
            if looks_ahead && written != 0 {
                self.ahead = Some(lookahead[0]);
                return Ok(piece);
            }
            piece.written = piece.written.saturating_add(written);
            let is_drained = written < room_len;
            if is_drained && piece.taken == input.len() && !(is_last && self.wants_tail()) {
                piece.is_done = true;
                if is_last {
                    self.end_message();
                }
                return Ok(piece);
            }
        }
    }

    /// Bytes that the call with the fault wrote before it.
    #[must_use]
    pub const fn salvaged(&self) -> usize {
        self.salvaged
    }

    /// Gives zlib's memory back, if nothing of it is needed for the next message.
    pub fn release(&mut self) {
        if self.forgets && self.taken == 0 && self.ahead.is_none() {
            self.stream = None;
        }
    }

    /// Whether a message is about to begin without a stream, which might as well be another's.
    #[must_use]
    pub const fn wants_spare(&self) -> bool {
        self.forgets && self.stream.is_none()
    }

    /// Uses a stream that another inflater gave. One with another window comes back.
    pub fn take_spare(&mut self, mut spare: SpareInflater) -> Option<SpareInflater> {
        if spare.window_bits != self.window_bits {
            return Some(spare);
        }
        spare.stream.reset(false);
        self.stream = Some(spare.stream);
        None
    }

    /// Gives the stream away, if nothing of it is needed for the next message.
    pub fn give_spare(&mut self) -> Option<SpareInflater> {
        let window_bits = self.window_bits;
        let is_idle = self.forgets && self.taken == 0 && self.ahead.is_none();
        let stream = if is_idle { self.stream.take() } else { None };
        stream.map(|stream| SpareInflater {
            stream,
            window_bits,
        })
    }

    /// Whether zlib's memory is held.
    #[must_use]
    pub const fn holds_memory(&self) -> bool {
        self.stream.is_some()
    }

    /// An empty payload and one that ended with a last block are complete without the tail.
    const fn wants_tail(&self) -> bool {
        self.tail_left != 0 && self.taken != 0 && !self.is_ended
    }

    /// One call of zlib, on the input or, behind the last of it, on the tail: bytes of the input it took, bytes
    /// it wrote, whether what comes next is no deflate data.
    fn step(&mut self, source: &[u8], is_last: bool, room: &mut [u8]) -> (usize, usize, bool) {
        let is_tail = source.is_empty() && is_last && self.wants_tail();
        let tail = TAIL
            .get(TAIL.len().saturating_sub(usize::from(self.tail_left))..)
            .unwrap_or_default();
        let source = if is_tail { tail } else { source };
        if source.is_empty() && self.stream.is_none() {
            return (0, 0, false);
        }
        let window_bits = self.window_bits;
        let stream = self
            .stream
            .get_or_insert_with(|| Decompress::new_with_window_bits(false, window_bits));
        let (in_before, out_before) = (stream.total_in(), stream.total_out());
        let status = stream.decompress(source, room, FlushDecompress::Sync);
        let taken =
            usize::try_from(stream.total_in().saturating_sub(in_before)).unwrap_or(source.len());
        let written =
            usize::try_from(stream.total_out().saturating_sub(out_before)).unwrap_or(room.len());
        let is_stuck = taken == 0 && written == 0 && !source.is_empty();
        let is_corrupt = match status {
            Ok(Status::StreamEnd) => {
                stream.reset(false);
                self.is_ended = true;
                false
            }
            Ok(_) => {
                self.is_ended &= taken == 0;
                is_stuck
            }
            Err(_) => true,
        };
        if is_tail {
            let taken = u8::try_from(taken).unwrap_or(u8::MAX);
            self.tail_left = self.tail_left.saturating_sub(taken);
            return (0, written, is_corrupt);
        }
        self.taken = self.taken.saturating_add(taken as u64);
        (taken, written, is_corrupt)
    }

    /// Counts what a step wrote. If that is too much, or no good behind it: why, and how many bytes of it are good.
    fn check(
        &mut self,
        written: usize,
        is_corrupt: bool,
        limits: &Limits,
    ) -> Option<(Fault, usize)> {
        let by_ratio = self.taken.saturating_mul(u64::from(limits.max_ratio));
        let most = limits.max_message.min(by_ratio.max(limits.free));
        let left = most.saturating_sub(self.written);
        self.written = self.written.saturating_add(written as u64);
        let fault = if self.written > limits.max_message {
            Fault::TooBig
        } else if self.written > most {
            Fault::Bomb
        } else if is_corrupt {
            Fault::Corrupt
        } else {
            return None;
        };
        Some((fault, usize::try_from(left).unwrap_or(written).min(written)))
    }

    fn end_message(&mut self) {
        self.tail_left = 4;
        self.is_ended = false;
        self.taken = 0;
        self.written = 0;
        if self.forgets
            && let Some(stream) = &mut self.stream
        {
            stream.reset(false);
        }
    }
}

/// The sending direction.
#[derive(Debug)]
pub struct Deflater {
    stream: Option<Stream>,
    level: Compression,
    window_bits: u8,
    forgets: bool,
    /// It was agreed.
    must_forget: bool,
    /// zlib was given data since it was last flushed.
    is_dirty: bool,
    /// The stream has a message behind it that must be forgotten.
    is_stale: bool,
    /// Output held back, as it may be the tail.
    held: [u8; 4],
    held_len: u8,
}

impl Deflater {
    /// For what we send as `agreed`, with zlib's `level` (0 to 9). `None` when zlib cannot run with the agreed
    /// window, of 8 bits: then all messages must be sent uncompressed.
    #[must_use]
    pub fn new(agreed: Direction, level: u8) -> Option<Self> {
        (MIN_OWN_BITS..=MAX_BITS)
            .contains(&agreed.window_bits)
            .then(|| Self {
                stream: None,
                level: Compression::new(u32::from(level.min(9))),
                window_bits: agreed.window_bits,
                forgets: agreed.no_context_takeover,
                must_forget: agreed.no_context_takeover,
                is_dirty: false,
                is_stale: false,
                held: [0; 4],
                held_len: 0,
            })
    }

    /// Compresses some of a message. A call that is not done must be followed by one with the rest of the input and
    /// the same `end`. After a done `End::Message` the next call begins the next message.
    ///
    /// # Errors
    /// `Fault::NoRoom` only: `out` is shorter than `MIN_ROOM`.
    pub fn deflate(&mut self, input: &[u8], end: End, out: &mut [u8]) -> Result<Piece, Fault> {
        if out.len() < MIN_ROOM {
            return Err(Fault::NoRoom);
        }
        if input.is_empty() && !self.is_dirty {
            return Ok(self.end_clean(end, out));
        }
        let held = usize::from(self.held_len);
        for (to, from) in out.iter_mut().zip(self.held).take(held) {
            *to = from;
        }
        let room = out.get_mut(held..).unwrap_or_default();
        let mut piece = self.step(input, end, room)?;
        piece.written = piece.written.saturating_add(held);
        if end == End::Message {
            self.hold_tail(&mut piece, out)?;
        }
        if piece.is_done && end != End::Open {
            self.is_dirty = false;
            self.is_stale |= end == End::Message && self.forgets;
        }
        Ok(piece)
    }

    /// Gives zlib's memory back if it is between messages. Always allowed: the next message merely begins without
    /// the memory of the last.
    pub fn release(&mut self) {
        if !self.is_dirty {
            self.stream = None;
            self.is_stale = false;
        }
    }

    /// Whether a message is about to begin without a stream, which might as well be another's.
    #[must_use]
    pub const fn wants_spare(&self) -> bool {
        self.forgets && self.stream.is_none()
    }

    /// Uses a stream that another deflater gave. One made otherwise comes back.
    pub fn take_spare(&mut self, spare: SpareDeflater) -> Option<SpareDeflater> {
        if spare.window_bits != self.window_bits || spare.level != self.level {
            return Some(spare);
        }
        self.stream = Some(spare.stream);
        self.is_stale = true;
        None
    }

    /// Gives the stream away, if messages are forgotten and none is begun.
    pub fn give_spare(&mut self) -> Option<SpareDeflater> {
        if !self.forgets || self.is_dirty {
            return None;
        }
        self.is_stale = false;
        let (level, window_bits) = (self.level, self.window_bits);
        self.stream.take().map(|stream| SpareDeflater {
            stream,
            level,
            window_bits,
        })
    }

    /// Compresses with another level, if no message is begun.
    pub fn set_level(&mut self, level: u8) {
        self.release();
        if self.stream.is_none() {
            self.level = Compression::new(u32::from(level.min(9)));
        }
    }

    /// Uses a smaller window than agreed, which is always allowed, if no message is begun.
    pub fn limit_window(&mut self, bits: u8) {
        self.release();
        if self.stream.is_none() {
            self.window_bits = bits.clamp(MIN_OWN_BITS, self.window_bits);
        }
    }

    /// Forgets each message though that was not agreed, which is always allowed; or goes back to what was.
    pub fn set_forgets(&mut self, forgets: bool) {
        self.forgets = self.must_forget || forgets;
    }

    /// Whether zlib's memory is held.
    #[must_use]
    pub const fn holds_memory(&self) -> bool {
        self.stream.is_some()
    }

    /// Nothing came since the last flush, so zlib would give nothing: a message's end is then an empty stored block
    /// without its tail. That makes an empty message, and ends one whose last frame is empty.
    fn end_clean(&mut self, end: End, out: &mut [u8]) -> Piece {
        let mut piece = Piece {
            is_done: true,
            ..Piece::default()
        };
        if end == End::Message
            && let Some(first) = out.first_mut()
        {
            *first = 0;
            piece.written = 1;
            self.is_stale |= self.forgets;
        }
        piece
    }

    fn step(&mut self, input: &[u8], end: End, room: &mut [u8]) -> Result<Piece, Fault> {
        let (level, window_bits) = (self.level, self.window_bits);
        let stream = self
            .stream
            .get_or_insert_with(|| Stream::new(level, window_bits));
        if std::mem::take(&mut self.is_stale) {
            stream.reset();
        }
        self.is_dirty = true;
        stream.compress(input, end, room)
    }

    /// Takes the last four bytes out of the piece: to be held back, or, at the end, to be dropped.
    fn hold_tail(&mut self, piece: &mut Piece, out: &[u8]) -> Result<(), Fault> {
        let output = out.get(..piece.written).unwrap_or_default();
        let start = output.len().saturating_sub(TAIL.len());
        let tail = output.get(start..).unwrap_or_default();
        piece.written = start;
        self.held_len = 0;
        if piece.is_done {
            return if tail == TAIL {
                Ok(())
            } else {
                Err(Fault::Corrupt)
            };
        }
        for (to, from) in self.held.iter_mut().zip(tail) {
            *to = *from;
            self.held_len = self.held_len.saturating_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
