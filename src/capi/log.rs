//! Exported logging: levels, the program's emit function, the built-in emitters, hexdumps.
//!
//! `install` connects the library's own log macros (`util::log`) to the emit function set here; the core calls it at
//! context creation, so that lines written before any logging call of the program look the same.
//! Lines are at most 255 bytes. stderr is written through C's stream, in one piece, so that it mixes well with what
//! the program prints there.

#![allow(unsafe_code, reason = "exports and calls into libc")]

use super::variadic::{VaList, format_into};
use crate::util::log::{self, LINE_BUFFER};
use libc::{c_char, c_int, c_void, size_t};
use parking_lot::RwLock;
use std::ffi::CStr;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The program's (or a built-in) function that writes a finished line.
pub type EmitFunction = unsafe extern "C" fn(level: c_int, line: *const c_char);

unsafe extern "C" {
    static stderr: *mut libc::FILE;
}

static EMIT: RwLock<EmitFunction> = RwLock::new(lwsl_emit_stderr);

/// Letters of the levels, lowest bit first.
const LETTERS: &[u8; 12] = b"EWNIDPHXCLUT";

/// Terminal colours of the levels, lowest bit first.
const COLOURS: [&CStr; 12] = [
    c"\x1b[31;1m",
    c"\x1b[36;1m",
    c"\x1b[35;1m",
    c"\x1b[32;1m",
    c"\x1b[34;1m",
    c"\x1b[33;1m",
    c"\x1b[33m",
    c"\x1b[33m",
    c"\x1b[33m",
    c"\x1b[33;1m",
    c"\x1b[0;1m",
    c"\x1b[31m",
];

/// Length of a timestamp, with room for years and seconds that nobody will see.
const STAMP_BUFFER: usize = 64;

/// Bytes in a line of a hexdump.
const DUMP_WIDTH: usize = 16;

/// Makes the library's own lines go to the emit function.
pub fn install() {
    log::set_sink(|level, line| call_emit(level.cast_signed(), line));
}

fn call_emit(level: c_int, line: &CStr) {
    let emit = *EMIT.read(); // not held over the call: it may log, or be replaced
    // SAFETY: the function the program set for this, with a string that lives over the call.
    unsafe { emit(level, line.as_ptr()) }
}

fn is_enabled(level: c_int) -> bool {
    log::enabled(level.cast_unsigned())
}

/// Logs a formatted line whose arguments are in a va_list.
///
/// - `filter`: the level, one `LLL_` bit; nothing happens unless it is enabled.
/// - `format`, `args`: printf format and its arguments; `args` is used up. Cut at 255 bytes.
///
/// Re-entry: any thread; calls the program's emit function, which may only log.
///
/// Quirks: a line cut because it is too long ends in a newline, except one of exactly 255 bytes, which loses its
/// last byte instead.
///
/// # Safety
/// `format` is a C string that fits the arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _lws_logv(filter: c_int, format: *const c_char, args: VaList) {
    if !is_enabled(filter) || format.is_null() {
        return;
    }
    let mut buf = [0u8; LINE_BUFFER];
    // SAFETY: the caller's promise. One byte less than there is: room for the newline.
    let whole = unsafe { format_into(&mut buf[..LINE_BUFFER - 1], format, args) };
    if usize::try_from(whole).is_ok_and(|whole| whole >= LINE_BUFFER) {
        buf[LINE_BUFFER - 2] = b'\n';
    }
    emit_bytes(filter, &buf);
}

/// Emits the text up to the first NUL in `buf`, which has one.
fn emit_bytes(level: c_int, buf: &[u8]) {
    if let Ok(line) = CStr::from_bytes_until_nul(buf) {
        call_emit(level, line);
    }
}

/// Sets which levels are logged, and by what.
///
/// - `level`: `LLL_` bits.
/// - `emit`: called with each finished line, on any thread; null leaves it as it is.
///
/// Re-entry: any thread.
///
/// # Safety
/// `emit` is null or such a function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_set_log_level(level: c_int, emit: Option<EmitFunction>) {
    log::set_level(level.cast_unsigned());
    if let Some(emit) = emit {
        *EMIT.write() = emit;
    }
    install();
}

