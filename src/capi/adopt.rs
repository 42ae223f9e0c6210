//! Making connections out of the program's descriptors.

use crate::capi::abi::{lws, lws_adopt_desc_t, lws_context, lws_sock_file_fd_type, lws_vhost};
use crate::capi::arg;
use crate::capi::handle::{self, to_c};
use crate::conn::adopt::{self, Kind, Ties};
use crate::conn::registry::Entry;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{rx, service};
use crate::sys::wakefd::adopt_raw;
use crate::util::log::log_err;
use std::ffi::{CStr, c_char, c_int, c_uint};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

const ADOPT_HTTP: c_uint = 1;
const ADOPT_SOCKET: c_uint = 2;
const ADOPT_ALLOW_SSL: c_uint = 4;
const ADOPT_FLAG_UDP: c_uint = 16;
const ADOPT_FLAG_RAW_PROXY: c_uint = 32;

/// What to make of a descriptor.
struct Wanted<'a> {
    kind: Kind,
    fd: c_int,
    protocol: Option<&'a CStr>,
    ties: Ties,
    with_tls: bool,
}

fn kind_of(bits: c_uint) -> Option<Kind> {
    match bits & !ADOPT_ALLOW_SSL {
        0 => Some(Kind::RawFile),
        ADOPT_SOCKET => Some(Kind::RawSocket),
        b if b == ADOPT_SOCKET | ADOPT_FLAG_RAW_PROXY => Some(Kind::RawProxy),
        b if b & ADOPT_FLAG_UDP != 0 => Some(Kind::Datagram),
        b if b & ADOPT_HTTP != 0 => Some(Kind::Http),
        b => {
            log_err!("adopt: type {b} is none of LWS_ADOPT_*");
            None
        }
    }
}

fn run(entry: &Entry, vhost: &Arc<Vhost>, wanted: &Wanted<'_>, early: &[u8]) -> *mut lws {
    let Some(fd) = adopt_raw(wanted.fd) else {
        log_err!("adopt: {} is no descriptor", wanted.fd);
        return ptr::null_mut();
    };
    let made = handle::in_some_thread(entry, "lws_adopt_descriptor", |thread| {
        let (kind, ties, with_tls) = (wanted.kind, wanted.ties, wanted.with_tls);
        let wsi = adopt::adopt(thread, vhost, kind, fd, wanted.protocol, ties, with_tls)?;
        feed_early(thread, &wsi, early);
        wsi.is_open().then(|| wsi.handle.addr())
    });
    made.flatten().map_or(ptr::null_mut(), to_c)
}

/// Bytes that the program has read already: they come before everything from the descriptor.
fn feed_early(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, early: &[u8]) {
    if early.is_empty() {
        return;
    }
    rx::prepend(wsi, early);
    service::serve(thread, wsi);
}

fn ties_of(info: &lws_adopt_desc_t) -> Ties {
    let parent = handle::wsi_place(info.parent, "lws_adopt_descriptor_vhost (parent)");
    Ties {
        parent: parent.map(|(handle, _)| handle),
        opaque: info.opaque.expose_provenance(),
    }
}

/// Makes a connection of a descriptor.
///
/// `vh`: the vhost. `type`: LWS_ADOPT_*. `fd`: the descriptor; it is the library's from here on. `vh_prot_name`: protocol
/// to bind, NULL for the vhost's default. `parent`: parent connection or NULL.
///
/// Returns the connection, or NULL after a log line; the descriptor is closed then.
///
/// Re-entry: dispatches (WSI_CREATE, *_ADOPT ...), may close the new wsi.
///
/// # Safety
/// `vh_prot_name` is NULL or a string; nobody else uses the descriptor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_adopt_descriptor_vhost(
    vh: *mut lws_vhost,
    r#type: c_uint,
    fd: lws_sock_file_fd_type,
    vh_prot_name: *const c_char,
    parent: *mut lws,
) -> *mut lws {
    let info = lws_adopt_desc_t {
        vh,
        r#type,
        fd,
        vh_prot_name,
        parent,
        opaque: ptr::null_mut(),
    };
    // SAFETY: the caller's promise.
    unsafe { lws_adopt_descriptor_vhost_via_info(&raw const info) }
}

