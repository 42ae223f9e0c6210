//! Questions about a connection, and the program's pointers that it carries.

use crate::capi::abi::{lws, lws_context, lws_protocols, lws_vhost};
use crate::capi::handle::{self, to_c, with_wsi};
use crate::conn::wsi::Wsi;
use crate::util::ids::Handle;
use std::ffi::{c_int, c_void};
use std::ptr;

fn pointer(value: usize) -> *mut c_void {
    ptr::with_exposed_provenance_mut(value)
}

fn related(handle: Option<Handle>) -> *mut lws {
    handle.map_or(ptr::null_mut(), |h| to_c(h.addr()))
}

/// The per-session memory of a connection.
///
/// `wsi`: the connection.
///
/// Returns what callbacks get as `user`, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_wsi_user(wsi: *mut lws) -> *mut c_void {
    with_wsi(wsi, "lws_wsi_user", ptr::null_mut(), |_, w| {
        pointer(w.user.get())
    })
}

/// Replaces the per-session memory by the program's own.
///
/// `wsi`: the connection. `user`: what callbacks get from now on; stays the program's.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_wsi_user(wsi: *mut lws, user: *mut c_void) {
    with_wsi(wsi, "lws_set_wsi_user", (), |_, w| {
        drop(w.session.replace(None));
        w.user.set(user.expose_provenance());
    });
}

/// The context of a connection.
///
/// `wsi`: the connection.
///
/// Returns the context, NULL without a connection.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_context(wsi: *const lws) -> *mut lws_context {
    with_wsi(wsi, "lws_get_context", ptr::null_mut(), |thread, _| {
        to_c(thread.context.handle.addr())
    })
}

/// The vhost of a connection.
///
/// `wsi`: the connection.
///
/// Returns the vhost or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost(wsi: *mut lws) -> *mut lws_vhost {
    with_wsi(wsi, "lws_get_vhost", ptr::null_mut(), |_, w| {
        w.on_vhost(|v| to_c(v.handle.addr()))
            .unwrap_or(ptr::null_mut())
    })
}

fn protocol_of(wsi: &Wsi) -> *const lws_protocols {
    wsi.on_vhost(|v| v.protocol(wsi.protocol()).map(|p| p.c_addr))
        .flatten()
        .map_or(ptr::null(), ptr::with_exposed_provenance)
}

/// The protocol that a connection is bound to.
///
/// `wsi`: the connection.
///
/// Returns the vhost's copy of the program's struct, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_protocol(wsi: *mut lws) -> *const lws_protocols {
    with_wsi(wsi, "lws_get_protocol", ptr::null(), |_, w| protocol_of(w))
}

/// lws_get_protocol under its older name.
///
/// `wsi`: the connection.
///
/// Returns as lws_get_protocol.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_protocol_get(wsi: *mut lws) -> *const lws_protocols {
    with_wsi(wsi, "lws_protocol_get", ptr::null(), |_, w| protocol_of(w))
}

/// The descriptor of a connection.
///
/// `wsi`: the connection.
///
/// Returns the descriptor, which stays the library's; -1 without one.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_socket_fd(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_get_socket_fd", -1, |_, w| w.fd())
}

/// The service thread of a connection.
///
/// `wsi`: the connection.
///
/// Returns its number; 0 without a connection.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_tsi(wsi: *mut lws) -> c_int {
    handle::wsi_place(wsi, "lws_get_tsi").map_or(0, |(_, p)| c_int::from(p.tsi))
}

/// lws_get_tsi under its older name.
///
/// `wsi`: the connection.
///
/// Returns as lws_get_tsi.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_wsi_tsi(wsi: *mut lws) -> c_int {
    lws_get_tsi(wsi)
}

/// The connection that carries this one on the network: itself, where streams do not share a connection.
///
/// `wsi`: the connection.
///
/// Returns the connection, NULL without one.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_network_wsi(wsi: *mut lws) -> *mut lws {
    with_wsi(wsi, "lws_get_network_wsi", ptr::null_mut(), |_, w| {
        to_c(w.handle.addr())
    })
}

