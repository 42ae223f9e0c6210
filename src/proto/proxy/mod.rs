//! Proxies that a client goes through: how one is written down, and what is said to it before the connection is ours.
//!
//! [`Address`] reads `[user:password@]host:port`. [`connect`] is CONNECT of HTTP/1.1 (RFC 9110 9.3.6), [`socks5`] is RFC
//! 1928 with the password of RFC 1929. Both are engines: they write what is to be sent into a caller's buffer, take the
//! proxy's bytes in any pieces, and say how many of them were for the proxy's answer. Names are given to the proxy as they are.
//! Called by `conn::client::tunnel`; addresses by `capi`.

pub mod connect;
pub mod socks5;

/// Longest user and password of an http proxy, with the colon between them.
pub const MAX_CREDENTIALS: usize = 512;
/// Longest host name.
pub const MAX_HOST: usize = 255;

/// What came of the proxy's bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// All input is consumed; more must come.
    NeedMore,
    /// The way is free: what follows `consumed` bytes comes from the server behind the proxy.
    Done {
        /// How much of the input was the proxy's.
        consumed: usize,
    },
    /// It leads to nothing, for this reason.
    Refused(String),
}

/// Where a proxy is and who we are for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Name or numeric address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What stands before the `@`.
    credentials: Option<Vec<u8>>,
}

impl Address {
    /// Reads `[scheme://][user:password@]host[:port][/...]`; `port` is for texts without one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &[u8], schemes: &[&str], port: Option<u16>) -> Result<Self, &'static str> {
        let text = without_scheme(text, schemes)?;
        let at = text.iter().rposition(|b| *b == b'@');
        let (credentials, rest) = match at.and_then(|at| text.split_at_checked(at)) {
            Some((before, behind)) => (Some(before), behind.get(1..).unwrap_or_default()),
            None => (None, text),
        };
        if credentials.is_some_and(|c| c.len() > MAX_CREDENTIALS) {
            return Err("user and password are too long");
        }
        let end = rest.iter().position(|b| *b == b'/').unwrap_or(rest.len());
        let rest = rest.get(..end).unwrap_or_default();
        let (host, digits) = host_and_port(rest)?;
        let port = match digits {
            Some(digits) => port_number(digits)?,
            None => port.filter(|p| *p > 0).ok_or("there is no port")?,
        };
        let host = str::from_utf8(host).map_err(|_| "the host is no text")?;
        if !is_host(host) || host.contains(['[', ']']) {
            return Err("the host is no name");
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            credentials: credentials.map(<[u8]>::to_vec),
        })
    }

    /// User and password as they were written; `None` without.
    pub fn credentials(&self) -> Option<&[u8]> {
        self.credentials.as_deref()
    }

    /// User and password apart; the latter may be empty.
    pub fn user_and_password(&self) -> Option<(&[u8], &[u8])> {
        let both = self.credentials()?;
        let at = both.iter().position(|b| *b == b':').unwrap_or(both.len());
        let (user, rest) = both.split_at_checked(at)?;
        Some((user, rest.get(1..).unwrap_or_default()))
    }
}

/// Shows where it is, and nothing of who we are.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&authority(&self.host, self.port))
    }
}

fn without_scheme<'a>(text: &'a [u8], schemes: &[&str]) -> Result<&'a [u8], &'static str> {
    let Some(at) = text.windows(3).position(|w| w == b"://") else {
        return Ok(text);
    };
    let (scheme, rest) = text.split_at_checked(at).unwrap_or((text, b""));
    let is_known = schemes
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known.as_bytes()));
    match is_known {
        true => Ok(rest.get(3..).unwrap_or_default()),
        false => Err("proxies of this kind are not spoken to"),
    }
}

type HostAndPort<'a> = (&'a [u8], Option<&'a [u8]>);

