//! Files that are served, and small ones that are read whole: open, measure, read.

use rustix::fs::{FileType, Mode, OFlags, fstat, open};
use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A regular file opened for reading, with what its one fstat said.
pub struct OpenFile {
    fd: OwnedFd,
    /// Length in bytes.
    pub len: u64,
    /// Modification time, seconds since 1970.
    pub modified: u64,
    /// Tells it from others, and from what it was before.
    pub stamp: Stamp,
}

/// Device, file, length, and time of the last change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp(u64, u64, i64, i64, i64);

/// What a path turned out to be.
pub enum Opened {
    /// A regular file.
    File(OpenFile),
    /// A directory.
    Directory,
}

/// Opens `path` for reading without blocking on FIFOs and devices. Anything but files and directories is refused.
pub fn open_read(path: &CStr) -> io::Result<Opened> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let fd = open(path, flags, Mode::empty())?;
    let stat = fstat(&fd)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(Opened::File(OpenFile {
            fd,
            len: u64::try_from(stat.st_size).unwrap_or(0),
            modified: u64::try_from(stat.st_mtime).unwrap_or(0),
            stamp: Stamp(
                stat.st_dev,
                stat.st_ino,
                stat.st_size,
                stat.st_mtime,
                stat.st_mtime_nsec,
            ),
        })),
        FileType::Directory => Ok(Opened::Directory),
        _ => Err(io::Error::from_raw_os_error(libc::EACCES)),
    }
}

/// Reads a regular file whole. One that is longer than `limit` is an error.
pub fn read_whole(path: &CStr, limit: usize) -> io::Result<Vec<u8>> {
    let Opened::File(file) = open_read(path)? else {
        return Err(io::Error::from_raw_os_error(libc::EISDIR));
    };
    let len = usize::try_from(file.len).unwrap_or(usize::MAX);
    if len > limit {
        return Err(io::Error::from_raw_os_error(libc::EFBIG));
    }
    let mut bytes = vec![0; len];
    let mut at = 0;
    while let Some(room) = bytes.get_mut(at..).filter(|r| !r.is_empty()) {
        match file.read_at(room, at as u64)? {
            0 => break,
            n => at += n,
        }
    }
    bytes.truncate(at);
    Ok(bytes)
}

impl OpenFile {
    /// Reads at `offset`; 0 at the end.
    pub fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        Ok(rustix::io::pread(&self.fd, buf, offset)?)
    }

    /// The descriptor, for sendfile.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
