//! Socket I/O: receive, send, accept, shutdown, options of one connection.
//!
//! Everything is non-blocking. `WouldBlock` is a value, not an error, so that callers read as a state machine.

use crate::sys::sigpipe;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, SocketAddrAny, SocketFlags,
    sockopt,
};
use std::io::IoSlice;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What one attempt to move bytes did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Io {
    /// So many bytes moved (0 on receive: the peer sent its end of stream).
    Moved(usize),
    /// Nothing can move now.
    WouldBlock,
    /// The connection is gone, with the errno.
    Failed(i32),
}

/// What a call's result says.
pub(in crate::sys) fn outcome(result: rustix::io::Result<usize>) -> Io {
    match result {
        Ok(n) => Io::Moved(n),
        Err(Errno::WOULDBLOCK | Errno::INTR) => Io::WouldBlock,
        Err(e) => Io::Failed(e.raw_os_error()),
    }
}

/// For calls that raise SIGPIPE where the peer has left, sendfile also after it has moved some of `wanted`.
pub(in crate::sys) fn quietly(
    wanted: usize,
    call: impl FnOnce() -> rustix::io::Result<usize>,
) -> Io {
    outcome(sigpipe::held_back(call, |r| *r != Ok(wanted)))
}

/// Receives into `buf`.
pub fn recv(fd: BorrowedFd<'_>, buf: &mut [u8]) -> Io {
    outcome(rustix::net::recv(fd, buf, RecvFlags::empty()).map(|(n, _)| n))
}

/// Looks at what could be received, and leaves it there.
pub fn peek(fd: BorrowedFd<'_>, buf: &mut [u8]) -> Io {
    outcome(rustix::net::recv(fd, buf, RecvFlags::PEEK).map(|(n, _)| n))
}

/// Sends `bytes`, as much as the socket takes.
pub fn send(fd: BorrowedFd<'_>, bytes: &[u8]) -> Io {
    outcome(rustix::net::send(fd, bytes, SendFlags::NOSIGNAL))
}

/// Sends several pieces in one call.
pub fn send_pieces(fd: BorrowedFd<'_>, pieces: &[IoSlice<'_>]) -> Io {
    outcome(rustix::net::sendmsg(
        fd,
        pieces,
        &mut SendAncillaryBuffer::default(),
        SendFlags::NOSIGNAL,
    ))
}

/// Reads from something that may not be a socket.
pub fn read(fd: BorrowedFd<'_>, buf: &mut [u8]) -> Io {
    outcome(rustix::io::read(fd, buf))
}

/// Writes to something that may not be a socket.
pub fn write(fd: BorrowedFd<'_>, bytes: &[u8]) -> Io {
    quietly(bytes.len(), || rustix::io::write(fd, bytes))
}

/// True when bytes wait to be read.
pub fn has_input(fd: BorrowedFd<'_>) -> bool {
    unread(fd).is_some_and(|n| n > 0)
}

/// How many bytes wait to be read.
pub fn unread(fd: BorrowedFd<'_>) -> Option<u64> {
    rustix::io::ioctl_fionread(fd).ok()
}

/// Sends the beginning of something that goes on at once: the kernel may keep it for one packet with the rest.
pub fn send_beginning(fd: BorrowedFd<'_>, bytes: &[u8]) -> Io {
    outcome(rustix::net::send(
        fd,
        bytes,
        SendFlags::NOSIGNAL | SendFlags::MORE,
    ))
}

/// From now on only full packets leave, until that ends: what is left leaves then. Sockets that are not TCP have no packets.
pub fn set_corked(fd: BorrowedFd<'_>, corked: bool) {
    let _ = sockopt::set_tcp_cork(fd, corked);
}

/// True when a write would take something, or fail, now.
pub fn has_room(fd: BorrowedFd<'_>) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::OUT)];
    poll(&mut fds, Some(&Timespec::default())).is_ok_and(|n| n > 0)
}

/// Moves up to `count` bytes of a file from `offset` (advanced) to the socket.
pub fn send_file(
    socket: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    offset: &mut u64,
    count: usize,
) -> Io {
    quietly(count, || {
        rustix::fs::sendfile(socket, file, Some(offset), count)
    })
}

