//! Timers and timeouts.

use crate::capi::abi::{
    lws, lws_context, lws_retry_bo_t, lws_sorted_usec_list_t, lws_usec_t, sul_cb_t,
};
use crate::capi::handle;
use crate::conn::client::Progress;
use crate::conn::registry;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{close, timeout};
use crate::cutil::sul::{self, Sul, SulOwners};
use crate::event::timers::TimerKind;
use crate::sys::clock;
use std::ffi::{c_int, c_uint};
use std::rc::Rc;

const KILL_ASYNC: c_int = -1;
const KILL_SYNC: c_int = -2;
const CANCEL: lws_usec_t = -1;
/// lws_sul2_schedule: the timer wakes a suspended machine.
const WAKE_IF_SUSPENDED: c_int = 1;

fn in_tsi(
    context: *mut lws_context,
    tsi: c_int,
    function: &str,
    f: impl FnOnce(&Rc<ServiceThread>),
) {
    let (Some(place), Ok(tsi)) = (handle::context_place(context), u8::try_from(tsi)) else {
        crate::util::log::log_err!("{function}: no such context or service thread");
        return;
    };
    if let Err(why) = registry::enter_waiting(place.context, tsi, f) {
        handle::report_no_entry(function, why);
    }
}

/// # Safety
/// `sul` is NULL or valid and stays so until it has run or is cancelled.
unsafe fn schedule(
    context: *mut lws_context,
    tsi: c_int,
    list: usize,
    sul: *mut lws_sorted_usec_list_t,
    at: lws_usec_t,
) {
    in_tsi(context, tsi, "lws_sul_schedule", |thread| {
        // SAFETY: the caller's promise.
        unsafe { thread.suls.schedule(list, sul.cast::<Sul>(), at) };
    });
}

/// Sets the callback, then schedules or cancels.
///
/// # Safety
/// As [`schedule`].
unsafe fn schedule_in(
    context: *mut lws_context,
    tsi: c_int,
    list: usize,
    sul: *mut lws_sorted_usec_list_t,
    callback: sul_cb_t,
    us: lws_usec_t,
) {
    if sul.is_null() {
        return;
    }
    if us == CANCEL {
        // SAFETY: the caller's promise.
        unsafe { sul::cancel(sul.cast()) };
        return;
    }
    // SAFETY: not null, and the program's own until it runs.
    unsafe { (*sul).cb = callback };
    let at = clock::now().saturating_add(us);
    // SAFETY: the caller's promise.
    unsafe { schedule(context, tsi, list, sul, at) };
}

/// Schedules, moves or cancels a timer.
///
/// `ctx`, `tsi`: the service thread it runs on. `sul`: the program's memory, zeroed before its first use; it stays the
/// program's and must live until the timer has run or is cancelled. `cb`: what runs. `us`: microseconds from now, or
/// LWS_SET_TIMER_USEC_CANCEL.
///
/// Returns nothing.
///
/// Re-entry: query; `cb` runs in a service pass and may schedule or free its own `sul`.
///
/// # Safety
/// `sul` is NULL or valid as said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sul_schedule(
    ctx: *mut lws_context,
    tsi: c_int,
    sul: *mut lws_sorted_usec_list_t,
    _cb: sul_cb_t,
    _us: lws_usec_t,
) {
    // SAFETY: the caller's promise.
    unsafe { schedule_in(ctx, tsi, 0, sul, _cb, _us) };
}

/// lws_sul_schedule for timers that wake a suspended machine.
///
/// `ctx`, `tsi`, `sul`, `cb`, `us`: as for lws_sul_schedule.
///
/// Returns nothing.
///
/// Re-entry: as lws_sul_schedule.
///
/// # Safety
/// As lws_sul_schedule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sul_schedule_wakesuspend(
    ctx: *mut lws_context,
    tsi: c_int,
    sul: *mut lws_sorted_usec_list_t,
    _cb: sul_cb_t,
    _us: lws_usec_t,
) {
    // SAFETY: the caller's promise.
    unsafe { schedule_in(ctx, tsi, 1, sul, _cb, _us) };
}

/// Schedules a timer whose time (`sul->us`, absolute) and callback are set already.
///
/// `context`, `tsi`: the service thread. `flags`: LWSSULLI_WAKE_IF_SUSPENDED or 0. `sul`: as for lws_sul_schedule.
///
/// Returns nothing.
///
/// Re-entry: as lws_sul_schedule.
///
/// # Safety
/// As lws_sul_schedule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sul2_schedule(
    context: *mut lws_context,
    tsi: c_int,
    flags: c_int,
    sul: *mut lws_sorted_usec_list_t,
) {
    // SAFETY: the caller's promise.
    let Some(at) = (unsafe { sul.as_ref() }).map(|s| s.us) else {
        return;
    };
    let list = usize::from(flags & WAKE_IF_SUSPENDED != 0);
    // SAFETY: the caller's promise.
    unsafe { schedule(context, tsi, list, sul, at) };
}

