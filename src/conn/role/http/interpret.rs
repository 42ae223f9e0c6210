//! Files that a protocol rewrites on their way out (mount option `interpret`).
//!
//! The file is read piece by piece, each piece goes through PROCESS_HTML of the protocol named for the file's suffix, and
//! what comes back is sent. The length is not known before, so the answer is chunked, or in HTTP/1.0 ends with the
//! connection. Usually the program has lws_chunked_html_process put the chunk's frame around the piece; a
//! piece that comes back without one gets it here. Called by [`super::sending`].

use crate::conn::dispatch::call_protocol;
use crate::conn::protocol::{PagePiece, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::http::Stage;
use crate::conn::role::http::source::{self, Got};
use crate::conn::thread::ServiceThread;
use crate::conn::tx;
use crate::conn::wsi::Wsi;
use crate::proto::http::response::Version;

/// How much less than the service buffer a piece may grow to: the room for a chunk's head, and for a frame's.
const HEADS: usize = 19;
/// How much a piece may grow.
const GROWTH: usize = 128;
/// Smallest service buffer that pieces are cut for.
const SMALLEST: usize = 512;
/// Free bytes before and behind a piece.
const MARGIN: usize = 32;

/// What became of a piece.
pub enum Piece {
    /// It is sent, and more follow.
    Sent,
    /// The page is through.
    Last,
    /// The program, the file or the connection has failed.
    Failed,
    /// The connection does not send this file any more.
    Gone,
}

/// Sends the next piece of the file, which begins at `offset` and has `left` more bytes.
pub fn send_piece(
    thread: &ServiceThread,
    wsi: &Wsi,
    protocol: u16,
    offset: u64,
    left: u64,
) -> Piece {
    let is_chunked = wsi.with_http(|h| h.version()) == Some(Version::Http11);
    let max_len = thread.context.config.service_buffer.max(SMALLEST) - HEADS;
    let wanted = usize::try_from(left)
        .unwrap_or(usize::MAX)
        .min(max_len - GROWTH);
    if wanted == 0 {
        // There is nothing for the program to see.
        let end: &[u8] = if is_chunked { b"0\r\n\r\n" } else { b"" };
        return after(tx::send(thread, wsi, b"", end), true);
    }
    let mut piece = PagePiece {
        room: vec![0; MARGIN + max_len + MARGIN],
        start: MARGIN,
        len: wanted,
        max_len,
        is_final: wanted as u64 == left,
        is_chunked,
    };
    match fill(thread, wsi, &mut piece, offset) {
        Filled::Whole => {}
        Filled::Short => return Piece::Failed,
        Filled::Gone => return Piece::Gone,
    }
    let is_last = piece.is_final;
    let result = call_protocol(
        thread,
        wsi,
        protocol,
        Reason::PROCESS_HTML,
        Payload::Page(&mut piece),
    );
    if result != 0 || !wsi.is_open() || !super::sends_file(wsi) {
        return Piece::Failed;
    }
    let end = piece.start.saturating_add(piece.len);
    let Some(bytes) = piece.room.get(piece.start..end) else {
        return Piece::Failed;
    };
    let sent = if is_chunked && piece.start == MARGIN {
        send_framed(thread, wsi, bytes, is_last)
    } else {
        tx::send(thread, wsi, b"", bytes)
    };
    after(sent, is_last)
}

fn after(sent: Result<(), tx::Dead>, is_last: bool) -> Piece {
    match (sent, is_last) {
        (Err(tx::Dead), _) => Piece::Failed,
        (Ok(()), true) => Piece::Last,
        (Ok(()), false) => Piece::Sent,
    }
}

/// What came of reading a piece.
enum Filled {
    Whole,
    /// The file has become shorter.
    Short,
    Gone,
}

/// Reads the piece, and counts it as read.
fn fill(thread: &ServiceThread, wsi: &Wsi, piece: &mut PagePiece, offset: u64) -> Filled {
    let end = piece.start + piece.len;
    let room = piece.room.get_mut(piece.start..end).unwrap_or_default();
    let mut done = 0;
    while let Some(rest) = room.get_mut(done..).filter(|r| !r.is_empty()) {
        match source::read(thread, wsi, rest, offset.saturating_add(done as u64)) {
            // It is read from one end to the other: nothing is ever skipped.
            Got::Bytes(0) | Got::Failed | Got::NotYet => return Filled::Short,
            Got::Bytes(n) => done += n,
            Got::Gone => return Filled::Gone,
        }
    }
    wsi.with_http(|h| {
        if let Stage::File(s) = &mut h.stage {
            s.advance(done as u64);
        }
    });
    Filled::Whole
}

/// A piece that the program has left without the frame of a chunk.
fn send_framed(
    thread: &ServiceThread,
    wsi: &Wsi,
    bytes: &[u8],
    is_last: bool,
) -> Result<(), tx::Dead> {
    if !bytes.is_empty() {
        let head = format!("{:X}\r\n", bytes.len());
        tx::send(thread, wsi, head.as_bytes(), bytes)?;
        tx::send(thread, wsi, b"", b"\r\n")?;
    }
    let end: &[u8] = if is_last { b"0\r\n\r\n" } else { b"" };
    tx::send(thread, wsi, b"", end)
}
