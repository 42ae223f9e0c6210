//! Exported address calls: numeric text, comparing, interfaces, and the peer of a descriptor.
//!
//! `sys::addr` and `sys::iface` do the work. The calls that take a wsi are elsewhere (`capi::peer`).

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{LWS_ITOSA_NOT_EXIST, LWS_ITOSA_NOT_USABLE, LWS_ITOSA_USABLE, lws_sockaddr46};
use crate::sys::addr::{self, numeric_text};
use crate::sys::iface::{self, Interface};
use crate::util::log::log_err;
use libc::{c_char, c_int, size_t, sockaddr_in, sockaddr_in6};
use std::ffi::CStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Writes as much of `text` as fits, terminated; returns the length, or `size` when it was cut, as lws_snprintf.
///
/// # Safety
/// `buf` is null (0) or has room for `size` bytes.
unsafe fn write_text(text: &str, buf: *mut c_char, size: size_t) -> usize {
    if buf.is_null() || size == 0 {
        return 0;
    }
    let kept = text.len().min(size - 1);
    // SAFETY: kept bytes fit, by the caller's promise; texts of ours do not overlap the buffer.
    unsafe { text.as_ptr().copy_to_nonoverlapping(buf.cast(), kept) };
    // SAFETY: kept < size.
    let end = unsafe { buf.add(kept) };
    // SAFETY: as above.
    unsafe { end.write(0) };
    text.len().min(size)
}

/// Reads a numeric address out of a C string.
///
/// # Safety
/// `text` is null or a C string.
unsafe fn read_numeric(text: *const c_char) -> Option<IpAddr> {
    // SAFETY: the caller's promise.
    let text = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })?;
    addr::parse_numeric(text.to_bytes())
}

/// Turns numeric text into the bytes of the address.
///
/// - `ads`: the text.
/// - `result`, `max_len`: where to write them, owned by the caller, and its size. Untouched on error.
///
/// Returns 4 or 16, the number of bytes; -1 when the text is no address, -3 or -4 when an IPv4 or IPv6 one does not
/// fit.
///
/// Re-entry: query; any thread.
///
/// Quirks: reads valid addresses the reference refuses (capital digits, dotted ends), and refuses `1::2::3`.
///
/// # Safety
/// `ads` is null (-1) or a C string; `result` has room for `max_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_parse_numeric_address(
    ads: *const c_char,
    result: *mut u8,
    max_len: size_t,
) -> c_int {
    // SAFETY: the caller's promise, for both.
    match unsafe { read_numeric(ads) } {
        None => -1,
        // SAFETY: as above.
        Some(IpAddr::V4(v4)) => unsafe { give_bytes(&v4.octets(), result, max_len) }.unwrap_or(-3),
        // SAFETY: as above.
        Some(IpAddr::V6(v6)) => unsafe { give_bytes(&v6.octets(), result, max_len) }.unwrap_or(-4),
    }
}

/// Copies an address out, if it fits; gives its length.
///
/// # Safety
/// `result` is null or has room for `max_len` bytes.
unsafe fn give_bytes(bytes: &[u8], result: *mut u8, max_len: usize) -> Option<c_int> {
    if result.is_null() || max_len < bytes.len() {
        return None;
    }
    // SAFETY: they fit, by the caller's promise.
    unsafe { bytes.as_ptr().copy_to_nonoverlapping(result, bytes.len()) };
    c_int::try_from(bytes.len()).ok()
}

/// Turns numeric text into a socket address.
///
/// - `ads`: the text.
/// - `sa46`: gets family and address; port and all else stay. Untouched on error.
///
/// Returns 0, or -1 when the text is no address.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `ads` is null (-1) or a C string; `sa46` is null (-1) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sa46_parse_numeric_address(
    ads: *const c_char,
    sa46: *mut lws_sockaddr46,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(ip) = (unsafe { read_numeric(ads) }).filter(|_| !sa46.is_null()) else {
        return -1;
    };
    // SAFETY: the caller's promise; the union has room for either.
    unsafe { set_ip(sa46.cast(), ip) };
    0
}

