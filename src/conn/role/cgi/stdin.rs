//! The way of a request's body into a script.
//!
//! The protocol of the owner gets each piece as CGI_STDIN_DATA and says how much of it the script has taken. The rest, at
//! most one piece, is held here, and the client is not read from until it has gone.

use crate::conn::close;
use crate::conn::dispatch::call;
use crate::conn::protocol::{CgiData, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::cgi::{Cgi, Channel, pipe};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::sys::sock::{self, Io};
use crate::util::log::{log_err, log_info};
use std::rc::Rc;

/// What the script has said to a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// So many bytes.
    Bytes(usize),
    /// It has closed its end.
    Nothing,
}

/// Writes to the script as much as it takes.
pub fn write(thread: &ServiceThread, cgi: &Cgi, bytes: &[u8]) -> Taken {
    let Some(wsi) = cgi.pipe(thread, Channel::Stdin) else {
        return Taken::Nothing;
    };
    match wsi.with_fd(|fd| sock::write(fd, bytes)) {
        Some(Io::Moved(n)) => {
            wsi.writable.set(n == bytes.len());
            Taken::Bytes(n)
        }
        Some(Io::WouldBlock) => {
            wsi.writable.set(false);
            Taken::Bytes(0)
        }
        Some(Io::Failed(_)) | None => Taken::Nothing,
    }
}

/// A piece of the body. False when the connection closes.
pub fn take(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi, payload: Payload<'_>) -> bool {
    let Payload::Bytes { buffer, start, len } = payload else {
        return owner.is_open();
    };
    if len == 0 || cgi.pipe(thread, Channel::Stdin).is_none() {
        // Scripts need not read what they are not interested in.
        return owner.is_open();
    }
    let left = offer(thread, owner, cgi, buffer, start, len);
    let goes_on = owner.is_open() && !cgi.is_over.get();
    if left > 0 && goes_on && cgi.pipe(thread, Channel::Stdin).is_some() {
        let end = start.saturating_add(len);
        let rest = buffer.get(end.saturating_sub(left)..end);
        cgi.held.replace(rest.unwrap_or_default().to_vec());
        owner.rx_held.set(true);
        ask_room(thread, cgi);
    }
    owner.is_open()
}

/// Gives bytes to the protocol. Returns how many are left.
fn offer(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    cgi: &Cgi,
    buffer: &mut [u8],
    start: usize,
    len: usize,
) -> usize {
    let payload = Payload::Cgi {
        pipes: cgi.pipes.as_ptr().expose_provenance(),
        channel: Channel::Stdin as u32,
        data: CgiData::Bytes { buffer, start, len },
        len: 0,
    };
    match usize::try_from(call(thread, owner, Reason::CGI_STDIN_DATA, payload)) {
        Ok(taken) => len.saturating_sub(taken),
        Err(_) => {
            close::close(thread, owner, CloseCause::Asked);
            0
        }
    }
}

fn ask_room(thread: &Rc<ServiceThread>, cgi: &Cgi) {
    if let Some(wsi) = cgi.pipe(thread, Channel::Stdin) {
        wsi.writable.set(false);
        // There may be room by now: the edge comes again then.
        if thread.registrar.rearm(wsi.fd(), wsi.handle).is_err() {
            wsi.writable.set(true);
        }
        service::ask_writable(thread, &wsi);
    }
}

/// The script can take more.
pub fn on_room(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    let mut held = cgi.held.take();
    if held.is_empty() {
        // quirk: told once, when the pipe has just been made.
        if pipe::tell_owner(thread, owner, cgi, Channel::Stdin, Reason::CGI) != 0 {
            close::close(thread, owner, CloseCause::Asked);
        }
        return;
    }
    let has_room = cgi
        .pipe(thread, Channel::Stdin)
        .and_then(|wsi| wsi.with_fd(sock::has_room));
    if has_room != Some(true) {
        // What was seen is from before the last write.
        cgi.held.replace(held);
        return ask_room(thread, cgi);
    }
    let len = held.len();
    held.push(0);
    let left = offer(thread, owner, cgi, &mut held, 0, len);
    if !owner.is_open() || cgi.is_over.get() {
        return;
    }
    if cgi.pipe(thread, Channel::Stdin).is_none() {
        return caught_up(thread, owner, cgi);
    }
    if left == len {
        // The pipe had room: this protocol does not pass anything on.
        log_err!(
            "{}: CGI_STDIN_DATA took nothing of the body; hand it to lws_callback_http_dummy",
            cgi.name
        );
        return close::close(thread, owner, CloseCause::Asked);
    }
    if left > 0 {
        held.truncate(len);
        held.drain(..len - left);
        cgi.held.replace(held);
        return ask_room(thread, cgi);
    }
    caught_up(thread, owner, cgi);
}

fn caught_up(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    if cgi.body_is_over.get() {
        close_stdin(thread, owner, cgi);
    }
    if owner.is_open() {
        owner.rx_held.set(false);
        service::resume_rx(thread, owner);
    }
}

/// The body is through, or there is none: the script sees the end when it has read what is held.
pub fn finish(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    cgi.body_is_over.set(true);
    if cgi.held.with(|h| h.is_empty()) {
        close_stdin(thread, owner, cgi);
    }
}

fn close_stdin(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    let Some(wsi) = cgi.pipe(thread, Channel::Stdin) else {
        return;
    };
    let answer = pipe::tell_owner(
        thread,
        owner,
        cgi,
        Channel::Stdin,
        Reason::CGI_STDIN_COMPLETED,
    );
    close::close(thread, &wsi, CloseCause::Lost);
    if answer != 0 {
        close::close(thread, owner, CloseCause::Asked);
    }
}

/// The script has closed its stdin: the rest of the body is read and dropped.
pub fn refused(thread: &Rc<ServiceThread>, cgi: &Cgi) {
    if !cgi.body_is_over.get() {
        log_info!("{} does not read all of its body", cgi.name);
    }
    if let Some(wsi) = cgi.pipe(thread, Channel::Stdin) {
        close::close(thread, &wsi, CloseCause::Lost);
    }
}

/// stdin has closed, whoever did it: nothing is held any more.
pub fn let_go(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) {
    if !cgi.held.take().is_empty() && owner.is_open() {
        owner.rx_held.set(false);
        service::resume_rx(thread, owner);
    }
}
