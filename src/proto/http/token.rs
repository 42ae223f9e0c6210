//! The numbers by which lws programs name headers (lws: `enum lws_token_indexes`, `WSI_TOKEN_*`).
//!
//! A token is either a header field known by name (`HOST`), the request target under a method
//! (`GET_URI`), a pseudo header of HTTP/2 or a slot without a wire name that client code fills
//! (`CLIENT_*`). The numbers are ABI. Fields that have no token are "custom" and are kept by name in
//! the [`HeaderTable`](super::headers::HeaderTable).
//!
//! Used by the header table, the request parser, the response writer and `lws_token_to_string()`.

/// A header's number; the associated constants are the valid ones, [`Token::COUNT`] is their count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token(pub u8);

macro_rules! tokens {
    ($($name:ident = $value:literal, $wire:expr;)*) => {
        impl Token {
            $(
                #[doc = concat!("`WSI_TOKEN_", stringify!($name), "`.")]
                pub const $name: Token = Token($value);
            )*
        }

        /// What `lws_token_to_string()` says, by number.
        const WIRE: [Option<&str>; Token::COUNT] = [$($wire),*];
    };
}

tokens! {
    GET_URI = 0, Some("get ");
    POST_URI = 1, Some("post ");
    OPTIONS_URI = 2, Some("options ");
    HOST = 3, Some("host:");
    CONNECTION = 4, Some("connection:");
    UPGRADE = 5, Some("upgrade:");
    ORIGIN = 6, Some("origin:");
    DRAFT = 7, Some("sec-websocket-draft:");
    CHALLENGE = 8, Some("\r\n");
    EXTENSIONS = 9, Some("sec-websocket-extensions:");
    KEY1 = 10, Some("sec-websocket-key1:");
    KEY2 = 11, Some("sec-websocket-key2:");
    PROTOCOL = 12, Some("sec-websocket-protocol:");
    ACCEPT = 13, Some("sec-websocket-accept:");
    NONCE = 14, Some("sec-websocket-nonce:");
    HTTP = 15, Some("http/1.1 ");
    HTTP2_SETTINGS = 16, Some("http2-settings:");
    HTTP_ACCEPT = 17, Some("accept:");
    HTTP_AC_REQUEST_HEADERS = 18, Some("access-control-request-headers:");
    HTTP_IF_MODIFIED_SINCE = 19, Some("if-modified-since:");
    HTTP_IF_NONE_MATCH = 20, Some("if-none-match:");
    HTTP_ACCEPT_ENCODING = 21, Some("accept-encoding:");
    HTTP_ACCEPT_LANGUAGE = 22, Some("accept-language:");
    HTTP_PRAGMA = 23, Some("pragma:");
    HTTP_CACHE_CONTROL = 24, Some("cache-control:");
    HTTP_AUTHORIZATION = 25, Some("authorization:");
    HTTP_COOKIE = 26, Some("cookie:");
    HTTP_CONTENT_LENGTH = 27, Some("content-length:");
    HTTP_CONTENT_TYPE = 28, Some("content-type:");
    HTTP_DATE = 29, Some("date:");
    HTTP_RANGE = 30, Some("range:");
    HTTP_REFERER = 31, Some("referer:");
    KEY = 32, Some("sec-websocket-key:");
    VERSION = 33, Some("sec-websocket-version:");
    SWORIGIN = 34, Some("sec-websocket-origin:");
    HTTP_COLON_AUTHORITY = 35, Some(":authority");
    HTTP_COLON_METHOD = 36, Some(":method");
    HTTP_COLON_PATH = 37, Some(":path");
    HTTP_COLON_SCHEME = 38, Some(":scheme");
    HTTP_COLON_STATUS = 39, Some(":status");
    HTTP_ACCEPT_CHARSET = 40, Some("accept-charset:");
    HTTP_ACCEPT_RANGES = 41, Some("accept-ranges:");
    HTTP_ACCESS_CONTROL_ALLOW_ORIGIN = 42, Some("access-control-allow-origin:");
    HTTP_AGE = 43, Some("age:");
    HTTP_ALLOW = 44, Some("allow:");
    HTTP_CONTENT_DISPOSITION = 45, Some("content-disposition:");
    HTTP_CONTENT_ENCODING = 46, Some("content-encoding:");
    HTTP_CONTENT_LANGUAGE = 47, Some("content-language:");
    HTTP_CONTENT_LOCATION = 48, Some("content-location:");
    HTTP_CONTENT_RANGE = 49, Some("content-range:");
    HTTP_ETAG = 50, Some("etag:");
    HTTP_EXPECT = 51, Some("expect:");
    HTTP_EXPIRES = 52, Some("expires:");
    HTTP_FROM = 53, Some("from:");
    HTTP_IF_MATCH = 54, Some("if-match:");
    HTTP_IF_RANGE = 55, Some("if-range:");
    HTTP_IF_UNMODIFIED_SINCE = 56, Some("if-unmodified-since:");
    HTTP_LAST_MODIFIED = 57, Some("last-modified:");
    HTTP_LINK = 58, Some("link:");
    HTTP_LOCATION = 59, Some("location:");
    HTTP_MAX_FORWARDS = 60, Some("max-forwards:");
    HTTP_PROXY_AUTHENTICATE = 61, Some("proxy-authenticate:");
    HTTP_PROXY_AUTHORIZATION = 62, Some("proxy-authorization:");
    HTTP_REFRESH = 63, Some("refresh:");
    HTTP_RETRY_AFTER = 64, Some("retry-after:");
    HTTP_SERVER = 65, Some("server:");
    HTTP_SET_COOKIE = 66, Some("set-cookie:");
    HTTP_STRICT_TRANSPORT_SECURITY = 67, Some("strict-transport-security:");
    HTTP_TRANSFER_ENCODING = 68, Some("transfer-encoding:");
    HTTP_USER_AGENT = 69, Some("user-agent:");
    HTTP_VARY = 70, Some("vary:");
    HTTP_VIA = 71, Some("via:");
    HTTP_WWW_AUTHENTICATE = 72, Some("www-authenticate:");
    PATCH_URI = 73, Some("patch");
    PUT_URI = 74, Some("put");
    DELETE_URI = 75, Some("delete");
    HTTP_URI_ARGS = 76, Some("uri-args");
    PROXY = 77, Some("proxy ");
    HTTP_X_REAL_IP = 78, Some("x-real-ip:");
    HTTP1_0 = 79, Some("http/1.0 ");
    X_FORWARDED_FOR = 80, Some("x-forwarded-for:");
    CONNECT = 81, Some("connect ");
    HEAD_URI = 82, Some("head ");
    TE = 83, Some("te:");
    REPLAY_NONCE = 84, Some("replay-nonce:");
    COLON_PROTOCOL = 85, Some(":protocol");
    X_AUTH_TOKEN = 86, Some("x-auth-token:");
    CLIENT_SENT_PROTOCOLS = 87, Some("");
    CLIENT_PEER_ADDRESS = 88, None;
    CLIENT_URI = 89, None;
    CLIENT_HOST = 90, None;
    CLIENT_ORIGIN = 91, None;
    CLIENT_METHOD = 92, None;
    CLIENT_IFACE = 93, None;
    CLIENT_ALPN = 94, None;
}

