//! Going to the background (lws: `lws_daemonize`).
//!
//! The starting process checks the lock file, forks, waits until the daemon says that it stands, and exits: 0, or 1
//! when it does not. The daemon has a session of its own, /tmp as directory, /dev/null as stdin, stdout and stderr,
//! umask 0, ignores terminal signals, and has written its pid into the lock file before the starter exits. SIGTERM
//! removes the lock file, as long as the program does not set a handler of its own.
//!
//! A lock of a dead process is removed; one whose text is no pid is taken for a mistake in the path and left alone.
//! Where the reference kills itself with SIGKILL on SIGTERM the daemon dies of SIGTERM; exit handlers of the program
//! do not run in the starter. Called by `capi::daemon` before any thread of ours exists.

#![allow(unsafe_code, reason = "system calls")]

use std::ffi::{CStr, CString, OsStr, c_char, c_int};
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

/// What a lock file says.
#[derive(Debug, PartialEq, Eq)]
enum Lock {
    Free,
    Stale(i32),
    HeldBy(i32),
    NoPid,
}

/// What the daemon tells its starter.
const STANDS: u8 = b'+';

/// Longest lock file that is looked into.
const LOCK_LIMIT: u64 = 64;

/// For the SIGTERM handler: the lock file of this daemon, which is never freed, and its pid.
static LOCK: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());
static DAEMON: AtomicI32 = AtomicI32::new(0);

/// Goes to the background. Returns in the daemon only; the calling process ends in here unless there is an error.
/// Ends it with code 1 when the lock says that a daemon runs.
///
/// # Errors
/// No pipe, no process, no current directory for a relative path: nothing has changed then.
pub fn daemonize(lock: Option<&CStr>) -> io::Result<()> {
    let lock = lock.map(absolute).transpose()?;
    if let Some(path) = &lock {
        clear_stale(path);
    }
    let (mut from_daemon, to_starter) = io::pipe()?;
    // SAFETY: null means all streams. What is in their buffers must not come out twice.
    unsafe { libc::fflush(ptr::null_mut()) };
    // SAFETY: the program calls this before it has threads; the child goes on as that program.
    let pid = unsafe { libc::fork() };
    match pid {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            drop(from_daemon);
            settle(lock.as_deref(), to_starter)
        }
        _ => {
            drop(to_starter);
            let mut word = [0];
            let stands = from_daemon.read_exact(&mut word).is_ok() && word[0] == STANDS;
            end(if stands { 0 } else { 1 })
        }
    }
}

fn absolute(path: &CStr) -> io::Result<PathBuf> {
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    if path.as_os_str().is_empty() {
        return Ok(path.to_owned()); // cannot be created, and will be reported so
    }
    std::path::absolute(path)
}

/// Ends the process without its exit handlers, which belong to the daemon.
fn end(code: c_int) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(code) }
}

/// Says something before stderr is gone. Not a log line: the program may not have set its emitter yet.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Removes the lock of a dead daemon; ends the process when one lives, or when it is no lock.
fn clear_stale(path: &Path) {
    let shown = path.display();
    match look_at(path) {
        Lock::Free => {}
        Lock::Stale(pid) => {
            say(&format!("Removing stale lock {shown} from dead pid {pid}"));
            // A failure shows when the lock is created.
            let _ = fs::remove_file(path);
        }
        Lock::HeldBy(pid) => {
            say(&format!("Daemon already running pid {pid}"));
            end(1);
        }
        Lock::NoPid => {
            say(&format!("{shown} exists and is no lock file"));
            end(1);
        }
    }
}

fn look_at(path: &Path) -> Lock {
    let mut text = String::new();
    match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Lock::Free,
        Err(_) => return Lock::NoPid,
        Ok(file) => {
            if file.take(LOCK_LIMIT).read_to_string(&mut text).is_err() {
                return Lock::NoPid;
            }
        }
    }
    match text.trim().parse() {
        Ok(pid) if pid > 0 && lives(pid) => Lock::HeldBy(pid),
        Ok(pid) if pid > 0 => Lock::Stale(pid),
        Err(_) if text.is_empty() => Lock::Stale(0), // its daemon died between creating and writing
        _ => Lock::NoPid,
    }
}

