//! Which of the program's paths the parser is at.
//!
//! A pattern is a path as the parser writes it ("a.b[].c"), where `*` stands for one name, or for all the rest when it
//! is last. The first pattern that matches wins and stays until its level is left. Patterns are C strings behind an
//! array whose element size the program may choose (`path_stride`), so that they can be members of its own table.
//!
//! Called by `lejp`; `wildcard` also by `capi::lejp`.

use super::{Context, INDEXES, PARSERS, PATH};
use std::ffi::{CStr, c_char};

/// Sets the match if none is active.
///
/// # Safety
/// `ctx` is valid, no reference to it is in use, and the current parser's paths are as `pattern` wants them.
pub(super) unsafe fn check(ctx: *mut Context) {
    // SAFETY: valid by contract; no user code runs here.
    let c = unsafe { &mut *ctx };
    if c.path_match != 0 {
        return;
    }
    let parser = *c.parser();
    for n in 0..parser.count_paths {
        // SAFETY: `n` is below the count that belongs to the paths.
        let Some(text) = (unsafe { pattern(parser.paths, n, c.path_stride) }) else {
            continue;
        };
        let end = c.path.iter().position(|b| *b == 0).unwrap_or(PATH - 1);
        let matched = matches(&c.path[..end], text.to_bytes());
        c.wild[..matched.wilds].copy_from_slice(&matched.at[..matched.wilds]);
        c.wildcount = u8::try_from(matched.wilds).unwrap_or(0);
        if matched.whole {
            c.path_match = n + 1;
            c.path_match_len = parser.ppos;
            return;
        }
    }
    c.wildcount = 0;
}

/// The n-th pattern; none for a null one.
///
/// # Safety
/// `paths` is null or points to more than `n` elements, `stride` bytes apart (0: pointers side by side), each a null or
/// a pointer to a C string that stays as long as the result is used.
unsafe fn pattern<'a>(paths: *const *const c_char, n: u8, stride: usize) -> Option<&'a CStr> {
    if paths.is_null() {
        return None;
    }
    let step = if stride == 0 {
        size_of::<*const c_char>()
    } else {
        stride
    };
    let place = paths
        .cast::<u8>()
        .wrapping_add(usize::from(n).wrapping_mul(step));
    // SAFETY: an element of the program's table, by contract; it may lie unaligned in a packed one.
    let text = unsafe { place.cast::<*const c_char>().read_unaligned() };
    if text.is_null() {
        return None;
    }
    // SAFETY: a C string by contract.
    Some(unsafe { CStr::from_ptr(text) })
}

/// How far a pattern went.
struct Matched {
    whole: bool,
    at: [u16; INDEXES],
    wilds: usize,
}

fn matches(path: &[u8], pattern: &[u8]) -> Matched {
    let mut m = Matched {
        whole: false,
        at: [0; INDEXES],
        wilds: 0,
    };
    let (mut p, mut q) = (0, 0);
    while let (Some(&have), Some(&want)) = (path.get(p), pattern.get(q)) {
        q += 1;
        if want != b'*' {
            if have != want {
                return m;
            }
            p += 1;
            continue;
        }
        // quirk: the reference writes past its array with more wildcards than this
        if let Some(place) = m.at.get_mut(m.wilds) {
            *place = u16::try_from(p).unwrap_or(0);
            m.wilds += 1;
        }
        let last = q == pattern.len();
        while path.get(p).is_some_and(|b| last || *b != b'.') {
            p += 1;
        }
    }
    m.whole = p == path.len() && q == pattern.len();
    m
}

/// Gives the text of the n-th wildcard to `put`, at most `room` bytes with a NUL at the end. Returns the public result:
/// what was copied plus one, or 0 when there is no such wildcard.
pub fn wildcard(c: &Context, n: usize, room: usize, mut put: impl FnMut(u8)) -> usize {
    let count = usize::from(c.wildcount).min(INDEXES);
    if n >= count || room == 0 {
        return 0;
    }
    let start = usize::from(c.wild[n]).min(PATH - 1);
    let ppos = c.pst[usize::from(c.pst_sp).min(PARSERS - 1)].ppos;
    let end = usize::from(ppos).min(PATH - 1).max(start);
    let text = &c.path[start..end];
    let len = text
        .iter()
        .skip(1)
        .position(|b| *b == b'.')
        .map_or(text.len(), |at| at + 1)
        .min(room - 1);
    text[..len].iter().copied().for_each(&mut put);
    put(0);
    len + 1
}
