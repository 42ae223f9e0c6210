//! The header table of one request or response (lws: "ah").
//!
//! Known headers are kept by [`Token`], others by lower-case name with its colon. A token may hold
//! several fragments: a header sent again, or the `&` parts of the URI arguments. Everything lives in
//! one buffer as a row of entries - 8 bytes of token and lengths, the name (custom headers only),
//! the value, a NUL - so that a usual request costs one allocation and clearing costs nothing.
//! Looking up walks the row; a bit set answers for absent tokens without walking.
//!
//! A parser writes an entry piece by piece: `open`, `push` the name, `name_done`, `push` the value,
//! `close`. Nothing of an entry shows before it is closed. Used by the request parser, by the
//! connection layer's pool of tables and by `lws_hdr_*`.

use super::token::Token;
use std::ffi::CStr;

/// What a table allocates with its first byte; holds what browsers send without growing.
const FIRST_ALLOCATION: usize = 1024;

/// No table may be asked to hold more than this, whatever `max_http_header_data` says.
pub const LARGEST_LIMIT: usize = 16 << 20;

/// Entries a table accepts at most; keeps walks short. The reference stops at 95.
pub const MAX_ENTRIES: usize = 512;

const HEAD: usize = 8;
const CUSTOM: u8 = 0xff;

/// The table has no room for more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableFull;

/// One stored header line (or part of one).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'a> {
    /// `None`: a custom header, see `name`.
    pub token: Option<Token>,
    /// Name of a custom header, lower-case with colon; empty when `token` says it.
    pub name: &'a [u8],
    /// The value.
    pub value: &'a [u8],
    /// The value with the NUL behind it, for C.
    value_nul: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The value as C sees it: up to the first NUL.
    pub fn c_value(&self) -> &'a CStr {
        CStr::from_bytes_until_nul(self.value_nul).unwrap_or_default()
    }
}

/// The entry being written.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: usize,
    value: usize,
    used_before: usize,
}

/// Headers by token and by name; see the module's documentation.
#[derive(Debug)]
pub struct HeaderTable {
    data: Vec<u8>,
    /// Bit n: token n has an entry.
    present: u128,
    limit: usize,
    /// Bytes charged against `limit`.
    used: usize,
    entries: usize,
    open: Option<Open>,
}

impl HeaderTable {
    /// An empty table for `limit` bytes of header data (lws: `max_http_header_data`). Allocates nothing.
    pub fn new(limit: usize) -> Self {
        HeaderTable {
            data: Vec::new(),
            present: 0,
            limit: limit.min(LARGEST_LIMIT),
            used: 0,
            entries: 0,
            open: None,
        }
    }

    /// Forgets all headers, keeps the memory.
    pub fn clear(&mut self) {
        self.data.clear();
        self.present = 0;
        self.used = 0;
        self.entries = 0;
        self.open = None;
    }

    /// Gives back memory beyond the first allocation; for a table that goes back to its pool.
    pub fn shrink(&mut self) {
        self.data.shrink_to(FIRST_ALLOCATION);
    }

    /// Bytes of header data this table may hold.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the token has an entry, even an empty one.
    pub fn has(&self, token: Token) -> bool {
        self.present & bit(token) != 0
    }

