//! Reading the request: its headers, path, URL arguments and cookies.

use crate::capi::abi::lws;
use crate::capi::handle::with_wsi;
use crate::capi::{arg, cstatic};
use crate::conn::wsi::Wsi;
use crate::proto::http::headers::{HeaderTable, copy_with_nul};
use crate::proto::http::token::Token;
use crate::proto::http::{auth, cookie, urlarg};
use std::ffi::{c_char, c_int, c_uchar, c_uint};
use std::ptr;

/// Looks at the request headers of an http connection, or of a ws connection up to the end of ESTABLISHED.
pub(super) fn with_table<R>(wsi: &Wsi, f: impl FnOnce(&mut HeaderTable) -> R) -> Option<R> {
    let mut f = Some(f);
    if let Some(r) = wsi.with_http(|h| f.take().map(|f| f(&mut h.table))) {
        return r;
    }
    if let Some(r) = wsi.with_client(|h| f.take().map(|f| f(&mut h.table))) {
        return r;
    }
    wsi.with_ws(|ws| {
        let table = ws.headers.as_mut()?;
        f.take().map(|f| f(table))
    })
    .flatten()
}

/// The token of that number.
pub fn token(h: c_uint) -> Option<Token> {
    Token::from_index(usize::try_from(h).ok()?)
}

/// Length of a header's value, all its lines joined.
///
/// `wsi`: the connection. `h`: WSI_TOKEN_*.
///
/// Returns bytes without a NUL; 0 where the header is absent.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_hdr_total_length(wsi: *mut lws, h: c_uint) -> c_int {
    with_wsi(wsi, "lws_hdr_total_length", 0, |_, w| {
        let len = token(h).and_then(|t| with_table(w, |table| table.total_len(t)));
        arg::int(len.unwrap_or(0))
    })
}

/// Length of one line (fragment) of a header.
///
/// `wsi`: the connection. `h`: WSI_TOKEN_*. `frag_idx`: number of the fragment, from 0.
///
/// Returns bytes without a NUL; 0 where there is no such fragment.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_hdr_fragment_length(wsi: *mut lws, h: c_uint, frag_idx: c_int) -> c_int {
    with_wsi(wsi, "lws_hdr_fragment_length", 0, |_, w| {
        let len = token(h)
            .zip(usize::try_from(frag_idx).ok())
            .and_then(|(t, n)| with_table(w, |table| table.fragment(t, n).map_or(0, <[u8]>::len)));
        arg::int(len.unwrap_or(0))
    })
}

/// Copies a header's value with a NUL.
///
/// `wsi`: the connection. `dest`, `len`: where to. `h`: WSI_TOKEN_*.
///
/// Returns the length without the NUL; 0 where the header is absent; -1 when it does not fit.
///
/// Re-entry: query.
///
/// # Safety
/// `dest` points to `len` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hdr_copy(
    wsi: *mut lws,
    dest: *mut c_char,
    len: c_int,
    h: c_uint,
) -> c_int {
    // SAFETY: the caller's promise.
    let dest = unsafe { arg::bytes_mut(dest.cast(), arg::count(len)) };
    with_wsi(wsi, "lws_hdr_copy", -1, |_, w| {
        if let Some(first) = dest.first_mut() {
            *first = 0;
        }
        let copied = token(h).and_then(|t| with_table(w, |table| table.copy_joined(t, dest)));
        match copied {
            Some(Some(n)) => arg::int(n),
            Some(None) => -1,
            None => 0,
        }
    })
}

