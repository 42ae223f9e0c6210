//! The environment of a script: RFC 3875's meta-variables, the request's headers as HTTP_*, and the mount's own.
//!
//! Everything comes from a parsed request, whose size the header table has limited. Not passed on are headers that
//! concern the connection, credentials, `Proxy` (programs take HTTP_PROXY for a setting), names in which `_` could pass for
//! `-`, and anything with a NUL. The mount's own variables come last and win.

use crate::proto::http::headers::HeaderTable;
use crate::proto::http::response::Version;
use crate::proto::http::token::Token;

/// The value that scripts know the server by.
const SOFTWARE: &[u8] = b"lws";
/// Where scripts find commands, unless the mount says otherwise.
const PATH: &[u8] = b"/bin:/usr/bin:/usr/local/bin:/var/www/cgi-bin";

/// Headers that do not become HTTP_*, beside those with a variable of their own.
const WITHHELD: [&[u8]; 12] = [
    b"authorization",
    b"connection",
    b"content-length",
    b"content-type",
    b"expect",
    b"http2-settings",
    b"keep-alive",
    b"proxy",
    b"proxy-authorization",
    b"te",
    b"transfer-encoding",
    b"upgrade",
];

/// Variables by name.
pub type Variables = Vec<(Vec<u8>, Vec<u8>)>;

/// What is known of the request where it is not in the header table.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Request method.
    pub method: &'a [u8],
    /// Version of the request.
    pub version: Version,
    /// Bytes of the body, where that is known.
    pub content_length: Option<u64>,
    /// Whom the request was sent to: the Host header, or the vhost's name.
    pub name: &'a [u8],
    /// Port that it came in on; 0 for none.
    pub port: u16,
    /// Address of the client as text, empty for none.
    pub remote: &'a [u8],
    /// Who has given the right password.
    pub user: Option<&'a [u8]>,
    /// Over TLS.
    pub is_tls: bool,
}

/// How the path of the request falls apart.
#[derive(Clone, Copy, Debug)]
pub struct Location<'a> {
    /// The whole path.
    pub path: &'a [u8],
    /// How much of it names the script.
    pub script_len: usize,
    /// The script's file.
    pub file: &'a [u8],
}

/// The variables of a program that no request is behind.
pub fn of_program(own: &[(impl AsRef<[u8]>, impl AsRef<[u8]>)]) -> Variables {
    let mut all = Variables::new();
    set(&mut all, b"PATH", PATH);
    set(&mut all, b"SERVER_SOFTWARE", SOFTWARE);
    set_own(&mut all, own);
    all
}

/// All variables of a request. Without a location those that depend on the path are missing.
pub fn of_request(
    table: &HeaderTable,
    server: &Server<'_>,
    location: Option<&Location<'_>>,
    own: &[(impl AsRef<[u8]>, impl AsRef<[u8]>)],
) -> Variables {
    let mut all = Variables::new();
    set(&mut all, b"PATH", PATH);
    set(&mut all, b"SERVER_SOFTWARE", SOFTWARE);
    set(&mut all, b"GATEWAY_INTERFACE", b"CGI/1.1");
    describe_server(&mut all, server);
    if let Some(location) = location {
        describe_location(&mut all, table, location);
    }
    if let Some(length) = server.content_length {
        set(&mut all, b"CONTENT_LENGTH", length.to_string().as_bytes());
    }
    if let Some(kind) = table.first(Token::HTTP_CONTENT_TYPE) {
        set(&mut all, b"CONTENT_TYPE", kind);
    }
    describe_headers(&mut all, table);
    set_own(&mut all, own);
    all
}

fn set_own(all: &mut Variables, own: &[(impl AsRef<[u8]>, impl AsRef<[u8]>)]) {
    for (name, value) in own {
        let (name, value) = (name.as_ref(), value.as_ref());
        if !name.is_empty() && !name.contains(&b'=') {
            set(all, name, value);
        }
    }
}

/// Sets a variable, in place of one with the same name. A NUL in it cannot be passed to a process: it is left out.
fn set(all: &mut Variables, name: &[u8], value: &[u8]) {
    if name.contains(&0) || value.contains(&0) {
        return;
    }
    match all.iter_mut().find(|(n, _)| n == name) {
        Some((_, old)) => *old = value.to_vec(),
        None => all.push((name.to_vec(), value.to_vec())),
    }
}

