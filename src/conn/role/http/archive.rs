//! Members of zip archives, served where they lie: an area whose origin is an archive, or a folder in one.
//!
//! Nothing is unpacked to disk. A deflated member goes out as it is, as gzip, to clients that take that; others get it
//! inflated a piece at a time, and checked: the last byte only leaves when length and checksum are right. Parts of one
//! are unchecked unless they reach its end; parts of a deflated one are met on the way through it, so they must come in
//! order, and not after too much else. The directories of a few archives are kept, as long as the file is the same. Called by [`super::source`] for paths that go on
//! behind a file.

use crate::conn::thread::ServiceThread;
use crate::proto::zip::{
    self, Directory, Entry, Found, GZIP_HEAD, LOCAL, Method, Refused, TAIL, Unpacker,
};
use crate::sys::file::{OpenFile, Opened, Stamp, open_read};
use std::ffi::CString;
use std::ops::Range;
use std::rc::Rc;

/// Archives whose directories a service thread keeps.
const KEPT: usize = 8;
/// Bytes of all kept directories of a service thread.
const KEPT_BYTES: usize = 16 << 20;
/// Bytes of a packed member that are read in one go.
const INPUT: u64 = 16 * 1024;
/// Bytes of a packed member that may be unpacked, and dropped, before a part of it.
const FARTHEST: u64 = 64 << 20;
/// Bytes of them in one pass, so that one client does not keep the others waiting.
const SKIPPED: u64 = 1 << 20;
/// Bytes of them at a time.
const DROPPED: usize = 16 * 1024;

/// The directory of an archive that was looked at before.
pub struct Known {
    path: CString,
    stamp: Stamp,
    directory: Rc<Directory>,
}

/// What a path inside an archive is.
pub enum Inside {
    /// A member.
    Member(Member),
    /// A folder.
    Folder,
    /// Nothing, or the path is not inside an archive.
    Nothing,
    /// The archive, or the member, cannot be served.
    Unusable(Option<Refused>),
}

/// A member on its way.
pub struct Member {
    /// The archive.
    pub archive: OpenFile,
    /// Where the packed bytes are.
    pub data: Range<u64>,
    /// How it goes out.
    pub form: Form,
}

/// How a member goes out.
pub enum Form {
    /// As it lies there, between these: a gzip stream.
    Gzip {
        /// Before it.
        head: [u8; 10],
        /// Behind it.
        tail: [u8; 8],
    },
    /// As it was.
    Plain {
        /// Its length.
        size: u64,
        /// How much of it is unpacked.
        at: u64,
        /// What unpacks it.
        unpacker: Box<Unpacker>,
    },
}

/// Splits a path behind an archive's name, which must end within the first `origin` bytes.
fn split(path: &[u8], origin: usize) -> Option<(CString, &[u8])> {
    let ends = memchr::memchr_iter(b'/', path).chain([path.len()]);
    for end in ends.take_while(|end| *end <= origin) {
        let name = path.get(..end)?;
        let suffix = name.get(name.len().saturating_sub(4)..)?;
        if suffix.eq_ignore_ascii_case(b".zip") {
            let archive = CString::new(name).ok()?;
            return Some((archive, path.get(end..)?));
        }
    }
    None
}

/// Looks for what `path` names inside of an archive.
pub fn open(thread: &ServiceThread, path: &[u8], origin: usize, takes_gzip: bool) -> Inside {
    let Some((name, rest)) = split(path, origin) else {
        return Inside::Nothing;
    };
    let archive = match open_read(&name) {
        Ok(Opened::File(archive)) => archive,
        Ok(Opened::Directory) | Err(_) => return Inside::Nothing,
    };
    let parts = rest.split(|b| *b == b'/').filter(|part| !part.is_empty());
    let inside = parts.collect::<Vec<_>>().join(&b'/');
    let directory = match directory(thread, name, &archive) {
        Ok(directory) => directory,
        Err(why) => return Inside::Unusable(why),
    };
    match directory.find(&inside) {
        Found::Member(entry) => match member(archive, &directory, entry, takes_gzip) {
            Ok(member) => Inside::Member(member),
            Err(why) => Inside::Unusable(why),
        },
        Found::Folder => Inside::Folder,
        Found::Nothing => Inside::Nothing,
    }
}

/// Reads exactly this range. `None` is what the system or the file's length say.
fn exactly(archive: &OpenFile, range: Range<u64>) -> Option<Vec<u8>> {
    let len = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
    let mut bytes = vec![0; len];
    let mut done = 0;
    while let Some(room) = bytes.get_mut(done..).filter(|r| !r.is_empty()) {
        match archive.read_at(room, range.start.checked_add(done as u64)?) {
            Ok(n @ 1..) => done += n,
            Ok(0) | Err(_) => return None,
        }
    }
    Some(bytes)
}

