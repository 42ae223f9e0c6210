//! Calls to all connections of a protocol, on one vhost or on all.

use crate::conn::context::Context;
use crate::conn::dispatch::call;
use crate::conn::mailbox::Message;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::registry;
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::util::log::log_err;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::Arc;

/// A protocol as the program names it: its function and its name.
#[derive(Clone, Copy)]
pub struct Which<'a> {
    /// Address of the callback.
    pub callback: usize,
    /// Name.
    pub name: &'a CStr,
}

/// The vhosts that a call is about: one, or all of the context.
pub fn vhosts(context: &Context, only: Option<&Arc<Vhost>>) -> Vec<Arc<Vhost>> {
    only.map_or_else(|| context.vhosts(), |v| vec![v.clone()])
}

/// lws_callback_on_writable_all_protocol(_vhost). Threads that are not entered here get a message.
pub fn writable(context: &Context, only: Option<&Arc<Vhost>>, which: Which<'_>) {
    for vhost in vhosts(context, only) {
        let Some(protocol) = vhost.index_of(which.callback, which.name) else {
            continue;
        };
        for tsi in 0..context.mailboxes.len() {
            let tsi = u8::try_from(tsi).unwrap_or(0);
            let here = |t: &Rc<ServiceThread>| writable_here(t, &vhost, protocol);
            if registry::enter(context.index, tsi, here).is_err() {
                let vhost = vhost.index;
                context.post(tsi, Message::AllWritable { vhost, protocol });
            }
        }
    }
}

/// The same for the connections of this thread.
pub fn writable_here(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, protocol: u16) {
    let local = thread.local_vhost(vhost);
    for wsi in local.on_protocol(protocol) {
        service::ask_writable(thread, &wsi);
    }
}

/// lws_callback_all_protocol(_vhost_args): calls the program for every connection of the protocol with a reason of
/// its own choice.
/// quirk: a protocol is known by the address of the vhost's own copy here. With the program's array nobody is called, and
/// never the connections of another vhost.
pub fn tell_all(
    context: &Context,
    only: Option<&Arc<Vhost>>,
    address: usize,
    reason: u32,
    value: usize,
    len: usize,
) {
    for vhost in vhosts(context, only) {
        let Some(protocol) = vhost.index_by_address(address) else {
            continue;
        };
        for tsi in 0..context.mailboxes.len() {
            let tsi = u8::try_from(tsi).unwrap_or(0);
            let here = |thread: &Rc<ServiceThread>| {
                for wsi in thread.local_vhost(&vhost).on_protocol(protocol) {
                    if wsi.is_open() && !thread.is_ending() {
                        let payload = Payload::Number { value, len };
                        call(thread, &wsi, Reason(reason), payload);
                    }
                }
            };
            if registry::enter(context.index, tsi, here).is_err() {
                log_err!(
                    "callback to all of a protocol: service thread {tsi} is busy in another OS thread"
                );
            }
        }
    }
}

/// lws_rx_flow_allow_all_protocol.
pub fn allow_rx(context: &Context, which: Which<'_>) {
    for vhost in context.vhosts() {
        let Some(protocol) = vhost.index_of(which.callback, which.name) else {
            continue;
        };
        for tsi in 0..context.mailboxes.len() {
            let tsi = u8::try_from(tsi).unwrap_or(0);
            let here = |thread: &Rc<ServiceThread>| {
                for wsi in thread.local_vhost(&vhost).on_protocol(protocol) {
                    wsi.rx_enabled.set(true);
                    service::resume_rx(thread, &wsi);
                }
            };
            if registry::enter(context.index, tsi, here).is_err() {
                log_err!(
                    "rx flow for all of a protocol: service thread {tsi} is busy in another OS thread"
                );
            }
        }
    }
}
