//! Moving the bytes of a file: small ones are read and leave in one send with their head, large ones go by sendfile, and in
//! pieces where they are encrypted.
//!
//! What is to be sent is a list of segments: parts of the file, and texts between them (multipart/byteranges). A
//! connection goes on with it whenever its socket has room; at the end the program is told. Called by the http role.

use crate::conn::close;
use crate::conn::role::http::interpret::{self, Piece};
use crate::conn::role::http::source::{self, Got, Source};
use crate::conn::role::http::{Stage, body, request};
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::file_pump::{self, FilePump};
use crate::sys::sock::{self, Io};
use std::collections::VecDeque;
use std::ops::Range;
use std::os::fd::BorrowedFd;
use std::rc::Rc;

/// Files, and parts of them, up to this length are read and sent with their head; longer ones go from the file to the socket.
const SMALL: u64 = SMALL_LEN as u64;
const SMALL_LEN: usize = 32 * 1024;
/// Bytes that may move at once, and about as many in one pass, so that one client does not keep the others waiting.
const STRIDE: usize = file_pump::CAPACITY;
/// What is longer goes out corked: packets are full then, and fewer. The kernel would send what lies there whenever the client
/// acknowledges something, since TCP_NODELAY is set.
const CORKED: u64 = 64 * 1024;
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

    /// The file begins at `by` in another one.
    pub fn shift(&mut self, by: u64) {
        if let Self::Bytes { range, .. } = self {
            *range = range.start.saturating_add(by)..range.end.saturating_add(by);
        }
    }
}

/// The segments of a file that is sent whole.
pub fn whole(len: u64) -> VecDeque<Segment> {
    let all = (len > 0).then(|| Segment::part(0..len));
    all.into_iter().collect()
}

/// A file on its way.
pub struct Sending {
    pub(super) source: Source,
    segments: VecDeque<Segment>,
    /// The protocol that rewrites it.
    interpreter: Option<u16>,
    /// Its socket sends full packets only.
    is_corked: bool,
    /// The socket has taken all so far: no reason to think that it will not.
    is_flowing: bool,
}