/// Sets family and address of a socket address, and nothing else.
///
/// # Safety
/// `place` is writable, with room for the family's record.
unsafe fn set_ip(place: *mut u8, ip: IpAddr) {
    match ip {
        IpAddr::V4(v4) => {
            let raw = place.cast::<sockaddr_in>();
            // SAFETY: the caller's promise.
            unsafe { (*raw).sin_family = addr::family(libc::AF_INET) };
            // SAFETY: as above.
            unsafe { (*raw).sin_addr.s_addr = u32::from(v4).to_be() };
        }
        IpAddr::V6(v6) => {
            let raw = place.cast::<sockaddr_in6>();
            // SAFETY: the caller's promise.
            unsafe { (*raw).sin6_family = addr::family(libc::AF_INET6) };
            // SAFETY: as above.
            unsafe { (*raw).sin6_addr.s6_addr = v6.octets() };
        }
    }
}

/// Reads a socket address of the program: none for other families.
///
/// # Safety
/// `sa46` is null or readable.
unsafe fn ip_of(sa46: *const lws_sockaddr46) -> Result<IpAddr, c_int> {
    if sa46.is_null() {
        return Err(libc::AF_UNSPEC);
    }
    let (v4, v6) = (sa46.cast::<sockaddr_in>(), sa46.cast::<sockaddr_in6>());
    // SAFETY: both records begin with the family.
    let family = c_int::from(unsafe { (*v4).sin_family });
    match family {
        libc::AF_INET => {
            // SAFETY: the record of this family.
            let bits = unsafe { (*v4).sin_addr.s_addr };
            Ok(IpAddr::V4(Ipv4Addr::from(u32::from_be(bits))))
        }
        libc::AF_INET6 => {
            // SAFETY: the record of this family.
            let bytes = unsafe { (*v6).sin6_addr.s6_addr };
            Ok(IpAddr::V6(Ipv6Addr::from(bytes)))
        }
        _ => Err(family),
    }
}

/// Tells whether two socket addresses have the same address; ports and scopes do not count.
///
/// - `sa46a`, `sa46b`: the addresses.
///
/// Returns 0 when they have, else not 0: 1, or for two IPv6 ones the sign of the difference.
///
/// Re-entry: query; any thread.
///
/// Quirks: an IPv4 address and the same one mapped into IPv6 differ; two of one other family are the same.
///
/// # Safety
/// Both are null or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sa46_compare_ads(
    sa46a: *const lws_sockaddr46,
    sa46b: *const lws_sockaddr46,
) -> c_int {
    // SAFETY: the caller's promise, for both.
    match (unsafe { ip_of(sa46a) }, unsafe { ip_of(sa46b) }) {
        (Ok(IpAddr::V6(a)), Ok(IpAddr::V6(b))) => a.cmp(&b) as c_int,
        (a, b) => c_int::from(a != b),
    }
}

/// Writes the numeric text of an address.
///
/// - `ads`, `size`: the bytes, 4 or 16.
/// - `buf`, `len`: where to write it, owned by the caller, and its size; 46 is always enough.
///
/// Returns the length; for IPv4 text that was cut `len`; -1 for IPv6 text that was cut, and for other sizes.
///
/// Re-entry: query; any thread.
///
/// Quirks: the first run of zero groups becomes `::`, even a single one.
///
/// # Safety
/// `ads` has `size` bytes; `buf` is null or has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_write_numeric_address(
    ads: *const u8,
    size: c_int,
    buf: *mut c_char,
    len: size_t,
) -> c_int {
    let ip = match size {
        _ if ads.is_null() => return -1,
        // SAFETY: the caller's promise.
        4 => IpAddr::from(unsafe { ads.cast::<[u8; 4]>().read() }),
        // SAFETY: the caller's promise.
        16 => IpAddr::from(unsafe { ads.cast::<[u8; 16]>().read() }),
        _ => return -1,
    };
    // SAFETY: the caller's promise.
    unsafe { write_ip(ip, buf, len) }
}

/// Writes the text of an address with the result that the exported calls give.
///
/// # Safety
/// `buf` is null or has room for `len` bytes.
unsafe fn write_ip(ip: IpAddr, buf: *mut c_char, len: size_t) -> c_int {
    let text = numeric_text(ip);
    // SAFETY: the caller's promise.
    let written = unsafe { write_text(text.as_str(), buf, len) };
    if ip.is_ipv6() && text.as_str().len() >= len {
        return -1; // cut
    }
    c_int::try_from(written).unwrap_or(-1)
}

