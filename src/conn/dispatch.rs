//! The only way from the core into user code.
//!
//! Nothing may be borrowed while user code runs: asserted here in debug builds. After a call the caller looks at the
//! returned number and at whether the connection is still open before it does anything else.

use crate::conn::extension;
use crate::conn::protocol::{Call, Callback, HtmlRoom, Payload};
use crate::conn::reason::Reason;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::Wsi;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::Arc;

#[inline]
fn run(
    thread: &ServiceThread,
    wsi: &Wsi,
    callback: Callback,
    reason: Reason,
    payload: Payload<'_>,
) -> i32 {
    debug_assert!(!thread.ready.is_borrowed() && !thread.timers.is_borrowed());
    debug_assert!(!wsi.is_borrowed());
    let call = Call {
        wsi: wsi.handle.addr(),
        reason,
        user: wsi.user.get(),
        payload,
    };
    thread.depth.set(thread.depth.get() + 1);
    let result = (callback.run)(callback.addr, call);
    thread.depth.set(thread.depth.get() - 1);
    result
}

/// Calls an extension of the program's.
pub fn call_extension(
    thread: &ServiceThread,
    wsi: &Wsi,
    callback: extension::Callback,
    call: extension::Call<'_>,
) -> i32 {
    debug_assert!(!thread.ready.is_borrowed() && !thread.timers.is_borrowed());
    debug_assert!(!wsi.is_borrowed());
    thread.depth.set(thread.depth.get() + 1);
    let result = (callback.run)(callback.addr, call);
    thread.depth.set(thread.depth.get() - 1);
    result
}

/// Calls functions of a file of the program's.
pub fn call_files<R>(thread: &ServiceThread, wsi: &Wsi, functions: impl FnOnce() -> R) -> R {
    debug_assert!(!thread.ready.is_borrowed() && !thread.timers.is_borrowed());
    debug_assert!(!wsi.is_borrowed());
    thread.depth.set(thread.depth.get() + 1);
    let result = functions();
    thread.depth.set(thread.depth.get() - 1);
    result
}

/// Calls the bound protocol.
pub fn call(thread: &ServiceThread, wsi: &Wsi, reason: Reason, payload: Payload<'_>) -> i32 {
    wsi.callback()
        .map_or(0, |callback| run(thread, wsi, callback, reason, payload))
}

/// Calls the bound protocol with nothing but the reason.
pub fn tell(thread: &ServiceThread, wsi: &Wsi, reason: Reason) -> i32 {
    call(thread, wsi, reason, Payload::Empty)
}

/// Calls the bound protocol with a text.
pub fn tell_text(
    thread: &ServiceThread,
    wsi: &Wsi,
    reason: Reason,
    text: &CStr,
    len: usize,
) -> i32 {
    call(thread, wsi, reason, Payload::Text { text, len })
}

/// Calls protocols[0] of the connection's vhost, whatever is bound.
pub fn call_first(thread: &ServiceThread, wsi: &Wsi, reason: Reason, payload: Payload<'_>) -> i32 {
    let callback = wsi
        .on_vhost(|v| v.protocol(0).map(|p| p.callback))
        .flatten();
    callback.map_or(0, |callback| run(thread, wsi, callback, reason, payload))
}

/// Calls the protocol of a connection's parent with the connection itself, which is closing.
pub fn call_parent(thread: &ServiceThread, child: &Wsi, parent: &Wsi, reason: Reason) -> i32 {
    let Some(callback) = parent.callback() else {
        return 0;
    };
    let before = child.user.replace(parent.user.get());
    let payload = Payload::Number {
        value: child.handle.addr(),
        len: 0,
    };
    let result = run(thread, child, callback, reason, payload);
    child.user.set(before);
    result
}

/// Calls one protocol of the connection's vhost, whatever is bound.
pub fn call_protocol(
    thread: &ServiceThread,
    wsi: &Wsi,
    protocol: u16,
    reason: Reason,
    payload: Payload<'_>,
) -> i32 {
    let callback = wsi
        .on_vhost(|v| v.protocol(protocol).map(|p| p.callback))
        .flatten();
    callback.map_or(0, |callback| run(thread, wsi, callback, reason, payload))
}

/// Calls with room that the program may fill.
pub fn call_html(thread: &ServiceThread, wsi: &Wsi, reason: Reason, room: &mut HtmlRoom) -> i32 {
    call(thread, wsi, reason, Payload::Html(room))
}

/// Calls one protocol of a vhost with the stand-in connection.
pub fn call_vhost(
    thread: &ServiceThread,
    stand_in: &Rc<Wsi>,
    vhost: &Arc<Vhost>,
    protocol: u16,
    reason: Reason,
    payload: Payload<'_>,
) -> i32 {
    stand_in.point_at(&thread.local_vhost(vhost), protocol);
    let result = call(thread, stand_in, reason, payload);
    stand_in.forget_vhost();
    // What lws_adjust_protocol_psds gave it.
    stand_in.user.set(0);
    stand_in.session.replace(None);
    result
}

/// Calls every protocol of the connection's vhost with it, until one returns nonzero; true then.
pub fn call_each_protocol(
    thread: &ServiceThread,
    wsi: &Wsi,
    reason: Reason,
    value: usize,
    len: usize,
) -> bool {
    let Some(vhost) = wsi.vhost() else {
        return true;
    };
    vhost.config.protocols.iter().any(|protocol| {
        let payload = Payload::Number { value, len };
        run(thread, wsi, protocol.callback, reason, payload) != 0
    })
}

/// Calls every protocol of every vhost that has come up (EVENT_WAIT_CANCELLED and the like).
pub fn call_everywhere(thread: &ServiceThread, reason: Reason) {
    let Some(stand_in) = stand_in(thread) else {
        return;
    };
    for vhost in thread.context.vhosts() {
        for at in 0..vhost.config.protocols.len() {
            if thread.is_over.get() {
                return;
            }
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            call_vhost(thread, &stand_in, &vhost, at, reason, Payload::Empty);
        }
    }
}

/// The connection that stands for a vhost in callbacks that concern no connection.
pub fn stand_in(thread: &ServiceThread) -> Option<Rc<Wsi>> {
    if let Some(known) = thread.fake.with(|f| f.clone()) {
        return Some(known);
    }
    let fresh = thread.create()?;
    thread.fake.replace(Some(fresh.clone()));
    Some(fresh)
}
