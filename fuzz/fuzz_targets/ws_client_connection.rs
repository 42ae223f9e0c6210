//! Whole client connections through the C interface, as `connection` does it for servers: requests go to a unix socket
//! where the input answers, and a program in the callback does anything, connecting again included.
#![cfg_attr(fuzzing, no_main)]

use program::{Steps, WORLD, frame, keep_small, turn, vhost_info};
use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::ptr::null;
use websockets::capi::abi::{lws_client_connect_info, lws_context, lws_vhost};
use websockets::capi::{client, context, log};
use websockets::proto::ws::handshake::accept_for;

#[path = "../program.rs"]
mod program;

/// Connections that one input may make.
const MOST_CONNECTIONS: usize = 12;

#[derive(Default)]
struct Origin {
    listener: RefCell<Option<UnixListener>>,
    /// As the library takes it.
    address: RefCell<CString>,
    made: Cell<usize>,
}

thread_local! {
    static ORIGIN: Origin = Origin::default();
}

/// One context for all inputs; it lives as long as the process.
fn start() {
    // SAFETY: no function, no level.
    unsafe { log::lws_set_log_level(0, None) };
    let (protocols, extensions) = (program::protocols(), program::extensions());
    let mut info = vhost_info(c"plain");
    // SAFETY: the records live as long as the thread.
    let (context, vhosts) = unsafe {
        let context: *mut lws_context = context::lws_create_context(&raw const info);
        info.protocols = protocols.as_ptr();
        let plain: *mut lws_vhost = context::lws_create_vhost(context, &raw const info);
        info.vhost_name = c"deflate".as_ptr();
        info.extensions = extensions.as_ptr();
        let deflate = context::lws_create_vhost(context, &raw const info);
        assert!(!context.is_null() && !plain.is_null() && !deflate.is_null());
        (context, [plain.addr(), deflate.addr()])
    };
    WORLD.with(|w| {
        w.context.set(context.addr());
        w.vhosts.set(vhosts);
        w.connects.set(Some(connect));
        w.parts.replace(vec![protocols, extensions]);
    });
    let name = format!(
        "lws-fuzz-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    );
    let address = SocketAddr::from_abstract_name(&name).expect("a short name");
    let listener = UnixListener::bind_addr(&address).expect("a free name");
    listener.set_nonblocking(true).expect("a socket");
    ORIGIN.with(|o| {
        o.listener.replace(Some(listener));
        o.address
            .replace(CString::new(format!("+@{name}")).expect("no NUL"));
    });
}

/// The program connects: with ws or http, on one of the vhosts.
fn connect(kind: u8) {
    let (made, address) = ORIGIN.with(|o| (o.made.get(), o.address.borrow().clone()));
    if made >= MOST_CONNECTIONS {
        return;
    }
    ORIGIN.with(|o| o.made.set(made + 1));
    // SAFETY: integers and nullable pointers.
    let mut info: lws_client_connect_info = unsafe { std::mem::zeroed() };
    let (context, vhosts) = WORLD.with(|w| (w.context.get(), w.vhosts.get()));
    info.context = std::ptr::without_provenance_mut(context);
    info.vhost = std::ptr::without_provenance_mut(vhosts[usize::from(kind & 1)]);
    info.address = address.as_ptr();
    info.host = c"a".as_ptr();
    info.path = c"/".as_ptr();
    info.protocol = if kind & 2 == 0 {
        null()
    } else {
        c"x,small".as_ptr()
    };
    info.local_protocol_name = if kind & 4 == 0 {
        c"http".as_ptr()
    } else {
        c"small".as_ptr()
    };
    if kind & 0x18 == 0x18 {
        info.method = c"GET".as_ptr();
        info.ssl_connection = if kind & 0x20 == 0 { 0 } else { 1 << 16 }; // LCCSCF_PIPELINE
    }
    // SAFETY: texts that live through the call.
    unsafe { client::lws_client_connect_via_info(&raw const info) };
}

/// A connection that has come.
fn accept() -> Option<UnixStream> {
    let (peer, _) = ORIGIN.with(|o| o.listener.borrow().as_ref()?.accept().ok())?;
    peer.set_nonblocking(true).ok()?;
    keep_small(&peer);
    Some(peer)
}

/// What belongs behind the accept key.
const TAILS: [&[u8]; 8] = [
    b"\r\n\r\n",
    b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    b"\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n\r\n",
    b"\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8; server_max_window_bits=9\r\n\r\n",
    b"\r\nSec-WebSocket-Extensions: permessage-deflate, permessage-deflate\r\n\r\n",
    b"\r\nSec-WebSocket-Protocol: small\r\n\r\n\x81\x02hi",
    b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0",
    b"\r\nX: y\r\n",
];

/// Reads the request and agrees to it.
fn agree(peer: &mut UnixStream, tail: u8) {
    let mut request = vec![0; 4096];
    let len = peer.read(&mut request).unwrap_or(0);
    let request = String::from_utf8_lossy(&request[..len]).into_owned();
    let key = request
        .split("Sec-WebSocket-Key: ")
        .nth(1)
        .and_then(|k| k.get(..24));
    let accept = accept_for(key.unwrap_or_default().as_bytes());
    let mut answer =
        b"HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            .to_vec();
    answer.extend(accept);
    answer.extend(TAILS[usize::from(tail) % TAILS.len()]);
    let _ = peer.write(&answer);
}

const PRESETS: [&[u8]; 12] = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n",
    b"HTTP/1.1 401 No\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
    b"\x88\x02\x03\xe8",
    b"\x89\x04ping\x8a\x04pong",
    b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0",
    b"\x01\x02ab\x00\x01c\x80\x00",
    b"\r\n",
];

/// One thing that a server does. `None`: the input is used up.
fn step(steps: &mut Steps<'_>, peers: &mut [Option<UnixStream>; 2]) -> Option<()> {
    let what = steps.byte()?;
    let slot = &mut peers[usize::from(what >> 7)];
    if slot.is_none() {
        connect(what);
        turn(2);
        *slot = accept();
    }
    let Some(peer) = slot.as_mut() else {
        return Some(());
    };
    match what % 16 {
        0 | 1 => {
            let len = usize::from(steps.byte()?);
            let _ = peer.write(steps.bytes(len));
        }
        2 | 3 => {
            let _ = peer.write(PRESETS[usize::from(steps.byte()?) % PRESETS.len()]);
        }
        4 | 5 => agree(peer, steps.byte()?),
        6 | 7 => {
            let (first, len, repeat) = (steps.byte()?, steps.byte()? % 32, steps.byte()? % 16);
            let repeat = [0, 1, 1, 1, 2, 5, 40, 500][usize::from(repeat) % 8];
            let is_masked = first & 0x44 == 0x44;
            let _ = peer.write(&frame(
                first,
                is_masked,
                steps.bytes(usize::from(len)),
                repeat,
            ));
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
    ORIGIN.with(|o| o.made.set(0));
    let mut steps = program::begin(data);
    let mut peers = [None, None];
    while step(&mut steps, &mut peers).is_some() {}
    turn(2);
    drop(peers);
    ORIGIN.with(|o| o.made.set(MOST_CONNECTIONS));
    program::end(|| while accept().is_some() {});
}
