//! Configuration files: JSON in which `#` begins a comment.
//!
//! A file becomes a tree of texts, lists and tables. Tables keep the order of their members and members that come twice,
//! since both mean something in the files of lwsws. Numbers and the words true and false are texts as they stand. What
//! the names mean is not known here. Called by `capi::lwsws`; the streaming parser that programs use is `cutil::lejp`.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Longest file that is read, in bytes.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A text, or a number or word as written.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object.
    Table(Vec<(String, Node)>),
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl Node {
    /// The text; none for lists and tables.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of a table; none for others.
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Table(members) => members,
            _ => &[],
        }
    }

    /// All members of the tables in a list (or of this table): how the files write groups of names and values.
    pub fn groups(&self) -> impl Iterator<Item = &(String, Self)> {
        let list = match self {
            Self::List(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        list.iter().flat_map(Self::members)
    }

    /// The elements of a list; none for others.
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }
}

/// Reads a file's bytes.
///
/// # Errors
/// When it is no JSON after the comments are gone.
pub fn parse(file: &[u8]) -> Result<Node, Fault> {
    if file.len() > MAX_FILE {
        return Err(Fault {
            line: 1,
            why: format!("longer than {MAX_FILE} bytes"),
        });
    }
    serde_json::from_slice(&without_comments(file)).map_err(|e| Fault {
        line: e.line(),
        why: e.to_string(),
    })
}

/// Blanks out what stands between a `#` outside of texts and the end of its line.
fn without_comments(file: &[u8]) -> Vec<u8> {
    let mut in_text = false;
    let mut escaped = false;
    let mut in_comment = false;
    let clean = |byte: &u8| {
        if *byte == b'\n' {
            in_comment = false;
        }
        if in_comment {
            return b' ';
        }
        match *byte {
            b'#' if !in_text => {
                in_comment = true;
                return b' ';
            }
            b'"' if !escaped => in_text = !in_text,
            _ => {}
        }
        escaped = in_text && *byte == b'\\' && !escaped;
        *byte
    };
    file.iter().map(clean).collect()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a table")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, word: bool) -> Result<Node, E> {
        Ok(Node::Text(word.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Node, E> {
        if number.is_finite() {
            Ok(Node::Text(number.to_string()))
        } else {
            Err(E::custom("a number that is out of range"))
        }
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Text(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = from.next_element()? {
            list.push(element);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut members: Vec<(String, Node)> = Vec::new();
        while let Some((name, value)) = from.next_entry::<String, Node>()? {
            if name.contains('\0') {
                return Err(A::Error::custom("a NUL in a name"));
            }
            members.push((name, value));
        }
        Ok(Node::Table(members))
    }
}

/// How the files write yes: `1` and other numbers, `on`, `yes`, `true`.
pub fn is_yes(text: &str) -> bool {
    ["on", "yes", "true"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        || number(text) != 0
}

/// The number that a text begins with, 0 for none; as large as fits.
pub fn number(text: &str) -> i64 {
    let text = text.trim_start();
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0i64, |n, digit| {
            n.saturating_mul(10)
                .saturating_add(i64::from(digit.wrapping_sub(b'0')))
        });
    if is_negative {
        value.saturating_neg()
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    #[test]
    fn comments_end_with_their_line_and_do_not_begin_in_texts() {
        let tree =
            parse(b"# top\n{ \"a\": \"x # y \\\" # z\", # rest\n \"b\": 12 }#").expect("good");
        let members = [
            ("a".to_owned(), text("x # y \" # z")),
            ("b".to_owned(), text("12")),
        ];
        assert_eq!(tree.members(), members);
    }

    #[test]
    fn order_and_repeated_names_are_kept() {
        let tree = parse(br#"{"z":[{"a":"1"},{"a":true,"b":null}],"z":-5}"#).expect("good");
        let names: Vec<_> = tree.members().iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["z", "z"]);
        let values: Vec<_> = tree.members()[0]
            .1
            .groups()
            .map(|(_, v)| v.clone())
            .collect();
        assert_eq!(values, [text("1"), text("true"), text("")]);
        assert_eq!(tree.members()[1].1.text(), Some("-5"));
    }

    #[test]
    fn faults_name_the_line() {
        let fault = parse(b"{\n \"a\": }").expect_err("bad");
        assert_eq!(fault.line, 2);
        assert!(parse(&b"[".repeat(5000)).is_err());
        assert!(parse(br#"{"a\u0000b":1}"#).is_err());
    }

    #[test]
    fn yes_and_numbers() {
        for yes in ["1", "2", "on", "On", "TRUE", "yes", " 7x", "-1"] {
            assert!(is_yes(yes), "{yes}");
        }
        for no in ["", "0", "off", "no", "enable", "x1"] {
            assert!(!is_yes(no), "{no}");
        }
        assert_eq!(number("99999999999999999999"), i64::MAX);
        assert_eq!(number("-12 "), -12);
    }
}
