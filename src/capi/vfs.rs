//! File operations (fops): opening, reading and writing through functions that the program may replace.
//!
//! A context has a list of them. Its head are the operations on real files, unless `lws_set_fops` named others; behind it
//! come those of `info.fops`, which take paths that hold one of their signatures. `lws_fop_fd` is memory of the C side
//! (`cutil::zalloc`): programs fill some of their own in. The operations on real files do one system call each and
//! keep `pos` and `len` as the reference does.
//! Http serves files without these calls as long as the program has replaced nothing (`capi::files_of_program`).

use crate::capi::abi::{
    lws_context, lws_fileofs_t, lws_filepos_t, lws_fop_fd, lws_fop_fd_t, lws_fop_flags_t,
    lws_fops_index, lws_plat_file_ops,
};
use crate::capi::arg;
use crate::capi::system::with_hooks;
use crate::cutil::zalloc;
use crate::sys::plat_file;
use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};

/// Operations on real files, with `next` behind them.
pub const fn real_files(next: *const lws_plat_file_ops) -> lws_plat_file_ops {
    const NO_PATH: lws_fops_index = lws_fops_index {
        sig: ptr::null(),
        len: 0,
    };
    lws_plat_file_ops {
        open: Some(_lws_plat_file_open),
        close: Some(_lws_plat_file_close),
        seek_cur: Some(_lws_plat_file_seek_cur),
        read: Some(_lws_plat_file_read),
        write: Some(_lws_plat_file_write),
        fi: [NO_PATH; 3],
        next,
    }
}

/// The context's file operations.
///
/// `context`: the context.
///
/// Returns the head of its list, which the program may change or copy to subclass it and which lives as long as the
/// context; NULL for no context.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_fops(context: *mut lws_context) -> *mut lws_plat_file_ops {
    with_hooks(context, "lws_get_fops", |hooks| hooks.fops.head()).unwrap_or(ptr::null_mut())
}

/// Replaces the context's file operations.
///
/// `context`: the context. `fops`: a list that stays valid as long as the context; NULL brings back the list from before.
///
/// Re-entry: query.
///
/// Quirks: the list is replaced as a whole; link what `lws_get_fops` gave behind yours to keep it.
#[unsafe(no_mangle)]
pub extern "C" fn lws_set_fops(context: *mut lws_context, fops: *const lws_plat_file_ops) {
    with_hooks(context, "lws_set_fops", |hooks| hooks.fops.replace(fops));
}

/// Opens a file with the operations that its path asks for.
///
/// `fops`: list to choose from, as `lws_get_fops` gives it. `vfs_path`: a path. One that holds a signature of an entry
/// behind the head, such as ".zip/", is opened by that entry, which is told where the part behind the signature begins;
/// others are opened by the head. `flags`: in and out: open(2) flags and LWS_FOP_FLAG_*.
///
/// Returns the file, to be closed with lws_vfs_file_close, or NULL.
///
/// Re-entry: calls the program's open.
///
/// # Safety
/// `fops` is a list of valid operations, `vfs_path` a string, `flags` valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_file_open(
    fops: *const lws_plat_file_ops,
    vfs_path: *const c_char,
    flags: *mut lws_fop_flags_t,
) -> lws_fop_fd_t {
    // SAFETY: the caller's promise.
    let (Some(head), Some(path)) = (unsafe { fops.as_ref() }, unsafe { arg::text(vfs_path) })
    else {
        return ptr::null_mut();
    };
    // SAFETY: as above.
    let (open, inner) = match unsafe { responsible(head, path) } {
        Some((ops, at)) => (ops.open, vfs_path.wrapping_add(at)),
        None => (head.open, ptr::null()),
    };
    // SAFETY: the operation takes exactly these.
    open.map_or(ptr::null_mut(), |open| unsafe {
        open(fops, vfs_path, inner, flags)
    })
}

/// The entry behind the head that has a signature in `path`, and where its part begins.
///
/// # Safety
/// `head` begins a list of valid operations.
unsafe fn responsible<'a>(
    head: &'a lws_plat_file_ops,
    path: &CStr,
) -> Option<(&'a lws_plat_file_ops, usize)> {
    let path = path.to_bytes();
    let mut next = head.next;
    // SAFETY: the list's links are valid or NULL, by contract.
    while let Some(ops) = unsafe { next.as_ref() } {
        // SAFETY: signatures are NULL or strings of at least `len` bytes, by contract.
        let ends = ops.fi.iter().filter_map(|fi| unsafe { end_of(fi, path) });
        if let Some(at) = ends.min() {
            return Some((ops, at));
        }
        next = ops.next;
    }
    None
}

/// Whether an entry behind the head knows the path.
///
/// # Safety
/// `head` begins a list of valid operations.
pub unsafe fn has_responsible(head: &lws_plat_file_ops, path: &CStr) -> bool {
    // SAFETY: by contract.
    !head.next.is_null() && unsafe { responsible(head, path) }.is_some()
}

