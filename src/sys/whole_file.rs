//! Small files read or written in one go.
//!
//! For the few calls of the public API that take a path and a buffer: no loop over partial transfers beyond what a
//! regular file needs, no buffering. Reads go straight into the caller's memory. Called by `capi::files` and
//! `cutil::lwsac::cache`; files that the library reads for itself are `sys::file`.

#![expect(unsafe_code, reason = "reads into memory of the C program")]

use rustix::fd::{BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{self, Mode, OFlags};
use rustix::io::{self, Errno};
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;

/// A file opened to be read whole.
#[derive(Debug)]
pub struct Source {
    fd: OwnedFd,
    /// Its length when it was opened.
    pub len: usize,
    /// Its modification time in seconds.
    pub modified: i64,
}

impl Source {
    /// Opens it.
    ///
    /// # Errors
    /// As open(2) and fstat(2).
    pub fn open(path: &CStr) -> Result<Self, Errno> {
        let fd = fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        let stat = fs::fstat(&fd)?;
        let len = usize::try_from(stat.st_size).map_err(|_| Errno::FBIG)?;
        Ok(Self {
            fd,
            len,
            modified: stat.st_mtime,
        })
    }

    /// Reads `len` bytes to `to`; false when there are fewer.
    ///
    /// # Safety
    /// `len` bytes can be written to `to`.
    #[must_use]
    pub unsafe fn read_exact(&mut self, to: *mut c_char) -> bool {
        let mut done = 0;
        while done < self.len {
            // SAFETY: this part of the area, by contract.
            let rest = unsafe { area(to.wrapping_add(done), self.len - done) };
            match read_some(&self.fd, rest) {
                Ok(n) if n > 0 => done += n,
                _ => return false,
            }
        }
        true
    }
}

/// # Safety
/// `len` bytes from `at` are writable and nobody else uses them for `'a`.
unsafe fn area<'a>(at: *mut c_char, len: usize) -> &'a mut [MaybeUninit<u8>] {
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts_mut(at.cast(), len) }
}

fn read_some(fd: &OwnedFd, to: &mut [MaybeUninit<u8>]) -> Result<usize, Errno> {
    io::retry_on_intr(|| io::read(fd, &mut *to).map(|(done, _)| done.len()))
}

/// Reads the beginning of a file, at most `len` bytes. Returns how many.
///
/// # Errors
/// As open(2) and read(2).
///
/// # Safety
/// `len` bytes can be written to `to`.
pub unsafe fn read_start(path: &CStr, to: *mut c_char, len: usize) -> Result<usize, Errno> {
    let fd = fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    if len == 0 {
        return Ok(0);
    }
    // SAFETY: by contract.
    let to = unsafe { area(to, len) };
    read_some(&fd, to)
}

/// Replaces a file's contents, making it for its owner alone if it is not there. False when not all was written.
///
/// # Errors
/// As open(2) and write(2).
pub fn replace(path: &CStr, contents: &[u8]) -> Result<bool, Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC;
    let fd = fs::open(path, flags, Mode::RUSR | Mode::WUSR)?;
    let n = io::retry_on_intr(|| io::write(&fd, contents))?;
    Ok(n == contents.len())
}

/// Writes to an open file of the program and through to the disk; false when either fails.
#[must_use]
pub fn write_through(fd: RawFd, contents: &[u8]) -> bool {
    if fd < 0 {
        return false;
    }
    // SAFETY: not kept; a number that is no open file makes the calls fail.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let written = io::retry_on_intr(|| io::write(fd, contents));
    written == Ok(contents.len()) && fs::fsync(fd).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> std::ffi::CString {
        let path = std::env::temp_dir().join(format!("whole-file-{}-{name}", std::process::id()));
        std::ffi::CString::new(path.into_os_string().into_encoded_bytes()).expect("no NUL")
    }

    #[test]
    fn what_was_written_is_read_back() {
        let path = scratch("back");
        assert_eq!(replace(&path, b"hello"), Ok(true));
        let mut buf = [0u8; 8];
        // SAFETY: eight bytes of room.
        let n = unsafe { read_start(&path, buf.as_mut_ptr().cast(), 8) };
        assert_eq!((n, &buf), (Ok(5), b"hello\0\0\0"));
        let mut source = Source::open(&path).expect("written above");
        assert_eq!(source.len, 5);
        // SAFETY: five bytes of room.
        assert!(unsafe { source.read_exact(buf.as_mut_ptr().cast()) });
        let _ = fs::unlink(&*path);
        assert!(Source::open(&path).is_err());
    }

    #[test]
    fn directories_open_but_do_not_read() {
        let mut buf = [0u8; 8];
        // SAFETY: eight bytes of room.
        let read = unsafe { read_start(c"/", buf.as_mut_ptr().cast(), 8) };
        assert_eq!(read, Err(Errno::ISDIR));
    }
}