/// lws_adopt_descriptor_vhost with its arguments in a struct, and an opaque user pointer.
///
/// `info`: the arguments.
///
/// Returns as lws_adopt_descriptor_vhost.
///
/// Re-entry: as lws_adopt_descriptor_vhost.
///
/// # Safety
/// `info` is NULL or valid; else as lws_adopt_descriptor_vhost.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_adopt_descriptor_vhost_via_info(
    info: *const lws_adopt_desc_t,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let Some(info) = (unsafe { info.as_ref() }) else {
        return ptr::null_mut();
    };
    let (Some((entry, vhost)), Some(kind)) = (
        handle::vhost(info.vh, "lws_adopt_descriptor_vhost"),
        kind_of(info.r#type),
    ) else {
        return ptr::null_mut();
    };
    let wanted = Wanted {
        kind,
        // SAFETY: both members are the descriptor's number.
        fd: unsafe { info.fd.sockfd },
        // SAFETY: the caller's promise.
        protocol: unsafe { arg::text(info.vh_prot_name) },
        ties: ties_of(info),
        with_tls: info.r#type & ADOPT_ALLOW_SSL != 0,
    };
    run(&entry, &vhost, &wanted, &[])
}

fn http(vhost: Option<(Arc<Entry>, Arc<Vhost>)>, fd: c_int, early: &[u8]) -> *mut lws {
    let Some((entry, vhost)) = vhost else {
        return ptr::null_mut();
    };
    let wanted = Wanted {
        kind: Kind::Http,
        fd,
        protocol: None,
        ties: Ties::default(),
        with_tls: true,
    };
    run(&entry, &vhost, &wanted, early)
}

fn first_vhost(context: *mut lws_context, function: &str) -> Option<(Arc<Entry>, Arc<Vhost>)> {
    let entry = handle::context(context, function)?;
    let vhost = entry.context.first_vhost()?;
    Some((entry, vhost))
}

/// Makes an http server connection of a connected socket, on the context's first vhost.
///
/// `context`: the context. `accept_fd`: the socket; it is the library's from here on.
///
/// Returns the connection, or NULL; the socket is closed then.
///
/// Re-entry: dispatches, may close the new wsi.
#[unsafe(no_mangle)]
pub extern "C" fn lws_adopt_socket(context: *mut lws_context, accept_fd: c_int) -> *mut lws {
    http(first_vhost(context, "lws_adopt_socket"), accept_fd, &[])
}

/// The same on a given vhost.
///
/// `vh`: the vhost. `accept_fd`: as for lws_adopt_socket.
///
/// Returns as lws_adopt_socket.
///
/// Re-entry: as lws_adopt_socket.
#[unsafe(no_mangle)]
pub extern "C" fn lws_adopt_socket_vhost(vh: *mut lws_vhost, accept_fd: c_int) -> *mut lws {
    http(handle::vhost(vh, "lws_adopt_socket_vhost"), accept_fd, &[])
}

/// lws_adopt_socket for a socket from which the program has read already.
///
/// `context`, `accept_fd`: as for lws_adopt_socket. `readbuf`, `len`: the bytes read; copied.
///
/// Returns as lws_adopt_socket.
///
/// Re-entry: as lws_adopt_socket; the bytes are processed during the call.
///
/// # Safety
/// `readbuf` is NULL or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_adopt_socket_readbuf(
    context: *mut lws_context,
    accept_fd: c_int,
    readbuf: *const c_char,
    len: usize,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let early = unsafe { arg::bytes(readbuf.cast(), len) };
    http(
        first_vhost(context, "lws_adopt_socket_readbuf"),
        accept_fd,
        early,
    )
}

/// The same on a given vhost.
///
/// `vhost`: the vhost. `accept_fd`, `readbuf`, `len`: as for lws_adopt_socket_readbuf.
///
/// Returns as lws_adopt_socket.
///
/// Re-entry: as lws_adopt_socket_readbuf.
///
/// # Safety
/// As lws_adopt_socket_readbuf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_adopt_socket_vhost_readbuf(
    vhost: *mut lws_vhost,
    accept_fd: c_int,
    readbuf: *const c_char,
    len: usize,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let early = unsafe { arg::bytes(readbuf.cast(), len) };
    http(
        handle::vhost(vhost, "lws_adopt_socket_vhost_readbuf"),
        accept_fd,
        early,
    )
}

/// The program is through with what a raw connection brought.
///
/// `wsi`: the connection.
///
/// Returns 0 when output waits: the connection closes by itself when that has gone. Else -1, to be returned by the callback.
///
/// Re-entry: query; may close the wsi, in a later pass.
#[unsafe(no_mangle)]
pub extern "C" fn lws_raw_transaction_completed(wsi: *mut lws) -> c_int {
    handle::with_wsi(wsi, "lws_raw_transaction_completed", -1, |thread, w| {
        if !w.has_pending_tx() {
            return -1;
        }
        w.close_wanted.set(Some(CloseCause::Asked));
        thread.queue(w);
        0
    })
}
