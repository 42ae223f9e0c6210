//! Zip archives (PKWARE's APPNOTE 6.3): their directory, and the bytes of one member.
//!
//! No I/O: the caller reads what [`find_directory`] and [`Entry::data`] name and gives the bytes. Every offset is checked against
//! the archive's length; members' data must lie before the directory. Zip64, archives of several files, and encrypted
//! members are refused. A deflated member is a gzip stream but for [`GZIP_HEAD`] and [`Entry::gzip_tail`]. Names are bytes, compared as they are:
//! nothing here touches a file system. Called by `conn::role::http::archive`.

use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::ops::Range;

/// Most bytes at the end of an archive that [`find_directory`] looks at.
pub const TAIL: usize = END + 0xffff;
/// Longest directory that is read.
pub const LARGEST_DIRECTORY: u64 = 4 << 20;
/// Bytes of a member's own header.
pub const LOCAL: usize = 30;
/// What a gzip stream begins with: deflated, without name and time, from an unknown system.
pub const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

const END: usize = 22;
const CENTRAL: usize = 46;
/// Bit of the general purpose flags: encrypted; strongly encrypted; the directory is masked.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

/// Why an archive, or a member, is not served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It has no end record.
    NotAnArchive,
    /// It is zip64.
    Zip64,
    /// It is one of several files.
    Split,
    /// Its directory is larger than [`LARGEST_DIRECTORY`].
    TooLarge,
    /// Something in it points outside, overlaps or contradicts itself.
    Corrupt,
    /// The member is encrypted.
    Encrypted,
    /// The member is packed in a way that is not known here.
    Method,
}

/// Where the directory is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its bytes in the archive.
    pub range: Range<u64>,
    /// How many members it has.
    pub entries: u16,
}

/// How a member is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Not at all.
    Stored,
    /// Deflate.
    Deflated,
}

/// A member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    name: Range<usize>,
    method: Result<Method, Refused>,
    crc: u32,
    packed: u32,
    size: u32,
    header_at: u32,
}

/// What a name is in an archive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found<'a> {
    /// A member.
    Member(&'a Entry),
    /// A folder of members.
    Folder,
    /// Nothing.
    Nothing,
}

/// The directory of an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directory {
    bytes: Vec<u8>,
    /// By name.
    entries: Vec<Entry>,
    at: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Finds the directory by the last bytes of an archive of `length` bytes; `tail` is all of it or [`TAIL`] bytes.
pub fn find_directory(tail: &[u8], length: u64) -> Result<Place, Refused> {
    let last = tail.len().checked_sub(END).ok_or(Refused::NotAnArchive)?;
    let is_end = |at: &usize| {
        let end = tail.get(*at..).unwrap_or_default();
        let comment = u16_at(end, 20).map(usize::from);
        end.starts_with(b"PK\x05\x06") && comment == end.len().checked_sub(END)
    };
    let at = (0..=last).rev().find(is_end).ok_or(Refused::NotAnArchive)?;
    let end = tail.get(at..).unwrap_or_default();
    place(end, length).ok_or(Refused::Corrupt)?
}

fn place(end: &[u8], length: u64) -> Option<Result<Place, Refused>> {
    let entries = u16_at(end, 10)?;
    let (len, offset) = (u32_at(end, 12)?, u32_at(end, 16)?);
    if entries == u16::MAX || len == u32::MAX || offset == u32::MAX {
        return Some(Err(Refused::Zip64));
    }
    if u16_at(end, 4)? != 0 || u16_at(end, 6)? != 0 || u16_at(end, 8)? != entries {
        return Some(Err(Refused::Split));
    }
    if u64::from(len) > LARGEST_DIRECTORY {
        return Some(Err(Refused::TooLarge));
    }
    let start = u64::from(offset);
    let stop = start.checked_add(u64::from(len))?;
    let end_at = length.checked_sub(end.len() as u64)?;
    let range = start..stop;
    (stop == end_at).then_some(Ok(Place { range, entries }))
}

impl Directory {
    /// Reads the bytes that [`find_directory`] named.
    pub fn read(bytes: Vec<u8>, place: &Place) -> Result<Self, Refused> {
        let (mut at, mut entries) = (0usize, Vec::new());
        for _ in 0..place.entries {
            let (entry, next) = entry_at(&bytes, at).ok_or(Refused::Corrupt)?;
            entries.push(entry);
            at = next;
        }
        if at != bytes.len() {
            return Err(Refused::Corrupt);
        }
        let name = |e: &Entry| bytes.get(e.name.clone()).unwrap_or_default();
        entries.sort_by(|a, b| name(a).cmp(name(b)));
        let twice = entries
            .windows(2)
            .any(|two| matches!(two, [a, b] if name(a) == name(b)));
        if twice {
            // Readers disagree on which of them counts.
            return Err(Refused::Corrupt);
        }
        Ok(Self {
            bytes,
            entries,
            at: place.range.start,
        })
    }

    fn name(&self, entry: &Entry) -> &[u8] {
        self.bytes.get(entry.name.clone()).unwrap_or_default()
    }