fn host_and_port(text: &[u8]) -> Result<HostAndPort<'_>, &'static str> {
    if let Some(inside) = text.strip_prefix(b"[") {
        let end = inside.iter().position(|b| *b == b']');
        let (host, rest) = end
            .and_then(|end| inside.split_at_checked(end))
            .ok_or("a bracket is not closed")?;
        return match rest.get(1..).unwrap_or_default() {
            [] => Ok((host, None)),
            [b':', digits @ ..] => Ok((host, Some(digits))),
            _ => Err("something stands behind the bracket"),
        };
    }
    let mut parts = text.split(|b| *b == b':');
    let host = parts.next().unwrap_or_default();
    match (parts.next(), parts.next()) {
        (digits, None) => Ok((host, digits)),
        _ => Err("an IPv6 address needs brackets"),
    }
}

fn port_number(digits: &[u8]) -> Result<u16, &'static str> {
    let number = str::from_utf8(digits).ok().and_then(|d| d.parse().ok());
    number
        .filter(|n| *n > 0 && digits.iter().all(u8::is_ascii_digit))
        .ok_or("that is no port")
}

/// True for what may stand in a request line: no blanks, no control characters, not too long.
pub fn is_host(host: &str) -> bool {
    let is_plain = |b: u8| b > b' ' && b != 0x7f && b != b'/' && b != b'@';
    !host.is_empty() && host.len() <= MAX_HOST && host.bytes().all(is_plain)
}

/// `host:port`, IPv6 addresses in brackets.
pub fn authority(host: &str, port: u16) -> String {
    match host.contains(':') && !host.starts_with('[') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, port: Option<u16>) -> String {
        match Address::parse(text.as_bytes(), &["http"], port) {
            Ok(a) => {
                let who = a.credentials().unwrap_or(b"-").escape_ascii().to_string();
                format!("{a:?} {who}")
            }
            Err(why) => why.to_owned(),
        }
    }

    #[test]
    fn addresses_are_read_with_and_without_credentials() {
        assert_eq!(read("host:80", None), "host:80 -");
        assert_eq!(read("host", Some(3128)), "host:3128 -");
        assert_eq!(read("host:80", Some(3128)), "host:80 -");
        assert_eq!(read("u:p@host:80", None), "host:80 u:p");
        assert_eq!(read("u@host:80", None), "host:80 u");
        assert_eq!(read("a:b@c:d@host:80", None), "host:80 a:b@c:d");
        assert_eq!(read("http://u:p@host:1234/", None), "host:1234 u:p");
        assert_eq!(read("HTTP://host:80/path", None), "host:80 -");
        assert_eq!(read("[::1]:80", None), "[::1]:80 -");
        assert_eq!(read("u:p@[::1]", Some(9)), "[::1]:9 u:p");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            ":80",
            "host",
            "u:p@host",
            "host:",
            "host:0",
            "host:65536",
            "host:-1",
            "host:abc",
            "::1",
            "[::1:80",
            "[::1]80",
            "https://host:80",
            "ho st:80",
            "host\r\n:80",
            "u@:80",
            "[[::1]:80",
            "a]:80",
        ] {
            assert!(
                Address::parse(text.as_bytes(), &["http"], None).is_err(),
                "{text:?}"
            );
        }
        let long = |user, host| format!("{}@{}:80", "u".repeat(user), "h".repeat(host));
        assert!(Address::parse(long(512, 255).as_bytes(), &[], None).is_ok());
        assert!(Address::parse(long(513, 255).as_bytes(), &[], None).is_err());
        assert!(Address::parse(long(512, 256).as_bytes(), &[], None).is_err());
        assert!(Address::parse(b"\xff:80", &[], None).is_err());
    }

    #[test]
    fn user_and_password_are_told_apart_and_not_shown() {
        let read = |text: &str| Address::parse(text.as_bytes(), &[], None).unwrap();
        let address = read("user:pa:ss@host:80");
        assert_eq!(
            address.user_and_password(),
            Some((&b"user"[..], &b"pa:ss"[..]))
        );
        assert_eq!(
            read("user@host:80").user_and_password(),
            Some((&b"user"[..], &b""[..]))
        );
        assert_eq!(read("host:80").user_and_password(), None);
        assert_eq!(format!("{address:?}"), "host:80");
        assert_eq!(authority("::1", 8), "[::1]:8");
        assert_eq!(authority("[::1]", 8), "[::1]:8");
    }
}