impl Sending {
    /// Sends these segments of a file.
    pub fn new(source: Source, segments: VecDeque<Segment>, interpreter: Option<u16>) -> Self {
        Self {
            source,
            segments,
            interpreter,
            is_corked: false,
            is_flowing: true,
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
    /// There is more, but others come first.
    Later,
    Finished,
    Broken,
    /// The program has closed the connection, or found something else for it.
    Gone,
}

/// The connection is through with the file that it sends, if it does: the program closes its own.
pub fn let_go(thread: &ServiceThread, wsi: &Wsi) {
    let lent = wsi.with_http(|h| match &h.stage {
        Stage::File(_) => match std::mem::replace(&mut h.stage, Stage::Answer) {
            Stage::File(sending) => sending.source.lent(),
            _ => None,
        },
        _ => None,
    });
    if let Some(lent) = lent.flatten() {
        lent.close(thread, wsi);
    }
}

/// Sends more of the file, as much as the socket takes and this pass may; at the end the program is told. True when the
/// rest is for the next pass, whatever the socket takes.
pub fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let sent = wsi.with_http(|h| h.sent).unwrap_or(0);
    let enough = sent.saturating_add(STRIDE as u64);
    loop {
        match step(thread, wsi) {
            Step::More if wsi.writable.get() && !has_had_its_turn(wsi, enough) => {
                body::restart_timeout(thread, wsi);
            }
            Step::More | Step::Later if wsi.writable.get() => {
                body::restart_timeout(thread, wsi);
                wsi.wants_writable.set(true);
                return true;
            }
            Step::More | Step::Blocked | Step::Later => {
                wsi.wants_writable.set(true);
                return false;
            }
            Step::Finished => {
                cork(wsi, false);
                let_go(thread, wsi);
                if wsi.is_open() {
                    request::file_completed(thread, wsi);
                }
                return false;
            }
            Step::Gone => return false,
            Step::Broken => {
                close::close(thread, wsi, CloseCause::Lost);
                return false;
            }
        }
    }
}

/// It has sent so much in all, and something is left: others come first, however quick its client is.
fn has_had_its_turn(wsi: &Wsi, enough: u64) -> bool {
    let had = wsi.with_http(|h| match &h.stage {
        Stage::File(s) => h.sent >= enough && !s.segments.is_empty(),
        _ => false,
    });
    had == Some(true)
}

fn step(thread: &ServiceThread, wsi: &Wsi) -> Step {
    let Some(Position {
        next,
        interpreter,
        is_own,
    }) = position(wsi)
    else {
        return Step::Broken;
    };
    if let (Some(protocol), false) = (interpreter, matches!(next, Next::Busy)) {
        return interpreted(thread, wsi, protocol, &next);
    }
    let (offset, left, by_read) = match next {
        Next::Busy => return Step::Blocked,
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
    if by_read || !is_own {
        return read_and_send(thread, wsi, offset, left, SMALL_LEN);
    }
    if left > CORKED {
        cork(wsi, true);
    }
    tx::flush_before_file(thread, wsi);
    if wsi.has_pending_tx() {
        return Step::Blocked;
    }
    match move_stride(thread, wsi, offset, left) {
        // The file has become shorter than its announced length: only closing tells the client.
        Some(Io::Moved(0) | Io::Failed(_)) | None => Step::Broken,
        Some(Io::Moved(_)) => Step::More,
        Some(Io::WouldBlock) => {
            wsi.writable.set(false);
            Step::Blocked
        }
    }
}

/// Moves up to a stride of the file to the socket.
fn move_stride(thread: &ServiceThread, wsi: &Wsi, mut offset: u64, left: u64) -> Option<Io> {
    let count = usize::try_from(left).unwrap_or(usize::MAX).min(STRIDE);
    wsi.with_http(|h| {
        let Stage::File(s) = &mut h.stage else {
            return None;
        };
        let file = s.source.real()?.fd();
        let flows = s.is_flowing;
        let io = wsi.with_fd(|socket| {
            let at = &mut offset;
            if flows && let Some(io) = pump_stride(thread, socket, file, at, count) {
                return io;
            }
            sock::send_file(socket, file, at, count)
        });
        s.is_flowing &= io == Some(Io::Moved(count));
        if let Some(Io::Moved(n)) = io {
            h.sent = h.sent.saturating_add(n as u64);
            s.advance(n as u64);
        }
        io
    })
    .flatten()
}

/// The quick way, where it is one.
fn pump_stride(
    thread: &ServiceThread,
    socket: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    offset: &mut u64,
    count: usize,
) -> Option<Io> {
    if !FilePump::suits(socket, count) {
        return None;
    }
    let pump = thread.file_pump.with(file_pump::Place::take)?;
    let (io, empty) = pump.send(socket, file, offset, count);
    thread.file_pump.with(|place| place.put(empty));
    Some(io)
}

/// Begins or ends that its socket sends full packets only.
fn cork(wsi: &Wsi, corked: bool) {
    let changes = wsi.with_http(|h| match &mut h.stage {
        Stage::File(s) => std::mem::replace(&mut s.is_corked, corked) != corked,
        _ => false,
    });
    if changes == Some(true) {
        wsi.with_fd(|fd| sock::set_corked(fd, corked));
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
        Next::Text(_) | Next::End | Next::Busy => (0, 0),
    };
    if wsi.has_pending_tx() {
        return Step::Blocked;
    }
    match interpret::send_piece(thread, wsi, protocol, offset, left) {
        Piece::Sent => Step::More,
        Piece::Last => Step::Finished,
        Piece::Failed => Step::Broken,
        Piece::Gone => Step::Gone,
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
    /// The program is reading right now; this is a pass inside of its function.
    Busy,
}

struct Position {
    next: Next,
    /// Who rewrites it.
    interpreter: Option<u16>,
    /// The library's own file: sendfile takes it.
    is_own: bool,
}

/// What comes next.
fn position(wsi: &Wsi) -> Option<Position> {
    wsi.with_http(|h| match &mut h.stage {
        Stage::File(s) => {
            let next = match s.segments.front_mut() {
                _ if s.source.lent().is_some_and(|lent| lent.is_busy()) => Next::Busy,
                None => Next::End,
                Some(Segment::Text(text)) => Next::Text(text.clone()),
                Some(Segment::Bytes { range, by_read }) => Next::Bytes {
                    offset: range.start,
                    left: range.end.saturating_sub(range.start),
                    by_read: *by_read,
                },
            };
            Some(Position {
                next,
                interpreter: s.interpreter,
                is_own: s.source.real().is_some(),
            })
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
    let step = match source::read(thread, wsi, room, offset) {
        Got::Bytes(n @ 1..) => {
            wsi.with_http(|h| {
                h.count_sent(n);
                if let Stage::File(s) = &mut h.stage {
                    s.advance(n as u64);
                }
            });
            match tx::send(thread, wsi, b"", buffer.get(..n).unwrap_or(&[])) {
                Ok(()) => Step::More,
                Err(Dead) => Step::Broken,
            }
        }
        // It has become shorter than its announced length: only closing tells the client.
        Got::Bytes(_) | Got::Failed => Step::Broken,
        Got::NotYet => Step::Later,
        Got::Gone => Step::Gone,
    };
    thread.file_piece.replace(buffer);
    step
}
