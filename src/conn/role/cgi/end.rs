//! How scripts end: their output is over, their time is up, their owner goes, or the context does.
//!
//! The response is complete when stdout ends, whether the process still runs or not. A process that outlives its answer,
//! or is told to end, is looked after here: SIGTERM to its whole group, SIGKILL when its [`GRACE`] is over. Nothing waits for
//! it; it is looked at again at growing intervals and reaped then. One whose leader has ended keeps its number until that
//! moment, so a signal never reaches a stranger.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::{CgiData, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::cgi::{Cgi, Channel, GRACE, Output, of, output};
use crate::conn::role::http::{self, body};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::clock::{self, Usec};
use crate::sys::process::{Life, Process};
use crate::util::log::{log_err, log_warn};
use parking_lot::Mutex;
use std::rc::Rc;

/// First and longest interval between two looks at a process.
const FIRST_LOOK: Usec = 1_000;
const LONGEST_LOOK: Usec = 250_000;
/// Milliseconds that the end of a context gives killed processes to be gone.
const LAST_WAIT_MS: u64 = 100;

/// A process that no connection owns any more.
pub struct Leaving {
    process: Process,
    name: String,
    /// When it is told to end, or, once that has happened, when it is ended.
    deadline: Usec,
    was_told: bool,
    interval: Usec,
    next: Usec,
}

/// Processes of contexts that are gone, should some still not have ended: reaped when there is an opportunity.
static ORPHANS: Mutex<Vec<Process>> = Mutex::new(Vec::new());

/// Reaps what is left of earlier contexts.
pub fn reap_orphans() {
    let mut orphans = ORPHANS.lock();
    let all = std::mem::take(&mut *orphans);
    orphans.extend(all.into_iter().filter_map(Process::reap));
}

/// stdout has ended: so has the answer.
pub fn output_ended(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Rc<Cgi>) {
    if cgi.is_over.replace(true) {
        return;
    }
    output::drain_stderr(thread, cgi);
    output::log_complaint(cgi, b"\n");
    let is_http = owner.with_http(|_| ()).is_some();
    let completed = if is_http && owner.is_open() {
        output::complete(thread, owner, cgi)
    } else {
        Ok(())
    };
    if cgi.is_cut.get() {
        tell_to_end(cgi);
        part(thread, cgi, thread.now().saturating_add(GRACE), true);
    } else {
        part(thread, cgi, cgi.deadline.get(), false);
    }
    let answer = tell_terminated(thread, owner, cgi);
    if answer != 0 || completed.is_err() {
        close::close(thread, owner, CloseCause::Asked);
    }
    // The program may have completed the transaction there.
    let is_waiting = owner.has_script.get();
    forget(thread, owner, cgi);
    if is_http && owner.is_open() && is_waiting {
        finish_request(thread, owner);
    }
}

/// CGI_TERMINATED; the script counts as the owner's until it returns.
fn tell_terminated(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) -> i32 {
    let payload = Payload::Cgi {
        pipes: cgi.pipes.as_ptr().expose_provenance(),
        channel: Channel::Stdout as u32,
        data: CgiData::None,
        len: usize::try_from(cgi.pid).unwrap_or(0),
    };
    call(thread, owner, Reason::CGI_TERMINATED, payload)
}

/// The program leaves completing the transaction to the library.
fn finish_request(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>) {
    owner.rx_held.set(false);
    if owner.has_pending_tx() || owner.with_http(|h| h.has_unread_body()) == Some(true) {
        body::restart_timeout(thread, owner);
    }
    if http::transaction_completed(thread, owner) {
        return close::close(thread, owner, CloseCause::Asked);
    }
    // What the script has not read of the body is read and dropped.
    service::resume_rx(thread, owner);
}

/// Closes the script's connections and leaves its process to itself until `deadline`.
fn part(thread: &Rc<ServiceThread>, cgi: &Cgi, deadline: Usec, was_told: bool) {
    for channel in [Channel::Stdin, Channel::Stderr, Channel::Stdout] {
        if let Some(wsi) = cgi.pipe(thread, channel) {
            close::close(thread, &wsi, CloseCause::Lost);
        }
    }
    let Some(process) = cgi.process.take() else {
        return;
    };
    if !was_told && process.life() != Life::Runs {
        // The usual case.
        process.reap();
        return;
    }
    let next = thread.now().saturating_add(FIRST_LOOK);
    let leaving = Leaving {
        process,
        name: cgi.name.clone(),
        deadline,
        was_told,
        interval: FIRST_LOOK,
        next,
    };
    thread.scripts.leaving.with(|l| l.push(leaving));
    thread.scripts.look_at(next);
}

fn forget(thread: &ServiceThread, owner: &Wsi, cgi: &Rc<Cgi>) {
    let gone = thread.scripts.running.with(|r| {
        let at = r.iter().position(|c| Rc::ptr_eq(c, cgi))?;
        Some(r.swap_remove(at))
    });
    if gone.is_some() && of(thread, owner).is_none() {
        owner.has_script.set(false);
    }
}