/// Copies one line (fragment) of a header with a NUL.
///
/// `wsi`: the connection. `dest`, `len`: where to. `h`: WSI_TOKEN_*. `frag_idx`: number of the fragment, from 0.
///
/// Returns the length without the NUL; -1 where there is no such fragment or it does not fit.
///
/// Re-entry: query.
///
/// # Safety
/// `dest` points to `len` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hdr_copy_fragment(
    wsi: *mut lws,
    dest: *mut c_char,
    len: c_int,
    h: c_uint,
    frag_idx: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let dest = unsafe { arg::bytes_mut(dest.cast(), arg::count(len)) };
    with_wsi(wsi, "lws_hdr_copy_fragment", -1, |_, w| {
        token(h)
            .zip(usize::try_from(frag_idx).ok())
            .and_then(|(t, n)| with_table(w, |table| table.copy_fragment(t, n, dest)))
            .flatten()
            .map_or(-1, arg::int)
    })
}

/// Length of the value of a header that has no token.
///
/// `wsi`: the connection. `name`, `nlen`: its name in lower case with the colon.
///
/// Returns bytes without a NUL; -1 where the header is absent.
///
/// Re-entry: query.
///
/// # Safety
/// `name` points to `nlen` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hdr_custom_length(
    wsi: *mut lws,
    name: *const c_char,
    nlen: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let name = unsafe { arg::bytes(name.cast(), arg::count(nlen)) };
    with_wsi(wsi, "lws_hdr_custom_length", -1, |_, w| {
        with_table(w, |table| table.custom(name).map(<[u8]>::len))
            .flatten()
            .map_or(-1, arg::int)
    })
}

/// Copies the value of a header that has no token, with a NUL.
///
/// `wsi`: the connection. `dst`, `len`: where to. `name`, `nlen`: its name in lower case with the colon.
///
/// Returns the length without the NUL; -1 where the header is absent or does not fit.
///
/// Re-entry: query.
///
/// # Safety
/// `dst` points to `len` writable bytes, `name` to `nlen` readable ones.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_hdr_custom_copy(
    wsi: *mut lws,
    dst: *mut c_char,
    len: c_int,
    name: *const c_char,
    nlen: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let dst = unsafe { arg::bytes_mut(dst.cast(), arg::count(len)) };
    // SAFETY: the caller's promise.
    let name = unsafe { arg::bytes(name.cast(), arg::count(nlen)) };
    with_wsi(wsi, "lws_hdr_custom_copy", -1, |_, w| {
        with_table(w, |table| copy_with_nul(table.custom(name)?, dst))
            .flatten()
            .map_or(-1, arg::int)
    })
}

/// A header's name as it stands in the token table.
///
/// `token`: WSI_TOKEN_*.
///
/// Returns a static string, or NULL for numbers that are no token.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_token_to_string(token: c_uint) -> *const c_uchar {
    self::token(token)
        .and_then(Token::wire_name_if_any)
        .map_or(ptr::null(), |name| cstatic::of(name).cast())
}

/// The tokens of request paths, in the order of the methods' numbers.
const METHODS: [Token; 8] = [
    Token::GET_URI,
    Token::POST_URI,
    Token::OPTIONS_URI,
    Token::PUT_URI,
    Token::PATCH_URI,
    Token::DELETE_URI,
    Token::CONNECT,
    Token::HEAD_URI,
];

/// The request's method and path.
///
/// `wsi`: the connection. `puri_ptr`, `puri_len`: get the path inside the header table; it lives until the
/// transaction ends.
///
/// Returns the method's number (0 GET, 1 POST, 2 OPTIONS, 3 PUT, 4 PATCH, 5 DELETE, 6 CONNECT, 7 HEAD), -1 without a
/// request.
///
/// Re-entry: query.
///
/// # Safety
/// `puri_ptr` and `puri_len` are valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_get_uri_and_method(
    wsi: *mut lws,
    puri_ptr: *mut *mut c_char,
    puri_len: *mut c_int,
) -> c_int {
    let found = with_wsi(wsi, "lws_http_get_uri_and_method", None, |_, w| {
        with_table(w, |table| {
            METHODS.iter().zip(0..).find_map(|(token, method)| {
                let path = table.first(*token)?;
                Some((method, path.as_ptr(), path.len()))
            })
        })
        .flatten()
    });
    let (Some((method, path, len)), false, false) = (found, puri_ptr.is_null(), puri_len.is_null())
    else {
        return -1;
    };
    // SAFETY: not null, the caller's promise.
    unsafe { puri_ptr.write(path.cast_mut().cast()) };
    // SAFETY: not null, the caller's promise.
    unsafe { puri_len.write(arg::int(len)) };
    method
}