/// Whether both do the same with a file that is read.
pub fn are_same(one: &lws_plat_file_ops, other: &lws_plat_file_ops) -> bool {
    let address = |ops: &lws_plat_file_ops| {
        let open = ops.open.map(|f| f as *const ());
        let close = ops.close.map(|f| f as *const ());
        let seek = ops.seek_cur.map(|f| f as *const ());
        (open, close, seek, ops.read.map(|f| f as *const ()))
    };
    address(one) == address(other)
}

/// # Safety
/// The signature is NULL or has `len` bytes.
unsafe fn end_of(fi: &lws_fops_index, path: &[u8]) -> Option<usize> {
    // SAFETY: by contract.
    let signature = unsafe { arg::bytes(fi.sig.cast(), usize::from(fi.len)) };
    if fi.sig.is_null() || signature.is_empty() {
        return None;
    }
    let at = memchr::memmem::find(path, signature)?;
    Some(at + signature.len())
}

/// Where a file is.
///
/// `fop_fd`: an open file.
///
/// Returns its position, 0 for NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `fop_fd` is NULL or an open file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_tell(fop_fd: lws_fop_fd_t) -> lws_filepos_t {
    // SAFETY: the caller's promise.
    unsafe { fop_fd.as_ref() }.map_or(0, |file| file.pos)
}

/// How long a file is.
///
/// `fop_fd`: an open file.
///
/// Returns its length when it was opened, 0 for NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `fop_fd` is NULL or an open file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_get_length(fop_fd: lws_fop_fd_t) -> lws_filepos_t {
    // SAFETY: the caller's promise.
    unsafe { fop_fd.as_ref() }.map_or(0, |file| file.len)
}

/// When a file changed.
///
/// `fop_fd`: an open file.
///
/// Returns seconds since 1970, which mean something when its flags have LWS_FOP_FLAG_MOD_TIME_VALID; 0 for NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `fop_fd` is NULL or an open file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_get_mod_time(fop_fd: lws_fop_fd_t) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { fop_fd.as_ref() }.map_or(0, |file| file.mod_time)
}

/// Moves to a position.
///
/// `fop_fd`: an open file. `offset`: from its beginning.
///
/// Returns the position now, which stays inside the file; -1 for NULL.
///
/// Re-entry: calls the program's seek.
///
/// # Safety
/// `fop_fd` is NULL or an open file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_file_seek_set(
    fop_fd: lws_fop_fd_t,
    offset: lws_fileofs_t,
) -> lws_fileofs_t {
    // SAFETY: the caller's promise.
    unsafe { seek(fop_fd, |file| offset.saturating_sub(signed(file.pos))) }
}

/// Moves to a position counted from the end.
///
/// `fop_fd`: an open file. `offset`: from its end, so negative inside the file.
///
/// Returns the position now, which stays inside the file; -1 for NULL.
///
/// Re-entry: calls the program's seek.
///
/// Quirks: the reference adds the current position; ours counts from the end wherever the file is.
///
/// # Safety
/// `fop_fd` is NULL or an open file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vfs_file_seek_end(
    fop_fd: lws_fop_fd_t,
    offset: lws_fileofs_t,
) -> lws_fileofs_t {
    let distance = |file: &lws_fop_fd| {
        let to = signed(file.len).saturating_add(offset);
        to.saturating_sub(signed(file.pos))
    };
    // SAFETY: the caller's promise.
    unsafe { seek(fop_fd, distance) }
}

/// # Safety
/// `file` is NULL or an open file.
unsafe fn seek(
    file: lws_fop_fd_t,
    distance: impl FnOnce(&lws_fop_fd) -> lws_fileofs_t,
) -> lws_fileofs_t {
    // SAFETY: by contract.
    let Some(open) = (unsafe { file.as_ref() }) else {
        return -1;
    };
    // SAFETY: whoever opened it has set its operations.
    let ops = unsafe { open.fops.as_ref() };
    let by = distance(open);
    // SAFETY: the operation takes exactly these.
    ops.and_then(|ops| ops.seek_cur)
        .map_or(-1, |seek_cur| unsafe { seek_cur(file, by) })
}

fn signed(n: lws_filepos_t) -> lws_fileofs_t {
    lws_fileofs_t::try_from(n).unwrap_or(lws_fileofs_t::MAX)
}

/// Opens a real file (lws_plat_file_open).
///
/// `fops`: operations the file is to have. `filename`: path. `vpath`: not used. `flags`: open(2) flags and
/// LWS_FOP_FLAG_*, which the file keeps.
///
/// Returns the file, closed by its `close`, or NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `filename` is a string, `flags` valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_plat_file_open(
    fops: *const lws_plat_file_ops,
    filename: *const c_char,
    vpath: *const c_char,
    flags: *mut lws_fop_flags_t,
) -> lws_fop_fd_t {
    let _ = vpath;
    // SAFETY: the caller's promise.
    let (Some(path), Some(flags)) = (unsafe { arg::text(filename) }, unsafe { flags.as_ref() })
    else {
        return ptr::null_mut();
    };
    let Ok((fd, len)) = plat_file::open(path, *flags & crate::capi::abi::LWS_FOP_FLAGS_MASK) else {
        return ptr::null_mut();
    };
    made(fops, fd, len, *flags)
}

