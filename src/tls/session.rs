//! One TLS connection as an engine: ciphertext in, plaintext out, and back. No I/O, no clock.
//!
//! OpenSSL reads from and writes to a pair of buffers that the caller lends for the length of a call, so a connection at
//! rest owns none. User code may run inside a call and come back to the same session: it then finds it busy, which looks like
//! a session that cannot go on now.

use crate::tls::ctx_client::ClientContext;
use crate::tls::error::{self, Failure};
use crate::tls::ffi::stream::{Methods, Outcome, Stream, Wire};
use crate::tls::verify::Server;
use crate::tls::{Owner, ffi, resume};
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::ssl::{Ssl, SslContextRef, SslRef};
use openssl::x509::{X509, X509VerifyResult};
use std::cell::{Cell, RefCell};
use std::os::fd::RawFd;
use std::sync::{Arc, OnceLock};

/// Received bytes that OpenSSL has not taken yet: a window of a buffer.
#[derive(Default)]
pub struct Received {
    /// The buffer.
    pub bytes: Vec<u8>,
    /// First byte not taken.
    pub start: usize,
    /// End of what was received.
    pub end: usize,
}

impl Received {
    /// What is not taken yet.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Room for more, once everything is taken.
    pub fn room(&mut self, limit: usize) -> &mut [u8] {
        self.start = 0;
        self.end = 0;
        let len = self.bytes.len().min(limit);
        self.bytes.get_mut(..len).unwrap_or_default()
    }

    /// True when everything is taken.
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}

/// What OpenSSL takes for its connection.
struct Buffers {
    input: Received,
    output: Vec<u8>,
    fd: RawFd,
}

impl Wire for Buffers {
    fn received(&self) -> &[u8] {
        self.input.rest()
    }

    fn taken(&mut self, len: usize) {
        self.input.start += len;
    }

    fn send(&mut self, bytes: &[u8]) -> bool {
        let has_room = self.output.try_reserve(bytes.len()).is_ok();
        if has_room {
            self.output.extend_from_slice(bytes);
        }
        has_room
    }

    fn descriptor(&self) -> RawFd {
        self.fd
    }

    fn methods() -> &'static OnceLock<Methods> {
        static METHODS: OnceLock<Methods> = OnceLock::new();
        &METHODS
    }
}

/// What came of a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// So many bytes; for a handshake: it is complete.
    Done(usize),
    /// More ciphertext is needed, or the session is busy.
    Blocked,
    /// The peer has said goodbye.
    Ended,
    /// The session cannot be used any more.
    Broken(Failure),
}

/// A session.
pub struct Session {
    stream: Stream<Buffers>,
    /// Inside a call of OpenSSL.
    busy: Cell<bool>,
    ready: Cell<bool>,
    broken: Cell<bool>,
    ended: Cell<bool>,
    /// Received and not taken when the buffer had to be given back.
    left: RefCell<Vec<u8>>,
    /// Plaintext that could not be encrypted when it came.
    waiting: RefCell<Vec<u8>>,
}

fn owner_index() -> Option<Index<Ssl, Owner>> {
    static INDEX: OnceLock<Option<Index<Ssl, Owner>>> = OnceLock::new();
    *INDEX.get_or_init(|| Ssl::new_ex_index().ok())
}

/// Who owns a session, as seen from OpenSSL's callbacks.
pub(crate) fn owner_of(ssl: &SslRef) -> Option<Owner> {
    ssl.ex_data(owner_index()?).copied()
}

/// A new SSL that knows its owner.
fn owned(context: &SslContextRef, owner: Owner) -> Result<Ssl, Failure> {
    let index = owner_index().ok_or_else(|| Failure::because("no room in sessions"))?;
    let mut ssl = Ssl::new(context)?;
    ssl.set_ex_data(index, owner);
    Ok(ssl)
}

impl Session {
    /// The server's side of a connection on `fd`, which is only shown by SSL_get_fd.
    pub fn server(context: &SslContextRef, owner: Owner, fd: RawFd) -> Result<Self, Failure> {
        let mut ssl = owned(context, owner)?;
        ssl.set_accept_state();
        Self::over(ssl, fd)
    }

    /// The client's side of a connection on `fd`, which is only shown by SSL_get_fd.
    pub fn client(
        context: &ClientContext,
        owner: Owner,
        fd: RawFd,
        server: &Arc<Server>,
    ) -> Result<Self, Failure> {
        let mut ssl = owned(context.context(), owner)?;
        server.ask_of(&mut ssl)?;
        if let Some(sessions) = context.sessions() {
            sessions.use_for(&mut ssl, server);
        }
        ssl.set_connect_state();
        Self::over(ssl, fd)
    }

    fn over(ssl: Ssl, fd: RawFd) -> Result<Self, Failure> {
        let buffers = Buffers {
            input: Received::default(),
            output: Vec::new(),
            fd,
        };
        Ok(Self {
            stream: Stream::new(ssl, buffers)?,
            busy: Cell::new(false),
            ready: Cell::new(false),
            broken: Cell::new(false),
            ended: Cell::new(false),
            left: RefCell::default(),
            waiting: RefCell::default(),
        })
    }

    /// The SSL as C knows it.
    pub fn address(&self) -> usize {
        ffi::address_of_session(self.stream.ssl())
    }

    /// The handshake is complete.
    pub fn is_ready(&self) -> bool {
        self.ready.get()
    }

    /// Somebody up the stack is inside a call of it.
    pub fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// The peer has said goodbye.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// The SSL.
    pub fn ssl(&self) -> &SslRef {
        self.stream.ssl()
    }

