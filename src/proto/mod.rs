//! Protocol engines: bytes in, events out; calls in, bytes out. No I/O, no clock, no unsafe code.
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod cgi;
pub mod config;
pub mod h1;
pub mod http;
pub mod json;
pub mod proxy;
#[cfg(test)]
pub(crate) mod split_test;
pub mod strexp;
pub mod tokenize;
pub mod ws;
pub mod zip;
