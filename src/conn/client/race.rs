//! Several addresses at a time (RFC 8305): the first that connects wins.
//!
//! The addresses of both families alternate, beginning with the one that the system prefers. The next one is begun
//! [`STAGGER`] after the one before, or at once when one has failed; all stay under way until one connects. The first socket is the
//! connection's own. Each further one is a runner: a connection of the thread's that the program never hears of, whose parent
//! is the real one, so that it ends with it. When a runner wins, its descriptor moves over. Programs with their own poll()
//! are told of each descriptor's coming and going. Called by [`super::attempt`] and the service loop.

use crate::conn::client::attempt;
use crate::conn::role::Role;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, close, external};
use crate::sys::addr;
use crate::sys::clock::Usec;
use crate::sys::connect::{self, Local, Remote};
use crate::sys::iface::{self, Interface};
use crate::util::ids::Handle;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;

/// Time until the next address is begun, too.
const STAGGER: Usec = 250_000;
/// Addresses that the text of a failure names.
const NAMED: usize = 4;

/// The addresses of a connection that is being made.
#[derive(Debug, Default)]
pub struct Race {
    /// Not begun yet.
    waiting: VecDeque<Remote>,
    /// Where the connection's own socket goes.
    own: Option<Remote>,
    runners: Vec<(Handle, Remote)>,
    /// What came of the last one that failed.
    last: Option<String>,
}

impl Race {
    /// Adds addresses that a name has.
    pub fn add_found(&mut self, found: &[SocketAddr]) {
        self.waiting.extend(alternating(found));
    }

    /// Adds one.
    pub fn add(&mut self, remote: Remote) {
        self.waiting.push_back(remote);
    }

