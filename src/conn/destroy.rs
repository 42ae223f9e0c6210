//! Coming up and going away: the first pass, vhosts that end, the context's end.
//!
//! A context that is destroyed inside one of its callbacks goes away when the last callback has unwound; the same call
//! from outside does it at once.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::context::Context;
use crate::conn::dispatch::{call_vhost, stand_in};
use crate::conn::listen;
use crate::conn::mailbox::Message;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::registry::{self, Entry};
use crate::conn::role::cgi;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::CloseCause;
use crate::util::ids;
use crate::util::log::log_err;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The first pass of a context: walks the system states and brings the protocols up on the way.
pub fn start_if_needed(thread: &Rc<ServiceThread>) {
    let context = &thread.context;
    if context.is_started.load(Ordering::Acquire)
        || context.is_starting.swap(true, Ordering::AcqRel)
    {
        return;
    }
    context.hooks.start(&mut || init_all(thread));
    context.is_started.store(true, Ordering::Release);
    crate::conn::tls::aging::start(thread);
    // quirk: EVENT_WAIT_CANCELLED comes once by itself after the start.
    thread.mailbox(|m| m.note_cancelled());
    context.is_starting.store(false, Ordering::Release);
}

/// PROTOCOL_INIT for every vhost that has not had it. False when some protocol refused.
pub fn init_all(thread: &Rc<ServiceThread>) -> bool {
    let mut all_well = true;
    for vhost in thread.context.vhosts() {
        if init_vhost(thread, &vhost).is_err() {
            all_well = false;
            end_vhost(thread, &vhost);
        }
    }
    all_well
}

/// A vhost could not be brought up; why has been logged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotUp;

