//! What a program means by `iface`: the name of a network interface, or an address.
//!
//! An interface's first internet address counts, in the order the kernel lists them (IPv4 before IPv6). One that
//! exists without an address is "not usable": the cable may be out, and listening there can be tried again later.
//! Names are looked at before numbers. Called by `conn` for listeners and client binds, and by `capi::net_help`.

#![allow(unsafe_code, reason = "getifaddrs")]

use super::addr::{self, Endpoint};
use std::ffi::CStr;
use std::io;
use std::net::SocketAddr;
use std::ptr;

/// What an interface text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// This address; the port is 0, link-local addresses have their scope.
    Usable(SocketAddr),
    /// An interface without an internet address.
    NotUsable,
    /// Neither an interface nor an address.
    NotExist,
}

/// Finds out what `text` stands for.
///
/// # Errors
/// When the kernel's list cannot be had.
pub fn lookup(text: &CStr) -> io::Result<Interface> {
    let mut exists = false;
    let list = List::new()?;
    for (_, endpoint) in list.entries().filter(|(name, _)| *name == text) {
        exists = true;
        if let Some(Endpoint::Ip(addr)) = endpoint {
            return Ok(Interface::Usable(addr));
        }
    }
    if exists {
        return Ok(Interface::NotUsable);
    }
    let number = addr::parse_numeric(text.to_bytes());
    Ok(number.map_or(Interface::NotExist, |ip| {
        Interface::Usable(SocketAddr::new(ip, 0))
    }))
}

/// The same for one family: an interface may have addresses of both.
///
/// # Errors
/// When the kernel's list cannot be had.
pub fn lookup_for(text: &CStr, is_v6: bool) -> io::Result<Interface> {
    let list = List::new()?;
    for (_, endpoint) in list.entries().filter(|(name, _)| *name == text) {
        if let Some(Endpoint::Ip(addr)) = endpoint
            && addr.is_ipv6() == is_v6
        {
            return Ok(Interface::Usable(addr));
        }
    }
    lookup(text)
}

/// The kernel's list of interface addresses.
struct List(*mut libc::ifaddrs);

impl List {
    fn new() -> io::Result<Self> {
        let mut head = ptr::null_mut();
        // SAFETY: writes the head of a list, which is freed on drop.
        if unsafe { libc::getifaddrs(&raw mut head) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self(head))
    }

    fn entries(&self) -> impl Iterator<Item = (&CStr, Option<Endpoint>)> {
        let mut at: *const libc::ifaddrs = self.0;
        std::iter::from_fn(move || {
            // SAFETY: null, or an entry of the list, which lives as long as self.
            let entry = unsafe { at.as_ref() }?;
            at = entry.ifa_next;
            // SAFETY: every entry has a name, which lives as long as the list.
            let name = unsafe { CStr::from_ptr(entry.ifa_name) };
            Some((name, endpoint(entry.ifa_addr)))
        })
    }
}

impl Drop for List {
    fn drop(&mut self) {
        // SAFETY: from getifaddrs, freed once.
        unsafe { libc::freeifaddrs(self.0) };
    }
}

/// Reads an entry's address, which is only as long as its family needs.
fn endpoint(place: *const libc::sockaddr) -> Option<Endpoint> {
    // SAFETY: null, or an entry's address, which begins with its family.
    let family = unsafe { place.as_ref() }?.sa_family;
    let len = match libc::c_int::from(family) {
        libc::AF_INET => size_of::<libc::sockaddr_in>(),
        libc::AF_INET6 => size_of::<libc::sockaddr_in6>(),
        _ => return None,
    };
    // SAFETY: all zeros is a sockaddr_storage.
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    // SAFETY: `len` bytes of this family's record, into a larger one of ours.
    unsafe {
        place
            .cast::<u8>()
            .copy_to_nonoverlapping((&raw mut storage).cast(), len)
    };
    Some(addr::from_storage(&storage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_has_an_address_by_name() {
        let Interface::Usable(addr) = lookup(c"lo").unwrap() else {
            panic!("no lo")
        };
        assert!(addr.ip().is_loopback());
        assert_eq!(addr.port(), 0);
    }

    #[test]
    fn an_interface_gives_the_address_of_the_family_asked_for() {
        for is_v6 in [false, true] {
            let Interface::Usable(addr) = lookup_for(c"lo", is_v6).unwrap() else {
                panic!("no lo")
            };
            // A machine without IPv6 gives what there is.
            assert!(addr.ip().is_loopback() && (is_v6 || addr.is_ipv4()));
        }
        let number = lookup_for(c"127.0.0.2", true).unwrap();
        assert_eq!(number, lookup(c"127.0.0.2").unwrap());
        assert_eq!(lookup_for(c"nosuch0", false).unwrap(), Interface::NotExist);
    }

    #[test]
    fn address_stands_for_itself_and_other_text_for_nothing() {
        for ip in ["127.0.0.2", "8.8.8.8", "::1", "::", "0.0.0.0"] {
            let text = std::ffi::CString::new(ip).unwrap();
            assert_eq!(
                lookup(&text).unwrap(),
                Interface::Usable(SocketAddr::new(ip.parse().unwrap(), 0))
            );
        }
        for text in [c"", c"nosuch0", c"localhost", c"1.2.3", c"0", c"lo "] {
            assert_eq!(lookup(text).unwrap(), Interface::NotExist, "{text:?}");
        }
    }
}
