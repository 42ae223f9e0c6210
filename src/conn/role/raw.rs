//! Raw sockets and raw files: no protocol of ours on the wire.

use crate::conn::close;
use crate::conn::dispatch::{call, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::Input;
use crate::conn::rx;
use crate::conn::thread::{RX_PRE, ServiceThread};
use crate::conn::wsi::{CloseCause, Wsi};
use std::rc::Rc;

/// Delivers one piece as RAW_RX.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    // quirk: rx_buffer_size plays no part here; the service buffer less its slack does.
    let window = thread
        .context
        .config
        .service_buffer
        .saturating_sub(rx::SLACK)
        .max(1);
    let behind = input.start.saturating_sub(RX_PRE) % window;
    let len = (window - behind).min(input.end - input.start);
    let payload = Payload::Bytes {
        buffer: input.buffer,
        start: input.start,
        len,
    };
    if call(thread, wsi, Reason::RAW_RX, payload) != 0 {
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
