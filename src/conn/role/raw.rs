//! Raw sockets and raw files: no protocol of ours on the wire.
//!
//! The two sides of a raw proxy are raw sockets whose life is told with reasons of their own; the program passes on what they
//! bring. A client belongs to a proxy when its vhost accepts the incoming side on the same protocol, or its parent is one.

use crate::conn::close;
use crate::conn::dispatch::{call, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Input, RoleKind};
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use std::rc::Rc;

/// What the beginning of such a connection is told with.
pub fn adopted(kind: RoleKind) -> Reason {
    match kind {
        RoleKind::RawProxy => Reason::RAW_PROXY_SRV_ADOPT,
        RoleKind::RawProxyClient => Reason::RAW_PROXY_CLI_ADOPT,
        _ => Reason::RAW_ADOPT,
    }
}

fn received(kind: RoleKind) -> Reason {
    match kind {
        RoleKind::RawProxy => Reason::RAW_PROXY_SRV_RX,
        RoleKind::RawProxyClient => Reason::RAW_PROXY_CLI_RX,
        _ => Reason::RAW_RX,
    }
}

/// Delivers one piece as RAW_RX.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let len = rx::window_left(thread, wsi, input).min(input.end - input.start);
    let payload = Payload::Bytes {
        buffer: input.buffer,
        start: input.start,
        len,
    };
    if call(thread, wsi, received(wsi.role_kind()), payload) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
    len
}

/// Tells that the program's descriptor is readable; the program reads it.
pub fn on_file_ready(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    wsi.readable.set(false);
    if tell(thread, wsi, Reason::RAW_RX_FILE) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
        return;
    }
    // The program may have read only a part: ask for a fresh edge, which comes at once if so.
    if wsi.is_open() && thread.registrar.rearm(wsi.fd(), wsi.handle).is_err() {
        wsi.readable.set(true);
    }
}
