//! UDP sockets: open, bind, one datagram in, one datagram out. All non-blocking.
//!
//! Called by `conn::role::datagram`.

use crate::sys::addr::family;
use crate::sys::listen::bind_device;
use crate::sys::sock::{Io, outcome};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recvfrom, sendto,
    socket_with, sockopt,
};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What a socket is for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// IPv6.
    pub is_v6: bool,
    /// Where it receives; `None`: where the kernel likes, once it has sent.
    pub local: Option<SocketAddr>,
    /// Device for SO_BINDTODEVICE.
    pub device: Option<String>,
    /// Broadcast addresses may be sent to.
    pub broadcast: bool,
}

/// Opens a socket. Several may have the same local address.
///
/// # Errors
/// As socket(2), bind(2) and setsockopt(2).
pub fn open(options: &Options) -> io::Result<OwnedFd> {
    let kind = if options.is_v6 {
        AddressFamily::INET6
    } else {
        AddressFamily::INET
    };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let fd = socket_with(kind, SocketType::DGRAM, flags, None)?;
    sockopt::set_socket_reuseaddr(&fd, true)?;
    if options.broadcast {
        sockopt::set_socket_broadcast(&fd, true)?;
    }
    if let Some(device) = &options.device {
        bind_device(fd.as_fd(), device)?;
    }
    if let Some(local) = &options.local {
        bind(&fd, local)?;
    }
    Ok(fd)
}

/// Receives one datagram; what does not fit is lost. Gives its length and who sent it.
pub fn recv_from(fd: BorrowedFd<'_>, buf: &mut [u8]) -> (Io, Option<SocketAddr>) {
    match recvfrom(fd, buf, RecvFlags::empty()) {
        Ok((len, _, from)) => {
            let from = from.and_then(|from| SocketAddr::try_from(from).ok());
            (Io::Moved(len), from)
        }
        Err(e) => (outcome(Err(e)), None),
    }
}

/// Sends one datagram.
pub fn send_to(fd: BorrowedFd<'_>, bytes: &[u8], to: SocketAddr) -> Io {
    outcome(sendto(fd, bytes, SendFlags::NOSIGNAL, &to))
}

/// The beginning of a C `struct sockaddr`, and the length of the whole. IPv6 addresses do not fit: they are cut.
#[must_use]
pub fn shown(addr: SocketAddr) -> ([u8; 16], u32) {
    let mut bytes = [0; 16];
    let (kind, len, ip) = match addr {
        SocketAddr::V4(v4) => (libc::AF_INET, 16, v4.ip().octets().to_vec()),
        SocketAddr::V6(v6) => (libc::AF_INET6, 28, v6.ip().octets().to_vec()),
    };
    let skip = if addr.is_ipv4() { 0 } else { 4 };
    let parts = [
        family(kind).to_ne_bytes().to_vec(),
        addr.port().to_be_bytes().to_vec(),
        vec![0; skip],
        ip,
    ]
    .concat();
    bytes
        .iter_mut()
        .zip(parts)
        .for_each(|(to, from)| *to = from);
    (bytes, len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::addr::to_storage;
    use std::net::UdpSocket;

    fn bound(to: &str) -> (OwnedFd, SocketAddr) {
        let fd = open(&Options {
            local: Some(to.parse().expect("an address")),
            ..Options::default()
        })
        .expect("loopback");
        let addr = crate::sys::sock::local(fd.as_fd()).expect("bound");
        (fd, addr)
    }

    #[test]
    fn datagrams_keep_their_edges_and_senders() {
        let (fd, addr) = bound("127.0.0.1:0");
        let peer = UdpSocket::bind("127.0.0.1:0").expect("loopback");
        let mut buf = [0; 8];
        assert!(matches!(
            recv_from(fd.as_fd(), &mut buf),
            (Io::WouldBlock, None)
        ));
        for text in ["one", "", "longer than the room"] {
            peer.send_to(text.as_bytes(), addr).expect("loopback");
            let (io, from) = recv_from(fd.as_fd(), &mut buf);
            assert!(
                matches!(io, Io::Moved(n) if n == text.len().min(8)),
                "{text}"
            );
            assert_eq!(from, peer.local_addr().ok());
        }
        let to = peer.local_addr().expect("bound");
        assert!(matches!(send_to(fd.as_fd(), b"back", to), Io::Moved(4)));
        assert_eq!(peer.recv_from(&mut buf).expect("there"), (4, addr));
    }

    #[test]
    fn an_address_may_be_shared() {
        let (_first, addr) = bound("127.0.0.1:0");
        let (_second, again) = bound(&addr.to_string());
        assert_eq!(addr, again);
    }

    #[test]
    fn addresses_are_shown_as_the_kernel_writes_them() {
        for text in ["127.0.0.1:258", "[::1]:258"] {
            let addr: SocketAddr = text.parse().expect("an address");
            let (storage, len) = to_storage(addr);
            let (bytes, shown_len) = shown(addr);
            assert_eq!(len, shown_len);
            let family = storage.ss_family.to_ne_bytes();
            assert_eq!(bytes[..2], family);
            assert_eq!(bytes[2..4], [1, 2]);
        }
        assert_eq!(
            shown("1.2.3.4:0".parse().expect("v4")).0[4..8],
            [1, 2, 3, 4]
        );
    }
}
