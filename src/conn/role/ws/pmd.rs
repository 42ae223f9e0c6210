//! permessage-deflate (RFC 7692) on a connection: what the engine needs besides bytes.
//!
//! Received payload is inflated into a buffer of the thread (`ahead`) and delivered in pieces, one RECEIVE each; written
//! messages are compressed into another and leave in frames of a fixed size. Memory does not depend on what a message inflates
//! to. Under no-context-takeover zlib's streams go back to the thread between messages, so that idle connections
//! hold none. A client's frames are masked where they were compressed to. Which messages are compressed and what was agreed is decided in `offers`,
//! `offering` and `receive`.

use crate::conn::role::ws::WriteKind;
use crate::conn::role::ws::ahead::Ahead;
use crate::conn::role::ws::send::{MAX_HEADER, mask_key};
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::Wsi;
use crate::proto::ws::ext::deflate::{
    Deflater, End, Fault, Inflater, Limits, Piece, SpareDeflater, SpareInflater,
};
use crate::proto::ws::ext::negotiate::{Agreed, MAX_BITS, Param, options};
use crate::proto::ws::frame::{Side, TEXT, encode_header};
use crate::proto::ws::mask;
use crate::proto::ws::utf8::Utf8;
use crate::util::log::log_err;

/// What one message may inflate to. The ratio counts from `free` on, since short runs of zeros are common.
pub const INFLATE_LIMITS: Limits = Limits {
    max_message: 1 << 30,
    max_ratio: 200,
    free: 16 << 20,
};
/// What the close frame says of text that is none.
pub const BAD_UTF8: &str = "bad utf8";
/// zlib's level, as the reference has it.
const LEVEL: u8 = 1;
/// Largest inflated piece and largest compressed frame are powers of two: their exponent, and its bounds.
const SIZE_BITS: u8 = 10;
const MIN_SIZE_BITS: u8 = 6;
const MAX_SIZE_BITS: u8 = 15;
/// Room that a write is compressed into before frames leave.
const TX_ROOM: usize = 64 * 1024;
/// What can be agreed: contexts, then windows, the server's first.
const NAMES: [&[u8]; 4] = [
    b"server_no_context_takeover",
    b"client_no_context_takeover",
    b"server_max_window_bits",
    b"client_max_window_bits",
];
/// Streams of each direction that a thread keeps for connections that forget every message, and buffers of inflated bytes.
const SPARES: usize = 2;

/// Streams and buffers without a connection, for the next that needs one. One per service thread.
#[derive(Default)]
pub struct Spares {
    deflaters: Vec<SpareDeflater>,
    inflaters: Vec<SpareInflater>,
    aheads: Vec<Ahead>,
}

impl Spares {
    /// A buffer to inflate into.
    pub fn take_ahead(&mut self) -> Ahead {
        self.aheads.pop().unwrap_or_default()
    }

    /// Gives one back.
    pub fn give_ahead(&mut self, mut ahead: Ahead) {
        if self.aheads.len() < SPARES {
            ahead.clear();
            self.aheads.push(ahead);
        }
    }
}

/// State of the extension on one connection.
pub struct Pmd {
    side: Side,
    inflater: Inflater,
    /// `None`: zlib cannot compress as agreed (a window of 8 bits), so messages leave as they are.
    deflater: Option<Deflater>,
    utf8: Utf8,
    /// What is inflated of a frame that is held up.
    pub ahead: Option<Ahead>,
    /// Nothing of the message being received has been delivered.
    pub is_first: bool,
    rx_bits: u8,
    tx_bits: u8,
    /// Opcode of a message of which no frame has left yet, 0 for none.
    opcode: u8,
    /// Compressed bytes that do not fill a frame, while a message is being written in parts.
    partial: Vec<u8>,
}

impl Pmd {
    /// The state for what was agreed, on our side of it.
    pub fn new(agreed: &Agreed, side: Side) -> Self {
        let (ours, theirs) = match side {
            Side::Server => (agreed.server, agreed.client),
            Side::Client => (agreed.client, agreed.server),
        };
        Self {
            side,
            inflater: Inflater::new(theirs),
            deflater: Deflater::new(ours, LEVEL),
            utf8: Utf8::new(),
            ahead: None,
            is_first: true,
            rx_bits: SIZE_BITS,
            tx_bits: SIZE_BITS,
            opcode: 0,
            partial: Vec::new(),
        }
    }

