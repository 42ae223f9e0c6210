//! What a script writes: stdout becomes the response, stderr goes to the log.
//!
//! [`forward`] (lws_cgi_write_split_stdout_headers) moves one piece when the client has room for it: first the head, with
//! what the vhost adds to every answer, then the body in the framing that the head calls for. Until then stdout is not
//! read, so a script that writes faster than the client reads has to wait.

use crate::conn::role::cgi::{Cgi, Channel, Output, of, pipe};
use crate::conn::role::http::output::Part;
use crate::conn::role::http::{self, Http, respond};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::tx::Dead;
use crate::conn::wsi::Wsi;
use crate::proto::cgi::framing::Framing;
use crate::proto::cgi::script_head::{BadHead, ScriptHead, Step};
use crate::proto::http::response::{HeaderWriter, NoRoom};
use crate::sys::sock::{self, Io};
use crate::util::log::{log_err, log_warn};
use std::rc::Rc;

/// Bytes of output that are on their way at a time.
const PIECE: usize = 32 * 1024;
/// Bytes of a line on stderr that are logged as one.
const LINE: usize = 512;
/// Pieces of stderr that are read in one go.
const PIECES: usize = 16;

/// stdout has something: it is left there until the owner can send.
pub fn await_room(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>) {
    let Some(cgi) = of(thread, owner) else {
        return;
    };
    if let Some(wsi) = cgi.pipe(thread, Channel::Stdout) {
        wsi.rx_enabled.set(false);
        crate::conn::external::update(thread, &wsi);
    }
    cgi.wants_room.set(true);
    service::ask_writable(thread, owner);
}

/// Moves a piece of output to the client.
pub fn forward(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>) -> Result<(), Dead> {
    let Some(cgi) = of(thread, owner) else {
        return Ok(());
    };
    if owner.has_pending_tx() {
        // The client has not taken the last piece yet.
        service::ask_writable(thread, owner);
        return Ok(());
    }
    cgi.wants_room.set(false);
    let Some(wsi) = cgi.pipe(thread, Channel::Stdout) else {
        return Ok(());
    };
    let mut buffer = cgi.buffer.take();
    buffer.resize(PIECE, 0);
    let sent = match wsi.with_fd(|fd| sock::read(fd, &mut buffer)) {
        Some(Io::Moved(n)) if n > 0 => {
            wsi.readable.set(n == buffer.len());
            pass_on(thread, owner, &cgi, buffer.get(..n).unwrap_or_default())
        }
        Some(Io::WouldBlock) => {
            wsi.readable.set(false);
            Ok(())
        }
        _ => {
            wsi.readable.set(false);
            wsi.is_hung_up.set(true);
            Ok(())
        }
    };
    cgi.buffer.replace(buffer);
    pipe::resume(thread, &cgi, &wsi);
    sent
}

fn pass_on(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    cgi: &Cgi,
    bytes: &[u8],
) -> Result<(), Dead> {
    let step = cgi.output.with(|output| match output {
        Output::Head(reader) => Some(reader.feed(bytes)),
        Output::Body(_) | Output::Closed => None,
    });
    match step {
        None => send_body(thread, owner, cgi, bytes),
        Some(Ok(Step::NeedMore)) => Ok(()),
        Some(Ok(Step::Done { head, consumed })) => {
            send_head(thread, owner, cgi, &head)?;
            send_body(
                thread,
                owner,
                cgi,
                bytes.get(consumed..).unwrap_or_default(),
            )
        }
        Some(Err(why)) => refuse(thread, owner, cgi, why),
    }
}

fn send_head(
    thread: &ServiceThread,
    owner: &Wsi,
    cgi: &Cgi,
    head: &ScriptHead,
) -> Result<(), Dead> {
    let vhost = owner.vhost().ok_or(Dead)?;
    let version = owner.with_http(|h| h.version()).ok_or(Dead)?;
    let framing = Framing::of(head.status, head.content_length, version);
    if framing == Framing::UntilClose {
        owner.with_http(Http::end_keep_alive);
    }
    let keeps_alive = owner.with_http(|h| h.keeps_alive()).unwrap_or(false);
    let mut room = vec![0; respond::room_for(&vhost) + head.lines.len()];
    let mut writer = HeaderWriter::new(&mut room);
    respond::status_block(&mut writer, owner, version, head.status, true)
        .and_then(|()| writer.raw(&head.lines))
        .and_then(|()| match framing {
            Framing::Length(length) => writer.content_length(length),
            Framing::Chunked => writer.header(b"transfer-encoding:", b"chunked"),
            Framing::UntilClose | Framing::Nothing => Ok(()),
        })
        .and_then(|()| match keeps_alive {
            true => Ok(()),
            false => writer.header(b"connection:", b"close"),
        })
        .and_then(|()| writer.finish())
        .map_err(|NoRoom| Dead)?;
    cgi.output.replace(Output::Body(framing));
    http::output::write(thread, owner, writer.written(), Part::Head)
}

