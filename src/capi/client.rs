//! Outgoing connections.

use crate::capi::abi::{lws, lws_client_connect_info, lws_vhost};
use crate::capi::handle::{self, to_c, with_wsi};
use crate::capi::{arg, info};
use crate::conn::client::{self, again};
use crate::conn::role::client::{answer, form, is_redirected_to_get, set_body_pending};
use crate::proto::http::part::Part;
use crate::util::log::log_err;
use std::ffi::{CStr, c_char, c_int, c_uint};
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

/// Begins anew with a client's connection, at another address.
///
/// `pwsi`: place of the connection: an http request, or a WebSocket handshake that is not answered. `ssl`: LCCSCF_ flags: those
/// about TLS count, LCCSCF_ALLOW_* besides the ones that it has. `address`, `path`, `host`: as in struct lws_client_connect_info; copied. `port`: port.
/// `weak`: not used.
///
/// Returns the connection, which is the same; NULL when it cannot begin anew, which leaves it as it is.
///
/// Re-entry: dispatches (CLIENT_HTTP_DROP_PROTOCOL, CLIENT_HTTP_BIND_PROTOCOL); may close the wsi.
///
/// Quirks: CLIENT_HTTP_DROP_PROTOCOL comes with a NULL `user`; the session memory behind it is new and zeroed. WSI_CREATE comes again
/// with the new connection.
///
/// # Safety
/// `pwsi` is NULL or valid, the texts are NULL or strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_client_reset(
    pwsi: *mut *mut lws,
    ssl: c_int,
    address: *const c_char,
    port: c_int,
    path: *const c_char,
    host: *const c_char,
    _weak: c_char,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let wsi = unsafe { pwsi.as_ref() }.map_or(ptr::null_mut(), |w| *w);
    // SAFETY: the caller's promise.
    let change = |old| unsafe { info::connect::elsewhere(old, ssl, address, port, path, host) };
    let is_begun = with_wsi(wsi, "lws_client_reset", false, |thread, w| {
        let old = again::info(w).ok_or_else(|| "not a request that can begin anew".into());
        let changed: Result<_, String> = old.and_then(change);
        let failed = |why| log_err!("lws_client_reset: {why}");
        let info = changed.map_err(failed);
        info.map(|info| again::begin(thread, w, info)).is_ok() && w.is_open()
    });
    if is_begun { wsi } else { ptr::null_mut() }
}

/// Says whether a redirect has made a GET of a client's request (303).
///
/// `wsi`: the connection.
///
/// Returns 1 if so, else 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_http_is_redirected_to_get(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_http_is_redirected_to_get", 0, |_, w| {
        c_int::from(is_redirected_to_get(w))
    })
}

/// Writes the lines before a part of a multipart form, or behind the last one.
///
/// `wsi`: a connection with LCCSCF_HTTP_MULTIPART_MIME. `name`: the part's field; NULL ends the body. `filename`, `content_type`: its
/// file, or NULL. `p`: place of the pointer to where they go, moved on. `end`: end of the room.
///
/// Returns 0; 1 without room, or for a request that is not of that kind: nothing is written then.
///
/// Re-entry: query.
///
/// Quirks: quotes and line ends in names are escaped as browsers do it.
///
/// # Safety
/// `*p` to `end` is writable, the texts are NULL or strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_client_http_multipart(
    wsi: *mut lws,
    name: *const c_char,
    filename: *const c_char,
    content_type: *const c_char,
    p: *mut *mut c_char,
    end: *mut c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let text = |text| unsafe { arg::text(text) }.map(CStr::to_bytes);
    let part = text(name).map(|name| Part {
        name,
        filename: text(filename),
        content_type: text(content_type),
    });
    // SAFETY: the caller's promise.
    unsafe { insert(p, end, |room| next_part(wsi, part.as_ref(), room)) }
}

fn next_part(wsi: *mut lws, part: Option<&Part<'_>>, room: usize) -> Option<Vec<u8>> {
    with_wsi(wsi, "lws_client_http_multipart", None, |_, w| {
        form::next_part(w, part, room)
    })
}

/// Puts what `make` gives for the room at `*p` there, and moves `*p` on; 0, or 1 when it gives nothing.
///
/// # Safety
/// `*p` to `end` is writable.
unsafe fn insert(
    p: *mut *mut c_char,
    end: *mut c_char,
    make: impl FnOnce(usize) -> Option<Vec<u8>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(at) = (unsafe { p.as_mut() }) else {
        return 1;
    };
    let room = end.addr().saturating_sub(at.addr());
    let Some(bytes) = make(room).filter(|bytes| bytes.len() <= room) else {
        return 1;
    };
    // SAFETY: the caller's promise; there is room.
    let place = unsafe { arg::bytes_mut(at.cast(), bytes.len()) };
    place.copy_from_slice(&bytes);
    *at = at.wrapping_add(bytes.len());
    0
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
