//! permessage-deflate as an extension callback, for programs that put a callback of their own around it.
//!
//! A vhost that names `lws_extension_callback_pm_deflate` itself gets the library's own state (`conn::role::ws::pmd`),
//! and this is never called. A program's callback that passes its calls on comes here: everything is kept behind the
//! pointer that CONSTRUCT gives out, and the calls are those that every extension gets (`conn::role::ws::user_ext`).

use crate::capi::abi::{
    lws, lws_ext_option_arg, lws_ext_options, lws_ext_options_types as Type,
    lws_extension_callback_reasons as Reason, lws_tokens,
};
use crate::capi::arg;
use crate::capi::ext_call::Buffers;
use crate::capi::ws::{lws_get_reserved_bits, lws_is_final_fragment, lws_is_first_fragment};
use crate::conn::role::ws::pmd::INFLATE_LIMITS;
use crate::proto::ws::ext::deflate::{Deflater, End, Inflater};
use crate::proto::ws::ext::negotiate::{Direction, MAX_BITS};
use crate::proto::ws::frame::RSV1;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr;

/// Bytes that one call makes.
const ROOM: usize = 1024;
/// Room before them, which programs may use (LWS_PRE).
const PRE: usize = 16;
/// zlib's level, as the reference has it.
const LEVEL: u8 = 1;
/// LWS_WRITE_NO_FIN.
const NO_FIN: usize = 64;

/// What PAYLOAD_RX and PAYLOAD_TX return: a failure, all made, and more to come.
const FAILED: c_int = -1;
const ALL: c_int = 0;
const MORE: c_int = 2;

const OPEN: Direction = Direction {
    window_bits: MAX_BITS,
    no_context_takeover: false,
};

/// The options in the order in which OPTION_SET counts them.
const NAMES: [(&CStr, Type); 4] = [
    (c"server_no_context_takeover", Type::EXTARG_NONE),
    (c"client_no_context_takeover", Type::EXTARG_NONE),
    (c"server_max_window_bits", Type::EXTARG_OPT_DEC),
    (c"client_max_window_bits", Type::EXTARG_OPT_DEC),
];

struct Options([lws_ext_options; NAMES.len() + 1]);

// SAFETY: constant texts, never written.
unsafe impl Sync for Options {}

static OPTIONS: Options = Options({
    let mut all = [lws_ext_options {
        name: ptr::null(),
        r#type: 0,
    }; NAMES.len() + 1];
    let mut n = 0;
    while n < NAMES.len() {
        all[n].name = NAMES[n].0.as_ptr();
        all[n].r#type = NAMES[n].1 as c_uint;
        n += 1;
    }
    all
});

/// What is kept for a connection.
struct State {
    is_client: bool,
    /// The answer has a window that we cannot have.
    is_bad: bool,
    server: Direction,
    client: Direction,
    inflater: Option<Inflater>,
    deflater: Option<Deflater>,
    received: Pending,
    written: Pending,
    /// The message being received ends with what was received.
    is_last: bool,
    /// It has been inflated to its end.
    is_over: bool,
    /// There is more to be inflated of what was received.
    is_busy: bool,
    /// What follows behind what was written.
    end: End,
    /// The message being received is compressed.
    is_compressed: bool,
    room: Box<[u8; PRE + ROOM]>,
}

/// Input that did not fit in one go, and how much of it is done.
#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    done: usize,
}

impl Pending {
    fn add(&mut self, given: &lws_tokens) {
        if self.done >= self.bytes.len() {
            self.bytes.clear();
            self.done = 0;
        }
        // SAFETY: the caller of the extension says that so many bytes are there.
        let given = unsafe { arg::bytes(given.token, arg::count(given.len)) };
        self.bytes.extend_from_slice(given);
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.done..).unwrap_or_default()
    }
}

