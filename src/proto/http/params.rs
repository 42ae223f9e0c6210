//! Parameters of header values: `form-data; name="a"; filename=b.txt`.
//!
//! Names are compared without regard to case. A quoted value ends at its closing quote, `\"` in it is a quote and any
//! other backslash stays (browsers send Windows paths as they are); without quotes a value ends at `;` and loses the
//! spaces around it. Called by `multipart` for Content-Type and Content-Disposition.

/// The parameters behind the first `;`, in their order.
pub fn of(value: &[u8]) -> impl Iterator<Item = Param<'_>> {
    let mut rest = after_semicolon(value);
    std::iter::from_fn(move || {
        let (param, behind) = next(rest)?;
        rest = behind;
        Some(param)
    })
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    name: &'a [u8],
    value: &'a [u8],
    is_quoted: bool,
}

impl<'a> Param<'a> {
    /// Is it the one of that name?
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The bytes of its value.
    pub fn bytes(self) -> impl Iterator<Item = u8> + 'a {
        let behind = self.value.iter().skip(1).copied().map(Some).chain([None]);
        let escapes = self.is_quoted;
        self.value
            .iter()
            .copied()
            .zip(behind)
            .filter(move |(byte, next)| !(escapes && *byte == b'\\' && *next == Some(b'"')))
            .map(|(byte, _)| byte)
    }
}

fn after_semicolon(text: &[u8]) -> &[u8] {
    match memchr::memchr(b';', text) {
        Some(at) => text.get(at.saturating_add(1)..).unwrap_or_default(),
        None => &[],
    }
}

fn next(text: &[u8]) -> Option<(Param<'_>, &[u8])> {
    let text = text.trim_ascii_start();
    if text.is_empty() {
        return None;
    }
    let end = memchr::memchr2(b'=', b';', text).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let mut param = Param {
        name: name.trim_ascii_end(),
        value: &[],
        is_quoted: false,
    };
    let Some(value) = rest.strip_prefix(b"=") else {
        return Some((param, rest.get(1..).unwrap_or_default()));
    };
    let value = value.trim_ascii_start();
    if let Some(quoted) = value.strip_prefix(b"\"") {
        let (inside, rest) = quoted.split_at_checked(quote_end(quoted))?;
        param.value = inside;
        param.is_quoted = true;
        return Some((param, after_semicolon(rest)));
    }
    let end = memchr::memchr(b';', value).unwrap_or(value.len());
    let (plain, rest) = value.split_at_checked(end)?;
    param.value = plain.trim_ascii_end();
    Some((param, rest.get(1..).unwrap_or_default()))
}

/// Where the closing quote stands, or the end.
fn quote_end(text: &[u8]) -> usize {
    memchr::memchr_iter(b'"', text)
        .find(|at| at.checked_sub(1).and_then(|n| text.get(n)) != Some(&b'\\'))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<(String, String)> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        of(value.as_bytes())
            .map(|p| (text(p.name.to_vec()), text(p.bytes().collect())))
            .collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn quoted_and_plain_values_are_read() {
        let expected = pairs(&[("name", "a"), ("filename", "b c.txt"), ("x", "")]);
        assert_eq!(
            read("form-data; name=\"a\"; filename=b c.txt; x="),
            expected
        );
        assert_eq!(read("f;name=a;filename = \"b c.txt\" ; x"), expected);
    }

    #[test]
    fn quotes_guard_semicolons_and_quotes() {
        assert_eq!(
            read(r#"f; filename="a;b\"c=d"; name=x"#),
            pairs(&[("filename", r#"a;b"c=d"#), ("name", "x")])
        );
        assert_eq!(
            read(r#"f; filename="C:\dir\f""#),
            pairs(&[("filename", r"C:\dir\f")])
        );
    }

    #[test]
    fn what_is_not_closed_ends_with_the_value() {
        assert_eq!(read("f; name=\"a; b"), pairs(&[("name", "a; b")]));
        assert_eq!(read("f"), []);
        assert_eq!(read("f;; ;"), pairs(&[("", ""), ("", "")]));
    }
}
