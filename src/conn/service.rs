//! One pass of a service thread, and serving one connection.
//!
//! Order of a pass: messages from other threads, due timers, the wait, every connection that the wait found, then the
//! connections on the ready list. A pass serves each connection once; what is left goes to the next pass, which
//! then does not wait.

use crate::conn::accept;
use crate::conn::adopt;
use crate::conn::client::{attempt, race};
use crate::conn::close;
use crate::conn::destroy;
use crate::conn::dispatch::{call_everywhere, tell};
use crate::conn::external;
use crate::conn::linger;
use crate::conn::listen;
use crate::conn::mailbox::Message;
use crate::conn::reason::Reason;
use crate::conn::registry;
use crate::conn::role::http::body;
use crate::conn::role::{self, RoleKind, cgi, client, datagram, http, raw, wake, ws};
use crate::conn::rx;
use crate::conn::thread::{ServiceThread, Waiter};
use crate::conn::timeout;
use crate::conn::tls::{Stage, aging, handshake};
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Phase, Wsi};
use crate::event::Readiness;
use crate::event::poller::Poller;
use crate::sys::clock::Usec;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Longest wait: programs rely on lws_service coming back now and then.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// WRITEABLE callbacks in a row for one connection.
const WRITES_IN_A_ROW: usize = 64;

/// How long a pass may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// Not at all.
    Poll,
    /// Until something happens.
    Event,
    /// Until something happens, at most so long.
    AtMost(Duration),
}

/// One pass. Returns 0, or a negative number when the context is on its way out.
pub fn service(context: u16, tsi: u8, wait: Wait) -> i32 {
    let result = registry::visit(
        context,
        tsi,
        |thread| before(thread, wait),
        |pending| {
            if let Some(poller) = pending.poller.as_mut() {
                poller.wait(Some(pending.timeout));
            }
        },
        after,
    );
    result.unwrap_or_else(|_| {
        destroy::finish_if_asked(context);
        -1
    })
}

/// What a pass carries over its wait.
struct Pending {
    poller: Option<Poller>,
    timeout: Duration,
}

fn before(thread: &Rc<ServiceThread>, wait: Wait) -> Result<Pending, i32> {
    if thread.is_ending() {
        return Err(-1);
    }
    if wait != Wait::Poll && thread.waiter.get() == Waiter::Unknown {
        thread.waiter.set(Waiter::Library);
    }
    let next = run_due(thread);
    if thread.is_ending() {
        return Err(-1);
    }
    let timeout = longest_wait_until(thread, wait, next);
    thread.mailbox(|m| m.set_waiting(true));
    // Whoever posts after this sees that somebody waits.
    let timeout = match thread.mailbox(|m| m.has_work()) {
        Some(true) => Duration::ZERO,
        _ => timeout,
    };
    Ok(Pending {
        poller: thread.poller.take(),
        timeout,
    })
}

/// Everything that is due without looking at descriptors. Returns when there is something to do next.
pub fn run_due(thread: &Rc<ServiceThread>) -> Option<Usec> {
    if thread.mailbox(|m| m.was_entered.load(Ordering::Relaxed)) == Some(false) {
        thread.mailbox(|m| m.was_entered.store(true, Ordering::Relaxed));
        adopt::watch_wake(thread);
    }
    destroy::start_if_needed(thread);
    thread
        .context
        .hooks
        .run_attached(&thread.context, thread.tsi);
    read_mail(thread);
    let now = thread.refresh_now();
    let next = next_deadline(thread);
    if next.is_none_or(|at| at > now) && !thread.starving.for_session.get() {
        return next;
    }
    run_suls(thread, now);
    timeout::run_due(thread);
    cgi::end::run_due(thread);
    accept::retry_starved(thread);
    aging::run_due(thread);
    listen::retry_deferred(thread);
    next_deadline(thread)
}

fn run_suls(thread: &Rc<ServiceThread>, now: Usec) {
    if thread.suls.next_deadline().is_none_or(|at| at > now) {
        return;
    }
    while !thread.is_ending() {
        let Some(ripe) = thread.suls.pop_ripe(now) else {
            return;
        };
        ripe.call();
    }
}