/// The parent of a connection.
///
/// `wsi`: the connection.
///
/// Returns the parent or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_parent(wsi: *const lws) -> *mut lws {
    with_wsi(wsi, "lws_get_parent", ptr::null_mut(), |_, w| {
        related(w.parent.get())
    })
}

/// The child of a connection that was made last.
///
/// `wsi`: the connection.
///
/// Returns the child or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_child(wsi: *const lws) -> *mut lws {
    with_wsi(wsi, "lws_get_child", ptr::null_mut(), |thread, w| {
        let all = thread.all();
        let child = all.iter().rev().find(|c| c.parent.get() == Some(w.handle));
        related(child.map(|c| c.handle))
    })
}

/// The program's pointer for the parent's use.
///
/// `wsi`: the connection.
///
/// Returns what was set, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_opaque_parent_data(wsi: *const lws) -> *mut c_void {
    with_wsi(
        wsi,
        "lws_get_opaque_parent_data",
        ptr::null_mut(),
        |_, w| pointer(w.opaque_parent.get()),
    )
}

/// Sets the program's pointer for the parent's use.
///
/// `wsi`: the connection. `data`: stays the program's.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_opaque_parent_data(wsi: *mut lws, data: *mut c_void) {
    let data = data.expose_provenance();
    with_wsi(wsi, "lws_set_opaque_parent_data", (), |_, w| {
        w.opaque_parent.set(data)
    });
}

/// The program's own pointer on a connection.
///
/// `wsi`: the connection.
///
/// Returns what was set, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_opaque_user_data(wsi: *const lws) -> *mut c_void {
    with_wsi(wsi, "lws_get_opaque_user_data", ptr::null_mut(), |_, w| {
        pointer(w.opaque_user.get())
    })
}

/// Sets the program's own pointer on a connection.
///
/// `wsi`: the connection. `data`: stays the program's.
///
/// Returns nothing.
///
/// Re-entry: query; from another OS thread while the service thread is not at work.
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_opaque_user_data(wsi: *mut lws, data: *mut c_void) {
    let data = data.expose_provenance();
    with_wsi(wsi, "lws_set_opaque_user_data", (), |_, w| {
        w.opaque_user.set(data)
    });
}

/// Whether some child of a connection waits for WRITEABLE.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_child_pending_on_writable(wsi: *const lws) -> c_int {
    with_wsi(wsi, "lws_get_child_pending_on_writable", 0, |thread, w| {
        let children = thread.all();
        let mut mine = children.iter().filter(|c| c.parent.get() == Some(w.handle));
        c_int::from(mine.any(|c| c.wants_writable.get()))
    })
}

/// Forgets that children of a connection wait for WRITEABLE.
///
/// `wsi`: the connection.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_clear_child_pending_on_writable(wsi: *mut lws) {
    with_wsi(
        wsi,
        "lws_clear_child_pending_on_writable",
        (),
        |thread, w| {
            for child in thread.all() {
                if child.parent.get() == Some(w.handle) {
                    child.wants_writable.set(false);
                }
            }
        },
    );
}

/// Whether a CGI script answers for the connection.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_is_cgi(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_is_cgi", 0, |_, w| c_int::from(w.has_script.get()))
}

/// How much the peer takes before a write would wait for its credit.
///
/// `wsi`: the connection.
///
/// Returns -1: http/1, ws and raw connections have no such limit.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_peer_write_allowance(wsi: *mut lws) -> i64 {
    with_wsi(wsi, "lws_get_peer_write_allowance", -1, |_, _| -1)
}

/// Closes a connection: for event libraries.
///
/// `wsi`: the connection. `reason`, `caller`: not used.
///
/// Returns nothing.
///
/// Re-entry: may dispatch, closes the wsi.
#[unsafe(no_mangle)]
pub extern "C" fn lws_close_free_wsi(
    wsi: *mut lws,
    reason: std::ffi::c_uint,
    caller: *const std::ffi::c_char,
) {
    let _ = (reason, caller);
    with_wsi(wsi, "lws_close_free_wsi", (), |thread, w| {
        crate::conn::close::close(thread, w, crate::conn::wsi::CloseCause::Asked);
    });
}