fn directory(
    thread: &ServiceThread,
    path: CString,
    archive: &OpenFile,
) -> Result<Rc<Directory>, Option<Refused>> {
    let known = thread.archives.with(|all| {
        let same = |k: &&Known| k.path == path && k.stamp == archive.stamp;
        all.iter().find(same).map(|k| k.directory.clone())
    });
    if let Some(directory) = known {
        return Ok(directory);
    }
    let tail = archive.len.saturating_sub(TAIL as u64)..archive.len;
    let tail = exactly(archive, tail).ok_or(None)?;
    let place = zip::find_directory(&tail, archive.len)?;
    let bytes = exactly(archive, place.range.clone()).ok_or(None)?;
    let directory = Rc::new(Directory::read(bytes, &place)?);
    thread.archives.with(|all| {
        all.retain(|k| k.path != path);
        all.push(Known {
            path,
            stamp: archive.stamp,
            directory: directory.clone(),
        });
        let weight = |all: &[Known]| all.iter().map(|k| k.directory.weight()).sum::<usize>();
        while all.len() > KEPT || weight(all) > KEPT_BYTES {
            all.remove(0);
        }
    });
    Ok(directory)
}

fn member(
    archive: OpenFile,
    directory: &Directory,
    entry: &Entry,
    takes_gzip: bool,
) -> Result<Member, Option<Refused>> {
    let method = entry.method()?;
    let at = entry.header_at();
    let local = exactly(&archive, at..at.saturating_add(LOCAL as u64)).ok_or(None)?;
    let data = directory.data(entry, &local)?;
    let form = if method == Method::Deflated && takes_gzip {
        Form::Gzip {
            head: GZIP_HEAD,
            tail: entry.gzip_tail(),
        }
    } else {
        Form::Plain {
            size: entry.size(),
            at: 0,
            unpacker: Box::new(Unpacker::new(entry)?),
        }
    };
    Ok(Member {
        archive,
        data,
        form,
    })
}

/// What came of reading from a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unpacked {
    /// So many bytes.
    Bytes(usize),
    /// There is more to be dropped before: in the next pass.
    NotYet,
    /// It is damaged, or the place lies behind.
    Damaged,
}

impl Member {
    /// Length of what goes out.
    pub fn length(&self) -> u64 {
        match &self.form {
            Form::Gzip { head, tail } => {
                let packed = self.data.end.saturating_sub(self.data.start);
                packed.saturating_add((head.len() + tail.len()) as u64)
            }
            Form::Plain { size, .. } => *size,
        }
    }

    /// Its bytes lie in the archive as they are.
    pub fn is_stored(&self) -> bool {
        matches!(&self.form, Form::Plain { unpacker, .. } if unpacker.is_stored())
    }

    /// Whether these parts of a packed member can be sent, in one way through it that is not too long.
    pub fn can_send(&self, parts: &[Range<u64>]) -> bool {
        let mut end = 0;
        matches!(self.form, Form::Plain { .. })
            && parts.iter().all(|part| {
                let before = part.start.checked_sub(end);
                end = part.end;
                before.is_some_and(|before| before <= FARTHEST)
            })
    }

    /// Unpacks what is at `offset`, which never lies behind.
    pub fn read_at(&mut self, room: &mut [u8], offset: u64) -> Unpacked {
        let mut skipped = 0;
        loop {
            let Form::Plain { at, .. } = self.form else {
                return Unpacked::Damaged;
            };
            let Some(before) = offset.checked_sub(at) else {
                return Unpacked::Damaged;
            };
            if before == 0 {
                return self.read(room).map_or(Unpacked::Damaged, Unpacked::Bytes);
            }
            if skipped >= SKIPPED {
                return Unpacked::NotYet;
            }
            let len = usize::try_from(before).unwrap_or(DROPPED).min(DROPPED);
            let mut dropped = [0; DROPPED];
            match self.read(dropped.get_mut(..len).unwrap_or_default()) {
                Some(n @ 1..) => skipped = skipped.saturating_add(n as u64),
                Some(0) | None => return Unpacked::Damaged,
            }
        }
    }

    /// Unpacks on. `None` when the member is damaged.
    fn read(&mut self, room: &mut [u8]) -> Option<usize> {
        let Form::Plain { unpacker, at, .. } = &mut self.form else {
            return None;
        };
        loop {
            let left = self.data.end.saturating_sub(self.data.start);
            let end = self.data.start.saturating_add(left.min(INPUT));
            let input = exactly(&self.archive, self.data.start..end)?;
            let (used, made) = unpacker.unpack(&input, left <= INPUT, room).ok()?;
            self.data.start = self.data.start.saturating_add(used as u64);
            *at = at.saturating_add(made as u64);
            if made > 0 || room.is_empty() {
                return Some(made);
            }
            if used == 0 {
                return None;
            }
        }
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