    /// Whether messages leave compressed.
    pub fn compresses(&self) -> bool {
        self.deflater.is_some()
    }

    /// lws_set_extension_option. False for a name that the extension does not have.
    pub fn set(&mut self, name: &[u8], value: u32) -> bool {
        let small = u8::try_from(value).unwrap_or(u8::MAX);
        let (own_context, own_window) = match self.side {
            Side::Server => (NAMES[0], NAMES[2]),
            Side::Client => (NAMES[1], NAMES[3]),
        };
        match (name, &mut self.deflater) {
            (b"rx_buf_size", _) => self.rx_bits = small.clamp(MIN_SIZE_BITS, MAX_SIZE_BITS),
            (b"tx_buf_size", _) => self.tx_bits = small.clamp(MIN_SIZE_BITS, MAX_SIZE_BITS),
            (b"compression_level", Some(deflater)) => deflater.set_level(small),
            (_, Some(deflater)) if name == own_context => deflater.set_forgets(value != 0),
            (_, Some(deflater)) if name == own_window => deflater.limit_window(small),
            // The peer's direction is agreed; zlib's memory level is not ours to choose.
            (b"compression_level" | b"mem_level", _) => {}
            _ => return NAMES.contains(&name),
        }
        true
    }

    /// The same for a text such as `client_no_context_takeover; rx_buf_size=12`. False at the first that is wrong.
    pub fn set_all(&mut self, text: &[u8]) -> bool {
        options(text).all(|Param { name, value }| match value {
            // What a bare name means: no context, or the biggest window.
            None if name.ends_with(b"takeover") => self.set(name, 1),
            None => name.ends_with(b"window_bits") && self.set(name, u32::from(MAX_BITS)),
            Some(value) => number(value).is_some_and(|value| self.set(name, value)),
        })
    }

    /// Largest piece for a callback that takes at most `limit`: a power of two, as the reference makes them.
    pub fn piece_len(&self, limit: usize) -> usize {
        (1usize << self.rx_bits).min(1 << limit.max(1).ilog2())
    }

    /// A compressed message begins.
    pub fn begin_message(&mut self) {
        self.is_first = true;
        self.utf8 = Utf8::new();
    }

    /// Inflates some payload; `is_last` as for the engine. The error has the number of bytes that came before it.
    pub fn inflate(
        &mut self,
        payload: &[u8],
        is_last: bool,
        out: &mut [u8],
    ) -> Result<Piece, (Fault, usize)> {
        let step = self
            .inflater
            .inflate(payload, is_last, out, &INFLATE_LIMITS);
        step.map_err(|fault| (fault, self.inflater.salvaged()))
    }

    /// Whether what is delivered next of a text may be: `is_end`, it ends with that.
    pub fn is_utf8(&mut self, bytes: &[u8], is_end: bool) -> bool {
        self.utf8.push(bytes) && (!is_end || self.utf8.is_complete())
    }

    /// Takes a stream of the thread's before a message, if the connection has none and forgets messages.
    pub fn borrow_inflater(&mut self, spares: &mut Spares) {
        if self.inflater.wants_spare()
            && let Some(spare) = spares.inflaters.pop()
            && let Some(other) = self.inflater.take_spare(spare)
        {
            spares.inflaters.push(other);
        }
    }

    /// Gives the stream back after a message, if it is not needed for the next.
    pub fn return_inflater(&mut self, spares: &mut Spares) {
        if let Some(spare) = self.inflater.give_spare()
            && spares.inflaters.len() < SPARES
        {
            spares.inflaters.push(spare);
        }
    }

    fn borrow_deflater(&mut self, spares: &mut Spares) {
        if let Some(deflater) = &mut self.deflater
            && deflater.wants_spare()
            && let Some(spare) = spares.deflaters.pop()
            && let Some(other) = deflater.take_spare(spare)
        {
            spares.deflaters.push(other);
        }
    }

    fn return_deflater(&mut self, spares: &mut Spares) {
        if let Some(spare) = self.deflater.as_mut().and_then(Deflater::give_spare)
            && spares.deflaters.len() < SPARES
        {
            spares.deflaters.push(spare);
        }
    }
}

/// All of a text as a number.
fn number(text: &[u8]) -> Option<u32> {
    str::from_utf8(text).ok()?.parse().ok()
}

