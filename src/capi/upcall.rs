//! Calls into the program: the core's payloads become C arguments here.

use crate::capi::abi::{
    lws, lws_acme_cert_aging_args, lws_cgi_args, lws_filter_network_conn_args, lws_pollargs,
    lws_process_html_args, lws_ssl_info,
};
use crate::capi::{arg, handle, sockaddr};
use crate::conn::protocol::{Call, CgiData, HtmlRoom, PagePiece, Payload};
use std::ffi::{c_int, c_uint, c_void};
use std::ptr;

type Function = unsafe extern "C" fn(*mut lws, c_uint, *mut c_void, *mut c_void, usize) -> c_int;

struct Target<'a> {
    function: Function,
    call: &'a Head,
}

struct Head {
    wsi: *mut lws,
    reason: c_uint,
    user: *mut c_void,
}

impl Target<'_> {
    fn run(&self, user: *mut c_void, data: *mut c_void, len: usize) -> c_int {
        // SAFETY: the address came from the program's lws_protocols, whose callback has this type; the pointers are
        // valid for the call as the reason says.
        unsafe { (self.function)(self.call.wsi, self.call.reason, user, data, len) }
    }
}

/// Calls the protocol callback at `addr`.
pub fn protocol(addr: usize, call: Call<'_>) -> i32 {
    let pointer: *const () = ptr::with_exposed_provenance(addr);
    // SAFETY: `addr` is the callback member of a struct lws_protocols that the program gave, checked not to be null.
    let function = unsafe { std::mem::transmute::<*const (), Function>(pointer) };
    let head = Head {
        wsi: handle::to_c(call.wsi),
        reason: call.reason.0,
        user: ptr::with_exposed_provenance_mut(call.user),
    };
    let target = Target {
        function,
        call: &head,
    };
    deliver(&target, head.user, call.payload)
}

fn deliver(target: &Target<'_>, user: *mut c_void, payload: Payload<'_>) -> i32 {
    match payload {
        Payload::Empty => target.run(user, ptr::null_mut(), 0),
        Payload::Bytes { buffer, start, len } => received(target, user, buffer, start, len),
        Payload::Text { text, len } => target.run(user, text.as_ptr().cast_mut().cast(), len),
        Payload::Room { name, room } => {
            let (data, len) = (room.as_mut_ptr(), room.len());
            target.run(name.as_ptr().cast_mut().cast(), data.cast(), len)
        }
        Payload::Number { value, len } => {
            target.run(user, ptr::with_exposed_provenance_mut(value), len)
        }
        Payload::WithUser { user, value, len } => target.run(
            ptr::with_exposed_provenance_mut(user),
            ptr::with_exposed_provenance_mut(value),
            len,
        ),
        Payload::TlsEvent { place, value } => {
            let mut event = lws_ssl_info {
                r#where: place,
                ret: value,
            };
            target.run(user, (&raw mut event).cast(), 0)
        }
        Payload::CertAging { vhost, days } => aging(target, user, vhost, days),
        Payload::Poll {
            fd,
            events,
            previous,
        } => {
            let mut args = lws_pollargs {
                fd,
                events: c_int::from(events),
                prev_events: c_int::from(previous),
            };
            target.run(user, (&raw mut args).cast(), 0)
        }
        Payload::Cgi {
            pipes,
            channel,
            data,
            len,
        } => cgi(target, user, &mut cgi_args(pipes, channel), data, len),
        Payload::Html(room) => html(target, user, room),
        Payload::Append(room) => append(target, user, room),
        Payload::Page(piece) => page(target, user, piece),
        Payload::NewConnection { fd, peer } => {
            let (cli_addr, clilen) = sockaddr::of_peer(peer);
            let mut args = lws_filter_network_conn_args {
                cli_addr,
                clilen,
                accept_fd: fd,
            };
            let fd = ptr::without_provenance_mut(usize::try_from(fd).unwrap_or(0));
            target.run((&raw mut args).cast(), fd, 0)
        }
    }
}