/// Tells which of these levels are logged.
///
/// - `level`: `LLL_` bits.
///
/// Returns the enabled ones of them: 0 when none is.
///
/// Re-entry: query; any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lwsl_visible(level: c_int) -> c_int {
    (log::levels() & level.cast_unsigned()).cast_signed()
}

/// Writes a line to stderr behind the time and the level's letter, in colour on a terminal.
///
/// - `level`: one `LLL_` bit; other values get no time.
/// - `line`: the text.
///
/// Re-entry: any thread.
///
/// # Safety
/// `line` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_emit_stderr(level: c_int, line: *const c_char) {
    let mut stamp = [0u8; STAMP_BUFFER];
    write_stamp(level, &mut stamp);
    let stamp = CStr::from_bytes_until_nul(&stamp).unwrap_or(c"");
    // SAFETY: the caller's promise.
    unsafe { write_stderr(level, stamp, line) }
}

/// Writes a line to stderr as it is, in colour on a terminal.
///
/// - `level`: one `LLL_` bit, for the colour.
/// - `line`: the text.
///
/// Re-entry: any thread.
///
/// # Safety
/// `line` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_emit_stderr_notimestamp(level: c_int, line: *const c_char) {
    // SAFETY: the caller's promise.
    unsafe { write_stderr(level, c"", line) }
}

/// Writes to C's stderr in one call.
///
/// # Safety
/// `line` is null (ignored) or a C string.
unsafe fn write_stderr(level: c_int, stamp: &CStr, line: *const c_char) {
    if line.is_null() {
        return;
    }
    let (before, after) = colour(level).map_or((c"", c""), |colour| (colour, c"\x1b[0m"));
    // SAFETY: libc's own variable, set before main.
    let stream = unsafe { stderr };
    let (before, stamp, after) = (before.as_ptr(), stamp.as_ptr(), after.as_ptr());
    // SAFETY: four C strings for four conversions.
    unsafe { libc::fprintf(stream, c"%s%s%s%s".as_ptr(), before, stamp, line, after) };
    // SAFETY: an open stream. Programs that made it buffered still want to see errors at once.
    unsafe { libc::fflush(stream) };
}

/// The colour of the highest level in `level`, when stderr is a terminal.
fn colour(level: c_int) -> Option<&'static CStr> {
    static IS_TERMINAL: OnceLock<bool> = OnceLock::new();
    // Asked once: the reference keeps its first answer too, and it saves a call per line.
    if !IS_TERMINAL.get_or_init(|| std::io::IsTerminal::is_terminal(&std::io::stderr())) {
        return None;
    }
    COLOURS
        .iter()
        .enumerate()
        .rev()
        .find(|(bit, _)| level & (1 << bit) != 0)
        .map(|(_, colour)| *colour)
}

/// Writes a line to the system log.
///
/// - `level`: one `LLL_` bit: ERR, WARN, NOTICE and INFO keep their meaning, all others are debug.
/// - `line`: the text.
///
/// Re-entry: any thread.
///
/// # Safety
/// `line` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_emit_syslog(level: c_int, line: *const c_char) {
    let priority = match level.cast_unsigned() {
        log::ERR => libc::LOG_ERR,
        log::WARN => libc::LOG_WARNING,
        log::NOTICE => libc::LOG_NOTICE,
        log::INFO => libc::LOG_INFO,
        _ => libc::LOG_DEBUG,
    };
    if !line.is_null() {
        // SAFETY: one C string for one conversion.
        unsafe { libc::syslog(priority, c"%s".as_ptr(), line) };
    }
}

/// Writes the local time and the level's letter, as they come before a log line.
///
/// - `level`: one `LLL_` bit.
/// - `p`: a buffer of the caller, terminated in any case.
/// - `len`: its size in bytes.
///
/// Returns the length; `len` when it was cut; 0 when `level` is no single level, or for no buffer.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `p` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_timestamp(level: c_int, p: *mut c_char, len: c_int) -> c_int {
    let size = usize::try_from(len).unwrap_or(0);
    if p.is_null() || size == 0 {
        return 0;
    }
    let mut stamp = [0u8; STAMP_BUFFER];
    let whole = write_stamp(level, &mut stamp);
    let kept = whole.min(size - 1);
    stamp[kept] = 0;
    // SAFETY: kept + 1 <= size bytes of the caller's buffer, which cannot overlap ours.
    unsafe { stamp.as_ptr().copy_to_nonoverlapping(p.cast(), kept + 1) };
    c_int::try_from(whole.min(size)).unwrap_or(len)
}

