//! Socket addresses: text as lws writes it, text as programs give it, and who is at the other end of a socket.
//!
//! Text differs from what inet_ntop writes: the first run of zero groups is the one that becomes `::`, even a single
//! group, and only `::ffff:` addresses end in dotted decimal. Reading is stricter than the reference where that took
//! impossible addresses, and takes valid ones that it refused (capital digits, dotted ends).
//! Called by `conn` for peers, and by `capi::net_help`.

#![allow(unsafe_code, reason = "system calls")]

use std::fmt::{self, Write as _};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::RawFd;

/// Longest text: eight groups of four, seven colons.
const TEXT_BUFFER: usize = 40;

/// An address as text, without allocation.
#[derive(Clone, Copy)]
pub struct NumericText {
    bytes: [u8; TEXT_BUFFER],
    len: usize,
}

impl NumericText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

impl fmt::Write for NumericText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl fmt::Display for NumericText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The text of an address.
#[must_use]
pub fn numeric_text(ip: IpAddr) -> NumericText {
    let mut text = NumericText {
        bytes: [0; TEXT_BUFFER],
        len: 0,
    };
    // Every address fits.
    let _ = match ip {
        IpAddr::V4(v4) => write!(text, "{v4}"),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => write!(text, "::ffff:{v4}"),
            None => write_groups(&mut text, v6.segments()),
        },
    };
    text
}

/// Writes the groups; the first run of zeros becomes `::`.
fn write_groups(text: &mut NumericText, groups: [u16; 8]) -> fmt::Result {
    let start = groups.iter().position(|group| *group == 0).unwrap_or(8);
    let zeros = groups[start..]
        .iter()
        .take_while(|group| **group == 0)
        .count();
    for (index, group) in groups.iter().enumerate() {
        match index {
            _ if index == start => text.write_str("::")?,
            _ if index > start && index < start + zeros => {}
            _ if index == 0 || index == start + zeros => write!(text, "{group:x}")?,
            _ => write!(text, ":{group:x}")?,
        }
    }
    Ok(())
}

/// Reads a numeric address; spaces around it and leading zeros of decimal parts (never octal) are accepted.
#[must_use]
pub fn parse_numeric(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim_matches(' ');
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    let mut parts = text.split('.');
    let mut octets = [0u8; 4];
    for octet in &mut octets {
        let part = parts.next().filter(|part| (1..=3).contains(&part.len()))?;
        let is_decimal = part.bytes().all(|byte| byte.is_ascii_digit());
        *octet = part.parse().ok().filter(|_| is_decimal)?;
    }
    parts
        .next()
        .is_none()
        .then(|| IpAddr::V4(Ipv4Addr::from(octets)))
}

/// Who is at an end of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An internet address.
    Ip(SocketAddr),
    /// A unix domain socket.
    Unix,
    /// Another family.
    Other,
}

/// The other end of a connected socket.
///
/// # Errors
/// As getpeername(2).
pub fn peer_of(fd: RawFd) -> io::Result<Endpoint> {
    // SAFETY: getpeername with a buffer of the size that is given.
    ask(|addr, len| unsafe { libc::getpeername(fd, addr, len) })
}

/// Our end of a socket.
///
/// # Errors
/// As getsockname(2).
pub fn local_of(fd: RawFd) -> io::Result<Endpoint> {
    // SAFETY: getsockname with a buffer of the size that is given.
    ask(|addr, len| unsafe { libc::getsockname(fd, addr, len) })
}

fn ask(
    call: impl FnOnce(*mut libc::sockaddr, *mut libc::socklen_t) -> libc::c_int,
) -> io::Result<Endpoint> {
    // SAFETY: all zeros is a sockaddr_storage.
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    let mut len = socklen::<libc::sockaddr_storage>();
    if call((&raw mut storage).cast(), &raw mut len) < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(from_storage(&storage))
}

