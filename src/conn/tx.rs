//! Output: the cork, direct sends, and the queue of what the socket did not take.
//!
//! While a connection is being served its writes collect in the thread's cork and leave in one send at the end. A
//! write that does not fit goes out together with what is corked, straight from the program's memory. Nothing is
//! queued per connection unless the socket is full; from then on order is kept through the queue.

use crate::conn::thread::ServiceThread;
use crate::conn::tls;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::ws::mask;
use crate::sys::sock::{self, Io};
use crate::util::cell::StateCell;
use crate::util::ids::Handle;
use std::cell::Cell;
use std::io::IoSlice;

/// Bytes that collect before a send.
pub const CORK_LEN: usize = 256 * 1024;
/// Bytes masked at a time; a multiple of the key's length.
const MASKED_PIECE: usize = 16 * 1024;

/// The output buffer of one service thread; it belongs to one connection at a time.
#[derive(Default)]
pub struct Cork {
    owner: Cell<Option<Handle>>,
    bytes: StateCell<Vec<u8>>,
}

/// The connection cannot send any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dead;

/// Makes `wsi` the owner of the cork; gives the one before, for [`uncork`].
pub fn cork(thread: &ServiceThread, wsi: &Wsi) -> Option<Handle> {
    let before = thread.cork.owner.get();
    if before != Some(wsi.handle) {
        flush_owner(thread);
        thread.cork.owner.set(Some(wsi.handle));
    }
    before
}

/// Sends what is corked and hands the cork back.
pub fn uncork(thread: &ServiceThread, wsi: &Wsi, before: Option<Handle>) {
    flush_cork(thread, wsi);
    thread.cork.owner.set(before);
}

fn flush_owner(thread: &ServiceThread) {
    if thread.cork.bytes.with(|b| b.is_empty()) {
        return;
    }
    match thread.cork.owner.get().and_then(|h| thread.find(h)) {
        Some(owner) => flush_cork(thread, &owner),
        None => thread.cork.bytes.with(Vec::clear),
    }
}

/// Sends what is corked for `wsi`, if it owns the cork.
pub fn flush_cork(thread: &ServiceThread, wsi: &Wsi) {
    if thread.cork.owner.get() != Some(wsi.handle) {
        return;
    }
    let mut bytes = thread.cork.bytes.take();
    if !bytes.is_empty() {
        // A failure is remembered in close_wanted; whoever serves the connection looks there.
        let _ = push_out(thread, wsi, &bytes, &[], &[]);
        bytes.clear();
    }
    thread.cork.bytes.replace(bytes);
}

/// Sends what is corked for a plain connection, to which a file is added right after: for one packet with its beginning.
pub fn flush_before_file(thread: &ServiceThread, wsi: &Wsi) {
    let may =
        wsi.writable.get() && wsi.is_socket.get() && !wsi.has_queued_tx() && corked(thread) > 0;
    if may && thread.cork.owner.get() == Some(wsi.handle) {
        thread.cork.bytes.with(|cork| {
            let io = wsi.with_fd(|fd| sock::send_beginning(fd, cork));
            if let Some(Io::Moved(n)) = io {
                cork.drain(..n.min(cork.len()));
            }
        });
    }
    flush_cork(thread, wsi);
}

/// True while another message may be corked for the connection being served.
pub fn has_room(thread: &ServiceThread, wsi: &Wsi) -> bool {
    thread.cork.owner.get() == Some(wsi.handle)
        && thread.cork.bytes.with(|b| b.len()) < CORK_LEN / 2
}

/// Bytes corked now.
pub fn corked(thread: &ServiceThread) -> usize {
    thread.cork.bytes.with(|b| b.len())
}

/// Sends `head` and `body` in order after everything written before. On return all of it is sent, corked or queued.
pub fn send(thread: &ServiceThread, wsi: &Wsi, head: &[u8], body: &[u8]) -> Result<(), Dead> {
    if wsi.close_wanted.get() == Some(CloseCause::Lost) || wsi.fd() < 0 {
        return Err(Dead);
    }
    if wsi.has_pending_tx() {
        return push_out(thread, wsi, &[], head, body);
    }
    if thread.cork.owner.get() != Some(wsi.handle) {
        return push_out(thread, wsi, &[], head, body);
    }
    let fits = thread.cork.bytes.with(|cork| {
        let fits = cork.len() + head.len() + body.len() <= CORK_LEN;
        if fits {
            cork.extend_from_slice(head);
            cork.extend_from_slice(body);
        }
        fits
    });
    if fits {
        return Ok(());
    }
    let mut corked = thread.cork.bytes.take();
    let result = push_out(thread, wsi, &corked, head, body);
    corked.clear();
    thread.cork.bytes.replace(corked);
    result
}

/// Sends `head`, then `body` masked with `key`, as [`send`] does. The program's memory is left as it is.
pub fn send_masked(
    thread: &ServiceThread,
    wsi: &Wsi,
    mut head: &[u8],
    body: &[u8],
    key: [u8; 4],
) -> Result<(), Dead> {
    if wsi.close_wanted.get() == Some(CloseCause::Lost) || wsi.fd() < 0 {
        return Err(Dead);
    }
    let mut offset = 0;
    while thread.cork.owner.get() == Some(wsi.handle) && !wsi.has_pending_tx() {
        let rest = body.get(offset..).unwrap_or(&[]);
        let key = mask::turned(key, offset);
        let bytes = &thread.cork.bytes;
        offset += bytes.with(|cork| cork_masked(cork, &mut head, rest, key));
        if head.is_empty() && offset >= body.len() {
            return Ok(());
        }
        let mut corked = bytes.take();
        let result = push_out(thread, wsi, &corked, &[], &[]);
        corked.clear();
        bytes.replace(corked);
        result?;
    }
    send_masked_pieces(thread, wsi, head, body, offset, key)
}