    /// All closed entries in the order of arrival.
    pub fn iter(&self) -> Entries<'_> {
        let end = self.open.map_or(self.data.len(), |open| open.start);
        Entries {
            rest: self.data.get(..end).unwrap_or_default(),
        }
    }

    /// The custom headers: name (lower-case, with colon) and value.
    pub fn customs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter()
            .filter(|e| e.token.is_none())
            .map(|e| (e.name, e.value))
    }

    /// All fragments of a token, in order.
    pub fn fragments(&self, token: Token) -> impl Iterator<Item = &[u8]> {
        let walk = if self.has(token) {
            self.iter()
        } else {
            Entries { rest: &[] }
        };
        walk.filter(move |e| e.token == Some(token))
            .map(|e| e.value)
    }

    /// Fragment number `idx` of a token.
    pub fn fragment(&self, token: Token, idx: usize) -> Option<&[u8]> {
        self.fragments(token).nth(idx)
    }

    /// The first fragment of a token.
    pub fn first(&self, token: Token) -> Option<&[u8]> {
        self.fragments(token).next()
    }

    /// The first fragment of a token as a C string in the table, for callbacks that want one.
    pub fn first_c(&self, token: Token) -> Option<&CStr> {
        if !self.has(token) {
            return None;
        }
        let mut entries = self.iter();
        entries
            .find(|e| e.token == Some(token))
            .map(|e| e.c_value())
    }

    /// Length of what [`copy_joined`](Self::copy_joined) writes, without the NUL; 0 when absent.
    pub fn total_len(&self, token: Token) -> usize {
        let between = separator(token).len();
        let with_last = self.fragments(token).fold(0usize, |sum, f| {
            sum.saturating_add(f.len()).saturating_add(between)
        });
        with_last.saturating_sub(between)
    }

    /// Copies all fragments of a token, joined, and a NUL to `dest`; `None` when they do not fit.
    ///
    /// Absent tokens are an empty text, for which no room at all is enough. What does not fit leaves an
    /// empty text in `dest`. Returns the length without the NUL.
    pub fn copy_joined(&self, token: Token, dest: &mut [u8]) -> Option<usize> {
        if let Some(first) = dest.first_mut() {
            *first = 0;
        }
        let total = self.total_len(token);
        if total == 0 {
            return Some(0);
        }
        let dest = dest.get_mut(..total.checked_add(1)?)?;
        let mut at = 0usize;
        for (i, fragment) in self.fragments(token).enumerate() {
            if i > 0 {
                at = put(dest, at, separator(token))?;
            }
            at = put(dest, at, fragment)?;
        }
        put(dest, at, b"\0")?;
        Some(total)
    }

    /// Copies one fragment and a NUL; `None` when there is no such fragment or it does not fit.
    pub fn copy_fragment(&self, token: Token, idx: usize, dest: &mut [u8]) -> Option<usize> {
        copy_with_nul(self.fragment(token, idx)?, dest)
    }

    /// The value of a header without token; `name` is lower-case and ends in a colon.
    ///
    /// When it came more than once, the first one.
    pub fn custom(&self, name: &[u8]) -> Option<&[u8]> {
        self.customs()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value)
    }

    /// Adds a fragment.
    pub fn append(&mut self, token: Token, value: &[u8]) -> Result<(), TableFull> {
        self.open()?;
        self.name_done(Some(token));
        if self.push(value).is_err() {
            self.abort();
            return Err(TableFull);
        }
        self.close()
    }

    /// Adds a custom header; the name may lack its colon and have any case.
    pub fn append_custom(&mut self, name: &[u8], value: &[u8]) -> Result<(), TableFull> {
        self.open()?;
        let written = self
            .push_lower(name.strip_suffix(b":").unwrap_or(name))
            .and_then(|()| {
                self.name_done(None);
                self.push(value)
            });
        if written.is_err() {
            self.abort();
            return Err(TableFull);
        }
        self.close()
    }

    /// Makes `value` the only fragment of the token; when it does not fit, the token ends up absent.
    pub fn replace(&mut self, token: Token, value: &[u8]) -> Result<(), TableFull> {
        self.remove(token);
        self.append(token, value)
    }

    /// Drops all fragments of the token.
    pub fn remove(&mut self, token: Token) {
        if !self.has(token) {
            return;
        }
        let mut kept = HeaderTable::new(self.limit);
        kept.data.reserve(self.data.len());
        for entry in self.iter().filter(|e| e.token != Some(token)) {
            // Cannot be full: a subset of what fitted into the same limit.
            let _ = match entry.token {
                Some(other) => kept.append(other, entry.value),
                None => kept.append_custom(entry.name, entry.value),
            };
        }
        *self = kept;
    }

    /// Begins an entry; its name is pushed next.
    pub(crate) fn open(&mut self) -> Result<(), TableFull> {
        self.abort();
        if self.entries >= MAX_ENTRIES {
            return Err(TableFull);
        }
        if self.data.capacity() == 0 {
            self.data.reserve(FIRST_ALLOCATION);
        }
        let (start, used_before) = (self.data.len(), self.used);
        // The colon of a custom name and the NUL that ends the entry.
        self.charge(2)?;
        self.data.extend_from_slice(&[CUSTOM, 0, 0, 0, 0, 0, 0, 0]);
        self.open = Some(Open {
            start,
            value: self.data.len(),
            used_before,
        });
        Ok(())
    }

    /// Adds bytes to the name or value of the open entry.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TableFull> {
        self.charge(bytes.len())?;
        self.data.extend_from_slice(bytes);
        Ok(())
    }

    /// Adds name bytes in lower case.
    pub(crate) fn push_lower(&mut self, bytes: &[u8]) -> Result<(), TableFull> {
        self.charge(bytes.len())?;
        self.data.extend(bytes.iter().map(u8::to_ascii_lowercase));
        Ok(())
    }

    /// What was pushed to the open entry since it was opened or its name was done.
    pub(crate) fn pushed(&self) -> &[u8] {
        self.open
            .and_then(|open| self.data.get(open.value..))
            .unwrap_or_default()
    }

    /// Shortens the value of the open entry to `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(open) = self.open {
            let end = open.value.saturating_add(len);
            self.used = self
                .used
                .saturating_sub(self.data.len().saturating_sub(end));
            self.data.truncate(end);
        }
    }

    /// Ends the name of the open entry: a token replaces it, `None` keeps it as a custom name.
    pub(crate) fn name_done(&mut self, token: Option<Token>) {
        let Some(open) = self.open else { return };
        if let Some(token) = token {
            self.truncate(0);
            if let Some(slot) = self.data.get_mut(open.start) {
                *slot = token.0;
            }
        } else {
            let name_len = self.data.len().saturating_sub(open.value).saturating_add(1);
            self.data.push(b':');
            let stored = u16::try_from(name_len).unwrap_or(u16::MAX).to_le_bytes();
            self.patch(open.start.saturating_add(2), &stored);
        }
        self.open = Some(Open {
            value: self.data.len(),
            ..open
        });
    }

    /// Ends the open entry: it can be seen from now on.
    pub(crate) fn close(&mut self) -> Result<(), TableFull> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let value_len = self.data.len().saturating_sub(open.value);
        let name_len = open.value.saturating_sub(open.start).saturating_sub(HEAD);
        let Ok(stored) = u32::try_from(value_len) else {
            return self.refuse(open);
        };
        if name_len > usize::from(u16::MAX) {
            return self.refuse(open);
        }
        self.patch(open.start.saturating_add(4), &stored.to_le_bytes());
        self.data.push(0);
        self.entries = self.entries.saturating_add(1);
        let token = self.data.get(open.start).copied().unwrap_or(CUSTOM);
        self.present |= bit(Token(token));
        Ok(())
    }

    /// Drops the open entry, if any.
    pub(crate) fn abort(&mut self) {
        if let Some(open) = self.open.take() {
            self.used = open.used_before;
            self.data.truncate(open.start);
        }
    }

    fn refuse(&mut self, open: Open) -> Result<(), TableFull> {
        self.open = Some(open);
        self.abort();
        Err(TableFull)
    }

    fn charge(&mut self, bytes: usize) -> Result<(), TableFull> {
        let used = self.used.saturating_add(bytes);
        if used > self.limit {
            return Err(TableFull);
        }
        self.used = used;
        Ok(())
    }

    fn patch(&mut self, at: usize, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len());
        if let Some(slot) = self.data.get_mut(at..end) {
            slot.copy_from_slice(bytes);
        }
    }
}

