//! The WebSocket role, either side: frames to callbacks, writes to frames, the close handshake.

use crate::conn::extension::Lent;
use crate::conn::reason::Reason;
use crate::conn::role::{Input, RoleKind};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{Phase, Wsi};
use crate::proto::http::headers::HeaderTable;
use crate::proto::ws::close::BAD_CLOSE_CODE;
use crate::proto::ws::ext::negotiate::PERMESSAGE_DEFLATE;
use crate::proto::ws::frame::{Control, Decoder, Event, RSV1, Rules, Side};
use crate::proto::ws::utf8::Utf8;
use crate::util::cell::StateCell;
use std::ffi::CStr;
use std::rc::Rc;

pub mod ahead;
pub mod control;
pub mod masks;
pub mod offering;
pub mod offers;
pub mod pmd;
pub mod receive;
pub mod send;
pub mod upgrade;
pub mod user_ext;

pub use control::{closes_softly, has_peer_closed, send_close, send_owed, send_validity_ping};
pub use send::{WriteKind, write};

/// State of a ws connection.
pub struct Ws {
    side: Side,
    decoder: Decoder,
    check_utf8: bool,
    /// Request headers, until ESTABLISHED has returned.
    pub headers: Option<Box<HeaderTable>>,
    /// What our close frame will say (lws_close_reason), or the peer's said.
    close: Option<Box<Control>>,
    close_sent: bool,
    peer_closed: bool,
    /// The peer must see why it is failed: close softly.
    pub closes_softly: bool,
    /// The handshake has completed: the peer understands frames.
    pub established: bool,
    /// Latest ping that could not be answered yet.
    pong_owed: Option<Box<Control>>,
    /// The agreed extension.
    extension: Option<Extension>,
    /// What of a compressed frame is to be delivered yet.
    held: Option<receive::Held>,
    /// The text that an extension of the program's makes.
    made_utf8: Utf8,
}

/// The extension that is active on a connection. There is one at most, as in the reference (LWS_MAX_EXTENSIONS_ACTIVE).
pub enum Extension {
    /// permessage-deflate.
    Deflate(Box<pmd::Pmd>),
    /// One of the program's.
    User(Box<user_ext::UserExt>),
}

impl Extension {
    /// The program's.
    pub fn user(&self) -> Option<user_ext::UserExt> {
        match self {
            Self::User(ext) => Some(**ext),
            Self::Deflate(_) => None,
        }
    }
}

/// Buffers and streams of a service thread that its ws connections take turns in.
#[derive(Default)]
pub struct Rooms {
    /// Compressed bytes on their way out.
    pub deflated: StateCell<Vec<u8>>,
    /// zlib's streams, and buffers of inflated bytes, without a connection.
    pub spares: StateCell<pmd::Spares>,
}

impl Ws {
    /// A connection whose handshake is being answered.
    pub fn new(check_utf8: bool, headers: Option<Box<HeaderTable>>) -> Self {
        Self {
            side: Side::Server,
            decoder: Decoder::new(),
            check_utf8,
            headers,
            close: None,
            close_sent: false,
            peer_closed: false,
            closes_softly: false,
            established: false,
            pong_owed: None,
            extension: None,
            held: None,
            made_utf8: Utf8::new(),
        }
    }

    /// The same on the client's side, with the answer's headers and the extension that the server chose.
    pub fn client(
        check_utf8: bool,
        headers: Box<HeaderTable>,
        extension: Option<Extension>,
    ) -> Self {
        Self {
            side: Side::Client,
            established: true,
            extension,
            ..Self::new(check_utf8, Some(headers))
        }
    }

    /// True on the client's side.
    pub fn is_client(&self) -> bool {
        self.side == Side::Client
    }

    /// permessage-deflate's state, if that was agreed.
    pub fn pmd(&mut self) -> Option<&mut pmd::Pmd> {
        match &mut self.extension {
            Some(Extension::Deflate(pmd)) => Some(pmd),
            _ => None,
        }
    }

    /// The peer understands frames, and ours may still carry messages.
    fn may_send_data(&self) -> bool {
        self.established && !self.close_sent
    }

    /// lws_close_reason.
    pub fn set_close_reason(&mut self, code: u16, reason: &[u8]) {
        self.close = Some(Box::new(Control::close(code, reason)));
    }

    /// lws_get_close_payload: what the peer's close frame said, or what ours will.
    pub fn close_payload(&mut self) -> &mut [u8] {
        self.close.as_mut().map_or(&mut [], |c| {
            let len = usize::from(c.len);
            c.payload.get_mut(..len).unwrap_or_default()
        })
    }

    fn rules(&self) -> Rules {
        Rules {
            side: self.side,
            max_frame: u64::MAX >> 1,
            rsv1_allowed: self.extension.is_some(),
            // What an extension makes of the payload is what is to be text.
            check_utf8: self.check_utf8 && !matches!(self.extension, Some(Extension::User(_))),
        }
    }
}

