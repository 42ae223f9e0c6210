//! The JSON state machine: bytes in, halts out; works on the public context and calls nobody.
//!
//! `run` goes on until the input is used up or something must be told to the program; what is to be done after that
//! comes back with it as `Then`. The state lies in the context's level stack, so parsing resumes at any byte. Runs of
//! string bytes, of digits and of a keyword are taken in small loops.
//!
//! It trusts no number of the context: the program can write to it. They are judged where a piece begins; whatever becomes
//! of them in a callback stays within the arrays. Called by `lejp::parse`.

use super::halt::{Flow, Halt, Then, reject, tell};
use super::number;
use super::{Context, INDEXES, LEVELS, PARSERS, PATH, Reject, event};

/// States; bit 6: blanks are significant, bit 5: in a comment.
pub(super) mod state {
    pub(in super::super) const KEEP_BLANKS: u8 = 64;
    pub(in super::super) const COMMENT: u8 = 32;
    pub(in super::super) const IDLE: u8 = 0;
    pub(in super::super) const MEMBERS: u8 = 1;
    pub(in super::super) const NAME: u8 = 2;
    pub(in super::super) const STRING: u8 = KEEP_BLANKS | 3;
    pub(in super::super) const ESCAPE: u8 = KEEP_BLANKS | 4;
    pub(in super::super) const HEX_1: u8 = KEEP_BLANKS | 5;
    pub(in super::super) const HEX_4: u8 = KEEP_BLANKS | 8;
    pub(in super::super) const COLON: u8 = 9;
    pub(in super::super) const VALUE: u8 = 10;
    pub(in super::super) const NUMBER: u8 = KEEP_BLANKS | 11;
    pub(in super::super) const EXPONENT: u8 = KEEP_BLANKS | 12;
    pub(in super::super) const KEYWORD: u8 = KEEP_BLANKS | 13;
    pub(in super::super) const COMMA_OR_END: u8 = 14;
    pub(in super::super) const ARRAY_END: u8 = 15;
}

const MAX_INDEXES: u8 = 5;
const MAX_PATH: u8 = 127;
const _: () = assert!(MAX_INDEXES as usize == INDEXES && MAX_PATH as usize == PATH - 1);

/// The rest of each keyword after its first letter, ended by a blank; `uni` is the place in it.
const KEYWORDS: &[u8; 13] = b"rue alse ull ";

/// Goes on with `then` and the input from `at`.
#[inline]
pub(super) fn run(c: &mut Context, input: &[u8], at: &mut usize, then: Then) -> Halt {
    if then == Then::Begin && !c.is_sane() {
        return Halt::Rejected(Reject::Unknown);
    }
    if let Some(halt) = c.resume(then) {
        return halt;
    }
    while let Some(&byte) = input.get(*at) {
        *at += 1;
        let mut s = c.state();
        if byte == b'\n' {
            // quirk: a line end after a number is taken twice, and so counts twice
            c.line = c.line.wrapping_add(1);
            s &= !state::COMMENT;
            c.set_state(s);
        }
        if s & state::KEEP_BLANKS == 0 && c.is_blank(s, byte) {
            continue;
        }
        let flow = match s {
            state::STRING => c.string(byte, input, at),
            state::NUMBER => number::byte(c, byte, input, at),
            state::KEYWORD => c.keyword(byte, input, at),
            other => c.other(other, byte),
        };
        match flow {
            Flow::Next => {}
            Flow::Again => *at -= 1,
            Flow::Halt(halt) => return halt,
            Flow::HaltAgain(halt) => {
                *at -= 1;
                return halt;
            }
        }
    }
    Halt::Starved
}

impl Context {
    /// The indexes the machine uses are within their arrays.
    fn is_sane(&mut self) -> bool {
        usize::from(self.sp) < LEVELS
            && usize::from(self.pst_sp) < PARSERS
            && usize::from(self.ipos) <= INDEXES
            && usize::from(self.parser().ppos) < PATH
    }

    fn level(&mut self) -> &mut super::Level {
        let at = usize::from(self.sp).min(LEVELS - 1);
        &mut self.st[at]
    }

    pub(super) fn state(&self) -> u8 {
        self.st[usize::from(self.sp).min(LEVELS - 1)].s
    }

    pub(super) fn set_state(&mut self, s: u8) {
        self.level().s = s;
    }

    /// The level around this one.
    pub(super) fn outer(&self) -> Option<super::Level> {
        let at = usize::from(self.sp).checked_sub(1)?;
        self.st.get(at).copied()
    }

    /// Whether the byte is skipped where blanks and comments may be.
    fn is_blank(&mut self, s: u8, byte: u8) -> bool {
        match byte {
            b' ' | b'\n' | b'\t' | b'\r' => true,
            b'#' => {
                self.set_state(s | state::COMMENT);
                true
            }
            _ => s & state::COMMENT != 0,
        }
    }

