//! The header of a frame (RFC 6455 5.2): reading it strictly, and writing it.
//!
//! `parse` judges byte by byte, so that an illegal header is refused at its first wrong byte and the outcome is the
//! same however the header was cut. It keeps no state; the decoder collects cut headers and calls it again.

use super::{BINARY, CLOSE, PING, PONG, RSV1, Rules, Side, TEXT};
use crate::proto::ws::close;

pub(super) const FIN: u8 = 0x80;
pub(super) const RSV: u8 = 0x70;
pub(super) const OPCODE: u8 = 0x0f;
pub(super) const CONTROL_BIT: u8 = 0x08;
pub(super) const MAX_CONTROL: u8 = 125;
const MASKED: u8 = 0x80;

/// A complete frame header.
pub(super) struct Header {
    /// Its own length.
    pub(super) len: usize,
    pub(super) frame: u8,
    pub(super) payload: u64,
    pub(super) key: [u8; 4],
}

/// The close code and reason of a violation.
pub(super) type Refusal = (u16, &'static str);

const fn broken(reason: &'static str) -> Refusal {
    (close::PROTOCOL_ERROR, reason)
}

/// Reads a frame header from the start of `bytes`. Refuses at the first byte that is wrong, so that the outcome
/// does not depend on how the header was cut; `None`: good so far, not complete.
pub(super) fn parse(bytes: &[u8], is_open: bool, rules: &Rules) -> Result<Option<Header>, Refusal> {
    let Some((&frame, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    check_first(frame, is_open, rules)?;
    let Some((&second, rest)) = rest.split_first() else {
        return Ok(None);
    };
    let is_masked = second & MASKED != 0;
    match rules.side {
        Side::Server if !is_masked => return Err(broken("unmasked frame")),
        Side::Client if is_masked => return Err(broken("masked frame")),
        _ => {}
    }
    let short = second & !MASKED;
    if frame & CONTROL_BIT != 0 && short > MAX_CONTROL {
        return Err(broken("control frame too long"));
    }
    let (payload, rest, mut len) = match short {
        126 => match rest.split_first_chunk() {
            Some((long, rest)) => (u64::from(u16::from_be_bytes(*long)), rest, 4_usize),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk() {
            Some((long, rest)) => (u64::from_be_bytes(*long), rest, 10),
            None => return Ok(None),
        },
        short => (u64::from(short), rest, 2),
    };
    check_length(short, payload)?;
    if payload > rules.max_frame && frame & CONTROL_BIT == 0 {
        return Err((close::TOO_BIG, "frame too big"));
    }
    let mut key = [0; 4];
    if is_masked {
        let Some(found) = rest.first_chunk() else {
            return Ok(None);
        };
        key = *found;
        len = len.saturating_add(4);
    }
    Ok(Some(Header {
        len,
        frame,
        payload,
        key,
    }))
}

/// Judges the first byte: reserved bits, opcode, and whether such a frame may come now.
#[inline]
fn check_first(frame: u8, is_open: bool, rules: &Rules) -> Result<(), Refusal> {
    let opcode = frame & OPCODE;
    if frame & RSV != 0 {
        let starts_message = opcode == TEXT || opcode == BINARY;
        if frame & RSV != RSV1 || !rules.rsv1_allowed || !starts_message {
            return Err(broken("rsv bits"));
        }
    }
    match opcode {
        0 if !is_open => Err(broken("bad cont")),
        TEXT | BINARY if is_open => Err(broken("bad cont")),
        0 | TEXT | BINARY => Ok(()),
        CLOSE | PING | PONG if frame & FIN == 0 => Err(broken("frag ctl")),
        CLOSE | PING | PONG => Ok(()),
        _ => Err(broken("bad opc")),
    }
}

/// Judges the announced payload length, given the 7-bit form it came with.
#[inline]
const fn check_length(short: u8, payload: u64) -> Result<(), Refusal> {
    match short {
        126 if payload < 126 => Err(broken("length not minimal")),
        127 if payload <= 0xffff => Err(broken("length not minimal")),
        127 if payload > i64::MAX.unsigned_abs() => Err(broken("length over 63 bits")),
        _ => Ok(()),
    }
}

/// Writes a frame header to the start of `out` and returns its length (2 to 14).
pub fn encode_header(
    opcode: u8,
    fin: bool,
    rsv1: bool,
    len: u64,
    mask: Option<[u8; 4]>,
    out: &mut [u8; 14],
) -> usize {
    let masked = if mask.is_some() { MASKED } else { 0 };
    out[0] = opcode & OPCODE | if fin { FIN } else { 0 } | if rsv1 { RSV1 } else { 0 };
    let header_len = if let Ok(short @ ..=125) = u8::try_from(len) {
        out[1] = masked | short;
        2
    } else if let Ok(medium) = u16::try_from(len) {
        out[1] = masked | 126;
        [out[2], out[3]] = medium.to_be_bytes();
        4
    } else {
        out[1] = masked | 127;
        if let Some(room) = out.get_mut(2..10) {
            room.copy_from_slice(&len.to_be_bytes());
        }
        10
    };
    let Some(key) = mask else { return header_len };
    let with_key = header_len.saturating_add(key.len());
    if let Some(room) = out.get_mut(header_len..with_key) {
        room.copy_from_slice(&key);
    }
    with_key
}
