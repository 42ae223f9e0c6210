//! Exported look-ups in command lines.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_context_creation_info;
use super::log::lws_set_log_level;
use crate::util::log;
use crate::util::uri::leading_int;
use libc::{c_char, c_int};
use std::ffi::CStr;
use std::ptr;

/// Finds an option: its value may follow directly ("-x5"), after `=`, or be the next argument.
///
/// - `argc`, `argv`: the arguments; the first is not looked at.
/// - `val`: the option with its dashes.
///
/// Returns the value of the last argument that begins with `val`, lying in `argv`: its end when there is none. Null
/// when there is no such argument.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `argv` is `argc` C strings, `val` a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_cmdline_option(
    argc: c_int,
    argv: *mut *const c_char,
    val: *const c_char,
) -> *const c_char {
    if argv.is_null() || val.is_null() {
        return ptr::null();
    }
    // SAFETY: a C string by contract.
    let val = unsafe { CStr::from_ptr(val) }.to_bytes();
    let count = usize::try_from(argc).unwrap_or(0);
    // SAFETY: so many pointers by contract.
    let argument = |n: usize| unsafe { argv.wrapping_add(n).read() };
    (1..count)
        .rev()
        .find_map(|n| {
            // SAFETY: a C string by contract.
            let place = unsafe { after_prefix(argument(n), val) }?;
            // SAFETY: inside that string.
            match unsafe { place.cast::<u8>().read() } {
                0 if n + 1 < count => Some(argument(n + 1)),
                b'=' => Some(place.wrapping_add(1)),
                _ => Some(place),
            }
        })
        .unwrap_or(ptr::null())
}

/// The place after `prefix` in `text`, if it begins with it.
///
/// # Safety
/// `text` is null or a C string.
unsafe fn after_prefix(text: *const c_char, prefix: &[u8]) -> Option<*const c_char> {
    if text.is_null() {
        return None;
    }
    // SAFETY: a C string by contract.
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    bytes
        .starts_with(prefix)
        .then(|| text.wrapping_add(prefix.len()))
}

/// Applies the options that all programs share: "-d" log levels (errors, warnings, notices and the program's own lines
/// without it), "--udp-tx-loss" and "--udp-rx-loss" percentages, "--ignore-sigterm".
///
/// - `argc`, `argv`: the arguments.
/// - `info`: gets the percentages.
///
/// Re-entry: query.
///
/// # Safety
/// `argv` is `argc` C strings, `info` null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_cmdline_option_handle_builtin(
    argc: c_int,
    argv: *mut *const c_char,
    info: *mut lws_context_creation_info,
) {
    // SAFETY: by contract.
    let number = |name: &CStr| unsafe { number(argc, argv, name) };
    let levels = number(c"-d").map_or(log::DEFAULT_LEVELS | log::USER, i32::cast_unsigned);
    // SAFETY: no function is given.
    unsafe { lws_set_log_level(levels.cast_signed(), None) };
    // SAFETY: null or valid by contract.
    if let Some(info) = unsafe { info.as_mut() } {
        info.udp_loss_sim_tx_pc =
            number(c"--udp-tx-loss").map_or(info.udp_loss_sim_tx_pc, |n| n.to_le_bytes()[0]);
        info.udp_loss_sim_rx_pc =
            number(c"--udp-rx-loss").map_or(info.udp_loss_sim_rx_pc, |n| n.to_le_bytes()[0]);
    }
    // SAFETY: by contract.
    if !unsafe { lws_cmdline_option(argc, argv, c"--ignore-sigterm".as_ptr()) }.is_null() {
        // SAFETY: no handler of ours is installed.
        unsafe { libc::signal(libc::SIGTERM, libc::SIG_IGN) };
    }
}

/// The number after an option.
///
/// # Safety
/// As for `lws_cmdline_option`.
unsafe fn number(argc: c_int, argv: *mut *const c_char, name: &CStr) -> Option<i32> {
    // SAFETY: the same contract.
    let value = unsafe { lws_cmdline_option(argc, argv, name.as_ptr()) };
    if value.is_null() {
        return None;
    }
    // SAFETY: inside an argument.
    Some(leading_int(unsafe { CStr::from_ptr(value) }.to_bytes()))
}