/// Reads what the kernel wrote.
#[must_use]
pub fn from_storage(storage: &libc::sockaddr_storage) -> Endpoint {
    let place: *const libc::sockaddr_storage = storage;
    match libc::c_int::from(storage.ss_family) {
        libc::AF_INET => {
            // SAFETY: a sockaddr_storage has room and alignment for each family's record; this one was written.
            let v4 = unsafe { &*place.cast::<libc::sockaddr_in>() };
            let ip = Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr));
            Endpoint::Ip(SocketAddrV4::new(ip, u16::from_be(v4.sin_port)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let v6 = unsafe { &*place.cast::<libc::sockaddr_in6>() };
            let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
            let port = u16::from_be(v6.sin6_port);
            Endpoint::Ip(
                SocketAddrV6::new(ip, port, u32::from_be(v6.sin6_flowinfo), v6.sin6_scope_id)
                    .into(),
            )
        }
        libc::AF_UNIX => Endpoint::Unix,
        _ => Endpoint::Other,
    }
}

/// Writes an address as the kernel takes it; gives the record and how much of it counts.
#[must_use]
pub fn to_storage(addr: SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: all zeros is a sockaddr_storage.
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    let place = &raw mut storage;
    let len = match addr {
        SocketAddr::V4(v4) => {
            // SAFETY: room and alignment for each family's record; zeros are one.
            let raw = unsafe { &mut *place.cast::<libc::sockaddr_in>() };
            raw.sin_family = family(libc::AF_INET);
            raw.sin_port = v4.port().to_be();
            raw.sin_addr.s_addr = u32::from(*v4.ip()).to_be();
            socklen::<libc::sockaddr_in>()
        }
        SocketAddr::V6(v6) => {
            // SAFETY: as above.
            let raw = unsafe { &mut *place.cast::<libc::sockaddr_in6>() };
            raw.sin6_family = family(libc::AF_INET6);
            raw.sin6_port = v6.port().to_be();
            raw.sin6_flowinfo = v6.flowinfo().to_be();
            raw.sin6_addr.s6_addr = v6.ip().octets();
            raw.sin6_scope_id = v6.scope_id();
            socklen::<libc::sockaddr_in6>()
        }
    };
    (storage, len)
}

/// An address family as socket records hold it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "address families are small numbers"
)]
#[must_use]
pub const fn family(number: libc::c_int) -> libc::sa_family_t {
    number as libc::sa_family_t
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "socket records are at most 128 bytes"
)]
const fn socklen<T>() -> libc::socklen_t {
    size_of::<T>() as libc::socklen_t
}

/// The peer of a socket as lws shows it: the numeric address; nothing for a unix socket; `getpeername: ` and the reason
/// when there is no peer.
#[must_use]
pub fn peer_text(fd: RawFd) -> String {
    match peer_of(fd) {
        Ok(Endpoint::Ip(addr)) => numeric_text(addr.ip()).to_string(),
        Ok(_) => String::new(),
        Err(error) => format!("getpeername: {}", reason(&error)),
    }
}

/// The text C's strerror gives for an error.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Looks up the name of an address; the numeric address when it has none. Asks the name service: it may block for
/// seconds.
#[must_use]
pub fn name_of(addr: SocketAddr) -> Option<String> {
    let (storage, len) = to_storage(addr);
    let mut name = [0u8; libc::NI_MAXHOST as usize];
    let place = (&raw const storage).cast();
    // SAFETY: an address of this length, and a buffer of ours with its length; no service is asked for.
    let failed = unsafe {
        libc::getnameinfo(
            place,
            len,
            name.as_mut_ptr().cast(),
            libc::NI_MAXHOST,
            std::ptr::null_mut(),
            0,
            0,
        )
    };
    let text = std::ffi::CStr::from_bytes_until_nul(&name).ok()?;
    (failed == 0).then(|| text.to_string_lossy().into_owned())
}

