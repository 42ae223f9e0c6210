//! The C surface: exported functions and the calls into user code.

pub mod abi;
pub mod alloc;
pub mod buflist;
pub mod cmdline;
pub mod dir;
pub mod dll2;
pub mod files;
pub mod humanize;
pub mod json;
pub mod lejp;
pub mod log;
pub mod lwsac;
pub mod purify;
pub mod ring;
pub mod sha1_base64;
pub mod state_link;
pub mod strexp;
pub mod sul_link;
pub mod text;
pub mod tokenize;
pub mod uri;
pub mod urlenc;
pub mod variadic;
pub mod vbi;
