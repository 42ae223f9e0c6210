//! Connecting sockets: TCP over IPv4 or IPv6, and unix sockets by path or abstract name. Non-blocking throughout: the
//! attempt is begun here, the loop says when it is over, and [`outcome`] what came of it.

use crate::sys::listen::bind_device;
use crate::sys::sock::{self, KeepAlive};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, connect, socket_with, sockopt,
};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// Over TCP.
    Inet(SocketAddr),
    /// A unix socket's path; with `@` in front an abstract name.
    Unix(Vec<u8>),
}

impl fmt::Display for Remote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet(addr) => addr.fmt(out),
            Self::Unix(path) => path.escape_ascii().fmt(out),
        }
    }
}

/// From where, and with which options.
#[derive(Clone, Debug, Default)]
pub struct Local {
    /// Address to connect from.
    pub addr: Option<SocketAddr>,
    /// Device for SO_BINDTODEVICE.
    pub device: Option<String>,
    /// TCP keepalive.
    pub keepalive: KeepAlive,
}

/// Begins to connect.
///
/// # Errors
/// The attempt has failed already.
pub fn begin(remote: &Remote, local: &Local) -> io::Result<OwnedFd> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let open = |family| socket_with(family, SocketType::STREAM, flags, None);
    let (fd, begun) = match remote {
        Remote::Inet(addr) => {
            let fd = open(match addr {
                SocketAddr::V4(_) => AddressFamily::INET,
                SocketAddr::V6(_) => AddressFamily::INET6,
            })?;
            sock::set_stream_options(fd.as_fd(), local.keepalive);
            if let Some(device) = &local.device {
                bind_device(fd.as_fd(), device)?;
            }
            if let Some(from) = &local.addr {
                choose_port_late(fd.as_fd());
                bind(&fd, from)?;
            }
            let begun = connect(&fd, addr);
            (fd, begun)
        }
        Remote::Unix(path) => {
            let addr = match path.strip_prefix(b"@") {
                Some(name) => SocketAddrUnix::new_abstract_name(name)?,
                None => SocketAddrUnix::new(path.as_slice())?,
            };
            let fd = open(AddressFamily::UNIX)?;
            let begun = connect(&fd, &addr);
            (fd, begun)
        }
    };
    match begun {
        Ok(()) | Err(Errno::INPROGRESS | Errno::INTR) => Ok(fd),
        Err(e) => Err(e.into()),
    }
}

/// Leaves the choice of the local port to connect(), which knows the other end: so an address of ours is not limited to one
/// connection a port. A kernel that cannot do this chooses in bind().
fn choose_port_late(fd: BorrowedFd<'_>) {
    use std::os::fd::AsRawFd;
    let one: libc::c_int = 1;
    let len = libc::socklen_t::try_from(size_of_val(&one)).unwrap_or(0);
    #[expect(unsafe_code, reason = "IP_BIND_ADDRESS_NO_PORT has no safe wrapper")]
    // SAFETY: pointer and length describe `one`, which lives over the call.
    let _ = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            libc::IPPROTO_IP,
            libc::IP_BIND_ADDRESS_NO_PORT,
            (&raw const one).cast(),
            len,
        )
    };
}

/// What came of an attempt; `None`: nothing yet.
pub fn outcome(fd: BorrowedFd<'_>) -> Option<io::Result<()>> {
    match sockopt::socket_error(fd) {
        Ok(Err(e)) | Err(e) => Some(Err(e.into())),
        Ok(Ok(())) => rustix::net::getpeername(fd).is_ok().then_some(Ok(())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;

    /// Waits, as the loop would, until an attempt is over.
    fn finish(fd: &OwnedFd) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        let mut fds = [PollFd::new(fd, PollFlags::OUT)];
        let long = rustix::event::Timespec {
            tv_sec: 20,
            tv_nsec: 0,
        };
        assert_eq!(poll(&mut fds, Some(&long)).unwrap(), 1);
        outcome(fd.as_fd()).unwrap()
    }

    #[test]
    fn listeners_are_reached_and_others_are_not() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let from = Local {
            addr: Some("127.0.0.2:0".parse().unwrap()),
            ..Local::default()
        };
        let fd = begin(&Remote::Inet(addr), &from).unwrap();
        finish(&fd).unwrap();
        let seen = listener.accept().unwrap().1;
        assert_eq!(seen.ip().to_string(), "127.0.0.2");
        assert_eq!(sock::local(fd.as_fd()), Some(seen));
        drop(listener);
        let failed = begin(&Remote::Inet(addr), &Local::default()).and_then(|fd| finish(&fd));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn unix_sockets_are_reached_by_path_and_by_name() {
        use std::os::linux::net::SocketAddrExt as _;
        let path = std::env::temp_dir().join(format!("lws-connect-{}", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let remote = Remote::Unix(path.as_os_str().as_encoded_bytes().to_vec());
        let fd = begin(&remote, &Local::default()).unwrap();
        finish(&fd).unwrap();
        drop(listener);
        std::fs::remove_file(&path).unwrap();
        assert!(begin(&remote, &Local::default()).is_err());
        let name = format!("lws-connect-{}", std::process::id());
        let addr = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let _listener = UnixListener::bind_addr(&addr).unwrap();
        let remote = Remote::Unix(format!("@{name}").into_bytes());
        finish(&begin(&remote, &Local::default()).unwrap()).unwrap();
    }
}
