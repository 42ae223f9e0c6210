//! Writing response headers into the program's buffer, and the content types of files.

use crate::capi::abi::{lws, lws_http_mount};
use crate::capi::handle::with_wsi;
use crate::capi::{arg, cstatic, headers};
use crate::conn::role::http::{output, respond};
use crate::conn::wsi::Wsi;
use crate::proto::http::mime;
use crate::proto::http::response::{HeaderWriter, NoRoom, Version};
use crate::proto::http::token::Token;
use std::ffi::{CStr, c_char, c_int, c_uchar, c_uint};
use std::ptr;

/// Writes with `f` at `*p` and moves `*p` on; 0, or 1 when there is no room.
///
/// # Safety
/// `p` is valid and `*p` up to `end` is writable.
pub(super) unsafe fn written(
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
    f: impl FnOnce(&mut HeaderWriter<'_>) -> Result<(), NoRoom>,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(at) = (unsafe { p.as_mut() }) else {
        return 1;
    };
    let room = end.addr().saturating_sub(at.addr());
    // SAFETY: the caller's promise.
    let buffer = unsafe { arg::bytes_mut(*at, room) };
    let mut writer = HeaderWriter::new(buffer);
    if f(&mut writer).is_err() {
        return 1;
    }
    let n = writer.position();
    *at = at.wrapping_add(n);
    0
}

fn is_length(name: &CStr) -> bool {
    let name = name.to_bytes();
    let name = name.strip_suffix(b":").unwrap_or(name);
    name.eq_ignore_ascii_case(b"content-length")
}

/// Whether a content-length may be announced: not for an answer that is compressed.
fn wants_length(wsi: *mut lws) -> bool {
    with_wsi(wsi, "content-length", true, |_, w| {
        output::announces_length(w)
    })
}

fn block(wsi: &Wsi, writer: &mut HeaderWriter<'_>, code: c_uint) -> Result<(), NoRoom> {
    const NO_SERVER_NAME: c_uint = 1 << 30;
    let version = wsi.with_http(|h| h.version()).unwrap_or(Version::Http11);
    let number = u16::try_from(code & 0xffff).map_err(|_| NoRoom)?;
    respond::status_block(writer, wsi, version, number, code & NO_SERVER_NAME == 0)
}

/// Writes the status line and what the vhost adds to every response.
///
/// `wsi`: the connection. `code`: status, with LWSAHH_FLAG_NO_SERVER_NAME perhaps. `p`: in and out: where to write.
/// `end`: end of the room.
///
/// Returns 0, or 1 when there is no room.
///
/// Re-entry: query.
///
/// # Safety
/// `p` is valid and `*p` up to `end` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_add_http_header_status(
    wsi: *mut lws,
    code: c_uint,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    with_wsi(wsi, "lws_add_http_header_status", 1, |_, w| {
        // SAFETY: the caller's promise.
        unsafe { written(p, end, |writer| block(w, writer, code)) }
    })
}

/// Writes one header by name.
///
/// `wsi`: the connection. `name`: the name with its colon; NULL when `value` is a whole line. `value`, `length`: the
/// value. `p`, `end`: as for lws_add_http_header_status.
///
/// Returns 0, or 1 when there is no room, or when the value would break the line.
///
/// Re-entry: query.
///
/// # Safety
/// `name` is NULL or a string, `value` points to `length` readable bytes, `p` and `end` as there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_add_http_header_by_name(
    wsi: *mut lws,
    name: *const c_uchar,
    value: *const c_uchar,
    length: c_int,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    // SAFETY: the caller's promise.
    let value = unsafe { arg::bytes(value, arg::count(length)) };
    // SAFETY: the caller's promise.
    let name = unsafe { arg::text(name.cast()) };
    if name.is_some_and(is_length) && !wants_length(wsi) {
        return 0;
    }
    // SAFETY: the caller's promise.
    unsafe {
        written(p, end, |writer| match name {
            Some(name) => writer.header(name.to_bytes(), value),
            None => writer.line(value),
        })
    }
}

