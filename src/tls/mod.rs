//! TLS on OpenSSL 3: contexts made of what a vhost asks for, and sessions as engines without I/O.
//!
//! A [`session::Session`] is given ciphertext and gives plaintext, and the other way round; it never touches a socket, so that
//! `conn` receives, corks and queues encrypted connections exactly as plain ones. User code may run inside its calls
//! (verification, events): what it asks of the same session then waits.
//!
//! [`ctx_server`] and [`ctx_client`] make contexts, [`material`] reads certificates and keys, [`sni_alpn`] are the decisions
//! during a handshake, [`verify`] is what a client asks of its server, [`resume`] keeps sessions for the next connection, [`x509`] looks at certificates, [`ffi`] the few calls that the `openssl` crate does not have.

mod both_sides;
pub mod ctx_client;
pub mod ctx_server;
pub mod error;
pub mod ffi;
pub mod material;
pub mod resume;
pub mod session;
pub mod sni_alpn;
pub mod verify;
pub mod x509;

use openssl::ssl::SslContextRef;

/// Who uses a session's callbacks: `conn` for its connections. The number is what the session was made with.
pub trait Hooks: Sync {
    /// An event of the vhost's mask (SSL_CB_* bits, and the value that comes with it).
    fn info(&self, owner: usize, place: i32, value: i32);
    /// The peer's certificate is being verified; `store` is the X509_STORE_CTX, `ssl` the SSL. False refuses it.
    fn verify(&self, owner: usize, accepted: bool, store: usize, ssl: usize) -> bool;
    /// The same for a server's certificate, after [`verify::Server`] has judged it.
    fn verify_server(&self, owner: usize, accepted: bool, store: usize, ssl: usize) -> bool;
    /// The client asks for a server by name: `go_on_with` is called where another context is to be used.
    fn by_name(&self, owner: usize, name: &[u8], go_on_with: &mut dyn FnMut(&SslContextRef));
}

/// What a session knows about its owner.
#[derive(Clone, Copy)]
pub struct Owner {
    /// A number that the hooks understand.
    pub number: usize,
    /// Whom to ask: one word, since every session has it.
    pub hooks: &'static &'static dyn Hooks,
    /// Events that the owner wants to hear of.
    pub events: i32,
}