/// One call; the arguments as the callback has them.
///
/// # Safety
/// As an extension is called: `user` and `data` are what the reason says.
pub(super) unsafe fn call(
    wsi: *mut lws,
    reason: c_uint,
    user: *mut c_void,
    data: *mut c_void,
    len: usize,
) -> c_int {
    let is_client = reason == Reason::LWS_EXT_CB_CLIENT_CONSTRUCT as c_uint;
    if is_client || reason == Reason::LWS_EXT_CB_CONSTRUCT as c_uint {
        // SAFETY: the caller's promise: where to put the state and the options.
        return unsafe { construct(user.cast(), data.cast(), is_client) };
    }
    let state: *mut State = user.cast();
    if state.is_null() {
        return FAILED;
    }
    if reason == Reason::LWS_EXT_CB_DESTROY as c_uint {
        // SAFETY: made by `construct`, and the last call for the connection.
        drop(unsafe { Box::from_raw(state) });
        return 0;
    }
    // SAFETY: made by `construct`; one call at a time.
    let Some(state) = (unsafe { state.as_mut() }) else {
        return FAILED;
    };
    // SAFETY: the caller's promise.
    unsafe { with_state(state, wsi, reason, data, len) }
}

/// # Safety
/// `slot` is NULL or where the state goes, `options` NULL or where the options' address goes.
unsafe fn construct(
    slot: *mut *mut State,
    options: *mut *const lws_ext_options,
    is_client: bool,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(slot) = (unsafe { slot.as_mut() }) else {
        return FAILED;
    };
    *slot = Box::into_raw(Box::new(State {
        is_client,
        is_bad: false,
        server: OPEN,
        client: OPEN,
        inflater: None,
        deflater: None,
        received: Pending::default(),
        written: Pending::default(),
        is_last: false,
        is_over: false,
        is_busy: false,
        end: End::Message,
        is_compressed: false,
        room: Box::new([0; PRE + ROOM]),
    }));
    // SAFETY: the caller's promise.
    if let Some(options) = unsafe { options.as_mut() } {
        *options = OPTIONS.0.as_ptr();
    }
    0
}

/// # Safety
/// As [`call`].
unsafe fn with_state(
    state: &mut State,
    wsi: *mut lws,
    reason: c_uint,
    data: *mut c_void,
    len: usize,
) -> c_int {
    const OPTION_SET: c_uint = Reason::LWS_EXT_CB_OPTION_SET as c_uint;
    const NAMED_OPTION_SET: c_uint = Reason::LWS_EXT_CB_NAMED_OPTION_SET as c_uint;
    const OPTION_CONFIRM: c_uint = Reason::LWS_EXT_CB_OPTION_CONFIRM as c_uint;
    const PAYLOAD_RX: c_uint = Reason::LWS_EXT_CB_PAYLOAD_RX as c_uint;
    const PAYLOAD_TX: c_uint = Reason::LWS_EXT_CB_PAYLOAD_TX as c_uint;
    const PRESEND: c_uint = Reason::LWS_EXT_CB_PACKET_TX_PRESEND as c_uint;
    match reason {
        OPTION_SET | NAMED_OPTION_SET => {
            // SAFETY: `in` is an option then.
            let option = unsafe { data.cast::<lws_ext_option_arg>().as_ref() };
            // SAFETY: its pointers are strings, or have their lengths.
            option.map_or(FAILED, |option| unsafe { set(state, option) })
        }
        PAYLOAD_RX | PAYLOAD_TX => {
            // SAFETY: `in` is two buffers then.
            let buffers = unsafe { data.cast::<Buffers>().as_mut() };
            match buffers {
                Some(buffers) if reason == PAYLOAD_RX => receive(state, wsi, buffers),
                Some(buffers) => send(state, buffers, len),
                None => FAILED,
            }
        }
        OPTION_CONFIRM if state.is_bad => FAILED,
        PRESEND => {
            // SAFETY: `in` is the frame then.
            let frame = unsafe { data.cast::<lws_tokens>().as_ref() };
            frame.map_or(FAILED, mark)
        }
        _ => 0,
    }
}