    /// True while an address is left that was not begun.
    pub fn has_more(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What came of the last address that failed.
    pub fn last_failure(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Where the connection goes, or went.
    pub fn place(&self) -> Option<String> {
        self.own.as_ref().map(Remote::to_string)
    }

    /// The addresses under way.
    pub fn under_way(&self) -> String {
        let runners = self.runners.iter().map(|(_, remote)| remote);
        let all = self.own.iter().chain(runners).take(NAMED);
        let texts: Vec<_> = all.map(Remote::to_string).collect();
        texts.join(", ")
    }

    fn note(&mut self, remote: Option<&Remote>, why: &str) {
        let place = remote.map(Remote::to_string).unwrap_or_default();
        self.last = Some(format!("{place}: {why}"));
    }
}

/// The addresses with their families alternating, each family in its order.
fn alternating(all: &[SocketAddr]) -> Vec<Remote> {
    let leads_v6 = all.first().is_some_and(SocketAddr::is_ipv6);
    let mut first = all.iter().filter(|a| a.is_ipv6() == leads_v6);
    let mut second = all.iter().filter(|a| a.is_ipv6() != leads_v6);
    let mut order = Vec::with_capacity(all.len());
    while order.len() < all.len() {
        order.extend(first.next().into_iter().chain(second.next()));
    }
    order.into_iter().copied().map(Remote::Inet).collect()
}

/// True while the program has neither closed the connection nor begun it anew, from inside of a callback.
fn is_current(wsi: &Wsi, turn: u32) -> bool {
    wsi.is_open() && wsi.incarnation.get() == turn
}

/// Looks at the addresses of a connection that is being made.
fn with<R>(wsi: &Wsi, f: impl FnOnce(&mut Race) -> R) -> Option<R> {
    wsi.with_connecting(|c| f(&mut c.race))
}

/// Begins with the next address that a socket can be opened for. False when none is under way any more.
pub fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let turn = wsi.incarnation.get();
    while let Some(remote) = with(wsi, |race| race.waiting.pop_front()).flatten() {
        let begun = local_for(wsi, &remote)
            .and_then(|local| connect::begin(&remote, &local).map_err(|e| addr::reason(&e)));
        let begun = begun.and_then(|fd| match wsi.fd() >= 0 {
            true => begin_runner(thread, wsi, fd, &remote),
            false => begin_own(thread, wsi, fd, &remote),
        });
        if !is_current(wsi, turn) {
            return true;
        }
        match begun {
            Ok(()) => {
                wait_for_next(thread, wsi);
                return true;
            }
            Err(why) => drop(with(wsi, |race| race.note(Some(&remote), &why))),
        }
    }
    let runs = with(wsi, |race| race.own.is_some() || !race.runners.is_empty());
    if runs == Some(true) {
        wait_for_next(thread, wsi);
    }
    runs != Some(false)
}

/// Until the next address is due, or until all have had their time.
fn wait_for_next(thread: &ServiceThread, wsi: &Wsi) {
    let Some((deadline, has_more)) = wsi.with_connecting(|c| (c.deadline, c.race.has_more()))
    else {
        return;
    };
    let left = deadline.saturating_sub(thread.now()).max(1);
    let us = if has_more { left.min(STAGGER) } else { left };
    timeout::set_internal(thread, wsi, pending::AWAITING_CONNECT_RESPONSE, us);
}

fn begin_own(
    thread: &ServiceThread,
    wsi: &Rc<Wsi>,
    fd: OwnedFd,
    remote: &Remote,
) -> Result<(), String> {
    let turn = wsi.incarnation.get();
    with(wsi, |race| race.own = Some(remote.clone()));
    wsi.attach(fd);
    thread.enlist_fd(wsi);
    let is_watched = watch_unserved(thread, wsi);
    if is_watched && is_current(wsi, turn) {
        external::update(thread, wsi);
    } else if is_current(wsi, turn) {
        drop_own(thread, wsi);
    }
    match is_watched {
        true => Ok(()),
        false => Err("not watched".to_owned()),
    }
}

fn begin_runner(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    fd: OwnedFd,
    remote: &Remote,
) -> Result<(), String> {
    let vhost = wsi.vhost().ok_or("no vhost")?;
    let runner = adopt::new_connection(thread, &vhost, fd, Role::Runner).ok_or("no handle")?;
    runner.writable.set(false);
    runner.parent.set(Some(wsi.handle));
    wsi.has_children.set(true);
    with(wsi, |race| {
        race.runners.push((runner.handle, remote.clone()))
    });
    let is_watched = watch_unserved(thread, &runner);
    if is_watched && runner.is_open() {
        external::update(thread, &runner);
        return Ok(());
    }
    end_runner(thread, wsi, &runner);
    Err("not watched".to_owned())
}

/// Watches a descriptor. A nested pass in ADD_POLL_FD does not go on with the connection: it may be refused yet.
fn watch_unserved(thread: &ServiceThread, wsi: &Rc<Wsi>) -> bool {
    let was_served = wsi.is_served.replace(true);
    let is_watched = adopt::watch(thread, wsi);
    wsi.is_served.set(was_served);
    is_watched
}

/// Where to connect from, as `iface` says.
fn local_for(wsi: &Wsi, remote: &Remote) -> Result<Local, String> {
    let keepalive = wsi.on_vhost(|v| v.config.keepalive).unwrap_or_default();
    let mut local = Local {
        keepalive,
        ..Local::default()
    };
    let text = wsi.with_connecting(|c| c.iface()).flatten();
    let (Some(text), Remote::Inet(to)) = (text, remote) else {
        return Ok(local);
    };
    let name = text.to_string_lossy();
    match iface::lookup_for(&text, to.is_ipv6()) {
        Ok(Interface::Usable(addr)) if addr.is_ipv4() == to.is_ipv4() => local.addr = Some(addr),
        Ok(Interface::Usable(addr)) => {
            return Err(format!("{name} ({}) is of another family", addr.ip()));
        }
        Ok(Interface::NotUsable) => return Err(format!("{name} has no address")),
        Ok(Interface::NotExist) => return Err(format!("there is no interface {name}")),
        Err(e) => return Err(addr::reason(&e)),
    }
    Ok(local)
}

/// Lets go of the connection's own socket, which did not connect.
fn drop_own(thread: &ServiceThread, wsi: &Rc<Wsi>) {
    with(wsi, |race| race.own = None);
    wsi.writable.set(false);
    wsi.readable.set(false);
    wsi.is_hung_up.set(false);
    wsi.end_reported.set(false);
    drop(take_descriptor(thread, wsi));
}

/// Takes the descriptor from a connection; only then is it withdrawn, as the program may close the connection in that.
fn take_descriptor(thread: &ServiceThread, wsi: &Wsi) -> Option<OwnedFd> {
    thread.delist_fd(wsi);
    let fd = wsi.detach()?;
    external::withdraw_taken(thread, wsi, fd.as_raw_fd());
    Some(fd)
}

/// Ends a runner; nobody hears of it but the program's poll().
fn end_runner(thread: &Rc<ServiceThread>, wsi: &Wsi, runner: &Rc<Wsi>) {
    with(wsi, |race| {
        race.runners.retain(|(handle, _)| *handle != runner.handle)
    });
    close::close(thread, runner, CloseCause::Lost);
}

/// One is there: the others end.
fn end_runners(thread: &Rc<ServiceThread>, wsi: &Wsi) {
    let runners = with(wsi, |race| std::mem::take(&mut race.runners));
    for (handle, _) in runners.unwrap_or_default() {
        if let Some(runner) = thread.find(handle) {
            close::close(thread, &runner, CloseCause::Lost);
        }
    }
}

/// Lets go of every socket of a connection: it ends here, or begins anew.
pub fn let_go(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    end_runners(thread, wsi);
    drop_own(thread, wsi);
}

/// Something happened on the connection's own socket.
pub fn on_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    match wsi.with_fd(connect::outcome).flatten() {
        None => {}
        Some(Ok(())) => {
            let turn = wsi.incarnation.get();
            end_runners(thread, wsi);
            if is_current(wsi, turn) {
                attempt::connected(thread, wsi);
            }
        }
        Some(Err(e)) => {
            with(wsi, |race| {
                let own = race.own.take();
                race.note(own.as_ref(), &addr::reason(&e));
            });
            let turn = wsi.incarnation.get();
            drop_own(thread, wsi);
            if is_current(wsi, turn) {
                attempt::go_on(thread, wsi);
            }
        }
    }
}

