//! Exported replacement of names in pages; `proto::http::html` does the work, the program's records hold the state.
//!
//! For PROCESS_HTML callbacks: the piece is changed in place.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws_process_html_args, lws_process_html_state};
use super::arg;
use crate::proto::http::html::{Held, NAME, Page, Replacer, TooLong, chunk_head, chunk_tail};
use libc::{c_char, c_int};

/// Replaces the names in a piece of a page and puts the frame of a chunk around it.
///
/// - `args`: the piece: `p`, `len`; becomes the new text, at most `max_len` bytes. With `chunked` 1 `p` moves back by the
///   chunk's head: up to 10 bytes before it are overwritten (LWS_PRE is enough); `final` gives out what was held back.
/// - `s`: the names (`vars`, `count_vars`), the program's `replace` and `data`; zeroed before the first piece, the same
///   for all pieces of a page.
///
/// Returns 0; -1 when the new text does not fit: the piece stays as it is.
///
/// Re-entry: calls `replace`, which must not use `args` or `s`.
///
/// Quirks: names are matched with their `$`, up to 15 bytes; one that begins another is not replaced; a NULL from
/// `replace` is written as `NULL`.
///
/// # Safety
/// `args` and `s` are NULL or valid, and so are their members; `p` has the room said above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_chunked_html_process(
    args: *mut lws_process_html_args,
    s: *mut lws_process_html_state,
) -> c_int {
    if args.is_null() || s.is_null() {
        return -1;
    }
    // SAFETY: valid by contract.
    let mut args_now = unsafe { args.read() };
    // SAFETY: valid by contract.
    let mut state = unsafe { s.read() };
    // SAFETY: the members are valid by contract.
    let Ok(held) = (unsafe { rewrite(&mut args_now, &state) }) else {
        return -1;
    };
    state.start = args_now.p;
    state.swallow = held.bytes.map(u8::cast_signed);
    state.pos = arg::int(held.len);
    // SAFETY: valid by contract.
    unsafe { s.write(state) };
    // SAFETY: valid by contract.
    unsafe { args.write(args_now) };
    0
}

/// # Safety
/// The members of both are valid.
unsafe fn rewrite(
    args: &mut lws_process_html_args,
    state: &lws_process_html_state,
) -> Result<Held, TooLong> {
    let (is_final, is_chunked) = (args.r#final != 0, args.chunked != 0);
    let tail: &[u8] = if is_chunked {
        chunk_tail(is_final)
    } else {
        b""
    };
    let limit = arg::count(args.max_len).saturating_sub(tail.len());
    // SAFETY: readable by contract.
    let piece = unsafe { arg::bytes(args.p.cast(), arg::count(args.len)) }.to_vec();
    // SAFETY: strings by contract.
    let names = unsafe { names(state) };
    let mut held = Held {
        bytes: state.swallow.map(c_char::cast_unsigned),
        len: arg::count(state.pos).min(NAME - 1),
    };
    let mut page = Page::new(limit);
    let replace = |index: usize, page: &mut Page| {
        // SAFETY: the program's function.
        page.push(unsafe { text(state, index) })
    };
    let mut replacer = Replacer {
        names: &names,
        replace,
    };
    replacer.piece(&piece, is_final, &mut held, &mut page)?;
    let text = page.text();
    let (head, tail) = match (is_chunked, text.is_empty(), is_final) {
        (false, ..) => (String::new(), tail),
        // A chunk without bytes ends the page.
        (true, true, false) => (String::new(), &b""[..]),
        (true, true, true) => (chunk_head(0), &b"\r\n"[..]),
        (true, false, _) => (chunk_head(text.len()), tail),
    };
    let whole = [head.as_bytes(), text, tail].concat();
    args.p = args.p.wrapping_sub(head.len());
    args.len = arg::int(whole.len());
    // SAFETY: the room by contract; nobody looks at it during this.
    let room = unsafe { arg::bytes_mut(args.p.cast(), whole.len()) };
    room.copy_from_slice(whole.get(..room.len()).unwrap_or_default());
    Ok(held)
}

/// # Safety
/// `vars` is NULL or holds `count_vars` strings that stay.
unsafe fn names(state: &lws_process_html_state) -> Vec<&[u8]> {
    let count = match state.vars.is_null() {
        true => 0,
        false => arg::count(state.count_vars),
    };
    (0..count)
        .map(|n| {
            // SAFETY: below the program's count.
            let name = unsafe { state.vars.wrapping_add(n).read() };
            // SAFETY: NULL or a string.
            unsafe { arg::text(name) }.map_or(&b""[..], |name| name.to_bytes())
        })
        .collect()
}

/// The text for a name.
///
/// # Safety
/// `replace` is NULL or the program's function.
unsafe fn text<'a>(state: &lws_process_html_state, index: usize) -> &'a [u8] {
    let Some(replace) = state.replace else {
        return b"NULL";
    };
    // SAFETY: the program's function; nothing of its records is borrowed.
    let text = unsafe { replace(state.data, arg::int(index)) };
    // SAFETY: NULL or a string that stays until the next call.
    unsafe { arg::text(text) }.map_or(b"NULL", |text| text.to_bytes())
}
