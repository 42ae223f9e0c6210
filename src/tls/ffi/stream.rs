//! An SSL between two buffers: OpenSSL's side of a session.
//!
//! A BIO of our own reads from and writes to buffers that are lent for the length of a call. Its data is the stream, so that OpenSSL's
//! callbacks find what they need by way of the SSL, and a stream is one piece of memory beside OpenSSL's own. It does not touch the
//! descriptor and only tells SSL_get_fd its number. All calls take `&self`, since user code that runs inside one may come back.

use crate::tls::error::Failure;
use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslRef};
use openssl_sys as sys;
use std::cell::Cell;
use std::ffi::{c_char, c_int, c_long, c_void};
use std::mem::ManuallyDrop;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::OnceLock;
use std::{ptr, slice};

/// BIO_C_GET_FD.
const GET_FD: c_int = 105;
/// BIO_TYPE_DESCRIPTOR and BIO_TYPE_SOURCE_SINK.
const KIND: c_int = 0x0100 | 0x0400;

unsafe extern "C" {
    fn SSL_get_rbio(ssl: *const sys::SSL) -> *mut sys::BIO;
    fn BIO_get_new_index() -> c_int;
    fn BIO_method_type(bio: *const sys::BIO) -> c_int;
}

/// What is lent to OpenSSL for a call.
pub trait Lent {
    /// Bytes received and not taken.
    fn received(&self) -> &[u8];
    /// So many of them have been taken.
    fn taken(&mut self, len: usize);
    /// Takes bytes to send; false when there is no memory.
    fn send(&mut self, bytes: &[u8]) -> bool;
}

/// What a stream carries for whoever uses it.
pub trait Wire {
    /// What is lent for its calls.
    type Lent: Lent;
    /// The descriptor to tell.
    fn descriptor(&self) -> RawFd;
    /// True when the session may be resumed, whatever was said at its end.
    fn ends_well(&self) -> bool;
    /// Where the type keeps the methods of its BIOs: a static of its own, since generic functions share theirs.
    fn methods() -> &'static OnceLock<Methods>;
}

/// The methods of one type of wire, and the type of BIO that nobody else has.
pub struct Methods {
    /// Address, null where there was no memory.
    at: usize,
    kind: c_int,
}

/// An SSL with its wire.
pub struct Stream<W: Wire> {
    ssl: ManuallyDrop<Ssl>,
    /// Null outside of a call.
    lent: Cell<*mut W::Lent>,
    /// Whoever uses it.
    pub wire: W,
}

/// What a call came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// So many bytes; 0 where it is not about bytes.
    Done(usize),
    /// More input is needed.
    Blocked,
    /// The peer has said goodbye.
    Ended,
    /// It failed; OpenSSL's queue may say why.
    Broken,
}

/// What others have left in the thread's queue would be taken for ours.
fn forget_errors() {
    // SAFETY: only looks.
    if unsafe { sys::ERR_peek_last_error() } != 0 {
        // SAFETY: the thread's own queue.
        unsafe { sys::ERR_clear_error() };
    }
}

fn methods<W: Wire>() -> &'static Methods {
    W::methods().get_or_init(|| {
        // SAFETY: only counts.
        let kind = KIND | unsafe { BIO_get_new_index() };
        Methods {
            at: make_method::<W>(kind).expose_provenance(),
            kind,
        }
    })
}

fn make_method<W: Wire>(kind: c_int) -> *mut sys::BIO_METHOD {
    if kind < 0 {
        return ptr::null_mut();
    }
    // SAFETY: a static name.
    let method = unsafe { sys::BIO_meth_new(kind, c"lws".as_ptr()) };
    if method.is_null() {
        return method;
    }
    // SAFETY: alive, and the function has the right type.
    unsafe { sys::BIO_meth_set_read__fixed_rust(method, Some(on_read::<W>)) };
    // SAFETY: alive, and the function has the right type.
    unsafe { sys::BIO_meth_set_write__fixed_rust(method, Some(on_write::<W>)) };
    // SAFETY: alive, and the function has the right type.
    unsafe { sys::BIO_meth_set_ctrl__fixed_rust(method, Some(on_control::<W>)) };
    method
}