fn describe_server(all: &mut Variables, server: &Server<'_>) {
    set(all, b"REQUEST_METHOD", server.method);
    let version: &[u8] = match server.version {
        Version::Http10 => b"HTTP/1.0",
        Version::Http11 => b"HTTP/1.1",
    };
    set(all, b"SERVER_PROTOCOL", version);
    set(all, b"SERVER_NAME", without_port(server.name));
    set(all, b"SERVER_PORT", server.port.to_string().as_bytes());
    set(all, b"REMOTE_ADDR", server.remote);
    set(all, b"REMOTE_HOST", server.remote);
    if let Some(user) = server.user {
        set(all, b"AUTH_TYPE", b"Basic");
        set(all, b"REMOTE_USER", user);
    }
    if server.is_tls {
        set(all, b"HTTPS", b"on");
    }
}

/// A host without its port; brackets of an IPv6 address stay.
fn without_port(host: &[u8]) -> &[u8] {
    let name_end = host.iter().position(|b| *b == b']').unwrap_or(0);
    let colon = host.iter().skip(name_end).position(|b| *b == b':');
    let end = colon.map_or(host.len(), |at| at.saturating_add(name_end));
    host.get(..end).unwrap_or(host)
}

fn describe_location(all: &mut Variables, table: &HeaderTable, location: &Location<'_>) {
    let path = location.path;
    let named = path.get(..location.script_len).unwrap_or(path);
    // The slash at the end of a mountpoint belongs to what follows it.
    let script = named.strip_suffix(b"/").unwrap_or(named);
    let info = path.get(script.len()..).unwrap_or_default();
    let query = query_string(table);
    set(all, b"SCRIPT_NAME", script);
    set(all, b"PATH_INFO", info);
    set(all, b"QUERY_STRING", &query);
    // quirk: decoded and without its arguments, unlike with other servers.
    set(all, b"REQUEST_URI", location.path);
    set(all, b"SCRIPT_FILENAME", location.file);
    // quirk: the name that scripts know from the reference.
    set(all, b"SCRIPT_PATH", location.file);
    if !info.is_empty() {
        let slash = location.file.iter().rposition(|b| *b == b'/').unwrap_or(0);
        let directory = location.file.get(..slash).unwrap_or_default();
        set(all, b"PATH_TRANSLATED", &[directory, info].concat());
    }
}

/// The arguments encoded again: the table has them decoded.
fn query_string(table: &HeaderTable) -> Vec<u8> {
    let mut query = Vec::new();
    for (at, argument) in table.fragments(Token::HTTP_URI_ARGS).enumerate() {
        if at > 0 {
            query.push(b'&');
        }
        let equals = argument.iter().position(|b| *b == b'=');
        let (name, value) = argument.split_at(equals.unwrap_or(argument.len()));
        encode(name, &mut query);
        if let Some((_, value)) = value.split_first() {
            query.push(b'=');
            encode(value, &mut query);
        }
    }
    query
}

fn encode(text: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b if b.is_ascii_alphanumeric() || b"-._~!$'()*,/:;=?@".contains(b) => out.push(*b),
            b => {
                let digit = |n: u8| HEX.get(usize::from(n)).copied().unwrap_or(b'0');
                out.extend([b'%', digit(b >> 4), digit(b & 15)]);
            }
        }
    }
}

fn describe_headers(all: &mut Variables, table: &HeaderTable) {
    for entry in table.iter() {
        let name = match entry.token {
            Some(token) => token.wire_name_if_any().map(str::as_bytes),
            None => Some(entry.name),
        };
        let Some(name) = name.and_then(|n| n.strip_suffix(b":")) else {
            continue;
        };
        let is_plain = name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        if name.is_empty() || !is_plain || WITHHELD.iter().any(|w| w.eq_ignore_ascii_case(name)) {
            continue;
        }
        let upper = name.iter().map(|b| match b {
            b'-' => b'_',
            b => b.to_ascii_uppercase(),
        });
        let variable: Vec<u8> = b"HTTP_".iter().copied().chain(upper).collect();
        append(all, variable, entry.value);
    }
}

