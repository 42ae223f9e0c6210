//! Where a redirect leads (Location, RFC 3986 section 5), and what must not follow to another origin.
//!
//! [`resolve`] reads the value of a Location header against the request it answers: an absolute or scheme-relative URL names
//! a server, everything else is a path on the same one. Fragments and user names are dropped, bytes that cannot stand in a
//! request line are escaped. [`without_credentials`] takes the lines out of a request head that only one origin may see.
//! Called by the connection layer's http client. It neither connects nor decides whether to follow.

/// Longest host name; DNS has none that is longer.
const MAX_HOST: usize = 255;

/// Headers that only the origin they were meant for may see.
const CREDENTIALS: [&[u8]; 3] = [b"authorization", b"cookie", b"proxy-authorization"];

/// A server as a URL names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// https or wss.
    pub is_secure: bool,
    /// Name or numeric address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl Origin {
    /// True when both are the same server, as credentials see it.
    pub fn is_same(&self, other: &Self) -> bool {
        self.is_secure == other.is_secure
            && self.port == other.port
            && self.host.eq_ignore_ascii_case(&other.host)
    }

    /// What a Host header says of it: the port only if it is not the scheme's.
    pub fn host_header(&self) -> String {
        let (open, close) = match self.host.contains(':') {
            true => ("[", "]"),
            false => ("", ""),
        };
        let host = &self.host;
        match self.port == default_port(self.is_secure) {
            true => format!("{open}{host}{close}"),
            false => format!("{open}{host}{close}:{}", self.port),
        }
    }
}

/// Where a Location leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The server; `None`: the same as before.
    pub origin: Option<Origin>,
    /// Request target: a path with its query.
    pub path: Vec<u8>,
}

/// Why a Location leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nowhere {
    /// Not http, https, ws or wss.
    Scheme,
    /// No host, or none that could be one.
    Host,
    /// Not a port.
    Port,
}

fn default_port(is_secure: bool) -> u16 {
    if is_secure { 443 } else { 80 }
}

/// Resolves a Location against the request that it answers: `path` is its target, `is_secure` whether it went over TLS.
///
/// # Errors
/// See [`Nowhere`].
pub fn resolve(location: &[u8], path: &[u8], is_secure: bool) -> Result<Target, Nowhere> {
    let location = location.trim_ascii();
    let location = location.split(|b| *b == b'#').next().unwrap_or(location);
    let (is_secure, rest) = match scheme(location) {
        Some((name, rest)) => (secure_scheme(name).ok_or(Nowhere::Scheme)?, rest),
        None => (is_secure, location),
    };
    if let Some(authority) = rest.strip_prefix(b"//") {
        let end = authority.iter().position(|b| matches!(b, b'/' | b'?'));
        let (authority, rest) = authority.split_at(end.unwrap_or(authority.len()));
        return Ok(Target {
            origin: Some(origin(authority, is_secure)?),
            path: absolute(rest),
        });
    }
    if rest.len() != location.len() {
        // "http:path" is not a URL of these schemes.
        return Err(Nowhere::Host);
    }
    let path = match rest.first() {
        None => path.to_vec(),
        Some(b'/') => absolute(rest),
        Some(b'?') => [without_query(path), &escaped(rest)].concat(),
        Some(_) => {
            let base = without_query(path);
            let dir = base.iter().rposition(|b| *b == b'/');
            let dir = dir.and_then(|at| base.get(..=at)).unwrap_or(b"/");
            absolute(&[dir, rest].concat())
        }
    };
    Ok(Target { origin: None, path })
}

/// A scheme before its colon, and what follows.
fn scheme(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))?;
    let (name, rest) = text.split_at(at);
    let rest = rest.strip_prefix(b":")?;
    name.first()?.is_ascii_alphabetic().then_some((name, rest))
}

fn secure_scheme(name: &[u8]) -> Option<bool> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if is(b"https") || is(b"wss") {
        Some(true)
    } else if is(b"http") || is(b"ws") {
        Some(false)
    } else {
        None
    }
}

fn origin(authority: &[u8], is_secure: bool) -> Result<Origin, Nowhere> {
    let text = str::from_utf8(authority).map_err(|_| Nowhere::Host)?;
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let (host, port) = match text.strip_prefix('[') {
        Some(inner) => {
            let (host, rest) = inner.split_once(']').ok_or(Nowhere::Host)?;
            let numeric = host.parse::<std::net::Ipv6Addr>();
            numeric.map_err(|_| Nowhere::Host)?;
            match rest.strip_prefix(':') {
                Some(port) => (host, port),
                None if rest.is_empty() => (host, ""),
                None => return Err(Nowhere::Host),
            }
        }
        None => text.split_once(':').unwrap_or((text, "")),
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    let is_address = text.starts_with('[');
    if host.is_empty() || host.len() > MAX_HOST || !is_address && !host.bytes().all(is_name) {
        return Err(Nowhere::Host);
    }
    let port = match port {
        "" => default_port(is_secure),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().map_err(|_| Nowhere::Port)?
        }
        _ => return Err(Nowhere::Port),
    };
    if port == 0 {
        return Err(Nowhere::Port);
    }
    Ok(Origin {
        is_secure,
        host: host.to_owned(),
        port,
    })
}

/// The host in the value of a Host header.
pub fn host_of(value: &[u8]) -> Option<String> {
    let origin = origin(value.trim_ascii(), false).ok()?;
    Some(origin.host)
}