/// Writes the numeric text of a socket address, without its port.
///
/// - `sa46`: the address.
/// - `buf`, `len`: where to write it, owned by the caller, and its size; 46 is always enough.
///
/// Returns as [`lws_write_numeric_address`]; -1 and an empty text for other families.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `sa46` is null or readable; `buf` is null or has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sa46_write_numeric_address(
    sa46: *mut lws_sockaddr46,
    buf: *mut c_char,
    len: size_t,
) -> c_int {
    // SAFETY: the caller's promise.
    if let Ok(ip) = unsafe { ip_of(sa46) } {
        // SAFETY: the caller's promise.
        return unsafe { write_ip(ip, buf, len) };
    }
    // SAFETY: the caller's promise.
    unsafe { write_text("", buf, len) };
    -1
}

/// Finds the address of an interface, by its name or as a numeric address.
///
/// - `ipv6`: not 0 for an IPv6 socket: an interface's IPv4 address is mapped then.
/// - `ifname`: the text.
/// - `addr`, `addrlen`: gets family and address; room for a `sockaddr_in6` when the address may be IPv6. For an IPv4
///   address of an interface the whole `sockaddr_in` is written, port 0.
///
/// Returns LWS_ITOSA_USABLE (0); LWS_ITOSA_NOT_EXIST (-1), also when the address does not fit; LWS_ITOSA_NOT_USABLE
/// (-2) for an interface without an address.
///
/// Re-entry: query; any thread.
///
/// Quirks: an IPv4 number is not mapped for IPv6; a number need not be an address of this machine.
///
/// # Safety
/// `ifname` is null (-1) or a C string; `addr` is null (-1) or has room for `addrlen` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_interface_to_sa(
    ipv6: c_int,
    ifname: *const c_char,
    addr: *mut sockaddr_in,
    addrlen: size_t,
) -> c_int {
    if ifname.is_null() || addr.is_null() {
        return LWS_ITOSA_NOT_EXIST;
    }
    // SAFETY: the caller's promise.
    let name = unsafe { CStr::from_ptr(ifname) };
    match interface(name) {
        // SAFETY: the caller's promise.
        Interface::Usable(found) => unsafe {
            give_interface(found, name, ipv6 != 0, addr, addrlen)
        },
        Interface::NotUsable => LWS_ITOSA_NOT_USABLE,
        Interface::NotExist => LWS_ITOSA_NOT_EXIST,
    }
}

fn interface(name: &CStr) -> Interface {
    iface::lookup(name).unwrap_or_else(|error| {
        log_err!("getifaddrs: {error}");
        Interface::NotExist
    })
}

/// Writes what `lws_interface_to_sa` found.
///
/// # Safety
/// `place` has room for `len` bytes.
unsafe fn give_interface(
    found: SocketAddr,
    name: &CStr,
    ipv6: bool,
    place: *mut sockaddr_in,
    len: usize,
) -> c_int {
    let is_number = addr::parse_numeric(name.to_bytes()).is_some();
    let ip = match found.ip() {
        IpAddr::V4(v4) if ipv6 && !is_number => IpAddr::V6(v4.to_ipv6_mapped()),
        ip => ip,
    };
    let needed = if ip.is_ipv6() {
        size_of::<sockaddr_in6>()
    } else {
        size_of::<sockaddr_in>()
    };
    if len < needed {
        log_err!("lws_interface_to_sa: {len} bytes are too few for the address of {name:?}");
        return LWS_ITOSA_NOT_EXIST;
    }
    if ip.is_ipv4() && !is_number {
        // SAFETY: the caller's promise; all zeros is a sockaddr_in.
        unsafe { place.write_bytes(0, 1) };
    }
    // SAFETY: the caller's promise, and the record fits.
    unsafe { set_ip(place.cast(), ip) };
    LWS_ITOSA_USABLE
}

/// Writes who is at the other end of a socket.
///
/// - `fd`: the descriptor.
/// - `name`, `namelen`: where to write the numeric address, owned by the caller, and its size. A unix socket has an
///   empty one; without a peer it is `getpeername: ` and the reason.
///
/// Returns `name`.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `name` is null or has room for `namelen` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_peer_simple_fd(
    fd: c_int,
    name: *mut c_char,
    namelen: size_t,
) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { write_text(&addr::peer_text(fd), name, namelen) };
    name
}

#[cfg(test)]
#[path = "net_help_tests.rs"]
mod tests;
