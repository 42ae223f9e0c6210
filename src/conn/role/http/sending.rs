//! Moving the bytes of a file: small ones are read and leave in one send with their head, large ones go by sendfile, and in
//! pieces where they are encrypted.
//!
//! What is to be sent is a list of segments: parts of the file, and texts between them (multipart/byteranges). A
//! connection goes on with it whenever its socket has room; at the end the program is told. Called by the http role.

use crate::conn::close;
use crate::conn::role::http::interpret::{self, Piece};
use crate::conn::role::http::{Stage, body, request};
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::file::OpenFile;
use crate::sys::sock::{self, Io};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

/// Files, and parts of them, up to this length are read and sent with their head; longer ones go from the file to the socket.
const SMALL: u64 = SMALL_LEN as u64;
const SMALL_LEN: usize = 32 * 1024;
/// Bytes that one sendfile may move, so that one client does not keep the others waiting.
const STRIDE: usize = 1024 * 1024;
/// Bytes of a file that are encrypted in one go: what a client that does not read may make us hold.
const PIECE: usize = 128 * 1024;

/// A piece of what is to be sent.
pub enum Segment {
    /// These bytes.
    Text(Vec<u8>),
    /// This part of the file.
    Bytes {
        /// What is left of it; not empty.
        range: Range<u64>,
        /// It is short: not worth a sendfile.
        by_read: bool,
    },
}

impl Segment {
    /// Part of a file.
    pub fn part(range: Range<u64>) -> Self {
        let by_read = range.end.saturating_sub(range.start) <= SMALL;
        Self::Bytes { range, by_read }
    }
}

/// The segments of a file that is sent whole.
pub fn whole(len: u64) -> VecDeque<Segment> {
    let all = (len > 0).then(|| Segment::part(0..len));
    all.into_iter().collect()
}

/// A file on its way.
pub struct Sending {
    pub(super) file: OpenFile,
    segments: VecDeque<Segment>,
    /// The protocol that rewrites it.
    interpreter: Option<u16>,
}

impl Sending {
    /// Sends these segments of `file`.
    pub fn new(file: OpenFile, segments: VecDeque<Segment>, interpreter: Option<u16>) -> Self {
        Self {
            file,
            segments,
            interpreter,
        }
    }

    /// Bytes of the first segment are read.
    pub(super) fn advance(&mut self, by: u64) {
        if let Some(Segment::Bytes { range, .. }) = self.segments.front_mut() {
            range.start = range.start.saturating_add(by);
            if range.is_empty() {
                self.segments.pop_front();
            }
        }
    }
}

enum Step {
    More,
    Blocked,
    Finished,
    Broken,
}

/// Sends more of the file, as much as the socket takes; at the end the program is told.
pub fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    loop {
        match step(thread, wsi) {
            Step::More if wsi.writable.get() => body::restart_timeout(thread, wsi),
            Step::More | Step::Blocked => {
                wsi.wants_writable.set(true);
                return;
            }
            Step::Finished => {
                wsi.with_http(|h| h.stage = Stage::Answer);
                return request::file_completed(thread, wsi);
            }
            Step::Broken => return close::close(thread, wsi, CloseCause::Lost),
        }
    }
}

