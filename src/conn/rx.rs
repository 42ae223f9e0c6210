//! Input: one large receive into the thread's buffer, given to the role in small pieces.
//!
//! Between two pieces a requested WRITEABLE is served and flow control is honoured, since programs with small rings
//! rely on both. What cannot be delivered now is kept with the connection and nothing more is received until it
//! is gone.

use crate::conn::close;
use crate::conn::role::{self, Input, RoleKind, datagram, ws};
use crate::conn::service;
use crate::conn::thread::{RX_LEN, RX_PRE, ServiceThread};
use crate::conn::tls;
use crate::conn::wsi::{CloseCause, Phase, Wsi};
use crate::sys::sock::{self, Io};
use crate::util::bufq::BufQueue;
use std::rc::Rc;

/// Room that the reference keeps in its service buffer; it shows in how input is cut into callbacks.
pub const SLACK: usize = 16;
/// Receives in a row for one connection before others get their turn.
const TURNS: usize = 4;

/// Largest piece a callback of the bound protocol gets.
pub fn piece_len(thread: &ServiceThread, wsi: &Wsi) -> usize {
    match wsi.rx_len() {
        0 => thread.context.config.service_buffer,
        own => own,
    }
}

/// What one read of the reference takes for the connection's role; its callbacks show the edges.
pub fn window_len(thread: &ServiceThread, wsi: &Wsi) -> usize {
    if wsi.role_kind().is_ws() {
        return ws::window_len(thread, wsi);
    }
    // quirk: rx_buffer_size plays no part for raw input and http bodies; the service buffer less its slack does.
    thread
        .context
        .config
        .service_buffer
        .saturating_sub(SLACK)
        .max(1)
}

/// What is left of the window that `input` is in.
pub fn window_left(thread: &ServiceThread, wsi: &Wsi, input: &Input<'_>) -> usize {
    let window = window_len(thread, wsi);
    window - input.start.saturating_sub(RX_PRE) % window
}

/// What one receive takes: whole windows, so that their edges do not depend on how much waits.
fn receive_len(thread: &ServiceThread, wsi: &Wsi) -> usize {
    match RX_LEN - RX_LEN % window_len(thread, wsi) {
        0 => RX_LEN,
        len => len,
    }
}

/// The thread's receive buffer, or a new one while it is away.
pub fn take_buffer(thread: &ServiceThread) -> Vec<u8> {
    thread
        .rx_buffer
        .take()
        .unwrap_or_else(|| vec![0; RX_PRE + RX_LEN + 1])
}

/// Gives the receive buffer back.
pub fn give_buffer(thread: &ServiceThread, buffer: Vec<u8>) {
    thread.rx_buffer.replace(Some(buffer));
}

/// Receives and delivers until nothing is there, the connection refuses, or others are to have their turn.
pub fn receive(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.has_tls() {
        return tls::receive(thread, wsi);
    }
    if wsi.role_kind() == RoleKind::Datagram {
        return datagram::receive(thread, wsi);
    }
    let mut buffer = take_buffer(thread);
    for _ in 0..TURNS {
        if !may_deliver(thread, wsi) {
            break;
        }
        let wanted = receive_len(thread, wsi);
        let (len, drained) = fetch(wsi, &mut buffer, wanted);
        match len {
            Some(0) => {
                give_buffer(thread, buffer);
                role::on_end(thread, wsi);
                return;
            }
            Some(len) => deliver(thread, wsi, &mut buffer, len),
            None => break,
        }
        if drained {
            break;
        }
    }
    give_buffer(thread, buffer);
}

