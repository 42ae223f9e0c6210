//! UTF-8 a byte at a time: whether a byte continues, completes or breaks a character.
//!
//! For scanners that must also know where characters end. Over-long forms, surrogates and code points over 0x10ffff are
//! broken at their second byte. Called by `proto::tokenize`; whole messages are checked by the faster one of the
//! websocket engine.

/// The continuation bytes still to come, and what the next one may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    left: u8,
    low: u8,
    high: u8,
}

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

impl Default for State {
    fn default() -> Self {
        Self::waiting(0)
    }
}

impl State {
    const fn waiting(left: u8) -> Self {
        Self {
            left,
            low: 0x80,
            high: 0xbf,
        }
    }

    /// No character is cut here.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.left == 0
    }

    /// Takes the next byte.
    pub fn feed(&mut self, byte: u8) -> Step {
        if self.left == 0 {
            if byte < 0x80 {
                return Step::Complete;
            }
            return self.lead(byte);
        }
        if byte < self.low || byte > self.high {
            return Step::Bad;
        }
        *self = Self::waiting(self.left - 1);
        if self.left == 0 {
            Step::Complete
        } else {
            Step::Inside
        }
    }

    fn lead(&mut self, byte: u8) -> Step {
        *self = Self::waiting(match byte {
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => return Step::Bad,
        });
        match byte {
            0xe0 => self.low = 0xa0,
            0xed => self.high = 0x9f,
            0xf0 => self.low = 0x90,
            0xf4 => self.high = 0x8f,
            _ => {}
        }
        Step::Inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(bytes: &[u8]) -> bool {
        let mut state = State::default();
        bytes.iter().all(|b| state.feed(*b) != Step::Bad) && state.is_complete()
    }

    #[test]
    fn agrees_with_the_standard_library_on_all_short_texts() {
        let bytes = [
            0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed,
            0xef, 0xf0, 0xf4, 0xf5,
        ];
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    for d in bytes {
                        for len in 1..=4 {
                            let text = &[a, b, c, d][..len];
                            assert_eq!(
                                is_valid(text),
                                std::str::from_utf8(text).is_ok(),
                                "{text:x?}"
                            );
                        }
                    }
                }
            }
        }
    }
}
