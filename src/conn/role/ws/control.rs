//! Control frames: pings and pongs, the close handshake, failing a connection.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::RoleKind;
use crate::conn::role::ws::by_side;
use crate::conn::role::ws::send::send_control;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout;
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Phase, RxFacts, Wsi};
use crate::proto::ws::frame::{CLOSE, Control, PING, PONG};
use std::rc::Rc;

/// Answers a ping.
pub fn answer_ping(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, ping: Control) {
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

/// Tells the program of a pong.
pub fn on_pong(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, pong: Control) {
    timeout::validity_confirmed(thread, wsi);
    if pong.len == 0 && wsi.role_kind() == RoleKind::Ws {
        // quirk: an empty pong, such as the answer to a validity ping, is told to clients only.
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
pub fn on_close(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, payload: Control) {
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
pub fn fail(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, code: u16, reason: &str) {
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
