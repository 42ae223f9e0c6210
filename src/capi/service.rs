//! Running the loop: the library's own, or the program's through lws_service_fd.

use crate::capi::abi::{lws, lws_context};
use crate::capi::handle;
use crate::conn::mailbox::Message;
use crate::conn::registry::{self, NoEntry};
use crate::conn::service::{self, Wait};
use crate::conn::{destroy, wsi::Wsi};
use crate::event::Readiness;
use crate::sys::wakefd;
use crate::util::ids::{Handle, Place};
use std::ffi::c_int;
use std::time::Duration;

fn wait_of(timeout_ms: c_int) -> Wait {
    // quirk: 0 waits for the next event, negative polls. A positive limit is honoured (the reference ignores it).
    match timeout_ms {
        0 => Wait::Event,
        1.. => Wait::AtMost(Duration::from_millis(u64::from(timeout_ms.unsigned_abs()))),
        _ => Wait::Poll,
    }
}

fn run(context: *mut lws_context, timeout_ms: c_int, tsi: c_int, function: &str) -> c_int {
    let Some(place) = handle::context_place(context) else {
        // quirk: a context that is not there is no error for a loop that is about to end.
        return if context.is_null() { 1 } else { -1 };
    };
    let Ok(tsi) = u8::try_from(tsi) else {
        crate::util::log::log_err!("{function}: there is no service thread {tsi}");
        return -1;
    };
    service::service(place.context, tsi, wait_of(timeout_ms))
}

/// One pass of service thread 0: waits for something to do and does it.
///
/// `context`: the context. `timeout_ms`: the longest wait in ms; 0 waits for the next event or timer, negative does not
/// wait at all.
///
/// Returns 0, 1 for a NULL context, negative when the context is on its way out.
///
/// Re-entry: dispatches, may close any wsi; may be called inside a callback.
#[unsafe(no_mangle)]
pub extern "C" fn lws_service(context: *mut lws_context, timeout_ms: c_int) -> c_int {
    run(context, timeout_ms, 0, "lws_service")
}

/// One pass of service thread `tsi`.
///
/// `context`: the context. `timeout_ms`: as for lws_service. `tsi`: the service thread, below
/// lws_get_count_threads().
///
/// Returns as lws_service.
///
/// Re-entry: dispatches, may close any wsi of the thread. One OS thread at a time; others wait for their turn.
#[unsafe(no_mangle)]
pub extern "C" fn lws_service_tsi(
    context: *mut lws_context,
    timeout_ms: c_int,
    tsi: c_int,
) -> c_int {
    run(context, timeout_ms, tsi, "lws_service_tsi")
}

/// The platform's half of lws_service_tsi; here the same.
///
/// `context`, `timeout_ms`, `tsi`: as for lws_service_tsi.
///
/// Returns as lws_service.
///
/// Re-entry: as lws_service_tsi.
#[unsafe(no_mangle)]
pub extern "C" fn _lws_plat_service_tsi(
    context: *mut lws_context,
    timeout_ms: c_int,
    tsi: c_int,
) -> c_int {
    run(context, timeout_ms, tsi, "_lws_plat_service_tsi")
}

/// Does what can be done without waiting, for event libraries.
///
/// `context`: the context. `tsi`: the service thread.
///
/// Returns as lws_service.
///
/// Re-entry: as lws_service_tsi.
#[unsafe(no_mangle)]
pub extern "C" fn _lws_plat_service_forced_tsi(context: *mut lws_context, tsi: c_int) -> c_int {
    run(context, -1, tsi, "_lws_plat_service_forced_tsi")
}

/// Serves one descriptor that the program's own poll() reports.
///
/// `context`: the context. `pollfd`: descriptor and revents; revents becomes 0 when the descriptor is ours. NULL runs
/// what is due and returns.
///
/// Returns 0, also for descriptors that are not ours; 1 when the connection was closed; negative when the context is on
/// its way out.
///
/// Re-entry: dispatches, may close any wsi; may be called inside a callback.
///
/// # Safety
/// `pollfd` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_service_fd(
    context: *mut lws_context,
    pollfd: *mut libc::pollfd,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { lws_service_fd_tsi(context, pollfd, 0) }
}

