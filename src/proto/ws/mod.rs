//! WebSocket (RFC 6455) as a set of engines without I/O: bytes in, events out; calls in, bytes out.
//!
//! `frame` decodes and encodes frames, `mask` and `utf8` are its inner loops, `close` knows the close codes,
//! `handshake` the texts around `101 Switching Protocols`, `ext` the extensions. Nothing in here owns a socket, a
//! buffer of messages or a clock; limits are arguments. The ws role of the connection layer is the caller:
//!
//! ```text
//! bytes -> frame::Decoder::feed -> Data(chunk) -> [rsv1: ext::deflate::Inflater -> utf8::Utf8] -> RECEIVE
//!                               -> Ping, Pong, Close, Violation
//! lws_write -> [ext::deflate::Deflater] -> frame::encode_header (-> mask::apply on a client) -> bytes
//! ```

pub mod close;
pub mod ext;
pub mod frame;
pub mod handshake;
pub mod mask;
#[cfg(test)]
pub(crate) mod split_test;
pub mod utf8;
