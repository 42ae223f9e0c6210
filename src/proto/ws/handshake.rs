//! The texts around `101 Switching Protocols` (RFC 6455 4): judging an upgrade request and a server's answer, the
//! accept key, the choice of subprotocol, the head of the response.
//!
//! Header values come in as the http engine collected them (several of one name joined with commas). What the
//! reference lets pass and programs may depend on passes here too: keys of any shape, any method, HTTP/1.0. Extensions
//! are `ext::negotiate`'s. Callers: the ws server role and the ws client handshake.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha1::{Digest, Sha1};

/// Length of `Sec-WebSocket-Key` as a client of ours sends it.
pub const KEY_LEN: usize = 24;
/// Length of `Sec-WebSocket-Accept`.
pub const ACCEPT_LEN: usize = 28;
/// The longest request key that is taken.
pub const MAX_KEY: usize = 127;

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why an upgrade request is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// `Connection` does not ask for the upgrade.
    Connection,
    /// The key is missing, empty, too long or not printable.
    Key,
    /// A version that is neither 13 nor left out: worth a 426 that names 13.
    Version,
}

/// The parts of an upgrade request that are judged; `None`: the header is missing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// `Connection`
    pub connection: Option<&'a [u8]>,
    /// `Sec-WebSocket-Key`
    pub key: Option<&'a [u8]>,
    /// `Sec-WebSocket-Version`
    pub version: Option<&'a [u8]>,
}

/// Whether an `Upgrade` value asks for WebSocket, and nothing else.
#[must_use]
pub fn is_websocket(upgrade: &[u8]) -> bool {
    upgrade.trim_ascii().eq_ignore_ascii_case(b"websocket")
}

/// Whether a comma-separated list such as `Connection` has `token`, in any letter case.
#[must_use]
pub fn has_token(list: &[u8], token: &[u8]) -> bool {
    list.split(|byte| *byte == b',')
        .any(|element| element.trim_ascii().eq_ignore_ascii_case(token))
}

/// Judges an upgrade request whose `Upgrade` is websocket; the key to answer when it is good.
///
/// # Errors
/// The first of the reasons in `Refusal` that applies.
pub fn check_request<'a>(request: &Request<'a>) -> Result<&'a [u8], Refusal> {
    if !request
        .connection
        .is_some_and(|list| has_token(list, b"upgrade"))
    {
        return Err(Refusal::Connection);
    }
    let key = request.key.unwrap_or_default().trim_ascii();
    if key.is_empty() || key.len() > MAX_KEY || !key.iter().all(u8::is_ascii_graphic) {
        return Err(Refusal::Key);
    }
    match request.version.map(<[u8]>::trim_ascii) {
        None | Some(b"" | b"13") => Ok(key),
        Some(_) => Err(Refusal::Version),
    }
}

/// The `Sec-WebSocket-Accept` value for a request key.
#[must_use]
pub fn accept_for(key: &[u8]) -> [u8; ACCEPT_LEN] {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    let mut accept = [0; ACCEPT_LEN];
    // 20 bytes make exactly 28 characters, so there is room.
    let _ = BASE64_STANDARD.encode_slice(digest, &mut accept);
    accept
}

/// A client's `Sec-WebSocket-Key`, of 16 random bytes.
#[must_use]
pub fn request_key(random: [u8; 16]) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    // 16 bytes make exactly 24 characters, so there is room.
    let _ = BASE64_STANDARD.encode_slice(random, &mut key);
    key
}

/// The server's choice among the client's subprotocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subprotocol {
    /// The client asked for none: the vhost's default, and no header in the answer.
    NoneOffered,
    /// The client's first that is known, as `index_of` numbered it; the answer carries its name.
    Chosen(usize),
    /// It asked for others only: the reference hangs up without a word.
    Unknown,
}

/// Walks the client's `Sec-WebSocket-Protocol` list in its order; `index_of` looks a name up, letter case counts.
///
/// quirk: of an element with parameters or several words the first word counts, as in the reference.
pub fn choose_subprotocol(
    offered: Option<&[u8]>,
    index_of: impl Fn(&[u8]) -> Option<usize>,
) -> Subprotocol {
    let list = offered.unwrap_or_default().trim_ascii();
    if list.is_empty() {
        return Subprotocol::NoneOffered;
    }
    let known = list
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .find_map(|element| {
            let word = element
                .split(|byte| matches!(byte, b' ' | b'\t' | b';' | b'/'))
                .next();
            index_of(element).or_else(|| index_of(word?))
        });
    known.map_or(Subprotocol::Unknown, Subprotocol::Chosen)
}

