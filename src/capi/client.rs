//! Outgoing connections.

use crate::capi::abi::{lws, lws_client_connect_info, lws_vhost};
use crate::capi::handle::{self, to_c, with_wsi};
use crate::capi::{arg, info};
use crate::conn::client;
use crate::conn::role::client::{answer, set_body_pending};
use std::ffi::{c_char, c_int, c_uint};
use std::ptr;

/// Connects to a server.
///
/// `ccinfo`: what to connect to and how; copied, except `userdata`. The call returns before the connection is there: a name
/// is looked up and the socket connected without blocking.
///
/// Returns the connection, or NULL after a log line when what is asked for cannot be tried. Whatever fails later is told by
/// CLIENT_CONNECTION_ERROR, once.
///
/// Re-entry: dispatches (CLIENT_HTTP_BIND_PROTOCOL, SERVER_NEW_CLIENT_INSTANTIATED); may close the new wsi.
///
/// Quirks: `*pwsi` is set before the first callback and stays when the connection ends.
///
/// # Safety
/// `ccinfo` is NULL or valid as documented in the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_client_connect_via_info(
    ccinfo: *const lws_client_connect_info,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let Some(wanted) = (unsafe { info::connect::wanted(ccinfo) }) else {
        return ptr::null_mut();
    };
    let made = handle::in_some_thread(&wanted.entry, "lws_client_connect_via_info", |thread| {
        client::connect(thread, &wanted.vhost, wanted.info, |handle| {
            // SAFETY: the caller's promise.
            unsafe { publish(wanted.pwsi, to_c(handle.addr())) };
        })
        .map(|wsi| wsi.handle.addr())
    });
    made.flatten().map_or(ptr::null_mut(), to_c)
}

/// # Safety
/// `place` is NULL or writable.
unsafe fn publish(place: *mut *mut lws, wsi: *mut lws) {
    if !place.is_null() {
        // SAFETY: the caller's promise.
        unsafe { place.write(wsi) };
    }
}

/// Says whether the body of a client's request is still to be written.
///
/// `wsi`: the connection. `something_left_to_send`: nonzero while CLIENT_HTTP_WRITEABLE is to come, 0 after the last part.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_client_http_body_pending(wsi: *mut lws, something_left_to_send: c_int) {
    with_wsi(wsi, "lws_client_http_body_pending", (), |thread, w| {
        set_body_pending(thread, w, something_left_to_send != 0);
    });
}

/// Reads what has come of the answer's body.
///
/// `wsi`: the connection. `buf`: place of the pointer to the caller's buffer. `len`: its length; set to how much was
/// received into it, chunk heads included. The body in it is told by RECEIVE_CLIENT_HTTP_READ.
///
/// Returns 0, or -1 when the connection is to be closed.
///
/// Re-entry: dispatches (RECEIVE_CLIENT_HTTP_READ, COMPLETED_CLIENT_HTTP).
///
/// # Safety
/// `*buf` points to `*len` writable bytes that only the callback's `in` is used for during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_client_read(
    wsi: *mut lws,
    buf: *mut *mut c_char,
    len: *mut c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(start), Some(len)) = (unsafe { buf.as_ref() }, unsafe { len.as_mut() }) else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let dest = unsafe { arg::bytes_mut(start.cast(), arg::count(*len)) };
    let read = with_wsi(wsi, "lws_http_client_read", None, |thread, w| {
        answer::read(thread, w, dest).ok()
    });
    *len = arg::int(read.unwrap_or(0));
    if read.is_some() { 0 } else { -1 }
}

/// The status code of the answer.
///
/// `wsi`: a client connection.
///
/// Returns the code; 0 before the answer is there.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_http_client_http_response(wsi: *mut lws) -> c_uint {
    with_wsi(wsi, "lws_http_client_http_response", 0, |_, w| {
        let head = w.with_client(|h| h.head()).flatten();
        head.map_or(0, |h| c_uint::from(h.status))
    })
}

/// Gives a vhost's outgoing connections an http proxy, in place of the one that info or the environment named.
///
/// `vhost`: the vhost. `proxy`: `[user:password@]host:port`, with or without `http://`; copied. Connections that are being made
/// keep the proxy they began with.
///
/// Returns 0, or -1 after a log line when `proxy` is NULL or not of this form: then nothing changes.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `proxy` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_set_proxy(vhost: *mut lws_vhost, proxy: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { arg::text(proxy) };
    let address = text.and_then(|t| info::proxies::http(t.to_bytes(), None));
    match (handle::vhost(vhost, "lws_set_proxy"), address) {
        (Some((_, vhost)), Some(address)) => vhost.proxies.lock().http = Some(address),
        _ => return -1,
    }
    0
}

/// Gives a vhost's outgoing connections a SOCKS5 proxy, in place of the one that the environment named.
///
/// `vhost`: the vhost. `socks`: `[user:password@]host:port`; copied. An http proxy comes first where there are both.
///
/// Returns 0, or -1 after a log line when `socks` is NULL or not of this form: then nothing changes.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `socks` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_set_socks(vhost: *mut lws_vhost, socks: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { arg::text(socks) };
    let address = text.and_then(|t| info::proxies::socks(t.to_bytes()));
    match (handle::vhost(vhost, "lws_set_socks"), address) {
        (Some((_, vhost)), Some(address)) => vhost.proxies.lock().socks = Some(address),
        _ => return -1,
    }
    0
}
