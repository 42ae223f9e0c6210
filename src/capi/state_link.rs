//! Exported state machines; `cutil::state` does the work. A context's own machine is such a one, too.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws_state_manager, lws_state_notify_link};
use super::hooks::publish;
use crate::cutil::state::{self, Link, Machine, Manager};
use libc::c_int;
use std::mem::offset_of;

const _: () = {
    assert!(size_of::<Manager>() == size_of::<lws_state_manager>());
    assert!(offset_of!(Manager, notifiers) == offset_of!(lws_state_manager, notify_list));
    assert!(offset_of!(Manager, context) == offset_of!(lws_state_manager, context));
    assert!(offset_of!(Manager, parent) == offset_of!(lws_state_manager, parent));
    assert!(offset_of!(Manager, smd_class) == offset_of!(lws_state_manager, smd_class));
    assert!(offset_of!(Manager, state_names) == offset_of!(lws_state_manager, state_names));
    assert!(offset_of!(Manager, name) == offset_of!(lws_state_manager, name));
    assert!(offset_of!(Manager, state) == offset_of!(lws_state_manager, state));
    assert!(size_of::<Link>() == size_of::<lws_state_notify_link>());
    assert!(offset_of!(Link, list) == offset_of!(lws_state_notify_link, list));
    assert!(offset_of!(Link, notify) == offset_of!(lws_state_notify_link, notify_cb));
    assert!(offset_of!(Link, name) == offset_of!(lws_state_notify_link, name));
};

/// Views a machine; none for null.
///
/// # Safety
/// As for [`Machine::new`].
unsafe fn machine(mgr: *mut lws_state_manager) -> Option<Machine> {
    // SAFETY: the same record, asserted above; the same contract.
    unsafe { Machine::new(mgr.cast()) }
}

/// Adds a notifier to a machine, in front of those it has.
///
/// - `mgr`: the machine.
/// - `nl`: the notifier, in memory of the caller, where it stays while registered; moved when it is registered already.
///
/// Re-entry: query; on the machine's thread.
///
/// # Safety
/// Both are null (nothing happens) or valid; a notifier's list member is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_state_reg_notifier(
    mgr: *mut lws_state_manager,
    nl: *mut lws_state_notify_link,
) {
    // SAFETY: the caller's promise.
    if let Some(machine) = unsafe { machine(mgr) } {
        // SAFETY: the caller's promise.
        unsafe { machine.register(nl.cast()) };
    }
}

/// Takes a notifier off its machine.
///
/// - `nl`: the notifier; nothing happens when it is not registered.
///
/// Re-entry: query; on the machine's thread, also from the notifier itself.
///
/// # Safety
/// `nl` is null (nothing happens) or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_state_reg_deregister(nl: *mut lws_state_notify_link) {
    // SAFETY: the same record, asserted above; the caller's promise.
    unsafe { state::deregister(nl.cast()) }
}

/// Adds notifiers to a machine, one after the other, each in front of those before.
///
/// - `mgr`: the machine.
/// - `nl`: array of notifiers with a null at its end; the notifiers stay in memory of the caller while registered.
///
/// Re-entry: query; on the machine's thread.
///
/// # Safety
/// Both are null (nothing happens) or valid; a notifier's list member is zeroed before its first use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_state_reg_notifier_list(
    mgr: *mut lws_state_manager,
    nl: *const *mut lws_state_notify_link,
) {
    // SAFETY: the caller's promise.
    if let Some(machine) = unsafe { machine(mgr) } {
        // SAFETY: the same records, asserted above; the caller's promise.
        unsafe { state::register_list(machine, nl.cast()) };
    }
}

/// Goes up to a state step by step, as far as the notifiers let it.
///
/// - `mgr`: the machine.
/// - `target`: the state; nothing happens when the machine is there or above.
///
/// Returns 0, also when a notifier vetoed a step.
///
/// Re-entry: dispatches: notifiers may do anything but free the machine. On the machine's thread.
///
/// # Safety
/// `mgr` is null (nothing happens) or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_state_transition_steps(
    mgr: *mut lws_state_manager,
    target: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    if let Some(machine) = unsafe { machine(mgr) } {
        machine.step_to(target, publish);
    }
    0
}

/// Jumps to a state, if no notifier vetoes it.
///
/// - `mgr`: the machine.
/// - `target`: the state, above or below; nothing happens when the machine is there.
///
/// Returns 0, also when a notifier vetoed it.
///
/// Re-entry: dispatches: notifiers may do anything but free the machine. On the machine's thread.
///
/// # Safety
/// `mgr` is null (nothing happens) or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_state_transition(mgr: *mut lws_state_manager, target: c_int) -> c_int {
    // SAFETY: the caller's promise.
    if let Some(machine) = unsafe { machine(mgr) } {
        machine.transition(target, publish);
    }
    0
}