/// When the earliest timer comes that wakes a suspended machine.
///
/// `ctx`: the context. `pearliest`: gets the absolute time in microseconds.
///
/// Returns 0, or 1 when there is none.
///
/// Re-entry: query.
///
/// # Safety
/// `pearliest` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_sul_earliest_wakeable_event(
    ctx: *mut lws_context,
    pearliest: *mut lws_usec_t,
) -> c_int {
    let Some(entry) = handle::context(ctx, "lws_sul_earliest_wakeable_event") else {
        return 1;
    };
    let next = |thread: &Rc<ServiceThread>| SulOwners::next_wakeup(&thread.suls);
    let earliest = (0..entry.threads.len())
        .filter_map(|t| registry::enter(entry.context.index, u8::try_from(t).ok()?, next).ok()?)
        .min();
    let (Some(at), false) = (earliest, pearliest.is_null()) else {
        return 1;
    };
    // SAFETY: not null, the caller's promise.
    unsafe { pearliest.write(at) };
    0
}

/// Closes a connection unless it makes progress in time.
///
/// `wsi`: the connection. `reason`: why; NO_PENDING_TIMEOUT (0) lifts the timeout. `secs`: seconds, or
/// LWS_TO_KILL_SYNC (close now) or LWS_TO_KILL_ASYNC (close in the next pass).
///
/// Returns nothing.
///
/// Re-entry: may close the wsi (LWS_TO_KILL_SYNC).
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_timeout(wsi: *mut lws, reason: c_uint, secs: c_int) {
    handle::with_wsi(wsi, "lws_set_timeout", (), |thread, wsi| match secs {
        KILL_SYNC => close::close(thread, wsi, CloseCause::Asked),
        KILL_ASYNC => timeout::kill_soon(thread, wsi, reason.max(1)),
        _ => timeout::set(thread, wsi, reason, i64::from(secs)),
    });
}

/// Sets or cancels the connection's own timer: LWS_CALLBACK_TIMER once.
///
/// `wsi`: the connection. `usecs`: microseconds from now, or LWS_SET_TIMER_USEC_CANCEL.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_timer_usecs(wsi: *mut lws, usecs: lws_usec_t) {
    handle::with_wsi(wsi, "lws_set_timer_usecs", (), |thread, wsi| {
        if wsi.is_open() {
            thread.refresh_now();
            let us = if usecs == CANCEL { 0 } else { usecs.max(1) };
            timeout::arm(thread, wsi, TimerKind::User, us);
        }
    });
}

/// The program has seen that the connection is alive: pings and hang-up are put off.
///
/// `wsi`: the connection.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_validity_confirmed(wsi: *mut lws) {
    handle::with_wsi(wsi, "lws_validity_confirmed", (), |thread, wsi| {
        thread.refresh_now();
        timeout::validity_confirmed(thread, wsi);
    });
}

/// The delay before the next try, by a policy's table.
///
/// `context`: not read. `retry`: the policy; NULL gives the default of 3 s. `ctry`: the number of tries so far,
/// counted up. `conceal`: gets 1 while tries go on, 0 when they are used up, and without a policy; may be NULL.
///
/// Returns milliseconds with the policy's jitter (30 % where it names none) on top.
///
/// Re-entry: query.
///
/// # Safety
/// `retry` is NULL or valid, `ctry` valid, `conceal` NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_retry_get_delay_ms(
    context: *mut lws_context,
    retry: *const lws_retry_bo_t,
    ctry: *mut u16,
    conceal: *mut std::ffi::c_char,
) -> c_uint {
    let _ = context;
    // SAFETY: the caller's promise.
    let (Some(count), policy) = (unsafe { ctry.as_mut() }, unsafe { retry.as_ref() }) else {
        return DEFAULT_RETRY_MS;
    };
    // SAFETY: the caller's promise.
    let conceal = unsafe { conceal.as_mut() };
    // SAFETY: the caller's promise about the policy's table.
    unsafe { retry_delay(policy, count, conceal) }
}

const DEFAULT_RETRY_MS: c_uint = 3000;
/// LWS_RETRY_CONCEAL_ALWAYS.
const ALWAYS: u16 = u16::MAX;
const DEFAULT_JITTER: u32 = 30;
/// For connections without any policy.
static BUILT_IN: BuiltIn = BuiltIn(lws_retry_bo_t {
    retry_ms_table: &raw const DEFAULT_TABLE as *const u32,
    retry_ms_table_count: 4,
    conceal_count: 4,
    secs_since_valid_ping: 300,
    secs_since_valid_hangup: 310,
    jitter_percent: 20,
});
static DEFAULT_TABLE: [u32; 4] = [1000, 3000, 9000, 17000];

