//! Who is at the other end.

use crate::capi::abi::lws;
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::capi::net_help::lws_get_peer_simple_fd;
use crate::conn::wsi::Wsi;
use crate::proto::http::headers::copy_with_nul;
use crate::sys::addr::{self, Endpoint};
use std::ffi::{c_char, c_int};

/// The numeric address; IPv4 inside IPv6 as plain IPv4.
fn numeric(wsi: &Wsi) -> Option<String> {
    match addr::peer_of(wsi.fd()).ok()? {
        Endpoint::Ip(peer) => Some(addr::numeric_text(peer.ip().to_canonical()).to_string()),
        _ => None,
    }
}

/// The peer's numeric address.
///
/// `wsi`: the connection. `name`, `namelen`: where it goes, with a NUL.
///
/// Returns `name`, NULL without a connection; what does not fit is cut.
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
    let fd = with_wsi(wsi, "lws_get_peer_simple", -1, |_, w| w.fd());
    if fd < 0 {
        return std::ptr::null();
    }
    // SAFETY: the caller's promise.
    unsafe { lws_get_peer_simple_fd(fd, name, namelen) }
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
    let text = with_wsi(wsi, "lws_get_peer_addresses", None, |_, w| numeric(w)).unwrap_or_default();
    for room in [name, rip] {
        if copy_with_nul(text.as_bytes(), room).is_none()
            && let Some(first) = room.first_mut()
        {
            *first = 0;
        }
    }
}