/// The connection's Pmd, for a closure.
fn with<R>(wsi: &Wsi, f: impl FnOnce(&mut Pmd) -> R) -> Result<R, Dead> {
    wsi.with_ws(|ws| ws.pmd().map(f)).flatten().ok_or(Dead)
}

/// What of a message is still to leave in frames.
struct Outgoing {
    opcode: u8,
    frame_len: usize,
    fill: usize,
}

/// lws_write of a part of a message: compressed into `room`, sent in frames of the connection's size. What does not fill a
/// frame waits for the rest of the message.
pub fn write(
    thread: &ServiceThread,
    wsi: &Wsi,
    payload: &[u8],
    kind: WriteKind,
) -> Result<(), Dead> {
    let mut room = thread.ws_rooms.deflated.take();
    room.resize(TX_ROOM, 0);
    let result = compress(thread, wsi, payload, kind, &mut room);
    thread.ws_rooms.deflated.replace(room);
    result
}

fn compress(
    thread: &ServiceThread,
    wsi: &Wsi,
    payload: &[u8],
    kind: WriteKind,
    room: &mut [u8],
) -> Result<(), Dead> {
    let mut out = with(wsi, |pmd| begin(thread, pmd, kind, room))?;
    let end = if kind.fin { End::Message } else { End::Open };
    let mut input = payload;
    loop {
        let piece = with(wsi, |pmd| {
            let rest = room.get_mut(out.fill..).unwrap_or_default();
            pmd.deflater.as_mut().map(|d| d.deflate(input, end, rest))
        })?;
        let piece = piece.ok_or(Dead)?;
        let piece = piece.map_err(|fault| {
            log_err!("ws: a message cannot be compressed: {}", fault.close().1);
            Dead
        })?;
        input = input.get(piece.taken..).unwrap_or_default();
        out.fill += piece.written;
        send_full_frames(thread, wsi, &mut out, room)?;
        if piece.is_done {
            break;
        }
    }
    let rest = room.get_mut(..out.fill).unwrap_or_default();
    if kind.fin {
        send_frame(thread, wsi, &mut out.opcode, true, rest)?;
    }
    with(wsi, |pmd| {
        pmd.opcode = out.opcode;
        if kind.fin {
            thread.ws_rooms.spares.with(|s| pmd.return_deflater(s));
        } else {
            pmd.partial.extend_from_slice(rest);
        }
    })
}

fn begin(thread: &ServiceThread, pmd: &mut Pmd, kind: WriteKind, room: &mut [u8]) -> Outgoing {
    thread.ws_rooms.spares.with(|s| pmd.borrow_deflater(s));
    let partial = std::mem::take(&mut pmd.partial);
    if let Some(room) = room.get_mut(..partial.len()) {
        room.copy_from_slice(&partial);
    }
    Outgoing {
        opcode: if kind.opcode == 0 {
            pmd.opcode
        } else {
            kind.opcode
        },
        frame_len: 1 << pmd.tx_bits,
        fill: partial.len(),
    }
}

/// Sends what fills frames, though never what may be a message's last, and moves the rest to the front.
fn send_full_frames(
    thread: &ServiceThread,
    wsi: &Wsi,
    out: &mut Outgoing,
    room: &mut [u8],
) -> Result<(), Dead> {
    let mut at = 0;
    while out.fill - at > out.frame_len {
        let frame = room.get_mut(at..at + out.frame_len).unwrap_or_default();
        send_frame(thread, wsi, &mut out.opcode, false, frame)?;
        at += out.frame_len;
    }
    if at != 0 {
        room.copy_within(at..out.fill, 0);
        out.fill -= at;
    }
    Ok(())
}

/// The first frame of a message has its opcode and the bit that says "compressed". A client's payload is masked in place.
fn send_frame(
    thread: &ServiceThread,
    wsi: &Wsi,
    opcode: &mut u8,
    fin: bool,
    payload: &mut [u8],
) -> Result<(), Dead> {
    let opcode = std::mem::take(opcode);
    let mut header = [0u8; MAX_HEADER];
    let key = mask_key(thread, wsi);
    let len = encode_header(
        opcode,
        fin,
        opcode != 0,
        payload.len() as u64,
        key,
        &mut header,
    );
    if let Some(key) = key {
        mask::apply(key, 0, payload);
    }
    tx::send(thread, wsi, header.get(..len).unwrap_or_default(), payload)
}

/// Whether inflated bytes of a message with this opcode are checked.
pub const fn is_text(opcode: u8) -> bool {
    opcode == TEXT
}