fn made(
    fops: *const lws_plat_file_ops,
    fd: plat_file::Fd,
    len: u64,
    flags: lws_fop_flags_t,
) -> lws_fop_fd_t {
    let block = zalloc::current().alloc_zeroed(size_of::<lws_fop_fd>(), c"fops open");
    let Some(block) = block else {
        return ptr::null_mut();
    };
    let file = lws_fop_fd {
        fd: plat_file::release(fd),
        fops,
        filesystem_priv: ptr::null_mut(),
        pos: 0,
        len,
        flags,
        mod_time: 0,
    };
    let place = block.as_ptr().cast::<lws_fop_fd>();
    // SAFETY: fresh memory of this size; the allocator aligns for any C type.
    unsafe { place.write(file) };
    place
}

/// Closes a real file.
///
/// `fop_fd`: place of an open file, set to NULL.
///
/// Returns 0, or -1 when close(2) fails; it is closed all the same.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `fop_fd` points to NULL or to a file that `_lws_plat_file_open` made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_plat_file_close(fop_fd: *mut lws_fop_fd_t) -> c_int {
    // SAFETY: the caller's promise.
    let Some(place) = (unsafe { fop_fd.as_mut() }) else {
        return -1;
    };
    let Some(file) = NonNull::new(std::mem::replace(place, ptr::null_mut())) else {
        return 0;
    };
    // SAFETY: an open file by contract.
    let fd = unsafe { file.as_ref() }.fd;
    // SAFETY: its memory is of `made`, and nobody uses it any more.
    unsafe { zalloc::current().free(file.cast()) };
    // SAFETY: the descriptor was the file's own.
    -c_int::from(unsafe { plat_file::close(fd) }.is_err())
}

/// Moves a real file by a distance.
///
/// `fop_fd`: an open file. `offset_from_cur_pos`: how far.
///
/// Returns the position now, which is between 0 and the file's length when it was opened; -1 on failure.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `fop_fd` is an open real file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_plat_file_seek_cur(
    fop_fd: lws_fop_fd_t,
    offset_from_cur_pos: lws_fileofs_t,
) -> lws_fileofs_t {
    // SAFETY: the caller's promise.
    let Some(file) = (unsafe { fop_fd.as_mut() }) else {
        return -1;
    };
    let to = signed(file.pos).saturating_add(offset_from_cur_pos);
    let to = u64::try_from(to).unwrap_or(0).min(file.len);
    // SAFETY: the file's descriptor is open.
    let Ok(now) = (unsafe { plat_file::seek(file.fd, to) }) else {
        return -1;
    };
    file.pos = now;
    signed(now)
}

/// Reads from a real file.
///
/// `fop_fd`: an open file. `amount`: how many bytes came, 0 at the end. `buf`, `len`: where to.
///
/// Returns 0, or -1 on failure.
///
/// Re-entry: query, any thread; blocks as the file does.
///
/// # Safety
/// `fop_fd` is an open real file, `amount` valid, `buf` writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_plat_file_read(
    fop_fd: lws_fop_fd_t,
    amount: *mut lws_filepos_t,
    buf: *mut u8,
    len: lws_filepos_t,
) -> c_int {
    // SAFETY: the caller's promise.
    let once = |fd| unsafe { plat_file::read(fd, buf, len) };
    // SAFETY: as above.
    unsafe { transfer(fop_fd, amount, once) }
}

/// Writes to a real file.
///
/// `fop_fd`: an open file. `amount`: how many bytes went. `buf`, `len`: what.
///
/// Returns 0, or -1 on failure.
///
/// Re-entry: query, any thread; blocks as the file does.
///
/// # Safety
/// `fop_fd` is an open real file, `amount` valid, `buf` readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_plat_file_write(
    fop_fd: lws_fop_fd_t,
    amount: *mut lws_filepos_t,
    buf: *mut u8,
    len: lws_filepos_t,
) -> c_int {
    // SAFETY: the caller's promise.
    let once = |fd| unsafe { plat_file::write(fd, buf, len) };
    // SAFETY: as above.
    unsafe { transfer(fop_fd, amount, once) }
}

/// # Safety
/// `file` is NULL or an open real file, `amount` NULL or valid.
unsafe fn transfer(
    file: lws_fop_fd_t,
    amount: *mut lws_filepos_t,
    io: impl FnOnce(c_int) -> std::io::Result<u64>,
) -> c_int {
    // SAFETY: by contract.
    let Some(file) = (unsafe { file.as_mut() }) else {
        return -1;
    };
    let moved = io(file.fd);
    let count = *moved.as_ref().unwrap_or(&0);
    file.pos = file.pos.saturating_add(count);
    // SAFETY: by contract.
    if let Some(amount) = unsafe { amount.as_mut() } {
        *amount = count;
    }
    -c_int::from(moved.is_err())
}
