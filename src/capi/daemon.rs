//! Exported: going to the background; `sys::daemon` does the work.

#![allow(unsafe_code, reason = "export")]

use crate::sys::daemon;
use crate::util::log::log_err;
use libc::{c_char, c_int};
use std::ffi::CStr;

/// Makes the program a daemon: forks, and ends the process that called, with code 0 when the daemon stands.
///
/// - `lock_path`: a file that will hold the daemon's pid, or null for none. When it names a living process, the
///   caller ends with code 1; the file of a dead one is replaced. It is removed on SIGTERM, unless the program handles
///   that itself.
///
/// Returns 0 in the daemon: a session of its own, in /tmp, with umask 0 and /dev/null as stdin, stdout and stderr; 1
/// when no process could be made.
///
/// Re-entry: none; call it first of all, before contexts and threads exist.
///
/// Quirks: goes on without a lock when the file cannot be created, after a line on stderr.
///
/// # Safety
/// `lock_path` is null or a C string; the process has one thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_daemonize(lock_path: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let lock = (!lock_path.is_null()).then(|| unsafe { CStr::from_ptr(lock_path) });
    match daemon::daemonize(lock) {
        Ok(()) => 0,
        Err(error) => {
            log_err!("lws_daemonize: {error}");
            1
        }
    }
}
