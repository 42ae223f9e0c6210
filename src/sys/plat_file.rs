//! Files by descriptor number, for the C side's file operations.
//!
//! `lws_fop_fd` holds a plain number and its memory belongs to C, so the functions here take what a C struct can hold.
//! Called by `capi::vfs` and `capi::files_of_program`; files that http serves by itself are `sys::file`.

#![expect(unsafe_code, reason = "descriptors and memory that C keeps")]

use rustix::fs::{self, FileType, Mode, OFlags, SeekFrom};
use rustix::io;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

/// An open descriptor on its way to C.
pub type Fd = OwnedFd;

/// Opens a file and says how long it is. New files get mode 0664, less the umask.
///
/// # Errors
/// As open(2) and fstat(2).
pub fn open(path: &CStr, flags: u32) -> std::io::Result<(Fd, u64)> {
    let flags = OFlags::from_bits_retain(flags) | OFlags::CLOEXEC;
    let fd = fs::open(path, flags, Mode::from_bits_retain(0o664))?;
    let len = fs::fstat(&fd)?.st_size;
    Ok((fd, u64::try_from(len).unwrap_or(0)))
}

/// The number, for C to keep.
pub fn release(fd: Fd) -> RawFd {
    fd.into_raw_fd()
}

/// Closes a descriptor that C kept.
///
/// # Errors
/// When it is not open.
///
/// # Safety
/// Nobody else owns it.
pub unsafe fn close(fd: RawFd) -> std::io::Result<()> {
    if fd < 0 {
        return Err(std::io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: owned from here on, by contract.
    drop(unsafe { OwnedFd::from_raw_fd(fd) });
    Ok(())
}

/// # Safety
/// The descriptor is open for the length of the call.
unsafe fn with<R>(
    fd: RawFd,
    f: impl FnOnce(BorrowedFd<'_>) -> io::Result<R>,
) -> std::io::Result<R> {
    if fd < 0 {
        return Err(std::io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: not -1, and open by contract.
    Ok(f(unsafe { BorrowedFd::borrow_raw(fd) })?)
}

/// Moves to a position from the beginning; gives it back.
///
/// # Errors
/// As lseek(2).
///
/// # Safety
/// The descriptor is open.
pub unsafe fn seek(fd: RawFd, to: u64) -> std::io::Result<u64> {
    // SAFETY: by contract.
    unsafe { with(fd, |fd| fs::seek(fd, SeekFrom::Start(to))) }
}

/// What a descriptor is, and when it changed: whether it is a directory, seconds since 1970.
///
/// # Errors
/// As fstat(2).
///
/// # Safety
/// The descriptor is negative or open.
pub unsafe fn stat(fd: RawFd) -> std::io::Result<(bool, i64)> {
    // SAFETY: by contract.
    let stat = unsafe { with(fd, |fd| fs::fstat(fd)) }?;
    let is_directory = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
    Ok((is_directory, stat.st_mtime))
}

fn count(len: u64) -> usize {
    usize::try_from(len)
        .unwrap_or(usize::MAX)
        .min(isize::MAX.unsigned_abs())
}

/// Reads once.
///
/// # Errors
/// As read(2).
///
/// # Safety
/// The descriptor is open, `len` bytes can be written to `to`.
pub unsafe fn read(fd: RawFd, to: *mut u8, len: u64) -> std::io::Result<u64> {
    if to.is_null() || len == 0 {
        return Ok(0);
    }
    // SAFETY: writable by contract.
    let room: &mut [MaybeUninit<u8>] =
        unsafe { std::slice::from_raw_parts_mut(to.cast(), count(len)) };
    // SAFETY: by contract.
    unsafe {
        with(fd, |fd| {
            io::read(fd, room).map(|(done, _)| done.len() as u64)
        })
    }
}

/// Writes once.
///
/// # Errors
/// As write(2).
///
/// # Safety
/// The descriptor is open, `len` bytes can be read from `from`.
pub unsafe fn write(fd: RawFd, from: *const u8, len: u64) -> std::io::Result<u64> {
    if from.is_null() || len == 0 {
        return Ok(0);
    }
    // SAFETY: readable by contract.
    let bytes = unsafe { std::slice::from_raw_parts(from, count(len)) };
    // SAFETY: by contract.
    unsafe { with(fd, |fd| io::write(fd, bytes).map(|n| n as u64)) }
}
