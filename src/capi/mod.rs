//! The C surface: exported functions and the calls into user code.

pub mod abi;
pub mod alloc;
pub mod buflist;
pub mod dll2;
pub mod log;
pub mod state_link;
pub mod sul_link;
pub mod variadic;