fn read_mail(thread: &Rc<ServiceThread>) {
    if thread.mailbox(|m| m.has_work()) != Some(true) {
        return;
    }
    let Some((mail, cancelled)) = thread.mailbox(|m| (m.collect(), m.take_cancelled())) else {
        return;
    };
    for message in mail {
        if thread.is_ending() {
            return;
        }
        match message {
            Message::Writable(handle) => {
                if let Some(wsi) = thread.find(handle) {
                    ask_writable(thread, &wsi);
                }
            }
            Message::AllWritable { vhost, protocol } => {
                if let Some(vhost) = thread.context.vhost(vhost) {
                    crate::conn::broadcast::writable_here(thread, &vhost, protocol);
                }
            }
            Message::Accepted { fd, seat, vhost } => {
                thread.mailbox(|m| m.coming.fetch_sub(1, Ordering::Relaxed));
                if let Some(vhost) = thread.context.vhost(vhost) {
                    accept::welcome(thread, &vhost, fd, seat);
                }
            }
            Message::Resolved {
                handle,
                turn,
                answer,
            } => match thread.find(handle) {
                Some(wsi) if wsi.incarnation.get() != turn => {}
                Some(wsi) if wsi.role_kind() == RoleKind::Datagram => {
                    datagram::resolved(thread, &wsi, answer);
                }
                Some(wsi) => attempt::resolved(thread, &wsi, answer),
                None => {}
            },
            Message::CloseVhost(index) => destroy::close_vhost_here(thread, index),
        }
    }
    if cancelled {
        call_everywhere(thread, Reason::EVENT_WAIT_CANCELLED);
    }
}

/// Time until the next deadline, no more than `wait` allows.
pub fn longest_wait(thread: &ServiceThread, wait: Wait) -> Duration {
    longest_wait_until(thread, wait, next_deadline(thread))
}

fn longest_wait_until(thread: &ServiceThread, wait: Wait, next: Option<Usec>) -> Duration {
    let limit = match wait {
        Wait::Poll => return Duration::ZERO,
        Wait::Event => LONGEST_WAIT,
        Wait::AtMost(d) => d.min(LONGEST_WAIT),
    };
    if thread.has_work() || thread.mailbox(|m| m.has_work()) == Some(true) {
        return Duration::ZERO;
    }
    match next {
        Some(at) => {
            let us = at.saturating_sub(thread.now()).max(0);
            // epoll counts milliseconds: round up, or it spins through the last one.
            let ms = u64::try_from(us).unwrap_or(0).div_ceil(1000);
            limit.min(Duration::from_millis(ms))
        }
        None => limit,
    }
}

/// When the thread has something to do next.
pub fn next_deadline(thread: &ServiceThread) -> Option<Usec> {
    let aging = Some(thread.aging_at.get()).filter(|at| *at != 0);
    let mut next = thread.timers.with(|t| t.next());
    next = earlier(next, thread.suls.next_deadline());
    next = earlier(next, listen::next_try(thread));
    next = earlier(next, accept::next_retry(thread));
    next = earlier(next, aging);
    earlier(next, thread.scripts.next_deadline())
}

fn earlier(a: Option<Usec>, b: Option<Usec>) -> Option<Usec> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}

fn after(thread: &Rc<ServiceThread>, pending: Pending) -> i32 {
    thread.mailbox(|m| m.set_waiting(false));
    let mut found = thread.found.take();
    if let Some(poller) = pending.poller {
        found.extend(poller.ready());
        thread.poller.replace(Some(poller));
    }
    if thread.is_over.get() {
        return -1;
    }
    thread.forget_now();
    for (handle, readiness) in found.drain(..) {
        if thread.is_ending() {
            break;
        }
        if let Some(wsi) = thread.find(handle) {
            note(&wsi, readiness);
            serve(thread, &wsi);
        }
    }
    thread.found.replace(found);
    serve_ready(thread);
    if thread.is_ending() { -1 } else { 0 }
}