fn step(thread: &ServiceThread, wsi: &Wsi) -> Step {
    let Some((next, interpreter)) = position(wsi) else {
        return Step::Broken;
    };
    if let Some(protocol) = interpreter {
        return interpreted(thread, wsi, protocol, &next);
    }
    let (offset, left, by_read) = match next {
        Next::End => return Step::Finished,
        _ if wsi.has_pending_tx() => return Step::Blocked,
        Next::Text(text) => return send_text(thread, wsi, &text),
        Next::Bytes {
            offset,
            left,
            by_read,
        } => (offset, left, by_read),
    };
    if wsi.has_tls() {
        return read_and_send(thread, wsi, offset, left, PIECE);
    }
    if by_read {
        return read_and_send(thread, wsi, offset, left, SMALL_LEN);
    }
    tx::flush_before_file(thread, wsi);
    if wsi.has_pending_tx() {
        return Step::Blocked;
    }
    let moved = wsi.with_http(|h| match &mut h.stage {
        Stage::File(s) => {
            let mut at = offset;
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(STRIDE);
            let io = wsi.with_fd(|fd| sock::send_file(fd, s.file.fd(), &mut at, count));
            if let Some(Io::Moved(n)) = io {
                h.sent = h.sent.saturating_add(n as u64);
                s.advance(n as u64);
            }
            io
        }
        _ => None,
    });
    match moved.flatten() {
        // The file has become shorter than its announced length: only closing tells the client.
        Some(Io::Moved(0) | Io::Failed(_)) | None => Step::Broken,
        Some(Io::Moved(_)) => Step::More,
        Some(Io::WouldBlock) => {
            wsi.writable.set(false);
            Step::Blocked
        }
    }
}

/// What stands between the parts of a file.
fn send_text(thread: &ServiceThread, wsi: &Wsi, text: &[u8]) -> Step {
    wsi.with_http(|h| {
        h.count_sent(text.len());
        if let Stage::File(s) = &mut h.stage {
            s.segments.pop_front();
        }
    });
    match tx::send(thread, wsi, b"", text) {
        Ok(()) => Step::More,
        Err(Dead) => Step::Broken,
    }
}

fn interpreted(thread: &ServiceThread, wsi: &Wsi, protocol: u16, next: &Next) -> Step {
    let (offset, left) = match next {
        Next::Bytes { offset, left, .. } => (*offset, *left),
        Next::Text(_) | Next::End => (0, 0),
    };
    if wsi.has_pending_tx() {
        return Step::Blocked;
    }
    match interpret::send_piece(thread, wsi, protocol, offset, left) {
        Piece::Sent => Step::More,
        Piece::Last => Step::Finished,
        Piece::Failed => Step::Broken,
    }
}

/// What is to be sent next.
enum Next {
    Text(Vec<u8>),
    Bytes {
        offset: u64,
        left: u64,
        by_read: bool,
    },
    End,
}

/// What comes next, and who rewrites it.
fn position(wsi: &Wsi) -> Option<(Next, Option<u16>)> {
    wsi.with_http(|h| match &mut h.stage {
        Stage::File(s) => {
            let next = match s.segments.front_mut() {
                None => Next::End,
                Some(Segment::Text(text)) => Next::Text(std::mem::take(text)),
                Some(Segment::Bytes { range, by_read }) => Next::Bytes {
                    offset: range.start,
                    left: range.end.saturating_sub(range.start),
                    by_read: *by_read,
                },
            };
            Some((next, s.interpreter))
        }
        _ => None,
    })
    .flatten()
}

/// Reads up to `limit` bytes and sends them: a small file together with its head.
fn read_and_send(thread: &ServiceThread, wsi: &Wsi, offset: u64, left: u64, limit: usize) -> Step {
    let len = usize::try_from(left).unwrap_or(limit).min(limit);
    let mut buffer = thread.file_piece.take();
    if buffer.len() < len {
        buffer.resize(len, 0);
    }
    let room = buffer.get_mut(..len).unwrap_or_default();
    let read = wsi.with_http(|h| match &mut h.stage {
        Stage::File(s) => {
            let n = s.file.read_at(room, offset).ok()?;
            s.advance(n as u64);
            h.sent = h.sent.saturating_add(n as u64);
            Some(n)
        }
        _ => None,
    });
    let step = match read.flatten() {
        Some(n @ 1..) => match tx::send(thread, wsi, b"", buffer.get(..n).unwrap_or(&[])) {
            Ok(()) => Step::More,
            Err(Dead) => Step::Broken,
        },
        _ => Step::Broken,
    };
    thread.file_piece.replace(buffer);
    step
}
