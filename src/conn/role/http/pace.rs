//! How fast a request's body must come.
//!
//! Every piece of a body gives its sender time for another one, so a byte now and then would hold a connection for ever.
//! From [`GRACE`] times the usual time limit on, the whole body must have come with [`LEAST`] bytes a second. Used by
//! [`super::body`].

use crate::sys::clock::{SEC, Usec};

/// How many times the usual time limit a body may take however slow it is.
const GRACE: i64 = 6;
/// Bytes a second from then on.
const LEAST: i64 = 100;

/// The body so far.
#[derive(Clone, Copy, Default)]
pub struct Pace {
    since: Usec,
    bytes: i64,
}

impl Pace {
    /// Nothing has come yet.
    pub fn begin(now: Usec) -> Self {
        Self {
            since: now,
            bytes: 0,
        }
    }

    /// Counts what has come. False when that is too little for the time.
    pub fn keeps_up(&mut self, now: Usec, bytes: usize, limit_secs: u32) -> bool {
        self.bytes = self.bytes.saturating_add_unsigned(bytes as u64);
        let taken = now.saturating_sub(self.since) / SEC;
        taken <= i64::from(limit_secs).saturating_mul(GRACE)
            || self.bytes >= taken.saturating_mul(LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For how many seconds a body with so many bytes a second is read.
    fn lasts(bytes: usize) -> i64 {
        let mut pace = Pace::begin(1000 * SEC);
        let goes_on = |at: &i64| pace.keeps_up((1000 + at) * SEC, bytes, 5);
        (1..100_000).take_while(goes_on).last().unwrap_or(0)
    }

    #[test]
    fn slow_bodies_end_behind_the_time_of_grace() {
        assert_eq!((lasts(1), lasts(99)), (30, 30));
        assert_eq!((lasts(100), lasts(4000)), (99_999, 99_999));
    }

    #[test]
    fn a_fast_beginning_counts() {
        let mut pace = Pace::begin(0);
        assert!(pace.keeps_up(SEC, 100_000, 5));
        assert!(pace.keeps_up(1000 * SEC, 1, 5));
        assert!(!pace.keeps_up(1001 * SEC, 1, 5));
    }
}
