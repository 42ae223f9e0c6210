//! Distribution of system messages inside a program (lws: smd): anybody sends, peers get what their class filter lets through.
//!
//! A message waits until service thread 0 turns; then every peer gets its next one in turn, in the order of registration,
//! until none is left. Sending, registering and unregistering are allowed on any thread, also in a peer's callback. The
//! payload is a block for C behind a header of ours; peers share it. Peers' handles are numbers, so a stale one is a log
//! line. Called by the exports in here and by `hooks`, which delivers and publishes system states.

use crate::capi::abi::{lws_context, lws_smd_class_t, lws_smd_notification_cb_t, lws_smd_peer};
use crate::capi::handle;
use crate::capi::hooks::ProgramHooks;
use crate::capi::system::with_hooks;
use crate::capi::variadic::{VaList, format_into, variadic};
use crate::cutil::zalloc::{self, Allocator};
use crate::sys::clock;
use crate::util::log::log_err;
use libc::{c_char, c_int, c_void};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

/// The longest message.
pub const MAX_PAYLOAD: usize = 384;
/// Messages that may wait in a context.
pub const MAX_WAITING: usize = 12;
/// Peers of a context.
pub const MAX_PEERS: usize = 1024;
/// Messages that a peer gets in one go: those that waited, and as many that came meanwhile.
const ROUNDS: usize = 2 * MAX_WAITING;

/// What lies before a payload.
#[repr(C, align(16))]
struct Header {
    class: lws_smd_class_t,
    sent: i64,
    len: usize,
    made_by: Allocator,
}

/// A message: frees its block.
struct Message(NonNull<Header>);

// SAFETY: the block belongs to the message alone; peers' callbacks run on one thread at a time.
unsafe impl Send for Message {}
// SAFETY: as above; shared references only read the header.
unsafe impl Sync for Message {}

impl Message {
    /// With room for `len` bytes and a NUL behind them.
    fn new(class: lws_smd_class_t, len: usize) -> Option<Self> {
        let made_by = zalloc::current();
        let block = made_by.alloc_zeroed(size_of::<Header>() + len + 1, c"smd")?;
        let header = block.cast::<Header>();
        let fresh = Header {
            class,
            sent: clock::now(),
            len,
            made_by,
        };
        // SAFETY: a new block of at least this size, 16-aligned.
        unsafe { header.write(fresh) };
        Some(Self(header))
    }

    /// The one whose payload C has had.
    ///
    /// # Safety
    /// `payload` came from `into_payload` and is given back once.
    unsafe fn of_payload(payload: *mut c_void) -> Option<Self> {
        NonNull::new(payload.cast::<Header>().wrapping_sub(1)).map(Self)
    }

    fn payload(&self) -> *mut c_void {
        self.0.as_ptr().wrapping_add(1).cast()
    }

    fn into_payload(self) -> *mut c_void {
        let payload = self.payload();
        std::mem::forget(self);
        payload
    }

    fn header(&self) -> &Header {
        // SAFETY: written in `new`, and ours until the drop.
        unsafe { self.0.as_ref() }
    }

    fn fill(&mut self, text: &[u8]) {
        let len = self.header().len.min(text.len());
        // SAFETY: inside the payload, which nobody else has yet.
        unsafe { ptr::copy_nonoverlapping(text.as_ptr(), self.payload().cast(), len) };
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        let made_by = self.header().made_by;
        // SAFETY: made by it; the last use.
        unsafe { made_by.free(self.0.cast()) };
    }
}

struct Peer {
    id: usize,
    filter: lws_smd_class_t,
    callback: lws_smd_notification_cb_t,
    opaque: usize,
    waiting: VecDeque<Arc<Message>>,
}

/// The peers of a context and what waits for them.
#[derive(Default)]
pub struct Smd {
    peers: Mutex<Vec<Peer>>,
    /// Messages, once for each peer that is to get them.
    waiting: AtomicUsize,
    is_delivering: AtomicBool,
}

/// Whose peer a handle is: the handle is the number and nothing else.
static PEERS: Mutex<Vec<(usize, Weak<Smd>)>> = Mutex::new(Vec::new());
static NEXT: AtomicUsize = AtomicUsize::new(16);

impl Smd {
    /// A new peer: its handle, none when there are too many.
    pub fn register(
        self: &Arc<Self>,
        filter: lws_smd_class_t,
        callback: lws_smd_notification_cb_t,
        opaque: *mut c_void,
    ) -> Option<usize> {
        let id = NEXT.fetch_add(16, Ordering::Relaxed);
        {
            let mut peers = self.peers.lock();
            if peers.len() >= MAX_PEERS {
                return None;
            }
            peers.push(Peer {
                id,
                filter,
                callback,
                opaque: opaque.expose_provenance(),
                waiting: VecDeque::new(),
            });
        }
        let mut all = PEERS.lock();
        all.retain(|(_, smd)| smd.strong_count() > 0);
        all.push((id, Arc::downgrade(self)));
        Some(id)
    }