struct BuiltIn(lws_retry_bo_t);

// SAFETY: neither it nor its table is ever written to.
unsafe impl Sync for BuiltIn {}

/// # Safety
/// The policy's table has as many entries as it says.
unsafe fn retry_delay(
    policy: Option<&lws_retry_bo_t>,
    count: &mut u16,
    conceal: Option<&mut std::ffi::c_char>,
) -> c_uint {
    let tried = *count;
    *count = tried.saturating_add(1);
    let Some(policy) = policy else {
        if let Some(conceal) = conceal {
            *conceal = 0;
        }
        return with_jitter(DEFAULT_RETRY_MS, 0);
    };
    let last = policy.retry_ms_table_count.saturating_sub(1);
    let base = if policy.retry_ms_table.is_null() || policy.retry_ms_table_count == 0 {
        DEFAULT_RETRY_MS
    } else {
        let at = usize::from(tried.min(last));
        // SAFETY: below the table's count.
        let entry = unsafe { policy.retry_ms_table.add(at) };
        // SAFETY: as above.
        unsafe { entry.read() }
    };
    if let Some(conceal) = conceal {
        let always = policy.conceal_count == ALWAYS;
        *conceal = i8::from(always || tried < policy.conceal_count);
    }
    with_jitter(base, policy.jitter_percent)
}

fn with_jitter(base: c_uint, percent: u8) -> c_uint {
    let percent = match percent {
        0 => DEFAULT_JITTER,
        own => u32::from(own),
    };
    let most = u64::from(base) * u64::from(percent) / 100;
    let random = clock::now()
        .unsigned_abs()
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        >> 33;
    base.saturating_add(u32::try_from(random % (most + 1)).unwrap_or(0))
}

/// Schedules a retry by a policy.
///
/// `context`, `tid`: the service thread. `sul`: the timer. `retry`: the policy. `cb`: what runs. `ctry`: tries so far,
/// counted up.
///
/// Returns 0, or 1 when the tries are used up, or there is no policy, and nothing was scheduled.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_sul_schedule and lws_retry_get_delay_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_retry_sul_schedule(
    context: *mut lws_context,
    tid: c_int,
    sul: *mut lws_sorted_usec_list_t,
    retry: *const lws_retry_bo_t,
    cb: sul_cb_t,
    ctry: *mut u16,
) -> c_int {
    let mut conceal = 0;
    // SAFETY: the caller's promise.
    let ms = unsafe { lws_retry_get_delay_ms(context, retry, ctry, &raw mut conceal) };
    if conceal == 0 {
        return 1;
    }
    // SAFETY: the caller's promise.
    unsafe { schedule_in(context, tid, 0, sul, cb, i64::from(ms) * 1000) };
    0
}

/// lws_retry_sul_schedule with the policy of a connection: its own, else for outgoing ones the built-in one, for others their
/// vhost's or context's.
///
/// `wsi`: the connection. `sul`, `cb`, `ctry`: as for lws_retry_sul_schedule.
///
/// Returns as lws_retry_sul_schedule.
///
/// Re-entry: query.
///
/// # Safety
/// As lws_retry_sul_schedule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_retry_sul_schedule_retry_wsi(
    wsi: *mut lws,
    sul: *mut lws_sorted_usec_list_t,
    cb: sul_cb_t,
    ctry: *mut u16,
) -> c_int {
    let name = "lws_retry_sul_schedule_retry_wsi";
    let found = handle::with_wsi(wsi, name, None, |t, w| Some(policy_of(t, w)));
    let Some((context, tsi, policy)) = found else {
        return 1;
    };
    // SAFETY: the caller's promise; the policy is the program's and kept as long as its context.
    unsafe { lws_retry_sul_schedule(context, tsi, sul, policy, cb, ctry) }
}

/// Where a connection's retries run, and by which policy.
fn policy_of(
    thread: &ServiceThread,
    wsi: &Wsi,
) -> (*mut lws_context, c_int, *const lws_retry_bo_t) {
    // quirk: outgoing connections do not retry by their vhost's policy, though they are pinged by it.
    let is_served = wsi.progress.get() == Progress::Incoming;
    let of_vhost = wsi.on_vhost(|v| v.config.retry_policy);
    let policy = match wsi.policy() {
        Some(own) => own.address,
        None if !is_served => 0,
        None => of_vhost
            .filter(|p| *p != 0)
            .unwrap_or(thread.context.config.retry_policy),
    };
    let context = handle::to_c(thread.context.handle.addr());
    let policy = match policy {
        0 => &raw const BUILT_IN.0,
        given => std::ptr::with_exposed_provenance(given),
    };
    (context, c_int::from(thread.tsi), policy)
}
