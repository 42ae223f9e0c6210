//! Writing: lws_write to frames.

use crate::conn::role::RoleKind;
use crate::conn::role::ws::masks::Masks;
use crate::conn::role::ws::{pmd, user_ext};
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{Phase, Wsi};
use crate::proto::ws::frame::{BINARY, CLOSE, PING, PONG, TEXT, encode_header};

/// Sends a control frame.
pub fn send_control(
    thread: &ServiceThread,
    wsi: &Wsi,
    opcode: u8,
    payload: &[u8],
) -> Result<(), Dead> {
    send_frame(thread, wsi, opcode, true, payload)
}

fn send_frame(
    thread: &ServiceThread,
    wsi: &Wsi,
    opcode: u8,
    fin: bool,
    payload: &[u8],
) -> Result<(), Dead> {
    let mut header = [0u8; 14];
    let key = (wsi.role_kind() == RoleKind::WsClient).then(|| thread.masks.with(Masks::fresh));
    let len = encode_header(opcode, fin, false, payload.len() as u64, key, &mut header);
    let header = header.get(..len).unwrap_or(&[]);
    match key {
        None => tx::send(thread, wsi, header, payload),
        Some(key) => tx::send_masked(thread, wsi, header, payload, key),
    }
}

/// LWS_WRITE_NO_FIN.
const NO_FIN: u32 = 64;

/// The kinds of `enum lws_write_protocol` that make ws frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WriteKind {
    /// Opcode.
    pub opcode: u8,
    /// Last frame of the message.
    pub fin: bool,
}

impl WriteKind {
    /// The bits again.
    pub fn bits(self) -> u32 {
        let kind = match self.opcode {
            TEXT => 0,
            BINARY => 1,
            0 => 2,
            PING => 5,
            _ => 6,
        };
        kind | if self.fin { 0 } else { NO_FIN }
    }

    /// Reads the low bits (kind) and the NO_FIN flag; `None` for kinds that ws does not know.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let opcode = match bits & 0x1f {
            0 => TEXT,
            1 => BINARY,
            2 => 0,
            5 => PING,
            6 => PONG,
            _ => return None,
        };
        Some(Self {
            opcode,
            fin: bits & NO_FIN == 0,
        })
    }
}

/// lws_write on a ws connection.
pub fn write(
    thread: &ServiceThread,
    wsi: &Wsi,
    payload: &[u8],
    kind: WriteKind,
) -> Result<(), Dead> {
    let ready = wsi.with_ws(|ws| ws.may_send_data());
    if ready != Some(true) || wsi.phase.get() != Phase::Open {
        return Err(Dead);
    }
    if kind.opcode >= CLOSE && payload.len() > 125 {
        crate::util::log::log_err!(
            "lws_write: a ping or pong carries at most 125 bytes, not {}",
            payload.len()
        );
        return Err(Dead);
    }
    let is_data = kind.opcode < CLOSE;
    if is_data && wsi.with_ws(|ws| ws.pmd().is_some()) == Some(true) {
        return pmd::write(thread, wsi, payload, kind);
    }
    if is_data && let Some(ext) = user_ext::of(wsi) {
        return user_ext::write(thread, wsi, &ext, payload, kind);
    }
    send_frame(thread, wsi, kind.opcode, kind.fin, payload)
}