    fn resume(&mut self, then: Then) -> Option<Halt> {
        let flow = match then {
            Then::Begin if self.sp == 0 && self.parser().ppos == 0 => {
                tell(event::START, Then::Whatever)
            }
            Then::Begin | Then::Go | Then::Whatever => return None,
            Then::Refuse => reject(Reject::Callback),
            Then::OpenDocument => {
                self.set_state(state::MEMBERS);
                return None;
            }
            Then::OpenObject => {
                self.path_match = 0;
                self.push(state::MEMBERS)
            }
            Then::OpenArray => self.open_index(),
            Then::OpenString => self.push(state::STRING),
            Then::EmptyText => {
                self.npos = 0;
                return None;
            }
            Then::CloseString => {
                self.sp = self.sp.saturating_sub(1);
                return None;
            }
            Then::ValueDone => {
                self.set_state(state::COMMA_OR_END);
                return None;
            }
            Then::CloseDocument => tell(event::COMPLETE, Then::Finish),
            Then::Finish => return Some(Halt::Complete),
        };
        match flow {
            Flow::Halt(halt) | Flow::HaltAgain(halt) => Some(halt),
            Flow::Next | Flow::Again => None,
        }
    }

    fn other(&mut self, s: u8, byte: u8) -> Flow {
        match s {
            state::IDLE => self.idle(byte),
            state::MEMBERS => self.members(byte),
            state::NAME => self.name(byte),
            state::ESCAPE => self.escape(byte),
            state::HEX_1..=state::HEX_4 => self.hex(s, byte),
            state::COLON => self.colon(byte),
            state::VALUE => self.value(byte),
            state::EXPONENT => number::exponent(self, byte),
            state::COMMA_OR_END => self.comma_or_end(byte),
            state::ARRAY_END => self.array_end(byte),
            _ => reject(Reject::Unknown),
        }
    }

    fn idle(&mut self, byte: u8) -> Flow {
        if self.sp == 0 && byte == b'[' {
            self.outer_array = 1;
            return self.array();
        }
        if byte != b'{' {
            return reject(Reject::IdleNoBrace);
        }
        tell(event::OBJECT_START, Then::OpenDocument)
    }

    fn members(&mut self, byte: u8) -> Flow {
        if byte == b'}' {
            if self.sp == 0 {
                self.set_state(state::IDLE);
                return reject(Reject::MembersNoClose);
            }
            return self.close_object();
        }
        self.set_state(state::NAME);
        Flow::Again
    }

    fn name(&mut self, byte: u8) -> Flow {
        if byte != b'"' {
            return reject(Reject::NoOpenQuote);
        }
        self.set_state(state::COLON);
        self.push(state::STRING)
    }

    fn colon(&mut self, byte: u8) -> Flow {
        if byte != b':' {
            return reject(Reject::MissingColon);
        }
        self.set_state(state::VALUE);
        self.end_path();
        Flow::Halt(Halt::Match(event::PAIR_NAME, Then::Go))
    }

    fn value(&mut self, byte: u8) -> Flow {
        match byte {
            b'-' | b'0'..=b'9' => {
                self.npos = 0;
                self.dcount = 0;
                self.f = 0;
                self.set_state(state::NUMBER);
                Flow::Again
            }
            b'"' => {
                self.set_state(state::COMMA_OR_END);
                self.npos = 0;
                self.buf[0] = 0;
                tell(event::VAL_STR_START, Then::OpenString)
            }
            b'{' => {
                self.set_state(state::COMMA_OR_END);
                Flow::Halt(Halt::Match(event::OBJECT_START, Then::OpenObject))
            }
            b'[' => self.array(),
            b']' => self.close_array(Reject::CloseUnderrun, byte),
            b't' => self.begin_keyword(0),
            b'f' => self.begin_keyword(4),
            b'n' => self.begin_keyword(9),
            _ => reject(Reject::BadValueStart),
        }
    }

    fn begin_keyword(&mut self, at: u16) -> Flow {
        self.uni = at;
        self.set_state(state::KEYWORD);
        Flow::Next
    }

    /// A byte of a keyword, and those that follow.
    fn keyword(&mut self, byte: u8, input: &[u8], at: &mut usize) -> Flow {
        if KEYWORDS.get(usize::from(self.uni)) != Some(&byte) {
            return reject(Reject::UnknownKeyword);
        }
        let rest = KEYWORDS.get(usize::from(self.uni) + 1..).unwrap_or(&[]);
        let next = input.get(*at..).unwrap_or(&[]);
        let pairs = rest.iter().zip(next);
        let more = pairs
            .take_while(|(want, is)| want == is && **want != b' ')
            .count();
        *at += more;
        let more = u16::try_from(more).unwrap_or(0);
        self.uni = self.uni.wrapping_add(1).wrapping_add(more);
        let (event, text) = match self.uni {
            3 => (event::VAL_TRUE, b'1'),
            8 => (event::VAL_FALSE, b'0'),
            12 => (event::VAL_NULL, 0),
            _ => return Flow::Next,
        };
        self.buf[0] = text;
        self.buf[1] = if text == 0 { self.buf[1] } else { 0 };
        tell(event, Then::ValueDone)
    }

