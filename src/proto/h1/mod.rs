//! HTTP/1 as sans-IO engines: requests in, bodies in chunks.
//!
//! `request` reads request line and headers into a
//! [`HeaderTable`](crate::proto::http::headers::HeaderTable); `target` and `framing` are its parts for
//! the URI and for what the headers mean. `chunked` takes chunked bodies apart, for requests and
//! responses. `response` reads status line and headers of an answer, `fields` is what both have in common. Response headers are written by [`crate::proto::http::response`].

pub mod chunked;
mod fields;
mod framing;
mod head;
pub mod request;
pub mod response;
mod target;
#[cfg(test)]
mod tests;

pub use framing::{BodyLength, UpgradeTo};
