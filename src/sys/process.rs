//! Child processes: spawned with three pipes in a group of their own, signalled by group, reaped without waiting.
//!
//! The child starts with default signal actions, an empty signal mask, and no descriptor but the three: whatever the
//! program has open without close-on-exec stays here. SIGCHLD plays no part, so programs may do with it what they like; one
//! that reaps our child is noticed (the child counts as gone). A process is reaped only after its group has been
//! signalled for the last time: until then its number cannot pass to somebody else.
//!
//! Called by `conn::role::cgi`, which decides when to kill.

#![allow(unsafe_code, reason = "a hook between fork and exec")]

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What to run.
pub struct Program<'a> {
    /// The file and its arguments; the file is looked up in PATH of `environment` when it has no slash.
    pub argv: &'a [CString],
    /// All of the environment.
    pub environment: &'a [(Vec<u8>, Vec<u8>)],
    /// Its working directory.
    pub directory: &'a CStr,
}

/// Our ends of the child's standard channels: non-blocking, close-on-exec.
pub struct Pipes {
    /// To write to.
    pub stdin: OwnedFd,
    /// To read from.
    pub stdout: OwnedFd,
    /// To read from.
    pub stderr: OwnedFd,
}

/// A child that has not been reaped.
#[derive(Debug)]
pub struct Process {
    pid: Pid,
}

/// Starts a program.
///
/// # Errors
/// No descriptors, no process, or the file cannot be executed: nothing is left behind then.
pub fn spawn(program: &Program<'_>) -> io::Result<(Process, Pipes)> {
    let (file, arguments) = program
        .argv
        .split_first()
        .ok_or(io::ErrorKind::InvalidInput)?;
    let (stdin, to_stdin) = io::pipe()?;
    let (from_stdout, stdout) = io::pipe()?;
    let (from_stderr, stderr) = io::pipe()?;
    let text = |bytes| OsStr::from_bytes(bytes);
    let mut command = Command::new(text(file.to_bytes()));
    command
        .args(arguments.iter().map(|a| text(a.to_bytes())))
        .env_clear()
        .envs(program.environment.iter().map(|(n, v)| (text(n), text(v))))
        .current_dir(text(program.directory.to_bytes()))
        .stdin(Stdio::from(OwnedFd::from(stdin)))
        .stdout(Stdio::from(OwnedFd::from(stdout)))
        .stderr(Stdio::from(OwnedFd::from(stderr)))
        .process_group(0);
    // SAFETY: the hook only makes async-signal-safe calls and allocates nothing.
    unsafe { command.pre_exec(start_clean) };
    let child = command.spawn()?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let process = Process {
        pid: pid.ok_or(io::ErrorKind::Other)?,
    };
    let pipes = Pipes {
        stdin: to_stdin.into(),
        stdout: from_stdout.into(),
        stderr: from_stderr.into(),
    };
    for fd in [&pipes.stdin, &pipes.stdout, &pipes.stderr] {
        super::sock::make_nonblocking(fd.as_fd());
    }
    Ok((process, pipes))
}

/// Between fork and exec. The channel on which the runtime reports a failing exec must survive until then, hence
/// close-on-exec and not close.
fn start_clean() -> io::Result<()> {
    const FIRST: libc::c_uint = 3;
    /// Descriptors looked at one by one on kernels that cannot do it in one go.
    const LAST: libc::c_int = 4096;
    for signal in 1..=libc::SIGRTMAX() {
        // SAFETY: the default action is always allowed; numbers that cannot be set fail without effect.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    let flags = libc::CLOSE_RANGE_CLOEXEC.cast_signed();
    // SAFETY: takes numbers.
    if unsafe { libc::close_range(FIRST, libc::c_uint::MAX, flags) } == 0 {
        return Ok(());
    }
    for fd in FIRST.cast_signed()..LAST {
        // SAFETY: takes numbers; those that are not open fail without effect.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(())
}

/// Whether a child still runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Life {
    /// It runs.
    Runs,
    /// It has ended and is to be reaped.
    Ended,
    /// Somebody else has reaped it: its number may be another process by now.
    Taken,
}

impl Process {
    /// Its number.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Looks without reaping.
    pub fn life(&self) -> Life {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match rustix::process::waitid(WaitId::Pid(self.pid), options) {
            Ok(None) => Life::Runs,
            Ok(Some(_)) => Life::Ended,
            Err(_) => Life::Taken,
        }
    }

    /// Asks it and every process it has started to end; `is_final` leaves them no choice. Must not be called once it was
    /// [`Life::Taken`].
    pub fn end_group(&self, is_final: bool) {
        let signal = if is_final { Signal::KILL } else { Signal::TERM };
        // Fails when the whole group is gone already.
        let _ = rustix::process::kill_process_group(self.pid, signal);
    }

    /// Reaps it if it has ended. Gives the process back while it runs.
    pub fn reap(self) -> Option<Self> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
        match rustix::process::waitid(WaitId::Pid(self.pid), options) {
            Ok(None) => Some(self),
            Ok(Some(_)) | Err(_) => None,
        }
    }

    /// Gives a child that was killed the time to end: at most `ms` milliseconds. For the end of a context only.
    pub fn wait_at_most(&self, ms: u64) {
        let end = Instant::now() + Duration::from_millis(ms);
        while self.life() == Life::Runs && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
