//! Scripts: starting one for a connection, its channels, its output. Debian's library has these calls switched off.

use crate::capi::abi::{lws, lws_protocol_vhost_options};
use crate::capi::handle::{to_c, with_wsi};
use crate::capi::{arg, info};
use crate::conn::role::cgi::{self, Channel, end, output, start};
use crate::util::log::log_err;
use std::ffi::{CString, c_char, c_int, c_uint};
use std::ptr;

/// Most arguments of a script.
const MAX_ARGUMENTS: usize = 1024;

/// Starts a script whose output answers the connection's request.
///
/// `wsi`: the connection; one script at a time. `exec_array`: file and arguments, NULL at the end.
/// `script_uri_path_len`: length of the part of the request's path that names the script; negative for an environment
/// without anything of the path. `timeout_secs`: seconds it may run, 0 for 5. `mp_cgienv`: more environment variables,
/// or NULL. All are copied.
///
/// Returns 0, or -1 when it could not be started, which is logged.
///
/// Re-entry: dispatches (CGI_PROCESS_ATTACH, for a request without a body CGI_STDIN_COMPLETED), may close the wsi.
///
/// # Safety
/// `exec_array` is NULL or an array of strings that ends with NULL; `mp_cgienv` is NULL or a valid list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_cgi(
    wsi: *mut lws,
    exec_array: *const *const c_char,
    script_uri_path_len: c_int,
    timeout_secs: c_int,
    mp_cgienv: *const lws_protocol_vhost_options,
) -> c_int {
    // SAFETY: the caller's promise.
    let argv = unsafe { arguments(exec_array) };
    // SAFETY: the caller's promise.
    let variables = unsafe { info::named_values(mp_cgienv) };
    let order = start::Order {
        argv: &argv,
        script_len: usize::try_from(script_uri_path_len).ok(),
        secs: u32::try_from(timeout_secs).unwrap_or(0),
        knows_user: false,
        variables: &variables,
    };
    with_wsi(wsi, "lws_cgi", -1, |thread, w| {
        start::start(thread, w, &order).map_or(-1, |()| 0)
    })
}

/// # Safety
/// As `exec_array` of [`lws_cgi`].
unsafe fn arguments(array: *const *const c_char) -> Vec<CString> {
    let mut all = Vec::new();
    let mut at = array;
    while !at.is_null() && all.len() < MAX_ARGUMENTS {
        // SAFETY: the array goes on until its NULL.
        let text = unsafe { at.read() };
        // SAFETY: NULL or a string.
        let Some(text) = (unsafe { arg::owned(text) }) else {
            return all;
        };
        all.push(text);
        // SAFETY: not behind the NULL yet.
        at = unsafe { at.add(1) };
    }
    if !array.is_null() {
        log_err!("lws_cgi: more than {MAX_ARGUMENTS} arguments");
    }
    Vec::new()
}

/// Sends a piece of the script's output: its header lines as the head of the response, then its body.
///
/// `wsi`: the connection that has the script. To be called in HTTP_WRITEABLE, after CGI has told that output waits;
/// lets the output flow again.
///
/// Returns 0, or -1 when the connection cannot send.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_cgi_write_split_stdout_headers(wsi: *mut lws) -> c_int {
    let name = "lws_cgi_write_split_stdout_headers";
    with_wsi(wsi, name, -1, |thread, w| {
        output::forward(thread, w).map_or(-1, |()| 0)
    })
}

/// Tells the script of a connection, and all that it has started, to end; what does not is killed.
///
/// `wsi`: the connection that has the script. Its answer ends with what it has written.
///
/// Returns 0, or 1 when the connection has no script.
///
/// Re-entry: query; CGI_TERMINATED follows when the script has ended.
#[unsafe(no_mangle)]
pub extern "C" fn lws_cgi_kill(wsi: *mut lws) -> c_int {
    with_wsi(wsi, "lws_cgi_kill", 1, |thread, w| {
        c_int::from(!end::kill(thread, w))
    })
}

/// The connection of one of the script's channels.
///
/// `wsi`: the connection that has the script. `ch`: LWS_STDIN, LWS_STDOUT or LWS_STDERR.
///
/// Returns the connection, NULL when the channel is closed or there is no script.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_cgi_get_stdwsi(wsi: *mut lws, ch: c_uint) -> *mut lws {
    with_wsi(wsi, "lws_cgi_get_stdwsi", ptr::null_mut(), |thread, w| {
        let cgi = cgi::of(thread, w);
        let pipe = cgi.and_then(|c| c.pipe(thread, Channel::from_number(ch)?));
        pipe.map_or(ptr::null_mut(), |p| to_c(p.handle.addr()))
    })
}
