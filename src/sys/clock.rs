//! Clocks: the monotonic microseconds that timers use, and wall time.

use rustix::time::{ClockId, clock_gettime};

/// Microseconds of the monotonic clock (lws: `lws_usec_t`).
pub type Usec = i64;

/// Microseconds in a second.
pub const SEC: Usec = 1_000_000;

/// Seconds since 1970.
pub fn wall_secs() -> i64 {
    clock_gettime(ClockId::Realtime).tv_sec
}

/// Now, on the monotonic clock.
pub fn now() -> Usec {
    let t = clock_gettime(ClockId::Monotonic);
    t.tv_sec * SEC + t.tv_nsec / 1000
}
