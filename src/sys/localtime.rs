//! The wall clock in the machine's time zone.

#![expect(unsafe_code, reason = "localtime_r")]

use std::mem::MaybeUninit;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A time as access logs have it: `23/Nov/2026:12:00:00 +0100`. In UTC where the time zone cannot be had.
#[must_use]
pub fn for_access_log(unix_secs: i64) -> String {
    let Some(t) = broken_down(unix_secs) else {
        return format!("@{unix_secs} +0000");
    };
    let month = usize::try_from(t.tm_mon).ok().and_then(|m| MONTHS.get(m));
    let east = t.tm_gmtoff / 60;
    let sign = if east < 0 { '-' } else { '+' };
    format!(
        "{:02}/{}/{}:{:02}:{:02}:{:02} {sign}{:02}{:02}",
        t.tm_mday,
        month.unwrap_or(&"???"),
        i64::from(t.tm_year) + 1900,
        t.tm_hour,
        t.tm_min,
        t.tm_sec,
        east.abs() / 60,
        east.abs() % 60
    )
}

fn broken_down(unix_secs: i64) -> Option<libc::tm> {
    let mut parts = MaybeUninit::<libc::tm>::uninit();
    // SAFETY: both are ours; localtime_r writes all of the second when it succeeds.
    let result = unsafe { libc::localtime_r(&raw const unix_secs, parts.as_mut_ptr()) };
    if result.is_null() {
        return None;
    }
    // SAFETY: written, as the result is not null.
    Some(unsafe { parts.assume_init() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_the_form_of_access_logs() {
        let text = for_access_log(1_700_000_000);
        assert!(text.contains("/Nov/2023:"), "{text}");
        assert_eq!(text.len(), "14/Nov/2023:22:13:20 +0000".len());
    }
}
