//! Received data on its way to RECEIVE: pieces of plain messages, and of compressed ones.
//!
//! A frame that inflates to much is not delivered in one go: when the program asks for WRITEABLE or stops the flow between
//! two pieces, the rest of its payload stays at the head of the input ([`Held`]) and the read goes on there later.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::Input;
use crate::conn::role::ws::{by_side, control, pmd};
use crate::conn::rx;
use crate::conn::thread::{RX_PRE, ServiceThread};
use crate::conn::wsi::{CloseCause, RxFacts, Wsi};
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
    input: &mut Input<'_>,
    start: usize,
    held: Held,
    pieces: usize,
) -> usize {
    let limit = rx::piece_len(thread, wsi);
    let len = wsi.with_ws(|ws| ws.pmd().map(|p| p.piece_len(limit)));
    let len = len.flatten().unwrap_or(1);
    let mut room = thread.ws_rooms.inflated.take();
    if room.len() < RX_PRE + len + 1 {
        room.resize(RX_PRE + len + 1, 0);
    }
    let unused = inflate_into(thread, wsi, input, start, held, pieces, (&mut room, len));
    thread.ws_rooms.inflated.replace(room);
    unused
}

/// `room` has [`RX_PRE`] bytes, then as many as its number says, then one.
fn inflate_into(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    start: usize,
    mut held: Held,
    mut pieces: usize,
    (room, len): (&mut [u8], usize),
) -> usize {
    loop {
        let payload = input
            .buffer
            .get(start + held.given..start + held.left)
            .unwrap_or_default();
        let out = room.get_mut(RX_PRE..RX_PRE + len).unwrap_or_default();
        let step = wsi.with_ws(|ws| {
            let text = ws.check_utf8 && pmd::is_text(held.opcode);
            let pmd = ws.pmd()?;
            let step = pmd.inflate(payload, held.is_last, out, text);
            let first = pmd.is_first;
            if let Ok(piece) = &step {
                pmd.is_first &= piece.written == 0;
                if piece.is_done && held.is_last {
                    thread.ws_rooms.spares.with(|s| pmd.return_inflater(s));
                }
            }
            Some((step, first))
        });
        let (piece, first) = match step.flatten() {
            None => return 0,
            Some((Err((code, reason)), _)) => {
                control::fail(thread, wsi, code, reason);
                return 0;
            }
            Some((Ok(piece), first)) => (piece, first),
        };
        held.given += piece.taken;
        let is_end = piece.is_done && held.is_last;
        if piece.written != 0 || is_end {
            tell(thread, wsi, room, piece.written, first, is_end, &held);
            pieces = pieces.saturating_sub(1);
        }
        if piece.is_done || !wsi.is_open() {
            return 0;
        }
        let pauses = pieces == 0 && wsi.wants_writable.get() || !wsi.takes_rx();
        if pauses && held.left != 0 {
            return hold(wsi, held);
        }
    }
}

fn tell(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    room: &mut [u8],
    len: usize,
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
        buffer: room,
        start: RX_PRE,
        len,
    };
    let reason = by_side(wsi, Reason::RECEIVE, Reason::CLIENT_RECEIVE);
    if call(thread, wsi, reason, payload) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// Keeps the rest for [`resume`]. Returns its length.
fn hold(wsi: &Wsi, mut held: Held) -> usize {
    let rest = held.left - held.given;
    // A byte that the inflater has already stays too: there must be input for the read to come back.
    held.given = usize::from(rest == 0);
    held.left = rest.max(1);
    wsi.with_ws(|ws| ws.held = Some(held));
    held.left
}
