//! Finding one value in a short JSON text without parsing it.
//!
//! For well-known names in flat objects: the text is searched for `"name":` as it stands, wherever it occurs, and the
//! value is taken up to its end quote, comma or bracket. Anything nested needs the real parser (`cutil::lejp`).
//! Called by `capi::json`.

use std::ops::Range;

/// Where the value after the first `name` lies in `text`; none when it is not there or nothing follows.
#[must_use]
pub fn find(text: &[u8], name: &[u8]) -> Option<Range<usize>> {
    if name.is_empty() {
        return None;
    }
    let after = memchr::memmem::find(text, name)?.checked_add(name.len())?;
    let rest = text.get(after..)?;
    let begin = after.checked_add(rest.iter().position(|b| !matches!(b, b' ' | b'\t'))?)?;
    if text.get(begin) == Some(&b'"') {
        let begin = begin.checked_add(1)?;
        let len = quoted_len(text.get(begin..)?);
        return Some(begin..begin.checked_add(len)?);
    }
    let rest = text.get(begin..)?;
    let len = rest
        .iter()
        .position(|b| matches!(b, b',' | b'}' | b']'))
        .unwrap_or(rest.len());
    Some(begin..begin.checked_add(len)?)
}

/// Up to the first quote that no backslash precedes, or all.
fn quoted_len(text: &[u8]) -> usize {
    let mut escaped = false;
    for (n, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return n,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        find(text.as_bytes(), name.as_bytes()).map(|r| &text[r])
    }

    #[test]
    fn strings_come_without_quotes() {
        assert_eq!(value("{\"a\": \"x y\", \"b\":1}", "\"a\":"), Some("x y"));
        assert_eq!(value("{\"a\":\"x\\\"y\"}", "\"a\":"), Some("x\\\"y"));
        assert_eq!(value("{\"a\":\"cut", "\"a\":"), Some("cut"));
    }

    #[test]
    fn other_values_end_at_comma_or_bracket() {
        assert_eq!(value("{\"a\":12,", "\"a\":"), Some("12"));
        assert_eq!(value("{\"a\":true}", "\"a\":"), Some("true"));
        assert_eq!(value("\"a\": \t\n1]", "\"a\":"), Some("\n1"));
    }

    #[test]
    fn nothing_there_is_none() {
        assert_eq!(value("{\"a\":1}", "\"b\":"), None);
        assert_eq!(value("{\"a\":  ", "\"a\":"), None);
        assert_eq!(value("{\"a\":1}", ""), None);
    }
}
