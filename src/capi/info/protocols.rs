//! The vhost's protocols, and which of them is the default or takes raw connections.

use super::options_list;
use crate::capi::abi::{lws_context_creation_info, lws_protocol_vhost_options, lws_protocols};
use crate::capi::{arg, upcall};
use crate::conn::config::{AcceptProtocol, option};
use crate::conn::protocol::{Callback, Protocol};
use crate::util::log::log_warn;
use parking_lot::Mutex;
use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::sync::atomic::AtomicUsize;

/// Ends every list of protocols that the library itself has to put up with.
const MAX_PROTOCOLS: usize = 1024;

/// The program's protocols and those of plugins, copied: lws_get_protocol gives addresses inside this array, which ends with an empty one.
///
/// # Safety
/// As [`super::vhost_config`].
pub(super) unsafe fn copies(
    info: &lws_context_creation_info,
    more: &[lws_protocols],
) -> Box<[ProtocolCopy]> {
    let mut copies: Vec<lws_protocols> = Vec::new();
    for at in 0..MAX_PROTOCOLS {
        let source: *const lws_protocols = if info.protocols.is_null() && !info.pprotocols.is_null()
        {
            // SAFETY: an array of pointers that ends with NULL, by the caller's promise.
            let place = unsafe { info.pprotocols.add(at) };
            // SAFETY: as above.
            unsafe { place.read() }
        } else if info.protocols.is_null() {
            std::ptr::null()
        } else {
            // SAFETY: an array that ends with an entry without callback, by the caller's promise.
            unsafe { info.protocols.add(at) }
        };
        // SAFETY: null or an entry of the array.
        let Some(entry) = (unsafe { source.as_ref() }) else {
            break;
        };
        if entry.callback.is_none() {
            break;
        }
        copies.push(*entry);
    }
    if copies.is_empty() {
        copies.push(dummy_protocol());
    }
    copies.extend_from_slice(more);
    // SAFETY: plain old data; all zero is the end of the array.
    copies.push(unsafe { std::mem::zeroed() });
    copies
        .into_iter()
        .map(|copy| ProtocolCopy(UnsafeCell::new(copy)))
        .collect()
}

/// What a vhost without protocols gets: files from its mounts, nothing else.
fn dummy_protocol() -> lws_protocols {
    lws_protocols {
        name: c"http-only".as_ptr(),
        callback: Some(crate::capi::respond::lws_callback_http_dummy),
        per_session_data_size: 0,
        rx_buffer_size: 0,
        id: 0,
        user: std::ptr::null_mut(),
        tx_packet_size: 0,
    }
}

/// A struct lws_protocols that may be looked at from any thread.
#[repr(transparent)]
pub(super) struct ProtocolCopy(UnsafeCell<lws_protocols>);
// SAFETY: its pointers are only handed back to the program; the one member that changes does so by
// lws_adjust_protocol_psds, which is for the time before there are connections.
unsafe impl Send for ProtocolCopy {}
// SAFETY: as above.
unsafe impl Sync for ProtocolCopy {}

/// The same for the core, each with its options.
///
/// # Safety
/// As [`super::vhost_config`]; `copies` stays where it is as long as the result lives.
pub(super) unsafe fn all(
    copies: &[ProtocolCopy],
    pvo: *const lws_protocol_vhost_options,
) -> Vec<Protocol> {
    let mut all = Vec::new();
    for place in copies {
        // SAFETY: nobody else knows the copies yet.
        let copy = unsafe { place.0.get().read() };
        let Some(callback) = copy.callback else {
            break;
        };
        // SAFETY: the caller's promise.
        let name = unsafe { arg::owned(copy.name) }.unwrap_or_default();
        // SAFETY: the caller's promise.
        let options = unsafe { protocol_options(pvo, &name) };
        all.push(Protocol {
            name,
            callback: Callback {
                run: upcall::protocol,
                addr: (callback as *const ()).expose_provenance(),
            },
            session_len: AtomicUsize::new(copy.per_session_data_size),
            rx_len: copy.rx_buffer_size,
            c_addr: place.0.get().expose_provenance(),
            options,
            vhost_private: Mutex::new(None),
        });
    }
    all
}

/// The options under a protocol's name in the vhost's list.
///
/// # Safety
/// `pvo` is NULL or a valid list.
unsafe fn protocol_options(pvo: *const lws_protocol_vhost_options, name: &CStr) -> usize {
    // SAFETY: the caller's promise.
    unsafe { options_list(pvo) }
        .into_iter()
        .find(|(n, ..)| n.as_c_str() == name)
        .map_or(0, |(_, _, options)| options)
}

/// The index of the protocol with that name.
pub(super) fn index_of(protocols: &[Protocol], name: &CStr) -> Option<u16> {
    let at = protocols.iter().position(|p| p.name.as_c_str() == name)?;
    u16::try_from(at).ok()
}

/// The protocol whose options have `which` set to something but 0 or nothing.
///
/// # Safety
/// As [`super::vhost_config`].
unsafe fn protocol_with(
    pvo: *const lws_protocol_vhost_options,
    protocols: &[Protocol],
    which: &CStr,
) -> Option<u16> {
    // SAFETY: the caller's promise.
    for (name, _, options) in unsafe { options_list(pvo) } {
        let below = std::ptr::with_exposed_provenance(options);
        // SAFETY: the address is the options member of a list entry.
        let below = unsafe { options_list(below) };
        let is_set = below
            .iter()
            .any(|(n, v, _)| n.as_c_str() == which && v.as_c_str() != c"0");
        if is_set {
            return index_of(protocols, &name);
        }
    }
    None
}

/// The protocol of connections that name none.
///
/// # Safety
/// As [`super::vhost_config`].
pub(super) unsafe fn default_protocol(
    pvo: *const lws_protocol_vhost_options,
    protocols: &[Protocol],
) -> u16 {
    // SAFETY: the caller's promise.
    unsafe { protocol_with(pvo, protocols, c"default") }.unwrap_or(0)
}

/// Whether connections that do not speak http become raw, whether they are a raw proxy's then, and on which protocol.
///
/// # Safety
/// As [`super::vhost_config`].
pub(super) unsafe fn accept_config(
    info: &lws_context_creation_info,
    protocols: &[Protocol],
) -> (bool, bool, AcceptProtocol) {
    // SAFETY: the caller's promise.
    let role = unsafe { arg::text(info.listen_accept_role) };
    // SAFETY: the caller's promise.
    let named = unsafe { arg::text(info.listen_accept_protocol) };
    // SAFETY: the caller's promise.
    let by_option = unsafe { protocol_with(info.pvo, protocols, c"raw") };
    if let Some(role) = role
        && !role.to_bytes().starts_with(b"raw")
    {
        // quirk: whatever role is named, it is raw.
        log_warn!(
            "listen_accept_role '{}' is taken for raw-skt",
            role.to_string_lossy()
        );
    }
    // The older interface has no role: an option bit, and "raw" in a protocol's options.
    let is_raw = role.is_some() || info.options & option::FALLBACK_TO_ACCEPT_CONFIG != 0;
    let protocol = match named {
        Some(name) => {
            index_of(protocols, name).map_or(AcceptProtocol::Unknown, AcceptProtocol::Named)
        }
        None => AcceptProtocol::Implied(by_option.unwrap_or(0)),
    };
    (is_raw, role == Some(c"raw-proxy"), protocol)
}
