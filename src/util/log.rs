//! Log lines: which levels are shown, how a line is built, and where it goes.
//!
//! A level is one bit of the public `LLL_` set (lws: log context). `enabled` is one relaxed load, and the
//! `log_*` macros evaluate their arguments only when it says yes. A line is built in a bounded buffer on the
//! stack with the same limits as the C entry points have, and handed to the sink.
//!
//! It writes nowhere by itself: `capi::log::install` sets the sink that calls the program's emit function (or the
//! timestamped stderr one). Without it lines go plainly to stderr. Called from every layer; the sink may be called
//! while state is borrowed, so it may only log.

use parking_lot::RwLock;
use std::ffi::CStr;
use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

/// Errors.
pub const ERR: u32 = 1 << 0;
/// Suspicious things that are survived.
pub const WARN: u32 = 1 << 1;
/// Rare things a user may want to know.
pub const NOTICE: u32 = 1 << 2;
/// Normal progress.
pub const INFO: u32 = 1 << 3;
/// Detail for debugging.
pub const DEBUG: u32 = 1 << 4;
/// Parser detail.
pub const PARSER: u32 = 1 << 5;
/// Header detail.
pub const HEADER: u32 = 1 << 6;
/// Extension detail.
pub const EXT: u32 = 1 << 7;
/// Client detail.
pub const CLIENT: u32 = 1 << 8;
/// Latency reports.
pub const LATENCY: u32 = 1 << 9;
/// The program's own lines.
pub const USER: u32 = 1 << 10;
/// Locking detail.
pub const THREAD: u32 = 1 << 11;

/// What is shown before anybody sets a level.
pub const DEFAULT_LEVELS: u32 = ERR | WARN | NOTICE;

/// Size of the buffer a line is built in; the longest line is one byte less, with its newline.
pub const LINE_BUFFER: usize = 256;

/// Takes one finished line: the level it was logged with, and the text with its newline.
pub type Sink = fn(level: u32, line: &CStr);

static LEVELS: AtomicU32 = AtomicU32::new(DEFAULT_LEVELS);
static SINK: RwLock<Sink> = RwLock::new(plain_stderr);

/// Whether a line of this level would be shown.
#[inline]
#[must_use]
pub fn enabled(level: u32) -> bool {
    levels() & level != 0
}

/// The levels that are shown.
#[inline]
#[must_use]
pub fn levels() -> u32 {
    LEVELS.load(Ordering::Relaxed)
}

/// Shows exactly the levels in `mask`.
pub fn set_level(mask: u32) {
    LEVELS.store(mask, Ordering::Relaxed);
}

/// Replaces the place where lines go.
pub fn set_sink(sink: Sink) {
    *SINK.write() = sink;
}

/// Hands a finished line to the sink, whatever its level.
pub fn deliver(level: u32, line: &CStr) {
    let sink = *SINK.read(); // not held over the call: the sink may log, or replace itself
    sink(level, line);
}

/// Builds one line and hands it to the sink, when the level is enabled. A missing newline is added; control
/// characters become `.`, so that nothing a peer sends can forge a line.
#[cold]
pub fn emit(level: u32, args: fmt::Arguments<'_>) {
    if enabled(level) {
        let mut line = Line::new();
        // An Err can only mean "full": the rest is cut.
        let _ = line.write_fmt(args);
        deliver(level, line.finish());
    }
}

/// A line under construction.
struct Line {
    bytes: [u8; LINE_BUFFER],
    len: usize,
}

impl Line {
    const fn new() -> Self {
        Self {
            bytes: [0; LINE_BUFFER],
            len: 0,
        }
    }

