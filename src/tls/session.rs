//! One TLS connection as an engine: ciphertext in, plaintext out, and back. No I/O, no clock.
//!
//! OpenSSL reads from and writes to a pair of buffers that the caller lends for the length of a call, so a connection at
//! rest owns none. User code may run inside a call and come back to the same session: it then finds it busy, which looks like
//! a session that cannot go on now.

use crate::tls::ctx_client::ClientContext;
use crate::tls::error::{self, Failure};
use crate::tls::ffi::stream::{self, Methods, Outcome, Stream, Wire};
use crate::tls::verify::Server;
use crate::tls::{Owner, ffi, resume};
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContextRef, SslRef};
use openssl::x509::{X509, X509VerifyResult};
use std::cell::Cell;
use std::os::fd::RawFd;
use std::rc::Rc;
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
pub struct Buffers {
    input: Received,
    output: Vec<u8>,
}

impl stream::Lent for Buffers {
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
pub type Session = Stream<State>;

/// What a session is besides OpenSSL's SSL.
pub struct State {
    owner: Owner,
    fd: RawFd,
    /// Inside a call of OpenSSL.
    busy: Cell<bool>,
    ready: Cell<bool>,
    broken: Cell<bool>,
    ended: Cell<bool>,
    /// What waits; nothing, as a rule.
    held: Cell<Option<Box<Held>>>,
}

// With a reference to the SSL, the buffers lent and two counts a malloc chunk of 80 bytes on 64 bits.
const _: () = assert!(size_of::<usize>() != 8 || size_of::<Session>() <= 56);

/// Bytes that wait in a session.
#[derive(Default)]
struct Held {
    /// Received and not taken when the buffer had to be given back.
    left: Vec<u8>,
    /// Plaintext that could not be encrypted when it came.
    waiting: Vec<u8>,
}

impl State {
    /// Changes what is held.
    fn with_held<R>(&self, f: impl FnOnce(&mut Held) -> R) -> R {
        let mut held = self.held.take().unwrap_or_default();
        let result = f(&mut held);
        self.held.set(Some(held));
        result
    }

    /// Takes a part of what is held; the other one stays.
    fn take(&self, part: fn(&mut Held) -> &mut Vec<u8>) -> Vec<u8> {
        let Some(mut held) = self.held.take() else {
            return Vec::new();
        };
        let taken = std::mem::take(part(&mut held));
        if !held.left.is_empty() || !held.waiting.is_empty() {
            self.held.set(Some(held));
        }
        taken
    }

    /// How much is held: received, to be sent.
    fn lens(&self) -> (usize, usize) {
        let held = self.held.take();
        let lens = held
            .as_ref()
            .map_or((0, 0), |h| (h.left.len(), h.waiting.len()));
        self.held.set(held);
        lens
    }
}

impl Wire for State {
    type Lent = Buffers;

    fn descriptor(&self) -> RawFd {
        self.fd
    }

    /// A session that ends without goodbyes would be taken out of the cache and could not be resumed.
    fn ends_well(&self) -> bool {
        self.ready.get() && !self.broken.get()
    }

    fn methods() -> &'static OnceLock<Methods> {
        static METHODS: OnceLock<Methods> = OnceLock::new();
        &METHODS
    }
}

/// Who owns a session, as seen from OpenSSL's callbacks.
pub(crate) fn owner_of(ssl: &SslRef) -> Option<Owner> {
    stream::with_wire_of(ssl, |state: &State| state.owner)
}

impl Session {
    /// The server's side of a connection on `fd`, which is only shown by SSL_get_fd.
    pub fn server(context: &SslContextRef, owner: Owner, fd: RawFd) -> Result<Rc<Self>, Failure> {
        let mut ssl = ffi::new_ssl(context)?;
        ssl.set_accept_state();
        Self::over(ssl, owner, fd)
    }

    /// The client's side of a connection on `fd`, which is only shown by SSL_get_fd.
    pub fn client(
        context: &ClientContext,
        owner: Owner,
        fd: RawFd,
        server: &Arc<Server>,
    ) -> Result<Rc<Self>, Failure> {
        let mut ssl = Ssl::new(context.context())?;
        server.ask_of(&mut ssl)?;
        if let Some(sessions) = context.sessions() {
            sessions.use_for(&mut ssl, server);
        }
        ssl.set_connect_state();
        Self::over(ssl, owner, fd)
    }

    fn over(ssl: Ssl, owner: Owner, fd: RawFd) -> Result<Rc<Self>, Failure> {
        let state = State {
            owner,
            fd,
            busy: Cell::new(false),
            ready: Cell::new(false),
            broken: Cell::new(false),
            ended: Cell::new(false),
            held: Cell::new(None),
        };
        Stream::new(ssl, state)
    }

    /// The SSL as C knows it.
    pub fn address(&self) -> usize {
        ffi::address_of_session(self.ssl())
    }

    /// The handshake is complete.
    pub fn is_ready(&self) -> bool {
        self.wire.ready.get()
    }

    /// Somebody up the stack is inside a call of it.
    pub fn is_busy(&self) -> bool {
        self.wire.busy.get()
    }