/// Writes one header by token.
///
/// `wsi`: the connection. `token`: WSI_TOKEN_*. `value`, `length`, `p`, `end`: as for lws_add_http_header_by_name.
///
/// Returns 0, or 1 when there is no room or the number is no token.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_add_http_header_by_name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_add_http_header_by_token(
    wsi: *mut lws,
    token: c_uint,
    value: *const c_uchar,
    length: c_int,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    if headers::token(token) == Some(Token::HTTP_CONTENT_LENGTH) && !wants_length(wsi) {
        return 0;
    }
    // SAFETY: the caller's promise.
    let value = unsafe { arg::bytes(value, arg::count(length)) };
    let Some(name) = headers::token(token).and_then(Token::wire_name_if_any) else {
        return 1;
    };
    // SAFETY: the caller's promise.
    unsafe { written(p, end, |writer| writer.header(name.as_bytes(), value)) }
}

/// Writes `content-length`.
///
/// `wsi`: the connection. `content_length`: bytes. `p`, `end`: as for lws_add_http_header_status.
///
/// Returns 0, or 1 when there is no room.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_add_http_header_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_add_http_header_content_length(
    wsi: *mut lws,
    content_length: u64,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    if !wants_length(wsi) {
        return 0;
    }
    // SAFETY: the caller's promise.
    unsafe { written(p, end, |writer| writer.content_length(content_length)) }
}

/// Writes the headers that most responses have: status, content-type, content-length.
///
/// `wsi`: the connection. `code`: status. `content_type`: NULL for none. `content_len`: bytes, or
/// LWS_ILLEGAL_HTTP_CONTENT_LEN where it is not known: the connection then ends with the response. `p`, `end`: as
/// for lws_add_http_header_status.
///
/// Returns 0, or 1 when there is no room.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_add_http_header_status; `content_type` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_add_http_common_headers(
    wsi: *mut lws,
    code: c_uint,
    content_type: *const c_char,
    content_len: u64,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    // SAFETY: the caller's promise.
    let kind = unsafe { arg::text(content_type) };
    with_wsi(wsi, "lws_add_http_common_headers", 1, |_, w| {
        // SAFETY: the caller's promise.
        unsafe {
            written(p, end, |writer| {
                block(w, writer, code)?;
                if let Some(kind) = kind {
                    writer.header(b"content-type:", kind.to_bytes())?;
                }
                length_or_close(w, writer, content_len)
            })
        }
    })
}

fn length_or_close(
    wsi: &Wsi,
    writer: &mut HeaderWriter<'_>,
    content_len: u64,
) -> Result<(), NoRoom> {
    const UNKNOWN: u64 = u64::MAX;
    if output::is_compressed(wsi) {
        return Ok(());
    }
    if content_len != UNKNOWN {
        output::announces_length(wsi);
        return writer.content_length(content_len);
    }
    respond::close_delimited(wsi);
    writer.header(b"connection:", b"close")
}

/// Ends the headers with the blank line.
///
/// `wsi`: the connection. `p`, `end`: as for lws_add_http_header_status.
///
/// Returns 0, or 1 when there is no room.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_add_http_header_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_finalize_http_header(
    wsi: *mut lws,
    p: *mut *mut c_uchar,
    end: *mut c_uchar,
) -> c_int {
    let _ = wsi;
    // SAFETY: the caller's promise.
    unsafe { written(p, end, |writer| writer.finish()) }
}

/// The content type that a file name means.
///
/// `file`: the name. `m`: mount whose extra_mimetypes come first; may be NULL.
///
/// Returns a string that lives as long as the mount, or NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `file` is NULL or a string, `m` NULL or a valid mount.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_mimetype(
    file: *const c_char,
    m: *const lws_http_mount,
) -> *const c_char {
    // SAFETY: the caller's promise.
    let (Some(file), mount) = (unsafe { arg::text(file) }, unsafe { m.as_ref() }) else {
        return ptr::null();
    };
    let mut next = mount.map_or(ptr::null(), |m| m.extra_mimetypes);
    // SAFETY: null or an entry of the mount's list.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: a string of the list.
        let suffix = unsafe { arg::text(entry.name) }.unwrap_or(c"");
        if suffix == c"*" || mime::has_suffix(file.to_bytes(), suffix.to_bytes()) {
            return entry.value;
        }
        next = entry.next;
    }
    mime::of(file.to_bytes()).map_or(ptr::null(), cstatic::of)
}
