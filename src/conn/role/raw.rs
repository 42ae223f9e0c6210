//! Raw sockets and raw files: no protocol of ours on the wire.

use crate::conn::close;
use crate::conn::dispatch::{call, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::Input;
use crate::conn::rx;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use std::rc::Rc;

/// Delivers one piece as RAW_RX.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let len = rx::window_left(thread, wsi, input).min(input.end - input.start);
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
