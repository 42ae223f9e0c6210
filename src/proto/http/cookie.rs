//! Reads one cookie out of the Cookie headers.
//!
//! Values come as they stand up to the next `;`, quotes and trailing spaces included, as the reference
//! gives them. Unlike the reference, a name is only found where a name can stand: `xa=1` is no cookie
//! `a`, neither is `b=a=1`, and a second Cookie header is searched on its own.
//! Used by `lws_http_cookie_get()`.

use super::headers::HeaderTable;
use super::token::Token;

/// The value of the named cookie.
pub fn find<'t>(table: &'t HeaderTable, name: &[u8]) -> Option<&'t [u8]> {
    table
        .fragments(Token::HTTP_COOKIE)
        .find_map(|header| in_header(header, name))
}

/// The value of the named cookie in one header's text.
pub fn in_header<'t>(header: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    if name.is_empty() {
        return None;
    }
    header.split(|b| *b == b';').find_map(|pair| {
        let pair = pair.trim_ascii_start();
        pair.strip_prefix(name)?.strip_prefix(b"=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'t>(header: &'t str, name: &str) -> Option<&'t str> {
        in_header(header.as_bytes(), name.as_bytes()).map(|v| std::str::from_utf8(v).unwrap())
    }

    #[test]
    fn values_are_given_as_they_stand() {
        assert_eq!(value("a=1; b=2", "a"), Some("1"));
        assert_eq!(value("a=1;b=2", "b"), Some("2"));
        assert_eq!(value("a=1 ; b=2", "a"), Some("1 "));
        assert_eq!(value("a=\"1\"; b=\"2 3\"", "b"), Some("\"2 3\""));
        assert_eq!(value("a=1=2; b=3", "a"), Some("1=2"));
        assert_eq!(value("a=; b=2", "a"), Some(""));
        assert_eq!(value("  a=%20+;;", "a"), Some("%20+"));
        assert_eq!(value("c=a; b=a; a=3", "a"), Some("3"));
    }

    #[test]
    fn only_whole_names_are_found() {
        for header in [
            "ab=1",
            "xa=1",
            "b=a=1",
            "a",
            "A=1",
            "a =1",
            "",
            ";",
            "__Host-a=1",
        ] {
            assert_eq!(value(header, "a"), None, "{header}");
        }
        assert_eq!(value("__Host-a=1; a=2", "a"), Some("2"));
        assert_eq!(value("=1", ""), None);
    }

    #[test]
    fn every_header_is_searched() {
        let mut table = HeaderTable::new(100);
        table.append(Token::HTTP_COOKIE, b"a=1; b=2").unwrap();
        table.append(Token::HTTP_COOKIE, b"  c=3").unwrap();
        assert_eq!(find(&table, b"b"), Some(&b"2"[..]));
        assert_eq!(find(&table, b"c"), Some(&b"3"[..]));
        assert_eq!(find(&table, b"d"), None);
    }
}
