//! Whole connections through the C interface: any bytes in any splits, readable and writable in any order, and a program
//! in the callback that does anything. It must not break, callbacks must come in a legal order, and when the peers are
//! gone every connection must be.
//!
//! Input: steps are read from its front, what the program does in its callbacks from its end. Two peers may be connected
//! at a time, so that a callback for one can close the other.
#![cfg_attr(fuzzing, no_main)]

use libc::{c_char, c_int, c_uint, c_void};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::os::unix::net::UnixStream;
use std::ptr::null;
use websockets::capi::abi::{
    lws, lws_context, lws_context_creation_info, lws_extension, lws_http_mount, lws_protocols,
    lws_vhost,
};
use websockets::capi::{
    adopt, context, ext, headers, log, respond, response_headers, service, timers, ws,
};

/// A connection may not make more callbacks than this out of one input.
const MOST_CALLBACKS: usize = 20_000;
/// What a peer may leave unread: then the library must queue.
static SOCKET_BUFFER: c_int = 4096;

/// Callback reasons by number, from the header.
mod reason {
    pub(super) const ESTABLISHED: u32 = 0;
    pub(super) const CLOSED: u32 = 4;
    pub(super) const CLOSED_HTTP: u32 = 5;
    pub(super) const HTTP: u32 = 12;
    pub(super) const HTTP_BODY: u32 = 13;
    pub(super) const RECEIVE: u32 = 6;
    pub(super) const RAW_RX: u32 = 59;
    pub(super) const RAW_CLOSE: u32 = 60;
    pub(super) const WSI_CREATE: u32 = 29;
    pub(super) const WSI_DESTROY: u32 = 30;
}

#[derive(Default)]
struct World {
    /// What the program will do; taken from the end.
    decisions: RefCell<Vec<u8>>,
    callbacks: Cell<usize>,
    nested: Cell<bool>,
    /// Live connections: whether they have been told closed.
    live: RefCell<HashMap<usize, bool>>,
    context: Cell<usize>,
    vhosts: Cell<[usize; 2]>,
    /// What the vhosts were made of: the library refers to some of it.
    parts: RefCell<Vec<Box<dyn std::any::Any>>>,
}

thread_local! {
    static WORLD: World = World::default();
}

fn decide() -> u8 {
    WORLD.with(|w| w.decisions.borrow_mut().pop().unwrap_or(0))
}

fn any_live(pick: u8) -> Option<usize> {
    WORLD.with(|w| {
        let live = w.live.borrow();
        let mut all: Vec<_> = live.keys().copied().collect();
        all.sort_unstable();
        (!all.is_empty()).then(|| all[usize::from(pick) % all.len()])
    })
}

fn keep_books(wsi: *mut lws, why: u32) {
    WORLD.with(|w| {
        w.callbacks.set(w.callbacks.get() + 1);
        assert!(w.callbacks.get() < MOST_CALLBACKS, "callbacks without end");
        let mut live = w.live.borrow_mut();
        match why {
            reason::WSI_CREATE => {
                assert!(live.insert(wsi.addr(), false).is_none(), "created twice");
            }
            reason::WSI_DESTROY => {
                assert!(live.remove(&wsi.addr()).is_some(), "destroyed twice");
            }
            reason::CLOSED | reason::CLOSED_HTTP | reason::RAW_CLOSE => {
                let told = live.insert(wsi.addr(), true);
                assert_eq!(told, Some(false), "closed twice or never created");
            }
            reason::ESTABLISHED
            | reason::HTTP
            | reason::HTTP_BODY
            | reason::RECEIVE
            | reason::RAW_RX => {
                assert_eq!(live.get(&wsi.addr()), Some(&false), "{why} after the close");
            }
            _ => {}
        }
    });
}

/// Writes: the kind and the length are the input's.
fn write(wsi: *mut lws) -> c_int {
    const KINDS: [c_uint; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 64, 65, 66, 8];
    const LENGTHS: [usize; 8] = [0, 1, 125, 126, 1000, 4096, 70_000, 300];
    let mut room = vec![b'w'; 16 + 70_000];
    let len = LENGTHS[usize::from(decide()) % LENGTHS.len()];
    let kind = KINDS[usize::from(decide()) % KINDS.len()];
    // SAFETY: 70 000 bytes behind the room for headers.
    unsafe { ws::lws_write(wsi, room.as_mut_ptr().add(16), len, kind) }
}

