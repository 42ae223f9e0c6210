//! lws_write, and questions about WebSocket messages.

use crate::capi::abi::lws;
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::conn::role::ws::{self, WriteKind};
use crate::conn::role::{RoleKind, client, datagram, http};
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::Wsi;
use std::ffi::{c_int, c_uchar, c_uint};
use std::ptr;

/// Sends on a connection.
///
/// `wsi`: the connection. `buf`: the payload; it is read only, and no room before it is needed (LWS_PRE is accepted and
/// left alone). `len`: its bytes. `protocol`: LWS_WRITE_*.
///
/// Returns `len` when everything is sent or held for sending, -1 when the connection cannot send any more.
///
/// Re-entry: query; no callback of a protocol runs. May dispatch into an extension of the program's, which may do anything.
///
/// # Safety
/// `buf` points to `len` readable bytes, or `len` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_write(
    wsi: *mut lws,
    buf: *mut c_uchar,
    len: usize,
    protocol: c_uint,
) -> c_int {
    // SAFETY: the caller's promise.
    let bytes = unsafe { arg::bytes(buf, len) };
    with_wsi(wsi, "lws_write", -1, |thread, wsi| {
        match write(thread, wsi, bytes, protocol) {
            // quirk: for a ping or pong the frame's header counts too.
            Ok(()) if is_control(wsi, protocol) => arg::int(len + control_head(wsi)),
            Ok(()) => arg::int(len),
            Err(Dead) => -1,
        }
    })
}

fn is_control(wsi: &Wsi, protocol: c_uint) -> bool {
    wsi.role_kind().is_ws() && matches!(protocol & 0x1f, 5 | 6)
}

fn control_head(wsi: &Wsi) -> usize {
    match wsi.role_kind() {
        RoleKind::WsClient => 6,
        _ => 2,
    }
}

/// LWS_WRITE_HTTP_HEADERS and its continuation, or a body.
fn part_of(protocol: c_uint) -> http::output::Part {
    match protocol & 0x1f {
        7 => http::output::Part::End,
        8 | 9 => http::output::Part::Head,
        _ => http::output::Part::Body,
    }
}

fn write(
    thread: &std::rc::Rc<ServiceThread>,
    wsi: &std::rc::Rc<Wsi>,
    bytes: &[u8],
    protocol: c_uint,
) -> Result<(), Dead> {
    match wsi.role_kind() {
        RoleKind::Ws | RoleKind::WsClient => {
            let kind = WriteKind::from_bits(protocol).ok_or(Dead)?;
            ws::write(thread, wsi, bytes, kind)
        }
        RoleKind::Http => http::output::write(thread, wsi, bytes, part_of(protocol)),
        RoleKind::HttpClient if !client::may_write(wsi) => Err(Dead),
        RoleKind::HttpClient
        | RoleKind::RawSocket
        | RoleKind::RawProxy
        | RoleKind::RawProxyClient
        | RoleKind::RawFile => tx::send(thread, wsi, b"", bytes),
        RoleKind::Datagram => datagram::send(thread, wsi, bytes),
        RoleKind::CgiPipe
        | RoleKind::None
        | RoleKind::Listen
        | RoleKind::Connecting
        | RoleKind::ConnectingRaw
        | RoleKind::ConnectingProxy
        | RoleKind::Runner
        | RoleKind::Wake
        | RoleKind::Lingering => Err(Dead),
    }?;
    // A program with its own poll() must hear that output waits.
    if wsi.has_pending_tx() && thread.serving.get() != Some(wsi.handle) {
        crate::conn::external::update(thread, wsi);
    }
    Ok(())
}

/// Whether the piece being received ends its message.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_is_final_fragment(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_is_final_fragment", 0, |_, w| {
        c_int::from(w.rx_facts.get().last)
    })
}

/// Whether the piece being received begins its message.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_is_first_fragment(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_is_first_fragment", 0, |_, w| {
        c_int::from(w.rx_facts.get().first)
    })
}

/// Whether the message being received is binary.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_frame_is_binary(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_frame_is_binary", 0, |_, w| {
        c_int::from(w.rx_facts.get().binary)
    })
}

/// The reserved bits of the frame being received.
///
/// `wsi`: the connection.
///
/// Returns the bits as they stand in the frame's first byte (0x70).
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_reserved_bits(wsi: *mut lws) -> c_uchar {
    with_wsi(wsi, "lws_get_reserved_bits", 0, |_, w| w.rx_facts.get().rsv)
}

/// Bytes of the frame that are still to come.
///
/// `wsi`: the connection.
///
/// Returns the number of bytes.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_remaining_packet_payload(wsi: *mut lws) -> usize {
    with_wsi(wsi, "lws_remaining_packet_payload", 0, |_, w| {
        usize::try_from(w.rx_facts.get().remaining).unwrap_or(usize::MAX)
    })
}

/// Sets what our close frame will say; the callback then returns nonzero to close.
///
/// `wsi`: the connection. `status`: close code. `buf`, `len`: reason text in UTF-8, cut to 123 bytes; copied.
///
/// Returns nothing.
///
/// Re-entry: query.
///
/// # Safety
/// `buf` is NULL or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_close_reason(
    wsi: *mut lws,
    status: c_uint,
    buf: *mut c_uchar,
    len: usize,
) {
    // SAFETY: the caller's promise.
    let reason = unsafe { arg::bytes(buf, len) };
    let code = u16::try_from(status).unwrap_or(0);
    with_wsi(wsi, "lws_close_reason", (), |_, w| {
        w.with_ws(|ws| ws.set_close_reason(code, reason));
    });
}

/// Length of the payload of the peer's close frame.
///
/// `wsi`: the connection.
///
/// Returns the number of bytes: the code's two and the reason's.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_close_length(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_get_close_length", 0, |_, w| {
        arg::int(w.with_ws(|ws| ws.close_payload().len()).unwrap_or(0))
    })
}

/// The payload of the peer's close frame.
///
/// `wsi`: the connection.
///
/// Returns lws_get_close_length() bytes that live until the callback returns, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_close_payload(wsi: *mut lws) -> *mut c_uchar {
    with_wsi(wsi, "lws_get_close_payload", ptr::null_mut(), |_, w| {
        w.with_ws(|ws| match ws.close_payload() {
            [] => ptr::null_mut(),
            bytes => bytes.as_mut_ptr(),
        })
        .unwrap_or(ptr::null_mut())
    })
}
