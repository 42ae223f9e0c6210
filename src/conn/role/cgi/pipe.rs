//! The connections of a script's channels: what their descriptors' readiness means.
//!
//! Output waiting is told to the owner's protocol as CGI, which takes it when it can; the end of stdout is the end of the
//! script's answer. They are pipes, not sockets, and nothing is read here.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::dispatch::{call, call_parent};
use crate::conn::protocol::{CgiData, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::Role;
use crate::conn::role::cgi::{Cgi, Channel, Pipe, end, output, stdin};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::sock;
use std::os::fd::OwnedFd;
use std::rc::Rc;

/// Pieces of stderr that are told when stdout has ended.
const LAST_WORDS: usize = 16;

/// Makes a connection of our end of a pipe. `None`: it could not be watched.
pub fn create(
    thread: &Rc<ServiceThread>,
    owner: &Wsi,
    cgi: &Rc<Cgi>,
    channel: Channel,
    fd: OwnedFd,
) -> Option<Rc<Wsi>> {
    let pipe = Pipe {
        cgi: cgi.clone(),
        channel,
    };
    let vhost = owner.vhost()?;
    let wsi = adopt::new_connection(thread, &vhost, fd, Role::CgiPipe(pipe))?;
    wsi.is_socket.set(false);
    wsi.parent.set(Some(owner.handle));
    // quirk: no WSI_CREATE, though WSI_DESTROY comes.
    if !adopt::watch(thread, &wsi) {
        close::release(thread, &wsi, CloseCause::Lost);
        return None;
    }
    wsi.writable.set(channel == Channel::Stdin);
    wsi.rx_enabled.set(channel != Channel::Stdin);
    if let Some(place) = cgi.pipes.get(channel as usize) {
        place.set(wsi.handle.addr());
    }
    Some(wsi)
}

/// Tells the owner's protocol about a channel.
pub fn tell_owner(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    cgi: &Cgi,
    channel: Channel,
    reason: Reason,
) -> i32 {
    let payload = Payload::Cgi {
        pipes: cgi.pipes.as_ptr().expose_provenance(),
        channel: channel as u32,
        data: CgiData::None,
        len: 0,
    };
    call(thread, owner, reason, payload)
}

/// The pipe's descriptor can do something.
pub fn on_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let Some((cgi, channel)) = wsi.script_channel() else {
        return;
    };
    let Some(owner) = thread.find(cgi.owner) else {
        return close::close(thread, wsi, CloseCause::Lost);
    };
    let is_hung_up = wsi.is_hung_up.get();
    match channel {
        Channel::Stdin if is_hung_up => stdin::refused(thread, &cgi),
        Channel::Stdin => {}
        Channel::Stdout if cgi.is_cut.get() => end::output_ended(thread, &owner, &cgi),
        _ if !wsi.takes_rx() => {}
        _ if wsi.readable.replace(false) => {
            if tell_owner(thread, &owner, &cgi, channel, Reason::CGI) != 0 {
                close::close(thread, &owner, CloseCause::Asked);
            }
            // Some of it may be left: ask for a fresh edge.
            if wsi.is_open() && thread.registrar.rearm(wsi.fd(), wsi.handle).is_err() {
                wsi.readable.set(true);
            }
        }
        Channel::Stdout if is_hung_up => {
            tell_last_words(thread, &owner, &cgi);
            end::output_ended(thread, &owner, &cgi);
        }
        Channel::Stderr if is_hung_up => {
            output::log_complaint(&cgi, b"\n");
            close::close(thread, wsi, CloseCause::Lost);
        }
        Channel::Stdout | Channel::Stderr => {}
    }
}

/// What still waits on stderr when stdout has ended.
fn tell_last_words(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    for _ in 0..LAST_WORDS {
        let words = cgi
            .pipe(thread, Channel::Stderr)
            .filter(|wsi| wsi.with_fd(sock::has_input) == Some(true));
        if words.is_none() {
            return;
        }
        if tell_owner(thread, owner, cgi, Channel::Stderr, Reason::CGI) != 0 {
            return close::close(thread, owner, CloseCause::Asked);
        }
    }
}

/// stdin has room.
pub fn on_writable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    wsi.wants_writable.set(false);
    let Some((cgi, Channel::Stdin)) = wsi.script_channel() else {
        return;
    };
    if let Some(owner) = thread.find(cgi.owner) {
        stdin::on_room(thread, &owner, &cgi);
    }
}

/// The connection ends: its owner hears of it.
pub fn on_close(thread: &Rc<ServiceThread>, wsi: &Wsi) {
    let Some((cgi, channel)) = wsi.script_channel() else {
        return;
    };
    let owner = thread.find(cgi.owner);
    if let Some(owner) = &owner {
        call_parent(thread, wsi, owner, Reason::CHILD_CLOSING);
    }
    if let Some(place) = cgi.pipes.get(channel as usize) {
        place.set(0);
    }
    if let (Some(owner), Channel::Stdin) = (&owner, channel) {
        stdin::let_go(thread, owner, &cgi);
    }
}

/// Lets output flow again, or notices its end.
pub fn resume(thread: &Rc<ServiceThread>, cgi: &Cgi, wsi: &Rc<Wsi>) {
    wsi.rx_enabled.set(true);
    service::resume_rx(thread, wsi);
    if wsi.is_hung_up.get() || cgi.is_cut.get() {
        thread.queue(wsi);
    }
}