/// Appends the response head in the reference's order and letter case, up to where a program may add headers of its
/// own: the caller ends it with `\r\n`. `subprotocol` only if one was asked for, `extensions` empty for none.
pub fn encode_response(
    key: &[u8],
    subprotocol: Option<&[u8]>,
    extensions: &[u8],
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ",
    );
    out.extend_from_slice(&accept_for(key));
    if let Some(name) = subprotocol {
        out.extend_from_slice(b"\r\nSec-WebSocket-Protocol: ");
        out.extend_from_slice(name);
    }
    if !extensions.is_empty() {
        out.extend_from_slice(b"\r\nSec-WebSocket-Extensions: ");
        out.extend_from_slice(extensions);
    }
    out.extend_from_slice(b"\r\n");
}

/// The parts of a server's answer that a client judges, and what it had asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// `Upgrade`
    pub upgrade: Option<&'a [u8]>,
    /// `Connection`
    pub connection: Option<&'a [u8]>,
    /// `Sec-WebSocket-Accept`
    pub accept: Option<&'a [u8]>,
    /// `Sec-WebSocket-Protocol`
    pub protocol: Option<&'a [u8]>,
    /// The subprotocol list that was sent, empty for none.
    pub offered: &'a [u8],
    /// The key that was sent.
    pub key: &'a [u8],
}

