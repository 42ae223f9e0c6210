//! WebSocket extensions of a vhost: the built-in one, and the program's own with their callbacks.

use std::ffi::CString;

/// One entry of info.extensions.
pub struct Extension {
    /// The name that it is offered and answered with.
    pub name: CString,
    /// Who does the work.
    pub kind: Kind,
    /// Address of the program's entry, which its callbacks get back.
    pub c_addr: usize,
}

/// Who does an extension's work.
#[derive(Clone, Copy)]
pub enum Kind {
    /// The library's permessage-deflate.
    Deflate,
}
