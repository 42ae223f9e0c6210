//! Encrypted connections: between the socket's bytes and the role's.
//!
//! A connection of a TLS vhost has a session (`crate::tls`), which is an engine. Input: one receive fills the thread's buffer for
//! ciphertext, each record of it goes to the role like a receive of a plain connection. Output: what `conn::tx` would send is
//! encrypted and then sent, corked and queued as bytes of the wire. [`handshake`] gets a connection ready, [`vhost`] makes the
//! contexts, [`events`] is where OpenSSL calls back, [`aging`] and [`update`] are about certificates.
//!
//! User code may run inside any call of a session: nothing is borrowed then, and who made the call looks at the connection first
//! when it is back.

use crate::conn::close;
use crate::conn::role;
use crate::conn::rx;
use crate::conn::thread::{RX_LEN, RX_PRE, ServiceThread};
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::sock::{self, Io};
use crate::tls::session::{Received, Session, Step};
use crate::util::log::log_info;
use std::rc::Rc;

pub mod aging;
pub mod events;
pub mod handshake;
pub mod update;
pub mod vhost;

/// Ciphertext that one receive may bring. A record that was begun before must fit into the plaintext buffer too.
const WIRE_LEN: usize = RX_LEN - 32 * 1024;
/// Receives in a row for one connection before others get their turn.
const TURNS: usize = 4;

/// Where a connection is with TLS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Plain.
    None,
    /// Nothing but the handshake may happen.
    Handshake,
    /// In use.
    Ready,
}

/// The thread's buffers for the wire's side, away while somebody uses them.
#[derive(Default)]
pub struct WireBuffers {
    received: crate::util::cell::StateCell<Option<Vec<u8>>>,
    output: crate::util::cell::StateCell<Vec<u8>>,
}

/// The buffer for ciphertext with what the session could not take before.
fn take_received(thread: &ServiceThread, session: &Session) -> Received {
    let bytes = thread.wire.received.take();
    let bytes = bytes.unwrap_or_else(|| vec![0; WIRE_LEN]);
    let mut received = Received {
        bytes,
        ..Received::default()
    };
    session.restore(&mut received);
    received
}

fn give_back(thread: &ServiceThread, session: &Session, received: Received) {
    session.keep(&received);
    thread.wire.received.replace(Some(received.bytes));
}

/// Receives ciphertext. `None`: nothing now.
fn receive_wire(wsi: &Wsi, received: &mut Received) -> Option<Io> {
    if !wsi.readable.get() {
        return None;
    }
    let room = received.room(WIRE_LEN);
    let wanted = room.len();
    let io = wsi.with_fd(|fd| sock::recv(fd, room))?;
    match io {
        Io::Moved(0) | Io::Failed(_) => {
            wsi.readable.set(false);
            wsi.rx_ended.set(true);
        }
        Io::Moved(n) => {
            received.end = n;
            // As in conn::rx: a short read has emptied the socket, unless its end was reported together with the bytes.
            wsi.readable.set(n == wanted || wsi.end_reported.get());
        }
        Io::WouldBlock => wsi.readable.set(false),
    }
    Some(io)
}

/// Runs a step of the session and sends what it has to say.
fn with_output<R>(
    thread: &ServiceThread,
    wsi: &Wsi,
    step: impl FnOnce(&mut Vec<u8>) -> R,
) -> Result<R, Dead> {
    let mut output = thread.wire.output.take();
    let result = step(&mut output);
    let sent = if output.is_empty() {
        Ok(())
    } else {
        tx::send_wire(wsi, &output)
    };
    output.clear();
    thread.wire.output.replace(output);
    sent.map(|()| result)
}

/// Encrypts pieces in order and sends them: what `conn::tx` does with a plain connection's bytes.
pub fn send(thread: &ServiceThread, wsi: &Wsi, pieces: &[&[u8]]) -> Result<(), Dead> {
    let session = wsi.tls().ok_or(Dead)?;
    let step = with_output(thread, wsi, |output| {
        let mut steps = pieces.iter().map(|piece| session.write(piece, output));
        steps.find(|step| !matches!(step, Step::Done(_)))
    })?;
    match step {
        None => Ok(()),
        Some(step) => {
            log_info!("tls: cannot encrypt: {}", why(&step));
            wsi.close_wanted.set(Some(CloseCause::Lost));
            Err(Dead)
        }
    }
}

