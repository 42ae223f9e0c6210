//! Memory that the library allocates for the program: per-session and per-vhost-per-protocol data.

pub use crate::cutil::zalloc::Zeroed as SessionData;

/// Address for the C side, 0 where there is none.
pub fn address(data: Option<&SessionData>) -> usize {
    data.map_or(0, |d| d.as_ptr() as usize)
}
