//! What a reverse proxy changes in a message before it passes it on (RFC 9110 7.6): texts only, no I/O.
//!
//! Headers that concern one connection are left out, the others keep order and value; the length of the body is the
//! caller's to say. The target is passed on as the client wrote it unless the path holds something that the origin might
//! read differently than the mount was chosen by. Used by the connection layer's reverse proxy.

use super::headers::{Entry, HeaderTable};
use super::token::Token;

/// Where a proxy mount sends its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name or address; `+` and a path for a unix socket.
    pub address: String,
    /// Port; 0 for a unix socket.
    pub port: u16,
    /// Value of Host; empty for a unix socket, where the client's own is passed on.
    pub host: String,
    /// Spoken to with TLS.
    pub tls: bool,
    /// What stands for the mountpoint in targets.
    pub path: String,
}

impl Origin {
    /// Reads `host[:port][/path]` or `+/path/of/socket[:/path]`.
    pub fn parse(text: &str, tls: bool) -> Option<Origin> {
        let default_port = if tls { 443 } else { 80 };
        if text.starts_with('+') {
            let (address, path) = text.split_once(':').unwrap_or((text, ""));
            return (address.len() > 1).then(|| Origin {
                address: address.to_owned(),
                port: 0,
                host: String::new(),
                tls,
                path: path.to_owned(),
            });
        }
        let (host, path) = match text.find('/') {
            Some(at) => text.split_at_checked(at)?,
            None => (text, ""),
        };
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()?),
            _ => (host, default_port),
        };
        let is_one_name = !name.contains(':') || name.starts_with('[') && name.ends_with(']');
        (!name.is_empty() && is_one_name).then(|| Origin {
            address: name.to_owned(),
            port,
            host: host.to_owned(),
            tls,
            path: path.to_owned(),
        })
    }

    /// The target for what is left of a request's path (and its arguments) behind the mountpoint.
    pub fn target(&self, rest: &[u8]) -> Vec<u8> {
        let base = self.path.as_bytes();
        let begins = matches!(rest.first(), Some(b'/'));
        let mut target = match (base.strip_suffix(b"/"), begins) {
            (Some(bare), true) => bare.to_vec(),
            _ => base.to_vec(),
        };
        let needs_slash = match rest.first() {
            Some(b'/') => false,
            Some(b'?') | None => target.is_empty(),
            Some(_) => !target.ends_with(b"/"),
        };
        if needs_slash {
            target.push(b'/');
        }
        target.extend_from_slice(rest);
        target
    }
}

/// What follows the mountpoint: from the target as it came where that is safe, else from the normalised path.
///
/// `raw`: path and arguments as the client wrote them. `path`: the normalised path's fragments.
pub fn rest_of_target<'a>(
    raw: &[u8],
    path: impl Iterator<Item = &'a [u8]>,
    mountpoint: &[u8],
) -> Vec<u8> {
    let at = raw.iter().position(|b| *b == b'?').unwrap_or(raw.len());
    let (raw_path, args) = raw.split_at_checked(at).unwrap_or((raw, b""));
    if let Some(rest) = raw_path.strip_prefix(mountpoint)
        && reads_one_way(raw_path)
    {
        return [rest, args].concat();
    }
    let path: Vec<&[u8]> = path.collect();
    let path = path.join(&b"&"[..]);
    let rest = path.strip_prefix(mountpoint).unwrap_or(&path);
    let mut written = escaped(rest);
    written.extend_from_slice(args);
    written
}

/// No empty or dot segments, and no escaped dots, slashes or backslashes.
fn reads_one_way(path: &[u8]) -> bool {
    let inner = path.strip_prefix(b"/").unwrap_or(path);
    let last = inner.split(|b| *b == b'/').count();
    let segments = inner.split(|b| *b == b'/').zip(1usize..);
    let plain_segments = segments.into_iter().all(|(segment, at)| {
        !matches!(segment, b"." | b"..") && (!segment.is_empty() || at == last)
    });
    let risky = path.windows(3).any(|w| {
        let [b'%', high, low] = w else { return false };
        matches!(
            (*high, low.to_ascii_lowercase()),
            (b'2', b'e' | b'f') | (b'5', b'c')
        )
    });
    plain_segments && !risky && !path.contains(&b'\\')
}

/// The bytes with everything but the characters of a path escaped.
fn escaped(path: &[u8]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(path.len());
    for byte in path {
        let is_plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&')
            || matches!(byte, b'\'' | b'(' | b')' | b'*' | b',' | b'=' | b':' | b'@');
        if is_plain {
            out.push(*byte);
            continue;
        }
        let digit = |n: u8| HEX.get(usize::from(n)).copied().unwrap_or(b'0');
        out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
    }
    out
}

/// The name of a header line, without its colon; `None` for what stands in the first line.
fn name_of<'a>(entry: &Entry<'a>) -> Option<&'a [u8]> {
    let name = match entry.token {
        Some(token) => token.wire_name().as_bytes(),
        None => entry.name,
    };
    let name = name.strip_suffix(b":")?;
    (!name.is_empty() && !name.starts_with(b":")).then_some(name)
}

