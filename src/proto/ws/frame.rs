//! Frames (RFC 6455 5): the decoder every connection carries, and the header encoder.
//!
//! The decoder is fed whatever the socket gave, cut anywhere, unmasks in place and hands out data as it comes: a
//! `Chunk` never waits for more bytes and never owns any. Control frames come out whole; their bytes are collected
//! on the heap only when a read cuts one. It is strict where the RFC says "fail the connection": that is a
//! `Violation`, after which, as after a close frame, everything further is swallowed.
//!
//! It does not collect messages, answer pings, inflate, or count: that is the ws role's. An idle decoder is 48 bytes.

use super::{close, mask, utf8::Utf8};
use header::{CONTROL_BIT, FIN, Header, MAX_CONTROL, OPCODE, RSV, Refusal, parse};
use std::ops::Range;

mod header;
pub use header::encode_header;

/// Text message.
pub const TEXT: u8 = 1;
/// Binary message.
pub const BINARY: u8 = 2;
/// Close control frame.
pub const CLOSE: u8 = 8;
/// Ping control frame.
pub const PING: u8 = 9;
/// Pong control frame.
pub const PONG: u8 = 10;
/// The bit of `Chunk::rsv` that marks a compressed message (RFC 7692).
pub const RSV1: u8 = 0x40;

/// Which end of the connection decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Frames must arrive masked.
    Server,
    /// Frames must not.
    Client,
}

/// What the decoder may accept; the caller keeps it per vhost or connection.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Which end this is.
    pub side: Side,
    /// The biggest payload a data frame may announce; more is a violation with 1009.
    pub max_frame: u64,
    /// permessage-deflate was negotiated.
    pub rsv1_allowed: bool,
    /// Text messages must be UTF-8 (compressed ones are the inflater's user's to check).
    pub check_utf8: bool,
}

/// What a feed can find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Payload of a message.
    Data(Chunk),
    /// A ping, to be answered.
    Ping(Control),
    /// A pong.
    Pong(Control),
    /// The peer closes; the payload is well-formed.
    Close(Control),
    /// The connection must be failed with this close code and reason.
    Violation {
        /// The close code to send.
        code: u16,
        /// What was wrong, short enough for the close frame.
        reason: &'static str,
    },
}

/// Some payload of a data frame, already unmasked in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Where in the fed input it is.
    pub payload: Range<usize>,
    /// The message's opcode, also in its continuation frames.
    pub opcode: u8,
    /// The first chunk of its message.
    pub first: bool,
    /// The first chunk of its frame.
    pub frame_start: bool,
    /// The frame is the message's last.
    pub fin: bool,
    /// Bytes of the frame still to come.
    pub remaining: u64,
    /// Reserved bits of the message's first frame, where they stand in its first byte (0x70).
    pub rsv: u8,
}

impl Chunk {
    /// Whether the message ends here.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        self.fin && self.remaining == 0
    }
}

/// The payload of a control frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Control {
    /// Room for the longest; `len` bytes count.
    pub payload: [u8; 125],
    /// How many bytes there are, up to 125.
    pub len: u8,
}

impl Control {
    const EMPTY: Self = Self {
        payload: [0; 125],
        len: 0,
    };

    /// The bytes that count.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.payload
            .get(..usize::from(self.len))
            .unwrap_or(&self.payload)
    }

    /// The payload of a close frame; a reason that does not fit is cut.
    #[must_use]
    pub fn close(code: u16, reason: &[u8]) -> Self {
        let mut control = Self::EMPTY;
        control.len = close::encode(code, reason, &mut control.payload);
        control
    }

    /// Appends what fits and returns where it went.
    fn append(&mut self, bytes: &[u8]) -> &mut [u8] {
        let start = usize::from(self.len);
        let end = start.saturating_add(bytes.len());
        let Some(room) = self.payload.get_mut(start..end) else {
            return &mut [];
        };
        room.copy_from_slice(bytes);
        self.len = u8::try_from(end).unwrap_or(MAX_CONTROL);
        room
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Control({:?})",
            self.as_slice().escape_ascii().to_string()
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Collecting a frame header.
    Header,
    /// Inside a data frame's payload.
    Data,
    /// Inside a control frame's payload.
    Control,
    /// After a close frame or a violation.
    Over,
}

