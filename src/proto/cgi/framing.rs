//! How a script's output becomes the body of a response: by length, in chunks, or until the connection ends.
//!
//! A script that says how long its body is may still write more or less: more is cut off, less is told by
//! [`Framing::end`], after which the connection cannot serve another request.

use crate::proto::http::response::Version;

/// How the end of the body is told to the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framing {
    /// In chunks.
    Chunked,
    /// So many bytes are still to come.
    Length(u64),
    /// By closing.
    UntilClose,
    /// The status allows no body.
    Nothing,
}

/// One piece of body as it goes out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece<'a> {
    /// Goes before the bytes.
    pub before: Vec<u8>,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Goes behind them.
    pub after: &'static [u8],
}

/// What is left to do when the output has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// Goes out last.
    pub tail: &'static [u8],
    /// The client sees the end only when the connection closes.
    pub closes: bool,
}

impl Framing {
    /// For a response with this status to a client of this version.
    pub fn of(status: u16, content_length: Option<u64>, version: Version) -> Self {
        match (status, content_length, version) {
            (204 | 304, ..) => Self::Nothing,
            (_, Some(length), _) => Self::Length(length),
            (_, None, Version::Http11) => Self::Chunked,
            (_, None, Version::Http10) => Self::UntilClose,
        }
    }

    /// The next bytes of output; what the client must not get is left out.
    pub fn piece<'a>(&mut self, bytes: &'a [u8]) -> Piece<'a> {
        let plain = |bytes| Piece {
            before: Vec::new(),
            bytes,
            after: b"",
        };
        match self {
            Self::Nothing => plain(&[]),
            Self::UntilClose => plain(bytes),
            Self::Chunked if bytes.is_empty() => plain(bytes),
            Self::Chunked => Piece {
                before: format!("{:x}\r\n", bytes.len()).into_bytes(),
                bytes,
                after: b"\r\n",
            },
            Self::Length(left) => {
                let len = bytes
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left = left.saturating_sub(len as u64);
                plain(bytes.get(..len).unwrap_or_default())
            }
        }
    }

    /// The output has ended.
    pub fn end(self) -> End {
        let (tail, closes): (&'static [u8], bool) = match self {
            Self::Chunked => (b"0\r\n\r\n", false),
            Self::Nothing | Self::Length(0) => (b"", false),
            Self::Length(_) | Self::UntilClose => (b"", true),
        };
        End { tail, closes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of a body as it goes out, and whether the connection must close.
    fn sent(mut framing: Framing, pieces: &[&str]) -> (String, bool) {
        let mut out = Vec::new();
        for piece in pieces {
            let piece = framing.piece(piece.as_bytes());
            out.extend([&piece.before, piece.bytes, piece.after].concat());
        }
        let end = framing.end();
        out.extend_from_slice(end.tail);
        (String::from_utf8(out).unwrap(), end.closes)
    }

    #[test]
    fn chosen_by_status_length_and_version() {
        use Version::{Http10, Http11};
        assert_eq!(Framing::of(200, None, Http11), Framing::Chunked);
        assert_eq!(Framing::of(200, None, Http10), Framing::UntilClose);
        assert_eq!(Framing::of(200, Some(3), Http10), Framing::Length(3));
        assert_eq!(Framing::of(304, Some(3), Http11), Framing::Nothing);
        assert_eq!(Framing::of(204, None, Http11), Framing::Nothing);
    }

    #[test]
    fn chunks_are_written() {
        let body = "x".repeat(26);
        let expected = format!("3\r\nabc\r\n1a\r\n{body}\r\n0\r\n\r\n");
        assert_eq!(
            sent(Framing::Chunked, &["abc", "", &body]),
            (expected, false)
        );
        assert_eq!(sent(Framing::Chunked, &[]), ("0\r\n\r\n".into(), false));
    }

    #[test]
    fn length_is_kept_to() {
        assert_eq!(
            sent(Framing::Length(3), &["ab", "cd", "e"]),
            ("abc".into(), false)
        );
        assert_eq!(sent(Framing::Length(3), &["ab"]), ("ab".into(), true));
        assert_eq!(sent(Framing::Nothing, &["ab"]), (String::new(), false));
        assert_eq!(sent(Framing::UntilClose, &["ab"]), ("ab".into(), true));
    }
}