/// The stream of a BIO, unless it is gone.
///
/// # Safety
/// `bio` is one of ours, of this type of wire, and it and its stream are alive for `'a`.
unsafe fn stream_of<'a, W: Wire>(bio: *mut sys::BIO) -> Option<&'a Stream<W>> {
    // SAFETY: by contract.
    let data: *const Stream<W> = unsafe { sys::BIO_get_data(bio) }.cast();
    // SAFETY: null, or a stream that is alive: it takes the pointer back when it ends.
    unsafe { data.as_ref() }
}

/// The SSL's BIO for input, if it is one of this type: the program may have given it another.
fn bio_of<W: Wire>(ssl: &SslRef) -> Option<*mut sys::BIO> {
    // SAFETY: alive.
    let bio = unsafe { SSL_get_rbio(ssl.as_ptr()) };
    if bio.is_null() {
        return None;
    }
    // SAFETY: alive, as long as the SSL.
    let kind = unsafe { BIO_method_type(bio) };
    (kind == methods::<W>().kind).then_some(bio)
}

/// Runs `f` on the wire that an SSL belongs to.
pub fn with_wire_of<W: Wire, R>(ssl: &SslRef, f: impl FnOnce(&W) -> R) -> Option<R> {
    let bio = bio_of::<W>(ssl)?;
    // SAFETY: of this type, and alive as long as the SSL; its stream owns the SSL, and ends at its own thread only.
    let stream = unsafe { stream_of::<W>(bio) }?;
    Some(f(&stream.wire))
}

/// What is lent to the BIO's stream, null outside of its calls.
///
/// # Safety
/// As [`stream_of`].
unsafe fn lent_to<'a, W: Wire>(bio: *mut sys::BIO) -> Option<&'a mut W::Lent>
where
    W::Lent: 'a,
{
    // SAFETY: by contract.
    let stream = unsafe { stream_of::<W>(bio) }?;
    // SAFETY: null, or lent by the call we are in, which does not touch it meanwhile; nor do two functions below at once.
    unsafe { stream.lent.get().as_mut() }
}

unsafe extern "C" fn on_read<W: Wire>(bio: *mut sys::BIO, to: *mut c_char, len: c_int) -> c_int {
    // SAFETY: OpenSSL passes the BIO, alive during the call.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    // SAFETY: it is one of ours, and nobody ends a stream inside a call.
    let lent = unsafe { lent_to::<W>(bio) };
    let received = lent.as_ref().map_or(&[][..], |lent| lent.received());
    let len = usize::try_from(len).unwrap_or(0).min(received.len());
    if len == 0 {
        // SAFETY: alive.
        unsafe { sys::BIO_set_retry_read(bio) };
        return -1;
    }
    // SAFETY: OpenSSL gives at least `len` bytes of room, which are not ours.
    unsafe { ptr::copy_nonoverlapping(received.as_ptr().cast(), to, len) };
    if let Some(lent) = lent {
        lent.taken(len);
    }
    c_int::try_from(len).unwrap_or(-1)
}

unsafe extern "C" fn on_write<W: Wire>(
    bio: *mut sys::BIO,
    from: *const c_char,
    len: c_int,
) -> c_int {
    // SAFETY: OpenSSL passes the BIO, alive during the call.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    // SAFETY: it is one of ours, and nobody ends a stream inside a call.
    let Some(lent) = (unsafe { lent_to::<W>(bio) }) else {
        // The program writes by itself, which is said to be of no use.
        return len;
    };
    let bytes = usize::try_from(len).unwrap_or(0);
    // SAFETY: OpenSSL gives so many bytes.
    let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), bytes) };
    if lent.send(bytes) { len } else { -1 }
}

unsafe extern "C" fn on_control<W: Wire>(
    bio: *mut sys::BIO,
    command: c_int,
    _number: c_long,
    place: *mut c_void,
) -> c_long {
    match command {
        sys::BIO_CTRL_FLUSH => 1,
        GET_FD => {
            // SAFETY: OpenSSL passes the BIO, one of ours, alive during the call.
            let stream = unsafe { stream_of::<W>(bio) };
            let fd = stream.map_or(-1, |s| s.wire.descriptor());
            let place: *mut c_int = place.cast();
            // SAFETY: null, or the caller's int.
            if let Some(place) = unsafe { place.as_mut() } {
                *place = fd;
            }
            c_long::from(fd)
        }
        _ => 0,
    }
}

