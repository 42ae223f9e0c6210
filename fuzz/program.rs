//! The program of the targets that drive whole connections through the C interface: its callback does what the input
//! says, and keeps books of which connections live and what they were told.

use libc::{c_char, c_int, c_uint, c_void};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::os::fd::AsRawFd;
use std::ptr::null;
use websockets::capi::abi::{lws, lws_context_creation_info, lws_extension, lws_protocols};
use websockets::capi::{client, ext, headers, respond, response_headers, service, timers, ws};

/// A connection may not make more callbacks than this out of one input.
const MOST_CALLBACKS: usize = 20_000;
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
    pub(super) const CLIENT_CONNECTION_ERROR: u32 = 1;
    pub(super) const CLIENT_ESTABLISHED: u32 = 3;
    pub(super) const CLIENT_RECEIVE: u32 = 8;
    pub(super) const CLOSED_CLIENT_HTTP: u32 = 45;
    pub(super) const RECEIVE_CLIENT_HTTP: u32 = 46;
    pub(super) const RECEIVE_CLIENT_HTTP_READ: u32 = 48;
    pub(super) const CLIENT_CLOSED: u32 = 75;
    pub(super) const CLIENT_HTTP_BIND_PROTOCOL: u32 = 85;
}

#[derive(Default)]
pub(crate) struct World {
    /// What the program will do; taken from the end.
    decisions: RefCell<Vec<u8>>,
    callbacks: Cell<usize>,
    nested: Cell<bool>,
    /// Live connections: whether they have been told closed.
    live: RefCell<HashMap<usize, bool>>,
    pub(crate) context: Cell<usize>,
    pub(crate) vhosts: Cell<[usize; 2]>,
    /// How the program connects, when it is a client.
    pub(crate) connects: Cell<Option<fn(u8)>>,
    /// What the vhosts were made of: the library refers to some of it.
    pub(crate) parts: RefCell<Vec<Box<dyn std::any::Any>>>,
}

thread_local! {
    pub(crate) static WORLD: World = World::default();
}

pub(crate) fn decide() -> u8 {
    WORLD.with(|w| w.decisions.borrow_mut().pop().unwrap_or(0))
}

pub(crate) fn any_live(pick: u8) -> Option<usize> {
    WORLD.with(|w| {
        let live = w.live.borrow();
        let mut all: Vec<_> = live.keys().copied().collect();
        all.sort_unstable();
        (!all.is_empty()).then(|| all[usize::from(pick) % all.len()])
    })
}

fn is_end(why: u32) -> bool {
    matches!(
        why,
        reason::CLOSED
            | reason::CLOSED_HTTP
            | reason::RAW_CLOSE
            | reason::CLIENT_CLOSED
            | reason::CLOSED_CLIENT_HTTP
            | reason::CLIENT_CONNECTION_ERROR
    )
}

