//! Breaking text into tokens, numbers, quoted strings and delimiters, one at a time.
//!
//! `next` reads bytes until one element is complete and says where it lies, how much was used and how the list
//! tracking moved on; the text stays the caller's. It knows nothing of the C struct: `capi::tokenize` keeps the state
//! there between calls. UTF-8 is checked in everything that is not skipped; a multi-byte character is a part of a token
//! only with the RFC 7230 delimiters or in quotes.
//!
//! Called by `capi::tokenize`, for the program.

use crate::util::utf8_steps;

/// `-` belongs to tokens.
pub const MINUS_NONTERM: u16 = 1 << 0;
/// `name:` is one element.
pub const AGG_COLON: u16 = 1 << 1;
/// Only `a, b, c` lists are accepted.
pub const COMMA_SEP_LIST: u16 = 1 << 2;
/// Tokens hold everything but the delimiters of RFC 7230.
pub const RFC7230_DELIMS: u16 = 1 << 3;
/// `.` belongs to tokens.
pub const DOT_NONTERM: u16 = 1 << 4;
/// Numbers with a point are not recognised.
pub const NO_FLOATS: u16 = 1 << 5;
/// Numbers are not recognised.
pub const NO_INTEGERS: u16 = 1 << 6;
/// `#` begins a comment up to the line's end.
pub const HASH_COMMENT: u16 = 1 << 7;
/// `/` belongs to tokens.
pub const SLASH_NONTERM: u16 = 1 << 8;

/// What was found. The values are the public ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum Element {
    /// Bad or cut UTF-8.
    BrokenUtf8 = -5,
    /// The text ended inside quotes.
    UnterminatedString = -4,
    /// A number with two points.
    MalformedFloat = -3,
    /// A number before `=`.
    NumberOnLeft = -2,
    /// Not a list with commas.
    BadList = -1,
    /// No more text.
    Ended = 0,
    /// One delimiter byte.
    Delimiter = 1,
    /// A token.
    Token = 2,
    /// Digits.
    Integer = 3,
    /// Digits with one point.
    Float = 4,
    /// A token before `=`, which was used too.
    NameEquals = 5,
    /// A token before `:`, which was used too.
    NameColon = 6,
    /// The inside of quotes.
    Quoted = 7,
}

/// Where a comma-separated list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ListState {
    /// Nothing seen yet.
    FirstContent = 0,
    /// An element was seen.
    Delimiter = 1,
    /// A comma was seen.
    NextContent = 2,
}

impl ListState {
    /// The state of that number; unknown ones are taken as the beginning.
    #[must_use]
    pub fn from_u8(value: u8) -> Self {
        match value {
            1 => Self::Delimiter,
            2 => Self::NextContent,
            _ => Self::FirstContent,
        }
    }
}

/// One step's result; offsets count from where the step began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub element: Element,
    /// Where its text begins, if it has one.
    pub token: Option<usize>,
    /// The length of its text.
    pub token_len: usize,
    /// How many bytes were used.
    pub used: usize,
    /// The text's end was seen.
    pub at_end: bool,
    /// The list state after it.
    pub list: ListState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Before anything.
    Leading,
    /// In quotes.
    Quoted,
    /// In a token.
    Token,
    /// White space after a token: it may still become a name.
    AfterToken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numeric {
    No,
    Integer,
    Float,
}

/// What a byte is whatever the flags are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter or `_`.
    Letter,
    Digit,
    /// ASCII that is nothing special in quotes.
    Sign,
    Other,
}

static KINDS: [Kind; 256] = kinds();

#[expect(clippy::indexing_slicing, reason = "at compile time, below the length")]
#[expect(clippy::arithmetic_side_effects, reason = "at compile time")]
const fn kinds() -> [Kind; 256] {
    let mut table = [Kind::Other; 256];
    let mut byte = 1_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            b'"' => Kind::Other,
            _ => Kind::Sign,
        };
        byte += 1;
    }
    table
}

/// The way through one element.
struct Step {
    flags: u16,
    list: ListState,
    mode: Mode,
    comment: bool,
    numeric: Numeric,
    token: Option<usize>,
    token_len: usize,
    used: usize,
}

/// What to do after a byte.
enum Next {
    More,
    /// Done; the byte was used.
    Done(Element),
    /// Done; the byte belongs to the next element.
    Unread(Element),
}

/// Finds the next element in `text`.
#[inline]
#[must_use]
pub fn next(text: impl Iterator<Item = u8>, flags: u16, list: ListState) -> Found {
    let mut step = Step {
        flags,
        list,
        mode: Mode::Leading,
        comment: false,
        numeric: Numeric::No,
        token: None,
        token_len: 0,
        used: 0,
    };
    let mut utf8 = utf8_steps::State::default();
    for byte in text {
        step.used = step.used.saturating_add(1);
        if utf8.is_complete() && step.takes_plainly(byte) {
            continue;
        }
        let mut inside = false;
        if byte >= 0x80 || !utf8.is_complete() {
            match utf8.feed(byte) {
                utf8_steps::Step::Bad => return step.found(Element::BrokenUtf8, false),
                utf8_steps::Step::Inside => inside = true,
                utf8_steps::Step::Complete => {}
            }
        }
        match step.byte(byte, inside) {
            Next::More => {}
            Next::Done(element) => return step.found(element, false),
            Next::Unread(element) => {
                step.used = step.used.saturating_sub(1);
                return step.found(element, false);
            }
        }
    }
    let element = if utf8.is_complete() {
        step.end()
    } else {
        Element::BrokenUtf8
    };
    step.found(element, true)
}

impl Step {
    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    fn found(&self, element: Element, at_end: bool) -> Found {
        Found {
            element,
            token: self.token,
            token_len: self.token_len,
            used: self.used,
            at_end,
            list: self.list,
        }
    }

