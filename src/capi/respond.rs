//! Sending http responses, and the callback that does what most programs want.

use crate::capi::abi::lws;
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::capi::response_headers::written;
use crate::capi::script;
use crate::conn::role::http::{self, respond, sending};
use crate::conn::timeout;
use crate::conn::tx::Dead;
use std::ffi::{CStr, c_char, c_int, c_uchar, c_uint, c_void};

/// Ends the headers and sends them.
///
/// `wsi`: the connection. `start`: begin of the headers. `p`: in and out: where to write; back at `start` on return.
/// `end`: end of the room.
///
/// Returns 0, or 1 when there is no room or the connection cannot send.
///
/// Re-entry: query.
///
/// # Safety
/// `p` is valid and `start` up to `end` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_finalize_write_http_header(
    wsi: *mut lws,
    start: *mut c_uchar,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    // SAFETY: the caller's promise.
    if unsafe { crate::capi::response_headers::lws_finalize_http_header(wsi, p, end) } != 0 {
        return 1;
    }
    // SAFETY: checked not to be null by the call before.
    let len = unsafe { *p }.addr().saturating_sub(start.addr());
    // SAFETY: the caller's promise.
    let bytes = unsafe { arg::bytes(start, len) };
    // SAFETY: as above.
    unsafe { p.write(start) };
    with_wsi(wsi, "lws_finalize_write_http_header", 1, |thread, w| {
        c_int::from(http::output::write(thread, w, bytes, http::output::Part::Head).is_err())
    })
}

/// Sends a status with a small html page.
///
/// `wsi`: the connection. `code`: status. `html_body`: html inside the page, NULL for none.
///
/// Returns 0, or -1 when the connection cannot send.
///
/// Re-entry: query.
///
/// # Safety
/// `html_body` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_return_http_status(
    wsi: *mut lws,
    code: c_uint,
    html_body: *const c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let body = unsafe { arg::text(html_body) }.unwrap_or(c"");
    let code = u16::try_from(code).unwrap_or(500);
    with_wsi(
        wsi,
        "lws_return_http_status",
        -1,
        |thread, w| match respond::status_page(thread, w, code, body.to_bytes()) {
            Ok(()) => 0,
            Err(Dead) => -1,
        },
    )
}

/// Writes a complete redirect response and sends it.
///
/// `wsi`: the connection. `code`: 3xx. `loc`, `len`: the location. `p`, `end`: room of the program, which is left as it
/// is.
///
/// Returns a positive number, or -1 when the connection cannot send.
///
/// Re-entry: query.
///
/// # Safety
/// `loc` points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_redirect(
    wsi: *mut lws,
    code: c_int,
    loc: *const c_uchar,
    len: c_int,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    let _ = (p, end);
    // SAFETY: the caller's promise.
    let location = unsafe { arg::bytes(loc, arg::count(len)) };
    let code = u16::try_from(code).unwrap_or(302);
    with_wsi(
        wsi,
        "lws_http_redirect",
        -1,
        |thread, w| match respond::redirect_to(thread, w, code, location) {
            Ok(()) => 1,
            Err(Dead) => -1,
        },
    )
}

/// Ends an http transaction: the connection is ready for the next request.
///
/// `wsi`: the connection.
///
/// Returns 0 when the connection goes on (or will, once output or body are through), 1 when the callback must return
/// nonzero to close it.
///
/// Re-entry: dispatches (*_DROP_PROTOCOL, *_BIND_PROTOCOL of protocols[0]); per-session memory is replaced.
#[unsafe(no_mangle)]
pub extern "C" fn lws_http_transaction_completed(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_http_transaction_completed", 1, |thread, w| {
        c_int::from(http::transaction_completed(thread, w))
    })
}