fn without_query(path: &[u8]) -> &[u8] {
    path.split(|b| *b == b'?').next().unwrap_or(path)
}

/// A path with its query: beginning with a slash, without dot segments, escaped.
fn absolute(text: &[u8]) -> Vec<u8> {
    let path = without_query(text);
    let query = text.get(path.len()..).unwrap_or_default();
    let mut done: Vec<&[u8]> = Vec::new();
    let mut segments = path
        .strip_prefix(b"/")
        .unwrap_or(path)
        .split(|b| *b == b'/');
    let mut next = segments.next();
    while let Some(segment) = next {
        next = segments.next();
        let is_last = next.is_none();
        match segment {
            b"." if is_last => done.push(b""),
            b"." => {}
            b".." => {
                done.pop();
                if is_last {
                    done.push(b"");
                }
            }
            segment => done.push(segment),
        }
    }
    let mut whole = vec![b'/'];
    whole.extend_from_slice(&done.join(&b'/'));
    whole.extend_from_slice(query);
    escaped(&whole)
}

/// What cannot stand in a request line is escaped.
fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if byte.is_ascii_graphic() {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

/// Header lines without those that carry credentials.
pub fn without_credentials(lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len());
    let mut drops = false;
    for line in lines.split_inclusive(|b| *b == b'\n') {
        // A line that begins with white space goes on with the one before.
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let name = line.split(|b| *b == b':').next().unwrap_or(line);
            let name = name.trim_ascii();
            drops = CREDENTIALS.iter().any(|c| name.eq_ignore_ascii_case(c));
        }
        if !drops {
            out.extend_from_slice(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(location: &str) -> String {
        match resolve(location.as_bytes(), b"/a/b/c?q=1", false) {
            Ok(Target { origin, path }) => {
                let origin =
                    origin.map(|o| format!("{}//{}", u8::from(o.is_secure), o.host_header()));
                let path = String::from_utf8(path).unwrap();
                format!("{}{path}", origin.unwrap_or_default())
            }
            Err(why) => format!("{why:?}"),
        }
    }

    #[test]
    fn references_are_resolved_as_rfc_3986_says() {
        for (location, wanted) in [
            ("/x?y=z", "/x?y=z"),
            ("x", "/a/b/x"),
            ("./x", "/a/b/x"),
            ("../x", "/a/x"),
            ("../../../x", "/x"),
            ("..", "/a/"),
            (".", "/a/b/"),
            ("x/../y/./z/", "/a/b/y/z/"),
            ("?n=2", "/a/b/c?n=2"),
            ("", "/a/b/c?q=1"),
            ("#f", "/a/b/c?q=1"),
            ("/x#f", "/x"),
            ("//h.example/x", "0//h.example/x"),
            ("http://h:80/x", "0//h/x"),
            ("HTTPS://H/x", "1//H/x"),
            ("https://h:8443", "1//h:8443/"),
            ("http://h?a=b", "0//h/?a=b"),
            ("ws://h/x", "0//h/x"),
            ("wss://h/x", "1//h/x"),
            ("http://[::1]:81/x", "0//[::1]:81/x"),
            ("http://[::1]/x", "0//[::1]/x"),
            ("http://h:/x", "0//h/x"),
            ("http://user:pass@h/x", "0//h/x"),
            (" /x ", "/x"),
            ("/a b\u{e9}", "/a%20b%C3%A9"),
            ("/x:y", "/x:y"),
            ("http://h/..//x", "0//h//x"),
        ] {
            assert_eq!(text(location), wanted, "{location}");
        }
    }

    #[test]
    fn what_is_no_server_leads_nowhere() {
        for (location, wanted) in [
            ("http://", "Host"),
            ("http:///x", "Host"),
            ("https://", "Host"),
            ("//", "Host"),
            ("http:x", "Host"),
            ("http://h:99999/x", "Port"),
            ("http://h:0/x", "Port"),
            ("http://h:8x/", "Port"),
            ("http://h:-1/", "Port"),
            ("http://[::1/x", "Host"),
            ("http://[h]/x", "Host"),
            ("http://[::1]x/", "Host"),
            ("http://a b/", "Host"),
            ("http://h\r\nx: y/", "Host"),
            ("ftp://h/x", "Scheme"),
            ("javascript:1", "Scheme"),
        ] {
            assert_eq!(text(location), wanted, "{location}");
        }
        let long = format!("http://{}/", "a".repeat(256));
        assert_eq!(text(&long), "Host");
    }

    #[test]
    fn credentials_are_taken_out_with_their_continuations() {
        let lines = b"X: 1\r\nCookie: a\r\n b\r\nauthorization : c\r\nCookies: d\r\n";
        assert_eq!(without_credentials(lines), b"X: 1\r\nCookies: d\r\n");
        assert_eq!(without_credentials(b""), b"");
    }

    #[test]
    fn origins_differ_by_scheme_host_and_port() {
        let of = |location: &str| {
            resolve(location.as_bytes(), b"/", false)
                .unwrap()
                .origin
                .unwrap()
        };
        assert!(of("http://Host/").is_same(&of("http://host:80/x")));
        assert!(!of("http://host/").is_same(&of("https://host/")));
        assert!(!of("http://host/").is_same(&of("http://host:81/")));
        assert!(!of("http://host/").is_same(&of("http://host2/")));
    }
}