fn keep_books(wsi: *mut lws, why: u32) {
    WORLD.with(|w| {
        w.callbacks.set(w.callbacks.get() + 1);
        assert!(w.callbacks.get() < MOST_CALLBACKS, "callbacks without end");
        let mut live = w.live.borrow_mut();
        let is_client = w.connects.get().is_some();
        match why {
            reason::WSI_CREATE if is_client => {
                assert_eq!(
                    live.get(&wsi.addr()),
                    Some(&false),
                    "created out of nothing"
                );
            }
            reason::WSI_CREATE => {
                assert!(live.insert(wsi.addr(), false).is_none(), "created twice");
            }
            // A client hears of this first, and again with each redirect.
            reason::CLIENT_HTTP_BIND_PROTOCOL => {
                let told = live.insert(wsi.addr(), false);
                assert_ne!(told, Some(true), "bound after the close");
            }
            reason::WSI_DESTROY => {
                assert!(live.remove(&wsi.addr()).is_some(), "destroyed twice");
            }
            _ if is_end(why) => {
                let told = live.insert(wsi.addr(), true);
                assert_eq!(told, Some(false), "closed twice or never created");
            }
            reason::ESTABLISHED
            | reason::HTTP
            | reason::HTTP_BODY
            | reason::RECEIVE
            | reason::RAW_RX
            | reason::CLIENT_ESTABLISHED
            | reason::CLIENT_RECEIVE
            | reason::RECEIVE_CLIENT_HTTP
            | reason::RECEIVE_CLIENT_HTTP_READ => {
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

fn read_body(wsi: *mut lws) -> c_int {
    let mut room = vec![0 as c_char; 16 + 300];
    let mut len = 300;
    // SAFETY: 300 bytes behind the room for headers.
    unsafe {
        let mut start = room.as_mut_ptr().add(16);
        client::lws_http_client_read(wsi, &raw mut start, &raw mut len)
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
        20 => match WORLD.with(|w| w.connects.get()) {
            Some(connect) => connect(decide()),
            None => return head(wsi),
        },
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
        reason::RECEIVE
        | reason::RAW_RX
        | reason::HTTP_BODY
        | reason::CLIENT_RECEIVE
        | reason::RECEIVE_CLIENT_HTTP_READ
            if !input.is_null() =>
        {
            // SAFETY: what the callback is given, with the NUL behind it; sanitizers see a lie.
            let sum = unsafe { std::slice::from_raw_parts(input.cast::<u8>(), len + 1) };
            assert_eq!(sum.last(), Some(&0));
        }
        _ => {}
    }
    let mut result = act(wsi, decide());
    if decide() % 8 == 0 {
        result = act(wsi, decide());
    }
    if why == reason::RECEIVE_CLIENT_HTTP && result == 0 {
        result = read_body(wsi);
    }
    if is_end(why) || why == reason::WSI_DESTROY {
        0
    } else {
        result
    }
}

pub(crate) fn vhost_info(name: &'static std::ffi::CStr) -> lws_context_creation_info {
    // SAFETY: integers and nullable pointers.
    let mut info: lws_context_creation_info = unsafe { std::mem::zeroed() };
    info.port = -1;
    info.vhost_name = name.as_ptr();
    info.options = 1 << 13 | 1 << 8; // EXPLICIT_VHOSTS, VALIDATE_UTF8
    info
}

pub(crate) fn protocol(name: *const c_char, rx_buffer_size: usize) -> lws_protocols {
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

pub(crate) fn turn(times: usize) {
    let context = WORLD.with(|w| w.context.get());
    for _ in 0..times {
        service::lws_service(std::ptr::without_provenance_mut(context), -1);
    }
}

/// What the peers will do, read from its front.
pub(crate) struct Steps<'a>(pub(crate) &'a [u8]);

impl<'a> Steps<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn bytes(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The protocols of every vhost.
pub(crate) fn protocols() -> Box<[lws_protocols; 3]> {
    Box::new([
        protocol(c"http".as_ptr(), 0),
        protocol(c"small".as_ptr(), 16),
        protocol(null(), 0),
    ])
}

/// permessage-deflate, and the end of the list.
pub(crate) fn extensions() -> Box<[lws_extension; 2]> {
    // SAFETY: integers and nullable pointers.
    let mut list: [lws_extension; 2] = unsafe { std::mem::zeroed() };
    list[0].name = c"permessage-deflate".as_ptr();
    list[0].callback = Some(ext::lws_extension_callback_pm_deflate);
    list[0].client_offer =
        c"permessage-deflate; client_max_window_bits; server_max_window_bits=12".as_ptr();
    Box::new(list)
}

/// What a peer may leave unread: then the library must queue.
static SOCKET_BUFFER: c_int = 4096;

/// The kernel keeps little for it.
pub(crate) fn keep_small(socket: &impl AsRawFd) {
    // SAFETY: an int's address and size.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_SNDBUF,
            (&raw const SOCKET_BUFFER).cast(),
            4,
        )
    };
}

/// A well-formed frame: the first byte is the input's, the mask, if there is one, is zero.
pub(crate) fn frame(first: u8, mask: bool, payload: &[u8], repeat: usize) -> Vec<u8> {
    let body = payload.repeat(repeat);
    let bit = u8::from(mask) << 7;
    let mut out = vec![first];
    match u16::try_from(body.len()) {
        Ok(n @ 0..=125) => out.push(bit | n as u8),
        Ok(n) => {
            out.push(bit | 126);
            out.extend(n.to_be_bytes());
        }
        Err(_) => {
            out.push(bit | 127);
            out.extend((body.len() as u64).to_be_bytes());
        }
    }
    if mask {
        out.extend([0; 4]);
    }
    out.extend(body);
    out
}

/// Half of an input is what the program will do; the other half is for the peers.
pub(crate) fn begin(data: &[u8]) -> Steps<'_> {
    WORLD.with(|w| {
        w.callbacks.set(0);
        *w.decisions.borrow_mut() = data.get(data.len() / 2..).unwrap_or(&[]).to_vec();
    });
    Steps(&data[..data.len() / 2])
}

/// The peers are gone: the program does nothing more, and every connection must end. `each_turn` as often as needed.
pub(crate) fn end(mut each_turn: impl FnMut()) {
    WORLD.with(|w| w.decisions.borrow_mut().clear());
    for _ in 0..200 {
        if any_live(0).is_none() {
            return;
        }
        each_turn();
        turn(1);
    }
    panic!("connections outlive their peers");
}
