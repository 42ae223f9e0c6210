//! The Range header (RFC 9110, 14): which bytes of something of known size are wanted.
//!
//! What cannot be understood is ignored, as the RFC asks; so are requests made to multiply traffic
//! (too many ranges, or ranges that overlap). Debian's build of the reference ignores all ranges.
//! Used by the file server (`conn::role::http::ranges`).

use std::ops::Range;

/// More ranges than this in one request are ignored.
pub const MAX_RANGES: usize = 64;

/// What a Range header asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Everything: no range, not understood, or not reasonable.
    Whole,
    /// These parts, in the order asked for, none empty; 206.
    Parts(Vec<Range<u64>>),
    /// Nothing that exists; 416.
    Unsatisfiable,
}

/// Reads a Range header for something of `size` bytes.
pub fn parse(value: &[u8], size: u64) -> Wanted {
    let value = value.trim_ascii();
    let Some((unit, list)) = value.split_at_checked(6) else {
        return Wanted::Whole;
    };
    if !unit.eq_ignore_ascii_case(b"bytes=") {
        return Wanted::Whole;
    }
    let mut parts = Vec::new();
    let specs = list.split(|b| *b == b',').map(<[u8]>::trim_ascii);
    for (count, spec) in specs.filter(|spec| !spec.is_empty()).enumerate() {
        if count >= MAX_RANGES {
            return Wanted::Whole;
        }
        match resolve(spec, size) {
            None => return Wanted::Whole,
            Some(part) if part.is_empty() => {}
            Some(part) => parts.push(part),
        }
    }
    if overlap(&parts) {
        return Wanted::Whole;
    }
    match parts.is_empty() {
        false => Wanted::Parts(parts),
        true if list.iter().any(u8::is_ascii_digit) => Wanted::Unsatisfiable,
        true => Wanted::Whole,
    }
}

/// Whether some byte is asked for twice.
fn overlap(parts: &[Range<u64>]) -> bool {
    let mut sorted: Vec<_> = parts.iter().collect();
    sorted.sort_by_key(|part| part.start);
    sorted
        .windows(2)
        .any(|two| matches!(two, [a, b] if a.end > b.start))
}

/// One range; empty when it lies outside, `None` when it is none.
fn resolve(spec: &[u8], size: u64) -> Option<Range<u64>> {
    let dash = spec.iter().position(|b| *b == b'-')?;
    let (first, last) = (spec.get(..dash)?, spec.get(dash.checked_add(1)?..)?);
    if first.is_empty() {
        let length = decimal(last)?;
        return Some(size.saturating_sub(length)..size);
    }
    let start = decimal(first)?;
    let end = if last.is_empty() {
        size
    } else {
        decimal(last)?.saturating_add(1).min(size)
    };
    if !last.is_empty() && decimal(last)? < start {
        return None;
    }
    Some(start.min(end)..end)
}

/// Digits only; a number too great for the type is as good as the greatest.
fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = text.iter().fold(0u64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(digit.wrapping_sub(b'0')))
    });
    Some(value)
}

/// The value of Content-Range for one part.
pub fn content_range(part: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1))
}

/// The value of Content-Range in a 416.
pub fn content_range_unsatisfied(size: u64) -> String {
    format!("bytes */{size}")
}

/// What stands before a part in a multipart/byteranges body.
pub fn part_head(boundary: &str, kind: &[u8], part: &Range<u64>, size: u64) -> Vec<u8> {
    let range = content_range(part, size);
    let mut head = format!("\r\n--{boundary}\r\ncontent-type: ").into_bytes();
    head.extend_from_slice(kind);
    head.extend_from_slice(format!("\r\ncontent-range: {range}\r\n\r\n").as_bytes());
    head
}

/// What ends a multipart/byteranges body.
pub fn last_boundary(boundary: &str) -> Vec<u8> {
    format!("\r\n--{boundary}--\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(value: &str) -> Vec<(u64, u64)> {
        match parse(value.as_bytes(), 1000) {
            Wanted::Parts(parts) => parts.iter().map(|p| (p.start, p.end)).collect(),
            other => panic!("{other:?} for {value}"),
        }
    }

    #[test]
    fn ranges_are_cut_to_the_size() {
        assert_eq!(parts("bytes=0-9"), [(0, 10)]);
        assert_eq!(parts("bytes=10-"), [(10, 1000)]);
        assert_eq!(parts("bytes=-10"), [(990, 1000)]);
        assert_eq!(parts("bytes=-5000"), [(0, 1000)]);
        assert_eq!(parts("bytes=999-99999999999999999999999"), [(999, 1000)]);
        assert_eq!(parts("Bytes=0-1, 3-4,,998-"), [(0, 2), (3, 5), (998, 1000)]);
        assert_eq!(parts("bytes=9-10,0-1"), [(9, 11), (0, 2)]);
        assert_eq!(parts("bytes=1-1,2000-3000"), [(1, 2)]);
    }

    #[test]
    fn nothing_that_exists_is_unsatisfiable() {
        for value in ["bytes=1000-", "bytes=-0", "bytes=5000-6000,2000-"] {
            assert_eq!(
                parse(value.as_bytes(), 1000),
                Wanted::Unsatisfiable,
                "{value}"
            );
        }
        assert_eq!(parse(b"bytes=0-", 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn what_is_not_understood_is_ignored() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "items=0-5",
            "bytes=abc",
            "bytes=5-2",
            "bytes=-",
            "bytes = 0-1",
            "bytes=0-1,x",
            "bytes=1",
            "bytes=+1-2",
            "bytes=1-2-3",
        ] {
            assert_eq!(parse(value.as_bytes(), 1000), Wanted::Whole, "{value}");
        }
    }

    #[test]
    fn ranges_that_multiply_traffic_are_ignored() {
        assert_eq!(parse(b"bytes=0-,0-", 1000), Wanted::Whole);
        assert_eq!(parse(b"bytes=5-9,0-5", 1000), Wanted::Whole);
        let single = |n: usize| format!("{}-{},", 2 * n, 2 * n);
        let some = |n: usize| format!("bytes={}", (0..n).map(single).collect::<String>());
        let many = some(MAX_RANGES + 1);
        assert_eq!(parse(many.as_bytes(), 1000), Wanted::Whole);
        let enough = some(MAX_RANGES);
        assert!(
            matches!(parse(enough.as_bytes(), 1000), Wanted::Parts(p) if p.len() == MAX_RANGES)
        );
    }

    #[test]
    fn content_range_is_written() {
        assert_eq!(content_range(&(0..10), 1000), "bytes 0-9/1000");
        assert_eq!(content_range_unsatisfied(7), "bytes */7");
        assert_eq!(
            part_head("B", b"a/b", &(2..4), 9),
            b"\r\n--B\r\ncontent-type: a/b\r\ncontent-range: bytes 2-3/9\r\n\r\n"
        );
        assert_eq!(last_boundary("B"), b"\r\n--B--\r\n");
    }
}
