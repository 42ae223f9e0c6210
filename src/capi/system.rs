//! System state: the machine that programs watch and drive.

use crate::capi::abi::{lws_context, lws_state_manager, lws_system_ops_t};
use crate::capi::handle;
use crate::capi::hooks::ProgramHooks;
use std::ptr;

/// Runs `f` on what the program hooked into a context.
pub fn with_hooks<R>(
    context: *mut lws_context,
    function: &str,
    f: impl FnOnce(&ProgramHooks) -> R,
) -> Option<R> {
    let entry = handle::context(context, function)?;
    ProgramHooks::of(&entry.context).map(f)
}

/// The context's system state machine.
///
/// `context`: the context.
///
/// Returns the machine, which lives as long as the context, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_get_state_manager(
    context: *mut lws_context,
) -> *mut lws_state_manager {
    with_hooks(
        context,
        "lws_system_get_state_manager",
        ProgramHooks::manager,
    )
    .unwrap_or(ptr::null_mut())
}

/// The context that a system state machine belongs to.
///
/// `mgr`: the machine.
///
/// Returns the context, NULL for NULL.
///
/// Re-entry: query.
///
/// # Safety
/// `mgr` is NULL or a valid machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_context_from_system_mgr(
    mgr: *mut lws_state_manager,
) -> *mut lws_context {
    // SAFETY: the caller's promise.
    unsafe { mgr.as_ref() }.map_or(ptr::null_mut(), |m| m.context)
}

/// info.system_ops.
///
/// `context`: the context.
///
/// Returns the program's struct, NULL where none was given.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_get_ops(context: *mut lws_context) -> *const lws_system_ops_t {
    with_hooks(context, "lws_system_get_ops", ProgramHooks::system_ops).unwrap_or(ptr::null())
}