/// Serves every connection that is on the ready list now.
pub fn serve_ready(thread: &Rc<ServiceThread>) {
    if !thread.has_work() {
        return;
    }
    let list = thread.ready.take();
    for wsi in list {
        wsi.is_queued.set(false);
        if thread.is_ending() {
            continue;
        }
        serve(thread, &wsi);
    }
}

fn note(wsi: &Wsi, readiness: Readiness) {
    if readiness.writable {
        wsi.writable.set(true);
    }
    if readiness.ended {
        wsi.end_reported.set(true);
    }
    if matches!(wsi.role_kind(), RoleKind::RawFile | RoleKind::CgiPipe) {
        // quirk: the program is asked to read its own descriptor only for input, not to see that it has ended.
        wsi.readable.set(readiness.input);
        wsi.is_hung_up.set(readiness.hangup && !readiness.input);
        return;
    }
    if readiness.readable {
        wsi.readable.set(true);
    }
    if readiness.hangup {
        wsi.is_hung_up.set(true);
    }
}

/// lws_service_fd: what the program's poll() said about one descriptor. `None` when it is not ours, else
/// whether the connection is still there.
pub fn serve_fd(thread: &Rc<ServiceThread>, fd: i32, readiness: Readiness) -> Option<bool> {
    let wsi = thread.by_fd(fd)?;
    if thread.waiter.get() != Waiter::Program {
        become_external(thread);
    }
    note(&wsi, readiness);
    serve(thread, &wsi);
    Some(wsi.phase.get() != Phase::Dead)
}

/// The program polls by itself from now on: it must hear what every descriptor waits for.
fn become_external(thread: &Rc<ServiceThread>) {
    thread.waiter.set(Waiter::Program);
    for wsi in thread.all() {
        external::update(thread, &wsi);
    }
}

/// Serves one connection.
pub fn serve(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.role_kind() {
        RoleKind::Listen => return accept::accept_all(thread, wsi),
        RoleKind::Wake => return wake::on_ready(thread, wsi),
        RoleKind::Runner if wsi.is_served.get() => return thread.queue(wsi),
        RoleKind::Runner => return race::runner_ready(thread, wsi),
        RoleKind::Lingering => return linger::on_ready(thread, wsi),
        RoleKind::None => return,
        _ => {}
    }
    if wsi.is_served.replace(true) {
        // A nested pass inside one of its callbacks: the outer one has its input in hand; what was noted comes after it.
        return thread.queue(wsi);
    }
    let outer = thread.serving.replace(Some(wsi.handle));
    let cork = tx::cork(thread, wsi);
    registry::while_serving(thread, wsi, || serve_corked(thread, wsi));
    tx::uncork(thread, wsi, cork);
    thread.serving.set(outer);
    wsi.is_served.set(false);
    settle(thread, wsi);
}

fn serve_corked(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.tls_stage() == Stage::Handshake
        && wsi.phase.get() == Phase::Open
        && !handshake::go_on(thread, wsi)
    {
        return;
    }
    if wsi.has_pending_tx() {
        let before = wsi.with_tx(|q| q.len());
        tx::drain(wsi);
        if wsi.with_tx(|q| q.len()) < before {
            http::output::note_progress(thread, wsi);
        }
        if !wsi.has_pending_tx() {
            ws::send_owed(thread, wsi);
            // quirk: a drained connection gets one WRITEABLE that it did not ask for, unless it waits to go on to the
            // next request.
            wsi.wants_writable
                .set(wsi.is_open() && !http::is_completed(wsi) && !http::proxy::is_relaying(wsi));
            http::proxy::drained(thread, wsi);
            http::complete_deferred(thread, wsi);
        }
    }
    match wsi.phase.get() {
        Phase::Open => serve_open(thread, wsi),
        Phase::Flushing => {}
        Phase::CloseSent => rx::receive(thread, wsi),
        Phase::Shutdown => rx::discard(thread, wsi),
        Phase::Dead => return,
    }
    if wsi.phase.get() != Phase::Dead && !wsi.has_pending_tx() {
        close::flushed(thread, wsi);
    }
}

