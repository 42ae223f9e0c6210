//! The answer to a program's request: its head is told, its body is offered and read by the program.
//!
//! RECEIVE_CLIENT_HTTP says that there is something; the program calls lws_http_client_read with a buffer of its own,
//! which comes back as RECEIVE_CLIENT_HTTP_READ without the chunking. What the program does not take is kept with the
//! connection and nothing more is received. COMPLETED_CLIENT_HTTP is told inside the read that took the last byte.

use crate::conn::client::{self, Progress};
use crate::conn::close;
use crate::conn::dispatch::{call, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::Input;
use crate::conn::role::client::{Left, Stage, is_client, resume};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::chunked::{ChunkDecoder, ChunkEvent};
use crate::util::log::log_info;
use std::ops::Range;
use std::rc::Rc;

/// The head of the answer is there.
pub fn on_head(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    client::need_session(wsi);
    if tell(thread, wsi, Reason::CLIENT_FILTER_PRE_ESTABLISH) != 0 {
        return client::fail(thread, wsi, "HS: disallowed by client filter");
    }
    if !is_client(wsi) {
        return;
    }
    if tell(thread, wsi, Reason::ESTABLISHED_CLIENT_HTTP) != 0 {
        return client::fail(thread, wsi, "HS: disallowed at ESTABLISHED");
    }
    if !is_client(wsi) {
        return;
    }
    wsi.progress.set(Progress::Up);
    if wsi.with_client(|h| matches!(h.left, Left::Length(0))) == Some(true) {
        complete(thread, wsi);
    }
}

/// The answer is complete. False when the program wants the connection closed. What becomes of it else is seen to after the pass.
fn complete(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    wsi.with_client(|h| h.stage = Stage::Done);
    let turn = wsi.incarnation.get();
    let is_last = tell(thread, wsi, Reason::COMPLETED_CLIENT_HTTP) != 0;
    if is_last && wsi.incarnation.get() == turn {
        wsi.with_client(|h| h.is_last = true);
    }
    if wsi.is_open() && thread.serving.get() != Some(wsi.handle) {
        thread.queue(wsi);
    }
    !is_last
}

/// Offers input to the program. Returns how much of it was taken.
pub fn offer(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let len = input.end - input.start;
    let limit = wsi.with_client(|h| h.first_read).filter(|n| *n > 0);
    let window: &[u8] = input.window(limit.unwrap_or(len));
    let offered = window.len();
    let turn = wsi.incarnation.get();
    wsi.with_client(|h| {
        h.offered.clear();
        h.offered.extend_from_slice(window);
        h.taken = 0;
    });
    while is_hungry(wsi) {
        let before = wsi.with_client(|h| h.taken);
        let refused = tell(thread, wsi, Reason::RECEIVE_CLIENT_HTTP) != 0;
        if !refused && wsi.incarnation.get() != turn {
            return offered;
        }
        if refused || wsi.with_client(|h| h.is_broken) != Some(false) {
            close::close(thread, wsi, CloseCause::Asked);
            break;
        }
        if wsi.with_client(|h| h.stage) == Some(Stage::Done) {
            break;
        }
        if wsi.with_client(|h| h.taken) == before {
            // It reads when it likes; until then nothing more is received.
            wsi.rx_held.set(true);
            break;
        }
    }
    let Some(taken) = wsi.with_client(|h| {
        h.first_read = h.first_read.saturating_sub(h.taken);
        h.offered = Vec::new();
        std::mem::take(&mut h.taken)
    }) else {
        return offered;
    };
    if wsi.is_open() { taken } else { offered }
}

/// True while the program may be asked to read on.
fn is_hungry(wsi: &Wsi) -> bool {
    wsi.is_open() && wsi.takes_rx() && wsi.with_client(|h| h.taken < h.offered.len()) == Some(true)
}

/// The stream has ended inside the body, or with it.
pub fn on_end(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    // quirk: the program is asked to read once more, and finds the end in that.
    tell(thread, wsi, Reason::RECEIVE_CLIENT_HTTP);
    if wsi.is_open() {
        complete_at_end(thread, wsi);
    }
}

/// A body that ends with the connection is complete then.
fn complete_at_end(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let is_whole = wsi
        .with_client(|h| h.stage == Stage::Body && h.ended && matches!(h.left, Left::UntilClose));
    if is_whole == Some(true) {
        complete(thread, wsi);
    }
}

/// The program must close the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Over;

/// lws_http_client_read: takes up to `dest` bytes of what was received and tells what of it is body. Gives how many were
/// taken.
pub fn read(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, dest: &mut [u8]) -> Result<usize, Over> {
    if !wsi.is_open() || wsi.with_client(|h| h.stage == Stage::Body && !h.is_broken) != Some(true) {
        return Err(Over);
    }
    // quirk: no read takes more than what the reference reads at a time.
    let limit = rx::window_len(thread, wsi).min(dest.len());
    let dest = dest.get_mut(..limit).unwrap_or_default();
    let len = take(wsi, dest);
    if len == 0 && wsi.with_client(|h| h.ended) == Some(true) {
        complete_at_end(thread, wsi);
        return Err(Over);
    }
    resume(thread, wsi);
    let turn = wsi.incarnation.get();
    let decoder = wsi.with_client(|h| match &mut h.left {
        Left::Chunked(decoder) => Some(std::mem::take(decoder)),
        Left::Length(_) | Left::UntilClose => None,
    });
    let told = match decoder.flatten() {
        Some(decoder) => tell_chunks(thread, wsi, decoder, dest, len),
        None => tell_plain(thread, wsi, dest, len),
    };
    match told {
        // The program has begun anew with it: nothing of that is over.
        Err(Over) if wsi.is_open() && wsi.incarnation.get() != turn => Ok(len),
        told => told.map(|()| len),
    }
}

/// Moves received bytes to the program's buffer, no more than belong to the answer.
fn take(wsi: &Wsi, dest: &mut [u8]) -> usize {
    let most = wsi.with_client(|h| match h.left {
        Left::Length(left) => usize::try_from(left).unwrap_or(usize::MAX),
        Left::Chunked(_) | Left::UntilClose => usize::MAX,
    });
    let most = most.unwrap_or(0).min(dest.len());
    let from_offer = wsi.with_client(|h| {
        let rest = h.offered.get(h.taken..).unwrap_or(&[]);
        let len = rest.len().min(most);
        copy(rest, dest, len);
        h.taken += len;
        len
    });
    if let Some(len @ 1..) = from_offer {
        return len;
    }
    // Not inside RECEIVE_CLIENT_HTTP: what was kept.
    wsi.rx_saved.with(|saved| {
        let len = saved.len().min(most);
        copy(saved.front(), dest, len);
        saved.consume(len);
        len
    })
}

fn copy(from: &[u8], to: &mut [u8], len: usize) {
    if let (Some(from), Some(to)) = (from.get(..len), to.get_mut(..len)) {
        to.copy_from_slice(from);
    }
}

fn tell_plain(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    dest: &mut [u8],
    len: usize,
) -> Result<(), Over> {
    let left = wsi.with_client(|h| match &mut h.left {
        Left::Length(left) => {
            *left = left.saturating_sub(len as u64);
            Some(*left)
        }
        Left::Chunked(_) | Left::UntilClose => None,
    });
    if len > 0 {
        tell_piece(thread, wsi, dest, 0..len)?;
    }
    if left.flatten() == Some(0) && !complete(thread, wsi) {
        return Err(Over);
    }
    Ok(())
}

/// The pieces of body between the chunk heads. What lies behind the last chunk is not ours and is dropped.
fn tell_chunks(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    mut decoder: Box<ChunkDecoder>,
    dest: &mut [u8],
    len: usize,
) -> Result<(), Over> {
    let mut at = 0;
    loop {
        let rest = dest.get(at..len).unwrap_or(&[]);
        match decoder.feed(rest) {
            Ok((used, ChunkEvent::Data(range))) => {
                let piece = at + range.start..at + range.end;
                at += used;
                tell_piece(thread, wsi, dest, piece)?;
            }
            Ok((_, ChunkEvent::NeedMore)) => break,
            Ok((used, ChunkEvent::End)) => {
                if at + used < len {
                    wsi.with_client(|h| h.has_junk = true);
                }
                return if complete(thread, wsi) {
                    Ok(())
                } else {
                    Err(Over)
                };
            }
            Err(why) => {
                log_info!("client: the answer's body cannot be read: {why:?}");
                wsi.with_client(|h| h.is_broken = true);
                return Err(Over);
            }
        }
    }
    wsi.with_client(|h| h.left = Left::Chunked(decoder));
    Ok(())
}

fn tell_piece(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    dest: &mut [u8],
    piece: Range<usize>,
) -> Result<(), Over> {
    let payload = Payload::Bytes {
        buffer: dest,
        start: piece.start,
        len: piece.len(),
    };
    let refused = call(thread, wsi, Reason::RECEIVE_CLIENT_HTTP_READ, payload) != 0;
    if refused {
        // The reference calls again and again; the bytes are gone all the same.
        wsi.with_client(|h| h.is_broken = true);
    }
    if refused || !is_client(wsi) {
        return Err(Over);
    }
    Ok(())
}
