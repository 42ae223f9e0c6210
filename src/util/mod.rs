//! Cells, buffers, time and text that know nothing about connections.

pub mod log;
