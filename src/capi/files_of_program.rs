//! Files that http opens, reads and closes with the program's file operations.
//!
//! As the reference: the program is told by LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP that the client takes gzip; a file
//! that is LWS_FOP_FLAG_VIRTUAL has the modification time that the program gives, any other has that of its
//! descriptor and is a directory when that is one. Called by `capi::hooks` for `conn::files`.

use crate::capi::abi::{
    LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP, LWS_FOP_FLAG_COMPR_IS_GZIP, LWS_FOP_FLAG_VIRTUAL,
    lws_fop_fd, lws_fop_flags_t, lws_plat_file_ops,
};
use crate::capi::vfs;
use crate::conn::files::{Facts, Opening, ProgramFile};
use crate::sys::plat_file;
use std::cell::Cell;
use std::ffi::CStr;
use std::ptr::NonNull;

/// An open `lws_fop_fd`.
struct FopFile {
    file: Cell<*mut lws_fop_fd>,
    /// The flags as the program's open left them.
    flags: lws_fop_flags_t,
}

/// Opens a path with a list of operations.
///
/// # Safety
/// `head` begins a list of valid operations.
pub unsafe fn open(head: NonNull<lws_plat_file_ops>, path: &CStr, takes_gzip: bool) -> Opening {
    let mut flags = 0;
    if takes_gzip {
        flags |= LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP;
    }
    // SAFETY: the list by contract, the others are ours.
    let file = unsafe { vfs::lws_vfs_file_open(head.as_ptr(), path.as_ptr(), &raw mut flags) };
    if file.is_null() {
        return Opening::Missing;
    }
    Opening::File(Box::new(FopFile {
        file: Cell::new(file),
        flags,
    }))
}

impl FopFile {
    fn fields(&self) -> Option<&lws_fop_fd> {
        // SAFETY: open until `close`, which leaves NULL; the program only touches it in calls of ours on this thread.
        unsafe { self.file.get().as_ref() }
    }

    fn ops(&self) -> Option<lws_plat_file_ops> {
        let ops = self.fields()?.fops;
        // SAFETY: who opened the file has set its operations.
        unsafe { ops.as_ref() }.copied()
    }
}

impl ProgramFile for FopFile {
    fn facts(&self) -> Facts {
        let (len, flags, time, fd) = self
            .fields()
            .map_or((0, 0, 0, -1), |f| (f.len, f.flags, f.mod_time, f.fd));
        let is_virtual = self.flags & LWS_FOP_FLAG_VIRTUAL != 0;
        // SAFETY: the descriptor of an open file.
        let stat = (!is_virtual).then(|| unsafe { plat_file::stat(fd) });
        let (is_there, is_directory, modified) = match stat {
            None => (true, false, i64::from(time)),
            Some(Ok((is_directory, modified))) => (true, is_directory, modified),
            Some(Err(_)) => (false, false, 0),
        };
        Facts {
            len,
            modified,
            is_gzip: (flags | self.flags) & LWS_FOP_FLAG_COMPR_IS_GZIP != 0,
            is_there,
            is_directory,
            can_seek: self.ops().is_some_and(|ops| ops.seek_cur.is_some()),
        }
    }

    fn read(&self, room: &mut [u8]) -> Option<usize> {
        let read = self.ops()?.read?;
        let mut amount = 0;
        // SAFETY: the operation takes exactly these.
        let result = unsafe {
            read(
                self.file.get(),
                &raw mut amount,
                room.as_mut_ptr(),
                room.len() as u64,
            )
        };
        (result >= 0).then(|| usize::try_from(amount).ok())?
    }

    fn seek(&self, to: u64) -> bool {
        let to = i64::try_from(to).unwrap_or(i64::MAX);
        // SAFETY: an open file.
        let at = unsafe { vfs::lws_vfs_file_seek_set(self.file.get(), to) };
        at >= 0
            && self
                .fields()
                .is_some_and(|f| i64::try_from(f.pos) == Ok(to))
    }

    fn close(&self) {
        let Some(close) = self.ops().and_then(|ops| ops.close) else {
            return;
        };
        let mut file = self.file.replace(std::ptr::null_mut());
        // SAFETY: an open file, and its last call.
        unsafe { close(&raw mut file) };
    }
}