/// lws_service_fd for service thread `tsi`.
///
/// `context`, `pollfd`: as for lws_service_fd. `tsi`: the service thread that the descriptor belongs to.
///
/// Returns as lws_service_fd.
///
/// Re-entry: as lws_service_fd.
///
/// # Safety
/// `pollfd` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_service_fd_tsi(
    context: *mut lws_context,
    pollfd: *mut libc::pollfd,
    tsi: c_int,
) -> c_int {
    let (Some(place), Ok(tsi)) = (handle::context_place(context), u8::try_from(tsi)) else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let given = unsafe { pollfd.as_ref() }.map(|p| (p.fd, p.revents));
    let Some((fd, revents)) = given else {
        return tick(place, tsi);
    };
    let served = serve(place, tsi, fd, revents);
    if let Ok(Some(_)) = served {
        // SAFETY: not null, see above; the program's memory outlives the call.
        unsafe { (*pollfd).revents = 0 };
    }
    destroy::finish_if_asked(place.context);
    match served {
        Ok(None | Some(true)) => 0,
        Ok(Some(false)) => 1,
        Err(_) => -1,
    }
}

fn serve(place: Place, tsi: u8, fd: c_int, revents: i16) -> Result<Option<bool>, NoEntry> {
    let readiness = Readiness {
        readable: revents & (libc::POLLIN | libc::POLLHUP | libc::POLLERR) != 0,
        input: revents & libc::POLLIN != 0,
        ended: revents & (libc::POLLHUP | libc::POLLRDHUP | libc::POLLERR) != 0,
        writable: revents & libc::POLLOUT != 0,
        hangup: revents & (libc::POLLHUP | libc::POLLERR) != 0,
    };
    registry::enter_waiting(place.context, tsi, |thread| {
        service::run_due(thread);
        let there = service::serve_fd(thread, fd, readiness);
        service::serve_ready(thread);
        there
    })
}

/// What is due, without looking at descriptors.
fn tick(place: Place, tsi: u8) -> c_int {
    let done = registry::enter_waiting(place.context, tsi, |thread| {
        service::run_due(thread);
        service::serve_ready(thread);
    });
    destroy::finish_if_asked(place.context);
    if done.is_ok() { 0 } else { -1 }
}

/// How long a program with its own poll() may wait.
///
/// `context`: the context. `timeout_ms`: what the program would wait. `tsi`: the service thread.
///
/// Returns the smaller of `timeout_ms` and the time to the next timer in ms; 0 when lws_service_tsi(context, -1, tsi)
/// has work now.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_service_adjust_timeout(
    context: *mut lws_context,
    timeout_ms: c_int,
    tsi: c_int,
) -> c_int {
    let (Some(place), Ok(tsi)) = (handle::context_place(context), u8::try_from(tsi)) else {
        return 1;
    };
    let limit = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0));
    let adjusted = registry::enter_waiting(place.context, tsi, |thread| {
        service::longest_wait(thread, Wait::AtMost(limit))
    });
    adjusted.map_or(timeout_ms, |d| {
        c_int::try_from(d.as_millis()).unwrap_or(timeout_ms)
    })
}

/// Ends the waits of a context's service threads; each protocol of each vhost gets EVENT_WAIT_CANCELLED.
///
/// `context`: the context.
///
/// Returns nothing.
///
/// Re-entry: any thread, any signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn lws_cancel_service(context: *mut lws_context) {
    // Thread 0 passes it on to the others.
    if let Some(place) = handle::context_place(context)
        && let Ok(fd) = c_int::try_from(place.local)
    {
        wakefd::cancel_raw(fd);
    }
}

/// Ends the wait of the service thread that a connection belongs to.
///
/// `wsi`: the connection.
///
/// Returns nothing.
///
/// Re-entry: any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_cancel_service_pt(wsi: *mut lws) {
    let Some((_, place)) = handle::wsi_place(wsi, "lws_cancel_service_pt") else {
        return;
    };
    if let Some(entry) = registry::entry(place.context)
        && let Some(mailbox) = entry.context.mailboxes.get(usize::from(place.tsi))
    {
        mailbox.note_cancelled();
        mailbox.wake.wake();
    }
}

