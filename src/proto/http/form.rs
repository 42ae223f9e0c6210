//! Posted forms (lws: spa): the values that a program asks for by name, and files in chunks.
//!
//! Puts the readers (`urlencoded`, `multipart`) and a storage area of fixed size together. Values go to the storage one after
//! the other, each with a NUL; its free end is also where chunks of files are collected, so a chunk is as long as the
//! storage is free, however the input is cut. The caller owns the storage and says at `Step::Begin` where a value goes.
//! Nothing here allocates: the record lies in memory of the C program. Called by `capi::spa`.

use super::multipart::Multipart;
use super::urlencoded::Urlencoded;
use crate::util::short_text::ShortText;
use std::ops::Range;

/// The longest name of a form field, and a NUL.
pub const NAME: usize = 32;
/// The longest file name, and a NUL.
pub const FILENAME: usize = 256;

/// What a reader found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The input is used up.
    NeedMore,
    /// A value begins; its name is known.
    Begin,
    /// These bytes of the input belong to the value.
    Run(Range<usize>),
    /// A decoded byte of the value.
    Byte(u8),
    /// So many bytes of the delimiter belong to the value.
    Held(usize),
    /// The value is complete.
    End,
    /// The data makes no sense; so does what follows.
    Malformed,
}

/// One of the two encodings.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::large_enum_variant,
    reason = "the record lies in memory that is freed without drop, so no variant can be boxed"
)]
pub enum Reader {
    /// application/x-www-form-urlencoded, or anything else.
    Urlencoded(Urlencoded),
    /// multipart/form-data.
    Multipart(Multipart),
}

impl Reader {
    /// The reader for a Content-Type.
    #[must_use]
    pub fn for_type(content_type: &[u8]) -> Self {
        Multipart::for_type(content_type)
            .map_or_else(|| Self::Urlencoded(Urlencoded::default()), Self::Multipart)
    }

    /// Takes input up to the next event: how much, and the event.
    pub fn feed(&mut self, input: &[u8]) -> (usize, Event) {
        match self {
            Self::Urlencoded(reader) => reader.feed(input),
            Self::Multipart(reader) => reader.feed(input),
        }
    }

    /// The name of the value at hand.
    #[must_use]
    pub fn name(&self) -> &ShortText<NAME> {
        match self {
            Self::Urlencoded(reader) => reader.name(),
            Self::Multipart(reader) => reader.name(),
        }
    }

    /// The file name of the value at hand.
    #[must_use]
    pub fn filename(&self) -> Option<&ShortText<FILENAME>> {
        match self {
            Self::Urlencoded(_) => None,
            Self::Multipart(reader) => Some(reader.filename()),
        }
    }

    /// The data has ended: what that completes.
    fn finish(&mut self) -> Event {
        match self {
            Self::Urlencoded(reader) => reader.finish(),
            Self::Multipart(_) => Event::NeedMore,
        }
    }

    fn forget_names(&mut self) {
        match self {
            Self::Urlencoded(_) => {}
            Self::Multipart(reader) => reader.forget_names(),
        }
    }

    fn delimiter(&self) -> &[u8] {
        match self {
            Self::Urlencoded(_) => &[],
            Self::Multipart(reader) => reader.delimiter(),
        }
    }
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nobody asked for it.
    Nowhere,
    /// The storage, for the parameter of that number.
    Storage(usize),
    /// The program, in chunks.
    Chunks,
}

/// What the caller is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Give more input.
    NeedMore,
    /// A value begins: call `aim`.
    Begin,
    /// A chunk is in the storage, a NUL behind it.
    Chunk {
        /// Where it begins.
        start: usize,
        /// Its length.
        len: usize,
        /// The file is complete.
        is_last: bool,
    },
    /// A value is in the storage, a NUL behind it.
    Stored {
        /// The parameter.
        param: usize,
        /// Where it begins.
        start: usize,
        /// Its length; not 0.
        len: usize,
    },
    /// Malformed data, or the storage is full.
    Failed,
}

/// Content that has been found and not yet been put away.
#[derive(Debug, Clone, Copy)]
enum Pending {
    Nothing,
    /// So many bytes of the input.
    Input(usize),
    /// A part of the delimiter.
    Delimiter {
        at: usize,
        end: usize,
    },
    Byte(u8),
}

/// A form being read.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    reader: Reader,
    target: Target,
    pending: Pending,
    /// Storage that holds complete values.
    used: usize,
    /// Bytes behind them of the value at hand.
    fill: usize,
    is_value_over: bool,
    has_failed: bool,
    has_ended: bool,
}

impl Form {
    /// A form of that Content-Type.
    #[must_use]
    pub fn new(content_type: &[u8]) -> Self {
        Self {
            reader: Reader::for_type(content_type),
            target: Target::Nowhere,
            pending: Pending::Nothing,
            used: 0,
            fill: 0,
            is_value_over: false,
            has_failed: false,
            has_ended: false,
        }
    }

    /// What reads it: for the names of the value at hand.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Says where the value goes that begins.
    pub fn aim(&mut self, target: Target) {
        self.target = target;
    }

    /// Gives up: the program does not want the rest.
    pub fn fail(&mut self) {
        self.has_failed = true;
    }

