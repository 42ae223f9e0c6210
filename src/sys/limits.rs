//! Process limits that size tables: the number of descriptors.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;

/// The soft limit of open descriptors; unlimited counts as 2^30.
pub fn descriptors() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(1 << 30)
}

/// Sets the soft limit of open descriptors (info.rlimit_nofile), and the hard one where it is lower.
pub fn set_descriptors(count: u64) -> io::Result<()> {
    let maximum = getrlimit(Resource::Nofile).maximum.map(|m| m.max(count));
    Ok(setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(count),
            maximum,
        },
    )?)
}
