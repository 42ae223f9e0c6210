//! Addresses in C's form.

use crate::sys::sock::Peer;
use std::net::SocketAddr;

/// A peer as sockaddr_storage with its length.
pub(super) fn of_peer(peer: Peer) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: plain old data, for which zero bytes are a value (family unspecified).
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    match peer {
        Peer::Local => {
            storage.ss_family = libc::AF_UNIX as libc::sa_family_t;
            (storage, size::<libc::sa_family_t>())
        }
        Peer::Inet(SocketAddr::V4(a)) => {
            let v4 = libc::sockaddr_in {
                sin_family: libc::AF_INET as libc::sa_family_t,
                sin_port: a.port().to_be(),
                sin_addr: libc::in_addr {
                    s_addr: u32::from_ne_bytes(a.ip().octets()),
                },
                sin_zero: [0; 8],
            };
            // SAFETY: sockaddr_storage is large and aligned enough for every sockaddr.
            unsafe { (&raw mut storage).cast::<libc::sockaddr_in>().write(v4) };
            (storage, size::<libc::sockaddr_in>())
        }
        Peer::Inet(SocketAddr::V6(a)) => {
            let v6 = libc::sockaddr_in6 {
                sin6_family: libc::AF_INET6 as libc::sa_family_t,
                sin6_port: a.port().to_be(),
                sin6_flowinfo: a.flowinfo(),
                sin6_addr: libc::in6_addr {
                    s6_addr: a.ip().octets(),
                },
                sin6_scope_id: a.scope_id(),
            };
            // SAFETY: sockaddr_storage is large and aligned enough for every sockaddr.
            unsafe { (&raw mut storage).cast::<libc::sockaddr_in6>().write(v6) };
            (storage, size::<libc::sockaddr_in6>())
        }
    }
}

fn size<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(0)
}