/// Fills the buffer from what was saved, or from the socket. `None`: nothing now. The flag: nothing more to expect.
fn fetch(wsi: &Wsi, buffer: &mut [u8], wanted: usize) -> (Option<usize>, bool) {
    let saved = wsi.rx_saved.take();
    if !saved.is_empty() {
        if let Some(room) = buffer.get_mut(RX_PRE..RX_PRE + saved.len()) {
            room.copy_from_slice(saved.front());
        }
        return (Some(saved.len()), !wsi.readable.get());
    }
    if !wsi.readable.get() {
        return (None, true);
    }
    let Some(room) = buffer.get_mut(RX_PRE..RX_PRE + wanted) else {
        return (None, true);
    };
    let is_socket = wsi.is_socket.get();
    let io = wsi.with_fd(|fd| {
        if is_socket {
            sock::recv(fd, room)
        } else {
            sock::read(fd, room)
        }
    });
    match io {
        Some(Io::Moved(0)) | Some(Io::Failed(_)) | None => {
            wsi.readable.set(false);
            wsi.rx_ended.set(true);
            (Some(0), true)
        }
        Some(Io::Moved(n)) => {
            // A short read has emptied the socket: the next bytes give a new edge. An end that was reported together with
            // them does not.
            let drained = n < wanted && !wsi.end_reported.get();
            wsi.readable.set(!drained);
            (Some(n), drained)
        }
        Some(Io::WouldBlock) => {
            wsi.readable.set(false);
            (None, true)
        }
    }
}

/// Gives `len` received bytes to the role, piece by piece; keeps what it does not take.
pub fn deliver(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, buffer: &mut [u8], len: usize) {
    let turn = wsi.incarnation.get();
    let mut input = Input {
        buffer,
        start: RX_PRE,
        end: RX_PRE + len,
    };
    while input.start < input.end && may_deliver(thread, wsi) {
        let before = wsi.role_kind();
        let had_asked = wsi.wants_writable.get();
        let used = role::on_rx(thread, wsi, &mut input);
        if wsi.incarnation.get() != turn {
            // What is left came over a connection that is gone.
            return;
        }
        input.start += used;
        if used == 0 && !ws::has_held(wsi) {
            break;
        }
        if wsi.wants_writable.get() {
            serve_edge(thread, wsi, before, had_asked);
        }
    }
    if input.start < input.end && !is_deaf(wsi) {
        let rest = input.buffer.get(input.start..input.end).unwrap_or(&[]);
        wsi.rx_saved.replace(BufQueue::of(rest));
    }
}

/// Between two windows: a WRITEABLE that was asked for.
fn serve_edge(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, before: RoleKind, had_asked: bool) {
    match wsi.role_kind() {
        // quirk: on a raw socket the input of a pass comes before its WRITEABLE, so one that was asked for in this window
        // comes behind the next.
        now if now.is_raw_socket() => {
            if had_asked {
                service::offer_writable_times(thread, wsi, 1);
            }
        }
        // quirk: what follows an upgrade in the same read comes before a WRITEABLE asked for in ESTABLISHED.
        now if now != before => {}
        _ => service::offer_writable(thread, wsi),
    }
}

/// Puts bytes before everything that is still to be received.
pub fn prepend(wsi: &Wsi, early: &[u8]) {
    let early = early.get(..RX_LEN).unwrap_or(early);
    wsi.rx_saved.replace(BufQueue::of(early));
}

/// True while the connection takes input.
pub fn may_deliver(thread: &ServiceThread, wsi: &Wsi) -> bool {
    wsi.takes_rx() && !is_deaf(wsi) && !thread.is_ending()
}

/// True when input is not looked at any more.
pub fn is_deaf(wsi: &Wsi) -> bool {
    match wsi.phase.get() {
        Phase::Open => wsi.is_closing.get(),
        Phase::CloseSent => !wsi.role_kind().is_ws(),
        Phase::Flushing | Phase::Shutdown | Phase::Dead => true,
    }
}

/// Reads and forgets what waits in the socket, up to a limit.
pub fn forget_unread(wsi: &Wsi) {
    const PIECES: usize = 64;
    let mut sink = [0u8; 16 * 1024];
    for _ in 0..PIECES {
        match wsi.with_fd(|fd| sock::recv(fd, &mut sink)) {
            Some(Io::Moved(n)) if n == sink.len() => {}
            _ => return,
        }
    }
}

/// After our end of stream: reads and forgets until the peer's comes.
pub fn discard(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let mut buffer = take_buffer(thread);
    let mut over = false;
    for _ in 0..TURNS {
        wsi.rx_saved.take();
        match fetch(wsi, &mut buffer, RX_LEN) {
            (Some(0), _) => over = true,
            (Some(_), false) => continue,
            _ => {}
        }
        break;
    }
    give_buffer(thread, buffer);
    if over {
        close::close(thread, wsi, CloseCause::Lost);
    }
}
