//! Takes a body in `Transfer-Encoding: chunked` apart.
//!
//! Gives ranges of the input that are body bytes; nothing is copied or kept. Chunk extensions and
//! trailers are read and dropped, within limits. Sizes cannot overflow, lines end in CRLF and nothing
//! else: where two readers could disagree, the body is refused. Used by the connection layer for
//! request bodies and for responses read by the client.

use std::ops::Range;

/// Bytes of one chunk-size line, extensions included.
const MAX_SIZE_LINE: usize = 1024;

/// Bytes of all extensions of one body together; stops bodies that are mostly padding.
const MAX_EXTENSIONS: usize = 16 * 1024;

/// Bytes of all trailer lines together.
const MAX_TRAILERS: usize = 8 * 1024;

/// What came out of one step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChunkEvent {
    /// All input is consumed and the body goes on.
    NeedMore,
    /// This part of the input is body; feed on with what follows the consumed bytes.
    Data(Range<usize>),
    /// The body is complete; what follows the consumed bytes is not part of it.
    End,
}

/// Why a body cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChunkError {
    /// No hexadecimal size where one must be, or one beyond `i64::MAX`.
    BadSize,
    /// Something else than CRLF at the end of a line or chunk, or a NUL.
    BadLine,
    /// Size lines or extensions beyond their limit.
    SizeLineTooLong,
    /// Trailers beyond their limit.
    TrailersTooLong,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before the first digit of a size.
    SizeStart,
    Size,
    /// Spaces after the size.
    Padding,
    Extension,
    SizeLineFeed,
    Data,
    DataCr,
    DataLineFeed,
    TrailerStart,
    Trailer,
    TrailerLineFeed,
    LastLineFeed,
    Ended,
    Failed(ChunkError),
}

/// Decoder for one body.
#[derive(Clone, Debug)]
pub struct ChunkDecoder {
    state: State,
    /// Size of the chunk as far as read, then what is left of it.
    left: u64,
    line: usize,
    extensions: usize,
    trailers: usize,
}

impl Default for ChunkDecoder {
    fn default() -> Self {
        ChunkDecoder::new()
    }
}

impl ChunkDecoder {
    /// A decoder at the start of a body.
    pub fn new() -> Self {
        ChunkDecoder {
            state: State::SizeStart,
            left: 0,
            line: 0,
            extensions: 0,
            trailers: 0,
        }
    }

    /// Whether the body is complete.
    pub fn is_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Reads on. Returns how much of the input is consumed and what it was.
    ///
    /// After `Data` call again with the rest of the input. After an error every call fails.
    pub fn feed(&mut self, input: &[u8]) -> Result<(usize, ChunkEvent), ChunkError> {
        let mut at = 0usize;
        loop {
            match self.state {
                State::Ended => return Ok((at, ChunkEvent::End)),
                State::Failed(error) => return Err(error),
                _ => {}
            }
            let rest = input.get(at..).unwrap_or_default();
            let Some((&byte, _)) = rest.split_first() else {
                return Ok((at, ChunkEvent::NeedMore));
            };
            if self.state == State::Data {
                let end = at.saturating_add(self.take(rest.len()));
                return Ok((end, ChunkEvent::Data(at..end)));
            }
            if let Err(error) = self.byte(byte) {
                self.state = State::Failed(error);
                return Err(error);
            }
            at = at.saturating_add(1);
        }
    }