/// The value of a URL argument.
///
/// `wsi`: the connection. `name`: the argument's name, with or without '='. `buf`, `len`: where its value goes.
///
/// Returns the value inside `buf`, or NULL where the argument is absent.
///
/// Re-entry: query.
///
/// # Safety
/// `name` is a string, `buf` points to `len` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_urlarg_by_name(
    wsi: *mut lws,
    name: *const c_char,
    buf: *mut c_char,
    len: c_int,
) -> *const c_char {
    // SAFETY: the caller's promise.
    let (Some(name), room) = (unsafe { arg::text(name) }, unsafe {
        arg::bytes_mut(buf.cast(), arg::count(len))
    }) else {
        return ptr::null();
    };
    with_wsi(wsi, "lws_get_urlarg_by_name", ptr::null(), |_, w| {
        let size = room.len();
        let copied = with_table(w, |table| {
            copy_with_nul(urlarg::find(table, name.to_bytes(), size)?, room)
        });
        // The whole argument was copied: it begins with the name.
        let value = buf.wrapping_add(name.to_bytes().len()).cast_const();
        copied.flatten().map_or(ptr::null(), |_| value)
    })
}

/// The value of a cookie of the request.
///
/// `wsi`: the connection. `name`: the cookie's name. `buf`: where its value goes, with a NUL. `max`: in: room; out: the
/// length.
///
/// Returns 0, 1 where there is no such cookie, 2 when it does not fit.
///
/// Re-entry: query.
///
/// # Safety
/// `name` is a string, `max` valid, `buf` points to `*max` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_cookie_get(
    wsi: *mut lws,
    name: *const c_char,
    buf: *mut c_char,
    max: *mut usize,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(name), Some(max)) = (unsafe { arg::text(name) }, unsafe { max.as_mut() }) else {
        return 1;
    };
    // SAFETY: the caller's promise.
    let room = unsafe { arg::bytes_mut(buf.cast(), *max) };
    with_wsi(wsi, "lws_http_cookie_get", 1, |_, w| {
        let found = with_table(w, |table| {
            cookie::find(table, name.to_bytes()).map(|value| copy_with_nul(value, room))
        });
        match found.flatten() {
            Some(Some(len)) => {
                *max = len;
                0
            }
            Some(None) => 2,
            None => 1,
        }
    })
}

/// Writes the value of an Authorization header for a user and a password.
///
/// `user`, `pw`: the two. `buf`, `len`: where the value goes, with a NUL.
///
/// Returns 0, 1 when the value does not fit, 2 when the two are longer than 1024 bytes together.
///
/// Re-entry: query, any thread.
///
/// Quirks: the reference says 2 from 125 bytes on.
///
/// # Safety
/// `user` and `pw` are strings, `buf` is writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_http_basic_auth_gen(
    user: *const c_char,
    pw: *const c_char,
    buf: *mut c_char,
    len: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(user), Some(password)) = (unsafe { arg::text(user) }, unsafe { arg::text(pw) })
    else {
        return 1;
    };
    // SAFETY: the caller's promise.
    let room = unsafe { arg::bytes_mut(buf.cast(), len) };
    match auth::header_value(user.to_bytes(), password.to_bytes()) {
        None => 2,
        Some(value) => copy_with_nul(value.as_bytes(), room).map_or(1, |_| 0),
    }
}

/// Gives the header table back before the transaction ends.
///
/// `wsi`: the connection.
///
/// Returns 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_http_headers_detach(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_http_headers_detach", 0, |_, w| {
        with_table(w, |table| {
            table.clear();
            table.shrink();
        });
        0
    })
}
