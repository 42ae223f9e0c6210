//! Copying text while replacing `${name}`, in pieces of any size.
//!
//! Input and output may end anywhere: the state (lws: strexp) says where it stands, and a long replacement may take many
//! output areas. The replacements come from the caller, who is asked by an event (`Step::Expand`) and resumes.
//! quirk: a `$` that begins no `${` is written together with the byte after it and keeps its state, so `$$x` gives
//! `$$$x`; when only one byte is left for the two, it is an error.
//!
//! Called by `capi::strexp`, which asks the program's callback.

/// Where the scan stands. The numbers are public in the C struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Plain text.
    Literal = 0,
    /// After `$`.
    OrLiteral = 1,
    /// In the name.
    Name = 2,
    /// At `}`: the replacement is being written.
    Expanding = 3,
}

impl State {
    /// The state of that number, if there is one.
    #[must_use]
    pub fn from_u8(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::Literal),
            1 => Some(Self::OrLiteral),
            2 => Some(Self::Name),
            3 => Some(Self::Expanding),
            _ => None,
        }
    }
}

/// What one input byte asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is written.
    Skip,
    /// Write this byte; the area may be full then.
    Put(u8),
    /// Write `$` and this byte; both must fit.
    PutBoth(u8),
    /// A name begins: forget the old one.
    BeginName,
    /// Append to the name.
    NameByte(u8),
    /// The name is complete: ask for the replacement until it is all written, then this byte is used.
    Expand,
}

/// Takes one byte: the new state and what to do.
#[must_use]
pub fn step(state: State, byte: u8) -> (State, Step) {
    match (state, byte) {
        (State::Literal, b'$') => (State::OrLiteral, Step::Skip),
        (State::Literal, _) => (State::Literal, Step::Put(byte)),
        (State::OrLiteral, b'{') => (State::Name, Step::BeginName),
        (State::OrLiteral, b'$') => (State::OrLiteral, Step::PutBoth(byte)),
        (State::OrLiteral, _) => (State::Literal, Step::PutBoth(byte)),
        (State::Name, b'}') | (State::Expanding, _) => (State::Expanding, Step::Expand),
        (State::Name, _) => (State::Name, Step::NameByte(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> String {
        let (mut state, mut out, mut name) = (State::Literal, String::new(), String::new());
        for b in text.bytes() {
            let (next, what) = step(state, b);
            state = next;
            match what {
                Step::Skip => {}
                Step::Put(b) => out.push(char::from(b)),
                Step::PutBoth(b) => out.extend(['$', char::from(b)]),
                Step::BeginName => name.clear(),
                Step::NameByte(b) => name.push(char::from(b)),
                Step::Expand => {
                    out.push_str(&name.to_uppercase());
                    state = State::Literal;
                }
            }
        }
        out
    }

    #[test]
    fn names_are_replaced_in_the_text() {
        assert_eq!(expand("x${ab}y${c}"), "xAByC");
        assert_eq!(expand("${}"), "");
    }

    #[test]
    fn dollars_without_names_stay() {
        assert_eq!(expand("a$b"), "a$b");
        assert_eq!(expand("$$x"), "$$$x");
    }

    #[test]
    fn every_public_number_has_a_state() {
        for n in 0..4 {
            assert_eq!(State::from_u8(n).map(|s| s as u8), Some(n));
        }
        assert_eq!(State::from_u8(4), None);
    }
}
