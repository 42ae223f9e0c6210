//! Exported SHA1 and base64; the `sha1` crate and `util::base64_c` do the work.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_b64state;
use crate::cutil::cstr::{Bytes, Room, room_len};
use crate::util::base64_c::{self, State};
use crate::util::put::Put;
use libc::{c_char, c_int, c_uchar, size_t};
use sha1::{Digest, Sha1};

/// Digests an area.
///
/// - `d`, `n`: the area; null is taken as empty.
/// - `md`: gets 20 bytes.
///
/// Returns `md`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `d` is readable for `n` bytes, `md` writable for 20.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_SHA1(d: *const c_uchar, n: size_t, md: *mut c_uchar) -> *mut c_uchar {
    let text = if d.is_null() {
        &[]
    } else {
        // SAFETY: readable by contract.
        unsafe { std::slice::from_raw_parts(d, n) }
    };
    let digest: [u8; 20] = Sha1::digest(text).into();
    if !md.is_null() {
        // SAFETY: writable by contract.
        unsafe { md.cast::<[u8; 20]>().write(digest) };
    }
    md
}

/// # Safety
/// `input` is readable for `in_len` bytes, `out` writable for `out_size`.
unsafe fn encode(
    input: *const c_char,
    in_len: c_int,
    out: *mut c_char,
    out_size: c_int,
    url: bool,
) -> c_int {
    if in_len < 0 || out.is_null() || (input.is_null() && in_len > 0) {
        return -1;
    }
    let room = room_len(out_size);
    // SAFETY: writable by contract.
    let mut to = unsafe { Room::new(out, room) };
    let from = (0..room_len(in_len)).map(|n| {
        // SAFETY: below `in_len`.
        unsafe { input.cast::<u8>().wrapping_add(n).read() }
    });
    let done = base64_c::encode(from, room, url, |group| {
        group.into_iter().for_each(|b| to.put(b))
    });
    done.map_or(-1, |n| {
        to.put(0);
        c_int::try_from(n).unwrap_or(-1)
    })
}

/// Encodes bytes in base64 with padding.
///
/// - `input`, `in_len`: the bytes.
/// - `out`, `out_size`: area for the text and its NUL.
///
/// Returns the length of the text, or -1 when the area is too small; it may hold a part then.
///
/// Re-entry: query, any thread.
///
/// Quirks: wants a byte more than text and NUL need.
///
/// # Safety
/// `input` is readable for `in_len` bytes, `out` writable for `out_size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_encode_string(
    input: *const c_char,
    in_len: c_int,
    out: *mut c_char,
    out_size: c_int,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { encode(input, in_len, out, out_size, false) }
}

/// Encodes bytes in base64 with `-` and `_` instead of `+` and `/`, with padding.
///
/// - `input`, `in_len`: the bytes.
/// - `out`, `out_size`: area for the text and its NUL.
///
/// Returns as `lws_b64_encode_string`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// As for `lws_b64_encode_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_encode_string_url(
    input: *const c_char,
    in_len: c_int,
    out: *mut c_char,
    out_size: c_int,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { encode(input, in_len, out, out_size, true) }
}

/// Decodes text of either alphabet up to its NUL.
///
/// - `input`: C string.
/// - `out`, `out_size`: area for the bytes and a NUL; may be `input`.
///
/// Returns how many bytes were decoded; decoding stops early when the area ends. 0 for null pointers.
///
/// Re-entry: query, any thread.
///
/// Quirks: bytes of no alphabet are skipped. A group is decoded only while 5 bytes are free.
///
/// # Safety
/// `input` is a C string, `out` writable for `out_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_decode_string(
    input: *const c_char,
    out: *mut c_char,
    out_size: c_int,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { lws_b64_decode_string_len(input, -1, out, out_size) }
}