/// Something happened on a runner's socket.
pub fn runner_ready(thread: &Rc<ServiceThread>, runner: &Rc<Wsi>) {
    let outcome = runner.with_fd(connect::outcome).flatten();
    let wsi = runner.parent.get().and_then(|p| thread.find(p));
    let (Some(outcome), Some(wsi)) = (outcome, wsi) else {
        return;
    };
    let remote = with(&wsi, |race| {
        let at = race
            .runners
            .iter()
            .position(|(handle, _)| *handle == runner.handle)?;
        Some(race.runners.swap_remove(at).1)
    });
    let Some(remote) = remote.flatten().filter(|_| wsi.is_open()) else {
        return close::close(thread, runner, CloseCause::Lost);
    };
    match outcome {
        Ok(()) => take_over(thread, &wsi, runner, remote),
        Err(e) => {
            with(&wsi, |race| race.note(Some(&remote), &addr::reason(&e)));
            let turn = wsi.incarnation.get();
            close::close(thread, runner, CloseCause::Lost);
            if is_current(&wsi, turn) {
                attempt::go_on(thread, &wsi);
            }
        }
    }
}

/// A runner has won: its descriptor becomes the connection's.
fn take_over(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, runner: &Rc<Wsi>, remote: Remote) {
    let turn = wsi.incarnation.get();
    drop_own(thread, wsi);
    let fd = take_descriptor(thread, runner);
    close::close(thread, runner, CloseCause::Lost);
    let Some(fd) = fd.filter(|_| is_current(wsi, turn)) else {
        return;
    };
    with(wsi, |race| race.own = Some(remote));
    wsi.attach(fd);
    thread.enlist_fd(wsi);
    end_runners(thread, wsi);
    let is_watched = thread.registrar.rearm(wsi.fd(), wsi.handle).is_ok();
    let is_welcome = is_watched && is_current(wsi, turn) && external::announce(thread, wsi);
    if !is_current(wsi, turn) {
        return;
    }
    if !is_welcome {
        return attempt::fail_soon(thread, wsi, "not watched".to_owned());
    }
    external::update(thread, wsi);
    // It is served as itself, not as the runner.
    thread.queue(wsi);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_beginning_with_the_preferred_one() {
        let all: Vec<SocketAddr> = ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "[::4]:1"]
            .iter()
            .map(|a| a.parse().unwrap())
            .collect();
        let texts = |all: &[SocketAddr]| {
            let texts: Vec<_> = alternating(all).iter().map(Remote::to_string).collect();
            texts.join(" ")
        };
        assert_eq!(texts(&all), "[::1]:1 1.1.1.1:1 [::2]:1 [::3]:1 [::4]:1");
        let reversed: Vec<_> = all.iter().skip(3).copied().collect();
        assert_eq!(texts(&reversed), "1.1.1.1:1 [::4]:1");
        assert_eq!(texts(&[]), "");
    }
}
