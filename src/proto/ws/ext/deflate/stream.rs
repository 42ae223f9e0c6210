//! What compresses a message's bytes: the fastest level is ours, the others are zlib-rs'.
//!
//! With the system's zlib, that does all levels. Neither knows of frames and messages, only of input, flushes and room.
//! Used by `Deflater`, which makes one with the first message.

use super::fast::Fast;
use super::{Fault, Piece};
use flate2::{Compress, Compression, FlushCompress};

/// What is to come behind a call's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// More of the same frame: zlib may keep what it likes.
    Open,
    /// The end of a frame, not of the message: everything so far must come out.
    Frame,
    /// The end of the message.
    Message,
}

/// What compresses.
#[derive(Debug)]
pub(super) enum Stream {
    Fast(Fast),
    Zlib(Compress),
}

impl Stream {
    pub(super) fn new(level: Compression, window_bits: u8) -> Self {
        if level == Compression::fast() && cfg!(feature = "zlib-rs") {
            Self::Fast(Fast::new(window_bits))
        } else {
            Self::Zlib(Compress::new_with_window_bits(level, false, window_bits))
        }
    }

    pub(super) fn reset(&mut self) {
        match self {
            Self::Fast(fast) => fast.reset(),
            Self::Zlib(stream) => stream.reset(),
        }
    }

    /// One call: bytes taken and written, and whether all is out.
    pub(super) fn compress(
        &mut self,
        input: &[u8],
        end: End,
        room: &mut [u8],
    ) -> Result<Piece, Fault> {
        let flushes = end != End::Open;
        let stream = match self {
            Self::Fast(fast) => return Ok(fast.compress(input, flushes, room)),
            Self::Zlib(stream) => stream,
        };
        let flush = if flushes {
            FlushCompress::Sync
        } else {
            FlushCompress::None
        };
        let (in_before, out_before) = (stream.total_in(), stream.total_out());
        stream
            .compress(input, room, flush)
            .map_err(|_| Fault::Corrupt)?;
        let taken =
            usize::try_from(stream.total_in().saturating_sub(in_before)).unwrap_or(input.len());
        let written =
            usize::try_from(stream.total_out().saturating_sub(out_before)).unwrap_or(room.len());
        Ok(Piece {
            taken,
            written,
            is_done: taken == input.len() && written < room.len(),
        })
    }
}
