//! Who is at the other end.

use crate::capi::abi::lws;
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::conn::wsi::Wsi;
use crate::proto::http::headers::copy_with_nul;
use crate::sys::sock::{self, Peer};
use std::ffi::{c_char, c_int};
use std::net::{IpAddr, Ipv6Addr};

/// The numeric address as it is.
fn numeric(wsi: &Wsi) -> Option<String> {
    wsi.with_fd(sock::peer)?.map(|peer| text_of(peer, false))
}

/// The numeric address; IPv4 inside IPv6 as plain IPv4.
fn numeric_plain(wsi: &Wsi) -> Option<String> {
    wsi.with_fd(sock::peer)?.map(|peer| text_of(peer, true))
}

fn text_of(peer: Peer, plain: bool) -> String {
    match peer {
        Peer::Local => "(unix skt)".to_owned(),
        Peer::Inet(addr) => match addr.ip() {
            IpAddr::V6(v6) if plain => unmapped(v6),
            IpAddr::V6(v6) => v6.to_string(),
            IpAddr::V4(v4) => v4.to_string(),
        },
    }
}

fn unmapped(v6: Ipv6Addr) -> String {
    v6.to_ipv4_mapped().map_or_else(|| v6.to_string(), |v4| v4.to_string())
}

/// The peer's numeric address.
///
/// `wsi`: the connection. `name`, `namelen`: where it goes, with a NUL.
///
/// Returns `name`, or NULL when there is no peer or no room.
///
/// Re-entry: query.
///
/// # Safety
/// `name` points to `namelen` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_peer_simple(
    wsi: *mut lws,
    name: *mut c_char,
    namelen: usize,
) -> *const c_char {
    // SAFETY: the caller's promise.
    let room = unsafe { arg::bytes_mut(name.cast(), namelen) };
    with_wsi(wsi, "lws_get_peer_simple", std::ptr::null(), |_, w| {
        let copied = numeric(w).and_then(|text| copy_with_nul(text.as_bytes(), room));
        copied.map_or(std::ptr::null(), |_| name.cast_const())
    })
}

/// The peer's name and numeric address.
///
/// `wsi`: the connection. `fd`: not used. `name`, `name_len`: get the name; `rip`, `rip_len`: get the address; each with
/// a NUL, empty where it is not known. No name service is asked, since that would block the loop: the name is
/// the address.
///
/// Returns nothing.
///
/// Re-entry: query.
///
/// # Safety
/// `name` and `rip` point to so many writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_peer_addresses(
    wsi: *mut lws,
    fd: c_int,
    name: *mut c_char,
    name_len: c_int,
    rip: *mut c_char,
    rip_len: c_int,
) {
    let _ = fd;
    // SAFETY: the caller's promise.
    let name = unsafe { arg::bytes_mut(name.cast(), arg::count(name_len)) };
    // SAFETY: the caller's promise.
    let rip = unsafe { arg::bytes_mut(rip.cast(), arg::count(rip_len)) };
    let text = with_wsi(wsi, "lws_get_peer_addresses", None, |_, w| numeric_plain(w)).unwrap_or_default();
    for room in [name, rip] {
        if copy_with_nul(text.as_bytes(), room).is_none() && let Some(first) = room.first_mut() {
            *first = 0;
        }
    }
}