/// The header lines to pass on, as name and value.
pub fn end_to_end(table: &HeaderTable) -> impl Iterator<Item = (&[u8], &[u8])> {
    table.iter().filter_map(|entry| {
        let name = name_of(&entry)?;
        let stays = concerns_connection(entry.token, name) || is_named(table, name);
        // The parser puts a blank before the value of a repeated header.
        (!stays).then(|| (name, entry.value.trim_ascii()))
    })
}

/// Headers of one connection, and those that the proxy writes itself.
fn concerns_connection(token: Option<Token>, name: &[u8]) -> bool {
    match token {
        Some(token) => matches!(
            token,
            Token::HOST
                | Token::CONNECTION
                | Token::UPGRADE
                | Token::HTTP_CONTENT_LENGTH
                | Token::HTTP_TRANSFER_ENCODING
                | Token::HTTP_EXPECT
                | Token::HTTP_PROXY_AUTHENTICATE
                | Token::HTTP_PROXY_AUTHORIZATION
                | Token::HTTP2_SETTINGS
                | Token::TE
                | Token::X_FORWARDED_FOR
        ),
        None => matches!(name, b"keep-alive" | b"proxy-connection" | b"trailer"),
    }
}

/// True when Connection names the header: it is for the next hop only.
fn is_named(table: &HeaderTable, name: &[u8]) -> bool {
    table
        .fragments(Token::CONNECTION)
        .flat_map(|f| f.split(|b| *b == b','))
        .any(|element| element.trim_ascii().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_in_all_their_forms() {
        let cases = [
            ("host", Some(("host", 80, "host", ""))),
            ("host:8080/a/b", Some(("host", 8080, "host:8080", "/a/b"))),
            ("[::1]:81/", Some(("[::1]", 81, "[::1]:81", "/"))),
            ("[::1]", Some(("[::1]", 80, "[::1]", ""))),
            ("+/run/x.sock:/url", Some(("+/run/x.sock", 0, "", "/url"))),
            ("+@name", Some(("+@name", 0, "", ""))),
            ("+", None),
            ("", None),
            (":80", None),
            ("host:x", None),
            ("host:70000", None),
            ("::1", None),
        ];
        for (text, want) in cases {
            let got = Origin::parse(text, false);
            let got = got.as_ref();
            let parts = got.map(|o| (o.address.as_str(), o.port, o.host.as_str(), o.path.as_str()));
            assert_eq!(parts, want, "{text}");
        }
        assert_eq!(Origin::parse("host", true).map(|o| o.port), Some(443));
    }

    #[test]
    fn targets_join_with_one_slash() {
        let cases = [
            ("h", "", "/"),
            ("h", "/x?y", "/x?y"),
            ("h", "x", "/x"),
            ("h/a", "", "/a"),
            ("h/a", "?y", "/a?y"),
            ("h/a/", "/x", "/a/x"),
            ("h/a", "/x", "/a/x"),
            ("h/a", "x", "/a/x"),
            ("h", "?y", "/?y"),
        ];
        for (origin, rest, want) in cases {
            let got = Origin::parse(origin, false)
                .unwrap()
                .target(rest.as_bytes());
            assert_eq!(String::from_utf8(got).unwrap(), want, "{origin} {rest}");
        }
    }

    #[test]
    fn targets_are_kept_where_they_read_one_way() {
        let rest = |raw: &str, path: &str| {
            let rest = rest_of_target(raw.as_bytes(), [path.as_bytes()].into_iter(), b"/p");
            String::from_utf8(rest).unwrap()
        };
        assert_eq!(rest("/p/a%20b+c;d?e=%26&f", "x"), "/a%20b+c;d?e=%26&f");
        assert_eq!(rest("/p/", "x"), "/");
        assert_eq!(rest("/p", "x"), "");
        assert_eq!(rest("/x/../p/a?b", "/p/a"), "/a?b");
        assert_eq!(rest("/p//a", "/p/a"), "/a");
        assert_eq!(rest("/p/%2e%2E/s", "/p/s t%"), "/s%20t%25");
        assert_eq!(rest("/p%2Fq", "/p/q"), "/q");
        assert_eq!(rest("/p/a\\b", "/p/a\\b"), "/a%5Cb");
    }

    #[test]
    fn headers_of_one_connection_stay_behind() {
        let mut table = HeaderTable::new(1000);
        table.append(Token::GET_URI, b"/").unwrap();
        table.append(Token::HTTP, b"HTTP/1.1").unwrap();
        table.append(Token::HOST, b"h").unwrap();
        table
            .append(Token::CONNECTION, b"Keep-Alive, X-Hop")
            .unwrap();
        table.append(Token::HTTP_COOKIE, b"a=b").unwrap();
        table.append(Token::HTTP_COOKIE, b" c=d").unwrap();
        table.append_custom(b"x-hop", b"1").unwrap();
        table.append_custom(b"keep-alive", b"1").unwrap();
        table.append_custom(b"x-end", b"2").unwrap();
        table
            .append(Token::HTTP_TRANSFER_ENCODING, b"chunked")
            .unwrap();
        let got: Vec<_> = end_to_end(&table)
            .map(|(n, v)| format!("{}={}", n.escape_ascii(), v.escape_ascii()))
            .collect();
        assert_eq!(got, ["cookie=a=b", "cookie=c=d", "x-end=2"]);
    }
}
