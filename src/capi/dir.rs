//! Exported walks over directories; `sys::dir` lists them.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lws_dir_callback_function, lws_dir_entry, lws_dir_obj_type_t};
use crate::sys::dir;
use crate::util::log::{log_err, log_warn};
use libc::{c_char, c_int, c_void};
use rustix::fs::FileType;
use rustix::io::Errno;
use std::ffi::{CStr, CString};

/// A pattern and who gets the paths that fit it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dir_glob {
    /// "prefix*suffix".
    pub filter: *const c_char,
    /// Gets the paths.
    pub cb: Option<unsafe extern "C" fn(data: *mut c_void, path: *const c_char) -> c_int>,
    /// For the callback.
    pub user: *mut c_void,
}

fn kind(kind: FileType) -> lws_dir_obj_type_t {
    match kind {
        FileType::RegularFile => lws_dir_obj_type_t::LDOT_FILE,
        FileType::Directory => lws_dir_obj_type_t::LDOT_DIR,
        FileType::Symlink => lws_dir_obj_type_t::LDOT_LINK,
        FileType::Fifo => lws_dir_obj_type_t::LDOT_FIFO,
        FileType::Socket => lws_dir_obj_type_t::LDOTT_SOCKET,
        FileType::CharacterDevice => lws_dir_obj_type_t::LDOT_CHAR,
        FileType::BlockDevice => lws_dir_obj_type_t::LDOT_BLOCK,
        FileType::Unknown => lws_dir_obj_type_t::LDOT_UNKNOWN,
    }
}

fn listed(path: &CStr) -> Option<Vec<dir::Entry>> {
    dir::list(path)
        .inspect_err(|e| {
            log_err!(
                "Scandir on '{}' failed, errno {}",
                path.to_string_lossy(),
                e.raw_os_error()
            )
        })
        .ok()
}

fn joined(dir: &CStr, name: &CStr) -> CString {
    let mut path = dir.to_bytes().to_vec();
    path.push(b'/');
    path.extend_from_slice(name.to_bytes());
    CString::new(path).unwrap_or_default()
}

/// Calls a function for each entry of a directory, in the order of their names.
///
/// - `dirpath`: C string.
/// - `user`: for the callback.
/// - `cb`: gets `dirpath`, `user` and the entry, valid during the call; nonzero ends the walk.
///
/// Returns 0 when all were seen, 1 when the callback ended it or the directory cannot be read.
///
/// Re-entry: calls `cb` only; it may remove entries and walk other directories.
///
/// # Safety
/// `dirpath` is null or a C string, `cb` a function for these arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dir(
    dirpath: *const c_char,
    user: *mut c_void,
    cb: lws_dir_callback_function,
) -> c_int {
    let (false, Some(cb)) = (dirpath.is_null(), cb) else {
        return 1;
    };
    // SAFETY: a C string by contract.
    let Some(entries) = listed(unsafe { CStr::from_ptr(dirpath) }) else {
        return 1;
    };
    for entry in entries {
        let mut lde = lws_dir_entry {
            name: entry.name.as_ptr(),
            r#type: kind(entry.kind) as _,
        };
        // SAFETY: the program's function; the entry lives during the call.
        if unsafe { cb(dirpath, user, &raw mut lde) } != 0 {
            return 1;
        }
    }
    0
}

