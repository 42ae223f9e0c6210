//! Cells, buffers, time and text that know nothing about connections.

pub mod bufq;
pub mod cell;
pub mod ids;
pub mod log;