/// Says that nothing more will be sent. False when the socket is not connected any more.
pub fn shutdown_send(fd: BorrowedFd<'_>) -> bool {
    rustix::net::shutdown(fd, Shutdown::Write).is_ok()
}

/// Who connected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// Over TCP.
    Inet(SocketAddr),
    /// Over a unix socket.
    Local,
}

/// One attempt to accept.
pub enum Accepted {
    /// A new non-blocking, close-on-exec connection.
    Connection(OwnedFd, Peer),
    /// Nobody waits.
    Nobody,
    /// The process is out of descriptors (or memory): try again when something was closed.
    Exhausted,
    /// This one vanished before it was taken; the next may be fine.
    Vanished,
}

/// Accepts one connection.
pub fn accept(listener: BorrowedFd<'_>) -> Accepted {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    match rustix::net::acceptfrom_with(listener, flags) {
        Ok((fd, addr)) => Accepted::Connection(fd, peer_of(addr)),
        Err(Errno::WOULDBLOCK) => Accepted::Nobody,
        Err(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM) => Accepted::Exhausted,
        Err(_) => Accepted::Vanished,
    }
}

fn peer_of(addr: Option<SocketAddrAny>) -> Peer {
    addr.and_then(|a| SocketAddr::try_from(a).ok())
        .map_or(Peer::Local, Peer::Inet)
}

/// The peer of a connected socket, if it has one.
pub fn peer(fd: BorrowedFd<'_>) -> Option<Peer> {
    let addr = rustix::net::getpeername(fd).ok()?;
    Some(peer_of(addr))
}

/// The local address of a socket.
pub fn local(fd: BorrowedFd<'_>) -> Option<SocketAddr> {
    SocketAddr::try_from(rustix::net::getsockname(fd).ok()?).ok()
}

/// True for TCP and unix sockets, false for files, pipes and the like.
pub fn is_socket(fd: BorrowedFd<'_>) -> bool {
    sockopt::socket_type(fd).is_ok()
}

/// True when the socket's address family is IPv4 or IPv6.
pub fn is_inet(fd: BorrowedFd<'_>) -> bool {
    matches!(
        sockopt::socket_domain(fd),
        Ok(AddressFamily::INET | AddressFamily::INET6)
    )
}

/// Makes an adopted descriptor non-blocking and close-on-exec.
pub fn make_nonblocking(fd: BorrowedFd<'_>) -> bool {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};
    let Ok(flags) = fcntl_getfl(fd) else {
        return false;
    };
    let cloexec = fcntl_getfd(fd).is_ok_and(|f| fcntl_setfd(fd, f | FdFlags::CLOEXEC).is_ok());
    cloexec && fcntl_setfl(fd, flags | OFlags::NONBLOCK).is_ok()
}

/// TCP keepalive as info.ka_time, ka_probes and ka_interval ask for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeepAlive {
    /// Idle seconds before the first probe; 0 switches keepalive off.
    pub time: u32,
    /// Unanswered probes before the connection counts as dead.
    pub probes: u32,
    /// Seconds between probes.
    pub interval: u32,
}

/// Switches Nagle's delay off and keepalive as asked. Accepted sockets inherit both from their listener.
pub fn set_stream_options(fd: BorrowedFd<'_>, ka: KeepAlive) {
    // Unix sockets refuse these; nothing depends on them there.
    let _ = sockopt::set_tcp_nodelay(fd, true);
    if ka.time > 0 {
        let _ = sockopt::set_socket_keepalive(fd, true);
        let seconds = |s: u32| std::time::Duration::from_secs(u64::from(s.max(1)));
        let _ = sockopt::set_tcp_keepidle(fd, seconds(ka.time));
        let _ = sockopt::set_tcp_keepintvl(fd, seconds(ka.interval));
        let _ = sockopt::set_tcp_keepcnt(fd, ka.probes.max(1));
    }
}

/// Borrows the descriptor of `fd`: shorthand for call sites that hold an owner.
pub fn borrow(fd: &OwnedFd) -> BorrowedFd<'_> {
    fd.as_fd()
}
