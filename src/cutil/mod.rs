//! Containers whose memory belongs to the C program: raw places, plain pointers.
#![allow(
    unsafe_code,
    reason = "memory of the C program is only reachable through raw pointers"
)]

pub mod buflist;
pub mod dll2;
mod place;
pub mod state;
pub mod sul;
pub mod zalloc;
