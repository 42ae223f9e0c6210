//! An SSL between two buffers: OpenSSL's side of a session.
//!
//! A BIO of our own reads from and writes to a [`Wire`], which the stream owns; it does not touch the descriptor and only tells
//! SSL_get_fd its number. All calls take `&self`, since user code that runs inside one may come back.

use crate::tls::error::Failure;
use foreign_types::ForeignType;
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslRef};
use openssl_sys as sys;
use std::cell::RefCell;
use std::ffi::{c_char, c_int, c_long, c_void};
use std::mem::ManuallyDrop;
use std::os::fd::RawFd;
use std::sync::OnceLock;
use std::{ptr, slice};

/// BIO_C_GET_FD.
const GET_FD: c_int = 105;
/// BIO_TYPE_DESCRIPTOR and BIO_TYPE_SOURCE_SINK, with a number that OpenSSL itself does not use.
const KIND: c_int = 0x0100 | 0x0400 | 0x7e;

unsafe extern "C" {
    fn SSL_get_rbio(ssl: *const sys::SSL) -> *mut sys::BIO;
}

/// What OpenSSL takes for its connection.
pub trait Wire {
    /// Bytes received and not taken.
    fn received(&self) -> &[u8];
    /// So many of them have been taken.
    fn taken(&mut self, len: usize);
    /// Takes bytes to send; false when there is no memory.
    fn send(&mut self, bytes: &[u8]) -> bool;
    /// The descriptor to tell.
    fn descriptor(&self) -> RawFd;
    /// Where the type keeps the methods of its BIOs: a static of its own, since generic functions share theirs.
    fn methods() -> &'static OnceLock<Methods>;
}

/// The address of the methods of one type of wire, null where there was no memory.
pub struct Methods(usize);