/// Asks for one WRITEABLE callback on a connection.
///
/// `wsi`: the connection.
///
/// Returns 1, or 0 for a connection that is gone or closing.
///
/// Re-entry: any thread; another thread than the one at work leaves a message and wakes it.
#[unsafe(no_mangle)]
pub extern "C" fn lws_callback_on_writable(wsi: *mut lws) -> c_int {
    let served = registry::on_served(Handle::from_addr(wsi.addr()), |thread, wsi| {
        service::ask_writable(thread, wsi);
        c_int::from(wsi.is_open())
    });
    if let Ok(open) = served {
        return open;
    }
    match handle::wsi_place(wsi, "lws_callback_on_writable") {
        Some((handle, place)) => ask_from_outside(handle, place),
        None => 0,
    }
}

/// The request of somebody who does not serve the connection: at once if nobody is at work there, else by message.
fn ask_from_outside(handle: Handle, place: Place) -> c_int {
    let asked = registry::enter(place.context, place.tsi, |thread| {
        thread.at(place.local).is_some_and(|wsi| {
            service::ask_writable(thread, &wsi);
            wsi.is_open()
        })
    });
    match asked {
        Ok(open) => c_int::from(open),
        Err(NoEntry::Gone) => 0,
        Err(NoEntry::Busy) => {
            if let Some(entry) = registry::entry(place.context) {
                entry.context.post(place.tsi, Message::Writable(handle));
            }
            1
        }
    }
}

/// Whether a write now would only be queued.
///
/// `wsi`: the connection.
///
/// Returns 1 when output waits for the peer, else 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_send_pipe_choked(wsi: *mut lws) -> c_int {
    handle::with_wsi(wsi, "lws_send_pipe_choked", 1, |_, wsi| {
        c_int::from(wsi.has_pending_tx() || !wsi.writable.get())
    })
}

/// Whether the library holds output that the socket did not take.
///
/// `wsi`: the connection.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_partial_buffered(wsi: *mut lws) -> c_int {
    handle::with_wsi(wsi, "lws_partial_buffered", 0, |_, wsi| {
        c_int::from(wsi.has_pending_tx())
    })
}

/// Stops (0) or resumes (1) the delivery of received data.
///
/// `wsi`: the connection. `enable`: nonzero to resume; LWS_RXFLOW_* bits beyond the lowest are read as 1.
///
/// Returns 0.
///
/// Re-entry: query; what was held comes in the next pass.
#[unsafe(no_mangle)]
pub extern "C" fn lws_rx_flow_control(wsi: *mut lws, enable: c_int) -> c_int {
    handle::with_wsi(wsi, "lws_rx_flow_control", 0, |thread, wsi| {
        // A connection that closes is read whatever the program says: it waits for the peer's answer or end.
        wsi.rx_enabled.set(enable != 0 || !wsi.is_open());
        service::resume_rx(thread, wsi);
        0
    })
}

/// Serves a connection that is writable: for event libraries.
///
/// `wsi`: the connection. `pollfd`: not read.
///
/// Returns 0, or 1 when the connection was closed.
///
/// Re-entry: dispatches, may close the wsi.
#[unsafe(no_mangle)]
pub extern "C" fn lws_handle_POLLOUT_event(wsi: *mut lws, pollfd: *mut libc::pollfd) -> c_int {
    let _ = pollfd;
    handle::with_wsi(wsi, "lws_handle_POLLOUT_event", 1, |thread, wsi| {
        wsi.writable.set(true);
        service::serve(thread, wsi);
        c_int::from(!is_alive(wsi))
    })
}

fn is_alive(wsi: &Wsi) -> bool {
    wsi.phase.get() != crate::conn::wsi::Phase::Dead
}

/// The connection that a descriptor belongs to.
///
/// `context`: the context. `fd`: the descriptor.
///
/// Returns the connection or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn wsi_from_fd(context: *const lws_context, fd: c_int) -> *mut lws {
    let Some(entry) = handle::context(context, "wsi_from_fd") else {
        return std::ptr::null_mut();
    };
    for tsi in 0..entry.threads.len() {
        let tsi = u8::try_from(tsi).unwrap_or(0);
        let found = registry::enter(entry.context.index, tsi, |thread| {
            thread.by_fd(fd).map(|w| w.handle.addr())
        });
        if let Ok(Some(addr)) = found {
            return handle::to_c(addr);
        }
    }
    std::ptr::null_mut()
}
