//! System calls behind a safe API, one family a file.

pub mod addr;
pub mod iface;
pub mod privs;
