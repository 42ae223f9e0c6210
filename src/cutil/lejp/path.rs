//! Which of the program's paths the parser is at.
//!
//! A pattern is a path as the parser writes it ("a.b[].c"), where `*` stands for one name, or for all the rest when it
//! is last. The first pattern that matches wins and stays until its level is left. Patterns are C strings behind an
//! array whose element size the program may choose (`path_stride`), so that they can be members of its own table.
//!
//! Called by `lejp`; `wildcard` also by `capi::lejp`.

use super::{Context, INDEXES, PARSERS, PATH};
use crate::cutil::cstr::Text;
use std::ffi::c_char;

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
        let Some(pattern) = (unsafe { pattern(parser.paths, n, c.path_stride) }) else {
            continue;
        };
        let mut wilds = 0;
        let whole = matches(&c.path, pattern, |p| {
            // quirk: the reference writes past its array with more wildcards than it has places
            if let Some(place) = c.wild.get_mut(wilds) {
                *place = u16::try_from(p).unwrap_or(0);
                wilds += 1;
            }
        });
        if whole {
            c.wildcount = u8::try_from(wilds).unwrap_or(0);
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
unsafe fn pattern(paths: *const *const c_char, n: u8, stride: usize) -> Option<Text> {
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
    Some(unsafe { Text::new(text) })
}

/// Whether the path is the pattern's; tells `wild` where each `*` begins.
fn matches(path: &[u8; PATH], mut pattern: Text, mut wild: impl FnMut(usize)) -> bool {
    let mut rest = path.iter();
    loop {
        let Some(want) = pattern.next() else {
            return rest.next().is_none_or(|b| *b == 0);
        };
        if want != b'*' {
            if rest.next() != Some(&want) {
                return false;
            }
            continue;
        }
        let left = rest.as_slice();
        if left.first().is_none_or(|b| *b == 0) {
            return false;
        }
        wild(PATH - left.len());
        let last = pattern.is_at_end();
        let ends = |b: &u8| *b == 0 || (*b == b'.' && !last);
        let len = left.iter().position(ends).unwrap_or(left.len());
        rest = left.get(len..).unwrap_or(&[]).iter();
    }
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
