//! Received data on its way to RECEIVE: pieces of plain messages, and of compressed ones.
//!
//! A frame that inflates to much is not delivered in one go: when the program asks for WRITEABLE or stops the flow between
//! two pieces, the rest of its payload stays at the head of the input ([`Held`]), what is inflated of it already in the
//! connection's `ahead`, and the read goes on there later.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::Input;
use crate::conn::role::ws::ahead::{Ahead, Next};
use crate::conn::role::ws::pmd::{self, Pmd, Spares};
use crate::conn::role::ws::{by_side, control};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, RxFacts, Wsi};
use crate::proto::ws::close::BAD_CONTENT;
use crate::proto::ws::ext::deflate::Fault;
use crate::proto::ws::frame::{BINARY, Chunk};
use std::rc::Rc;

/// Pieces of a compressed frame that come in a row before a WRITEABLE that was asked for.
///
/// quirk: the reference gives the second with the first, the others one a pass.
const PIECES_AT_FIRST: usize = 2;

/// Payload of a compressed frame that is not delivered yet.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Bytes of it at the head of the input: one at least, so that there is input to come back for.
    left: usize,
    /// How many of them the inflater has.
    given: usize,
    /// The message ends with them.
    is_last: bool,
    opcode: u8,
    rsv: u8,
}

/// RECEIVE, in pieces no larger than the protocol's rx_buffer_size.
pub fn deliver(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    at: usize,
    chunk: &Chunk,
) {
    let limit = rx::piece_len(thread, wsi);
    let mut start = at + chunk.payload.start;
    let end = at + chunk.payload.end;
    let mut first = chunk.first;
    loop {
        let len = limit.min(end - start);
        let left = (end - start - len) as u64;
        let remaining = chunk.remaining + left;
        wsi.rx_facts.set(RxFacts {
            first,
            last: chunk.fin && remaining == 0,
            binary: chunk.opcode == BINARY,
            rsv: chunk.rsv,
            remaining,
        });
        let payload = Payload::Bytes {
            buffer: input.buffer,
            start,
            len,
        };
        let reason = by_side(wsi, Reason::RECEIVE, Reason::CLIENT_RECEIVE);
        if call(thread, wsi, reason, payload) != 0 {
            close::close(thread, wsi, CloseCause::Asked);
        }
        start += len;
        first = false;
        if start >= end || !wsi.is_open() {
            return;
        }
    }
}

/// Inflates and delivers a piece of a compressed message. Returns how many bytes at its end were not consumed.
pub fn deliver_compressed(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    at: usize,
    chunk: &Chunk,
) -> usize {
    if chunk.first {
        wsi.with_ws(|ws| {
            if let Some(pmd) = ws.pmd() {
                pmd.begin_message();
                thread.ws_rooms.spares.with(|s| pmd.borrow_inflater(s));
            }
        });
    }
    let held = Held {
        left: chunk.payload.len(),
        given: 0,
        is_last: chunk.is_final(),
        opcode: chunk.opcode,
        rsv: chunk.rsv,
    };
    let start = at + chunk.payload.start;
    inflate(thread, wsi, input, start, held, PIECES_AT_FIRST)
}

/// Goes on with what was held. Returns the bytes consumed; `None` when nothing was held.
pub fn resume(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> Option<usize> {
    let held = wsi.with_ws(|ws| ws.held.take()).flatten()?;
    let unused = inflate(thread, wsi, input, input.start, held, 1);
    Some(held.left - unused)
}

fn inflate(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &Input<'_>,
    start: usize,
    mut held: Held,
    pieces: usize,
) -> usize {
    let limit = rx::piece_len(thread, wsi);
    let kept = wsi.with_ws(|ws| ws.pmd().map(|p| (p.piece_len(limit), p.ahead.take())));
    let (len, kept) = kept.flatten().unwrap_or((1, None));
    let spares = &thread.ws_rooms.spares;
    let mut ahead = kept.unwrap_or_else(|| spares.with(Spares::take_ahead));
    let payload = input.buffer.get(start..start + held.left);
    let payload = payload.unwrap_or_default();
    if tell_all(thread, wsi, payload, &mut held, pieces, (&mut ahead, len)) {
        spares.with(|s| s.give_ahead(ahead));
        return 0;
    }
    hold(wsi, held, ahead)
}

/// Delivers pieces of `len` bytes. False when it is held up in the middle.
fn tell_all(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    payload: &[u8],
    held: &mut Held,
    mut pieces: usize,
    (ahead, len): (&mut Ahead, usize),
) -> bool {
    loop {
        let step = wsi.with_ws(|ws| {
            let checks = ws.check_utf8 && pmd::is_text(held.opcode);
            let step = next(thread, ws.pmd()?, payload, held, (ahead, len), checks);
            Some(step)
        });
        let (piece, first) = match step.flatten() {
            None => return true,
            Some(Err((code, reason))) => {
                control::fail(thread, wsi, code, reason);
                return true;
            }
            Some(Ok(next)) => next,
        };
        let is_end = piece.is_done && held.is_last;
        if piece.len != 0 || is_end {
            tell(thread, wsi, ahead, piece, first, is_end, held);
            pieces = pieces.saturating_sub(1);
        }
        if piece.is_done || !wsi.is_open() {
            return true;
        }
        let pauses = pieces == 0 && wsi.wants_writable.get() || !wsi.takes_rx();
        if pauses && held.left != 0 {
            return false;
        }
    }
}

/// The next piece, and whether it begins the message; or what fails the connection.
fn next(
    thread: &ServiceThread,
    pmd: &mut Pmd,
    payload: &[u8],
    held: &mut Held,
    (ahead, len): (&mut Ahead, usize),
    checks: bool,
) -> Result<(Next, bool), (u16, &'static str)> {
    let rest = payload.get(held.given..).unwrap_or_default();
    let piece = ahead
        .next(pmd, len, (rest, &mut held.given), held.is_last)
        .map_err(Fault::close)?;
    let is_end = piece.is_done && held.is_last;
    if checks && !pmd.is_utf8(ahead.bytes(piece), is_end) {
        return Err((BAD_CONTENT, pmd::BAD_UTF8));
    }
    if is_end {
        thread.ws_rooms.spares.with(|s| pmd.return_inflater(s));
    }
    let first = pmd.is_first;
    pmd.is_first &= piece.len == 0;
    Ok((piece, first))
}

fn tell(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    ahead: &mut Ahead,
    piece: Next,
    first: bool,
    last: bool,
    held: &Held,
) {
    wsi.rx_facts.set(RxFacts {
        first,
        last,
        binary: held.opcode == BINARY,
        rsv: held.rsv,
        remaining: 0,
    });
    let payload = Payload::Bytes {
        buffer: ahead.buffer(),
        start: piece.start,
        len: piece.len,
    };
    let reason = by_side(wsi, Reason::RECEIVE, Reason::CLIENT_RECEIVE);
    if call(thread, wsi, reason, payload) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// Keeps the rest for [`resume`]. Returns its length.
fn hold(wsi: &Wsi, mut held: Held, ahead: Ahead) -> usize {
    let rest = held.left - held.given;
    // A byte that the inflater has already stays: there must be input for the read to come back.
    held.given = usize::from(rest == 0);
    held.left = rest.max(1);
    wsi.with_ws(|ws| {
        ws.held = Some(held);
        if let Some(pmd) = ws.pmd() {
            pmd.ahead = Some(ahead);
        }
    });
    held.left
}
