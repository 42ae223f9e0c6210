//! Containers whose memory belongs to the C program: raw places, plain pointers.
#![allow(
    unsafe_code,
    reason = "memory of the C program is only reachable through raw pointers"
)]

pub mod buflist;
pub mod cstr;
pub mod dll2;
pub mod lejp;
pub mod lwsac;
mod place;
pub mod ring;
pub mod state;
pub mod sul;
pub mod zalloc;