    /// Makes the newline the last byte and ends the string.
    fn finish(&mut self) -> &CStr {
        if self.len > 0 && self.bytes[self.len - 1] == b'\n' {
            self.len -= 1;
        }
        for byte in &mut self.bytes[..self.len] {
            if byte.is_ascii_control() && *byte != b'\t' {
                *byte = b'.';
            }
        }
        self.bytes[self.len] = b'\n';
        self.bytes[self.len + 1] = 0;
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or(c"\n")
    }
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LINE_BUFFER - 2 - self.len; // newline and NUL always fit
        let take = room.min(text.len());
        self.bytes[self.len..self.len + take].copy_from_slice(&text.as_bytes()[..take]);
        self.len += take;
        if take < text.len() {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

fn plain_stderr(_level: u32, line: &CStr) {
    // Nothing can be done when stderr is gone.
    let _ = std::io::stderr().write_all(line.to_bytes());
}

#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_err {
    ($($arg:tt)*) => { $crate::util::log::log_at!($crate::util::log::ERR, $($arg)*) };
}
#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_warn {
    ($($arg:tt)*) => { $crate::util::log::log_at!($crate::util::log::WARN, $($arg)*) };
}
#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_notice {
    ($($arg:tt)*) => { $crate::util::log::log_at!($crate::util::log::NOTICE, $($arg)*) };
}
#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_info {
    ($($arg:tt)*) => { $crate::util::log::log_at!($crate::util::log::INFO, $($arg)*) };
}
#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_debug {
    ($($arg:tt)*) => { $crate::util::log::log_at!($crate::util::log::DEBUG, $($arg)*) };
}
#[allow(
    unused_macros,
    reason = "for the layers above, which need them one by one"
)]
macro_rules! log_at {
    ($level:expr, $($arg:tt)*) => {
        if $crate::util::log::enabled($level) {
            $crate::util::log::emit($level, ::core::format_args!($($arg)*));
        }
    };
}
#[allow(
    unused_imports,
    reason = "for the layers above, which need them one by one"
)]
pub(crate) use {log_at, log_debug, log_err, log_info, log_notice, log_warn};

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::sync::{Mutex, MutexGuard};

    thread_local! {
        static SEEN: RefCell<Vec<(u32, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
    }

    static TURN: Mutex<()> = Mutex::new(());

    fn record(level: u32, line: &CStr) {
        SEEN.with_borrow_mut(|seen| seen.push((level, line.to_bytes().to_vec())));
    }

    /// Level and sink are of the process: tests that set them take turns.
    fn recording(mask: u32) -> MutexGuard<'static, ()> {
        let turn = TURN
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        set_sink(record);
        set_level(mask);
        SEEN.take();
        turn
    }

    #[test]
    fn line_has_one_newline_when_given_with_or_without() {
        let _turn = recording(DEFAULT_LEVELS);
        log_err!("a {}", 1);
        log_err!("a {}\n", 2);
        assert_eq!(
            SEEN.take(),
            [(ERR, b"a 1\n".to_vec()), (ERR, b"a 2\n".to_vec())]
        );
    }

    #[test]
    fn arguments_are_not_evaluated_when_level_is_off() {
        fn costly() -> u32 {
            panic!("evaluated")
        }
        let _turn = recording(ERR);
        log_info!("{}", costly());
        log_debug!("{}", costly());
        assert!(SEEN.take().is_empty());
    }

    #[test]
    fn long_line_is_cut_before_its_newline() {
        let _turn = recording(NOTICE);
        for len in [253, 254, 255, 256, 5000] {
            log_notice!("{}", "x".repeat(len));
        }
        for (_, line) in SEEN.take() {
            assert!(line.len() < LINE_BUFFER);
            assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1);
            assert_eq!(line.last(), Some(&b'\n'));
        }
    }

    #[test]
    fn control_characters_cannot_forge_a_line() {
        let _turn = recording(WARN);
        log_warn!("{}", "peer\n[2026] E: forged\0\x1b[0m\tend\n");
        assert_eq!(
            SEEN.take(),
            [(WARN, b"peer.[2026] E: forged..[0m\tend\n".to_vec())]
        );
    }
}