fn why(step: &Step) -> String {
    match step {
        Step::Broken(failure) => failure.to_string(),
        Step::Ended => "the peer has ended the session".to_owned(),
        Step::Done(_) | Step::Blocked => "it does not go on".to_owned(),
    }
}

/// What could not be encrypted when it came goes out, now that the session has gone on.
fn send_waiting(thread: &ServiceThread, wsi: &Wsi, session: &Session) {
    if session.has_waiting() {
        // A failure is remembered in close_wanted, or shows in the next step of the session.
        let _ = with_output(thread, wsi, |output| session.write_waiting(output));
    }
}

/// Receives, decrypts and delivers until nothing is there, the connection refuses, or others are to have their turn.
pub fn receive(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let Some(session) = wsi.tls() else {
        return;
    };
    let mut plain = rx::take_buffer(thread);
    let mut received = take_received(thread, &session);
    let end = pump(thread, wsi, &session, &mut received, &mut plain);
    give_back(thread, &session, received);
    rx::give_buffer(thread, plain);
    match end {
        End::Later => {}
        End::Ended => role::on_end(thread, wsi),
        End::Broken => close::close(thread, wsi, CloseCause::Lost),
    }
}

/// How receiving came to its end.
enum End {
    Later,
    Ended,
    Broken,
}

fn pump(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    session: &Session,
    received: &mut Received,
    plain: &mut [u8],
) -> End {
    let mut turns = 0;
    let turn = wsi.incarnation.get();
    while rx::may_deliver(thread, wsi) && wsi.incarnation.get() == turn {
        let saved = wsi.rx_saved.take();
        if !saved.is_empty() {
            if let Some(room) = plain.get_mut(RX_PRE..RX_PRE + saved.len()) {
                room.copy_from_slice(saved.front());
            }
            rx::deliver(thread, wsi, plain, saved.len());
            continue;
        }
        // A record fits into the buffer, so a session without ciphertext has nothing for us.
        if received.is_empty() {
            if turns == TURNS {
                break;
            }
            turns += 1;
            match receive_wire(wsi, received) {
                Some(Io::Moved(0) | Io::Failed(_)) => return End::Ended,
                Some(Io::Moved(_)) => {}
                Some(Io::WouldBlock) | None => break,
            }
        }
        let room = plain.get_mut(RX_PRE..RX_PRE + RX_LEN).unwrap_or_default();
        let step = with_output(thread, wsi, |output| session.read(received, room, output));
        // User code may have run.
        if !rx::may_deliver(thread, wsi) {
            break;
        }
        send_waiting(thread, wsi, session);
        match step {
            Ok(Step::Done(len)) => rx::deliver(thread, wsi, plain, len),
            Ok(Step::Blocked) => {
                if !received.is_empty() {
                    break;
                }
            }
            Ok(Step::Ended) => {
                wsi.rx_ended.set(true);
                return End::Ended;
            }
            Ok(Step::Broken(failure)) => {
                log_info!("tls: the session has failed: {failure}");
                return End::Broken;
            }
            Err(Dead) => return End::Broken,
        }
    }
    End::Later
}

/// False when the connection's vhost wants client certificates and the handshake was made for another one that does not.
pub fn may_serve(wsi: &Wsi) -> bool {
    let Some(session) = wsi.tls() else {
        return true;
    };
    let used = crate::tls::ffi::address_of_context(session.ssl().ssl_context());
    let wrong = wsi.on_vhost(|v| {
        let server = v.tls().and_then(|tls| tls.server.as_ref());
        server.is_some_and(|s| s.requires_client_cert() && s.address() != used)
    });
    wrong != Some(true)
}

/// Says goodbye to the peer, once, where it may still listen: not when its socket failed, but when it said goodbye itself.
pub fn say_goodbye(thread: &ServiceThread, wsi: &Wsi, cause: CloseCause) {
    if wsi.tls_stage() != Stage::Ready || wsi.fd() < 0 {
        return;
    }
    let Some(session) = wsi.tls() else {
        return;
    };
    if cause == CloseCause::Lost && !session.has_ended() || wsi.has_queued_tx() {
        return;
    }
    // Behind output that waits it would come too late, and to a peer that is gone it is lost.
    let _ = with_output(thread, wsi, |output| session.say_goodbye(output));
}

/// The connection ends: so does its session.
pub fn release(thread: &ServiceThread, wsi: &Wsi) {
    if let Some(session) = wsi.set_tls(None) {
        drop(session);
        handshake::session_ended(thread);
    }
}