/// Walks the entries of a table.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let (head, rest) = self.rest.split_first_chunk::<HEAD>()?;
        let [token, _, n0, n1, v0, v1, v2, v3] = *head;
        let value_len = usize::try_from(u32::from_le_bytes([v0, v1, v2, v3])).ok()?;
        let (name, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([n0, n1])))?;
        let (value_nul, rest) = rest.split_at_checked(value_len.checked_add(1)?)?;
        let value = value_nul.get(..value_len)?;
        self.rest = rest;
        let token = (token != CUSTOM).then_some(Token(token));
        Some(Entry {
            token,
            name,
            value,
            value_nul,
        })
    }
}

/// What stands between the fragments of a token when they are given as one text.
///
/// quirk: cookies are joined by nothing; the parser's space before a repeated value separates them.
fn separator(token: Token) -> &'static [u8] {
    if token == Token::HTTP_COOKIE {
        b""
    } else {
        b","
    }
}

fn bit(token: Token) -> u128 {
    1u128.checked_shl(u32::from(token.0)).unwrap_or(0)
}

fn put(dest: &mut [u8], at: usize, bytes: &[u8]) -> Option<usize> {
    let end = at.checked_add(bytes.len())?;
    dest.get_mut(at..end)?.copy_from_slice(bytes);
    Some(end)
}

/// Copies a value and a NUL; `None` when `dest` is too small.
pub fn copy_with_nul(value: &[u8], dest: &mut [u8]) -> Option<usize> {
    let end = put(dest, 0, value)?;
    put(dest, end, b"\0")?;
    Some(value.len())
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