impl<W: Wire> Stream<W> {
    /// Puts an SSL between the buffers of `wire`.
    pub fn new(ssl: Ssl, wire: W) -> Result<Rc<Self>, Failure> {
        let method: *const sys::BIO_METHOD = ptr::with_exposed_provenance(methods::<W>().at);
        if method.is_null() {
            return Err(Failure::because("no memory"));
        }
        // SAFETY: the method lives for ever.
        let bio = unsafe { sys::BIO_new(method) };
        if bio.is_null() {
            return Err(ErrorStack::get().into());
        }
        let stream = Rc::new(Self {
            ssl: ManuallyDrop::new(ssl),
            lent: Cell::new(ptr::null_mut()),
            wire,
        });
        // SAFETY: alive; the stream takes the pointer back when it ends.
        unsafe { sys::BIO_set_data(bio, Rc::as_ptr(&stream).cast_mut().cast()) };
        // SAFETY: alive.
        unsafe { sys::BIO_set_init(bio, 1) };
        // SAFETY: both alive; the SSL owns the BIO from here on.
        unsafe { sys::SSL_set_bio(stream.ssl.as_ptr(), bio, bio) };
        Ok(stream)
    }

    /// The SSL.
    pub fn ssl(&self) -> &SslRef {
        &self.ssl
    }

    /// Lends `what` to OpenSSL while `f` runs.
    pub fn lend<R>(&self, what: &mut W::Lent, f: impl FnOnce(&Self) -> R) -> R {
        /// Takes it back, also when `f` does not return.
        struct Back<'a, T>(&'a Cell<*mut T>, *mut T);
        impl<T> Drop for Back<'_, T> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _back = Back(&self.lent, self.lent.replace(what));
        f(self)
    }

    fn outcome(&self, result: c_int, moved: usize) -> Outcome {
        if result > 0 {
            return Outcome::Done(moved);
        }
        // SAFETY: alive.
        match unsafe { sys::SSL_get_error(self.ssl.as_ptr(), result) } {
            sys::SSL_ERROR_WANT_READ | sys::SSL_ERROR_WANT_WRITE => Outcome::Blocked,
            sys::SSL_ERROR_ZERO_RETURN => Outcome::Ended,
            _ => Outcome::Broken,
        }
    }

    /// Goes on with the handshake.
    pub fn ssl_handshake(&self) -> Outcome {
        forget_errors();
        // SAFETY: alive.
        let result = unsafe { sys::SSL_do_handshake(self.ssl.as_ptr()) };
        self.outcome(result, 0)
    }

    /// Decrypts at most one record.
    pub fn ssl_read(&self, to: &mut [u8]) -> Outcome {
        let mut moved = 0;
        let room = to.as_mut_ptr().cast();
        forget_errors();
        // SAFETY: alive, and so many bytes of room.
        let result = unsafe { sys::SSL_read_ex(self.ssl.as_ptr(), room, to.len(), &raw mut moved) };
        self.outcome(result, moved)
    }

    /// Encrypts.
    pub fn ssl_write(&self, from: &[u8]) -> Outcome {
        let mut moved = 0;
        let bytes = from.as_ptr().cast();
        forget_errors();
        // SAFETY: alive, and so many bytes.
        let result =
            unsafe { sys::SSL_write_ex(self.ssl.as_ptr(), bytes, from.len(), &raw mut moved) };
        self.outcome(result, moved)
    }

    /// Says goodbye, unless it was said.
    pub fn ssl_goodbye(&self) {
        // SAFETY: alive.
        if unsafe { sys::SSL_get_shutdown(self.ssl.as_ptr()) } & sys::SSL_SENT_SHUTDOWN == 0 {
            // SAFETY: alive.
            unsafe { sys::SSL_shutdown(self.ssl.as_ptr()) };
        }
    }
}

impl<W: Wire> Drop for Stream<W> {
    fn drop(&mut self) {
        if self.wire.ends_well() {
            let both = sys::SSL_SENT_SHUTDOWN | sys::SSL_RECEIVED_SHUTDOWN;
            // SAFETY: alive.
            unsafe { sys::SSL_set_shutdown(self.ssl.as_ptr(), both) };
        }
        if let Some(bio) = bio_of::<W>(&self.ssl) {
            // The program may hold a reference to the SSL: it finds no stream any more.
            // SAFETY: alive.
            unsafe { sys::BIO_set_data(bio, ptr::null_mut()) };
        }
        // SAFETY: dropped once, here.
        unsafe { ManuallyDrop::drop(&mut self.ssl) };
        forget_errors();
    }
}