/// A header that came several times is one variable.
fn append(all: &mut Variables, name: Vec<u8>, value: &[u8]) {
    if value.contains(&0) {
        return;
    }
    let between: &[u8] = if name == b"HTTP_COOKIE" { b"; " } else { b", " };
    match all.iter_mut().find(|(n, _)| *n == name) {
        Some((_, old)) => {
            old.extend_from_slice(between);
            old.extend_from_slice(value);
        }
        None => all.push((name, value.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Server<'static> {
        Server {
            method: b"GET",
            version: Version::Http11,
            content_length: None,
            name: b"example.org:8080",
            port: 8080,
            remote: b"192.0.2.1",
            user: None,
            is_tls: false,
        }
    }

    fn value<'a>(all: &'a Variables, name: &str) -> Option<&'a str> {
        let found = all.iter().find(|(n, _)| n == name.as_bytes())?;
        Some(std::str::from_utf8(&found.1).unwrap())
    }

    const NONE: &[(&[u8], &[u8])] = &[];

    #[test]
    fn request_is_described() {
        let mut table = HeaderTable::new(4096);
        for argument in ["a=1 2", "b=x&y=z+%", "c", "q=\u{e4}"] {
            table
                .append(Token::HTTP_URI_ARGS, argument.as_bytes())
                .unwrap();
        }
        table.append(Token::HTTP_CONTENT_TYPE, b"text/x").unwrap();
        let location = Location {
            path: b"/cgi/a b/c",
            script_len: 4,
            file: b"/srv/bin/run",
        };
        let posted = Server {
            content_length: Some(7),
            user: Some(b"me"),
            is_tls: true,
            ..server()
        };
        let all = of_request(&table, &posted, Some(&location), NONE);
        for (name, expected) in [
            ("GATEWAY_INTERFACE", "CGI/1.1"),
            ("REQUEST_METHOD", "GET"),
            ("QUERY_STRING", "a=1+2&b=x%26y=z%2B%25&c&q=%C3%A4"),
            ("SCRIPT_NAME", "/cgi"),
            ("PATH_INFO", "/a b/c"),
            ("PATH_TRANSLATED", "/srv/bin/a b/c"),
            ("REQUEST_URI", "/cgi/a b/c"),
            ("SCRIPT_FILENAME", "/srv/bin/run"),
            ("SERVER_NAME", "example.org"),
            ("SERVER_PORT", "8080"),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("REMOTE_ADDR", "192.0.2.1"),
            ("CONTENT_LENGTH", "7"),
            ("CONTENT_TYPE", "text/x"),
            ("HTTPS", "on"),
            ("AUTH_TYPE", "Basic"),
            ("REMOTE_USER", "me"),
        ] {
            assert_eq!(value(&all, name), Some(expected), "{name}");
        }
    }

    #[test]
    fn headers_become_variables_except_dangerous_ones() {
        let mut table = HeaderTable::new(4096);
        table.append(Token::HOST, b"h").unwrap();
        table.append(Token::HTTP_COOKIE, b"a=1").unwrap();
        table.append(Token::HTTP_COOKIE, b"b=2").unwrap();
        table.append(Token::HTTP_AUTHORIZATION, b"Basic x").unwrap();
        table.append(Token::HTTP_CONTENT_LENGTH, b"3").unwrap();
        for (name, text) in [
            ("x-own", "1"),
            ("x-own", "2"),
            ("proxy", "http://evil/"),
            ("x_own", "spoofed"),
            ("git-protocol", "version=2"),
        ] {
            table
                .append_custom(name.as_bytes(), text.as_bytes())
                .unwrap();
        }
        let all = of_request(&table, &server(), None, NONE);
        let of = |name| value(&all, name);
        assert_eq!(of("HTTP_HOST"), Some("h"));
        assert_eq!(of("HTTP_COOKIE"), Some("a=1; b=2"));
        assert_eq!(of("HTTP_X_OWN"), Some("1, 2"));
        assert_eq!(of("HTTP_GIT_PROTOCOL"), Some("version=2"));
        for absent in [
            "HTTP_PROXY",
            "HTTP_AUTHORIZATION",
            "HTTP_CONTENT_LENGTH",
            "PATH_INFO",
            "CONTENT_LENGTH",
            "HTTPS",
        ] {
            assert_eq!(of(absent), None, "{absent}");
        }
    }

    #[test]
    fn own_variables_win() {
        let own: [(&[u8], &[u8]); 4] = [
            (b"PATH", b"/own"),
            (b"A", b"b=c"),
            (b"BAD=NAME", b"x"),
            (b"", b"x"),
        ];
        let all = of_request(&HeaderTable::new(100), &server(), None, &own);
        assert_eq!(value(&all, "PATH"), Some("/own"));
        assert_eq!(value(&all, "A"), Some("b=c"));
        assert_eq!(value(&all, "BAD=NAME"), None);
        assert_eq!(value(&all, ""), None);
    }

    #[test]
    fn nul_never_reaches_a_variable() {
        let mut table = HeaderTable::new(4096);
        table.append_custom(b"x-a", b"1\x002").unwrap();
        let own: [(&[u8], &[u8]); 1] = [(b"A", b"1\x002")];
        let all = of_request(&table, &server(), None, &own);
        assert!(all.iter().all(|(n, v)| !n.contains(&0) && !v.contains(&0)));
    }

    #[test]
    fn host_loses_its_port_only() {
        for (host, name) in [
            ("a:1", "a"),
            ("a", "a"),
            ("[::1]:8", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(host.as_bytes()), name.as_bytes());
        }
    }
}