/// An answer's head by the calls that programs use.
fn head(wsi: *mut lws) -> c_int {
    let mut room = vec![0u8; 16 + 1000];
    // SAFETY: all pointers are into `room`.
    unsafe {
        let start = room.as_mut_ptr().add(16);
        let end = start.add(999);
        let mut at = start;
        let len = u64::from(decide());
        let kind = c"text/plain".as_ptr();
        if response_headers::lws_add_http_common_headers(wsi, 200, kind, len, &raw mut at, end) != 0
        {
            return 1;
        }
        respond::lws_finalize_write_http_header(wsi, start, &raw mut at, end)
    }
}

fn look(wsi: *mut lws) {
    let mut room = [0 as c_char; 64];
    for token in 0..90 {
        // SAFETY: 64 bytes of room.
        unsafe { headers::lws_hdr_copy(wsi, room.as_mut_ptr(), 64, token) };
    }
    ws::lws_is_final_fragment(wsi);
    ws::lws_remaining_packet_payload(wsi);
    service::lws_partial_buffered(wsi);
}

/// One thing that a program may do. What it returns the callback returns.
fn act(wsi: *mut lws, what: u8) -> c_int {
    match what % 22 {
        0..=3 => return 0,
        4 => return -1,
        5 => return 1,
        6 | 7 => return write(wsi).min(0),
        8 => {
            write(wsi);
        }
        9 => {
            let code = 1000 + c_uint::from(decide()) * 16;
            let mut text = *b"because of that";
            // SAFETY: as long as it says.
            unsafe { ws::lws_close_reason(wsi, code, text.as_mut_ptr(), text.len()) };
            return -1;
        }
        10 => {
            service::lws_rx_flow_control(wsi, c_int::from(decide() % 2));
        }
        11 | 12 => {
            service::lws_callback_on_writable(wsi);
        }
        13 => return -c_int::from(respond::lws_http_transaction_completed(wsi) != 0),
        14 => {
            // SAFETY: a text, or none.
            return unsafe { respond::lws_return_http_status(wsi, 404, null()) };
        }
        15 => {
            let other = any_live(decide()).map_or(wsi, std::ptr::without_provenance_mut);
            // LWS_TO_KILL_SYNC, LWS_TO_KILL_ASYNC
            timers::lws_set_timeout(other, 1, -1 - c_int::from(decide() % 2));
        }
        16 => {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml\0");
            let kind = c"text/plain".as_ptr();
            // SAFETY: texts that end in NUL.
            let n =
                unsafe { respond::lws_serve_http_file(wsi, file.as_ptr().cast(), kind, null(), 0) };
            if n < 0 || n > 0 && respond::lws_http_transaction_completed(wsi) != 0 {
                return -1;
            }
        }
        17 => nest(),
        18 => {
            if let Some(other) = any_live(decide()) {
                let other = std::ptr::without_provenance_mut(other);
                service::lws_callback_on_writable(other);
                write(other);
            }
        }
        19 => look(wsi),
        20 => return head(wsi),
        _ => {
            service::lws_rx_flow_control(wsi, 1);
            service::lws_callback_on_writable(wsi);
        }
    }
    0
}

/// A pass inside a callback.
fn nest() {
    let (context, outer) = WORLD.with(|w| (w.context.get(), w.nested.replace(true)));
    if !outer {
        service::lws_service(std::ptr::without_provenance_mut(context), -1);
        WORLD.with(|w| w.nested.set(false));
    }
}

