//! A small UTF-8 classifier for text scanners, byte by byte.
//!
//! It says whether a byte continues, completes or breaks a character. It refuses stray continuation bytes and lead
//! bytes that no character has, but not over-long forms or surrogates: scanners that only pass text on need no more.
//! Called by `proto::tokenize`; messages are checked by the strict one of the websocket engine.

/// How many continuation bytes are still to come.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct State(u8);

/// What a byte did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// More bytes of the character follow.
    Inside,
    /// The character is complete.
    Complete,
    /// This cannot be UTF-8.
    Bad,
}

impl State {
    /// No character is cut here.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.0 == 0
    }

    /// Takes the next byte.
    pub fn feed(&mut self, byte: u8) -> Step {
        if self.0 == 0 {
            self.0 = match byte {
                0..0x80 => return Step::Complete,
                0xc2..=0xdf => 1,
                0xe0..=0xef => 2,
                0xf0..=0xf4 => 3,
                _ => return Step::Bad,
            };
            return Step::Inside;
        }
        if byte & 0xc0 != 0x80 {
            return Step::Bad;
        }
        self.0 -= 1;
        if self.0 == 0 {
            Step::Complete
        } else {
            Step::Inside
        }
    }
}
