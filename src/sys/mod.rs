//! System calls behind a safe API, one family a file.

pub mod addr;
pub mod daemon;
pub mod iface;
pub mod privs;
