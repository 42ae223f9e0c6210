//! What the JSON machine says to its driver: why it came back, and what is to be done once the program was told.
//!
//! Called by `machine`, its parts, and `lejp::parse`.

use super::Reject;

/// Why `run` came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// The input is used up.
    Starved,
    /// The document is complete.
    Complete,
    /// It is wrong.
    Rejected(Reject),
    /// Tell the program, then go on with this.
    Tell(u8, Then),
    /// Look which path matches, tell the program, then go on with this.
    Match(u8, Then),
}

/// What is left to do after the program was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// A new piece begins.
    Begin,
    /// Nothing.
    Go,
    /// The program refused.
    Refuse,
    /// The outermost object is open.
    OpenDocument,
    /// An object is open.
    OpenObject,
    /// An array is open.
    OpenArray,
    /// A string is open.
    OpenString,
    /// The text buffer is free again.
    EmptyText,
    /// The string's level ends.
    CloseString,
    /// A value is complete.
    ValueDone,
    /// The outermost object or array is closed: tell that the document is complete.
    CloseDocument,
    /// All is told.
    Finish,
    /// Nothing, and the answer does not count.
    Whatever,
}

impl Then {
    /// What comes after the program gave this answer.
    pub(super) fn after(self, answer: i8) -> Self {
        if answer != 0 && self.is_refused_by(answer) {
            Self::Refuse
        } else {
            self
        }
    }

    /// Whether the program's answer, not 0, stops the parser. quirk: not always, and a string's end only by negative ones.
    fn is_refused_by(self, answer: i8) -> bool {
        match self {
            Self::Whatever => false,
            Self::CloseString => answer < 0,
            _ => true,
        }
    }
}

/// What a byte led to.
pub(super) enum Flow {
    /// Take the next byte.
    Next,
    /// Take this byte again in the new state.
    Again,
    /// Come back; the byte is used.
    Halt(Halt),
    /// Come back; the byte is to be taken again.
    HaltAgain(Halt),
}

pub(super) fn reject(why: Reject) -> Flow {
    Flow::Halt(Halt::Rejected(why))
}

pub(super) fn tell(event: u8, then: Then) -> Flow {
    Flow::Halt(Halt::Tell(event, then))
}