/// Whether a process other than this one has the pid.
fn lives(pid: i32) -> bool {
    // SAFETY: no preconditions.
    let this = unsafe { libc::getpid() };
    // SAFETY: signal 0 only asks.
    let asked = unsafe { libc::kill(pid, 0) };
    pid != this && (asked == 0 || io::Error::last_os_error().raw_os_error() == Some(libc::EPERM))
}

/// The daemon's side: becomes one, and tells the starter.
fn settle(lock: Option<&Path>, mut to_starter: io::PipeWriter) -> io::Result<()> {
    for signal in [libc::SIGTSTP, libc::SIGTTOU, libc::SIGTTIN, libc::SIGHUP] {
        handle(signal, libc::SIG_IGN);
    }
    handle(libc::SIGCHLD, libc::SIG_DFL);
    // SAFETY: no preconditions. It cannot fail: a forked process leads no group.
    unsafe { libc::setsid() };
    match lock.map(write_lock) {
        None => {}
        Some(Ok(path)) => remove_on_term(path),
        Some(Err(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            say("Daemon already running");
            end(1); // another one was faster; the starter sees it by the pipe's end
        }
        Some(Err(error)) => {
            let shown = lock.unwrap_or(Path::new("")).display();
            say(&format!("unable to create lock file {shown}: {error}"));
        }
    }
    // SAFETY: takes a number.
    unsafe { libc::umask(0) };
    // Staying where it was is no reason to give up.
    let _ = std::env::set_current_dir("/tmp");
    if let Err(error) = silence() {
        say(&format!("/dev/null: {error}"));
        end(1);
    }
    // The starter may be gone: the daemon stands all the same.
    let _ = to_starter.write_all(&[STANDS]);
    Ok(())
}

/// Creates the lock file with our pid in it; gives its path for the signal handler.
fn write_lock(path: &Path) -> io::Result<CString> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o640)
        .open(path)?;
    file.write_all(std::process::id().to_string().as_bytes())?;
    CString::new(path.as_os_str().to_os_string().into_vec()).map_err(io::Error::from)
}

/// Connects stdin, stdout and stderr to /dev/null.
fn silence() -> io::Result<()> {
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    for fd in 0..=2 {
        connect(null.as_raw_fd(), fd)?;
    }
    if null.as_raw_fd() <= 2 {
        std::mem::forget(null); // it became one of them
    }
    Ok(())
}

fn connect(from: RawFd, to: RawFd) -> io::Result<()> {
    // SAFETY: takes numbers; the standard descriptors are the program's to redirect, which it asked for.
    match unsafe { libc::dup2(from, to) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn handle(signal: c_int, what: libc::sighandler_t) {
    // SAFETY: ignoring and default are always allowed; our handler only makes async-signal-safe calls.
    unsafe { libc::signal(signal, what) };
}

/// Makes SIGTERM remove this file.
fn remove_on_term(path: CString) {
    DAEMON.store(std::process::id().cast_signed(), Ordering::Relaxed);
    LOCK.store(path.into_raw(), Ordering::Release);
    handle(
        libc::SIGTERM,
        remove_lock as extern "C" fn(c_int) as libc::sighandler_t,
    );
}

/// Removes the lock, if this is the daemon and not a process it forked, and dies of the signal.
extern "C" fn remove_lock(signal: c_int) {
    let path = LOCK.load(Ordering::Acquire);
    // SAFETY: no preconditions.
    let this = unsafe { libc::getpid() };
    if !path.is_null() && this == DAEMON.load(Ordering::Relaxed) {
        // SAFETY: a C string that is never freed.
        unsafe { libc::unlink(path) };
    }
    handle(signal, libc::SIG_DFL);
    // SAFETY: takes a number; delivered when the handler returns.
    unsafe { libc::raise(signal) };
}

#[cfg(test)]
#[path = "daemon_tests.rs"]
mod tests;
