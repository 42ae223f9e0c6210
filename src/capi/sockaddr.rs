//! Addresses in C's form.

use crate::sys::addr;
use crate::sys::sock::Peer;

/// A peer as sockaddr_storage with its length.
pub(super) fn of_peer(peer: Peer) -> (libc::sockaddr_storage, libc::socklen_t) {
    match peer {
        Peer::Inet(addr) => addr::to_storage(addr),
        Peer::Local => {
            // SAFETY: plain old data, for which zero bytes are a value.
            let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
            storage.ss_family = addr::family(libc::AF_UNIX);
            let len = size_of::<libc::sa_family_t>();
            (storage, libc::socklen_t::try_from(len).unwrap_or(0))
        }
    }
}
