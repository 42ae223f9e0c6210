//! Form data as multipart/form-data (RFC 7578), in pieces of any size.
//!
//! Gives events for `form` to act on. Text in front of the first boundary and behind the last is passed over, as is the
//! rest of a boundary's line and every header but Content-Disposition. What looks like the beginning of a boundary
//! and is not comes as `Held`: so many bytes of the delimiter were content. A part that the data's end cuts off is not completed.

use super::form::{Event, FILENAME, NAME};
use super::params;
use crate::util::short_text::ShortText;

/// The longest boundary, and a NUL. RFC 2046 allows 70 bytes.
pub const BOUNDARY: usize = 201;
/// How much of a header line is looked at.
pub const HEADER_LINE: usize = 1024;

const DELIMITER: usize = BOUNDARY + 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In front of the first boundary.
    Preamble,
    /// Right behind a boundary.
    Boundary,
    /// In the rest of its line.
    Line,
    Headers,
    Content,
    /// Behind the last boundary.
    Epilogue,
}

/// The reader.
#[derive(Debug, Clone, Copy)]
pub struct Multipart {
    state: State,
    /// CR LF, two dashes, the boundary.
    delimiter: ShortText<DELIMITER>,
    /// How much of the delimiter the last bytes were.
    matched: usize,
    line: ShortText<HEADER_LINE>,
    name: ShortText<NAME>,
    filename: ShortText<FILENAME>,
}

impl Multipart {
    /// A reader for that Content-Type; none when it is not multipart/form-data.
    ///
    /// Without a boundary, or with one over the limit, nothing is found in the data.
    #[must_use]
    pub fn for_type(content_type: &[u8]) -> Option<Self> {
        const TYPE: &[u8] = b"multipart/form-data";
        let begins = content_type.trim_ascii_start().get(..TYPE.len())?;
        if !begins.eq_ignore_ascii_case(TYPE) {
            return None;
        }
        let mut delimiter = ShortText::default();
        let fits = params::of(content_type)
            .find(|p| p.is("boundary"))
            .is_some_and(|p| {
                delimiter.set(*b"\r\n--");
                p.bytes().all(|byte| delimiter.push(byte))
            });
        Some(Self {
            state: if fits {
                State::Preamble
            } else {
                State::Epilogue
            },
            delimiter,
            matched: 2, // the data may begin with the boundary
            line: ShortText::default(),
            name: ShortText::default(),
            filename: ShortText::default(),
        })
    }

    /// The name of the part at hand.
    #[must_use]
    pub fn name(&self) -> &ShortText<NAME> {
        &self.name
    }

    /// The file name of the part at hand; empty when it is not a file.
    #[must_use]
    pub fn filename(&self) -> &ShortText<FILENAME> {
        &self.filename
    }

    /// What `Event::Held` counts bytes of.
    #[must_use]
    pub fn delimiter(&self) -> &[u8] {
        self.delimiter.as_bytes()
    }

    /// Takes input up to the next event: how much, and the event.
    pub fn feed(&mut self, input: &[u8]) -> (usize, Event) {
        let mut at = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            let (used, event) = match self.state {
                State::Preamble | State::Content => self.content(rest),
                State::Boundary => (0, self.behind_boundary(rest)),
                State::Line => (self.skip_line(rest), None),
                State::Headers => self.header_bytes(rest),
                State::Epilogue => (rest.len(), None),
            };
            let from = at;
            at = at.saturating_add(used);
            match event {
                Some(Event::Run(_)) => return (at, Event::Run(from..at)),
                Some(event) => return (at, event),
                None => {}
            }
        }
        (input.len(), Event::NeedMore)
    }

    /// The part has ended and been dealt with: its names are not needed any more.
    pub fn forget_names(&mut self) {
        self.name.clear();
        self.filename.clear();
    }

    fn content(&mut self, rest: &[u8]) -> (usize, Option<Event>) {
        let is_part = self.state == State::Content;
        if self.matched == 0 {
            // a delimiter begins with its only CR
            let run = memchr::memchr(b'\r', rest).unwrap_or(rest.len());
            if run > 0 {
                return (run, is_part.then_some(Event::Run(0..run)));
            }
        }
        let delimiter = self.delimiter.as_bytes();
        let wanted = delimiter.get(self.matched..).unwrap_or_default();
        let same = wanted.iter().zip(rest).take_while(|(w, r)| w == r).count();
        self.matched = self.matched.saturating_add(same);
        if self.matched >= delimiter.len() {
            self.matched = 0;
            self.state = State::Boundary;
            return (same, is_part.then_some(Event::End));
        }
        if same == rest.len() {
            return (same, None);
        }
        let held = std::mem::take(&mut self.matched);
        (same, is_part.then_some(Event::Held(held)))
    }

    /// quirk: one dash is enough to end the data.
    fn behind_boundary(&mut self, rest: &[u8]) -> Option<Event> {
        let is_last = rest.first() == Some(&b'-');
        self.state = if is_last {
            State::Epilogue
        } else {
            State::Line
        };
        None
    }

    fn skip_line(&mut self, rest: &[u8]) -> usize {
        let Some(end) = memchr::memchr(b'\n', rest) else {
            return rest.len();
        };
        self.state = State::Headers;
        self.line.clear();
        self.forget_names();
        end.saturating_add(1)
    }

    fn header_bytes(&mut self, rest: &[u8]) -> (usize, Option<Event>) {
        let end = memchr::memchr(b'\n', rest);
        let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        for byte in piece {
            if !self.line.push(*byte) {
                break;
            }
        }
        let Some(end) = end else {
            return (rest.len(), None);
        };
        let event = self.header_line();
        self.line.clear();
        (end.saturating_add(1), event)
    }

    fn header_line(&mut self) -> Option<Event> {
        const HEADER: &[u8] = b"content-disposition:";
        let line = self.line.as_bytes();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            self.state = State::Content;
            return Some(Event::Begin);
        }
        let (name, value) = line.split_at_checked(HEADER.len())?;
        if name.eq_ignore_ascii_case(HEADER) {
            for param in params::of(value) {
                if param.is("name") {
                    self.name.set(param.bytes());
                } else if param.is("filename") {
                    self.filename.set(param.bytes());
                }
            }
        }
        None
    }
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
