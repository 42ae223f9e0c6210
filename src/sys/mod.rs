//! System calls behind a safe API, one family a file.

pub mod dir;
pub mod whole_file;