/// Judges a server's answer in the reference's order. A server may leave the subprotocol out.
///
/// # Errors
/// The text for the program's connection error callback, as the reference words it.
pub fn check_response(response: &Response<'_>) -> Result<(), &'static str> {
    match response.status {
        101 => {}
        401 => return Err("HS: ws upgrade unauthorized"),
        _ => return Err("HS: ws upgrade response not 101"),
    }
    let accept = response.accept.ok_or("HS: ACCEPT missing")?;
    let upgrade = response.upgrade.ok_or("HS: UPGRADE missing")?;
    if !is_websocket(upgrade) {
        return Err("HS: Upgrade to something other than websocket");
    }
    if !response
        .connection
        .is_some_and(|list| has_token(list, b"upgrade"))
    {
        return Err("HS: UPGRADE malformed");
    }
    if response
        .protocol
        .map(<[u8]>::trim_ascii)
        // quirk: an empty name is none.
        .is_some_and(|name| !name.is_empty() && !is_offered(name, response.offered))
    {
        return Err("HS: PROTOCOL malformed");
    }
    if accept.trim_ascii() != accept_for(response.key) {
        return Err("HS: Accept hash wrong");
    }
    Ok(())
}

fn is_offered(name: &[u8], offered: &[u8]) -> bool {
    offered
        .split(|byte| *byte == b',')
        .any(|element| element.trim_ascii() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";
    const ACCEPT: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    #[test]
    fn accept_for_when_key_is_the_rfc_example_gives_its_answer() {
        assert_eq!(accept_for(KEY), ACCEPT);
        assert_eq!(accept_for(b"a"), *b"FtgH8qqfEKHvZKEZYEWkYDhlXNY=");
        assert_eq!(request_key(*b"the sample nonce"), KEY);
    }

    #[test]
    fn check_request_when_parts_are_missing_or_odd_follows_the_reference() {
        let good = Request {
            connection: Some(b"keep-alive, Upgrade"),
            key: Some(KEY),
            version: Some(b"13"),
        };
        assert_eq!(check_request(&good), Ok(KEY));
        assert_eq!(
            check_request(&Request {
                version: None,
                ..good
            }),
            Ok(KEY)
        );
        assert_eq!(
            check_request(&Request {
                key: Some(b"a"),
                ..good
            }),
            Ok(&b"a"[..])
        );
        assert_eq!(
            check_request(&Request {
                version: Some(b"8"),
                ..good
            }),
            Err(Refusal::Version)
        );
        assert_eq!(
            check_request(&Request {
                version: Some(b"13, 8"),
                ..good
            }),
            Err(Refusal::Version)
        );
        for key in [
            None,
            Some(&b""[..]),
            Some(b"  "),
            Some(b"a b"),
            Some(b"a\0"),
            Some(&[b'x'; 128][..]),
        ] {
            assert_eq!(
                check_request(&Request { key, ..good }),
                Err(Refusal::Key),
                "{key:?}"
            );
        }
        for connection in [None, Some(&b"keep-alive"[..]), Some(b"upgraded")] {
            assert_eq!(
                check_request(&Request { connection, ..good }),
                Err(Refusal::Connection)
            );
        }
        assert!(
            is_websocket(b"WebSocket")
                && is_websocket(b" WEBSOCKET")
                && !is_websocket(b"websocket, foo")
        );
    }

    #[test]
    fn choose_subprotocol_when_lists_vary_takes_the_clients_first_known() {
        use Subprotocol::{Chosen, NoneOffered, Unknown};
        let names: [&[u8]; 4] = [b"p0-http", b"p1-ws", b"p2-cb", b"odd/name"];
        let choose =
            |list| choose_subprotocol(list, |name| names.iter().position(|known| *known == name));
        let cases: &[(&[u8], Subprotocol)] = &[
            (b"p1-ws", Chosen(1)),
            (b"nosuch, p1-ws", Chosen(1)),
            (b"p1-ws,p2-cb", Chosen(1)),
            (b"p2-cb,p1-ws", Chosen(2)),
            (b" p1-ws ", Chosen(1)),
            (b"x ,\tp1-ws", Chosen(1)),
            (b"p1-ws,,", Chosen(1)),
            (b", p1-ws", Chosen(1)),
            (b"p1-ws;q=1", Chosen(1)),
            (b"p1-ws p2-cb", Chosen(1)),
            (b"odd/name", Chosen(3)),
            (b"x p1-ws", Unknown),
            (b"P1-WS", Unknown),
            (b"p1", Unknown),
            (b"p1-wsx", Unknown),
            (b"\"p1-ws\"", Unknown),
            (b",", Unknown),
            (b"", NoneOffered),
            (b"  ", NoneOffered),
        ];
        for (list, want) in cases {
            assert_eq!(choose(Some(list)), *want, "{}", list.escape_ascii());
        }
        assert_eq!(choose(None), NoneOffered);
    }

    #[test]
    fn encode_response_when_all_parts_are_there_matches_the_reference() {
        let mut out = Vec::new();
        encode_response(KEY, Some(b"zero"), b"permessage-deflate", &mut out);
        let want = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: zero\r\n\
            Sec-WebSocket-Extensions: permessage-deflate\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), want);
        let mut out = Vec::new();
        encode_response(KEY, None, b"", &mut out);
        assert!(out.ends_with(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    }

    #[test]
    fn check_response_when_something_is_wrong_names_it_as_the_reference() {
        let good = Response {
            status: 101,
            upgrade: Some(b"WebSocket"),
            connection: Some(b"upgrade"),
            accept: Some(ACCEPT),
            protocol: Some(b"c0"),
            offered: b"p1-ws, c0",
            key: KEY,
        };
        assert_eq!(check_response(&good), Ok(()));
        assert_eq!(
            check_response(&Response {
                protocol: None,
                ..good
            }),
            Ok(())
        );
        let wrong = [
            (
                Response {
                    status: 200,
                    ..good
                },
                "HS: ws upgrade response not 101",
            ),
            (
                Response {
                    status: 401,
                    ..good
                },
                "HS: ws upgrade unauthorized",
            ),
            (
                Response {
                    accept: None,
                    upgrade: None,
                    ..good
                },
                "HS: ACCEPT missing",
            ),
            (
                Response {
                    upgrade: None,
                    ..good
                },
                "HS: UPGRADE missing",
            ),
            (
                Response {
                    upgrade: Some(b"foo"),
                    ..good
                },
                "HS: Upgrade to something other than websocket",
            ),
            (
                Response {
                    connection: None,
                    ..good
                },
                "HS: UPGRADE malformed",
            ),
            (
                Response {
                    connection: Some(b"close"),
                    ..good
                },
                "HS: UPGRADE malformed",
            ),
            (
                Response {
                    protocol: Some(b"p1"),
                    ..good
                },
                "HS: PROTOCOL malformed",
            ),
            (
                Response {
                    protocol: Some(b"P1-WS"),
                    ..good
                },
                "HS: PROTOCOL malformed",
            ),
            (
                Response {
                    accept: Some(b"x"),
                    ..good
                },
                "HS: Accept hash wrong",
            ),
        ];
        for (response, text) in wrong {
            assert_eq!(check_response(&response), Err(text));
        }
    }
}