/// PROTOCOL_INIT for every protocol of a vhost, once.
pub fn init_vhost(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), NotUp> {
    // quirk: with SKIP_PROTOCOL_INIT there is neither PROTOCOL_INIT nor PROTOCOL_DESTROY, ever.
    if vhost.config.options & crate::conn::config::option::SKIP_PROTOCOL_INIT != 0
        || vhost.is_initialised.swap(true, Ordering::AcqRel)
    {
        return Ok(());
    }
    let stand_in = stand_in(thread).ok_or(NotUp)?;
    for (at, protocol) in vhost.config.protocols.iter().enumerate() {
        let payload = Payload::Number {
            value: protocol.options,
            len: 0,
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let index = u16::try_from(at).unwrap_or(u16::MAX);
        if call_vhost(
            thread,
            &stand_in,
            vhost,
            index,
            Reason::PROTOCOL_INIT,
            payload,
        ) != 0
        {
            let (name, on) = (
                protocol.name.to_string_lossy(),
                vhost.config.name.to_string_lossy(),
            );
            log_err!(
                "vhost {on}: protocol {name} failed in PROTOCOL_INIT; the vhost is taken down"
            );
            return Err(NotUp);
        }
        vhost.initialised.store(at + 1, Ordering::Release);
    }
    Ok(())
}

/// lws_vhost_destroy: stops listening, closes its connections on all threads, and completes when the last is gone.
pub fn end_vhost(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) {
    if vhost.is_closing.swap(true, Ordering::AcqRel) {
        return;
    }
    for (tsi, mailbox) in thread.context.mailboxes.iter().enumerate() {
        let tsi = u8::try_from(tsi).unwrap_or(0);
        // Inside a callback the program may still use session memory: the closing waits for the next pass.
        if tsi == thread.tsi && thread.depth.get() == 0 {
            close_vhost_here(thread, vhost.index);
        } else if tsi == thread.tsi || tsi == 0 || mailbox.was_entered.load(Ordering::Relaxed) {
            thread.context.post(tsi, Message::CloseVhost(vhost.index));
        }
    }
}

/// Closes the connections that a vhost has on this thread. The thread on which the last of all goes ends the vhost.
pub fn close_vhost_here(thread: &Rc<ServiceThread>, index: u32) {
    let all = thread.all();
    adopt::rehome_wake(thread, index);
    if let Some(vhost) = thread.context.vhost(index) {
        if thread.tsi == 0 {
            listen::leave(thread, &vhost);
        }
        for wsi in all.into_iter().rev() {
            if !listen_wsi(&wsi) && wsi.vhost().is_some_and(|v| v.index == index) {
                close::close(thread, &wsi, CloseCause::Destroyed);
            }
        }
        if vhost.connections.load(Ordering::Acquire) == 0 {
            finalise(thread, &vhost);
        }
    }
    thread.forget_vhost(index);
}

fn listen_wsi(wsi: &crate::conn::wsi::Wsi) -> bool {
    wsi.role_kind() == crate::conn::role::RoleKind::Listen
}

/// The vhost's last callbacks.
fn finalise(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) {
    if vhost.is_finalised.swap(true, Ordering::AcqRel) {
        return;
    }
    // Only what came up is taken down.
    let initialised = vhost.initialised.load(Ordering::Acquire);
    // quirk: PROTOCOL_DESTROY comes on a stand-in connection that no PROTOCOL_INIT has seen.
    let stand_in = (initialised > 0).then(|| thread.create()).flatten();
    if let Some(stand_in) = stand_in {
        for at in 0..initialised {
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            let reason = Reason::PROTOCOL_DESTROY;
            call_vhost(thread, &stand_in, vhost, at, reason, Payload::Empty);
        }
        thread.discard(&stand_in);
    }
    for protocol in &vhost.config.protocols {
        protocol.vhost_private.lock().take();
    }
    if let Some(finalize) = &vhost.config.finalize {
        finalize(vhost.handle.addr());
    }
    thread.context.remove_vhost(vhost);
}

/// lws_context_destroy.
pub fn destroy(context: &Context) {
    context.is_destroying.store(true, Ordering::Release);
    if registry::is_inside(context.index) {
        context.cancel_service();
        return;
    }
    if let Some(entry) = registry::entry(context.index) {
        end(&entry);
    }
}

/// Completes a destruction that was asked for inside a callback, once this OS thread is outside.
pub fn finish_if_asked(context: u16) {
    if registry::is_inside(context) {
        return;
    }
    if let Some(entry) = registry::entry(context)
        && entry.context.is_destroying.load(Ordering::Acquire)
    {
        end(&entry);
    }
}

fn end(entry: &Entry) {
    let context = &entry.context;
    if context.is_ending.swap(true, Ordering::AcqRel) {
        return;
    }
    context.hooks.run_attached(context, 0);
    context.hooks.begin_destroy();
    context.hooks.run_attached(context, 0);
    context.cancel_service();
    for tsi in (0..context.mailboxes.len()).rev() {
        let tsi = u8::try_from(tsi).unwrap_or(0);
        let emptied = registry::enter_waiting(context.index, tsi, empty_thread);
        if emptied.is_err() {
            log_err!("context destroy: service thread {tsi} could not be entered");
        }
    }
    let vhosts = context.vhosts();
    let ended = registry::enter_waiting(context.index, 0, |thread| {
        for vhost in &vhosts {
            finalise(thread, vhost);
        }
        if let Some(fake) = thread.fake.take() {
            thread.discard(&fake);
        }
    });
    debug_assert!(ended.is_ok());
    context.hooks.end_destroy();
    ids::release(context.handle);
    registry::remove(context.index);
}

/// Closes everything a thread has: connections first, most recent first, then listeners.
fn empty_thread(thread: &Rc<ServiceThread>) {
    let (listeners, rest): (Vec<_>, Vec<_>) = thread.all().into_iter().partition(|w| listen_wsi(w));
    for wsi in rest.iter().rev().chain(listeners.iter().rev()) {
        close::close(thread, wsi, CloseCause::Destroyed);
    }
    cgi::end::end_all(thread);
    adopt::unwatch_wake(thread);
    thread.is_over.set(true);
}
