//! Where the bytes of a served file come from: the library opens it, or the program's file operations do.
//!
//! Which of them is the program's decision (`Hooks::open_file`). A file of the program's is user code: it is read without
//! anything borrowed, and afterwards the connection may be closed, or busy with something else. Called by
//! [`super::file`], which opens, and [`super::sending`], which reads.

use crate::conn::dispatch::call_files;
use crate::conn::files::{Lent, Opening};
use crate::conn::role::http::Stage;
use crate::conn::role::http::archive::{self, Form, Inside, Member, Unpacked};
use crate::conn::role::http::sending::{self, Segment};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::http::encoding;
use crate::sys::file::{self, OpenFile, open_read};
use crate::util::log::{log_err, log_info};
use std::collections::VecDeque;
use std::ffi::CStr;
use std::ops::Range;
use std::rc::Rc;

/// An open file.
pub enum Source {
    /// A real file: goes by sendfile where that is possible.
    Own(OpenFile),
    /// One that the program's functions read.
    Program(Rc<Lent>),
    /// A member of an archive.
    Member(Box<Member>),
}

/// What a path turned out to be.
pub enum Opened {
    /// A file.
    File(Source),
    /// A directory.
    Directory,
    /// Nothing.
    Missing,
    /// A damaged archive, or a member that cannot be unpacked.
    Unusable,
    /// The connection was closed meanwhile.
    Gone,
}

/// Who looks for the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seeker {
    /// A URL area: real files are looked at before they are served.
    Area,
    /// The program, which knows what it has.
    Program,
}

/// A path that is looked for.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// The path.
    pub path: &'a CStr,
    /// Bytes of it within which the name of an archive must end.
    pub origin: usize,
    /// Who looks.
    pub seeker: Seeker,
    /// What is gzip may go out as such.
    pub takes_gzip: bool,
}

/// Opens what a path names.
pub fn open(thread: &ServiceThread, wsi: &Wsi, sought: Sought<'_>) -> Opened {
    let Sought {
        path,
        seeker,
        takes_gzip,
        ..
    } = sought;
    let hooks = &thread.context.hooks;
    match call_files(thread, wsi, || hooks.open_file(path, takes_gzip)) {
        Opening::Own => open_own(thread, sought),
        Opening::Missing if wsi.is_open() => Opened::Missing,
        Opening::Missing => Opened::Gone,
        Opening::File(file) => {
            let lent = Lent::new(file);
            let facts = lent.facts();
            if wsi.is_open() && (seeker == Seeker::Program || facts.is_there && !facts.is_directory)
            {
                return Opened::File(Source::Program(Rc::new(lent)));
            }
            lent.close(thread, wsi);
            match (wsi.is_open(), facts.is_directory) {
                (false, _) => Opened::Gone,
                (true, true) => Opened::Directory,
                (true, false) => Opened::Missing,
            }
        }
    }
}

fn open_own(thread: &ServiceThread, sought: Sought<'_>) -> Opened {
    let path = sought.path;
    match open_read(path) {
        Ok(file::Opened::File(file)) => Opened::File(Source::Own(file)),
        Ok(file::Opened::Directory) => Opened::Directory,
        Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => open_member(thread, sought),
        Err(e) => {
            log_info!("http: cannot open {}: {e}", path.to_string_lossy());
            Opened::Missing
        }
    }
}

/// A path that goes on behind a file: into an archive, perhaps.
fn open_member(thread: &ServiceThread, sought: Sought<'_>) -> Opened {
    let path = sought.path.to_bytes();
    match archive::open(thread, path, sought.origin, sought.takes_gzip) {
        Inside::Member(member) => Opened::File(Source::Member(Box::new(member))),
        Inside::Folder => Opened::Directory,
        Inside::Nothing => Opened::Missing,
        Inside::Unusable(why) => {
            log_err!("http: {}: {why:?}", sought.path.to_string_lossy());
            Opened::Unusable
        }
    }
}

/// Whether the client takes gzip.
pub fn takes_gzip(wsi: &Wsi) -> bool {
    wsi.with_http(|h| encoding::choose(&h.table, Some(b"gzip")).is_some())
        .unwrap_or(false)
}

impl Source {
    /// Length in bytes.
    pub fn length(&self) -> u64 {
        match self {
            Self::Own(file) => file.len,
            Self::Program(lent) => lent.facts().len,
            Self::Member(member) => member.length(),
        }
    }

    /// Modification time, seconds since 1970.
    pub fn modified(&self) -> i64 {
        match self {
            Self::Own(file) => i64::try_from(file.modified).unwrap_or(0),
            Self::Program(lent) => lent.facts().modified,
            Self::Member(member) => i64::try_from(member.archive.modified).unwrap_or(0),
        }
    }

