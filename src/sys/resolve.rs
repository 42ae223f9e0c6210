//! Names to addresses without blocking the caller.
//!
//! A numeric address is answered at once. Any other name goes to a small pool of threads of the process that ask
//! getaddrinfo, which may take as long as the system's name servers let it; the answer is given to a closure there. The
//! queue and the pool are bounded; a thread ends when nothing is left to ask. Who asks must be prepared to be gone when the answer comes.
//! Called by `conn::client`.

#![allow(unsafe_code, reason = "signal masks of the threads")]

use crate::sys::addr;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::net::{SocketAddr, ToSocketAddrs};

/// Threads that may ask at a time.
pub const MAX_ASKING: usize = 8;
/// Questions that may wait for one.
pub const MAX_QUEUED: usize = 1024;
/// Addresses of one name that are looked at.
pub const MAX_ADDRESSES: usize = 32;

/// The addresses of a name, or why there are none.
pub type Answer = Result<Vec<SocketAddr>, String>;

type Then = Box<dyn FnOnce(Answer) + Send>;

struct Question {
    name: String,
    port: u16,
    then: Then,
}

#[derive(Default)]
struct Pool {
    queue: VecDeque<Question>,
    threads: usize,
    /// The process that the threads belong to: a forked child has none of them.
    process: u32,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    queue: VecDeque::new(),
    threads: 0,
    process: 0,
});

/// The address that a text is, if it is numeric; IPv6 may stand in brackets.
#[must_use]
pub fn numeric(name: &str, port: u16) -> Option<SocketAddr> {
    let bare = name
        .strip_prefix('[')
        .and_then(|n| n.strip_suffix(']'))
        .unwrap_or(name);
    let ip = addr::parse_numeric(bare.as_bytes())?;
    Some(SocketAddr::new(ip, port))
}

/// Asks for the addresses of `name` and gives the answer to `then` on another thread.
///
/// # Errors
/// Too many questions wait, or no thread could be started; `then` is not called.
pub fn ask(name: &str, port: u16, then: Then) -> Result<(), &'static str> {
    let mut pool = POOL.lock();
    let process = std::process::id();
    if pool.process != process {
        *pool = Pool {
            process,
            ..Pool::default()
        };
    }
    if pool.queue.len() >= MAX_QUEUED {
        return Err("too many name look-ups wait");
    }
    if pool.threads < MAX_ASKING {
        if start() {
            pool.threads += 1;
        } else if pool.threads == 0 {
            return Err("no thread for a name look-up");
        }
    }
    let name = name.to_owned();
    pool.queue.push_back(Question { name, port, then });
    Ok(())
}

/// Starts a thread of the pool, with all signals blocked: they are the program's threads' business.
fn start() -> bool {
    // SAFETY: all zeros is a signal set.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    let mut before = all;
    // SAFETY: a set of ours.
    unsafe { libc::sigfillset(&raw mut all) };
    // SAFETY: sets of ours; only this thread's mask changes.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before) };
    let started = std::thread::Builder::new()
        .name("lws-resolve".into())
        .stack_size(256 * 1024)
        .spawn(work)
        .is_ok();
    // SAFETY: the mask that was there before.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut()) };
    started
}

fn work() {
    while let Some(question) = next() {
        let answer = look_up(&question.name, question.port);
        (question.then)(answer);
    }
}

/// The next question; `None` when the thread is not needed any more.
fn next() -> Option<Question> {
    let mut pool = POOL.lock();
    let question = pool.queue.pop_front();
    if question.is_none() {
        pool.threads = pool.threads.saturating_sub(1);
    }
    question
}

fn look_up(name: &str, port: u16) -> Answer {
    let found = (name, port).to_socket_addrs().map_err(|error| {
        let text = error.to_string();
        let prefix = "failed to lookup address information: ";
        text.strip_prefix(prefix).unwrap_or(&text).to_owned()
    })?;
    let mut all: Vec<SocketAddr> = Vec::new();
    for addr in found.take(MAX_ADDRESSES) {
        if !all.contains(&addr) {
            all.push(addr);
        }
    }
    if all.is_empty() {
        return Err("the name has no address".to_owned());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn numeric_addresses_need_no_look_up() {
        let texts = [
            ("127.0.0.1", "127.0.0.1:7"),
            ("::1", "[::1]:7"),
            ("[::1]", "[::1]:7"),
        ];
        for (text, want) in texts {
            assert_eq!(numeric(text, 7), Some(want.parse().unwrap()));
        }
        for text in ["localhost", "", "[127.0.0.1", "1.2.3"] {
            assert_eq!(numeric(text, 7), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_answered_on_another_thread() {
        let (send, receive) = channel();
        for name in ["localhost", "no.such.host.invalid"] {
            let send = send.clone();
            let then = Box::new(move |answer: Answer| {
                let _ = send.send((name, std::thread::current().id(), answer));
            });
            ask(name, 80, then).unwrap();
        }
        let long = Duration::from_secs(60);
        for _ in 0..2 {
            let (name, thread, answer) = receive.recv_timeout(long).unwrap();
            assert_ne!(thread, std::thread::current().id());
            match name {
                "localhost" => {
                    let all = answer.unwrap();
                    assert!(all.iter().all(|a| a.ip().is_loopback() && a.port() == 80));
                }
                _ => assert!(!answer.unwrap_err().is_empty()),
            }
        }
    }
}
