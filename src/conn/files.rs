//! Files that come from functions of the program's (file operations, lws: fops), for http to serve.
//!
//! The C surface opens them ([`Hooks::open_file`](crate::conn::context::Hooks)); what it hands over is a [`ProgramFile`].
//! Its functions are user code, so all calls go through `dispatch::call_files` and end here: a file that is closed while one
//! of its functions runs, by a nested service or by a callback that closes the connection, is closed when that
//! function returns. `conn::role::http::sending` is the only user.

use crate::conn::dispatch::call_files;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use std::cell::Cell;

/// A file of the program's, open until `close`.
pub trait ProgramFile {
    /// What is known about it since it was opened.
    fn facts(&self) -> Facts;
    /// Reads on from where it is; `None` when that fails.
    fn read(&self, room: &mut [u8]) -> Option<usize>;
    /// Moves to a place; false when that fails.
    fn seek(&self, to: u64) -> bool;
    /// Closes it; called once.
    fn close(&self);
}

/// What http needs to know of a file.
#[derive(Clone, Copy)]
pub struct Facts {
    /// Length in bytes.
    pub len: u64,
    /// Modification time, seconds since 1970; 0 when it is not known.
    pub modified: i64,
    /// The content is gzip.
    pub is_gzip: bool,
    /// It is a file that does exist; a real one whose descriptor is no good does not.
    pub is_there: bool,
    /// It is a directory.
    pub is_directory: bool,
    /// Parts of it can be sent.
    pub can_seek: bool,
}

/// What the program's functions say to a path.
pub enum Opening {
    /// They are not asked: the path is the library's own business.
    Own,
    /// There is no such file.
    Missing,
    /// This.
    File(Box<dyn ProgramFile>),
}

/// An open file of the program's.
pub struct Lent {
    file: Box<dyn ProgramFile>,
    facts: Facts,
    at: Cell<u64>,
    is_busy: Cell<bool>,
    is_unwanted: Cell<bool>,
    is_closed: Cell<bool>,
}

impl Lent {
    /// Takes a file over.
    pub fn new(file: Box<dyn ProgramFile>) -> Self {
        Self {
            facts: file.facts(),
            file,
            at: Cell::new(0),
            is_busy: Cell::new(false),
            is_unwanted: Cell::new(false),
            is_closed: Cell::new(false),
        }
    }

    /// What is known about it.
    pub fn facts(&self) -> Facts {
        self.facts
    }

    /// Reads at `offset`; 0 at the end, `None` when it fails or is not possible now.
    pub fn read_at(
        &self,
        thread: &ServiceThread,
        wsi: &Wsi,
        room: &mut [u8],
        offset: u64,
    ) -> Option<usize> {
        if self.is_closed.get() || self.is_busy.replace(true) {
            return None;
        }
        let got = call_files(thread, wsi, || {
            if self.at.get() != offset && !self.file.seek(offset) {
                return None;
            }
            self.file.read(room).filter(|n| *n <= room.len())
        });
        self.is_busy.set(false);
        self.at.set(offset.saturating_add(got.unwrap_or(0) as u64));
        if self.is_unwanted.get() {
            self.close(thread, wsi);
            return None;
        }
        got
    }

    /// Some function of the file is running: a nested pass must leave it alone.
    pub fn is_busy(&self) -> bool {
        self.is_busy.get()
    }

    /// Closes it, once.
    pub fn close(&self, thread: &ServiceThread, wsi: &Wsi) {
        if self.is_busy.get() {
            self.is_unwanted.set(true);
        } else if !self.is_closed.replace(true) {
            call_files(thread, wsi, || self.file.close());
        }
    }
}