    fn unregister(&self, id: usize) {
        let gone = {
            let mut peers = self.peers.lock();
            let at = peers.iter().position(|p| p.id == id);
            at.map(|at| peers.remove(at))
        };
        if let Some(peer) = gone {
            self.waiting.fetch_sub(peer.waiting.len(), Ordering::AcqRel);
        }
    }

    fn is_wanted(&self, class: lws_smd_class_t) -> bool {
        self.peers.lock().iter().any(|p| p.filter & class != 0)
    }

    /// Queues a message; it comes back when too many wait.
    fn send(&self, message: Message) -> Result<(), Message> {
        let mut peers = self.peers.lock();
        let mut seen: Vec<*const Message> = peers
            .iter()
            .flat_map(|p| p.waiting.iter().map(Arc::as_ptr))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() >= MAX_WAITING {
            return Err(message);
        }
        let class = message.header().class;
        let message = Arc::new(message);
        for peer in peers.iter_mut().filter(|p| p.filter & class != 0) {
            peer.waiting.push_back(message.clone());
            self.waiting.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }

    /// Sends a text of the library's own.
    pub fn publish(&self, class: lws_smd_class_t, text: &str) {
        if !self.is_wanted(class) {
            return;
        }
        if let Some(mut message) = Message::new(class, text.len().min(MAX_PAYLOAD)) {
            message.fill(text.as_bytes());
            let _ = self.send(message);
        }
    }

    /// The next message of a peer that is still there.
    fn next_of(&self, id: usize) -> Option<(lws_smd_notification_cb_t, usize, Arc<Message>)> {
        let mut peers = self.peers.lock();
        let peer = peers.iter_mut().find(|p| p.id == id)?;
        let message = peer.waiting.pop_front()?;
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        Some((peer.callback, peer.opaque, message))
    }

    /// Gives the peers what waits for them, until the context ends; true when more came than one go takes. Not nested.
    pub fn deliver(&self, is_over: &AtomicBool) -> bool {
        if self.waiting.load(Ordering::Acquire) == 0
            || self.is_delivering.swap(true, Ordering::AcqRel)
        {
            return false;
        }
        for _ in 0..ROUNDS {
            let ids: Vec<usize> = self.peers.lock().iter().map(|p| p.id).collect();
            let mut any = false;
            for id in ids {
                if is_over.load(Ordering::Acquire) {
                    break;
                }
                if let Some((callback, opaque, message)) = self.next_of(id) {
                    any = true;
                    tell(callback, opaque, &message);
                }
            }
            if !any {
                break;
            }
        }
        self.is_delivering.store(false, Ordering::Release);
        self.waiting.load(Ordering::Acquire) > 0
    }
}

/// Calls a peer; nothing is locked.
fn tell(callback: lws_smd_notification_cb_t, opaque: usize, message: &Message) {
    let Some(callback) = callback else {
        return;
    };
    let header = message.header();
    let opaque = ptr::with_exposed_provenance_mut(opaque);
    // SAFETY: the program's function with what its type says; the payload lives until it returns.
    let _ = unsafe {
        callback(
            opaque,
            header.class,
            header.sent,
            message.payload(),
            header.len,
        )
    };
}

/// Sends and ends the wait of the service thread that delivers.
fn send(
    context: *mut lws_context,
    function: &str,
    message: Message,
) -> Result<(), Option<Message>> {
    let entry = handle::context(context, function);
    let hooks = entry.as_ref().and_then(|e| ProgramHooks::of(&e.context));
    let (Some(entry), Some(hooks)) = (&entry, hooks) else {
        return Err(Some(message));
    };
    hooks.smd.send(message).map_err(Some)?;
    if let Some(mailbox) = entry.context.mailboxes.first() {
        mailbox.wake.wake();
    }
    Ok(())
}

/// Makes a message.
///
/// `ctx`: the context. `_class`: its classes (LWSSMDCL_*, or bits of the program's own). `len`: bytes, at most 384.
///
/// Returns the payload to be written, a NUL behind it: lws_smd_msg_send or lws_smd_msg_free takes it back. NULL when no
/// peer wants such a message, it is too long, or there is no memory.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_smd_msg_alloc(
    ctx: *mut lws_context,
    _class: lws_smd_class_t,
    len: usize,
) -> *mut c_void {
    let wanted = with_hooks(ctx, "lws_smd_msg_alloc", |hooks| {
        hooks.smd.is_wanted(_class)
    });
    if wanted != Some(true) || len > MAX_PAYLOAD {
        return ptr::null_mut();
    }
    Message::new(_class, len).map_or(ptr::null_mut(), Message::into_payload)
}

