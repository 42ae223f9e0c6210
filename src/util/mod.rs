//! Cells, buffers, time and text that know nothing about connections.

pub mod base64_c;
pub mod bufq;
pub mod cell;
pub mod humanize;
pub mod ids;
pub mod log;
pub mod purify;
pub mod put;
pub mod short_text;
pub mod uri;
pub mod urlenc;
pub mod utf8_steps;
pub mod vbi;