/// A certificate's age in days, below 0 once it has expired.
fn aging(target: &Target<'_>, user: *mut c_void, vhost: usize, days: i64) -> c_int {
    let mut args = lws_acme_cert_aging_args {
        vh: handle::to_c(vhost),
        element_overrides: [ptr::null(); 11],
    };
    let days = usize::from_ne_bytes(days.to_ne_bytes());
    target.run(user, (&raw mut args).cast(), days)
}

/// Received bytes. The byte behind them is NUL during the call: programs treat text as a C string, and some write
/// the NUL themselves.
fn received(
    target: &Target<'_>,
    user: *mut c_void,
    buffer: &mut [u8],
    start: usize,
    len: usize,
) -> i32 {
    let end = start.saturating_add(len);
    let saved = buffer.get(end).copied();
    if let Some(behind) = buffer.get_mut(end) {
        *behind = 0;
    }
    let base = buffer.as_mut_ptr();
    // SAFETY: `start` is inside `buffer`; the pointer keeps the whole buffer, so room before it may be used too.
    let data = unsafe { base.add(start.min(buffer.len())) };
    let result = target.run(user, data.cast(), len);
    if let (Some(behind), Some(byte)) = (buffer.get_mut(end), saved) {
        *behind = byte;
    }
    result
}

/// Room that the program fills through a pointer that it moves on.
fn append(target: &Target<'_>, user: *mut c_void, html: &mut HtmlRoom) -> i32 {
    let start = html.room.as_mut_ptr();
    let mut at = start;
    let result = target.run(user, (&raw mut at).cast(), html.room.len());
    let used = at.addr().saturating_sub(start.addr());
    html.used = used.min(html.room.len());
    result
}

fn cgi_args(pipes: usize, channel: c_uint) -> lws_cgi_args {
    lws_cgi_args {
        stdwsi: ptr::with_exposed_provenance_mut(pipes),
        ch: channel,
        data: ptr::null_mut(),
        hdr_state: 0,
        len: 0,
    }
}

fn cgi(
    target: &Target<'_>,
    user: *mut c_void,
    args: &mut lws_cgi_args,
    data: CgiData<'_>,
    len: usize,
) -> c_int {
    if let CgiData::Bytes {
        buffer,
        start,
        len: count,
    } = data
    {
        let piece = buffer.get_mut(start..start.saturating_add(count));
        let piece = piece.unwrap_or_default();
        args.len = arg::int(piece.len());
        args.data = piece.as_mut_ptr();
        return target.run(user, ptr::from_mut(args).cast(), len);
    }
    target.run(user, ptr::from_mut(args).cast(), len)
}

fn html(target: &Target<'_>, user: *mut c_void, html: &mut HtmlRoom) -> i32 {
    let start = html.room.as_mut_ptr();
    let mut args = lws_process_html_args {
        p: start.cast(),
        len: 0,
        max_len: arg::int(html.room.len()),
        r#final: 0,
        chunked: 0,
    };
    let result = target.run(user, (&raw mut args).cast(), 0);
    let used = args.p.addr().saturating_sub(start.addr());
    html.used = used.min(html.room.len());
    result
}

/// A piece of a page. What comes back may begin earlier and be longer, inside the room.
fn page(target: &Target<'_>, user: *mut c_void, piece: &mut PagePiece) -> i32 {
    let base = piece.room.as_mut_ptr();
    let mut args = lws_process_html_args {
        p: base.wrapping_add(piece.start).cast(),
        len: arg::int(piece.len),
        max_len: arg::int(piece.max_len),
        r#final: c_int::from(piece.is_final),
        chunked: c_int::from(piece.is_chunked),
    };
    let result = target.run(user, (&raw mut args).cast(), 0);
    piece.start = args.p.addr().wrapping_sub(base.addr());
    piece.len = arg::count(args.len);
    result
}
