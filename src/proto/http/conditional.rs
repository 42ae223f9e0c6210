//! Conditional requests: must the file be sent, is it unchanged, or must the request fail?
//!
//! The order of checks is RFC 9110's (13.2.2). Entity tags are compared with and without quotes,
//! because the tags sent here have none while caches may add them. Dates only count when the caller
//! gives the modification time: the reference sends no Last-Modified, so by default nobody asks.
//! Used by the file server.

use super::date;
use super::headers::HeaderTable;
use super::token::Token;

/// What to do with the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Answer as if there were no conditions.
    Proceed,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// Evaluates the conditions of a request for something with this tag and modification time.
///
/// `is_get`: GET or HEAD; other methods fail where these get 304.
pub fn evaluate(table: &HeaderTable, is_get: bool, tag: &str, mtime: Option<i64>) -> Outcome {
    if table.has(Token::HTTP_IF_MATCH) {
        if !lists(table, Token::HTTP_IF_MATCH, tag, Weak::Differ) {
            return Outcome::Failed;
        }
    } else if let Some(since) = date_of(table, Token::HTTP_IF_UNMODIFIED_SINCE)
        && mtime.is_some_and(|mtime| mtime > since)
    {
        return Outcome::Failed;
    }
    if table.has(Token::HTTP_IF_NONE_MATCH) {
        return match lists(table, Token::HTTP_IF_NONE_MATCH, tag, Weak::Match) {
            false => Outcome::Proceed,
            true if is_get => Outcome::NotModified,
            true => Outcome::Failed,
        };
    }
    let since = date_of(table, Token::HTTP_IF_MODIFIED_SINCE);
    match (since, mtime) {
        (Some(since), Some(mtime)) if is_get && mtime <= since => Outcome::NotModified,
        _ => Outcome::Proceed,
    }
}

/// Whether a Range header may be used: there is no If-Range, or it names what is served.
pub fn range_applies(table: &HeaderTable, tag: &str, mtime: Option<i64>) -> bool {
    let Some(value) = table.first(Token::HTTP_IF_RANGE) else {
        return true;
    };
    let value = value.trim_ascii();
    match date::parse(value) {
        Some(when) => mtime == Some(when),
        None => is_tag(value, tag, Weak::Differ),
    }
}

/// How a tag marked as weak (`W/`) compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weak {
    Match,
    Differ,
}

fn lists(table: &HeaderTable, token: Token, tag: &str, weak: Weak) -> bool {
    let elements = table.fragments(token).flat_map(|f| f.split(|b| *b == b','));
    elements
        .map(<[u8]>::trim_ascii)
        .any(|e| e == b"*" || is_tag(e, tag, weak))
}

fn is_tag(text: &[u8], tag: &str, weak: Weak) -> bool {
    let text = match (text.strip_prefix(b"W/"), weak) {
        (Some(strong), Weak::Match) => strong,
        (Some(_), Weak::Differ) => return false,
        (None, _) => text,
    };
    let inner = text.strip_prefix(b"\"").and_then(|t| t.strip_suffix(b"\""));
    inner.unwrap_or(text) == tag.as_bytes()
}

fn date_of(table: &HeaderTable, token: Token) -> Option<i64> {
    date::parse(table.first(token)?.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "000003E85E0D5DA5";
    const MTIME: i64 = 784_111_777;
    const THEN: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn table(headers: &[(Token, &str)]) -> HeaderTable {
        let mut table = HeaderTable::new(4096);
        for (token, value) in headers {
            table.append(*token, value.as_bytes()).unwrap();
        }
        table
    }

    fn outcome(token: Token, value: &str) -> Outcome {
        evaluate(&table(&[(token, value)]), true, TAG, Some(MTIME))
    }

    #[test]
    fn known_tag_is_not_modified_however_it_is_written() {
        for value in [
            TAG.to_owned(),
            format!("\"{TAG}\""),
            format!("W/\"{TAG}\""),
            format!("\"x\", \"{TAG}\""),
            "*".to_owned(),
            format!(" {TAG} "),
        ] {
            assert_eq!(
                outcome(Token::HTTP_IF_NONE_MATCH, &value),
                Outcome::NotModified,
                "{value}"
            );
        }
        for value in ["x", "", "\"", "W/", &TAG[1..]] {
            assert_eq!(
                outcome(Token::HTTP_IF_NONE_MATCH, value),
                Outcome::Proceed,
                "{value}"
            );
        }
        let table = table(&[(Token::HTTP_IF_NONE_MATCH, TAG)]);
        assert_eq!(evaluate(&table, false, TAG, None), Outcome::Failed);
    }

    #[test]
    fn required_tag_must_match_strongly() {
        assert_eq!(outcome(Token::HTTP_IF_MATCH, TAG), Outcome::Proceed);
        assert_eq!(outcome(Token::HTTP_IF_MATCH, "*"), Outcome::Proceed);
        assert_eq!(
            outcome(Token::HTTP_IF_MATCH, &format!("W/\"{TAG}\"")),
            Outcome::Failed
        );
        assert_eq!(outcome(Token::HTTP_IF_MATCH, "x"), Outcome::Failed);
    }

    #[test]
    fn dates_count_only_with_a_modification_time() {
        assert_eq!(
            outcome(Token::HTTP_IF_MODIFIED_SINCE, THEN),
            Outcome::NotModified
        );
        assert_eq!(
            outcome(Token::HTTP_IF_MODIFIED_SINCE, BEFORE),
            Outcome::Proceed
        );
        assert_eq!(
            outcome(Token::HTTP_IF_MODIFIED_SINCE, "junk"),
            Outcome::Proceed
        );
        assert_eq!(
            outcome(Token::HTTP_IF_UNMODIFIED_SINCE, THEN),
            Outcome::Proceed
        );
        assert_eq!(
            outcome(Token::HTTP_IF_UNMODIFIED_SINCE, BEFORE),
            Outcome::Failed
        );
        let dated = table(&[(Token::HTTP_IF_MODIFIED_SINCE, THEN)]);
        assert_eq!(evaluate(&dated, true, TAG, None), Outcome::Proceed);
    }

    #[test]
    fn tags_come_before_dates() {
        let both = table(&[
            (Token::HTTP_IF_NONE_MATCH, "x"),
            (Token::HTTP_IF_MODIFIED_SINCE, THEN),
        ]);
        assert_eq!(evaluate(&both, true, TAG, Some(MTIME)), Outcome::Proceed);
    }

    #[test]
    fn range_applies_to_what_it_was_meant_for() {
        let applies =
            |value: &str| range_applies(&table(&[(Token::HTTP_IF_RANGE, value)]), TAG, Some(MTIME));
        assert!(range_applies(&table(&[]), TAG, None));
        assert!(applies(TAG) && applies(&format!("\"{TAG}\"")) && applies(THEN));
        assert!(!applies("\"x\"") && !applies(BEFORE) && !applies(&format!("W/\"{TAG}\"")));
    }
}