/// Name and numeric address of a peer, as lws shows them (lws: peer addresses): a host without a name has its address
/// as name, an IPv4 address is dotted even over IPv6. Asks the name service, which may block for seconds.
///
/// # Errors
/// As getpeername(2).
pub fn peer_names(fd: RawFd) -> io::Result<(String, String)> {
    let Endpoint::Ip(peer) = peer_of(fd)? else {
        return Ok(Default::default());
    };
    let address = numeric_text(peer.ip().to_canonical()).to_string();
    Ok((name_of(peer).unwrap_or_else(|| address.clone()), address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsRawFd as _;

    fn text(ip: &str) -> String {
        numeric_text(ip.parse().unwrap()).to_string()
    }

    #[test]
    fn first_run_of_zeros_is_shortened() {
        for (ip, expected) in [
            ("1.2.3.4", "1.2.3.4"),
            ("255.255.255.255", "255.255.255.255"),
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("2001:db8::1", "2001:db8::1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
            ("::ffff:0:0", "::ffff:0.0.0.0"),
            ("::1.2.3.4", "::102:304"),
            ("1:0:0:2:0:0:0:3", "1::2:0:0:0:3"),
            ("1:0:2:3:4:5:6:7", "1::2:3:4:5:6:7"),
            ("0:1:2:3:4:5:6:7", "::1:2:3:4:5:6:7"),
            ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7::"),
            ("1:0:2:0:3:0:4:0", "1::2:0:3:0:4:0"),
            ("0:0:0:0:1::", "::1:0:0:0"),
            (
                "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
                "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
            ),
        ] {
            assert_eq!(text(ip), expected);
        }
    }

    #[test]
    fn written_addresses_read_back() {
        for ip in [
            "1.2.3.4",
            "::",
            "fe80::1:0:0:1",
            "1:0:0:2:0:0:0:3",
            "::ffff:1.2.3.4",
        ] {
            assert_eq!(
                parse_numeric(text(ip).as_bytes()),
                Some(ip.parse().unwrap())
            );
        }
    }

    #[test]
    fn lenient_forms_are_read_and_junk_is_not() {
        for good in [" 1.2.3.4 ", "01.002.3.04", "1.2.3.4"] {
            assert_eq!(
                parse_numeric(good.as_bytes()),
                Some("1.2.3.4".parse().unwrap())
            );
        }
        assert_eq!(
            parse_numeric(b"010.1.1.1"),
            Some("10.1.1.1".parse().unwrap())
        );
        assert_eq!(
            parse_numeric(b"::FFFF:ABCD"),
            Some("::ffff:abcd".parse().unwrap())
        );
        for bad in [
            "",
            " ",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "1..2.3",
            "0001.2.3.4",
            "+1.2.3.4",
            "1::2::3",
            ":1",
        ] {
            assert_eq!(parse_numeric(bad.as_bytes()), None, "{bad}");
        }
        for bad in [
            "[::1]",
            "::1%lo",
            "1.2.3.4:80",
            "localhost",
            "1.2.3.4\0",
            "\u{661}.2.3.4",
        ] {
            assert_eq!(parse_numeric(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse_numeric(b"\xff"), None);
    }

    #[test]
    fn storage_keeps_addresses() {
        for addr in ["1.2.3.4:80", "[2001:db8::1]:443", "[::]:0"] {
            let addr: SocketAddr = addr.parse().unwrap();
            assert_eq!(from_storage(&to_storage(addr).0), Endpoint::Ip(addr));
        }
    }

    #[test]
    fn peer_of_a_connection_is_its_client() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, addr) = listener.accept().unwrap();
        assert_eq!(peer_of(server.as_raw_fd()).unwrap(), Endpoint::Ip(addr));
        assert_eq!(local_of(client.as_raw_fd()).unwrap(), Endpoint::Ip(addr));
        assert_eq!(peer_text(server.as_raw_fd()), "127.0.0.1");
        assert_eq!(
            peer_text(listener.as_raw_fd()),
            "getpeername: Transport endpoint is not connected"
        );
        assert_eq!(peer_text(-1), "getpeername: Bad file descriptor");
    }

    #[test]
    fn peer_over_ipv6_has_a_dotted_address() {
        assert!(peer_names(-1).is_err());
        let Ok(listener) = TcpListener::bind("[::]:0") else {
            return;
        }; // no IPv6 here
        let port = listener.local_addr().unwrap().port();
        let _client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (server, _) = listener.accept().unwrap();
        assert_eq!(peer_names(server.as_raw_fd()).unwrap().1, "127.0.0.1");
        assert_eq!(peer_text(server.as_raw_fd()), "::ffff:127.0.0.1");
    }

    #[test]
    fn unix_peer_has_no_text() {
        let (one, _two) = std::os::unix::net::UnixStream::pair().unwrap();
        assert_eq!(peer_of(one.as_raw_fd()).unwrap(), Endpoint::Unix);
        assert_eq!(peer_text(one.as_raw_fd()), "");
        assert_eq!(peer_names(one.as_raw_fd()).unwrap(), Default::default());
    }
}
