//! Content types by file name.
//!
//! Exactly the reference's table: a file of any other kind is not served (415) unless the mount adds
//! the type. Used by `lws_get_mimetype()` and by the file server.

use memchr::memrchr;

/// Suffix and type.
const TYPES: [(&str, &str); 18] = [
    (".html", "text/html"),
    (".htm", "text/html"),
    (".js", "text/javascript"),
    (".css", "text/css"),
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".gif", "image/gif"),
    (".svg", "image/svg+xml"),
    (".ico", "image/x-icon"),
    (".json", "application/json"),
    (".txt", "text/plain"),
    (".xml", "application/xml"),
    (".ttf", "application/x-font-ttf"),
    // quirk: the type of another format.
    (".otf", "application/font-woff"),
    (".woff", "application/font-woff"),
    (".woff2", "application/font-woff2"),
    (".gz", "application/gzip"),
];

/// The type of a file; `None` when its suffix is unknown or is the whole name.
pub fn of(file: &[u8]) -> Option<&'static str> {
    // A suffix has one dot, at its beginning.
    let suffix = file.get(memrchr(b'.', file).filter(|at| *at > 0)?..)?;
    TYPES
        .iter()
        .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(suffix))
        .map(|(_, kind)| *kind)
}

/// Whether `file` is more than `suffix` and ends in it, whatever its case.
pub fn has_suffix(file: &[u8], suffix: &[u8]) -> bool {
    let Some(at) = file.len().checked_sub(suffix.len()) else {
        return false;
    };
    at > 0
        && file
            .get(at..)
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_suffixes_are_found_in_any_case() {
        assert_eq!(of(b"/x/y.JS"), Some("text/javascript"));
        assert_eq!(of(b"a.b.png"), Some("image/png"));
        assert_eq!(of(b"index.htm"), Some("text/html"));
        assert_eq!(of(b"a.tar.gz"), Some("application/gzip"));
        assert_eq!(of(b"tar.gz"), Some("application/gzip"));
        assert_eq!(of(b"a.otf"), Some("application/font-woff"));
        assert_eq!(of(b"a.woff2"), Some("application/font-woff2"));
    }

    #[test]
    fn anything_else_has_no_type() {
        for name in [
            "", ".", "js", ".js", ".gz", "ajs", "a.js/", "a.html.", "a.gif?x", "a.mjs", "a.wasm",
        ] {
            assert_eq!(of(name.as_bytes()), None, "{name}");
        }
    }
}