    /// Takes input up to the next thing to do: how much, and what. `storage` is always the same area.
    pub fn step(&mut self, input: &[u8], storage: &mut [u8]) -> (usize, Step) {
        let mut used = 0_usize;
        self.settle();
        while !self.has_failed && !self.has_ended {
            let rest = input.get(used..).unwrap_or_default();
            let (taken, step) = self.put_away(rest, storage);
            used = used.saturating_add(taken);
            if let Some(step) = step {
                return (used, step);
            }
            let (taken, event) = self.reader.feed(rest.get(taken..).unwrap_or_default());
            match event {
                Event::NeedMore => return (input.len(), Step::NeedMore),
                Event::Run(run) => {
                    used = used.saturating_add(run.start);
                    self.pending = Pending::Input(run.len());
                    continue;
                }
                Event::Byte(byte) => self.pending = Pending::Byte(byte),
                Event::Held(end) => self.pending = Pending::Delimiter { at: 0, end },
                Event::Begin => {
                    self.target = Target::Nowhere;
                    return (used.saturating_add(taken), Step::Begin);
                }
                Event::End => {
                    if let Some(step) = self.complete(storage) {
                        return (used.saturating_add(taken), step);
                    }
                    self.settle();
                }
                Event::Malformed => self.has_failed = true,
            }
            used = used.saturating_add(taken);
        }
        let step = match self.has_failed {
            true => Step::Failed,
            false => Step::NeedMore,
        };
        (input.len(), step)
    }

    /// The data has ended: the last value, when that completes one. Input is passed over from now on.
    pub fn finish(&mut self, storage: &mut [u8]) -> Option<Step> {
        self.settle();
        if self.has_ended || self.has_failed {
            return None;
        }
        self.has_ended = true;
        match self.reader.finish() {
            Event::End => self.complete(storage),
            _ => None,
        }
    }

    /// Forgets the names of a value that was told.
    fn settle(&mut self) {
        if std::mem::take(&mut self.is_value_over) && !self.has_failed {
            self.reader.forget_names();
        }
    }

    /// Copies pending content: how much of the input that took, and what it makes necessary.
    fn put_away(&mut self, input: &[u8], storage: &mut [u8]) -> (usize, Option<Step>) {
        let byte;
        let content = match self.pending {
            Pending::Nothing => return (0, None),
            Pending::Input(len) => input.get(..len).unwrap_or(input),
            Pending::Delimiter { at, end } => {
                self.reader.delimiter().get(at..end).unwrap_or_default()
            }
            Pending::Byte(b) => {
                byte = [b];
                &byte
            }
        };
        let free = self.free(storage);
        let taken = match self.target {
            Target::Nowhere => content.len(),
            _ => copy_front(content, storage, self.used.saturating_add(self.fill), free),
        };
        let left = content.len().saturating_sub(taken);
        let is_input = matches!(self.pending, Pending::Input(_));
        self.pending = match self.pending {
            _ if left == 0 => Pending::Nothing,
            Pending::Input(_) => Pending::Input(left),
            Pending::Delimiter { end, .. } => Pending::Delimiter {
                at: end.saturating_sub(left),
                end,
            },
            same => same,
        };
        let step = match self.target {
            Target::Nowhere => None,
            target => {
                self.fill = self.fill.saturating_add(taken);
                (taken == free).then(|| self.full(target, storage))
            }
        };
        (if is_input { taken } else { 0 }, step)
    }

    /// Room for content of the value at hand, a NUL left over.
    fn free(&self, storage: &[u8]) -> usize {
        let behind = self.used.saturating_add(self.fill).saturating_add(1);
        storage.len().saturating_sub(behind)
    }

    /// quirk: a value that leaves room for nothing but its NUL is one byte too long.
    fn full(&mut self, target: Target, storage: &mut [u8]) -> Step {
        if target == Target::Chunks && self.fill > 0 {
            return self.chunk(storage, false);
        }
        self.has_failed = true;
        Step::Failed
    }

    fn chunk(&mut self, storage: &mut [u8], is_last: bool) -> Step {
        if storage.is_empty() {
            // not even for the NUL
            self.has_failed = true;
            return Step::Failed;
        }
        self.end_text(storage);
        Step::Chunk {
            start: self.used,
            len: std::mem::take(&mut self.fill),
            is_last,
        }
    }

    fn end_text(&self, storage: &mut [u8]) {
        if let Some(behind) = storage.get_mut(self.used.saturating_add(self.fill)) {
            *behind = 0;
        }
    }

    /// quirk: an empty value is as if it were not there.
    fn complete(&mut self, storage: &mut [u8]) -> Option<Step> {
        self.is_value_over = true;
        match std::mem::replace(&mut self.target, Target::Nowhere) {
            Target::Chunks => Some(self.chunk(storage, true)),
            Target::Storage(param) if self.fill > 0 => {
                self.end_text(storage);
                let (start, len) = (self.used, std::mem::take(&mut self.fill));
                self.used = start.saturating_add(len).saturating_add(1);
                Some(Step::Stored { param, start, len })
            }
            _ => None,
        }
    }
}

/// Copies as much as fits into `room` bytes from `at` on.
fn copy_front(from: &[u8], to: &mut [u8], at: usize, room: usize) -> usize {
    let len = from.len().min(room);
    let end = at.saturating_add(len);
    match (from.get(..len), to.get_mut(at..end)) {
        (Some(from), Some(to)) => to.copy_from_slice(from),
        _ => return 0,
    }
    len
}

#[cfg(test)]
#[path = "form_tests.rs"]
pub(super) mod tests;
