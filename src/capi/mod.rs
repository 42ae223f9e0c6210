//! The C surface: exported functions and the calls into user code.
#![allow(
    unsafe_code,
    reason = "C callers promise what pointers point to; each block says which promise it uses"
)]

pub mod abi;
pub mod adopt;
pub mod alloc;
pub mod arg;
pub mod broadcast;
pub mod buflist;
pub mod context;
mod cstatic;
pub mod daemon;
pub mod dll2;
pub mod handle;
pub mod headers;
pub mod hooks;
pub mod info;
pub mod log;
pub mod net_help;
pub mod peer;
pub mod respond;
pub mod service;
mod sockaddr;
pub mod state_link;
pub mod sul_link;
pub mod system;
pub mod timers;
pub mod upcall;
pub mod variadic;
pub mod ws;
pub mod wsi;
