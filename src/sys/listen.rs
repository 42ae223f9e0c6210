//! Listening sockets: TCP over IPv4, IPv6 or both, and unix sockets with owner and permission.

use crate::sys::sock::{self, KeepAlive};
use rustix::fs::{Gid, Mode, Uid, chmod, chown};
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, listen, socket_with, sockopt,
};
use std::ffi::CStr;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

/// Connections that may wait in the kernel until they are accepted.
const BACKLOG: i32 = 4096;

/// How to open a TCP listener.
#[derive(Clone, Debug)]
pub struct TcpListen {
    /// Address and port; port 0 lets the kernel choose.
    pub addr: SocketAddr,
    /// IPV6_V6ONLY for IPv6 addresses; `None` leaves the system's default.
    pub v6_only: Option<bool>,
    /// Let other processes bind the same port (LWS_SERVER_OPTION_ALLOW_LISTEN_SHARE).
    pub share: bool,
    /// Device for SO_BINDTODEVICE (info.bind_iface).
    pub device: Option<String>,
    /// Options that accepted sockets inherit.
    pub keepalive: KeepAlive,
}

/// Opens, binds and listens.
pub fn tcp(how: &TcpListen) -> io::Result<OwnedFd> {
    let family = match how.addr {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let fd = socket_with(family, SocketType::STREAM, flags, None)?;
    sockopt::set_socket_reuseaddr(&fd, true)?;
    if how.share {
        sockopt::set_socket_reuseport(&fd, true)?;
    }
    if let (SocketAddr::V6(_), Some(only)) = (how.addr, how.v6_only) {
        sockopt::set_ipv6_v6only(&fd, only)?;
    }
    if let Some(device) = &how.device {
        bind_device(fd.as_fd(), device)?;
    }
    sock::set_stream_options(fd.as_fd(), how.keepalive);
    bind(&fd, &how.addr)?;
    listen(&fd, BACKLOG)?;
    Ok(fd)
}

/// True when the system can open IPv6 sockets.
pub fn has_ipv6() -> bool {
    socket_with(
        AddressFamily::INET6,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )
    .is_ok()
}

/// Binds a socket to a network device by name.
pub fn bind_device(fd: BorrowedFd<'_>, device: &str) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let len = libc::socklen_t::try_from(device.len())
        .map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    #[expect(unsafe_code, reason = "SO_BINDTODEVICE has no safe wrapper")]
    // SAFETY: pointer and length describe `device`, which lives over the call.
    let r = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_BINDTODEVICE,
            device.as_ptr().cast(),
            len,
        )
    };
    if r == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Opens a unix listener at `path`; a leading '@' means the abstract name space. A stale socket file is replaced,
/// anything else that exists there is left alone and is an error.
pub fn unix(path: &str) -> io::Result<OwnedFd> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let fd = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    let addr = if let Some(name) = path.strip_prefix('@') {
        SocketAddrUnix::new_abstract_name(name.as_bytes())?
    } else {
        remove_stale_socket(path)?;
        SocketAddrUnix::new(path)?
    };
    bind(&fd, &addr)?;
    listen(&fd, BACKLOG)?;
    Ok(fd)
}

fn remove_stale_socket(path: &str) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.file_type().is_socket() => std::fs::remove_file(path),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "exists and is not a socket",
        )),
        Err(_) => Ok(()),
    }
}

/// Gives the socket file its owner and the mode 0660.
pub fn set_unix_owner(path: &str, owner: Option<(u32, u32)>) -> io::Result<()> {
    if path.starts_with('@') {
        return Ok(());
    }
    if let Some((uid, gid)) = owner {
        chown(path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
    }
    chmod(path, Mode::from_raw_mode(0o660))?;
    Ok(())
}

/// Removes the socket file of a listener that ends.
pub fn remove_unix(path: &str) {
    if !path.starts_with('@') {
        let _ = std::fs::remove_file(Path::new(path));
    }
}

/// Looks "user:group" up. `None` when either is unknown.
pub fn owner_by_names(user: &CStr, group: &CStr) -> Option<(u32, u32)> {
    Some((uid_of(user)?, gid_of(group)?))
}

fn uid_of(user: &CStr) -> Option<u32> {
    #[expect(unsafe_code, reason = "user database")]
    // SAFETY: a NUL-terminated name; the result is read before any other call of the family.
    let entry = unsafe { libc::getpwnam(user.as_ptr()) };
    #[expect(unsafe_code, reason = "user database")]
    // SAFETY: null or a passwd record that libc keeps until its next call.
    let entry = unsafe { entry.as_ref() }?;
    Some(entry.pw_uid)
}

fn gid_of(group: &CStr) -> Option<u32> {
    #[expect(unsafe_code, reason = "group database")]
    // SAFETY: a NUL-terminated name; the result is read before any other call of the family.
    let entry = unsafe { libc::getgrnam(group.as_ptr()) };
    #[expect(unsafe_code, reason = "group database")]
    // SAFETY: null or a group record that libc keeps until its next call.
    let entry = unsafe { entry.as_ref() }?;
    Some(entry.gr_gid)
}
