//! Exported JSON parser calls; `cutil::lejp` does the work on the program's context.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{_lejp_parsing_stack, _lejp_stack, lejp_callback, lejp_ctx};
use crate::cutil::lejp::{self, Callback, Context, Level, Parser, event};
use libc::{c_char, c_int, c_uchar, c_void};
use std::mem::{offset_of, size_of, transmute};

/// The core's struct is the public one.
macro_rules! same_layout {
    ($core:ty, $public:ty; $($field:ident),*) => {
        const _: () = {
            assert!(size_of::<$core>() == size_of::<$public>());
            $(assert!(offset_of!($core, $field) == offset_of!($public, $field));)*
        };
    };
}

same_layout!(Level, _lejp_stack; s, p, i, b);
same_layout!(Parser, _lejp_parsing_stack; user, callback, paths, count_paths, ppos, path_match);
same_layout!(Context, lejp_ctx; user, pst, st, i, wild, path, buf, path_stride, line, uni, npos, dcount, f, sp, ipos,
    count_paths, path_match, path_match_len, wildcount, pst_sp, outer_array);

fn core_callback(callback: lejp_callback) -> Callback {
    // SAFETY: the same function type but for the struct's name; the layouts are asserted above.
    unsafe { transmute::<lejp_callback, Callback>(callback) }
}

/// Makes a parser ready and calls its callback with `LEJPCB_CONSTRUCTED`.
///
/// - `ctx`: gets the state.
/// - `callback`: gets the events; nonzero from it stops the parser.
/// - `user`: for the program.
/// - `paths`, `paths_count`: paths to match, as long as the parser is used; null for none.
///
/// Re-entry: calls `callback`.
///
/// # Safety
/// `ctx` is null or valid, `paths` null or so many C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_construct(
    ctx: *mut lejp_ctx,
    callback: lejp_callback,
    user: *mut c_void,
    paths: *const *const c_char,
    paths_count: c_uchar,
) {
    if !ctx.is_null() {
        // SAFETY: by contract.
        unsafe {
            lejp::construct(
                ctx.cast(),
                core_callback(callback),
                user,
                paths,
                paths_count,
            )
        };
    }
}

/// Ends a parser: calls the outermost callback with `LEJPCB_DESTRUCTED`.
///
/// - `ctx`: the parser.
///
/// Re-entry: calls the callback.
///
/// # Safety
/// `ctx` is null or constructed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_destruct(ctx: *mut lejp_ctx) {
    if !ctx.is_null() {
        // SAFETY: by contract.
        unsafe { lejp::tell_outermost(ctx.cast(), event::DESTRUCTED) };
    }
}

/// Replaces the callback of the outermost parser: calls the old one with `LEJPCB_DESTRUCTED`, the new one with
/// `LEJPCB_CONSTRUCTED` and `LEJPCB_START`.
///
/// - `ctx`: the parser.
/// - `callback`: the new one.
///
/// Re-entry: calls both.
///
/// # Safety
/// `ctx` is null or constructed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_change_callback(ctx: *mut lejp_ctx, callback: lejp_callback) {
    if !ctx.is_null() {
        // SAFETY: by contract.
        unsafe { lejp::change_callback(ctx.cast(), core_callback(callback)) };
    }
}

/// Parses a piece of JSON.
///
/// - `ctx`: the parser.
/// - `json`, `len`: the piece; a document may be cut anywhere.
///
/// Returns how many bytes were left when the document is complete; -1 (`LEJP_CONTINUE`) for more input; else a negative
/// `LEJP_REJECT_` number, after the callback was told `LEJPCB_FAILED`.
///
/// Re-entry: calls the callback, which may push, pop and change callbacks.
///
/// # Safety
/// `ctx` is null or constructed, `json` readable for `len` bytes and not changed by the callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_parse(ctx: *mut lejp_ctx, json: *const c_uchar, len: c_int) -> c_int {
    if ctx.is_null() {
        return lejp::Reject::Unknown as c_int;
    }
    let len = if json.is_null() {
        0
    } else {
        usize::try_from(len).unwrap_or(0)
    };
    let input = if len == 0 {
        &[]
    } else {
        // SAFETY: readable by contract.
        unsafe { std::slice::from_raw_parts(json, len) }
    };
    // SAFETY: by contract.
    unsafe { lejp::parse(ctx.cast(), input) }
}

/// Begins a nested parser with its own paths and callback, from inside a callback.
///
/// - `ctx`: the parser.
/// - `user`: for the program, in the parser stack.
/// - `paths`, `paths_count`: the new paths.
/// - `lejp_cb`: the new callback.
///
/// Returns 0, or -1 when four are nested already.
///
/// Re-entry: query.
///
/// # Safety
/// `ctx` is null or constructed, `paths` null or so many C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_parser_push(
    ctx: *mut lejp_ctx,
    user: *mut c_void,
    paths: *const *const c_char,
    paths_count: c_uchar,
    lejp_cb: lejp_callback,
) -> c_int {
    if ctx.is_null() {
        return -1;
    }
    // SAFETY: by contract.
    let pushed =
        unsafe { lejp::push(ctx.cast(), user, paths, paths_count, core_callback(lejp_cb)) };
    if pushed { 0 } else { -1 }
}

/// Ends a nested parser: the one around it goes on.
///
/// - `ctx`: the parser.
///
/// Returns 0, or -1 when none is nested.
///
/// Re-entry: query.
///
/// # Safety
/// `ctx` is null or constructed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_parser_pop(ctx: *mut lejp_ctx) -> c_int {
    // SAFETY: by contract.
    if ctx.is_null() || !unsafe { lejp::pop(ctx.cast()) } {
        return -1;
    }
    0
}

/// Looks which path matches, if none does yet.
///
/// - `ctx`: the parser; `path_match` and the wildcards are set.
///
/// Re-entry: query.
///
/// # Safety
/// `ctx` is null or constructed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_check_path_match(ctx: *mut lejp_ctx) {
    if !ctx.is_null() {
        // SAFETY: by contract.
        unsafe { lejp::check_path(ctx.cast()) };
    }
}

/// Copies what a `*` of the matching path stands for.
///
/// - `ctx`: the parser.
/// - `wildcard`: which one, from 0.
/// - `dest`, `len`: area for the text and its NUL.
///
/// Returns the length of the text plus one, or 0 when there is no such wildcard or no room.
///
/// Re-entry: query.
///
/// # Safety
/// `ctx` is null or constructed, `dest` writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lejp_get_wildcard(
    ctx: *mut lejp_ctx,
    wildcard: c_int,
    dest: *mut c_char,
    len: c_int,
) -> c_int {
    use crate::cutil::cstr::{Room, room_len};
    use crate::util::put::Put;
    let Ok(wildcard) = usize::try_from(wildcard) else {
        return 0;
    };
    if ctx.is_null() || dest.is_null() {
        return 0;
    }
    // SAFETY: constructed by contract.
    let c = unsafe { &*ctx.cast::<Context>() };
    // SAFETY: writable by contract.
    let mut out = unsafe { Room::new(dest, room_len(len)) };
    let used = lejp::wildcard(c, wildcard, room_len(len), |b| out.put(b));
    c_int::try_from(used).unwrap_or(0)
}

/// What a result of the parser means.
///
/// - `e`: the result.
///
/// Returns a constant text, empty when nothing is wrong.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lejp_error_to_string(e: c_int) -> *const c_char {
    lejp::describe(e).as_ptr()
}