fn serve_open(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.role_kind().is_connecting() {
        attempt::on_ready(thread, wsi);
        if wsi.role_kind().is_connecting() || !wsi.is_open() {
            return;
        }
    }
    let has_input = wsi.may_have_rx();
    if wsi.role_kind() == RoleKind::CgiPipe {
        cgi::pipe::on_ready(thread, wsi);
    } else if wsi.role_kind() == RoleKind::RawFile {
        if wsi.readable.get() {
            raw::on_file_ready(thread, wsi);
        } else if wsi.is_hung_up.get() {
            close::close(thread, wsi, CloseCause::Lost);
        }
    } else if has_input {
        rx::receive(thread, wsi);
        let is_gone = wsi.is_hung_up.get() || body::was_cut(wsi);
        if wsi.is_open() && !wsi.takes_rx() && is_gone {
            close::close(thread, wsi, CloseCause::Lost);
        }
    }
    if wsi.role_kind() == RoleKind::HttpClient {
        client::rest(thread, wsi);
    }
    offer_writable(thread, wsi);
}

/// Lets the program write while it asks to, and what it writes can be corked.
pub fn offer_writable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    offer_writable_times(thread, wsi, WRITES_IN_A_ROW);
}

/// The same, so many times at most.
pub fn offer_writable_times(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, times: usize) {
    for _ in 0..times {
        let may = wsi.wants_writable.get() && wsi.writable.get() && wsi.is_open();
        let may = may && !thread.is_ending() && !wsi.is_doomed.get();
        if may && !tx::has_room(thread, wsi) {
            tx::flush_cork(thread, wsi);
        }
        if !may || wsi.has_pending_tx() || wsi.close_wanted.get().is_some() {
            return;
        }
        let before = tx::corked(thread);
        if role::on_writable(thread, wsi) && tx::corked(thread) == before {
            return;
        }
    }
}

/// Calls the program's WRITEABLE for the role. One-shot: the request is used up before the call.
pub fn tell_writeable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    wsi.wants_writable.set(false);
    if let Some(reasons) = wsi.role_kind().reasons()
        && tell(thread, wsi, reasons.writeable) != 0
    {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// After serving: what the cork's flush brought, and what is left for the next pass.
fn settle(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if let Some(cause) = wsi.close_wanted.get()
        && wsi.phase.get() != Phase::Dead
    {
        close::close(thread, wsi, cause);
    }
    if wsi.phase.get() == Phase::Dead {
        return;
    }
    if wsi.role_kind() == RoleKind::Http {
        http::idle::rest(thread, wsi);
    }
    // What nobody looks at any more waits for nothing: a session may still hold some.
    let saved = wsi.has_saved_rx() && !rx::is_deaf(wsi);
    let input = (wsi.readable.get() || saved) && wsi.takes_rx() && !wsi.is_closing.get();
    let closing = matches!(wsi.phase.get(), Phase::Shutdown | Phase::CloseSent);
    let closing = closing && wsi.readable.get();
    let output = wsi.wants_writable.get() && wsi.writable.get() && !wsi.has_pending_tx();
    let library = thread.waiter.get() != Waiter::Program;
    if saved && wsi.takes_rx() || library && (input || closing || output) {
        thread.queue(wsi);
    }
    external::update(thread, wsi);
}

/// lws_callback_on_writable.
pub fn ask_writable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if !wsi.is_open() || wsi.wants_writable.replace(true) {
        return;
    }
    if thread.serving.get() == Some(wsi.handle) {
        return;
    }
    if thread.waiter.get() == Waiter::Program {
        external::update(thread, wsi);
        return;
    }
    external::update(thread, wsi);
    if wsi.writable.get() && !wsi.has_pending_tx() {
        thread.queue(wsi);
    }
}

/// Input may flow again: what was saved is delivered in the next pass.
pub fn resume_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if wsi.takes_rx() && wsi.may_have_rx() && thread.serving.get() != Some(wsi.handle) {
        thread.queue(wsi);
    }
    external::update(thread, wsi);
}
