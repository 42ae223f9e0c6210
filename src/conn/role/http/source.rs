//! Where the bytes of a served file come from: the library opens it, or the program's file operations do.
//!
//! Which of them is the program's decision (`Hooks::open_file`). A file of the program's is user code: it is read without
//! anything borrowed, and afterwards the connection may be closed, or busy with something else. Called by
//! [`super::file`], which opens, and [`super::sending`], which reads.

use crate::conn::dispatch::call_files;
use crate::conn::files::{Lent, Opening};
use crate::conn::role::http::Stage;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::http::encoding;
use crate::sys::file::{self, OpenFile, open_read};
use crate::util::log::log_info;
use std::ffi::CStr;
use std::rc::Rc;

/// An open file.
pub enum Source {
    /// A real file: goes by sendfile where that is possible.
    Own(OpenFile),
    /// One that the program's functions read.
    Program(Rc<Lent>),
}

/// What a path turned out to be.
pub enum Opened {
    /// A file.
    File(Source),
    /// A directory.
    Directory,
    /// Nothing.
    Missing,
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

/// Opens what a path names.
pub fn open(thread: &ServiceThread, wsi: &Wsi, path: &CStr, seeker: Seeker) -> Opened {
    let takes_gzip = takes_gzip(wsi);
    let hooks = &thread.context.hooks;
    match call_files(thread, wsi, || hooks.open_file(path, takes_gzip)) {
        Opening::Own => open_own(path),
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

fn open_own(path: &CStr) -> Opened {
    match open_read(path) {
        Ok(file::Opened::File(file)) => Opened::File(Source::Own(file)),
        Ok(file::Opened::Directory) => Opened::Directory,
        Err(e) => {
            log_info!("http: cannot open {}: {e}", path.to_string_lossy());
            Opened::Missing
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
        }
    }

    /// Modification time, seconds since 1970.
    pub fn modified(&self) -> i64 {
        match self {
            Self::Own(file) => i64::try_from(file.modified).unwrap_or(0),
            Self::Program(lent) => lent.facts().modified,
        }
    }

    /// The content is gzip, and the client knows.
    pub fn is_gzip(&self, wsi: &Wsi) -> bool {
        match self {
            Self::Own(_) => false,
            // quirk: a program that has only gzip sends it to others too, without saying so.
            Self::Program(lent) => lent.facts().is_gzip && takes_gzip(wsi),
        }
    }

    /// Parts of it can be sent.
    pub fn can_seek(&self) -> bool {
        match self {
            Self::Own(_) => true,
            Self::Program(lent) => lent.facts().can_seek,
        }
    }

    /// The program's file, if it is one.
    pub fn lent(&self) -> Option<Rc<Lent>> {
        match self {
            Self::Own(_) => None,
            Self::Program(lent) => Some(lent.clone()),
        }
    }
}

/// What came of reading.
pub enum Got {
    /// So many bytes; 0 at the end.
    Bytes(usize),
    /// It cannot be read.
    Failed,
    /// The connection does not send this file any more.
    Gone,
}

/// Reads from the file that the connection sends.
pub fn read(thread: &ServiceThread, wsi: &Wsi, room: &mut [u8], offset: u64) -> Got {
    let lent = wsi.with_http(|h| match &h.stage {
        Stage::File(sending) => match &sending.source {
            Source::Own(file) => Err(file.read_at(room, offset).map_or(Got::Failed, Got::Bytes)),
            Source::Program(lent) => Ok(lent.clone()),
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
            Source::Own(_) => false,
        },
        _ => false,
    })
    .unwrap_or(false)
}