/// An SSL with its wire.
pub struct Stream<W: Wire> {
    ssl: ManuallyDrop<Ssl>,
    /// From Box::into_raw; the BIO has it too.
    wire: *mut RefCell<W>,
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

fn method<W: Wire>() -> *const sys::BIO_METHOD {
    let made = W::methods().get_or_init(|| Methods(make_method::<W>().expose_provenance()));
    ptr::with_exposed_provenance(made.0)
}

fn make_method<W: Wire>() -> *mut sys::BIO_METHOD {
    // SAFETY: a static name.
    let method = unsafe { sys::BIO_meth_new(KIND, c"lws".as_ptr()) };
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

/// The wire of a BIO, unless its stream is gone.
///
/// # Safety
/// `bio` is one of ours, alive for `'a`.
unsafe fn wire_of<'a, W: Wire>(bio: *mut sys::BIO) -> Option<&'a RefCell<W>> {
    // SAFETY: by contract.
    let data: *mut RefCell<W> = unsafe { sys::BIO_get_data(bio) }.cast();
    // SAFETY: null, or the wire of a stream that is alive: it takes the pointer back when it ends.
    unsafe { data.as_ref() }
}

unsafe extern "C" fn on_read<W: Wire>(bio: *mut sys::BIO, to: *mut c_char, len: c_int) -> c_int {
    // SAFETY: OpenSSL passes the BIO, alive during the call.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    // SAFETY: it is one of ours.
    let wire = unsafe { wire_of::<W>(bio) };
    let Some(mut wire) = wire.and_then(|w| w.try_borrow_mut().ok()) else {
        return -1;
    };
    let received = wire.received();
    let len = usize::try_from(len).unwrap_or(0).min(received.len());
    if len == 0 {
        // SAFETY: alive.
        unsafe { sys::BIO_set_retry_read(bio) };
        return -1;
    }
    // SAFETY: OpenSSL gives at least `len` bytes of room, which are not ours.
    unsafe { ptr::copy_nonoverlapping(received.as_ptr().cast(), to, len) };
    wire.taken(len);
    c_int::try_from(len).unwrap_or(-1)
}

unsafe extern "C" fn on_write<W: Wire>(
    bio: *mut sys::BIO,
    from: *const c_char,
    len: c_int,
) -> c_int {
    // SAFETY: OpenSSL passes the BIO, alive during the call.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    // SAFETY: it is one of ours.
    let wire = unsafe { wire_of::<W>(bio) };
    let Some(mut wire) = wire.and_then(|w| w.try_borrow_mut().ok()) else {
        return -1;
    };
    let bytes = usize::try_from(len).unwrap_or(0);
    // SAFETY: OpenSSL gives so many bytes.
    let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), bytes) };
    if wire.send(bytes) { len } else { -1 }
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
            let wire = unsafe { wire_of::<W>(bio) };
            let fd = wire.and_then(|w| w.try_borrow().ok().map(|w| w.descriptor()));
            let fd = fd.unwrap_or(-1);
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
    pub fn new(ssl: Ssl, wire: W) -> Result<Self, Failure> {
        let method = method::<W>();
        if method.is_null() {
            return Err(Failure::because("no memory"));
        }
        // SAFETY: the method lives for ever.
        let bio = unsafe { sys::BIO_new(method) };
        if bio.is_null() {
            return Err(ErrorStack::get().into());
        }
        let wire = Box::into_raw(Box::new(RefCell::new(wire)));
        // SAFETY: alive.
        unsafe { sys::BIO_set_data(bio, wire.cast()) };
        // SAFETY: alive.
        unsafe { sys::BIO_set_init(bio, 1) };
        // SAFETY: both alive; the SSL owns the BIO from here on.
        unsafe { sys::SSL_set_bio(ssl.as_ptr(), bio, bio) };
        Ok(Self {
            ssl: ManuallyDrop::new(ssl),
            wire,
        })
    }

    /// The SSL.
    pub fn ssl(&self) -> &SslRef {
        &self.ssl
    }

    /// Looks at the wire. Not inside one of the calls below.
    pub fn with_wire<R>(&self, f: impl FnOnce(&mut W) -> R) -> R {
        // SAFETY: ours until we are dropped.
        let wire = unsafe { &*self.wire };
        f(&mut wire.borrow_mut())
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
    pub fn handshake(&self) -> Outcome {
        forget_errors();
        // SAFETY: alive.
        let result = unsafe { sys::SSL_do_handshake(self.ssl.as_ptr()) };
        self.outcome(result, 0)
    }

    /// Decrypts at most one record.
    pub fn read(&self, to: &mut [u8]) -> Outcome {
        let mut moved = 0;
        let room = to.as_mut_ptr().cast();
        forget_errors();
        // SAFETY: alive, and so many bytes of room.
        let result = unsafe { sys::SSL_read_ex(self.ssl.as_ptr(), room, to.len(), &raw mut moved) };
        self.outcome(result, moved)
    }

    /// Encrypts.
    pub fn write(&self, from: &[u8]) -> Outcome {
        let mut moved = 0;
        let bytes = from.as_ptr().cast();
        forget_errors();
        // SAFETY: alive, and so many bytes.
        let result =
            unsafe { sys::SSL_write_ex(self.ssl.as_ptr(), bytes, from.len(), &raw mut moved) };
        self.outcome(result, moved)
    }

    /// Says goodbye, unless it was said.
    pub fn say_goodbye(&self) {
        // SAFETY: alive.
        if unsafe { sys::SSL_get_shutdown(self.ssl.as_ptr()) } & sys::SSL_SENT_SHUTDOWN == 0 {
            // SAFETY: alive.
            unsafe { sys::SSL_shutdown(self.ssl.as_ptr()) };
        }
    }

    /// The session ends well, whatever was said: it may be resumed.
    pub fn keep_resumable(&self) {
        let both = sys::SSL_SENT_SHUTDOWN | sys::SSL_RECEIVED_SHUTDOWN;
        // SAFETY: alive.
        unsafe { sys::SSL_set_shutdown(self.ssl.as_ptr(), both) };
    }
}

impl<W: Wire> Drop for Stream<W> {
    fn drop(&mut self) {
        // SAFETY: alive, and the BIO is ours.
        let bio = unsafe { SSL_get_rbio(self.ssl.as_ptr()) };
        if !bio.is_null() {
            // The program may hold a reference to the SSL: it finds no wire any more.
            // SAFETY: alive.
            unsafe { sys::BIO_set_data(bio, ptr::null_mut()) };
        }
        // SAFETY: dropped once, here.
        unsafe { ManuallyDrop::drop(&mut self.ssl) };
        // SAFETY: from Box::into_raw, and nobody has it any more.
        drop(unsafe { Box::from_raw(self.wire) });
    }
}
