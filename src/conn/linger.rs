//! The time after a close in which the peer may still read our last words (RFC 9112 9.6).
//!
//! A socket that is closed while the peer goes on sending is reset, and the reset overtakes the answer. So where an http
//! answer ends a connection whose request was not read to its end, the sending side is shut down, and what still comes is
//! read and forgotten until the peer ends, too much has come, or time is up. For the program the connection has ended
//! before that. Nothing of it is left but the descriptor. Called by [`crate::conn::close`].

use crate::conn::close;
use crate::conn::role::{Role, http};
use crate::conn::thread::{ServiceThread, Waiter};
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::clock::SEC;
use crate::sys::sock::{self, Io};
use std::cell::Cell;
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;

/// Seconds that the peer has to come to its end.
const LONGEST: i64 = 5;
/// Bytes that are read and forgotten at most.
const MOST: usize = 16 * 1024 * 1024;
/// Pieces read in a row before others get their turn.
const TURNS: usize = 16;

/// What is left of a connection.
#[derive(Default)]
pub struct Remains {
    forgotten: Cell<usize>,
}

/// The peer of a connection that ends may not have sent everything yet.
pub fn is_due(thread: &ServiceThread, wsi: &Wsi, cause: CloseCause) -> bool {
    cause == CloseCause::Asked
        && !thread.is_ending()
        // A program with its own poll() has been told that the descriptor is gone.
        && thread.waiter.get() != Waiter::Program
        && !wsi.rx_ended.get()
        && !wsi.is_hung_up.get()
        && http::leaves_unread(wsi)
}

/// Waits for the peer's end on a socket that no connection uses any more.
pub fn begin(thread: &ServiceThread, fd: OwnedFd) {
    if !sock::shutdown_send(sock::borrow(&fd)) {
        return;
    }
    let Some(wsi) = thread.create() else {
        return;
    };
    let number = fd.as_raw_fd();
    wsi.attach(fd);
    wsi.set_role(Role::Lingering(Remains::default()));
    thread.enlist(&wsi);
    if thread.registrar.rearm(number, wsi.handle).is_err() {
        thread.delist(&wsi);
        drop(wsi.detach());
        thread.discard(&wsi);
        return;
    }
    wsi.readable.set(true);
    timeout::set_internal(thread, &wsi, pending::SHUTDOWN_FLUSH, LONGEST * SEC);
    thread.queue(&wsi);
}

/// Something came, or the end.
pub fn on_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let mut sink = [0u8; 16 * 1024];
    for _ in 0..TURNS {
        match wsi.with_fd(|fd| sock::recv(fd, &mut sink)) {
            Some(Io::Moved(n @ 1..)) if has_patience(wsi, n) => {}
            Some(Io::WouldBlock) => return,
            _ => return close::close(thread, wsi, CloseCause::Lost),
        }
    }
    thread.queue(wsi);
}

fn has_patience(wsi: &Wsi, more: usize) -> bool {
    wsi.role.with(|role| match role {
        Role::Lingering(remains) => {
            let all = remains.forgotten.get().saturating_add(more);
            remains.forgotten.set(all);
            all <= MOST
        }
        _ => false,
    })
}
