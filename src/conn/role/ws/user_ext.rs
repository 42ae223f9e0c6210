//! An extension of the program's on a connection: its life, and payload on its way through it.
//!
//! Order and arguments of the calls are the reference's (ctests/ws/extensions.case). After every call the connection
//! may be closed.

use crate::conn::close;
use crate::conn::dispatch::{call, call_extension};
use crate::conn::extension::{Bytes, Call, Callback, Known, Lent};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::ws::send::{MAX_HEADER, mask_key};
use crate::conn::role::ws::{self, WriteKind, by_side, control, pmd};
use crate::conn::role::{Input, RoleKind};
use crate::conn::thread::{RX_PRE, ServiceThread};
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::{CloseCause, RxFacts, Wsi};
use crate::proto::ws::ext::negotiate::options;
use crate::proto::ws::frame::{BINARY, Chunk, Side, encode_header};
use crate::proto::ws::mask;
use crate::proto::ws::utf8::Utf8;
use std::ffi::CStr;
use std::rc::Rc;

/// What an extension returns when it has more for the same input.
const HAS_MORE: i32 = 2;
/// What it returns when it had nothing to do.
const DID_NOTHING: i32 = 1;
/// Calls for one piece of input; an extension that always has more ends there.
const MAX_ROUNDS: usize = 1 << 16;
/// Most options of an answer that are looked at.
const MAX_OPTIONS: usize = 32;

/// The extension of a connection.
#[derive(Clone, Copy)]
pub struct UserExt {
    callback: Callback,
    c_addr: usize,
    user: usize,
}

impl UserExt {
    /// CONSTRUCT or CLIENT_CONSTRUCT: the extension and its options, or `None` when it does not want the connection or has
    /// closed it.
    pub fn construct(
        thread: &ServiceThread,
        wsi: &Wsi,
        (callback, c_addr): (Callback, usize),
        side: Side,
    ) -> Option<(Self, Vec<Known>)> {
        let mut this = Self {
            callback,
            c_addr,
            user: 0,
        };
        let (mut user, mut options) = (0, Vec::new());
        let lent = Lent::Construct {
            is_client: side == Side::Client,
            user: &mut user,
            options: &mut options,
        };
        let refused = this.call(thread, wsi, lent) != 0;
        this.user = user;
        if !refused && !wsi.is_open() {
            this.call(thread, wsi, Lent::Destroy);
            return None;
        }
        (!refused).then_some((this, options))
    }

    /// OPTION_SET for each option of a text. False at the first that the extension does not have or that has a wrong value.
    pub fn set_options(
        &self,
        thread: &ServiceThread,
        wsi: &Wsi,
        known: &[Known],
        text: &[u8],
    ) -> bool {
        for given in options(text).take(MAX_OPTIONS) {
            let found = known.iter().position(|k| k.name.to_bytes() == given.name);
            let Some((index, taken)) = found.and_then(|at| Some((at, known.get(at)?))) else {
                return false;
            };
            if !taken.takes.allows(given.value) || !wsi.is_open() {
                return false;
            }
            let value = given.value.unwrap_or_default();
            // quirk: what it returns plays no part.
            self.call(thread, wsi, Lent::OptionSet { index, value });
        }
        true
    }

    /// Whether it is the vhost's extension of that name.
    pub fn has_name(&self, wsi: &Wsi, name: &CStr) -> bool {
        wsi.on_vhost(|v| {
            let mut all = v.config.extensions.iter();
            all.any(|e| e.c_addr == self.c_addr && e.name.as_c_str() == name)
        })
        .unwrap_or(false)
    }

    /// One call.
    pub fn call(&self, thread: &ServiceThread, wsi: &Wsi, lent: Lent<'_>) -> i32 {
        let call = Call {
            context: thread.context.handle.addr(),
            extension: self.c_addr,
            wsi: wsi.handle.addr(),
            user: self.user,
            lent,
        };
        call_extension(thread, wsi, self.callback, call)
    }
}

/// The connection's extension, if it is the program's.
pub fn of(wsi: &Wsi) -> Option<UserExt> {
    wsi.with_ws(|ws| ws.extension.as_ref().and_then(ws::Extension::user))
        .flatten()
}

/// DESTROY: the connection ends, maybe before it is a ws one.
pub fn destroy(thread: &ServiceThread, wsi: &Wsi) {
    let extension = wsi.with_ws(|ws| ws.extension.take());
    let extension = extension.or_else(|| wsi.with_client(|h| h.extension.take()));
    if let Some(ext) = extension.flatten().as_ref().and_then(ws::Extension::user) {
        ext.call(thread, wsi, Lent::Destroy);
    }
}

/// RECEIVE of what the extension makes of received payload.
///
/// quirk: rx_buffer_size cuts the reads, but not what an extension gets and makes of them.
pub fn deliver(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    ext: &UserExt,
    input: &mut Input<'_>,
    at: usize,
    chunk: &Chunk,
) {
    let facts = RxFacts {
        first: chunk.first,
        last: chunk.is_final(),
        binary: chunk.opcode == BINARY,
        rsv: chunk.rsv,
        remaining: chunk.remaining,
    };
    let payload = at + chunk.payload.start..at + chunk.payload.end;
    let payload = input.buffer.get_mut(payload).unwrap_or_default();
    make(thread, wsi, ext, payload, facts);
}

