//! Calls that other threads leave for a service thread, and the state of captive portal detection.
//!
//! A program that wants such calls gives an `attach` operation in `info.system_ops`, which takes its lock and
//! calls `__lws_system_attach`: to leave a call, or (the library does this in every pass while calls wait) to fetch one that
//! is due. Without the operation nothing is fetched. The calls are user code: nothing is locked while they run.

use crate::capi::abi::{
    enum_lws_cpd_result_t, enum_lws_system_states_t, lws_attach_cb_t, lws_attach_item, lws_context,
    lws_system_ops_t,
};
use crate::capi::handle::to_c;
use crate::capi::system::with_hooks;
use crate::util::ids::Handle;
use crate::util::log::log_notice;
use parking_lot::Mutex;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// LWS_CPD_UNKNOWN.
const UNKNOWN: enum_lws_cpd_result_t = 0;

/// Calls in one pass: those that leave a new one each time hold nobody up.
const CALLS: usize = 64;

/// A call that waits.
struct Item {
    callback: lws_attach_cb_t,
    tsi: c_int,
    /// System state from which on it may run.
    from: c_int,
    opaque: usize,
}

/// The waiting calls of a context.
#[derive(Default)]
pub struct Attached {
    items: Mutex<Vec<Item>>,
    waiting: AtomicUsize,
}

impl Attached {
    fn leave(&self, item: Item) {
        let mut items = self.items.lock();
        items.push(item);
        self.waiting.store(items.len(), Ordering::Release);
    }

    /// quirk: the one that was left last is the first.
    fn fetch(&self, tsi: c_int, state: c_int) -> Option<Item> {
        let mut items = self.items.lock();
        let at = items
            .iter()
            .rposition(|i| i.tsi == tsi && state >= i.from)?;
        let item = items.remove(at);
        self.waiting.store(items.len(), Ordering::Release);
        Some(item)
    }

    /// Runs what is due on a service thread; true when there may be more than one pass takes.
    pub fn run(&self, ops: Option<&lws_system_ops_t>, context: Handle, tsi: c_int) -> bool {
        let Some(attach) = ops.and_then(|ops| ops.attach) else {
            return false;
        };
        let context = to_c(context.addr());
        for _ in 0..CALLS {
            if self.waiting.load(Ordering::Acquire) == 0 {
                return false;
            }
            let mut got: *mut lws_attach_item = ptr::null_mut();
            // SAFETY: the program's function with the arguments of its type; `got` is ours.
            let failed = unsafe { attach(context, tsi, None, 0, ptr::null_mut(), &raw mut got) };
            if failed != 0 || got.is_null() {
                return false;
            }
            // SAFETY: what __lws_system_attach gave, a box that is ours again.
            let item = unsafe { Box::from_raw(got.cast::<Item>()) };
            if let Some(callback) = item.callback {
                let opaque = ptr::with_exposed_provenance_mut(item.opaque);
                // SAFETY: the program's function, left for this.
                unsafe { callback(context, tsi, opaque) };
            }
        }
        true
    }
}

/// Leaves a call for a service thread, or fetches one: for the program's `attach` operation, inside its lock.
///
/// `context`, `tsi`: the service thread. `cb`, `opaque`: what is to be called; `opaque` stays the program's. `state`: the
/// system state (LWS_SYSTATE_*) from which on. `get`: NULL to leave; else set to a call that is due, or to NULL.
///
/// Returns 0, or 1 for no context.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `get` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __lws_system_attach(
    context: *mut lws_context,
    tsi: c_int,
    cb: lws_attach_cb_t,
    state: enum_lws_system_states_t,
    opaque: *mut c_void,
    get: *mut *mut lws_attach_item,
) -> c_int {
    let from = c_int::try_from(state).unwrap_or(c_int::MAX);
    let (callback, opaque) = (cb, opaque.expose_provenance());
    with_hooks(context, "__lws_system_attach", |hooks| {
        // SAFETY: the caller's promise.
        let Some(place) = (unsafe { get.as_mut() }) else {
            return hooks.attached.leave(Item {
                callback,
                tsi,
                from,
                opaque,
            });
        };
        let due = hooks.attached.fetch(tsi, hooks.state());
        *place = due.map_or(ptr::null_mut(), |item| Box::into_raw(Box::new(item)).cast());
    })
    .map_or(1, |()| 0)
}

/// What is known about the way to the internet.
#[derive(Default)]
pub struct Portal(AtomicU32);

/// Begins to find out whether there is a captive portal, by the program's operation.
///
/// `context`: the context. What is known is forgotten.
///
/// Returns what the program's `captive_portal_detect_request` returned, -1 when there is none.
///
/// Re-entry: runs that operation.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_cpd_start(context: *mut lws_context) -> c_int {
    let ops = with_hooks(context, "lws_system_cpd_start", |hooks| {
        hooks.portal.0.store(UNKNOWN, Ordering::Relaxed);
        hooks.system_ops()
    });
    // SAFETY: NULL, or info.system_ops, which the program keeps as long as the context lives.
    let ops = ops.and_then(|ops| unsafe { ops.as_ref() });
    let request = ops.and_then(|ops| ops.captive_portal_detect_request);
    let context = to_c(context.addr());
    // SAFETY: the program's function with the argument of its type.
    request.map_or(-1, |request| unsafe { request(context) })
}

/// Says what was found about captive portals.
///
/// `context`: the context. `result`: LWS_CPD_*.
///
/// Re-entry: query, any thread.
///
/// Quirks: the first answer after lws_system_cpd_start counts, others are ignored.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_cpd_set(context: *mut lws_context, result: enum_lws_cpd_result_t) {
    with_hooks(context, "lws_system_cpd_set", |hooks| {
        let (known, order) = (&hooks.portal.0, Ordering::Relaxed);
        if known
            .compare_exchange(UNKNOWN, result, order, order)
            .is_ok()
        {
            log_notice!("captive portal detection: the result is {result}");
        }
    });
}

/// What is known about captive portals.
///
/// `context`: the context.
///
/// Returns LWS_CPD_*; LWS_CPD_UNKNOWN (0) before there is an answer.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_cpd_state_get(context: *mut lws_context) -> enum_lws_cpd_result_t {
    with_hooks(context, "lws_system_cpd_state_get", |hooks| {
        hooks.portal.0.load(Ordering::Relaxed)
    })
    .unwrap_or(UNKNOWN)
}
