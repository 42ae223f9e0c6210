//! Exported tokenizer; `proto::tokenize` finds the elements, the C struct keeps the state between them.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_tokenize;
use crate::cutil::cstr::Bytes;
use crate::proto::tokenize::{self, Element, ListState};
use libc::{c_char, c_int, size_t};
use std::ptr;

/// The length that means "up to the NUL".
const UNBOUNDED: usize = 0x7fff_ffff;

/// Makes a tokenizer ready for a string.
///
/// - `ts`: gets the state; set its `len` afterwards for a text without NUL.
/// - `start`: the text, which stays the caller's and must stay.
/// - `flags`: `LWS_TOKENIZE_F_` bits.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `ts` is null or valid.
#[unsafe(no_mangle)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the member has 16 bits"
)]
pub unsafe extern "C" fn lws_tokenize_init(
    ts: *mut lws_tokenize,
    start: *const c_char,
    flags: c_int,
) {
    // SAFETY: null or valid by contract.
    if let Some(ts) = unsafe { ts.as_mut() } {
        ts.start = start;
        ts.len = UNBOUNDED;
        ts.flags = flags as u16;
        ts.delim = ListState::FirstContent as u8;
    }
}

/// Finds the next element of a text.
///
/// - `ts`: the state; `token` and `token_len` get the element's text, which lies in the caller's.
///
/// Returns an `LWS_TOKZE_` number: over 0 an element, 0 the end, under 0 an error.
///
/// Re-entry: query, any thread.
///
/// Quirks: after an element that a NUL ended, `start` points behind the NUL; `len` is 0 then, so that the next call
/// ends (the reference reads on behind it).
///
/// # Safety
/// `ts` is null or valid; its text is readable for `len` bytes or up to a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tokenize(ts: *mut lws_tokenize) -> c_int {
    // SAFETY: null or valid by contract.
    let Some(ts) = (unsafe { ts.as_mut() }) else {
        return Element::Ended as c_int;
    };
    let len = if ts.start.is_null() { 0 } else { ts.len };
    // SAFETY: readable by contract.
    let text = unsafe { Bytes::bounded(ts.start, len) };
    let found = tokenize::next(text, ts.flags, ListState::from_u8(ts.delim));
    ts.token = found
        .token
        .map_or(ptr::null(), |at| ts.start.wrapping_add(at));
    ts.token_len = found.token_len;
    ts.delim = found.list as u8;
    let met_nul = found.at_end && found.used < len;
    ts.start = ts.start.wrapping_add(found.used + usize::from(met_nul));
    ts.len = if met_nul { 0 } else { len - found.used };
    found.element as c_int
}

/// Copies the text of the last element.
///
/// - `ts`: the state.
/// - `str`, `max`: area for the text and its NUL.
///
/// Returns 0, or 1 when it does not fit: nothing is written then.
///
/// Re-entry: query, any thread.
///
/// Quirks: wants a byte more than text and NUL need.
///
/// # Safety
/// `ts` is as `lws_tokenize` left it, `str` writable for `max` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_tokenize_cstr(
    ts: *mut lws_tokenize,
    str: *mut c_char,
    max: size_t,
) -> c_int {
    // SAFETY: null or valid by contract.
    let Some(ts) = (unsafe { ts.as_ref() }) else {
        return 1;
    };
    if str.is_null()
        || ts.token_len >= max.saturating_sub(1)
        || (ts.token.is_null() && ts.token_len > 0)
    {
        return 1;
    }
    // SAFETY: the element's text, and it fits.
    unsafe { ptr::copy(ts.token, str, ts.token_len) };
    // SAFETY: below `max`.
    unsafe { str.wrapping_add(ts.token_len).write(0) };
    0
}
