//! Giving up root: info.uid, gid, username, groupname and caps, and the calls about them.
//!
//! Names are resolved when the context is created. The change comes at its end, after the first vhost has bound its
//! port and before any PROTOCOL_INIT; with EXPLICIT_VHOSTS it waits for lws_finalize_startup, so that the program can bind
//! further ports first. [`crate::sys::privs`] does the work.

use crate::capi::abi::{lws_context, lws_context_creation_info};
use crate::capi::{arg, handle};
use crate::conn::config::option;
use crate::conn::context::Context;
use crate::sys::privs::{self, Identity, Problem, Wanted};
use crate::util::log::{log_err, log_info};
use std::ffi::c_int;

/// What the process shall become.
///
/// # Safety
/// The strings of `info` are NULL or valid.
pub unsafe fn identity(info: &lws_context_creation_info) -> Result<Identity, Problem> {
    let count = usize::try_from(info.count_caps).unwrap_or(0);
    let capabilities = info.caps.get(..count).unwrap_or(&info.caps);
    // SAFETY: the caller's promise.
    let user = unsafe { arg::text(info.username) };
    // SAFETY: the caller's promise.
    let group = unsafe { arg::text(info.groupname) };
    privs::resolve(&Wanted {
        uid: info.uid,
        gid: info.gid,
        user,
        group,
        capabilities,
    })
}

/// Becomes it. False after a log line.
pub fn assume(context: &Context, function: &str) -> bool {
    let wanted = &context.config.identity;
    match wanted.assume() {
        Ok(()) => {
            log_info!("running as uid {} gid {}", wanted.uid(), wanted.gid());
            true
        }
        Err(why) => {
            log_err!("{function}: cannot give up privileges: {why}");
            false
        }
    }
}

/// Ends the startup phase of a program that makes its vhosts itself: privileges are given up here.
///
/// `context`: the context.
///
/// Returns 0, or 1 when privileges could not be given up. Without EXPLICIT_VHOSTS that has happened in
/// lws_create_context, and it is 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_finalize_startup(context: *mut lws_context) -> c_int {
    let Some(entry) = handle::context(context, "lws_finalize_startup") else {
        return 1;
    };
    let is_due = entry.context.config.options & option::EXPLICIT_VHOSTS != 0;
    c_int::from(is_due && !assume(&entry.context, "lws_finalize_startup"))
}

/// The user and group that the process has, or will have, when privileges are given up.
///
/// `context`: the context. `uid`, `gid`: where the ids go, the caller's; as given in info where no name was.
///
/// Returns nothing; without a context the places are left alone.
///
/// Re-entry: query.
///
/// # Safety
/// `uid` and `gid` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_effective_uid_gid(
    context: *mut lws_context,
    uid: *mut c_int,
    gid: *mut c_int,
) {
    let Some(entry) = handle::context(context, "lws_get_effective_uid_gid") else {
        return;
    };
    let wanted = &entry.context.config.identity;
    // SAFETY: the caller's promise.
    if let Some(place) = unsafe { uid.as_mut() } {
        *place = wanted.uid();
    }
    // SAFETY: the caller's promise.
    if let Some(place) = unsafe { gid.as_mut() } {
        *place = wanted.gid();
    }
}
