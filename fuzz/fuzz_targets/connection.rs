//! Whole connections through the C interface: any bytes in any splits, readable and writable in any order, and a program
//! in the callback that does anything. It must not break, callbacks must come in a legal order, and when the peers are
//! gone every connection must be.
//!
//! Input: steps are read from its front, what the program does in its callbacks from its end. Two peers may be connected
//! at a time, so that a callback for one can close the other.
#![cfg_attr(fuzzing, no_main)]

use program::{Steps, WORLD, frame, keep_small, turn, vhost_info};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixStream;
use websockets::capi::abi::{lws_context, lws_http_mount, lws_vhost};
use websockets::capi::{adopt, context, log};

#[path = "../program.rs"]
mod program;

/// One context for all inputs; it lives as long as the process.
fn start() {
    // SAFETY: no function, no level.
    unsafe { log::lws_set_log_level(0, None) };
    let (protocols, extensions) = (program::protocols(), program::extensions());
    // SAFETY: integers and nullable pointers.
    let mut mount: Box<lws_http_mount> = unsafe { std::mem::zeroed::<lws_http_mount>() }.into();
    mount.mountpoint = c"/f".as_ptr();
    mount.mountpoint_len = 2;
    mount.origin = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz\0")
        .as_ptr()
        .cast();
    mount.def = c"Cargo.toml".as_ptr();
    mount.origin_protocol = 2; // LWSMPRO_FILE
    let mut info = vhost_info(c"web");
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

/// A new peer on one of the vhosts; `None` when the library refused.
fn connect(kind: u8) -> Option<UnixStream> {
    let (ours, theirs) = UnixStream::pair().ok()?;
    ours.set_nonblocking(true).ok()?;
    keep_small(&ours);
    keep_small(&theirs);
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
            let _ = peer.write(&frame(first, true, steps.bytes(usize::from(len)), repeat));
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
    let mut steps = program::begin(data);
    let mut peers = [None, None];
    while step(&mut steps, &mut peers).is_some() {}
    turn(2);
    drop(peers);
    program::end(|| {});
}
