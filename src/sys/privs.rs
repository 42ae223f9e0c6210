//! Giving up root: which user and group the process shall become, and becoming them.
//!
//! The order is the reference's: names are resolved when the context is created, the change comes when listen sockets
//! are bound and before any protocol is initialised: group first, then supplementary groups, then user. Capabilities
//! that shall stay are kept over the change of user; all others are gone for good (the reference leaves them in the
//! permitted set, from where they could be taken back).
//!
//! A user without a group is refused, as in the reference, where it fails for lack of a group to initialise from.
//! Changes the whole process (capabilities: the calling thread), so it is called once, early, by context creation.

#![allow(unsafe_code, reason = "system calls")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::mem::MaybeUninit;
use std::{fmt, io, ptr};

/// What a program asks for: ids as it gave them (-1 or 0: none), names win over ids.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// User id.
    pub uid: i32,
    /// Group id.
    pub gid: i32,
    /// User name.
    pub user: Option<&'a CStr>,
    /// Group name.
    pub group: Option<&'a CStr>,
    /// Capabilities to keep, by number.
    pub capabilities: &'a [i32],
}

/// What the process shall become; resolved, not yet done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    uid: i32,
    gid: i32,
    capabilities: u64,
}

/// Why it cannot be done.
#[derive(Debug)]
pub enum Problem {
    /// No such user name.
    UnknownUser(CString),
    /// No such group name.
    UnknownGroup(CString),
    /// No user with this id.
    NamelessUser(u32),
    /// No group with this id.
    NamelessGroup(u32),
    /// A user, but no group.
    UserWithoutGroup,
    /// No capability has this number.
    UnknownCapability(i32),
    /// A system call said no.
    System(&'static str, io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(name) => write!(out, "unknown username {name:?}"),
            Self::UnknownGroup(name) => write!(out, "unknown groupname {name:?}"),
            Self::NamelessUser(uid) => write!(out, "cannot find name for uid {uid}"),
            Self::NamelessGroup(gid) => write!(out, "cannot find name for gid {gid}"),
            Self::UserWithoutGroup => write!(out, "a user to change to needs a group, too"),
            Self::UnknownCapability(number) => write!(out, "unknown capability {number}"),
            Self::System(call, error) => write!(out, "{call}: {error}"),
        }
    }
}

/// Resolves names; gives what the process shall become.
///
/// # Errors
/// Names and capabilities that do not exist.
pub fn resolve(wanted: &Wanted<'_>) -> Result<Identity, Problem> {
    let gid = match wanted.group {
        Some(name) => group_named(name)?.ok_or_else(|| Problem::UnknownGroup(name.to_owned()))?,
        None => wanted.gid,
    };
    let uid = match wanted.user {
        Some(name) => user_named(name)?.ok_or_else(|| Problem::UnknownUser(name.to_owned()))?,
        None => wanted.uid,
    };
    let mut capabilities = 0;
    for number in wanted.capabilities {
        let bit = u32::try_from(*number)
            .ok()
            .and_then(|bit| 1u64.checked_shl(bit));
        capabilities |= bit.ok_or(Problem::UnknownCapability(*number))?;
    }
    Ok(Identity {
        uid,
        gid,
        capabilities,
    })
}

impl Identity {
    /// The user id that will be in effect, as given: -1 or 0 when there is no change (lws: effective uid).
    #[must_use]
    pub fn uid(&self) -> i32 {
        self.uid
    }

    /// The group id that will be in effect, as given.
    #[must_use]
    pub fn gid(&self) -> i32 {
        self.gid
    }

    /// Becomes it. On an error the process may have changed in part: it should end.
    ///
    /// # Errors
    /// Ids without an entry in the user database, and what the system refuses.
    pub fn assume(&self) -> Result<(), Problem> {
        let (uid, gid) = (changed(self.uid), changed(self.gid));
        let user = match (uid, gid) {
            (Some(_), None) => return Err(Problem::UserWithoutGroup),
            (Some(uid), Some(gid)) => {
                Some((uid, gid, user_name(uid)?.ok_or(Problem::NamelessUser(uid))?))
            }
            _ => None,
        };
        if let Some(gid) = gid {
            if !has_group(gid)? {
                return Err(Problem::NamelessGroup(gid));
            }
            // SAFETY: takes a number.
            check("setgid", unsafe { libc::setgid(gid) })?;
        }
        match user {
            Some((uid, gid, name)) => self.become_user(uid, gid, &name),
            None => Ok(()),
        }
    }

    fn become_user(&self, uid: u32, gid: u32, name: &CStr) -> Result<(), Problem> {
        let keeps = self.capabilities != 0;
        if keeps {
            keep_permitted(true)?;
        }
        // SAFETY: a C string and a number.
        check("initgroups", unsafe {
            libc::initgroups(name.as_ptr(), gid)
        })?;
        // SAFETY: takes a number.
        check("setuid", unsafe { libc::setuid(uid) })?;
        if keeps {
            hold_only(self.capabilities)?;
            keep_permitted(false)?;
        }
        Ok(())
    }
}

