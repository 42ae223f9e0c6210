//! Exported form parser (lws: spa); `proto::http::form` does the work.
//!
//! The parser itself is in `record`. The program feeds it the bodies of its HTTP_BODY callbacks.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws, lws_spa, lws_spa_create_info, lws_spa_create_info_t, lws_spa_fileupload_cb};
use super::arg;
use libc::{c_char, c_int, c_void};
use record::{Spa, create, doom, during, finalize, process, value};
use std::ptr::{self, NonNull};

mod record;

/// Makes a form parser.
///
/// - `wsi`: the connection whose Content-Type says how the form is encoded; NULL: urlencoded.
/// - `param_names`, `count_params`: the fields wanted; both arrays must stay until the parser is destroyed.
/// - `max_storage`: bytes for all values, each with its NUL and one more byte free behind it; also the size of file chunks.
/// - `opt_cb`, `opt_data`: takes uploaded files; NULL: they are dropped.
///
/// Returns the parser, or NULL without memory or with a stale `wsi`.
///
/// Re-entry: query.
///
/// # Safety
/// The pointers are NULL or valid as said above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_create(
    wsi: *mut lws,
    param_names: *const *const c_char,
    count_params: c_int,
    max_storage: c_int,
    opt_cb: lws_spa_fileupload_cb,
    opt_data: *mut c_void,
) -> *mut lws_spa {
    let info = lws_spa_create_info {
        param_names,
        count_params,
        max_storage,
        opt_cb,
        opt_data,
        param_names_stride: 0,
        ac: ptr::null_mut(),
        ac_chunk_size: 0,
    };
    // SAFETY: the same contract.
    unsafe { create(wsi, &info) }
}

/// Makes a form parser.
///
/// - `wsi`: the connection whose Content-Type says how the form is encoded; NULL: urlencoded.
/// - `info`: what it is made with, copied; what it points to must stay until the parser is destroyed.
///
/// Returns the parser, or NULL without memory or with a stale `wsi`.
///
/// Re-entry: query.
///
/// Quirks: with `info->ac` the destruction frees the whole chain.
///
/// # Safety
/// `info` is NULL or valid, and so are its members.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_create_via_info(
    wsi: *mut lws,
    info: *const lws_spa_create_info_t,
) -> *mut lws_spa {
    // SAFETY: NULL or valid by contract.
    match unsafe { info.as_ref() } {
        // SAFETY: the same contract.
        Some(info) => unsafe { create(wsi, info) },
        None => ptr::null_mut(),
    }
}

/// Parses a piece of the form.
///
/// - `spa`: the parser.
/// - `in_`, `len`: the piece, cut anywhere.
///
/// Returns 0; -1 when the data is malformed, a value does not fit, or the file callback returned less than 0. All that
/// follows fails too.
///
/// Re-entry: calls the file callback (LWS_UFS_OPEN, CONTENT, FINAL_CONTENT), which may do anything.
///
/// Quirks: field names are not decoded; an empty value is as if it were not there.
///
/// # Safety
/// `spa` is NULL or a living parser, `in_` readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_process(
    spa: *mut lws_spa,
    in_: *const c_char,
    len: c_int,
) -> c_int {
    let Some(spa) = NonNull::new(spa.cast::<Spa>()) else {
        return -1;
    };
    // SAFETY: by contract.
    let input = unsafe { arg::bytes(in_.cast(), arg::count(len)) };
    // SAFETY: by contract.
    unsafe { during(spa, |spa| process(spa, input)) }
}

/// Says that the form has ended: completes the last value.
///
/// `spa`: the parser.
///
/// Returns 0; -1 when the last value does not fit.
///
/// Re-entry: calls the file callback (LWS_UFS_CLOSE, once), which may do anything.
///
/// Quirks: a multipart value without a boundary behind it is dropped.
///
/// # Safety
/// `spa` is NULL or a living parser.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_finalize(spa: *mut lws_spa) -> c_int {
    let Some(spa) = NonNull::new(spa.cast::<Spa>()) else {
        return -1;
    };
    // SAFETY: by contract.
    unsafe { during(spa, finalize) }
}

/// The length of a field's value.
///
/// - `spa`: the parser.
/// - `n`: number of the field in `param_names`.
///
/// Returns bytes without the NUL; of all values when the field came several times; 0 where there is none.
///
/// Re-entry: query.
///
/// # Safety
/// `spa` is NULL or a living parser.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_get_length(spa: *mut lws_spa, n: c_int) -> c_int {
    // SAFETY: the same contract.
    unsafe { value(spa, n) }.map_or(0, |value| arg::int(value.len))
}

/// A field's value.
///
/// - `spa`: the parser.
/// - `n`: number of the field in `param_names`.
///
/// Returns the text with a NUL, which lives as long as the parser: the first when the field came several times; NULL
/// where there is none.
///
/// Re-entry: query.
///
/// # Safety
/// `spa` is NULL or a living parser.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_get_string(spa: *mut lws_spa, n: c_int) -> *const c_char {
    // SAFETY: the same contract.
    unsafe { value(spa, n) }.map_or(ptr::null(), |value| value.text)
}

/// Destroys a parser and its values.
///
/// `spa`: the parser.
///
/// Returns 0; -1 for NULL.
///
/// Re-entry: calls the file callback (LWS_UFS_CLOSE) when the form was not finalized. In the callback itself: the parser
/// stays until the call ends that the callback came from, which fails.
///
/// # Safety
/// `spa` is NULL or a living parser that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_spa_destroy(spa: *mut lws_spa) -> c_int {
    let Some(spa) = NonNull::new(spa.cast::<Spa>()) else {
        return -1;
    };
    // SAFETY: by contract.
    unsafe { during(spa, doom) }
}
