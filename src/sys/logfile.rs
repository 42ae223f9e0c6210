//! A file that lines are appended to, and that may be moved away while it is in use.
//!
//! It is opened when it is made, before the process gives up its rights. Once a second, when something is written, the path is
//! looked at: where it names another file by now (logs are rotated by moving them), that one is opened; if it cannot be, the
//! old one is gone on with. A line is one write, so several processes may share the file. FIFOs without a reader and full
//! disks lose lines; they do not block or fail anybody.

use crate::sys::clock::{self, SEC, Usec};
use parking_lot::Mutex;
use rustix::fs::{Mode, OFlags, Stat, fstat, open, stat};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::OwnedFd;

/// How often the path is looked at.
const CHECK: Usec = SEC;

/// The file.
pub struct LogFile {
    path: CString,
    state: Mutex<State>,
}

struct State {
    fd: OwnedFd,
    next_check: Usec,
}

impl LogFile {
    /// Opens the file, which is made when it is not there.
    ///
    /// # Errors
    /// As open(2).
    pub fn open(path: &CStr) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(State {
                fd: append_to(path)?,
                next_check: 0,
            }),
        })
    }

    /// Appends a line.
    pub fn append(&self, line: &[u8]) {
        let now = clock::now();
        let mut state = self.state.lock();
        if now >= state.next_check {
            state.next_check = now.saturating_add(CHECK);
            if let Some(fd) = self.replaced(&state.fd) {
                state.fd = fd;
            }
        }
        // A line that cannot be written is lost: there is nobody who could be told.
        let _ = rustix::io::write(&state.fd, line);
    }

    /// The file that the path names now, if it is another one.
    fn replaced(&self, fd: &OwnedFd) -> Option<OwnedFd> {
        let same = |a: &Stat, b: &Stat| a.st_dev == b.st_dev && a.st_ino == b.st_ino;
        match (stat(&*self.path), fstat(fd)) {
            (Ok(there), Ok(here)) if same(&there, &here) => None,
            _ => append_to(&self.path).ok(),
        }
    }
}

fn append_to(path: &CStr) -> io::Result<OwnedFd> {
    let flags =
        OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(open(path, flags | OFlags::NOCTTY, Mode::from(0o600))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn lines_follow_the_path_when_the_file_is_moved() {
        let folder = std::env::temp_dir().join(format!("lws-logfile-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("log");
        let c_path = CString::new(path.clone().into_os_string().into_vec()).unwrap();
        let log = LogFile::open(&c_path).unwrap();
        log.append(b"one\n");
        let moved = folder.join("log.1");
        std::fs::rename(&path, &moved).unwrap();
        log.state.lock().next_check = 0;
        log.append(b"two\n");
        assert_eq!(std::fs::read(&moved).unwrap(), b"one\n");
        assert_eq!(std::fs::read(&path).unwrap(), b"two\n");
        std::fs::remove_dir_all(&folder).unwrap();
        log.state.lock().next_check = 0;
        log.append(b"three\n");
    }
}