/// Has the body of the answer compressed, if the client accepts that: gzip or deflate. Called while headers are written,
/// before a content-length is; the body must be written with LWS_WRITE_HTTP, its last piece with LWS_WRITE_HTTP_FINAL.
///
/// `wsi`: the connection. `name`: the coding, NULL for any. `p`, `end`: where headers are written, as for
/// lws_add_http_header_status. `decomp`: must be 0: requests are not decompressed.
///
/// Returns 0, also when nothing is compressed, or 1 when there is no room.
///
/// Re-entry: query.
///
/// Quirks: does nothing in the reference as Debian builds it.
///
/// # Safety
/// `name` is NULL or a string; `p` is valid and `*p` up to `end` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_compression_apply(
    wsi: *mut lws,
    name: *const c_char,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
    decomp: c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let name = unsafe { arg::text(name) }.map(CStr::to_bytes);
    if decomp != 0 {
        return 0;
    }
    with_wsi(wsi, "lws_http_compression_apply", 0, |_, w| {
        // SAFETY: the caller's promise.
        unsafe { written(p, end, |writer| http::output::compress(w, name, writer)) }
    })
}

/// The connection is now a stream of events (Server-Sent Events): no time limit applies to the answer any more.
///
/// `wsi`: the connection.
///
/// Returns 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_http_mark_sse(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_http_mark_sse", 0, |thread, w| {
        timeout::set_internal(thread, w, timeout::pending::NONE, 0);
        0
    })
}

/// Sends a file as the response.
///
/// `wsi`: the connection. `file`: path. `content_type`: its type. `other_headers`, `other_headers_len`: complete header
/// lines to add, or NULL.
///
/// Returns 0 while the file is on its way (HTTP_FILE_COMPLETION follows), positive when everything is done and the
/// transaction is completed, negative when the callback must return nonzero.
///
/// Re-entry: may dispatch (HTTP_FILE_COMPLETION), may close the wsi.
///
/// # Safety
/// `file` and `content_type` are strings, `other_headers` is NULL or points to `other_headers_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_serve_http_file(
    wsi: *mut lws,
    file: *const c_char,
    content_type: *const c_char,
    other_headers: *const c_char,
    other_headers_len: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(path) = (unsafe { arg::text(file) }) else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let kind = unsafe { arg::text(content_type) }.unwrap_or(c"");
    // SAFETY: the caller's promise.
    let other = unsafe { arg::bytes(other_headers.cast(), arg::count(other_headers_len)) };
    with_wsi(wsi, "lws_serve_http_file", -1, |thread, w| {
        http::serve_file(thread, w, path, kind.to_bytes(), other)
    })
}

/// Goes on sending a file; the library does so by itself.
///
/// `wsi`: the connection.
///
/// Returns 0, or -1 when the connection is closed.
///
/// Re-entry: may dispatch, may close the wsi.
#[unsafe(no_mangle)]
pub extern "C" fn lws_serve_http_file_fragment(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_serve_http_file_fragment", -1, |thread, w| {
        if http::sends_file(w) {
            sending::go_on(thread, w);
        }
        if w.is_open() { 0 } else { -1 }
    })
}

/// The callback for programs that only serve mounts: what their own callback does not handle.
///
/// `wsi`, `reason`, `user`, `in`, `len`: as the callback got them.
///
/// Returns what the callback is to return.
///
/// Re-entry: dispatches, as lws_http_transaction_completed.
///
/// # Safety
/// The arguments are those of a protocol callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_http_dummy(
    wsi: *mut lws,
    reason: c_uint,
    user: *mut c_void,
    r#in: *mut c_void,
    len: usize,
) -> c_int {
    use crate::conn::reason::Reason;
    let _ = (user, r#in, len);
    match Reason(reason) {
        Reason::HTTP => {
            // SAFETY: NULL is a fine body.
            let sent = unsafe { lws_return_http_status(wsi, 404, std::ptr::null()) };
            -c_int::from(sent != 0 || lws_http_transaction_completed(wsi) != 0)
        }
        Reason::HTTP_BODY_COMPLETION | Reason::HTTP_FILE_COMPLETION => {
            -lws_http_transaction_completed(wsi)
        }
        Reason::HTTP_WRITEABLE => script::send_output(wsi),
        // SAFETY: `in` of these is a lws_cgi_args.
        Reason::CGI => unsafe { script::channel_ready(wsi, r#in.cast()) },
        // SAFETY: as above.
        Reason::CGI_STDIN_DATA => unsafe { script::pass_body(wsi, r#in.cast()) },
        _ => 0,
    }
}