    fn array(&mut self) -> Flow {
        self.set_state(state::ARRAY_END);
        self.path_byte(b'[');
        self.path_byte(b']');
        self.end_path();
        tell(event::ARRAY_START, Then::OpenArray)
    }

    fn open_index(&mut self) -> Flow {
        let Some(index) = self.i.get_mut(usize::from(self.ipos)) else {
            return reject(Reject::IndexOverflow);
        };
        *index = 0;
        self.ipos += 1;
        self.push(state::VALUE)
    }

    fn comma_or_end(&mut self, byte: u8) -> Flow {
        self.end_path();
        match byte {
            b',' => self.comma(),
            b']' => self.close_array(Reject::CloseUnderrun, byte),
            b'}' if self.sp == 0 => Flow::Halt(Halt::Match(event::OBJECT_END, Then::CloseDocument)),
            b'}' => self.close_object(),
            _ => reject(Reject::NeitherCommaNorEnd),
        }
    }

    fn comma(&mut self) -> Flow {
        self.set_state(state::NAME);
        let Some(outer) = self.outer() else {
            self.set_path_len(0);
            self.path_match = 0;
            return Flow::Next;
        };
        self.shorten_path(outer.p);
        if outer.s == state::ARRAY_END {
            self.count_index();
            self.set_state(state::VALUE);
        }
        Flow::Next
    }

    fn count_index(&mut self) {
        let last = usize::from(self.ipos).checked_sub(1);
        if let Some(index) = last.and_then(|at| self.i.get_mut(at)) {
            *index = index.wrapping_add(1);
        }
    }

    /// `]` where a value or a comma could be: back to the array's own level.
    fn close_array(&mut self, underrun: Reject, byte: u8) -> Flow {
        if self.sp == 0 {
            return reject(underrun);
        }
        self.sp -= 1;
        if self.state() != state::ARRAY_END {
            return reject(Reject::CloseNotArray);
        }
        let outer = self.outer();
        self.leave_level(outer);
        if self.outer_array != 0 && self.sp == 0 {
            return Flow::Halt(Halt::Match(event::ARRAY_END, Then::CloseDocument));
        }
        self.array_end(byte)
    }

    fn array_end(&mut self, byte: u8) -> Flow {
        self.end_path();
        match byte {
            b',' => {
                self.count_index();
                self.set_state(state::VALUE);
                if let Some(outer) = self.outer() {
                    self.set_path_len(outer.p);
                    self.end_path();
                }
                Flow::Next
            }
            b']' => {
                self.set_state(state::COMMA_OR_END);
                tell(event::ARRAY_END, Then::Whatever)
            }
            _ => reject(Reject::ArrayEndMissing),
        }
    }

    fn close_object(&mut self) -> Flow {
        self.sp = self.sp.saturating_sub(1);
        let here = (self.sp > 0).then(|| *self.level());
        self.leave_level(here);
        Flow::Halt(Halt::Match(event::OBJECT_END, Then::Go))
    }

    /// After `sp` went down: path and indexes go back to what that level has noted; without one they stay.
    fn leave_level(&mut self, to: Option<super::Level>) {
        let len = match to {
            Some(level) => {
                self.ipos = level.i.min(MAX_INDEXES);
                level.p
            }
            None => self.parser().ppos,
        };
        self.shorten_path(len);
    }

    /// Opens a level in state `s`.
    fn push(&mut self, s: u8) -> Flow {
        let inside = !matches!(self.state(), state::COMMA_OR_END | state::ARRAY_END);
        if inside && self.parser().ppos != 0 {
            self.path_byte(b'.');
        }
        let (p, i) = (self.parser().ppos, self.ipos);
        let level = self.level();
        level.p = p;
        level.i = i;
        if usize::from(self.sp) + 1 >= LEVELS {
            return reject(Reject::StackOverflow);
        }
        self.sp += 1;
        self.end_path();
        let level = self.level();
        level.s = s;
        level.b = 0;
        Flow::Next
    }

    pub(super) fn path_byte(&mut self, byte: u8) {
        let len = usize::from(self.parser().ppos);
        // quirk: the reference runs over the path's end here; the part that does not fit is left out
        if len < PATH - 1 {
            self.path[len] = byte;
            self.parser().ppos += 1;
        }
    }

    fn end_path(&mut self) {
        let len = usize::from(self.parser().ppos).min(PATH - 1);
        self.path[len] = 0;
    }

    fn set_path_len(&mut self, len: u8) {
        self.parser().ppos = len.min(MAX_PATH);
    }

    /// Cuts the path, and drops a match that was longer.
    fn shorten_path(&mut self, len: u8) {
        self.set_path_len(len);
        self.end_path();
        if self.path_match != 0 && len <= self.path_match_len {
            self.path_match = 0;
        }
    }
}
