//! Writing where the kernel knows no "without a signal" flag: sendfile, and descriptors that are no sockets.
//!
//! The library ignores SIGPIPE when a context is created, but the signal belongs to the program, which may take it back to
//! its default; a peer that goes away must not end it even then. So the signal is held back in the calling thread while
//! the call runs, and what came of it is thrown away. Called by `sock` only.

#![allow(unsafe_code, reason = "system calls")]

use std::mem::MaybeUninit;
use std::ptr;

fn only_sigpipe() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: fills the set.
    unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    // SAFETY: filled above, and a number that exists.
    unsafe { libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE) };
    // SAFETY: as above.
    unsafe { set.assume_init() }
}

fn is_sigpipe_pending() -> bool {
    let mut set = only_sigpipe();
    // SAFETY: a set of ours, which is replaced.
    unsafe { libc::sigpending(&raw mut set) };
    // SAFETY: reads it.
    unsafe { libc::sigismember(&raw const set, libc::SIGPIPE) == 1 }
}

/// The usual case, which costs one system call instead of two or three.
fn is_ignored() -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: fills the action, changes none.
    if unsafe { libc::sigaction(libc::SIGPIPE, ptr::null(), action.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: filled above.
    let action = unsafe { action.assume_init() };
    action.sa_sigaction == libc::SIG_IGN
}

/// Runs `call`; a SIGPIPE that it raises never arrives. `failed` says of a result that it may have raised one.
pub fn held_back<R>(call: impl FnOnce() -> R, failed: impl FnOnce(&R) -> bool) -> R {
    if is_ignored() {
        return call();
    }
    let set = only_sigpipe();
    let mut before = set;
    // SAFETY: both sets are ours.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut before) };
    // SAFETY: reads a set that the call above has filled.
    let was_blocked = unsafe { libc::sigismember(&raw const before, libc::SIGPIPE) == 1 };
    let was_pending = was_blocked && is_sigpipe_pending();
    let result = call();
    if failed(&result) && !was_pending {
        let now = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: takes the signal if it is pending, without waiting; nothing else is asked for.
        unsafe { libc::sigtimedwait(&raw const set, ptr::null_mut(), &raw const now) };
    }
    if !was_blocked {
        // SAFETY: the mask as it was.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut()) };
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::sock::{self, Io};
    use std::os::fd::AsFd;

    /// In a child: with the default action a SIGPIPE would end the test program.
    fn in_child(test: impl FnOnce() -> bool) -> bool {
        // SAFETY: the child only makes system calls and leaves.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: plain signal disposition.
            unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
            let code = i32::from(!test());
            // SAFETY: leaves at once.
            unsafe { libc::_exit(code) };
        }
        let mut status = 0;
        // SAFETY: waits for the child that was made above.
        unsafe { libc::waitpid(child, &raw mut status, 0) };
        status == 0
    }

    #[test]
    fn a_broken_pipe_is_an_error_and_no_signal() {
        assert!(in_child(|| {
            let Ok((reader, writer)) = std::io::pipe() else {
                return false;
            };
            drop(reader);
            (0..3).all(|_| sock::write(writer.as_fd(), b"x") == Io::Failed(libc::EPIPE))
                && !is_sigpipe_pending()
        }));
    }

    #[test]
    fn a_file_to_a_peer_that_left_is_an_error_and_no_signal() {
        use std::os::unix::net::UnixStream;
        let file = std::fs::File::open("Cargo.toml").expect("a file");
        assert!(in_child(|| {
            let Ok((ours, theirs)) = UnixStream::pair() else {
                return false;
            };
            drop(theirs);
            let mut at = 0;
            sock::send_file(ours.as_fd(), file.as_fd(), &mut at, 100) == Io::Failed(libc::EPIPE)
        }));
    }
}