    /// Takes the bytes that most of a text is made of, in the middle of a token or of quotes.
    #[inline]
    fn takes_plainly(&mut self, byte: u8) -> bool {
        let kind = KINDS.get(usize::from(byte)).copied().unwrap_or(Kind::Other);
        let plain = match self.mode {
            Mode::Quoted => kind != Kind::Other,
            Mode::Token if !self.comment => match kind {
                Kind::Letter => {
                    self.numeric = Numeric::No;
                    true
                }
                Kind::Digit => true,
                Kind::Sign | Kind::Other => false,
            },
            _ => false,
        };
        if plain {
            self.grow();
        }
        plain
    }

    /// The element that the text's end completes.
    fn end(&self) -> Element {
        match self.mode {
            Mode::Quoted => Element::UnterminatedString,
            Mode::Token | Mode::AfterToken => self.word(),
            Mode::Leading if self.has(COMMA_SEP_LIST) && self.list == ListState::NextContent => {
                Element::BadList
            }
            Mode::Leading => Element::Ended,
        }
    }

    fn word(&self) -> Element {
        match self.numeric {
            Numeric::No => Element::Token,
            Numeric::Integer => Element::Integer,
            Numeric::Float => Element::Float,
        }
    }

    /// Takes a byte; `inside` a character of several bytes all but the last belong to tokens.
    fn byte(&mut self, byte: u8, inside: bool) -> Next {
        if self.comment {
            self.comment = !matches!(byte, b'\r' | b'\n');
            return Next::More;
        }
        let in_word = matches!(self.mode, Mode::Token | Mode::AfterToken);
        match byte {
            _ if inside => self.take(byte),
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => self.blank(),
            b'"' => self.quote(),
            b'=' if in_word && self.numeric != Numeric::No => Next::Done(Element::NumberOnLeft),
            b'=' if in_word => Next::Done(Element::NameEquals),
            b':' if in_word && self.has(AGG_COLON) => Next::Done(Element::NameColon),
            b'.' if self.mode == Mode::Token
                && self.numeric != Numeric::No
                && !self.has(NO_FLOATS) =>
            {
                self.point()
            }
            b'#' if self.has(HASH_COMMENT) && self.mode != Mode::Quoted => {
                self.comment = true;
                if in_word {
                    self.mode = Mode::AfterToken;
                }
                Next::More
            }
            _ if self.delimits(byte) => self.delimiter(byte),
            _ => self.take(byte),
        }
    }

    fn blank(&mut self) -> Next {
        match self.mode {
            Mode::Leading | Mode::AfterToken => {}
            Mode::Quoted => self.grow(),
            Mode::Token => self.mode = Mode::AfterToken,
        }
        Next::More
    }

    fn quote(&mut self) -> Next {
        if self.mode == Mode::Quoted {
            return Next::Done(Element::Quoted);
        }
        // quirk: a token directly before the quote is lost
        if !self.begin_content() {
            return Next::Done(Element::BadList);
        }
        self.mode = Mode::Quoted;
        self.token = Some(self.used);
        self.token_len = 0;
        Next::More
    }

    /// Moves the list on for something that is no comma; no: it had to be one.
    fn begin_content(&mut self) -> bool {
        if self.has(COMMA_SEP_LIST) {
            if self.list == ListState::Delimiter {
                return false;
            }
            self.list = ListState::Delimiter;
        }
        true
    }

    fn point(&mut self) -> Next {
        if self.numeric == Numeric::Float {
            return Next::Done(Element::MalformedFloat);
        }
        self.numeric = Numeric::Float;
        self.grow();
        Next::More
    }

    fn delimits(&self, byte: u8) -> bool {
        match byte {
            b'-' => !self.has(MINUS_NONTERM),
            b'.' => !self.has(DOT_NONTERM),
            b'/' => !self.has(SLASH_NONTERM),
            b'_' => false,
            _ if byte.is_ascii_alphanumeric() => false,
            b'(' | b')' | b',' | b':' | b';' | b'<' | b'=' | b'>' | b'?' | b'@' | b'[' | b'\\'
            | b']' | b'{' | b'}' => true,
            _ => !self.has(RFC7230_DELIMS),
        }
    }

    fn delimiter(&mut self, byte: u8) -> Next {
        match self.mode {
            Mode::Leading => {
                if self.has(COMMA_SEP_LIST) {
                    if byte != b',' || self.list != ListState::Delimiter {
                        return Next::Done(Element::BadList);
                    }
                    self.list = ListState::NextContent;
                }
                self.token = Some(self.used.saturating_sub(1));
                self.token_len = 1;
                Next::Done(Element::Delimiter)
            }
            Mode::Quoted => {
                self.grow();
                Next::More
            }
            Mode::Token | Mode::AfterToken => Next::Unread(self.word()),
        }
    }

    /// A byte of a token.
    fn take(&mut self, byte: u8) -> Next {
        match self.mode {
            Mode::Leading => {
                if !self.begin_content() {
                    return Next::Done(Element::BadList);
                }
                self.mode = Mode::Token;
                self.token = Some(self.used.saturating_sub(1));
                self.token_len = 1;
                let number = byte.is_ascii_digit() && !self.has(NO_INTEGERS);
                self.numeric = if number {
                    Numeric::Integer
                } else {
                    Numeric::No
                };
            }
            Mode::Quoted => self.grow(),
            Mode::Token => {
                if !byte.is_ascii_digit() {
                    self.numeric = Numeric::No;
                }
                self.grow();
            }
            Mode::AfterToken => return Next::Unread(self.word()),
        }
        Next::More
    }

    fn grow(&mut self) {
        self.token_len = self.token_len.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
