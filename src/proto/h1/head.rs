//! What goes in and comes out of the request parser: limits, methods, refusals, the head.
//!
//! Plain values without behaviour of their own. They are named through
//! [`request`](super::request), which reads the bytes.

use super::framing::{BodyLength, UpgradeTo};
pub use crate::proto::http::response::Version;
use crate::proto::http::token::Token;

/// Header lines accepted in one request.
pub const DEFAULT_MAX_HEADERS: usize = 256;

/// The text of the refusal that is a 414.
pub(super) const TARGET_TOO_LONG: &str = "request target too long";

/// A request method; the discriminants are what `lws_http_get_uri_and_method()` returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the methods")]
pub enum Method {
    Get = 0,
    Post = 1,
    Options = 2,
    Put = 3,
    Patch = 4,
    Delete = 5,
    Connect = 6,
    Head = 7,
}

impl Method {
    /// Its name in a request line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Options => "OPTIONS",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
            Self::Head => "HEAD",
        }
    }
}

pub(super) const METHODS: [(&[u8], Method, Token); 8] = [
    (b"GET ", Method::Get, Token::GET_URI),
    (b"POST ", Method::Post, Token::POST_URI),
    (b"OPTIONS ", Method::Options, Token::OPTIONS_URI),
    (b"PUT ", Method::Put, Token::PUT_URI),
    (b"PATCH ", Method::Patch, Token::PATCH_URI),
    (b"DELETE ", Method::Delete, Token::DELETE_URI),
    (b"CONNECT ", Method::Connect, Token::CONNECT),
    (b"HEAD ", Method::Head, Token::HEAD_URI),
];

impl Method {
    /// The token under which the table has the request's path.
    pub fn uri_token(self) -> Token {
        METHODS
            .iter()
            .find(|(_, m, _)| *m == self)
            .map_or(Token::GET_URI, |(_, _, token)| *token)
    }
}

/// What the parser accepts; the amount of header data is limited by the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestLimits {
    /// Header lines.
    pub max_headers: usize,
    /// Bytes on the wire from the first to the blank line; stops padding that no table would hold.
    pub max_bytes: usize,
    /// [`RequestParser::raw_target`](super::request::RequestParser::raw_target) is wanted.
    pub keeps_target: bool,
}

impl RequestLimits {
    /// Fitting limits for a table of `limit` bytes: escapes make three bytes of one.
    pub fn for_table(limit: usize) -> Self {
        RequestLimits {
            max_headers: DEFAULT_MAX_HEADERS,
            max_bytes: limit.saturating_mul(4).saturating_add(8192),
            keeps_target: false,
        }
    }
}

/// Why there is no request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The first bytes are no method this library knows: raw fallback, or 403 as the reference.
    NotHttp,
    /// 403, the reference's answer to a target it cannot use.
    Forbidden,
    /// 400; the text says what is wrong.
    BadRequest(&'static str),
    /// 414 or 431; the text says what is too long.
    TooLarge(&'static str),
}

impl Refusal {
    /// The status code to answer with.
    pub fn status(self) -> u16 {
        match self {
            Refusal::NotHttp | Refusal::Forbidden => 403,
            Refusal::BadRequest(_) => 400,
            Refusal::TooLarge(TARGET_TOO_LONG) => 414,
            Refusal::TooLarge(_) => 431,
        }
    }
}

/// What [`RequestParser::feed`] came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// All input is consumed, the head is not complete.
    NeedMore,
    /// The head is complete; what follows `consumed` bytes of the input is body or the next request.
    Done {
        /// How much of the input belongs to the head.
        consumed: usize,
    },
    /// There will be no request. None of the input is consumed.
    Refused(Refusal),
}

/// What the request says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// Under which token the table has the path.
    pub uri_token: Token,
    /// Version to answer with.
    pub version: Version,
    /// Whether the connection may serve another request.
    pub keep_alive: bool,
    /// The body that follows.
    pub body: BodyLength,
    /// The client waits for `100 Continue` before it sends the body.
    pub expect_continue: bool,
    /// What the client wants to upgrade to.
    pub upgrade: Option<UpgradeTo>,
    /// `Connection: upgrade` is there, which an upgrade needs.
    pub connection_upgrade: bool,
}
