//! Basic authentication: reads the header, compares with a list of `user:password` lines.
//!
//! Comparing takes the same time wherever the texts differ, and only whole lines count (the reference
//! also matched pieces). What to answer - 401 or, for a header it cannot read, 403 - is up to the
//! caller, the mount code of the http role.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest header value that is looked at.
const MAX_HEADER: usize = 1024;

/// Why there are no credentials in a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuthError {
    /// Another scheme than Basic.
    NotBasic,
    /// Not base64, or no colon in it, or far too long.
    Malformed,
}

/// A user and password as the client sent them.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `user:password`.
    pair: Vec<u8>,
    colon: usize,
}

impl Credentials {
    /// Reads the value of an Authorization header.
    pub fn parse(value: &[u8]) -> Result<Credentials, AuthError> {
        let value = value.trim_ascii();
        let (scheme, rest) = value.split_at_checked(5).ok_or(AuthError::NotBasic)?;
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return Err(AuthError::NotBasic);
        }
        let text = rest
            .strip_prefix(b" ")
            .ok_or(AuthError::Malformed)?
            .trim_ascii_start();
        if text.len() > MAX_HEADER {
            return Err(AuthError::Malformed);
        }
        let pair = STANDARD.decode(text).map_err(|_| AuthError::Malformed)?;
        let colon = pair
            .iter()
            .position(|b| *b == b':')
            .ok_or(AuthError::Malformed)?;
        Ok(Credentials { pair, colon })
    }

    /// The user's name.
    pub fn user(&self) -> &[u8] {
        self.pair.get(..self.colon).unwrap_or_default()
    }

    /// Both, as they were sent.
    pub fn pair(&self) -> &[u8] {
        &self.pair
    }

    /// Whether `list` has a line that says exactly these credentials.
    pub fn are_listed(&self, list: &[u8]) -> bool {
        let lines = list
            .split(|b| *b == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.fold(false, |found, line| found | same(line, &self.pair))
    }
}

/// The Authorization value of a user and a password; `None` when they are far too long.
pub fn header_value(user: &[u8], password: &[u8]) -> Option<String> {
    if user.len().saturating_add(password.len()) > MAX_HEADER {
        return None;
    }
    let mut value = "Basic ".to_owned();
    STANDARD.encode_string([user, b":", password].concat(), &mut value);
    Some(value)
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user().escape_ascii())
            .finish_non_exhaustive()
    }
}

/// Equality in time that depends on the lengths only.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0, |all, (x, y)| all | (x ^ y));
    a.len() == b.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<String, AuthError> {
        let credentials = Credentials::parse(value.as_bytes())?;
        Ok(String::from_utf8(credentials.user().to_vec()).unwrap())
    }

    #[test]
    fn basic_is_read_in_any_case_and_spacing() {
        for value in [
            "Basic dXNlcjpwYXNz",
            "basic dXNlcjpwYXNz",
            "Basic   dXNlcjpwYXNz ",
        ] {
            assert_eq!(parse(value), Ok("user".to_owned()));
        }
    }

    #[test]
    fn what_is_no_basic_header_is_told_apart() {
        for value in ["", "Basi", "Bearer x", "Digest username=x"] {
            assert_eq!(parse(value), Err(AuthError::NotBasic), "{value}");
        }
        for value in [
            "Basic",
            "BasicdXNlcjpwYXNz",
            "Basic !!!",
            "Basic dXNlcg==",
            "Basic dXN",
        ] {
            assert_eq!(parse(value), Err(AuthError::Malformed), "{value}");
        }
        let long = format!("Basic {}", "dXNlcjpw".repeat(200));
        assert_eq!(parse(&long), Err(AuthError::Malformed));
    }

    #[test]
    fn only_whole_lines_are_credentials() {
        let listed = |list: &str| {
            Credentials::parse(b"Basic dXNlcjpwYXNz")
                .unwrap()
                .are_listed(list.as_bytes())
        };
        assert!(listed("user:pass") && listed("a:b\nuser:pass\n") && listed("user:pass\r\nc:d"));
        for list in [
            "",
            "user:pas",
            "user:passx",
            "xuser:pass",
            "user:\npass",
            "user:pass ",
        ] {
            assert!(!listed(list), "{list:?}");
        }
        let with_newline = Credentials::parse(b"Basic dXNlcjpwYXNzCg==").unwrap();
        assert!(!with_newline.are_listed(b"user:pass\n"));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let value = header_value(b"user", b"pass").unwrap();
        assert_eq!(value, "Basic dXNlcjpwYXNz");
        let read = Credentials::parse(value.as_bytes()).unwrap();
        assert_eq!(read.pair(), b"user:pass");
        assert!(header_value(&[b'u'; 1020], b"12345").is_none());
    }

    #[test]
    fn passwords_do_not_reach_logs() {
        let credentials = Credentials::parse(b"Basic dXNlcjpwYXNz").unwrap();
        assert!(!format!("{credentials:?}").contains("pass"));
    }
}