/// An id to change to: 0 is what a zeroed record says, -1 is how programs say no.
fn changed(id: i32) -> Option<u32> {
    u32::try_from(id).ok().filter(|id| *id != 0)
}

fn check(call: &'static str, result: c_int) -> Result<(), Problem> {
    if result < 0 {
        return Err(Problem::System(call, io::Error::last_os_error()));
    }
    Ok(())
}

/// Says whether permitted capabilities survive a change of user.
fn keep_permitted(keep: bool) -> Result<(), Problem> {
    let keep = libc::c_ulong::from(keep);
    // SAFETY: takes numbers.
    check("prctl", unsafe {
        libc::prctl(libc::PR_SET_KEEPCAPS, keep, 0, 0, 0)
    })
}

/// The kernel's header of a capability call, version 3.
#[repr(C)]
struct CapHeader {
    version: u32,
    pid: c_int,
}

/// Half of the capability sets.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct CapData {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

const CAP_VERSION_3: u32 = 0x2008_0522;

/// Makes these the only capabilities of this thread.
fn hold_only(set: u64) -> Result<(), Problem> {
    let half = |word: u32| CapData {
        effective: word,
        permitted: word,
        inheritable: 0,
    };
    let [b0, b1, b2, b3, b4, b5, b6, b7] = set.to_le_bytes();
    let data = [
        half(u32::from_le_bytes([b0, b1, b2, b3])),
        half(u32::from_le_bytes([b4, b5, b6, b7])),
    ];
    let header = CapHeader {
        version: CAP_VERSION_3,
        pid: 0,
    };
    // SAFETY: records of the kernel's layout; version 3 has two halves.
    let result = unsafe { libc::syscall(libc::SYS_capset, &raw const header, data.as_ptr()) };
    check("capset", if result < 0 { -1 } else { 0 })
}

/// Longest entry of the user database that is read.
const ENTRY_LIMIT: usize = 1 << 20;

/// Calls `getpwnam_r` or one of its kind with a buffer that grows as it asks for; gives what `read` takes out of the entry.
fn entry<T, R>(
    call: impl Fn(*mut T, *mut c_char, usize, *mut *mut T) -> c_int,
    read: impl FnOnce(&T) -> R,
) -> Result<Option<R>, Problem> {
    let mut buffer = vec![0u8; 1024];
    loop {
        let mut place = MaybeUninit::<T>::uninit();
        let mut found: *mut T = ptr::null_mut();
        match call(
            place.as_mut_ptr(),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &raw mut found,
        ) {
            libc::ERANGE if buffer.len() < ENTRY_LIMIT => buffer = vec![0; buffer.len() * 4],
            // These say "not there" on some systems, too.
            0 | libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM => {
                // SAFETY: null, or the place, filled; its strings are in the buffer, which is still there.
                return Ok(unsafe { found.as_ref() }.map(read));
            }
            error => {
                return Err(Problem::System(
                    "user database",
                    io::Error::from_raw_os_error(error),
                ));
            }
        }
    }
}

fn user_named(name: &CStr) -> Result<Option<i32>, Problem> {
    // SAFETY: a C string, and places and a buffer of ours with its length.
    let call = |place, buffer, len, found| unsafe {
        libc::getpwnam_r(name.as_ptr(), place, buffer, len, found)
    };
    entry(call, |user: &libc::passwd| user.pw_uid.cast_signed())
}

fn group_named(name: &CStr) -> Result<Option<i32>, Problem> {
    // SAFETY: as above.
    let call = |place, buffer, len, found| unsafe {
        libc::getgrnam_r(name.as_ptr(), place, buffer, len, found)
    };
    entry(call, |group: &libc::group| group.gr_gid.cast_signed())
}

fn has_group(gid: u32) -> Result<bool, Problem> {
    // SAFETY: as above.
    let call =
        |place, buffer, len, found| unsafe { libc::getgrgid_r(gid, place, buffer, len, found) };
    Ok(entry(call, |_: &libc::group| ())?.is_some())
}

fn user_name(uid: u32) -> Result<Option<CString>, Problem> {
    // SAFETY: as above.
    let call =
        |place, buffer, len, found| unsafe { libc::getpwuid_r(uid, place, buffer, len, found) };
    entry(call, |user: &libc::passwd| {
        // SAFETY: an entry's name is a C string in the buffer.
        unsafe { CStr::from_ptr(user.pw_name) }.to_owned()
    })
}

#[cfg(test)]
#[path = "privs_tests.rs"]
mod tests;
