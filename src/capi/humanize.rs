//! Exported numbers with units, and the three unit tables, which are data that programs copy.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::lws_humanize_unit;
use crate::cutil::cstr::{Room, Text, room_len};
use crate::util::humanize;
use crate::util::put::Put;
use libc::{c_char, c_int};
use std::ffi::CStr;
use std::ptr;

// SAFETY: the names are constants, nothing is changed.
unsafe impl Sync for lws_humanize_unit {}

const fn unit(name: &'static CStr, factor: u64) -> lws_humanize_unit {
    lws_humanize_unit {
        name: name.as_ptr(),
        factor,
    }
}

const END: lws_humanize_unit = lws_humanize_unit {
    name: ptr::null(),
    factor: 0,
};

/// Powers of 1024.
#[unsafe(export_name = "humanize_schema_si")]
pub static HUMANIZE_SCHEMA_SI: [lws_humanize_unit; 7] = [
    unit(c"Pi ", 1 << 50),
    unit(c"Ti ", 1 << 40),
    unit(c"Gi ", 1 << 30),
    unit(c"Mi ", 1 << 20),
    unit(c"Ki ", 1 << 10),
    unit(c"   ", 1),
    END,
];

/// Powers of 1024 bytes.
#[unsafe(export_name = "humanize_schema_si_bytes")]
pub static HUMANIZE_SCHEMA_SI_BYTES: [lws_humanize_unit; 7] = [
    unit(c"PiB", 1 << 50),
    unit(c"TiB", 1 << 40),
    unit(c"GiB", 1 << 30),
    unit(c"MiB", 1 << 20),
    unit(c"KiB", 1 << 10),
    unit(c"B  ", 1),
    END,
];

/// Times, from microseconds.
#[unsafe(export_name = "humanize_schema_us")]
pub static HUMANIZE_SCHEMA_US: [lws_humanize_unit; 8] = [
    unit(c"y  ", 365 * 86_400_000_000),
    unit(c"d  ", 86_400_000_000),
    unit(c"hr ", 3_600_000_000),
    unit(c"min", 60_000_000),
    unit(c"s  ", 1_000_000),
    unit(c"ms ", 1000),
    unit(c"us ", 1),
    END,
];

/// Units that a table may have; the rest is not looked at.
const MAX_UNITS: usize = 256;

/// Writes a number with the unit that suits it.
///
/// - `buf`, `len`: area for the text and its NUL.
/// - `value`: the number.
/// - `schema`: units, largest first, ended by a null name.
///
/// Returns the length of the unit's column, 0 when no unit suits or a pointer is null.
///
/// Re-entry: query, any thread.
///
/// Quirks: the returned length leaves out the number. Digits that do not fit their column show as `!`.
///
/// # Safety
/// `buf` is writable for `len` bytes, `schema` such a table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_humanize(
    buf: *mut c_char,
    len: c_int,
    value: u64,
    schema: *const lws_humanize_unit,
) -> c_int {
    let room = if buf.is_null() { 0 } else { room_len(len) };
    // SAFETY: writable by contract.
    let mut out = unsafe { Room::new(buf, room.saturating_sub(1)) };
    // SAFETY: a table by contract.
    let written = unsafe { write(&mut out, value, schema) };
    if room > 0 {
        // SAFETY: behind what was written, at most the area's last byte.
        unsafe { out.position().write(0) };
    }
    written
}

/// # Safety
/// `schema` is null or a table with an end.
unsafe fn write(out: &mut Room, value: u64, schema: *const lws_humanize_unit) -> c_int {
    for n in 0..MAX_UNITS {
        if schema.is_null() {
            break;
        }
        // SAFETY: before the table's end.
        let unit = unsafe { schema.wrapping_add(n).read() };
        if unit.name.is_null() {
            break;
        }
        if humanize::suits(value, unit.factor) {
            // SAFETY: a name of the table.
            let name = unsafe { Text::new(unit.name) };
            return put(out, &humanize::number(value, unit.factor), name);
        }
    }
    0
}

/// Writes number and unit; returns the length of what comes after the number.
fn put(out: &mut Room, number: &humanize::Number, name: Text) -> c_int {
    number.as_bytes().iter().for_each(|b| out.put(*b));
    let limit = out.left() + 1;
    let blanks = if number.has_fraction() { 0 } else { 4 };
    let mut column = 0;
    for byte in name.chain(std::iter::repeat_n(b' ', blanks)) {
        out.put(byte);
        column += 1;
    }
    c_int::try_from(limit.min(column)).unwrap_or(c_int::MAX)
}
