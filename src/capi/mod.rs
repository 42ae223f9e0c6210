//! The C surface: exported functions and the calls into user code.
#![allow(
    unsafe_code,
    reason = "C callers promise what pointers point to; each block says which promise it uses"
)]

pub mod abi;
pub mod adopt;
pub mod alloc;
pub mod arg;
pub mod attach;
pub mod broadcast;
pub mod buflist;
pub mod cgi;
pub mod client;
pub mod cmdline;
pub mod context;
mod cstatic;
pub mod daemon;
pub mod dir;
pub mod dll2;
pub mod ext;
pub mod ext_call;
mod ext_pmd;
pub mod files;
pub mod handle;
pub mod headers;
pub mod hooks;
pub mod html;
pub mod humanize;
pub mod info;
pub mod json;
pub mod lejp;
pub mod log;
pub mod lwsac;
pub mod lwsws;
pub mod machine;
pub mod net_help;
pub mod peer;
pub mod plugins;
pub mod privs;
pub mod purify;
pub mod respond;
pub mod response_headers;
pub mod ring;
mod script;
pub mod service;
pub mod sha1_base64;
pub mod smd;
mod sockaddr;
pub mod spa;
pub mod state_link;
pub mod strexp;
pub mod sul_link;
pub mod system;
pub mod system_blob;
pub mod text;
pub mod timers;
pub mod tls;
pub mod tokenize;
pub mod upcall;
pub mod uri;
pub mod urlenc;
pub mod variadic;
pub mod vbi;
pub mod vfs;
pub mod ws;
pub mod wsi;
pub mod x509;