/// The directory and the entry of a walk's callback; none for null pointers.
///
/// # Safety
/// Both are null or valid.
unsafe fn entry<'a>(
    dirpath: *const c_char,
    lde: *const lws_dir_entry,
) -> Option<(&'a CStr, &'a CStr, u32)> {
    if dirpath.is_null() || lde.is_null() {
        return None;
    }
    // SAFETY: valid by contract.
    let lde = unsafe { lde.read() };
    if lde.name.is_null() {
        return None;
    }
    // SAFETY: a C string by contract.
    let dir = unsafe { CStr::from_ptr(dirpath) };
    // SAFETY: a C string by contract.
    let name = unsafe { CStr::from_ptr(lde.name) };
    Some((dir, name, lde.r#type))
}

/// A callback for `lws_dir` that removes all it sees, directories with their contents. Links are not followed.
///
/// - `dirpath`, `lde`: from the walk.
/// - `user`: not used.
///
/// Returns 0: what cannot be removed is logged and left.
///
/// Re-entry: calls nobody.
///
/// # Safety
/// As `lws_dir` gives them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dir_rm_rf_cb(
    dirpath: *const c_char,
    user: *mut c_void,
    lde: *mut lws_dir_entry,
) -> c_int {
    let _ = user;
    // SAFETY: the same contract.
    let Some((dir, name, kind)) = (unsafe { entry(dirpath, lde) }) else {
        return 0;
    };
    if name != c"." && name != c".." {
        remove(&joined(dir, name), kind);
    }
    0
}

/// Removes what is at `path`. The kind is a hint: a directory said to be something else is found out.
fn remove(path: &CStr, kind_said: u32) {
    if kind_said != lws_dir_obj_type_t::LDOT_DIR as u32 {
        match dir::remove_file(path) {
            Ok(()) => return,
            Err(Errno::ISDIR | Errno::PERM)
                if kind_said == lws_dir_obj_type_t::LDOT_UNKNOWN as u32 => {}
            Err(e) => {
                log_warn!(
                    "lws_dir_rm_rf_cb: unlink {} failed {}",
                    path.to_string_lossy(),
                    e.raw_os_error()
                );
                return;
            }
        }
    }
    for entry in listed(path).unwrap_or_default() {
        remove(&joined(path, &entry.name), kind(entry.kind) as u32);
    }
    if let Err(e) = dir::remove_dir(path) {
        log_warn!(
            "lws_dir_rm_rf_cb: rmdir {} failed {}",
            path.to_string_lossy(),
            e.raw_os_error()
        );
    }
}

/// Whether a name fits "prefix*suffix"; without a `*`, or with nothing after it, nothing does.
fn fits(filter: &[u8], name: &[u8]) -> bool {
    let Some(star) = filter.iter().position(|b| *b == b'*') else {
        return false;
    };
    let (prefix, suffix) = (&filter[..star], &filter[star + 1..]);
    let rest = name.strip_prefix(prefix);
    !suffix.is_empty() && rest.is_some_and(|rest| rest.ends_with(suffix))
}

/// A callback for `lws_dir` that gives the paths of fitting entries to another one; directories are left out.
///
/// - `dirpath`, `lde`: from the walk.
/// - `user`: the `lws_dir_glob` with pattern and callback.
///
/// Returns 0: what the other callback returns is not looked at.
///
/// Re-entry: calls the other callback.
///
/// Quirks: a pattern has one `*` with something after it; others fit nothing.
///
/// # Safety
/// As `lws_dir` gives them, and `user` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_dir_glob_cb(
    dirpath: *const c_char,
    user: *mut c_void,
    lde: *mut lws_dir_entry,
) -> c_int {
    // SAFETY: the same contract.
    let Some((dir, name, kind)) = (unsafe { entry(dirpath, lde) }) else {
        return 0;
    };
    if user.is_null() || kind == lws_dir_obj_type_t::LDOT_DIR as u32 {
        return 0;
    }
    // SAFETY: valid by contract.
    let glob = unsafe { user.cast::<lws_dir_glob>().read() };
    let (false, Some(cb)) = (glob.filter.is_null(), glob.cb) else {
        return 0;
    };
    // SAFETY: a C string by contract.
    let filter = unsafe { CStr::from_ptr(glob.filter) };
    if fits(filter.to_bytes(), name.to_bytes()) {
        let path = joined(dir, name);
        // SAFETY: the program's function; the path lives during the call.
        unsafe { cb(glob.user, path.as_ptr()) };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_one_star_with_a_suffix() {
        for (filter, name, want) in [
            ("*.txt", "a.txt", true),
            ("a*t", "a.txt", true),
            ("a*t", "b.txt", false),
            ("ab*ba", "aba", false),
            ("a*", "a.txt", false),
            ("a.txt", "a.txt", false),
            ("**.txt", "a.txt", false),
        ] {
            assert_eq!(
                fits(filter.as_bytes(), name.as_bytes()),
                want,
                "{filter} {name}"
            );
        }
    }
}