    /// The peer has said goodbye.
    pub fn has_ended(&self) -> bool {
        self.wire.ended.get()
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
        call: impl FnOnce(&Self) -> Outcome,
    ) -> Step {
        if self.wire.broken.get() {
            return Step::Broken(Failure::because("the session has failed before"));
        }
        if self.wire.busy.replace(true) {
            return Step::Blocked;
        }
        let mut lent = Buffers {
            input: std::mem::take(input),
            output: std::mem::take(output),
        };
        let outcome = self.lend(&mut lent, call);
        *input = lent.input;
        *output = lent.output;
        self.wire.busy.set(false);
        match outcome {
            Outcome::Done(n) => Step::Done(n),
            Outcome::Blocked => Step::Blocked,
            Outcome::Ended => {
                self.wire.ended.set(true);
                Step::Ended
            }
            Outcome::Broken => {
                self.wire.broken.set(true);
                Step::Broken(ErrorStack::get().into())
            }
        }
    }

    /// Goes on with the handshake.
    pub fn handshake(&self, input: &mut Received, output: &mut Vec<u8>) -> Step {
        let step = self.run(input, output, Self::ssl_handshake);
        if matches!(step, Step::Done(_)) {
            self.wire.busy.set(true);
            let may_go_on = resume::may_go_on(self.ssl());
            self.wire.busy.set(false);
            if !may_go_on {
                self.wire.broken.set(true);
                error::forget();
                return Step::Broken(Failure::because("certificate verify failed"));
            }
            self.wire.ready.set(true);
        }
        step
    }

    /// Decrypts at most one record into `plain`.
    pub fn read(&self, input: &mut Received, plain: &mut [u8], output: &mut Vec<u8>) -> Step {
        self.run(input, output, |s| s.ssl_read(plain))
    }

    /// Encrypts `plain`. What cannot be encrypted now waits for [`Self::write_waiting`].
    pub fn write(&self, plain: &[u8], output: &mut Vec<u8>) -> Step {
        if plain.is_empty() {
            return Step::Done(0);
        }
        let waits = self.has_waiting();
        let taken = match (self.wire.ready.get() && !waits).then(|| self.write_now(plain, output)) {
            Some(Step::Done(n)) => n,
            None | Some(Step::Blocked) => 0,
            Some(other) => return other,
        };
        let rest = plain.get(taken..).unwrap_or_default();
        if rest.is_empty() {
            return Step::Done(plain.len());
        }
        self.wire.with_held(|held| {
            if held.waiting.try_reserve(rest.len()).is_err() {
                return Step::Broken(Failure::because("no memory for output"));
            }
            held.waiting.extend_from_slice(rest);
            Step::Done(plain.len())
        })
    }

    fn write_now(&self, plain: &[u8], output: &mut Vec<u8>) -> Step {
        let mut nothing = Received::default();
        let mut done = 0;
        while let Some(rest) = plain.get(done..).filter(|r| !r.is_empty()) {
            match self.run(&mut nothing, output, |s| s.ssl_write(rest)) {
                Step::Done(n) => done += n,
                Step::Blocked => break,
                other => return other,
            }
        }
        Step::Done(done)
    }

    /// True when plaintext waits to be encrypted.
    pub fn has_waiting(&self) -> bool {
        self.wire.lens().1 > 0
    }

    /// Encrypts what had to wait.
    pub fn write_waiting(&self, output: &mut Vec<u8>) -> Step {
        if !self.wire.ready.get() {
            return Step::Blocked;
        }
        let plain = self.wire.take(|held| &mut held.waiting);
        let step = self.write_now(&plain, output);
        if let Step::Done(n) = step {
            // User code may have written meanwhile: that comes behind.
            if let Some(rest) = plain.get(n..).filter(|rest| !rest.is_empty()) {
                self.wire
                    .with_held(|held| drop(held.waiting.splice(..0, rest.iter().copied())));
            }
        }
        step
    }

    /// Says goodbye, once, if the session is in a state to do so.
    pub fn say_goodbye(&self, output: &mut Vec<u8>) {
        let mut nothing = Received::default();
        if self.wire.ready.get() && !self.wire.broken.get() {
            self.run(&mut nothing, output, |s| {
                s.ssl_goodbye();
                Outcome::Done(0)
            });
            error::forget();
        }
    }

    /// Keeps what was received and not taken.
    pub fn keep(&self, received: &Received) {
        if !received.is_empty() {
            self.wire
                .with_held(|held| held.left = received.rest().to_vec());
        }
    }

    /// True when something was kept.
    pub fn has_left(&self) -> bool {
        self.wire.lens().0 > 0
    }

    /// How many bytes were kept.
    pub fn left_len(&self) -> usize {
        self.wire.lens().0
    }

    /// Puts what was kept back into a buffer, which is larger.
    pub fn restore(&self, received: &mut Received) {
        let left = self.wire.take(|held| &mut held.left);
        if let Some(room) = received.bytes.get_mut(..left.len()) {
            room.copy_from_slice(&left);
            received.start = 0;
            received.end = left.len();
        }
    }
}
