//! Protocols of a vhost: the program's callback with its sizes, and the vhost's private data for it.

use crate::conn::reason::Reason;
use crate::conn::session::SessionData;
use parking_lot::Mutex;
use std::ffi::{CStr, CString};
use std::sync::atomic::AtomicUsize;

/// How to reach the program's callback: `run` belongs to the C surface, `addr` is the program's function.
#[derive(Clone, Copy)]
pub struct Callback {
    /// Calls the function at `addr`.
    pub run: fn(addr: usize, call: Call<'_>) -> i32,
    /// Address of the program's function.
    pub addr: usize,
}

/// One call of a protocol callback.
pub struct Call<'a> {
    /// Handle of the connection, 0 for none.
    pub wsi: usize,
    /// Why.
    pub reason: Reason,
    /// Per-session memory or what the reason says.
    pub user: usize,
    /// The `in` and `len` arguments.
    pub payload: Payload<'a>,
}

/// The `in` and `len` of a callback.
pub enum Payload<'a> {
    /// NULL, 0.
    Empty,
    /// Received bytes; the program may change them. One byte after them is lent for a NUL.
    Bytes {
        /// The buffer that holds them.
        buffer: &'a mut [u8],
        /// Where they are in it.
        start: usize,
        /// How many they are; at least one more byte follows in `buffer`.
        len: usize,
    },
    /// A text with the length that is reported for it.
    Text {
        /// The text.
        text: &'a CStr,
        /// `len` as the program sees it.
        len: usize,
    },
    /// A name in `user`, and in `in` and `len` room for a text.
    Room {
        /// `user`.
        name: &'a CStr,
        /// Room, zeroed.
        room: &'a mut [u8],
    },
    /// A number where a pointer is expected, with `len`.
    Number {
        /// `in`.
        value: usize,
        /// `len`.
        len: usize,
    },
    /// A number in `user` too: something of OpenSSL's.
    WithUser {
        /// `user`.
        user: usize,
        /// `in`.
        value: usize,
        /// `len`.
        len: usize,
    },
    /// struct lws_ssl_info.
    TlsEvent {
        /// SSL_CB_* bits.
        place: i32,
        /// What comes with them.
        value: i32,
    },
    /// struct lws_acme_cert_aging_args, with the days in `len`.
    CertAging {
        /// Handle of the vhost.
        vhost: usize,
        /// Days left.
        days: i64,
    },
    /// struct lws_pollargs.
    Poll {
        /// Descriptor.
        fd: i32,
        /// Events wanted from now on.
        events: i16,
        /// Events wanted until now.
        previous: i16,
    },
    /// struct lws_process_html_args over room for headers or a body piece.
    Html(&'a mut HtmlRoom),
    /// `in` is the place of a pointer into the room, which the program moves on; `len` is the room.
    Append(&'a mut HtmlRoom),
    /// struct lws_cgi_args.
    Cgi {
        /// Address of the three connections of the script.
        pipes: usize,
        /// Which of them it is about.
        channel: u32,
        /// Bytes for the script.
        data: CgiData<'a>,
        /// `len` as the program sees it.
        len: usize,
    },
    /// struct lws_process_html_args over a piece of a page that the program may change.
    Page(&'a mut PagePiece),
    /// struct lws_filter_network_conn_args, which goes into `user`; `in` is the descriptor.
    NewConnection {
        /// Descriptor of the connection.
        fd: i32,
        /// Who connects.
        peer: crate::sys::sock::Peer,
    },
}

/// The bytes that a CGI callback is about.
pub enum CgiData<'a> {
    /// None.
    None,
    /// A piece of the request's body, with the meaning of [`Payload::Bytes`].
    Bytes {
        /// The buffer that holds them.
        buffer: &'a mut [u8],
        /// Where they are in it.
        start: usize,
        /// How many they are.
        len: usize,
    },
}

/// Room that a callback may fill: for ADD_HEADERS, CHECK_ACCESS_RIGHTS.
#[derive(Default)]
pub struct HtmlRoom {
    /// The bytes; their number is what the program may use.
    pub room: Vec<u8>,
    /// How many are used.
    pub used: usize,
}

/// A piece of a page on its way through PROCESS_HTML.
#[derive(Default)]
pub struct PagePiece {
    /// Room with some bytes free before and behind the piece.
    pub room: Vec<u8>,
    /// Where the piece begins.
    pub start: usize,
    /// Its length.
    pub len: usize,
    /// How long the program may make it.
    pub max_len: usize,
    /// The page ends with it.
    pub is_final: bool,
    /// It is to have the form of a chunk.
    pub is_chunked: bool,
}

/// One protocol of a vhost.
pub struct Protocol {
    /// Its name.
    pub name: CString,
    /// The program's callback.
    pub callback: Callback,
    /// per_session_data_size; lws_adjust_protocol_psds changes it.
    pub session_len: AtomicUsize,
    /// rx_buffer_size.
    pub rx_len: usize,
    /// Address of the C copy, which lws_get_protocol gives.
    pub c_addr: usize,
    /// Address of the option list for PROTOCOL_INIT, 0 without.
    pub options: usize,
    /// lws_protocol_vh_priv_zalloc's memory.
    pub vhost_private: Mutex<Option<SessionData>>,
}

impl Protocol {
    /// True when the other side means the same protocol: same function, same name.
    pub fn is_same(&self, callback_addr: usize, name: &CStr) -> bool {
        self.callback.addr == callback_addr && self.name.as_c_str() == name
    }
}
