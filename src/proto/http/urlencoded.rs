//! Form data as `a=1&b=two+words%21`, in pieces of any size.
//!
//! Gives events for `form` to act on. Names are not decoded, as the reference does it; a name without `=` has no value and is
//! passed over. A value whose last escape is cut off by the end of the data is not completed.

use super::form::{Event, NAME};
use crate::util::short_text::ShortText;
use crate::util::urlenc::hex_value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In front of a name; the last one is still known.
    Start,
    Name,
    Value,
    /// Behind `%`.
    High,
    /// Behind `%` and a digit.
    Low(u8),
    Failed,
}

/// The reader.
#[derive(Debug, Clone, Copy)]
pub struct Urlencoded {
    state: State,
    name: ShortText<NAME>,
}

impl Default for Urlencoded {
    fn default() -> Self {
        Self {
            state: State::Start,
            name: ShortText::default(),
        }
    }
}

impl Urlencoded {
    /// The name of the value at hand, or of the last one.
    #[must_use]
    pub fn name(&self) -> &ShortText<NAME> {
        &self.name
    }

    /// Takes input up to the next event: how much, and the event.
    pub fn feed(&mut self, input: &[u8]) -> (usize, Event) {
        for (at, byte) in input.iter().copied().enumerate() {
            let used = at.saturating_add(1);
            match self.state {
                State::Start | State::Name => {
                    if let Some(event) = self.name_byte(byte) {
                        return (used, event);
                    }
                }
                State::Value => return self.value(at, input),
                State::High => match hex_value(byte) {
                    Some(digit) => self.state = State::Low(digit),
                    None => return self.fail(used),
                },
                State::Low(high) => {
                    let Some(digit) = hex_value(byte) else {
                        return self.fail(used);
                    };
                    self.state = State::Value;
                    return (used, Event::Byte(high << 4 | digit));
                }
                State::Failed => return (input.len(), Event::Malformed),
            }
        }
        (input.len(), Event::NeedMore)
    }

    /// The data has ended.
    pub fn finish(&self) -> Event {
        match self.state {
            State::Value => Event::End,
            _ => Event::NeedMore,
        }
    }

    fn fail(&mut self, used: usize) -> (usize, Event) {
        self.state = State::Failed;
        (used, Event::Malformed)
    }

    fn name_byte(&mut self, byte: u8) -> Option<Event> {
        if self.state == State::Start {
            self.state = State::Name;
            self.name.clear();
        }
        match byte {
            b'=' => {
                self.state = State::Value;
                return Some(Event::Begin);
            }
            b'&' => self.name.clear(),
            _ if !self.name.push(byte) => {
                self.state = State::Failed;
                return Some(Event::Malformed);
            }
            _ => {}
        }
        None
    }

    /// From `at` on: a run of plain bytes, or what ends it.
    fn value(&mut self, at: usize, input: &[u8]) -> (usize, Event) {
        let rest = input.get(at..).unwrap_or_default();
        let run = memchr::memchr3(b'%', b'+', b'&', rest).unwrap_or(rest.len());
        if run > 0 {
            let end = at.saturating_add(run);
            return (end, Event::Run(at..end));
        }
        let used = at.saturating_add(1);
        match rest.first() {
            Some(b'+') => (used, Event::Byte(b' ')),
            Some(b'&') => {
                self.state = State::Start;
                (used, Event::End)
            }
            _ => {
                self.state = State::High;
                let (more, event) = self.feed(input.get(used..).unwrap_or_default());
                (used.saturating_add(more), event)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::Reader;
    use super::super::form::tests::values;
    use super::*;

    fn read(input: &[u8]) -> Vec<String> {
        values(|| Reader::Urlencoded(Urlencoded::default()), input)
    }

    #[test]
    fn values_are_decoded_names_are_not() {
        assert_eq!(
            read(b"a=1&b=two+words%21&%61=x%3d=y"),
            ["a=1", "b=two words!", "%61=x==y"]
        );
    }

    #[test]
    fn names_without_a_value_are_passed_over() {
        assert_eq!(read(b"a&b=1&&=x&c"), ["b=1", "=x"]);
        assert_eq!(read(b"a=&b="), ["a=", "b="]);
        assert_eq!(read(b""), [""; 0]);
    }

    #[test]
    fn a_bad_escape_ends_everything() {
        assert_eq!(read(b"a=1&b=%4x&c=2"), ["a=1", "b.", "malformed"]);
    }

    #[test]
    fn a_cut_escape_leaves_its_value_open() {
        assert_eq!(read(b"a=1&b=x%4"), ["a=1", "b.x"]);
        assert_eq!(read(b"b=x%"), ["b.x"]);
    }

    #[test]
    fn names_have_a_limit() {
        let fits = [&[b'n'; NAME - 1][..], b"=1"].concat();
        assert_eq!(read(&fits).len(), 1);
        assert_eq!(read(&[b'n'; NAME]), ["malformed"]);
    }
}