fn send_body(thread: &ServiceThread, owner: &Wsi, cgi: &Cgi, bytes: &[u8]) -> Result<(), Dead> {
    let piece = cgi.output.with(|output| match output {
        Output::Body(framing) => Some(framing.piece(bytes)),
        Output::Head(_) | Output::Closed => None,
    });
    let Some(piece) = piece.filter(|p| !p.bytes.is_empty()) else {
        return Ok(());
    };
    if piece.before.is_empty() {
        return http::output::write(thread, owner, piece.bytes, Part::Body);
    }
    http::output::write(thread, owner, &piece.before, Part::Body)?;
    http::output::write(thread, owner, piece.bytes, Part::Body)?;
    http::output::write(thread, owner, piece.after, Part::Body)
}

fn refuse(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    cgi: &Cgi,
    why: BadHead,
) -> Result<(), Dead> {
    log_err!("{}: {}", cgi.name, why.0);
    cgi.is_cut.set(true);
    cgi.output.replace(Output::Closed);
    respond::status_page(thread, owner, 502, b"")
}

/// The output has ended: what completes the response. `false`: the connection cannot go on.
pub fn complete(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Cgi) -> Result<(), Dead> {
    let is_head = owner.with_http(|h| h.is_head).unwrap_or(false);
    match cgi.output.replace(Output::Closed) {
        Output::Head(reader)
            if reader.is_empty() && !owner.with_http(|h| h.is_answered()).unwrap_or(true) =>
        {
            refuse(thread, owner, cgi, BadHead("it has written nothing"))
        }
        Output::Head(reader) if !reader.is_empty() => refuse(
            thread,
            owner,
            cgi,
            BadHead("its output ends before its header lines do"),
        ),
        Output::Body(framing) => {
            let end = framing.end();
            if end.closes && !is_head {
                if matches!(framing, Framing::Length(_)) {
                    log_warn!("{}: less output than it has announced", cgi.name);
                }
                owner.with_http(Http::end_keep_alive);
            }
            http::output::write(thread, owner, end.tail, Part::Body)
        }
        Output::Head(_) | Output::Closed => Ok(()),
    }
}

/// Logs what waits on stderr.
pub fn log_stderr(thread: &ServiceThread, owner: &Wsi) {
    if let Some(cgi) = of(thread, owner) {
        drain_stderr(thread, &cgi);
    }
}

/// The same, for a script whose owner may be on its way out.
pub fn drain_stderr(thread: &ServiceThread, cgi: &Cgi) {
    let Some(wsi) = cgi.pipe(thread, Channel::Stderr) else {
        return;
    };
    let mut buffer = [0u8; 2 * LINE];
    for _ in 0..PIECES {
        match wsi.with_fd(|fd| sock::read(fd, &mut buffer)) {
            Some(Io::Moved(n)) if n > 0 => {
                log_complaint(cgi, buffer.get(..n).unwrap_or_default());
            }
            _ => return,
        }
    }
}

/// Logs the lines that `bytes` complete.
pub fn log_complaint(cgi: &Cgi, bytes: &[u8]) {
    let mut line = cgi.complaint.take();
    for byte in bytes {
        if *byte != b'\n' {
            line.push(*byte);
        }
        if (*byte == b'\n' && !line.is_empty()) || line.len() >= LINE {
            log_warn!("CGI-stderr: {}", printable(&line));
            line.clear();
        }
    }
    cgi.complaint.replace(line);
}

/// A script's words must not write log lines of their own.
fn printable(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    text.chars()
        .map(|c| if c.is_control() && c != '\t' { '?' } else { c })
        .collect()
}
