//! Incremental UTF-8 validation of a text message that arrives in pieces.
//!
//! `push` takes any piece, cut anywhere, and says at the first impossible byte that the text is bad, even when the
//! sequence is not complete yet. `is_complete` tells at the end of the message whether a sequence was left
//! open. State is four bytes: the begun sequence. Long ASCII runs go through the standard library's vector code.
//! Called by the frame decoder for plain text messages, and by the ws role for inflated ones.

/// The state between two pieces: a begun, still possible sequence of up to 3 bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Utf8 {
    begun: [u8; 3],
    len: u8,
}

impl Utf8 {
    /// At the start of a message.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            begun: [0; 3],
            len: 0,
        }
    }

    /// Whether everything pushed so far ends at a character's end.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.len == 0
    }

    /// Takes the next piece; false when the text cannot be UTF-8 any more.
    #[must_use]
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let Some(piece) = self.finish_begun(piece) else {
            return false;
        };
        if piece.is_ascii() {
            return true;
        }
        match std::str::from_utf8(piece) {
            Ok(_) => true,
            Err(error) if error.error_len().is_some() => false,
            Err(error) => self.begin(piece.get(error.valid_up_to()..).unwrap_or_default()),
        }
    }

    /// Completes a begun sequence byte by byte; the rest of `piece` when that went well.
    fn finish_begun<'a>(&mut self, mut piece: &'a [u8]) -> Option<&'a [u8]> {
        while self.len > 0 {
            let Some((&byte, rest)) = piece.split_first() else {
                break;
            };
            piece = rest;
            let [a, b, c] = self.begun;
            let (sequence, len) = match self.len {
                1 => ([a, byte, 0, 0], 2),
                2 => ([a, b, byte, 0], 3),
                _ => ([a, b, c, byte], 4),
            };
            let sequence = sequence.get(..len).unwrap_or_default();
            match std::str::from_utf8(sequence) {
                Ok(_) => self.len = 0,
                Err(error) if error.error_len().is_some() => return None,
                Err(_) if self.begin(sequence) => {}
                Err(_) => return None,
            }
        }
        Some(piece)
    }

    /// Keeps the begun sequence; false if it is too long to be one, which does not happen.
    fn begin(&mut self, sequence: &[u8]) -> bool {
        self.begun = match *sequence {
            [a] => [a, 0, 0],
            [a, b] => [a, b, 0],
            [a, b, c] => [a, b, c],
            _ => return false,
        };
        self.len = u8::try_from(sequence.len()).unwrap_or(0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `text` cut into pieces of `step` bytes: (never bad, complete at the end, bytes taken before it was bad).
    fn run(text: &[u8], step: usize) -> (bool, bool, usize) {
        let mut utf8 = Utf8::new();
        let mut taken = 0;
        for piece in text.chunks(step) {
            if !utf8.push(piece) {
                return (false, false, taken);
            }
            taken += piece.len();
        }
        (true, utf8.is_complete(), taken)
    }

    #[test]
    fn push_when_text_is_cut_anywhere_agrees_with_the_whole() {
        let texts: &[&[u8]] = &[
            b"",
            b"plain ascii that is longer than one vector register, twice over",
            "κόσμε Grüße 漢字 🦀🦀 end".as_bytes(),
            b"\xed\xa0\x80",        // a surrogate
            b"\xf4\x90\x80\x80",    // above U+10FFFF
            b"\xc0\xaf",            // overlong
            b"\xe0\x80\xaf",        // overlong
            b"\xf0\x80\x80\xaf",    // overlong
            b"ok \xf4\x8f\xbf\xbf", // U+10FFFF
            b"tail \xf0\x9f\xa6",   // begun, not ended
            b"\x80 lone continuation",
            b"mid \xce then ascii",
            b"\xff",
        ];
        for text in texts {
            let whole = std::str::from_utf8(text);
            for step in 1..=text.len().max(1) {
                let (good, complete, _) = run(text, step);
                assert_eq!(good && complete, whole.is_ok(), "{text:x?} by {step}");
                let only_cut_short = whole.is_err_and(|e| e.error_len().is_none());
                assert_eq!(good && !complete, only_cut_short, "{text:x?} by {step}");
            }
        }
    }

    #[test]
    fn push_when_second_byte_is_impossible_fails_at_once() {
        assert_eq!(run(b"\xf4\x90", 1), (false, false, 1));
        assert_eq!(run(b"\xed\xa0", 1), (false, false, 1));
    }
}