/// Longest header name that has a token, without its colon.
const LONGEST: usize = 30;

/// The tokens of named fields, ordered by the length of the name; see [`BY_LENGTH_FROM`].
const BY_LENGTH: [Token; Token::COUNT] = by_length().0;

/// `BY_LENGTH_FROM[n]..BY_LENGTH_FROM[n + 1]` is the part of `BY_LENGTH` with names of n bytes.
const BY_LENGTH_FROM: [usize; LONGEST + 2] = by_length().1;

/// Length of the field name of token `i` without the colon; `None` when it names no field.
#[expect(
    clippy::indexing_slicing,
    reason = "called by the compiler only, see by_length"
)]
const fn field_name_len(i: usize) -> Option<usize> {
    match WIRE[i] {
        Some(wire) => match wire.as_bytes() {
            [b':', ..] => None,
            [name @ .., b':'] => Some(name.len()),
            _ => None,
        },
        None => None,
    }
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "runs in the compiler only, where a mistake fails the build"
)]
const fn by_length() -> ([Token; Token::COUNT], [usize; LONGEST + 2]) {
    let mut order = [Token(0); Token::COUNT];
    let mut from = [0; LONGEST + 2];
    let (mut filled, mut len) = (0, 0);
    while len <= LONGEST {
        from[len] = filled;
        let mut i = 0;
        while i < Token::COUNT {
            if let Some(n) = field_name_len(i)
                && n == len
            {
                order[filled] = Token(i as u8);
                filled += 1;
            }
            i += 1;
        }
        len += 1;
    }
    from[LONGEST + 1] = filled;
    (order, from)
}