/// Gives up a message that was not sent.
///
/// `payload`: where the payload is; becomes NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `payload` is NULL or valid; what it holds is NULL or came from lws_smd_msg_alloc and was not sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_smd_msg_free(payload: *mut *mut c_void) {
    if payload.is_null() {
        return;
    }
    // SAFETY: valid by contract.
    let block = unsafe { payload.replace(ptr::null_mut()) };
    if !block.is_null() {
        // SAFETY: by contract.
        drop(unsafe { Message::of_payload(block) });
    }
}

/// Sends a message to all peers that want it.
///
/// `ctx`: the context. `payload`: from lws_smd_msg_alloc, the library's from here on.
///
/// Returns 0; 1 when too many messages wait (12): the payload stays the caller's then.
///
/// Re-entry: query, any thread; peers are told by the service loop.
///
/// # Safety
/// `payload` is NULL or came from lws_smd_msg_alloc and was not sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_smd_msg_send(ctx: *mut lws_context, payload: *mut c_void) -> c_int {
    if payload.is_null() {
        return 1;
    }
    // SAFETY: by contract.
    let Some(message) = (unsafe { Message::of_payload(payload) }) else {
        return 1;
    };
    match send(ctx, "lws_smd_msg_send", message) {
        Ok(()) => 0,
        Err(back) => {
            back.map(Message::into_payload);
            1
        }
    }
}

variadic! {
    /// Sends a formatted text to all peers that want it.
    ///
    /// - `ctx`: the context.
    /// - `_class`: the message's classes.
    /// - `format`: printf format and its arguments; at most 384 bytes come out.
    ///
    /// Returns 0, also when nobody wants it; 1 when it is too long, too many messages wait, or there is no memory.
    ///
    /// Re-entry: query, any thread; peers are told by the service loop.
    ///
    /// # Safety
    /// `format` is a C string that fits the arguments.
    fn lws_smd_msg_printf(ctx: *mut lws_context, _class: lws_smd_class_t, format: *const c_char; fixed = 3) -> c_int => printf_va
}

unsafe extern "C" fn printf_va(
    ctx: *mut lws_context,
    class: lws_smd_class_t,
    format: *const c_char,
    args: VaList,
) -> c_int {
    let wanted = with_hooks(ctx, "lws_smd_msg_printf", |hooks| {
        hooks.smd.is_wanted(class)
    });
    if wanted != Some(true) || format.is_null() {
        return c_int::from(wanted.is_none() || format.is_null());
    }
    let mut text = [0; MAX_PAYLOAD + 1];
    // SAFETY: the caller's promise.
    let len = usize::try_from(unsafe { format_into(&mut text, format, args) });
    let text = len
        .ok()
        .and_then(|len| text.get(..len))
        .filter(|t| t.len() <= MAX_PAYLOAD);
    let message = text.and_then(|text| {
        let mut message = Message::new(class, text.len())?;
        message.fill(text);
        Some(message)
    });
    let sent = message.map(|message| send(ctx, "lws_smd_msg_printf", message).is_ok());
    c_int::from(sent != Some(true))
}

/// Registers a peer, which gets what is sent from now on.
///
/// `ctx`: the context. `opaque`: given to `cb`. `flags`: not used. `_class_filter`: the classes it wants. `cb`: gets the
/// messages on service thread 0; its result does not count.
///
/// Returns its handle for lws_smd_unregister, NULL for a stale context or too many peers (1024).
///
/// Re-entry: query, any thread; `cb` may do anything.
#[unsafe(no_mangle)]
pub extern "C" fn lws_smd_register(
    ctx: *mut lws_context,
    opaque: *mut c_void,
    flags: c_int,
    _class_filter: lws_smd_class_t,
    cb: lws_smd_notification_cb_t,
) -> *mut lws_smd_peer {
    let _ = flags;
    let id = with_hooks(ctx, "lws_smd_register", |hooks| {
        hooks.smd.register(_class_filter, cb, opaque)
    });
    id.flatten().map_or(ptr::null_mut(), handle::to_c)
}

/// Takes a peer out; what waits for it is dropped.
///
/// `pr`: its handle. Peers that are left when the context ends go with it.
///
/// Re-entry: query, any thread, also in its own callback.
#[unsafe(no_mangle)]
pub extern "C" fn lws_smd_unregister(pr: *mut lws_smd_peer) {
    let found = {
        let mut all = PEERS.lock();
        let at = all.iter().position(|(id, _)| *id == pr.addr());
        at.and_then(|at| all.swap_remove(at).1.upgrade())
    };
    match found {
        Some(smd) => smd.unregister(pr.addr()),
        None if pr.is_null() => {}
        None => log_err!("lws_smd_unregister: {:#x} is no live peer", pr.addr()),
    }
}
