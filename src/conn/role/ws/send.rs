//! Writing: lws_write to frames.

use crate::conn::role::RoleKind;
use crate::conn::role::ws::masks::Masks;
use crate::conn::role::ws::{Extension, Ws, pmd, user_ext};
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

/// The longest header of a frame.
pub const MAX_HEADER: usize = 14;

/// What a frame is masked with: clients must, servers must not.
pub fn mask_key(thread: &ServiceThread, wsi: &Wsi) -> Option<[u8; 4]> {
    (wsi.role_kind() == RoleKind::WsClient).then(|| thread.masks.with(Masks::fresh))
}

fn send_frame(
    thread: &ServiceThread,
    wsi: &Wsi,
    opcode: u8,
    fin: bool,
    payload: &[u8],
) -> Result<(), Dead> {
    let mut header = [0u8; MAX_HEADER];
    let key = mask_key(thread, wsi);
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
    let way = wsi.with_ws(Way::of).unwrap_or(Way::Closed);
    if matches!(way, Way::Closed) || wsi.phase.get() != Phase::Open {
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
    match way {
        Way::Deflate if is_data => pmd::write(thread, wsi, payload, kind),
        Way::User(ext) if is_data => user_ext::write(thread, wsi, &ext, payload, kind),
        _ => send_frame(thread, wsi, kind.opcode, kind.fin, payload),
    }
}

/// How a message leaves.
enum Way {
    Closed,
    Plain,
    Deflate,
    User(user_ext::UserExt),
}

impl Way {
    fn of(ws: &mut Ws) -> Self {
        match &ws.extension {
            _ if !ws.may_send_data() => Self::Closed,
            None => Self::Plain,
            Some(Extension::Deflate(pmd)) if pmd.compresses() => Self::Deflate,
            Some(Extension::Deflate(_)) => Self::Plain,
            Some(Extension::User(ext)) => Self::User(**ext),
        }
    }
}
