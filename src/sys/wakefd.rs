//! The descriptor that ends a wait: an eventfd, written from any thread or from a signal handler.

use rustix::event::{EventfdFlags, eventfd};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

/// What a plain wake-up adds to the counter.
const WAKE: u64 = 1;
/// What a cancellation adds: more than any number of wake-ups between two reads.
const CANCEL: u64 = 1 << 32;

/// One service thread's wake-up descriptor.
pub struct WakeFd(OwnedFd);

impl WakeFd {
    /// Makes one, non-blocking and close-on-exec.
    pub fn new() -> io::Result<Self> {
        Ok(Self(eventfd(
            0,
            EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC,
        )?))
    }

    /// Makes the descriptor readable.
    pub fn wake(&self) {
        // A full counter (EAGAIN) is readable already, nothing else can fail here.
        let _ = rustix::io::write(&self.0, &WAKE.to_ne_bytes());
    }

    /// Makes it unreadable again; true when some wake-up was a cancellation.
    pub fn drain(&self) -> bool {
        let mut count = [0u8; 8];
        let read = rustix::io::read(&self.0, &mut count).is_ok();
        read && u64::from_ne_bytes(count) >= CANCEL
    }

    /// Its number, for the event loop and for programs with their own poll().
    pub fn raw(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Cancels a wait through a bare descriptor number. Async-signal-safe.
pub fn cancel_raw(fd: RawFd) {
    #[expect(unsafe_code, reason = "the number is borrowed for one write(2)")]
    // SAFETY: the number comes from a table that only holds live eventfds; write(2) on a number that was closed
    // in between fails with EBADF.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let _ = rustix::io::write(fd, &CANCEL.to_ne_bytes());
}

/// Takes ownership of a descriptor number that the C program hands over.
pub fn adopt_raw(fd: RawFd) -> Option<OwnedFd> {
    if fd < 0 {
        return None;
    }
    #[expect(unsafe_code, reason = "ownership arrives as a number from C")]
    // SAFETY: the exported function's contract is that the descriptor belongs to the library from here on.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Gives up ownership without closing.
pub fn disown(fd: OwnedFd) -> RawFd {
    fd.into_raw_fd()
}