/// The incremental decoder of one connection's incoming frames.
#[derive(Debug)]
pub struct Decoder {
    /// Payload bytes of the current frame still to come.
    remaining: u64,
    /// A control frame's payload, while a cut one is being collected.
    control: Option<Box<Control>>,
    /// The mask, turned so that its first byte is for the next payload byte.
    key: [u8; 4],
    utf8: Utf8,
    /// A cut header's bytes.
    header: [u8; 14],
    header_len: u8,
    /// First byte of the current frame.
    frame: u8,
    /// First byte of the message's first frame without FIN; 0: no message is open.
    message: u8,
    state: State,
    first: bool,
    frame_start: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// At the start of a connection.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            remaining: 0,
            control: None,
            key: [0; 4],
            utf8: Utf8::new(),
            header: [0; 14],
            header_len: 0,
            frame: 0,
            message: 0,
            state: State::Header,
            first: false,
            frame_start: false,
        }
    }

    /// Whether a close frame or a violation ended the stream: all further input is swallowed.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Takes input up to the end of one event at most: how many bytes it took and the event, if there was one.
    /// Without an event all input was taken.
    #[inline]
    pub fn feed(&mut self, input: &mut [u8], rules: &Rules) -> (usize, Option<Event>) {
        if self.is_idle()
            && let Some(chunk) = whole_message(input, rules)
        {
            return (chunk.payload.end, Some(Event::Data(chunk)));
        }
        self.feed_any(input, rules)
    }

    /// Whether the last message is complete and nothing of a next frame has come.
    #[inline]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.state == State::Header && self.header_len == 0 && self.message == 0
    }

    #[inline(never)]
    fn feed_any(&mut self, input: &mut [u8], rules: &Rules) -> (usize, Option<Event>) {
        let mut used = 0;
        if self.state == State::Header {
            match self.take_header(input, rules) {
                Ok(Some(header)) => {
                    used = header.len;
                    self.begin_frame(&header);
                }
                Ok(None) => return (input.len(), None),
                Err(refusal) => return (input.len(), Some(self.fail(refusal))),
            }
        }
        match self.state {
            State::Data => self.take_data(input, used, rules),
            State::Control => self.take_control(input, used, rules),
            State::Header | State::Over => (input.len(), None),
        }
    }

    /// The header that `input` begins with or goes on with, its length counted in `input`; `None`: all of `input`
    /// was taken and it is not complete.
    #[inline]
    fn take_header(&mut self, input: &[u8], rules: &Rules) -> Result<Option<Header>, Refusal> {
        if self.header_len != 0 {
            return self.take_cut_header(input, rules);
        }
        let header = parse(input, self.message != 0, rules)?;
        if header.is_none() {
            self.collect_header(input);
        }
        Ok(header)
    }

    #[cold]
    fn take_cut_header(&mut self, input: &[u8], rules: &Rules) -> Result<Option<Header>, Refusal> {
        let before = usize::from(self.header_len);
        self.collect_header(input);
        let collected = self
            .header
            .get(..usize::from(self.header_len))
            .unwrap_or_default();
        let Some(mut header) = parse(collected, self.message != 0, rules)? else {
            return Ok(None);
        };
        header.len = header.len.saturating_sub(before);
        self.header_len = 0;
        Ok(Some(header))
    }

    /// Appends to the cut header what fits; `parse` finds out how much of it belongs to the header.
    #[cold]
    fn collect_header(&mut self, input: &[u8]) {
        let room = self
            .header
            .get_mut(usize::from(self.header_len)..)
            .unwrap_or_default();
        for (to, from) in room.iter_mut().zip(input) {
            *to = *from;
            self.header_len = self.header_len.saturating_add(1);
        }
    }

    #[inline]
    fn begin_frame(&mut self, header: &Header) {
        self.frame = header.frame;
        self.remaining = header.payload;
        self.key = header.key;
        if header.frame & CONTROL_BIT != 0 {
            self.state = State::Control;
            return;
        }
        self.state = State::Data;
        self.frame_start = true;
        if header.frame & OPCODE != 0 {
            self.message = header.frame & !FIN;
            self.first = true;
            self.utf8 = Utf8::new();
        }
    }

    /// Hands out what the input has of a data frame's payload, or the empty frame.
    #[inline]
    fn take_data(
        &mut self,
        input: &mut [u8],
        used: usize,
        rules: &Rules,
    ) -> (usize, Option<Event>) {
        let rest = input.get_mut(used..).unwrap_or_default();
        let announced = usize::try_from(self.remaining).unwrap_or(usize::MAX);
        if rest.is_empty() && announced != 0 {
            return (used, None);
        }
        let len = announced.min(rest.len());
        let payload = rest.get_mut(..len).unwrap_or_default();
        let end = used.saturating_add(payload.len());
        self.remaining = self.remaining.saturating_sub(payload.len() as u64);
        self.unmask(payload, rules);
        let chunk = Chunk {
            payload: used..end,
            opcode: self.message & OPCODE,
            first: self.first,
            frame_start: self.frame_start,
            fin: self.frame & FIN != 0,
            remaining: self.remaining,
            rsv: self.message & RSV,
        };
        if rules.check_utf8
            && self.message & (OPCODE | RSV1) == TEXT
            && !self.is_text(payload, chunk.is_final())
        {
            return (end, Some(self.fail((close::BAD_CONTENT, "bad utf8"))));
        }
        self.first = false;
        self.frame_start = false;
        if self.remaining == 0 {
            self.state = State::Header;
            if chunk.fin {
                self.message = 0;
            }
        }
        (end, Some(Event::Data(chunk)))
    }

    #[inline]
    fn unmask(&mut self, payload: &mut [u8], rules: &Rules) {
        if rules.side == Side::Server {
            mask::apply(self.key, 0, payload);
            if self.remaining != 0 {
                self.key = mask::turned(self.key, payload.len());
            }
        }
    }

    fn is_text(&mut self, payload: &[u8], is_final: bool) -> bool {
        self.utf8.push(payload) && (!is_final || self.utf8.is_complete())
    }

    /// Collects a control frame's payload; the event when it is whole.
    #[inline(never)]
    fn take_control(&mut self, input: &[u8], used: usize, rules: &Rules) -> (usize, Option<Event>) {
        let rest = input.get(used..).unwrap_or_default();
        let missing = usize::try_from(self.remaining).unwrap_or(usize::MAX);
        if let Some(payload) = rest.get(..missing) {
            let control = self.control.take().map_or(Control::EMPTY, |boxed| *boxed);
            let event = self.end_control(payload, control, rules);
            return (used.saturating_add(missing), Some(event));
        }
        if !rest.is_empty() {
            let mut control = self
                .control
                .take()
                .unwrap_or_else(|| Box::new(Control::EMPTY));
            self.unmask(control.append(rest), rules);
            self.remaining = self.remaining.saturating_sub(rest.len() as u64);
            self.control = Some(control);
        }
        (input.len(), None)
    }

    /// The event of a control frame whose last bytes are `payload`.
    fn end_control(&mut self, payload: &[u8], mut control: Control, rules: &Rules) -> Event {
        self.unmask(control.append(payload), rules);
        self.state = State::Header;
        match self.frame & OPCODE {
            PING => Event::Ping(control),
            PONG => Event::Pong(control),
            _ => match close::check(control.as_slice()) {
                Ok(()) => {
                    self.state = State::Over;
                    Event::Close(control)
                }
                Err(refusal) => self.fail(refusal),
            },
        }
    }

    #[cold]
    fn fail(&mut self, (code, reason): Refusal) -> Event {
        self.state = State::Over;
        self.control = None;
        Event::Violation { code, reason }
    }
}

