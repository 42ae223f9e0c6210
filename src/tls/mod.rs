//! TLS on OpenSSL: certificates. Contexts and sessions are not here yet.
//!
//! Safe code on the `openssl` crate; it looks at no socket and knows no connection. Called by `conn` and `capi`.

pub mod x509;
