//! What lws_callback_http_dummy does for connections that a script answers.

use crate::capi::abi::{lws, lws_cgi_args};
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::conn::role::cgi::{self, Channel, output, stdin};
use std::ffi::c_int;

const NAME: &str = "lws_callback_http_dummy";

/// CGI: output is left in its pipe until the client has room; what the script complains of is logged.
///
/// # Safety
/// `args` is what the callback got.
pub(super) unsafe fn channel_ready(wsi: *mut lws, args: *const lws_cgi_args) -> c_int {
    // SAFETY: the caller's promise.
    let Some(args) = (unsafe { args.as_ref() }) else {
        return 0;
    };
    let channel = Channel::from_number(args.ch);
    with_wsi(wsi, NAME, 0, |thread, w| {
        match channel {
            Some(Channel::Stdout) => output::await_room(thread, w),
            Some(Channel::Stderr) => output::log_stderr(thread, w),
            Some(Channel::Stdin) | None => {}
        }
        0
    })
}

/// HTTP_WRITEABLE: a piece of output, if some waits.
pub(super) fn send_output(wsi: *mut lws) -> c_int {
    with_wsi(wsi, NAME, 0, |thread, w| {
        let waits = cgi::of(thread, w).is_some_and(|c| c.wants_room.get());
        if waits && output::forward(thread, w).is_err() {
            return -1;
        }
        0
    })
}

/// CGI_STDIN_DATA: writes to the script as much as it takes. A script that has closed its stdin takes everything.
///
/// # Safety
/// `args` is what the callback got.
pub(super) unsafe fn pass_body(wsi: *mut lws, args: *const lws_cgi_args) -> c_int {
    // SAFETY: the caller's promise.
    let Some(args) = (unsafe { args.as_ref() }) else {
        return 0;
    };
    // SAFETY: as above.
    let bytes = unsafe { arg::bytes(args.data, arg::count(args.len)) };
    with_wsi(wsi, NAME, -1, |thread, w| {
        let Some(cgi) = cgi::of(thread, w) else {
            return args.len;
        };
        match stdin::write(thread, &cgi, bytes) {
            stdin::Taken::Bytes(n) => arg::int(n),
            stdin::Taken::Nothing => args.len,
        }
    })
}