/// The program.
unsafe extern "C" fn callback(
    wsi: *mut lws,
    why: c_uint,
    _user: *mut c_void,
    input: *mut c_void,
    len: usize,
) -> c_int {
    keep_books(wsi, why);
    match why {
        reason::RECEIVE | reason::RAW_RX | reason::HTTP_BODY if !input.is_null() => {
            // SAFETY: what the callback is given, with the NUL behind it; sanitizers see a lie.
            let sum = unsafe { std::slice::from_raw_parts(input.cast::<u8>(), len + 1) };
            assert_eq!(sum.last(), Some(&0));
        }
        _ => {}
    }
    let is_end = matches!(
        why,
        reason::CLOSED | reason::CLOSED_HTTP | reason::RAW_CLOSE | reason::WSI_DESTROY
    );
    let mut result = act(wsi, decide());
    if decide() % 8 == 0 {
        result = act(wsi, decide());
    }
    if is_end { 0 } else { result }
}

fn vhost_info(name: &'static std::ffi::CStr) -> lws_context_creation_info {
    // SAFETY: integers and nullable pointers.
    let mut info: lws_context_creation_info = unsafe { std::mem::zeroed() };
    info.port = -1;
    info.vhost_name = name.as_ptr();
    info.options = 1 << 13 | 1 << 8; // EXPLICIT_VHOSTS, VALIDATE_UTF8
    info
}

fn protocol(name: *const c_char, rx_buffer_size: usize) -> lws_protocols {
    // SAFETY: integers and nullable pointers.
    let mut protocol: lws_protocols = unsafe { std::mem::zeroed() };
    if !name.is_null() {
        protocol.name = name;
        protocol.callback = Some(callback);
        protocol.per_session_data_size = 8;
        protocol.rx_buffer_size = rx_buffer_size;
    }
    protocol
}

/// One context for all inputs; it lives as long as the process.
fn start() {
    // SAFETY: no function, no level.
    unsafe { log::lws_set_log_level(0, None) };
    let protocols = vec![
        protocol(c"http".as_ptr(), 0),
        protocol(c"small".as_ptr(), 16),
        protocol(null(), 0),
    ];
    let pmd = lws_extension {
        name: c"permessage-deflate".as_ptr(),
        callback: Some(ext::lws_extension_callback_pm_deflate),
        client_offer: c"permessage-deflate".as_ptr(),
    };
    // SAFETY: integers and nullable pointers.
    let (no_ext, mut mount): (lws_extension, lws_http_mount) = unsafe { std::mem::zeroed() };
    mount.mountpoint = c"/f".as_ptr();
    mount.mountpoint_len = 2;
    mount.origin = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz\0")
        .as_ptr()
        .cast();
    mount.def = c"Cargo.toml".as_ptr();
    mount.origin_protocol = 2; // LWSMPRO_FILE
    let mut info = vhost_info(c"web");
    let (protocols, extensions, mount) = (
        Box::new(protocols),
        Box::new([pmd, no_ext]),
        Box::new(mount),
    );
    // SAFETY: the records live as long as the thread.
    let (context, vhosts) = unsafe {
        let context: *mut lws_context = context::lws_create_context(&raw const info);
        info.protocols = protocols.as_ptr();
        info.extensions = extensions.as_ptr();
        info.mounts = &raw const *mount;
        let web: *mut lws_vhost = context::lws_create_vhost(context, &raw const info);
        let mut raw_info = vhost_info(c"raw");
        raw_info.protocols = info.protocols;
        raw_info.options |= 1 << 22; // ADOPT_APPLY_LISTEN_ACCEPT_CONFIG
        raw_info.listen_accept_role = c"raw-skt".as_ptr();
        raw_info.listen_accept_protocol = c"small".as_ptr();
        let raw = context::lws_create_vhost(context, &raw const raw_info);
        assert!(!context.is_null() && !web.is_null() && !raw.is_null());
        (context, [web.addr(), raw.addr()])
    };
    WORLD.with(|w| {
        w.context.set(context.addr());
        w.vhosts.set(vhosts);
        w.parts.replace(vec![protocols, extensions, mount]);
    });
}

fn turn(times: usize) {
    let context = WORLD.with(|w| w.context.get());
    for _ in 0..times {
        service::lws_service(std::ptr::without_provenance_mut(context), -1);
    }
}