/// Writes `[year/month/day hour:minute:second:fraction] L: `; returns its length, 0 for no single level. The fraction
/// counts 100 microseconds.
fn write_stamp(level: c_int, buf: &mut [u8; STAMP_BUFFER]) -> usize {
    let Some(letter) = (0..LETTERS.len())
        .find(|bit| level == 1 << bit)
        .map(|bit| char::from(LETTERS[bit]))
    else {
        return 0;
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let fraction = now.subsec_micros() / 100;
    let room = STAMP_BUFFER - 1; // the NUL stays
    let mut out = &mut buf[..room];
    let written = match local_time(now.as_secs()) {
        Some(t) => write!(
            out,
            "[{:04}/{:02}/{:02} {:02}:{:02}:{:02}:{fraction:04}] {letter}: ",
            i64::from(t.tm_year) + 1900,
            t.tm_mon + 1,
            t.tm_mday,
            t.tm_hour,
            t.tm_min,
            t.tm_sec
        ),
        None => write!(out, "[{}:{fraction:04}] {letter}: ", now.as_secs()),
    };
    let left = out.len();
    if written.is_ok() { room - left } else { 0 }
}

fn local_time(secs: u64) -> Option<libc::tm> {
    let time = libc::time_t::try_from(secs).ok()?;
    let mut broken_down = std::mem::MaybeUninit::<libc::tm>::uninit();
    // SAFETY: both are ours; localtime_r writes all of the second when it succeeds.
    let result = unsafe { libc::localtime_r(&raw const time, broken_down.as_mut_ptr()) };
    if result.is_null() {
        return None;
    }
    // SAFETY: written, as the result is not null.
    Some(unsafe { broken_down.assume_init() })
}

/// Logs bytes as hexadecimal and text, 16 a line.
///
/// - `level`: one `LLL_` bit; nothing happens unless it is enabled.
/// - `vbuf`, `len`: the bytes; none gives a line that says so.
///
/// Re-entry: any thread; calls the emit function once a line, with an empty line before and after.
///
/// # Safety
/// `vbuf` has `len` bytes, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_hexdump_level(level: c_int, vbuf: *const c_void, len: size_t) {
    if !is_enabled(level) {
        return;
    }
    if len == 0 || vbuf.is_null() || isize::try_from(len).is_err() {
        return call_emit(level, c"(hexdump: zero length)\n");
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(vbuf.cast::<u8>(), len) };
    call_emit(level, c"\n");
    for (index, row) in bytes.chunks(DUMP_WIDTH).enumerate() {
        emit_bytes(level, &dump_row(index * DUMP_WIDTH, row));
    }
    call_emit(level, c"\n");
}

/// Logs bytes as hexadecimal and text at level DEBUG.
///
/// - `buf`, `len`: the bytes.
///
/// Re-entry: as for [`lwsl_hexdump_level`].
///
/// # Safety
/// `buf` has `len` bytes, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsl_hexdump(buf: *const c_void, len: size_t) {
    // SAFETY: the caller's promise.
    unsafe { lwsl_hexdump_level(log::DEBUG.cast_signed(), buf, len) }
}

/// One line of a hexdump: offset, bytes, text; short rows are filled up with spaces.
fn dump_row(offset: usize, row: &[u8]) -> [u8; 128] {
    let mut line = [0u8; 128];
    let mut out = &mut line[..127];
    // The longest row has 16 digits of offset, 3 * 16, 3, 16 and some: it always fits.
    let _ = write!(out, "{offset:04X}: ");
    for at in 0..DUMP_WIDTH {
        let _ = match row.get(at) {
            Some(byte) => write!(out, "{byte:02X} "),
            None => out.write_all(b"   "),
        };
    }
    let _ = out.write_all(b"   ");
    for at in 0..DUMP_WIDTH {
        let shown = row.get(at).map_or(b' ', |byte| {
            if (32..127).contains(byte) {
                *byte
            } else {
                b'.'
            }
        });
        let _ = out.write_all(&[shown]);
    }
    let _ = out.write_all(b"\n");
    line
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