/// Decodes text of either alphabet up to a length or its NUL.
///
/// - `input`, `in_len`: the text; negative: up to its NUL.
/// - `out`, `out_size`: area for the bytes and a NUL; may be `input`.
///
/// Returns as `lws_b64_decode_string`.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `input` is a C string or readable for `in_len` bytes, `out` writable for `out_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_decode_string_len(
    input: *const c_char,
    in_len: c_int,
    out: *mut c_char,
    out_size: c_int,
) -> c_int {
    let len = usize::try_from(in_len).unwrap_or(usize::MAX);
    let len = if input.is_null() { 0 } else { len };
    // SAFETY: readable by contract.
    let text = unsafe { Bytes::bounded(input, len) };
    let mut state = State::default();
    // SAFETY: writable by contract.
    let p = unsafe { decode(&mut state, text, 0, out.cast(), room_len(out_size), true) };
    c_int::try_from(p.written).unwrap_or(c_int::MAX)
}

/// # Safety
/// `room` bytes of which `done` are used up can be written to `out`.
unsafe fn decode(
    state: &mut State,
    text: Bytes,
    done: usize,
    out: *mut u8,
    room: usize,
    last: bool,
) -> base64_c::Progress {
    let room = if out.is_null() { 0 } else { room };
    // SAFETY: by contract; the decoder keeps to `room`.
    let mut to = unsafe { Room::new(out.cast(), room) };
    let p = base64_c::decode(state, text, done, room, last, |b, n| {
        b.iter().take(n).for_each(|b| to.put(*b))
    });
    to.put(0);
    p
}

/// Makes a decoder's state ready.
///
/// - `state`: gets zeros.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `state` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_decode_state_init(state: *mut lws_b64state) {
    if !state.is_null() {
        // SAFETY: valid by contract; all members may be zero.
        unsafe { state.write_bytes(0, 1) };
    }
}

/// Decodes a piece of a text.
///
/// - `s`: the state since `lws_b64_decode_state_init`.
/// - `input`, `in_len`: the piece; `*in_len` gets how much was used.
/// - `out`, `out_size`: where the output goes on; `*out_size` is what all output since the beginning may need, and gets
///   how much this piece gave. A NUL follows it.
/// - `last`: nonzero for the last piece.
///
/// Returns 0, or -1 for null pointers.
///
/// Re-entry: query, any thread.
///
/// Quirks: the output size counts from the state's beginning. A NUL in the piece ends it.
///
/// # Safety
/// All pointers are valid, `input` readable for `*in_len` bytes, `out` writable for what is left of `*out_size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_b64_decode_stateful(
    s: *mut lws_b64state,
    input: *const c_char,
    in_len: *mut size_t,
    out: *mut u8,
    out_size: *mut size_t,
    last: c_int,
) -> c_int {
    // SAFETY: null or valid by contract.
    let s = unsafe { s.as_mut() };
    // SAFETY: null or valid by contract.
    let in_len = unsafe { in_len.as_mut() };
    // SAFETY: null or valid by contract.
    let out_size = unsafe { out_size.as_mut() };
    let (Some(s), Some(in_len), Some(out_size)) = (s, in_len, out_size) else {
        return -1;
    };
    // SAFETY: the same contract.
    unsafe { decode_piece(s, input, in_len, out, out_size, last != 0) };
    0
}

/// # Safety
/// As for `lws_b64_decode_stateful`.
unsafe fn decode_piece(
    s: &mut lws_b64state,
    input: *const c_char,
    in_len: &mut usize,
    out: *mut u8,
    out_size: &mut usize,
    last: bool,
) {
    let mut state = State {
        quad: s.quad,
        filled: usize::try_from(s.i).unwrap_or(0).min(3),
        last: s.c.to_le_bytes()[0],
    };
    let len = if input.is_null() { 0 } else { *in_len };
    // SAFETY: readable by contract.
    let text = unsafe { Bytes::bounded(input, len) };
    // SAFETY: writable by contract.
    let p = unsafe { decode(&mut state, text, s.done, out, *out_size, last) };
    s.quad = state.quad;
    s.i = c_int::try_from(state.filled).unwrap_or(0);
    s.len = state.filled;
    s.c = c_int::from(state.last);
    s.done = s.done.saturating_add(p.written);
    *in_len = p.used;
    *out_size = p.written;
}