    /// Looks a name up, without slash at its begin and end.
    pub fn find(&self, name: &[u8]) -> Found<'_> {
        if name.is_empty() {
            return Found::Folder;
        }
        if let Ok(at) = self.entries.binary_search_by(|e| self.name(e).cmp(name)) {
            return self.entries.get(at).map_or(Found::Nothing, Found::Member);
        }
        let folder = [name, b"/"].concat();
        let at = self
            .entries
            .partition_point(|e| self.name(e) < folder.as_slice());
        match self.entries.get(at) {
            Some(entry) if self.name(entry).starts_with(&folder) => Found::Folder,
            _ => Found::Nothing,
        }
    }

    /// Bytes that it holds.
    pub fn weight(&self) -> usize {
        let entries = self.entries.len().saturating_mul(size_of::<Entry>());
        self.bytes.len().saturating_add(entries)
    }

    /// Where a member's data is, by its own header, which [`Entry::header_at`] names.
    pub fn data(&self, entry: &Entry, local: &[u8]) -> Result<Range<u64>, Refused> {
        entry.data(local, self.at).ok_or(Refused::Corrupt)
    }
}

fn entry_at(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let entry = bytes.get(at..)?;
    if !entry.starts_with(b"PK\x01\x02") {
        return None;
    }
    let name_at = at.checked_add(CENTRAL)?;
    let name_end = name_at.checked_add(usize::from(u16_at(entry, 28)?))?;
    let extra_end = name_end.checked_add(usize::from(u16_at(entry, 30)?))?;
    let next = extra_end.checked_add(usize::from(u16_at(entry, 32)?))?;
    if next > bytes.len() {
        return None;
    }
    let method = match u16_at(entry, 10)? {
        _ if u16_at(entry, 8)? & ENCRYPTED != 0 => Err(Refused::Encrypted),
        0 => Ok(Method::Stored),
        8 => Ok(Method::Deflated),
        _ => Err(Refused::Method),
    };
    let entry = Entry {
        name: name_at..name_end,
        method,
        crc: u32_at(entry, 16)?,
        packed: u32_at(entry, 20)?,
        size: u32_at(entry, 24)?,
        header_at: u32_at(entry, 42)?,
    };
    Some((entry, next))
}

impl Entry {
    /// How it is packed, or why it is not served.
    pub fn method(&self) -> Result<Method, Refused> {
        match self.method {
            Ok(_) if [self.packed, self.size, self.header_at].contains(&u32::MAX) => {
                Err(Refused::Zip64)
            }
            Ok(Method::Stored) if self.packed != self.size => Err(Refused::Corrupt),
            method => method,
        }
    }

    /// Where its own header is, of [`LOCAL`] bytes.
    pub fn header_at(&self) -> u64 {
        u64::from(self.header_at)
    }

    /// Its length.
    pub fn size(&self) -> u64 {
        u64::from(self.size)
    }

    fn data(&self, local: &[u8], directory: u64) -> Option<Range<u64>> {
        if !local.starts_with(b"PK\x03\x04") {
            return None;
        }
        let names = u64::from(u16_at(local, 26)?).checked_add(u64::from(u16_at(local, 28)?))?;
        let start = self
            .header_at()
            .checked_add(LOCAL as u64)?
            .checked_add(names)?;
        let end = start.checked_add(u64::from(self.packed))?;
        (end <= directory).then_some(start..end)
    }

    /// What a gzip stream of it ends with.
    pub fn gzip_tail(&self) -> [u8; 8] {
        let mut tail = [0; 8];
        let (crc, size) = tail.split_at_mut(4);
        crc.copy_from_slice(&self.crc.to_le_bytes());
        size.copy_from_slice(&self.size.to_le_bytes());
        tail
    }
}

/// The member is not what the directory says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged;

/// Unpacks a member. Its last byte only comes out when length and checksum are right.
pub struct Unpacker {
    inflate: Option<Decompress>,
    crc: Crc,
    wanted_crc: u32,
    left: u64,
}

impl Unpacker {
    /// For a member that is served.
    pub fn new(entry: &Entry) -> Result<Self, Refused> {
        let is_deflated = entry.method()? == Method::Deflated;
        Ok(Self {
            inflate: is_deflated.then(|| Decompress::new(false)),
            crc: Crc::new(),
            wanted_crc: entry.crc,
            left: entry.size(),
        })
    }

    /// It is not packed at all.
    pub fn is_stored(&self) -> bool {
        self.inflate.is_none()
    }

    /// Unpacks some of `input` into `room`, which takes more than the rest only of an empty member. Gives what is used and what came out; `is_last` says that
    /// no input follows this one.
    pub fn unpack(
        &mut self,
        input: &[u8],
        is_last: bool,
        room: &mut [u8],
    ) -> Result<(usize, usize), Damaged> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(room.len());
        let room = room.get_mut(..most).unwrap_or_default();
        let (used, made, has_ended) = self.step(input, room)?;
        self.crc.update(room.get(..made).unwrap_or_default());
        self.left = self.left.saturating_sub(made as u64);
        if made == 0 && used == 0 && is_last && self.left > 0 {
            return Err(Damaged);
        }
        if has_ended && self.left > 0 || self.left == 0 && self.crc.sum() != self.wanted_crc {
            return Err(Damaged);
        }
        Ok((used, made))
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Result<(usize, usize, bool), Damaged> {
        let Some(inflate) = &mut self.inflate else {
            let n = input.len().min(room.len());
            let (Some(to), Some(from)) = (room.get_mut(..n), input.get(..n)) else {
                return Err(Damaged);
            };
            to.copy_from_slice(from);
            return Ok((n, n, false));
        };
        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
        let status = inflate
            .decompress(input, room, FlushDecompress::None)
            .map_err(|_| Damaged)?;
        let used = inflate.total_in().saturating_sub(before_in);
        let made = inflate.total_out().saturating_sub(before_out);
        Ok((
            usize::try_from(used).map_err(|_| Damaged)?,
            usize::try_from(made).map_err(|_| Damaged)?,
            status == Status::StreamEnd,
        ))
    }
}

#[cfg(test)]
#[path = "zip_tests.rs"]
pub(crate) mod tests;