impl Token {
    /// How many tokens there are (lws: `WSI_TOKEN_COUNT`).
    pub const COUNT: usize = 95;

    /// The token with this number, when there is one.
    pub fn from_index(index: usize) -> Option<Token> {
        let number = u8::try_from(index).ok()?;
        (index < Token::COUNT).then_some(Token(number))
    }

    /// The name as it stands on the wire: `"host:"`, `"get "`. Empty when the token has none.
    pub fn wire_name(self) -> &'static str {
        self.wire_name_if_any().unwrap_or("")
    }

    /// The same, `None` where `lws_token_to_string()` answers NULL (the slots for client code).
    pub fn wire_name_if_any(self) -> Option<&'static str> {
        WIRE.get(usize::from(self.0)).copied().flatten()
    }

    /// The token of a header field name (no colon), whatever its case.
    pub fn from_name(name: &[u8]) -> Option<Token> {
        let mut room = [0; LONGEST];
        let lower = room.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Token::from_lower_name(lower)
    }

    /// The same for a name that is in lower case.
    pub fn from_lower_name(name: &[u8]) -> Option<Token> {
        let from = *BY_LENGTH_FROM.get(name.len())?;
        let until = *BY_LENGTH_FROM.get(name.len().checked_add(1)?)?;
        let same_length = BY_LENGTH.get(from..until)?;
        same_length
            .iter()
            .copied()
            .find(|token| token.wire_name().as_bytes().get(..name.len()) == Some(name))
    }

    /// The token of an HTTP/2 pseudo header such as `:path`.
    pub fn from_pseudo(name: &[u8]) -> Option<Token> {
        [
            Token::HTTP_COLON_AUTHORITY,
            Token::HTTP_COLON_METHOD,
            Token::HTTP_COLON_PATH,
            Token::HTTP_COLON_SCHEME,
            Token::HTTP_COLON_STATUS,
            Token::COLON_PROTOCOL,
        ]
        .into_iter()
        .find(|token| token.wire_name().as_bytes() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_abi() {
        assert_eq!(Token::GET_URI.0, 0);
        assert_eq!(Token::HOST.0, 3);
        assert_eq!(Token::HTTP_COOKIE.0, 26);
        assert_eq!(Token::HTTP_URI_ARGS.0, 76);
        assert_eq!(Token::X_AUTH_TOKEN.0, 86);
        assert_eq!(Token::CLIENT_ALPN.0, 94);
        assert_eq!(Token::from_index(94), Some(Token::CLIENT_ALPN));
        assert_eq!(Token::from_index(95), None);
    }

    #[test]
    fn wire_names_are_those_of_the_reference() {
        assert_eq!(Token::GET_URI.wire_name(), "get ");
        assert_eq!(Token::CHALLENGE.wire_name(), "\r\n");
        assert_eq!(Token::HTTP_URI_ARGS.wire_name(), "uri-args");
        assert_eq!(Token::CLIENT_SENT_PROTOCOLS.wire_name_if_any(), Some(""));
        assert_eq!(Token::CLIENT_PEER_ADDRESS.wire_name_if_any(), None);
        assert_eq!(Token(200).wire_name_if_any(), None);
    }

    #[test]
    fn every_named_field_is_found_again_in_any_case() {
        for i in 0..Token::COUNT {
            let token = Token::from_index(i).unwrap();
            if field_name_len(i).is_some() {
                let name = token.wire_name().trim_end_matches(':');
                assert_eq!(Token::from_name(name.as_bytes()), Some(token));
                assert_eq!(
                    Token::from_name(name.to_uppercase().as_bytes()),
                    Some(token)
                );
            }
        }
    }

    #[test]
    fn what_is_no_field_name_has_no_token() {
        for name in [
            "", "uri-args", "get", ":path", "host:", "x-foo", "proxy ", "put",
        ] {
            assert_eq!(Token::from_name(name.as_bytes()), None, "{name}");
        }
        assert_eq!(Token::from_name(&[b'a'; 300]), None);
        assert_eq!(Token::from_pseudo(b":path"), Some(Token::HTTP_COLON_PATH));
        assert_eq!(Token::from_pseudo(b"path"), None);
    }
}