    /// The peer's certificate.
    pub fn peer_certificate(&self) -> Option<X509> {
        self.ssl().peer_certificate()
    }

    /// Why the peer's certificate was refused, if it was.
    pub fn verdict(&self) -> Option<&'static str> {
        let result = self.ssl().verify_result();
        (result != X509VerifyResult::OK).then(|| result.error_string())
    }

    /// Runs one call of OpenSSL with the buffers lent.
    fn run(
        &self,
        input: &mut Received,
        output: &mut Vec<u8>,
        call: impl FnOnce(&Stream<Buffers>) -> Outcome,
    ) -> Step {
        if self.broken.get() {
            return Step::Broken(Failure::because("the session has failed before"));
        }
        if self.busy.replace(true) {
            return Step::Blocked;
        }
        self.lend(input, output);
        let outcome = call(&self.stream);
        self.lend(input, output);
        self.busy.set(false);
        match outcome {
            Outcome::Done(n) => Step::Done(n),
            Outcome::Blocked => Step::Blocked,
            Outcome::Ended => {
                self.ended.set(true);
                Step::Ended
            }
            Outcome::Broken => {
                self.broken.set(true);
                Step::Broken(ErrorStack::get().into())
            }
        }
    }

    fn lend(&self, input: &mut Received, output: &mut Vec<u8>) {
        self.stream.with_wire(|wire| {
            std::mem::swap(&mut wire.input, input);
            std::mem::swap(&mut wire.output, output);
        });
    }

    /// Goes on with the handshake.
    pub fn handshake(&self, input: &mut Received, output: &mut Vec<u8>) -> Step {
        let step = self.run(input, output, Stream::handshake);
        if matches!(step, Step::Done(_)) {
            self.busy.set(true);
            let may_go_on = resume::may_go_on(self.ssl());
            self.busy.set(false);
            if !may_go_on {
                self.broken.set(true);
                error::forget();
                return Step::Broken(Failure::because("certificate verify failed"));
            }
            self.ready.set(true);
        }
        step
    }

    /// Decrypts at most one record into `plain`.
    pub fn read(&self, input: &mut Received, plain: &mut [u8], output: &mut Vec<u8>) -> Step {
        self.run(input, output, |s| s.read(plain))
    }

    /// Encrypts `plain`. What cannot be encrypted now waits for [`Self::write_waiting`].
    pub fn write(&self, plain: &[u8], output: &mut Vec<u8>) -> Step {
        if plain.is_empty() {
            return Step::Done(0);
        }
        let waits = self.has_waiting();
        let taken = match (self.ready.get() && !waits).then(|| self.write_now(plain, output)) {
            Some(Step::Done(n)) => n,
            None | Some(Step::Blocked) => 0,
            Some(other) => return other,
        };
        let rest = plain.get(taken..).unwrap_or_default();
        if rest.is_empty() {
            return Step::Done(plain.len());
        }
        let mut waiting = self.waiting.borrow_mut();
        if waiting.try_reserve(rest.len()).is_err() {
            return Step::Broken(Failure::because("no memory for output"));
        }
        waiting.extend_from_slice(rest);
        Step::Done(plain.len())
    }

    fn write_now(&self, plain: &[u8], output: &mut Vec<u8>) -> Step {
        let mut nothing = Received::default();
        let mut done = 0;
        while let Some(rest) = plain.get(done..).filter(|r| !r.is_empty()) {
            match self.run(&mut nothing, output, |s| s.write(rest)) {
                Step::Done(n) => done += n,
                Step::Blocked => break,
                other => return other,
            }
        }
        Step::Done(done)
    }

    /// True when plaintext waits to be encrypted.
    pub fn has_waiting(&self) -> bool {
        !self.waiting.borrow().is_empty()
    }

    /// Encrypts what had to wait.
    pub fn write_waiting(&self, output: &mut Vec<u8>) -> Step {
        if !self.ready.get() {
            return Step::Blocked;
        }
        let plain = self.waiting.take();
        let step = self.write_now(&plain, output);
        if let Step::Done(n) = step {
            // User code may have written meanwhile: that comes behind.
            let rest = plain.get(n..).unwrap_or_default();
            self.waiting.borrow_mut().splice(..0, rest.iter().copied());
        }
        step
    }

    /// Says goodbye, once, if the session is in a state to do so.
    pub fn say_goodbye(&self, output: &mut Vec<u8>) {
        let mut nothing = Received::default();
        if self.ready.get() && !self.broken.get() {
            self.run(&mut nothing, output, |s| {
                s.say_goodbye();
                Outcome::Done(0)
            });
            error::forget();
        }
    }

    /// Keeps what was received and not taken.
    pub fn keep(&self, received: &Received) {
        if !received.is_empty() {
            self.left.replace(received.rest().to_vec());
        }
    }

    /// True when something was kept.
    pub fn has_left(&self) -> bool {
        !self.left.borrow().is_empty()
    }

    /// How many bytes were kept.
    pub fn left_len(&self) -> usize {
        self.left.borrow().len()
    }

    /// Puts what was kept back into a buffer, which is larger.
    pub fn restore(&self, received: &mut Received) {
        let left = self.left.take();
        if let Some(room) = received.bytes.get_mut(..left.len()) {
            room.copy_from_slice(&left);
            received.start = 0;
            received.end = left.len();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A session that ends without goodbyes would be taken out of the cache and could not be resumed.
        if self.ready.get() && !self.broken.get() {
            self.stream.keep_resumable();
        }
        error::forget();
    }
}
