//! The built-in loop: mio, edge-triggered.
//!
//! An edge is reported once; the connection keeps the flag until an attempt says `WouldBlock` or moves less
//! than asked. So a request for writable on a socket with room costs no system call, and descriptors are registered
//! once for both directions and never modified.

use crate::event::Readiness;
use crate::util::ids::Handle;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token};
use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

/// Events fetched by one wait.
const EVENTS: usize = 1024;

/// The waiting half: used by the OS thread that waits.
pub struct Poller {
    poll: Poll,
    events: Events,
}

/// The registering half: used by whoever has entered the service thread, also while another OS thread waits.
pub struct Registrar(Registry);

impl Poller {
    /// Makes a loop and its registering half.
    pub fn new() -> io::Result<(Self, Registrar)> {
        let poll = Poll::new()?;
        let registrar = Registrar(poll.registry().try_clone()?);
        let events = Events::with_capacity(EVENTS);
        Ok((Self { poll, events }, registrar))
    }

    /// Waits at most `timeout` (`None`: without end). A signal ends the wait early and is no error.
    pub fn wait(&mut self, timeout: Option<Duration>) {
        if self.poll.poll(&mut self.events, timeout).is_err() {
            self.events.clear();
        }
    }

    /// What the last wait found.
    pub fn ready(&self) -> impl Iterator<Item = (Handle, Readiness)> + '_ {
        self.events.iter().map(|e| {
            let hangup = e.is_error() || (e.is_read_closed() && e.is_write_closed());
            let readiness = Readiness {
                readable: e.is_readable() || e.is_read_closed() || hangup,
                input: e.is_readable(),
                ended: e.is_read_closed() || hangup,
                writable: e.is_writable(),
                hangup,
            };
            (Handle::from_addr(e.token().0), readiness)
        })
    }
}

impl Registrar {
    /// Watches `fd` in both directions under `handle`. Regular files refuse (EPERM): they are always ready.
    pub fn register(&self, fd: RawFd, handle: Handle) -> io::Result<()> {
        let both = Interest::READABLE | Interest::WRITABLE;
        self.0
            .register(&mut SourceFd(&fd), Token(handle.addr()), both)
    }

    /// Asks for a fresh edge, for descriptors that the program reads by itself.
    pub fn rearm(&self, fd: RawFd, handle: Handle) -> io::Result<()> {
        let both = Interest::READABLE | Interest::WRITABLE;
        self.0
            .reregister(&mut SourceFd(&fd), Token(handle.addr()), both)
    }

    /// Stops watching. Needed only where the descriptor outlives its connection.
    pub fn forget(&self, fd: RawFd) {
        let _ = self.0.deregister(&mut SourceFd(&fd));
    }
}