fn make(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    ext: &UserExt,
    mut payload: &mut [u8],
    mut facts: RxFacts,
) {
    let (len, is_last) = (payload.len(), facts.last);
    for round in 0..MAX_ROUNDS {
        wsi.rx_facts.set(facts);
        let mut made = vec![0; RX_PRE];
        let bytes = Bytes {
            given: Some(&mut *payload),
            made: &mut made,
        };
        let said = ext.call(thread, wsi, Lent::Receive(bytes));
        if said < 0 && wsi.is_open() {
            close::close(thread, wsi, CloseCause::Asked);
        }
        if !wsi.is_open() {
            return;
        }
        facts.last = is_last && said != HAS_MORE;
        // quirk: an empty message is told unless the extension did nothing, though it made nothing.
        let is_told = round == 0 && len == 0 && said != DID_NOTHING;
        if made.len() > RX_PRE || is_told {
            tell(thread, wsi, &mut made, facts);
            facts.first = false;
        } else if round != 0 {
            return;
        }
        // quirk: what the extension left of its input is lost; a server's is asked again at the end of a frame, without any.
        payload = &mut [];
        let is_asked_again =
            len != 0 && facts.remaining == 0 && wsi.role_kind() != RoleKind::WsClient;
        if !is_asked_again && said != HAS_MORE || !wsi.is_open() {
            return;
        }
    }
}

fn tell(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, made: &mut Vec<u8>, facts: RxFacts) {
    let len = made.len() - RX_PRE;
    if !facts.binary && !is_utf8(wsi, made.get(RX_PRE..).unwrap_or_default(), facts) {
        return control::fail(
            thread,
            wsi,
            crate::proto::ws::close::BAD_CONTENT,
            pmd::BAD_UTF8,
        );
    }
    wsi.rx_facts.set(facts);
    made.push(0);
    let payload = Payload::Bytes {
        buffer: made,
        start: RX_PRE,
        len,
    };
    let reason = by_side(wsi, Reason::RECEIVE, Reason::CLIENT_RECEIVE);
    if call(thread, wsi, reason, payload) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// Whether text is what it should be, where the vhost wants that checked.
fn is_utf8(wsi: &Wsi, bytes: &[u8], facts: RxFacts) -> bool {
    wsi.with_ws(|ws| {
        if facts.first {
            ws.made_utf8 = Utf8::new();
        }
        !ws.check_utf8 || ws.made_utf8.push(bytes) && (!facts.last || ws.made_utf8.is_complete())
    })
    .unwrap_or(true)
}

/// lws_write: what the extension makes of the payload leaves in frames, which it sees too.
pub fn write(
    thread: &ServiceThread,
    wsi: &Wsi,
    ext: &UserExt,
    payload: &[u8],
    kind: WriteKind,
) -> Result<(), Dead> {
    let mut given = Some(payload.to_vec());
    let mut opcode = kind.opcode;
    for _ in 0..MAX_ROUNDS {
        let mut made = vec![0; ROOM];
        let bytes = Bytes {
            given: given.as_deref_mut(),
            made: &mut made,
        };
        let bits = WriteKind { opcode, ..kind }.bits();
        let said = ext.call(thread, wsi, Lent::Send { bytes, kind: bits });
        if said < 0 || !may_send(wsi) {
            return Err(Dead);
        }
        let is_last = said != HAS_MORE;
        send_frame(thread, wsi, ext, (opcode, kind.fin && is_last), made)?;
        if is_last {
            return Ok(());
        }
        given = None;
        opcode = 0;
    }
    Err(Dead)
}

/// Room for a frame's header before its payload.
const ROOM: usize = MAX_HEADER;

fn may_send(wsi: &Wsi) -> bool {
    wsi.is_open() && wsi.with_ws(|ws| ws.may_send_data()) == Some(true)
}

/// `made` has [`ROOM`] bytes, then the payload.
fn send_frame(
    thread: &ServiceThread,
    wsi: &Wsi,
    ext: &UserExt,
    (opcode, fin): (u8, bool),
    mut made: Vec<u8>,
) -> Result<(), Dead> {
    let mut header = [0u8; ROOM];
    let len = (made.len() - ROOM) as u64;
    let key = mask_key(thread, wsi);
    let len = encode_header(opcode, fin, false, len, key, &mut header);
    if let (Some(key), Some(payload)) = (key, made.get_mut(ROOM..)) {
        mask::apply(key, 0, payload);
    }
    let start = ROOM - len;
    let header = header.get(..len).unwrap_or_default();
    if let Some(room) = made.get_mut(start..ROOM) {
        room.copy_from_slice(header);
    }
    let mut frame = Vec::new();
    let bytes = Bytes {
        given: made.get_mut(start..),
        made: &mut frame,
    };
    if ext.call(thread, wsi, Lent::Frame(bytes)) < 0 || !may_send(wsi) {
        return Err(Dead);
    }
    tx::send(thread, wsi, b"", &frame)
}
