//! Directories: what is in them, and removing it.
//!
//! Entries are listed at once and sorted by name, so that whoever walks them may delete files on the way. Types come
//! from the directory itself, links are not followed. Called by `capi::dir`.

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{CStr, CString};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the directory.
    pub name: CString,
    /// What it is; `FileType::Unknown` when that cannot be told.
    pub kind: FileType,
}

/// All entries but `.` and `..`, sorted by the bytes of their names.
///
/// # Errors
/// As open(2) and getdents(2).
pub fn list(path: &CStr) -> Result<Vec<Entry>, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let fd = fs::open(path, flags, Mode::empty())?;
    let mut out = Vec::new();
    for entry in fs::Dir::read_from(&fd)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::Unknown => fs::statat(&fd, name, AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileType::Unknown, |s| FileType::from_raw_mode(s.st_mode)),
            known => known,
        };
        out.push(Entry {
            name: name.to_owned(),
            kind,
        });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// Removes a file, link or other thing that is no directory.
///
/// # Errors
/// As unlink(2).
pub fn remove_file(path: &CStr) -> Result<(), Errno> {
    fs::unlink(path)
}

/// Removes an empty directory.
///
/// # Errors
/// As rmdir(2).
pub fn remove_dir(path: &CStr) -> Result<(), Errno> {
    fs::rmdir(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sorted_and_typed() {
        let base = std::env::temp_dir().join(format!("sys-dir-{}", std::process::id()));
        std::fs::create_dir_all(base.join("sub")).expect("scratch");
        std::fs::write(base.join("b"), "").expect("scratch");
        std::fs::write(base.join("a"), "").expect("scratch");
        let path =
            CString::new(base.clone().into_os_string().into_encoded_bytes()).expect("no NUL");
        let found: Vec<_> = list(&path)
            .expect("readable")
            .into_iter()
            .map(|e| (e.name, e.kind))
            .collect();
        std::fs::remove_dir_all(&base).expect("scratch");
        assert_eq!(
            found,
            [
                (c"a".to_owned(), FileType::RegularFile),
                (c"b".to_owned(), FileType::RegularFile),
                (c"sub".to_owned(), FileType::Directory)
            ]
        );
    }

    #[test]
    fn missing_directories_are_errors() {
        assert_eq!(list(c"/nonexistent-dir"), Err(Errno::NOENT));
        assert_eq!(list(c"/dev/null"), Err(Errno::NOTDIR));
    }
}