/// The reason for a connection's side.
pub fn by_side(wsi: &Wsi, server: Reason, client: Reason) -> Reason {
    match wsi.role_kind() {
        RoleKind::WsClient => client,
        _ => server,
    }
}

impl Wsi {
    /// lws_set_extension_option. -1 when there is no such extension or option; else what a program's extension says.
    pub fn set_extension_option(
        &self,
        thread: &ServiceThread,
        extension: &CStr,
        option: &CStr,
        value: &CStr,
    ) -> i32 {
        if let Some(ext) = user_ext::of(self) {
            let lent = Lent::NamedOption {
                name: option,
                value,
            };
            return if ext.has_name(self, extension) {
                ext.call(thread, self, lent)
            } else {
                -1
            };
        }
        let is_set = self.with_ws(|ws| match ws.pmd() {
            Some(pmd) if extension.to_bytes() == PERMESSAGE_DEFLATE => {
                pmd.set(option.to_bytes(), number(value))
            }
            _ => false,
        });
        if is_set == Some(true) { 0 } else { -1 }
    }
}

/// A decimal number from the start of a text, as atoi reads it.
fn number(text: &CStr) -> u32 {
    let digits = text.to_bytes().trim_ascii_start().iter();
    let digits = digits.take_while(|b| b.is_ascii_digit());
    digits.fold(0, |n: u32, b| {
        n.saturating_mul(10).saturating_add(u32::from(b - b'0'))
    })
}

/// How much of a read the reference looks at in one go.
pub fn window_len(thread: &ServiceThread, wsi: &Wsi) -> usize {
    let service = thread.context.config.service_buffer;
    match wsi.rx_len() {
        0 => service,
        own => service.min(own.saturating_add(rx::SLACK)),
    }
}

/// Decodes one window of input.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let from = input.start;
    let window = window_len(thread, wsi);
    let read_at = crate::conn::thread::RX_PRE;
    let behind = from.saturating_sub(read_at) % window;
    let edge = from.saturating_add(window - behind).min(input.end);
    let mut at = from;
    if has_held(wsi)
        && let Some(used) = receive::resume(thread, wsi, input)
    {
        // quirk: a WRITEABLE comes between the last piece of such a frame and the next frame, too.
        if wsi.wants_writable.get() || !wsi.takes_rx() || has_held(wsi) {
            return used;
        }
        at += used;
    }
    while at < edge && is_listening(wsi) {
        let Some(slice) = input.buffer.get_mut(at..edge) else {
            break;
        };
        let fed = wsi.with_ws(|ws| {
            let rules = ws.rules();
            let (used, event) = ws.decoder.feed(slice, &rules);
            (used, event, ws.extension.is_none())
        });
        let Some((used, event, is_plain)) = fed else {
            break;
        };
        let unused = match event {
            None => 0,
            // Most events of most connections.
            Some(Event::Data(chunk)) if is_plain && wsi.is_open() => {
                receive::deliver(thread, wsi, input, at, &chunk);
                0
            }
            Some(event) => on_event(thread, wsi, input, at, event),
        };
        at += used - unused;
        if !wsi.takes_rx() || unused != 0 {
            break;
        }
    }
    at - from
}

fn is_listening(wsi: &Wsi) -> bool {
    match wsi.phase.get() {
        Phase::Open => !wsi.is_closing.get(),
        Phase::CloseSent => true,
        Phase::Flushing | Phase::Shutdown | Phase::Dead => false,
    }
}

/// Acts on one event. Returns how many bytes at its end stay in the input.
fn on_event(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    at: usize,
    event: Event,
) -> usize {
    let open = wsi.is_open();
    match event {
        Event::Data(chunk) if open && let Some(ext) = user_ext::of(wsi) => {
            user_ext::deliver(thread, wsi, &ext, input, at, &chunk);
        }
        Event::Data(chunk) if open && chunk.rsv & RSV1 != 0 => {
            return receive::deliver_compressed(thread, wsi, input, at, &chunk);
        }
        Event::Data(chunk) if open => receive::deliver(thread, wsi, input, at, &chunk),
        Event::Ping(ping) if open => control::answer_ping(thread, wsi, ping),
        Event::Pong(pong) if open => control::on_pong(thread, wsi, pong),
        Event::Close(payload) => control::on_close(thread, wsi, payload),
        // quirk: a code that may not be sent is told and answered as 1002.
        Event::Violation { reason, .. } if reason == BAD_CLOSE_CODE => {
            control::on_close(thread, wsi, Control::close(1002, b""));
        }
        Event::Violation { code, reason } => control::fail(thread, wsi, code, reason),
        // After our close frame only the peer's matters.
        Event::Data(_) | Event::Ping(_) | Event::Pong(_) => {}
    }
    0
}

/// True when the input begins with payload that was held back; it can be worked on without consuming any.
pub fn has_held(wsi: &Wsi) -> bool {
    wsi.with_ws(|ws| ws.held.is_some()).unwrap_or(false)
}