/// The owner goes, or goes on without the answer: the script is told to end.
pub fn abandon(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>) {
    let Some(cgi) = of(thread, owner) else {
        return;
    };
    if cgi.is_over.replace(true) {
        // In CGI_TERMINATED: whoever called that sees that the owner has gone on.
        return owner.has_script.set(false);
    }
    output::drain_stderr(thread, &cgi);
    output::log_complaint(&cgi, b"\n");
    tell_to_end(&cgi);
    part(thread, &cgi, thread.now().saturating_add(GRACE), true);
    tell_terminated(thread, owner, &cgi);
    forget(thread, owner, &cgi);
}

fn tell_to_end(cgi: &Cgi) {
    cgi.process.with(|p| {
        if let Some(process) = p.as_ref()
            && process.life() != Life::Taken
        {
            process.end_group(false);
        }
    });
}

/// lws_cgi_kill: the answer ends where it is. False when the connection owns no script.
pub fn kill(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>) -> bool {
    let Some(cgi) = of(thread, owner) else {
        return false;
    };
    tell_to_end(&cgi);
    // One that takes no notice is ended with force.
    let soon = thread.now().saturating_add(GRACE);
    cgi.deadline.set(cgi.deadline.get().min(soon));
    thread.scripts.look_at(soon);
    true
}

/// Whatever is due: scripts whose time is up, processes that leave.
pub fn run_due(thread: &Rc<ServiceThread>) {
    let now = thread.now();
    let scripts = &thread.scripts;
    if scripts.next_deadline().is_none_or(|at| at > now) {
        return;
    }
    scripts.next.set(0);
    let is_due = |c: &&Rc<Cgi>| c.deadline.get() <= now && !c.is_over.get();
    let due: Vec<_> = scripts
        .running
        .with(|r| r.iter().filter(is_due).cloned().collect());
    for cgi in due {
        time_is_up(thread, &cgi);
    }
    let leaving = scripts.leaving.take();
    let still: Vec<_> = leaving.into_iter().filter_map(|l| look(l, now)).collect();
    // Callbacks above may have added more.
    scripts.leaving.with(|l| l.extend(still));
    scripts
        .running
        .with(|r| r.iter().for_each(|c| scripts.look_at(c.deadline.get())));
    scripts
        .leaving
        .with(|l| l.iter().for_each(|l| scripts.look_at(l.next)));
}

fn time_is_up(thread: &Rc<ServiceThread>, cgi: &Rc<Cgi>) {
    log_warn!("CGI timeout: {} has not ended in {} s", cgi.name, cgi.secs);
    let Some(owner) = thread.find(cgi.owner) else {
        return;
    };
    if owner.with_http(|h| h.is_answered()) == Some(false) && owner.is_open() {
        cgi.output.replace(Output::Closed);
        http::refuse(thread, &owner, 504);
    } else {
        close::close(thread, &owner, CloseCause::Asked);
    }
}

/// Looks after one process. `None`: it is gone.
fn look(mut leaving: Leaving, now: Usec) -> Option<Leaving> {
    if leaving.next > now {
        return Some(leaving);
    }
    match leaving.process.life() {
        Life::Taken => return None,
        Life::Ended => {
            if leaving.was_told {
                // Whatever it has started ends with it.
                leaving.process.end_group(true);
            }
            leaving.process.reap();
            return None;
        }
        Life::Runs => {}
    }
    if leaving.deadline <= now {
        leaving.process.end_group(leaving.was_told);
        if leaving.was_told {
            log_warn!("{} does not end when told to: killed", leaving.name);
        } else {
            log_warn!(
                "CGI timeout: {} has answered, but does not end",
                leaving.name
            );
        }
        leaving.was_told = true;
        leaving.deadline = now.saturating_add(GRACE);
        leaving.interval = FIRST_LOOK;
    }
    leaving.next = now
        .saturating_add(leaving.interval)
        .min(leaving.deadline.max(now + 1));
    leaving.interval = (leaving.interval * 2).min(LONGEST_LOOK);
    Some(leaving)
}

/// The context ends: so do all its processes, at once.
pub fn end_all(thread: &ServiceThread) {
    let leaving = thread.scripts.leaving.take();
    for left in &leaving {
        if left.process.life() != Life::Taken {
            left.process.end_group(true);
        }
    }
    let start = clock::now();
    for left in leaving {
        let spent = u64::try_from((clock::now() - start) / 1000).unwrap_or(0);
        left.process
            .wait_at_most(LAST_WAIT_MS.saturating_sub(spent));
        if let Some(still) = left.process.reap() {
            log_err!("process {} of {} does not end", still.pid(), left.name);
            ORPHANS.lock().push(still);
        }
    }
}