/// Appends what there is room for; `head` is empty when it went too. Returns how much of `body` did.
fn cork_masked(cork: &mut Vec<u8>, head: &mut &[u8], body: &[u8], key: [u8; 4]) -> usize {
    let room = CORK_LEN.saturating_sub(cork.len() + head.len());
    if room == 0 {
        return 0;
    }
    cork.extend_from_slice(std::mem::take(head));
    let body = body.get(..room).unwrap_or(body);
    // What was just copied is still near when it is masked.
    for piece in body.chunks(MASKED_PIECE) {
        let at = cork.len();
        cork.extend_from_slice(piece);
        mask::apply(key, 0, cork.get_mut(at..).unwrap_or_default());
    }
    body.len()
}

/// The same without the cork: to the socket or to the queue.
fn send_masked_pieces(
    thread: &ServiceThread,
    wsi: &Wsi,
    mut head: &[u8],
    body: &[u8],
    mut offset: usize,
    key: [u8; 4],
) -> Result<(), Dead> {
    let mut piece = [0u8; MASKED_PIECE];
    loop {
        let rest = body.get(offset..).unwrap_or(&[]);
        let len = rest.len().min(MASKED_PIECE);
        let masked = piece.get_mut(..len).unwrap_or_default();
        masked.copy_from_slice(rest.get(..len).unwrap_or(&[]));
        mask::apply(key, offset, masked);
        send(thread, wsi, head, masked)?;
        head = &[];
        offset += len;
        if offset >= body.len() {
            return Ok(());
        }
    }
}

fn lost(wsi: &Wsi) -> Dead {
    wsi.close_wanted.set(Some(CloseCause::Lost));
    Dead
}

fn enqueue(wsi: &Wsi, pieces: &[&[u8]]) -> Result<(), Dead> {
    let ok = wsi.with_tx(|q| pieces.iter().all(|p| q.push(p)));
    if ok { Ok(()) } else { Err(lost(wsi)) }
}

/// Sends up to three pieces, encrypted where the connection is.
fn push_out(
    thread: &ServiceThread,
    wsi: &Wsi,
    first: &[u8],
    second: &[u8],
    third: &[u8],
) -> Result<(), Dead> {
    if wsi.has_tls() {
        return tls::send(thread, wsi, &[first, second, third]);
    }
    push_pieces(wsi, first, second, third)
}

/// Sends bytes as the wire wants them.
pub fn send_wire(wsi: &Wsi, bytes: &[u8]) -> Result<(), Dead> {
    if wsi.fd() < 0 {
        return Err(Dead);
    }
    push_pieces(wsi, bytes, &[], &[])
}

/// One system call for up to three pieces; what is left is queued.
fn push_pieces(wsi: &Wsi, first: &[u8], second: &[u8], third: &[u8]) -> Result<(), Dead> {
    let total = first.len() + second.len() + third.len();
    let taken = if wsi.writable.get() && !wsi.has_queued_tx() {
        match attempt(wsi, first, second, third) {
            Io::Moved(n) => n,
            Io::WouldBlock => 0,
            Io::Failed(_) => return Err(lost(wsi)),
        }
    } else {
        0
    };
    if taken == total {
        return Ok(());
    }
    wsi.writable.set(false);
    let mut skip = taken;
    for piece in [first, second, third] {
        let rest = piece.get(skip.min(piece.len())..).unwrap_or(&[]);
        skip = skip.saturating_sub(piece.len());
        enqueue(wsi, &[rest])?;
    }
    Ok(())
}

fn attempt(wsi: &Wsi, first: &[u8], second: &[u8], third: &[u8]) -> Io {
    let is_socket = wsi.is_socket.get();
    wsi.with_fd(|fd| {
        let single = match (first.is_empty(), second.is_empty(), third.is_empty()) {
            (_, true, true) => Some(first),
            (true, _, true) => Some(second),
            (true, true, _) => Some(third),
            _ => None,
        };
        match single {
            Some(bytes) if is_socket => sock::send(fd, bytes),
            Some(bytes) => sock::write(fd, bytes),
            None if is_socket => {
                let pieces = [first, second, third].map(IoSlice::new);
                sock::send_pieces(fd, &pieces)
            }
            None => sock::write(fd, [first, second, third].concat().as_slice()),
        }
    })
    .unwrap_or(Io::Failed(libc::EBADF))
}

/// Sends from the queue as much as the socket takes.
pub fn drain(wsi: &Wsi) {
    while wsi.writable.get() && wsi.has_queued_tx() {
        let is_socket = wsi.is_socket.get();
        let moved = wsi.with_tx(|q| {
            let wanted = q.len();
            let io = wsi
                .with_fd(|fd| {
                    if is_socket {
                        sock::send(fd, q.front())
                    } else {
                        sock::write(fd, q.front())
                    }
                })
                .unwrap_or(Io::Failed(libc::EBADF));
            if let Io::Moved(n) = io {
                q.consume(n);
            }
            (io, wanted)
        });
        match moved {
            (Io::Moved(n), wanted) => wsi.writable.set(n == wanted),
            (Io::WouldBlock, _) => wsi.writable.set(false),
            (Io::Failed(_), _) => {
                lost(wsi);
                return;
            }
        }
    }
}