/// A new peer on one of the vhosts; `None` when the library refused.
fn connect(kind: u8) -> Option<UnixStream> {
    let (ours, theirs) = UnixStream::pair().ok()?;
    ours.set_nonblocking(true).ok()?;
    for fd in [ours.as_raw_fd(), theirs.as_raw_fd()] {
        // SAFETY: an int's address and size.
        unsafe {
            libc::setsockopt(
                fd,
                libc::SOL_SOCKET,
                libc::SO_SNDBUF,
                (&raw const SOCKET_BUFFER).cast(),
                4,
            )
        };
    }
    let vhost = WORLD.with(|w| w.vhosts.get()[usize::from(kind) % 2]);
    let vhost = std::ptr::without_provenance_mut(vhost);
    adopt::lws_adopt_socket_vhost(vhost, theirs.into_raw_fd());
    Some(ours)
}

const PRESETS: [&[u8]; 12] = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /f/Cargo.toml?a=b&c=%41 HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"5\r\nabcde\r\n0\r\n\r\n",
    b"HEAD /f/ HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=1-5\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: small\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: http\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: else\r\nConnection: Upgrade\r\n\r\n",
    b"\x88\x82\0\0\0\0\x03\xe8",
    b"\xc1\x87\0\0\0\0\xf2\x48\xcd\xc9\xc9\x07\0",
    b"abcdefghi",
];

/// A well-formed frame: the first byte is the input's, the mask is zero.
fn frame(first: u8, payload: &[u8], repeat: usize) -> Vec<u8> {
    let body = payload.repeat(repeat);
    let mut out = vec![first];
    match u16::try_from(body.len()) {
        Ok(n @ 0..=125) => out.push(0x80 | n as u8),
        Ok(n) => {
            out.push(0xfe);
            out.extend(n.to_be_bytes());
        }
        Err(_) => {
            out.push(0xff);
            out.extend((body.len() as u64).to_be_bytes());
        }
    }
    out.extend([0; 4]);
    out.extend(body);
    out
}

struct Steps<'a>(&'a [u8]);

impl<'a> Steps<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// One thing that a peer does. `None`: the input is used up.
fn step(steps: &mut Steps<'_>, peers: &mut [Option<UnixStream>; 2]) -> Option<()> {
    let what = steps.byte()?;
    let slot = &mut peers[usize::from(what >> 7)];
    if slot.is_none() {
        *slot = connect(what & 1);
    }
    let Some(peer) = slot.as_mut() else {
        return Some(());
    };
    match what % 16 {
        0 | 1 => {
            let len = usize::from(steps.byte()?);
            let _ = peer.write(steps.bytes(len));
        }
        2..=5 => {
            let _ = peer.write(PRESETS[usize::from(steps.byte()?) % PRESETS.len()]);
        }
        6 | 7 => {
            let (first, len, repeat) = (steps.byte()?, steps.byte()? % 32, steps.byte()? % 16);
            let repeat = [0, 1, 1, 1, 2, 5, 40, 500][usize::from(repeat) % 8];
            let _ = peer.write(&frame(first, steps.bytes(usize::from(len)), repeat));
        }
        8 | 9 => {
            let mut room = vec![0; usize::from(steps.byte()?) * 64];
            let _ = peer.read(&mut room);
        }
        10 => {
            let _ = peer.shutdown(Shutdown::Write);
        }
        11 => {
            *slot = None;
        }
        _ => turn(1),
    }
    Some(())
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    if WORLD.with(|w| w.context.get()) == 0 {
        start();
    }
    WORLD.with(|w| {
        w.callbacks.set(0);
        *w.decisions.borrow_mut() = data.get(data.len() / 2..).unwrap_or(&[]).to_vec();
    });
    let mut steps = Steps(&data[..data.len() / 2]);
    let mut peers = [None, None];
    while step(&mut steps, &mut peers).is_some() {}
    turn(2);
    drop(peers);
    WORLD.with(|w| w.decisions.borrow_mut().clear());
    for _ in 0..200 {
        if any_live(0).is_none() {
            return;
        }
        turn(1);
    }
    panic!("connections outlive their peers");
}