/// # Safety
/// `option_name` is NULL or a string; `start` is NULL, has `len` bytes, or with 0 of them is a string.
unsafe fn set(state: &mut State, option: &lws_ext_option_arg) -> c_int {
    // SAFETY: the caller's promise.
    let name = unsafe { arg::text(option.option_name) };
    let index = match name {
        Some(name) => NAMES.iter().position(|n| n.0 == name),
        None => Some(arg::count(option.option_index)),
    };
    // SAFETY: the caller's promise.
    let value = unsafe { number(option.start, option.len) };
    let bits = value.filter(|bits| (9..=MAX_BITS).contains(bits));
    // zlib cannot compress with a window of 8 bits.
    let least = if index == Some(3) { 9 } else { 8 };
    let is_window = matches!(index, Some(2 | 3));
    let is_right = value.is_none_or(|bits| (least..=MAX_BITS).contains(&bits));
    state.is_bad |= is_window && state.is_client && !is_right;
    match index {
        Some(0) => state.server.no_context_takeover = value != Some(0),
        Some(1) => state.client.no_context_takeover = value != Some(0),
        Some(2) => state.server.window_bits = bits.unwrap_or(MAX_BITS),
        Some(3) => state.client.window_bits = bits.unwrap_or(MAX_BITS),
        _ => return FAILED,
    }
    0
}

/// # Safety
/// As for [`set`].
unsafe fn number(start: *const c_char, len: c_int) -> Option<u8> {
    let digits = if len > 0 {
        // SAFETY: the caller's promise.
        unsafe { arg::bytes(start.cast(), arg::count(len)) }
    } else {
        // SAFETY: the caller's promise.
        unsafe { arg::text(start) }?.to_bytes()
    };
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn give(state: &mut State, made: &mut lws_tokens, len: usize) {
    made.token = state.room.as_mut_ptr().wrapping_add(PRE);
    made.len = arg::int(len);
}

fn receive(state: &mut State, wsi: *mut lws, buffers: &mut Buffers) -> c_int {
    if !state.is_busy {
        if lws_is_first_fragment(wsi) != 0 {
            state.is_compressed = lws_get_reserved_bits(wsi) & RSV1 != 0;
            state.is_over = false;
        }
        state.is_last = lws_is_final_fragment(wsi) != 0;
    }
    let ends = state.is_last && !state.is_over;
    if !state.is_compressed || !state.is_busy && buffers.given.len <= 0 && !ends {
        return ALL;
    }
    state.received.add(&buffers.given);
    let theirs = match state.is_client {
        true => state.server,
        false => state.client,
    };
    let inflater = state.inflater.get_or_insert_with(|| Inflater::new(theirs));
    let out = state.room.get_mut(PRE..).unwrap_or_default();
    let Ok(piece) = inflater.inflate(state.received.rest(), state.is_last, out, &INFLATE_LIMITS)
    else {
        return FAILED;
    };
    state.received.done += piece.taken;
    state.is_busy = !piece.is_done;
    state.is_over = piece.is_done && state.is_last;
    give(state, &mut buffers.made, piece.written);
    if piece.is_done { ALL } else { MORE }
}

fn send(state: &mut State, buffers: &mut Buffers, kind: usize) -> c_int {
    if !buffers.given.token.is_null() {
        state.end = if kind & NO_FIN == 0 {
            End::Message
        } else {
            End::Frame
        };
        state.written.add(&buffers.given);
    }
    if state.deflater.is_none() {
        let ours = match state.is_client {
            true => state.client,
            false => state.server,
        };
        state.deflater = Deflater::new(ours, LEVEL);
    }
    let Some(deflater) = &mut state.deflater else {
        return FAILED;
    };
    let out = state.room.get_mut(PRE..).unwrap_or_default();
    let Ok(piece) = deflater.deflate(state.written.rest(), state.end, out) else {
        return FAILED;
    };
    state.written.done += piece.taken;
    give(state, &mut buffers.made, piece.written);
    if piece.is_done { ALL } else { MORE }
}

/// The first frame of a message says that it is compressed.
fn mark(frame: &lws_tokens) -> c_int {
    // SAFETY: the caller of the extension says that so many bytes are there, to be changed.
    let bytes = unsafe { arg::bytes_mut(frame.token, arg::count(frame.len)) };
    if let Some(first) = bytes.first_mut()
        && matches!(*first & 0x0f, 1 | 2)
    {
        *first |= RSV1;
    }
    0
}
