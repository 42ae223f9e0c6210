//! The event loop: says which descriptor is ready, and when a thread was woken.
//!
//! [`poller::Poller`] is the built-in loop on mio (epoll, edge-triggered); [`timers`] orders deadlines. A program
//! with a poll() array of its own skips the poller: the connection code is told the same [`Readiness`] either way.

pub mod poller;
pub mod timers;

/// What a descriptor can do now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Readiness {
    /// Reading will give bytes, an end of stream or an error.
    pub readable: bool,
    /// Input waits, not only an end of stream.
    pub input: bool,
    /// The peer has ended its stream, behind what may still be there to read.
    pub ended: bool,
    /// The socket has room again.
    pub writable: bool,
    /// The peer is gone in both directions.
    pub hangup: bool,
}
