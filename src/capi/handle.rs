//! C handles to core objects: the only place that does it.
//!
//! A null handle is answered in silence with the function's error value, as programs rely on here and there; a stale or
//! foreign one is logged with the name of the function that was called.

use crate::capi::abi::{lws, lws_context, lws_vhost};
use crate::conn::registry::{self, Entry, NoEntry};
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::Wsi;
use crate::util::ids::{self, Handle, Kind, Place};
use crate::util::log::log_err;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

fn place(addr: usize, kind: Kind, function: &str) -> Option<Place> {
    if addr == 0 {
        return None;
    }
    match ids::resolve(Handle::from_addr(addr)) {
        Some(place) if place.kind == kind => Some(place),
        _ => {
            log_err!("{function}: {addr:#x} is no live {kind:?} handle (already closed?)");
            None
        }
    }
}

/// What C sees of a handle value.
pub fn to_c<T>(addr: usize) -> *mut T {
    ptr::without_provenance_mut(addr)
}

/// A connection and its service thread, entered.
pub fn with_wsi<R>(
    wsi: *const lws,
    function: &str,
    otherwise: R,
    f: impl FnOnce(&Rc<ServiceThread>, &Rc<Wsi>) -> R,
) -> R {
    let f = match registry::on_served(Handle::from_addr(wsi.addr()), f) {
        Ok(result) => return result,
        Err(f) => f,
    };
    let Some(place) = place(wsi.addr(), Kind::Wsi, function) else {
        return otherwise;
    };
    let entered = registry::enter(place.context, place.tsi, |thread| {
        thread.at(place.local).map(|wsi| f(thread, &wsi))
    });
    match entered {
        Ok(Some(result)) => result,
        Ok(None) => otherwise,
        Err(why) => {
            report_no_entry(function, why);
            otherwise
        }
    }
}

/// Where a connection lives, for calls that any thread may make.
pub fn wsi_place(wsi: *const lws, function: &str) -> Option<(Handle, Place)> {
    let place = place(wsi.addr(), Kind::Wsi, function)?;
    Some((Handle::from_addr(wsi.addr()), place))
}

/// Says why a service thread could not be entered.
pub fn report_no_entry(function: &str, why: NoEntry) {
    match why {
        NoEntry::Busy => log_err!(
            "{function}: called from another thread while the service thread is at work; only lws_cancel_service and lws_callback_on_writable may be"
        ),
        NoEntry::Gone => log_err!("{function}: the context is gone"),
    }
}

/// Where a context lives, without reaching for it: for calls from signal handlers.
pub fn context_place(context: *const lws_context) -> Option<Place> {
    if context.is_null() {
        return None;
    }
    ids::resolve(Handle::from_addr(context.addr())).filter(|p| p.kind == Kind::Context)
}

/// A context.
pub fn context(context: *const lws_context, function: &str) -> Option<Arc<Entry>> {
    let place = place(context.addr(), Kind::Context, function)?;
    registry::entry(place.context)
}

/// A vhost with its context.
pub fn vhost(vhost: *const lws_vhost, function: &str) -> Option<(Arc<Entry>, Arc<Vhost>)> {
    let place = place(vhost.addr(), Kind::Vhost, function)?;
    let entry = registry::entry(place.context)?;
    let vhost = entry.context.vhost(place.local)?;
    Some((entry, vhost))
}

/// Runs inside the service thread this OS thread is in, else inside thread 0 of the context.
pub fn in_some_thread<R>(
    entry: &Entry,
    function: &str,
    f: impl FnOnce(&Rc<ServiceThread>) -> R,
) -> Option<R> {
    let index = entry.context.index;
    let mine = (0..entry.threads.len())
        .filter_map(|t| u8::try_from(t).ok())
        .find(|t| registry::inside(index, *t).is_some());
    match registry::enter_waiting(index, mine.unwrap_or(0), f) {
        Ok(result) => Some(result),
        Err(why) => {
            report_no_entry(function, why);
            None
        }
    }
}