    /// Takes up to `available` bytes of the current chunk.
    fn take(&mut self, available: usize) -> usize {
        let taken = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(available);
        self.left = self
            .left
            .saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX));
        if self.left == 0 {
            self.state = State::DataCr;
        }
        taken
    }

    /// A byte that is not body.
    fn byte(&mut self, byte: u8) -> Result<(), ChunkError> {
        self.state = match (self.state, byte) {
            (_, 0) => return Err(ChunkError::BadLine),
            (State::SizeStart | State::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.digit(byte)?
            }
            (State::SizeStart, _) => return Err(ChunkError::BadSize),
            (State::Size | State::Padding | State::Extension, b'\r') => State::SizeLineFeed,
            (State::Size | State::Padding, b' ' | b'\t') => self.in_size_line(State::Padding)?,
            (State::Size | State::Padding, b';') => self.in_size_line(State::Extension)?,
            (State::Size | State::Padding, _) => return Err(ChunkError::BadSize),
            (State::Extension, b'\n') => return Err(ChunkError::BadLine),
            (State::Extension, _) => self.in_size_line(State::Extension)?,
            (State::SizeLineFeed, b'\n') => self.size_read(),
            (State::DataCr, b'\r') => State::DataLineFeed,
            (State::DataLineFeed, b'\n') => State::SizeStart,
            (State::TrailerStart, b'\r') => State::LastLineFeed,
            (State::Trailer, b'\r') => State::TrailerLineFeed,
            (State::TrailerStart | State::Trailer, b'\n') => return Err(ChunkError::BadLine),
            (State::TrailerStart | State::Trailer, _) => self.in_trailer()?,
            (State::TrailerLineFeed, b'\n') => State::TrailerStart,
            (State::LastLineFeed, b'\n') => State::Ended,
            _ => return Err(ChunkError::BadLine),
        };
        Ok(())
    }

    fn digit(&mut self, byte: u8) -> Result<State, ChunkError> {
        let digit = char::from(byte).to_digit(16).ok_or(ChunkError::BadSize)?;
        let shifted = self.left.checked_mul(16).ok_or(ChunkError::BadSize)?;
        let size = shifted
            .checked_add(u64::from(digit))
            .ok_or(ChunkError::BadSize)?;
        i64::try_from(size).map_err(|_| ChunkError::BadSize)?;
        self.left = size;
        self.count_line()?;
        Ok(State::Size)
    }

    fn count_line(&mut self) -> Result<(), ChunkError> {
        self.line = self.line.saturating_add(1);
        if self.line > MAX_SIZE_LINE {
            Err(ChunkError::SizeLineTooLong)
        } else {
            Ok(())
        }
    }

    fn in_size_line(&mut self, state: State) -> Result<State, ChunkError> {
        self.count_line()?;
        self.extensions = self.extensions.saturating_add(1);
        if self.extensions > MAX_EXTENSIONS {
            return Err(ChunkError::SizeLineTooLong);
        }
        Ok(state)
    }

    fn in_trailer(&mut self) -> Result<State, ChunkError> {
        self.trailers = self.trailers.saturating_add(1);
        if self.trailers > MAX_TRAILERS {
            return Err(ChunkError::TrailersTooLong);
        }
        Ok(State::Trailer)
    }

    fn size_read(&mut self) -> State {
        self.line = 0;
        if self.left == 0 {
            State::TrailerStart
        } else {
            State::Data
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::split_test::assert_same_for_every_split;

    /// Body and outcome for any split.
    fn decode(input: &[u8]) -> (String, String) {
        let events = assert_same_for_every_split(input, |pieces| {
            let mut decoder = ChunkDecoder::new();
            let (mut body, mut after) = (Vec::new(), Vec::new());
            let mut outcome = "open".to_owned();
            for piece in pieces {
                let mut at = 0;
                loop {
                    match decoder.feed(&piece[at..]) {
                        Ok((used, ChunkEvent::Data(range))) => {
                            assert!(!range.is_empty() && range.end == used);
                            body.extend_from_slice(&piece[at..][range]);
                            at += used;
                            continue;
                        }
                        Ok((used, ChunkEvent::End)) => {
                            after.extend_from_slice(&piece[at + used..]);
                            outcome = format!("end, then {:?}", String::from_utf8_lossy(&after));
                        }
                        Ok((used, ChunkEvent::NeedMore)) => assert_eq!(used, piece.len() - at),
                        Err(error) => outcome = format!("{error:?}"),
                    }
                    break;
                }
            }
            vec![String::from_utf8_lossy(&body).into_owned(), outcome]
        });
        (events[0].clone(), events[1].clone())
    }

    #[test]
    fn chunks_are_joined_and_the_next_request_is_left() {
        let (body, outcome) = decode(b"5\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\n\r\nGET ");
        assert_eq!(body, "hello 0123456789");
        assert_eq!(outcome, "end, then \"GET \"");
    }

    #[test]
    fn extensions_padding_and_trailers_are_dropped() {
        let (body, outcome) = decode(b"3 ;a=b;c=\"d\"\r\nabc\r\n0  \r\nX: y\r\nZ:\r\n\r\n");
        assert_eq!((body.as_str(), outcome.as_str()), ("abc", "end, then \"\""));
    }

    #[test]
    fn leading_zeros_are_read() {
        assert_eq!(decode(b"0003\r\nabc\r\n000\r\n\r\n").0, "abc");
    }

    #[test]
    fn bad_sizes_are_refused() {
        for text in ["", "g", "-1", "+1", "0x5", " 5", ";a", "5 5", "5_"] {
            let input = format!("{text}\r\nhello\r\n0\r\n\r\n");
            assert_eq!(decode(input.as_bytes()).1, "BadSize", "{text:?}");
        }
        for text in ["8000000000000000", "ffffffffffffffff", "10000000000000005"] {
            assert_eq!(
                decode(format!("{text}\r\n").as_bytes()).1,
                "BadSize",
                "{text:?}"
            );
        }
    }

    #[test]
    fn greatest_size_is_taken_without_overflow() {
        let (body, outcome) = decode(b"7fffffffffffffff\r\nabc");
        assert_eq!((body.as_str(), outcome.as_str()), ("abc", "open"));
    }

    #[test]
    fn line_ends_other_than_crlf_are_refused() {
        for input in [
            &b"5\nhello\r\n0\r\n\r\n"[..],
            b"5\r\nhello\n0\r\n\r\n",
            b"5\r\nhelloX\r\n",
            b"5\r\rhello",
            b"5;a\nb\r\nhello\r\n0\r\n\r\n",
            b"0\r\nX: y\n\r\n",
            b"0\r\n\n",
            b"0\r\n\rX",
            b"5;\0\r\n",
        ] {
            let outcome = decode(input).1;
            assert!(outcome == "BadLine" || outcome == "BadSize", "{outcome}");
        }
    }

    #[test]
    fn padding_is_limited() {
        let mut one = b"1;".to_vec();
        one.resize(MAX_SIZE_LINE + 1, b'x');
        assert_eq!(
            ChunkDecoder::new().feed(&one),
            Err(ChunkError::SizeLineTooLong)
        );
        let zeros = vec![b'0'; MAX_SIZE_LINE + 1];
        assert_eq!(
            ChunkDecoder::new().feed(&zeros),
            Err(ChunkError::SizeLineTooLong)
        );
        let mut trailers = b"0\r\n".to_vec();
        trailers.resize(MAX_TRAILERS + 4, b'x');
        assert_eq!(
            ChunkDecoder::new().feed(&trailers),
            Err(ChunkError::TrailersTooLong)
        );
    }

    #[test]
    fn many_padded_chunks_are_limited_together() {
        let chunk = [b"1;".as_slice(), &[b'x'; 1000], b"\r\na\r\n"].concat();
        let mut decoder = ChunkDecoder::new();
        let mut refused = None;
        for round in 0..100 {
            let mut rest = chunk.as_slice();
            while refused.is_none() && !rest.is_empty() {
                match decoder.feed(rest) {
                    Ok((used, _)) => rest = &rest[used..],
                    Err(error) => refused = Some((round, error)),
                }
            }
        }
        assert_eq!(refused, Some((16, ChunkError::SizeLineTooLong)));
    }

    #[test]
    fn ended_and_failed_decoders_stay_so() {
        let mut decoder = ChunkDecoder::new();
        assert_eq!(decoder.feed(b"0\r\n\r\n"), Ok((5, ChunkEvent::End)));
        assert_eq!(decoder.feed(b"5\r\n"), Ok((0, ChunkEvent::End)));
        let mut decoder = ChunkDecoder::new();
        assert_eq!(decoder.feed(b"x"), Err(ChunkError::BadSize));
        assert_eq!(decoder.feed(b"5\r\n"), Err(ChunkError::BadSize));
    }
}
