//! The WebSocket role, either side: frames to callbacks, writes to frames, the close handshake.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Input, RoleKind};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{CloseCause, Phase, RxFacts, Wsi};
use crate::proto::http::headers::HeaderTable;
use crate::proto::ws::close::BAD_CLOSE_CODE;
use crate::proto::ws::frame::{
    BINARY, CLOSE, Chunk, Control, Decoder, Event, PING, PONG, Rules, Side, TEXT, encode_header,
};
use std::rc::Rc;

pub mod masks;
pub mod upgrade;

use masks::Masks;

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
        }
    }

    /// The same on the client's side, with the answer's headers.
    pub fn client(check_utf8: bool, headers: Box<HeaderTable>) -> Self {
        Self {
            side: Side::Client,
            established: true,
            ..Self::new(check_utf8, Some(headers))
        }
    }

    /// True on the client's side.
    pub fn is_client(&self) -> bool {
        self.side == Side::Client
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
            rsv1_allowed: false,
            check_utf8: self.check_utf8,
        }
    }
}

/// The reason for a connection's side.
fn by_side(wsi: &Wsi, server: Reason, client: Reason) -> Reason {
    match wsi.role_kind() {
        RoleKind::WsClient => client,
        _ => server,
    }
}

/// How much of a read the reference looks at in one go.
pub fn window_len(thread: &ServiceThread, wsi: &Wsi) -> usize {
    let service = thread.context.config.service_buffer;
    let own = wsi
        .on_vhost(|v| v.protocol(wsi.protocol()).map_or(0, |p| p.rx_len))
        .unwrap_or(0);
    if own == 0 {
        service
    } else {
        service.min(own.saturating_add(rx::SLACK))
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
    while at < edge && is_listening(wsi) {
        let Some(slice) = input.buffer.get_mut(at..edge) else {
            break;
        };
        let fed = wsi.with_ws(|ws| {
            let rules = ws.rules();
            ws.decoder.feed(slice, &rules)
        });
        let Some((used, event)) = fed else {
            break;
        };
        if let Some(event) = event {
            on_event(thread, wsi, input, at, event);
        }
        at += used;
        if !wsi.takes_rx() {
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

fn on_event(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    input: &mut Input<'_>,
    at: usize,
    event: Event,
) {
    let open = wsi.is_open();
    match event {
        Event::Data(chunk) if open => deliver(thread, wsi, input, at, &chunk),
        Event::Ping(ping) if open => answer_ping(thread, wsi, ping),
        Event::Pong(pong) if open => on_pong(thread, wsi, pong),
        Event::Close(payload) => on_close(thread, wsi, payload),
        // quirk: a code that may not be sent is told and answered as 1002.
        Event::Violation { reason, .. } if reason == BAD_CLOSE_CODE => {
            on_close(thread, wsi, Control::close(1002, b""));
        }
        Event::Violation { code, reason } => fail(thread, wsi, code, reason),
        // After our close frame only the peer's matters.
        Event::Data(_) | Event::Ping(_) | Event::Pong(_) => {}
    }
}

/// RECEIVE, in pieces no larger than the protocol's rx_buffer_size.
fn deliver(
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

fn answer_ping(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, ping: Control) {
    // quirk: SERVER_WRITEABLE follows every answered ping.
    crate::conn::service::ask_writable(thread, wsi);
    if wsi.has_pending_tx() {
        // A peer that does not read gets one answer for all its pings, the latest (RFC 6455 5.5.3).
        wsi.with_ws(|ws| ws.pong_owed = Some(Box::new(ping)));
        return;
    }
    let _ = send_control(thread, wsi, PONG, ping.as_slice());
}

/// Sends a pong that had to wait. Called when the queue has drained.
pub fn send_owed(thread: &ServiceThread, wsi: &Wsi) {
    if let Some(pong) = wsi.with_ws(|ws| ws.pong_owed.take()).flatten() {
        let _ = send_control(thread, wsi, PONG, pong.as_slice());
    }
}

fn on_pong(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, pong: Control) {
    timeout::validity_confirmed(thread, wsi);
    if pong.len == 0 {
        // quirk: an empty pong, such as the answer to a validity ping, is not told.
        return;
    }
    let len = usize::from(pong.len);
    let mut room = [0u8; 126];
    if let (Some(room), Some(bytes)) = (room.get_mut(..len), pong.payload.get(..len)) {
        room.copy_from_slice(bytes);
    }
    wsi.rx_facts.set(RxFacts {
        last: true,
        ..RxFacts::default()
    });
    let payload = Payload::Bytes {
        buffer: &mut room,
        start: 0,
        len,
    };
    // quirk: a positive return from RECEIVE_PONG is ignored.
    let reason = by_side(wsi, Reason::RECEIVE_PONG, Reason::CLIENT_RECEIVE_PONG);
    if call(thread, wsi, reason, payload) < 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// The peer's close frame: an answer to ours, or the beginning.
fn on_close(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, payload: Control) {
    wsi.with_ws(|ws| ws.peer_closed = true);
    if wsi.phase.get() == Phase::CloseSent {
        if !wsi.has_pending_tx() {
            close::close(thread, wsi, CloseCause::Lost);
        }
        return;
    }
    if !wsi.is_open() {
        return;
    }
    let len = usize::from(payload.len);
    let mut room = [0u8; 126];
    if let (Some(room), Some(bytes)) = (room.get_mut(..len), payload.payload.get(..len)) {
        room.copy_from_slice(bytes);
    }
    wsi.with_ws(|ws| ws.close = Some(Box::new(payload)));
    let arg = Payload::Bytes {
        buffer: &mut room,
        start: 0,
        len,
    };
    let keep_quiet = call(thread, wsi, Reason::WS_PEER_INITIATED_CLOSE, arg) != 0;
    if !wsi.is_open() || thread.is_ending() {
        return;
    }
    // quirk: the peer's own code and reason go back, whatever the program has set meanwhile.
    wsi.with_ws(|ws| ws.close_sent = true);
    if !keep_quiet {
        let answer = room.get(..len).unwrap_or(&[]);
        let _ = send_control(thread, wsi, CLOSE, answer);
    }
    close::close(thread, wsi, CloseCause::Asked);
}

/// The peer broke the rules: our close frame says how, then the connection ends.
fn fail(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, code: u16, reason: &str) {
    crate::util::log::log_info!("ws: failing the connection: {code} {reason}");
    wsi.with_ws(|ws| {
        ws.closes_softly = true;
        if !ws.close_sent {
            ws.set_close_reason(code, reason.as_bytes());
        }
    });
    if wsi.phase.get() == Phase::CloseSent {
        close::close(thread, wsi, CloseCause::Lost);
    } else {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

fn send_control(thread: &ServiceThread, wsi: &Wsi, opcode: u8, payload: &[u8]) -> Result<(), Dead> {
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
    let key = (wsi.role_kind() == RoleKind::WsClient).then(|| thread.masks.with(Masks::next));
    let len = encode_header(opcode, fin, false, payload.len() as u64, key, &mut header);
    let header = header.get(..len).unwrap_or(&[]);
    match key {
        None => tx::send(thread, wsi, header, payload),
        Some(key) => tx::send_masked(thread, wsi, header, payload, key),
    }
}

/// Sends our close frame if there is one to send. True when the peer's is to be awaited.
pub fn send_close(thread: &ServiceThread, wsi: &Wsi) -> bool {
    let Some(Some(payload)) = wsi.with_ws(|ws| {
        let due = ws.established && !ws.close_sent;
        ws.close_sent = true;
        if due { ws.close.clone() } else { None }
    }) else {
        return false;
    };
    if send_control(thread, wsi, CLOSE, payload.as_slice()).is_err() {
        return false;
    }
    tx::flush_cork(thread, wsi);
    !closes_softly(wsi)
}

/// True when the peer's close frame has come.
pub fn has_peer_closed(wsi: &Wsi) -> bool {
    wsi.with_ws(|ws| ws.peer_closed).unwrap_or(true)
}

/// See [`Ws::closes_softly`].
pub fn closes_softly(wsi: &Wsi) -> bool {
    wsi.with_ws(|ws| ws.closes_softly).unwrap_or(false)
}

/// A ping to see whether the peer is there; the program gets a WRITEABLE after it.
pub fn send_validity_ping(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let _ = send_control(thread, wsi, PING, b"");
    crate::conn::service::ask_writable(thread, wsi);
}

/// The kinds of `enum lws_write_protocol` that make ws frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WriteKind {
    /// Opcode.
    pub opcode: u8,
    /// Last frame of the message.
    pub fin: bool,
}

impl WriteKind {
    /// Reads the low bits (kind) and the NO_FIN flag; `None` for kinds that ws does not know.
    pub fn from_bits(bits: u32) -> Option<Self> {
        const NO_FIN: u32 = 64;
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
    let ready = wsi.with_ws(|ws| ws.established && !ws.close_sent);
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
    send_frame(thread, wsi, kind.opcode, kind.fin, payload)
}
