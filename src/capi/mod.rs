//! The C surface: exported functions and the calls into user code.

pub mod abi;
