//! A drop-in replacement for libwebsockets ("lws"), written in Rust.
//!
//! Layers, from the C program down; an arrow always points down (`tests/layering.rs` decides):
//!
//! ```text
//!  5 capi   the only `extern "C"`: parse args -> one core call -> convert the result; upcalls
//!  4 conn   Context, Vhost, ServiceThread, Wsi, roles, dispatch, close, rx/tx
//!  3 event  "fd ready", "time is up", "woken"
//!  2 proto  bytes in -> events, calls -> bytes; no I/O, no clock, no unsafe     2 sys  system calls
//!  2 tls    OpenSSL contexts, and sessions without I/O
//!  1 util   cells, buffers, time, text                      1 cutil  C-shaped containers
//! ```
//!
//! docs/architecture.md has the same picture with the path of a byte through it.

pub mod capi;
pub mod conn;
pub mod cutil;
pub mod event;
pub mod proto;
pub mod sys;
pub mod tls;
pub mod util;
