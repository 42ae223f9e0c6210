//! Exports that the reference's own event-loop plugins use, and a late change of a protocol's size. Programs have no use for
//! the former: what they take cannot be had from the public interface, or ends what the library itself ends.

use crate::capi::abi::{lws, lws_context_per_thread, lws_protocols};
use crate::capi::handle::with_wsi;
use crate::conn::adopt;
use crate::util::log::log_err;
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::Ordering;

/// Changes how much memory connections of a protocol get.
///
/// `wsi`: a connection of the protocol, or what PROTOCOL_INIT got. `new_size`: bytes for each connection made from now on.
///
/// Returns memory of that size, zeroed: the per-session data of `wsi`; after PROTOCOL_INIT it ends with the callback.
/// NULL when there is no such connection or no memory.
///
/// Re-entry: query; for the time before there are connections.
#[unsafe(no_mangle)]
pub extern "C" fn lws_adjust_protocol_psds(wsi: *mut lws, new_size: usize) -> *mut c_void {
    with_wsi(wsi, "lws_adjust_protocol_psds", ptr::null_mut(), |_, w| {
        let place = w.on_vhost(|vhost| {
            let protocol = vhost.protocol(w.protocol())?;
            protocol.session_len.store(new_size, Ordering::Relaxed);
            Some(protocol.c_addr)
        });
        let Some(place) = place.flatten() else {
            return ptr::null_mut();
        };
        let shown = ptr::with_exposed_provenance_mut::<lws_protocols>(place);
        // SAFETY: our copy of the protocol, which lives as long as its vhost and is a cell.
        unsafe { (*shown).per_session_data_size = new_size };
        adopt::fresh_session(w);
        ptr::with_exposed_provenance_mut(w.user.get())
    })
}

/// Delivers what flow control held back; the library does so by itself.
///
/// `pt`: a record that programs cannot have; not looked at.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_service_do_ripe_rxflow(pt: *mut lws_context_per_thread) {
    let _ = pt;
}

/// Ends the connection that carries the wake-up descriptor; it ends with its context instead.
///
/// `wsi`: a connection; nothing is done with it.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_destroy_event_pipe(wsi: *mut lws) {
    if !wsi.is_null() {
        log_err!("lws_destroy_event_pipe: it ends with its context; not for programs");
    }
}

/// Frees a connection after its last callback; the library does so by itself.
///
/// `wsi`: a connection; nothing is done with it.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn __lws_close_free_wsi_final(wsi: *mut lws) {
    if !wsi.is_null() {
        log_err!("__lws_close_free_wsi_final: not for programs; return -1 to close a connection");
    }
}