    /// The content is gzip, and the client knows.
    pub fn is_gzip(&self, wsi: &Wsi) -> bool {
        match self {
            Self::Own(_) => false,
            // quirk: a program that has only gzip sends it to others too, without saying so.
            Self::Program(lent) => lent.facts().is_gzip && takes_gzip(wsi),
            Self::Member(member) => matches!(member.form, Form::Gzip { .. }),
        }
    }

    /// Parts of it can be sent, some at least.
    pub fn has_parts(&self) -> bool {
        match self {
            Self::Own(_) => true,
            Self::Program(lent) => lent.facts().can_seek,
            Self::Member(member) => matches!(member.form, Form::Plain { .. }),
        }
    }

    /// These parts of it can be sent, in this order.
    pub fn can_send(&self, parts: &[Range<u64>]) -> bool {
        match self {
            Self::Member(member) => member.is_stored() || member.can_send(parts),
            Self::Own(_) | Self::Program(_) => true,
        }
    }

    /// What parts of it are sent from: a stored member lies in the archive.
    pub fn for_parts(self, mut parts: VecDeque<Segment>) -> (Self, VecDeque<Segment>) {
        match self {
            Self::Member(member) if member.is_stored() => {
                parts.iter_mut().for_each(|p| p.shift(member.data.start));
                (Self::Own(member.archive), parts)
            }
            other => (other, parts),
        }
    }

    /// The segments that send all of it.
    pub fn segments(&self) -> VecDeque<Segment> {
        if let Self::Member(member) = self
            && let Form::Gzip { head, tail } = &member.form
        {
            let (head, tail) = (head.to_vec(), tail.to_vec());
            let mut all = VecDeque::from([Segment::Text(head)]);
            if !member.data.is_empty() {
                all.push_back(Segment::part(member.data.clone()));
            }
            all.push_back(Segment::Text(tail));
            return all;
        }
        sending::whole(self.length())
    }

    /// The real file that parts can be taken from.
    pub fn real(&self) -> Option<&OpenFile> {
        match self {
            Self::Own(file) => Some(file),
            Self::Member(member) if matches!(member.form, Form::Gzip { .. }) => {
                Some(&member.archive)
            }
            Self::Member(_) | Self::Program(_) => None,
        }
    }

    /// The program's file, if it is one.
    pub fn lent(&self) -> Option<Rc<Lent>> {
        match self {
            Self::Own(_) | Self::Member(_) => None,
            Self::Program(lent) => Some(lent.clone()),
        }
    }
}

/// What came of reading.
pub enum Got {
    /// So many bytes; 0 at the end.
    Bytes(usize),
    /// Nothing yet: in the next pass.
    NotYet,
    /// It cannot be read.
    Failed,
    /// The connection does not send this file any more.
    Gone,
}

/// Reads from the file that the connection sends.
pub fn read(thread: &ServiceThread, wsi: &Wsi, room: &mut [u8], offset: u64) -> Got {
    let lent = wsi.with_http(|h| match &mut h.stage {
        Stage::File(sending) => match &mut sending.source {
            Source::Own(file) => Err(file.read_at(room, offset).map_or(Got::Failed, Got::Bytes)),
            Source::Program(lent) => Ok(lent.clone()),
            Source::Member(member) => Err(match &member.form {
                Form::Gzip { .. } => member
                    .archive
                    .read_at(room, offset)
                    .map_or(Got::Failed, Got::Bytes),
                Form::Plain { .. } => match member.read_at(room, offset) {
                    Unpacked::Bytes(n) => Got::Bytes(n),
                    Unpacked::NotYet => Got::NotYet,
                    Unpacked::Damaged => Got::Failed,
                },
            }),
        },
        _ => Err(Got::Gone),
    });
    match lent {
        None => Got::Gone,
        Some(Err(got)) => got,
        Some(Ok(lent)) => {
            let got = lent.read_at(thread, wsi, room, offset);
            if !wsi.is_open() || !still_sends(wsi, &lent) {
                return Got::Gone;
            }
            got.map_or(Got::Failed, Got::Bytes)
        }
    }
}

fn still_sends(wsi: &Wsi, lent: &Rc<Lent>) -> bool {
    wsi.with_http(|h| match &h.stage {
        Stage::File(sending) => match &sending.source {
            Source::Program(now) => Rc::ptr_eq(now, lent),
            Source::Own(_) | Source::Member(_) => false,
        },
        _ => false,
    })
    .unwrap_or(false)
}
