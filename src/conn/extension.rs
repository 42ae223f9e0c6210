//! WebSocket extensions of a vhost: the built-in one, and the program's own with their callbacks.
//!
//! A program's extension is called through `dispatch::call_extension`, like any user code. What it is lent and what
//! it gives back crosses in [`Lent`]; bytes that it gives are copied, since they may be anywhere in its memory.

use std::ffi::{CStr, CString};

/// One entry of info.extensions.
pub struct Extension {
    /// The name that it is offered and answered with.
    pub name: CString,
    /// What clients offer: the name with options, or several such.
    pub offer: Option<CString>,
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
    /// The program's callback.
    User(Callback),
}

/// How to reach the callback of a program's extension: `run` belongs to the C surface.
#[derive(Clone, Copy)]
pub struct Callback {
    /// Calls the function at `addr`.
    pub run: fn(addr: usize, call: Call<'_>) -> i32,
    /// Address of the program's function.
    pub addr: usize,
}

/// One call of an extension.
pub struct Call<'a> {
    /// Handle of the context.
    pub context: usize,
    /// Address of the program's entry.
    pub extension: usize,
    /// Handle of the connection.
    pub wsi: usize,
    /// What the extension keeps for the connection.
    pub user: usize,
    /// Why, with what belongs to it.
    pub lent: Lent<'a>,
}

/// An option that a program's extension knows (lws: struct lws_ext_options).
pub struct Known {
    /// Its name.
    pub name: CString,
    /// What may follow it.
    pub takes: Takes,
}

/// What may follow an option's name (lws: enum lws_ext_options_types).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// `=` and a number.
    Number,
    /// That, or nothing.
    NumberOrNothing,
}

impl Takes {
    /// Whether what was given will do; `None`: no `=`.
    ///
    /// quirk: a number may be left out together with its `=`, whatever was wanted, and something may follow it.
    pub fn allows(self, value: Option<&[u8]>) -> bool {
        match (self, value) {
            (_, None) | (Self::NumberOrNothing, Some([])) => true,
            (Self::Nothing, Some(_)) => false,
            (_, Some(value)) => value.first().is_some_and(u8::is_ascii_digit),
        }
    }
}

/// The reasons of a call (lws: enum lws_extension_callback_reasons), and the arguments of each.
pub enum Lent<'a> {
    /// A connection begins; the extension says what it keeps and which options it knows.
    Construct {
        /// On the client's side.
        is_client: bool,
        /// What further calls get as `user`.
        user: &'a mut usize,
        /// The options.
        options: &'a mut Vec<Known>,
    },
    /// It ends.
    Destroy,
    /// The offer or the answer has an option.
    OptionSet {
        /// Index among the options.
        index: usize,
        /// Its value; empty for none.
        value: &'a [u8],
    },
    /// All options of the server's answer are set.
    OptionsConfirm,
    /// lws_set_extension_option.
    NamedOption {
        /// Its name.
        name: &'a CStr,
        /// Its value.
        value: &'a CStr,
    },
    /// Received payload.
    Receive(Bytes<'a>),
    /// Payload to be sent.
    Send {
        /// The bytes.
        bytes: Bytes<'a>,
        /// As given to lws_write.
        kind: u32,
    },
    /// A frame to be sent, with its header.
    Frame(Bytes<'a>),
}

/// Bytes lent to an extension, and what it made of them.
pub struct Bytes<'a> {
    /// Where they are; the extension may change them. `None` is NULL.
    pub given: Option<&'a mut [u8]>,
    /// What it gives: appended.
    pub made: &'a mut Vec<u8>,
}