/// The commonest case in a few instructions: a whole message, unfragmented and below 64 KB, for an idle decoder, which
/// stays idle. `None`: the long way must look; for such a message it would give the same.
#[inline]
fn whole_message(input: &mut [u8], rules: &Rules) -> Option<Chunk> {
    let (frame, second, mut header_len, len) = match *input {
        [frame @ (0x81 | 0x82), second, high, low, ..] if second & 0x7f == 126 => {
            let len = usize::from(u16::from_be_bytes([high, low]));
            (frame, second, 4_usize, len)
        }
        [frame @ (0x81 | 0x82), second, ..] => (frame, second, 2, usize::from(second & 0x7f)),
        _ => return None,
    };
    let is_masked = second & 0x80 != 0;
    let is_long = header_len == 4;
    if is_masked != (rules.side == Side::Server) || is_long != (len >= 126) {
        return None;
    }
    if is_masked {
        header_len = header_len.saturating_add(4);
    }
    let (header, rest) = input.split_at_mut_checked(header_len)?;
    let payload = rest.get_mut(..len)?;
    if rules.max_frame < len as u64 {
        return None;
    }
    let key = if is_masked {
        *header.last_chunk()?
    } else {
        [0; 4]
    };
    if is_masked {
        mask::apply(key, 0, payload);
    }
    let opcode = frame & OPCODE;
    if rules.check_utf8 && opcode == TEXT && std::str::from_utf8(payload).is_err() {
        mask_again(key, payload);
        return None;
    }
    let payload = header_len..header_len.saturating_add(len);
    Some(Chunk {
        payload,
        opcode,
        first: true,
        frame_start: true,
        fin: true,
        remaining: 0,
        rsv: 0,
    })
}

#[cold]
fn mask_again(key: [u8; 4], payload: &mut [u8]) {
    mask::apply(key, 0, payload);
}

#[cfg(test)]
mod tests;
