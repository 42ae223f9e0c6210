//! HTTP dates: writes the one form of today, reads all three of RFC 9110 (5.6.7).
//!
//! Times are Unix seconds; the clock is the caller's. Years 1970 to 9999. Used for Date, Expires,
//! Last-Modified and the conditional requests.

/// Length of a written date.
pub const LENGTH: usize = 29;

/// Unix time of the first second of the year 10000.
const END: i64 = 253_402_300_800;

const SECONDS_PER_DAY: i64 = 86_400;

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Sun, 06 Nov 1994 08:49:37 GMT`; times outside the range are moved to its ends.
pub fn format(unix: i64) -> String {
    let unix = unix.clamp(0, END.saturating_sub(1));
    let (days, second) = (unix / SECONDS_PER_DAY, unix % SECONDS_PER_DAY);
    let (year, month, day) = civil(days);
    // The first of January 1970 was a Thursday.
    let weekday = name(&DAYS, days.saturating_add(4) % 7);
    let month = name(&MONTHS, month.saturating_sub(1));
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    std::format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Unix seconds of a date in any of the three forms; `None` when it is none.
pub fn parse(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (weekday, rest) = text.split_once(' ')?;
    match weekday.strip_suffix(',') {
        Some(short) if DAYS.contains(&short) => imf_fixdate(rest),
        Some(_) => rfc850(rest),
        None if DAYS.contains(&weekday) => asctime(rest),
        None => None,
    }
}

/// `06 Nov 1994 08:49:37 GMT`
fn imf_fixdate(text: &str) -> Option<i64> {
    let mut words = text.strip_suffix(" GMT")?.split(' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let time = words.next().filter(|_| words.next().is_none())?;
    unix(number(year, 4)?, month, number(day, 2)?, time)
}

/// `06-Nov-94 08:49:37 GMT`; two-digit years below 70 are of this century.
fn rfc850(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix(" GMT")?.split_once(' ')?;
    let mut words = date.split('-');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let year = number(year, 2)?;
    let century = if year < 70 { 2000 } else { 1900 };
    unix(year.checked_add(century)?, month, number(day, 2)?, time)
}

/// `Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<i64> {
    let (month, rest) = text.split_at_checked(3)?;
    let (day, rest) = rest.strip_prefix(' ')?.split_at_checked(2)?;
    let day = match day.strip_prefix(' ') {
        Some(digit) => number(digit, 1)?,
        None => number(day, 2)?,
    };
    let (time, year) = rest.strip_prefix(' ')?.split_once(' ')?;
    unix(number(year, 4)?, month, day, time)
}

fn unix(year: i64, month: &str, day: i64, time: &str) -> Option<i64> {
    let month = MONTHS.iter().position(|m| *m == month)?;
    let month = i64::try_from(month).ok()?.checked_add(1)?;
    let days = days_of(year, month, day)?;
    // Catches the 31st of short months and the zeroth.
    if year < 1970 || civil(days) != (year, month, day) {
        return None;
    }
    days.checked_mul(SECONDS_PER_DAY)?
        .checked_add(seconds_of(time)?)
}

/// `08:49:37`; the leap second counts as the one before.
fn seconds_of(time: &str) -> Option<i64> {
    let mut words = time.split(':');
    let hour = number(words.next()?, 2).filter(|h| *h < 24)?;
    let minute = number(words.next()?, 2).filter(|m| *m < 60)?;
    let second = number(words.next()?, 2).filter(|s| *s <= 60)?.min(59);
    if words.next().is_some() {
        return None;
    }
    hour.checked_mul(3600)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let valid = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if valid { text.parse().ok() } else { None }
}

fn name<const N: usize>(names: &[&'static str; N], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|i| names.get(i))
        .copied()
        .unwrap_or("???")
}

/// Days before the given year since the first of March of year 0, with years that begin in March.
fn days_before(year: i64) -> i64 {
    year.saturating_mul(365)
        .saturating_add(year / 4)
        .saturating_sub(year / 100)
        .saturating_add(year / 400)
}

/// Days before a month (March is 0) in a year that begins in March.
fn days_before_month(month: i64) -> i64 {
    month.saturating_mul(153).saturating_add(2) / 5
}

/// Days from the first of March of year 0 to the first of January 1970.
const EPOCH: i64 = 719_468;

/// Unix day of a date; wrong for days that the month does not have.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let (year, month) = if month > 2 {
        (year, month.checked_sub(3)?)
    } else {
        (year.checked_sub(1)?, month.checked_add(9)?)
    };
    let day_of_year = days_before_month(month).checked_add(day)?.checked_sub(1)?;
    days_before(year)
        .checked_add(day_of_year)?
        .checked_sub(EPOCH)
}

/// Year, month (1 is January) and day of a Unix day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(EPOCH);
    // A first guess is at most one year too late.
    let mut year = days.saturating_mul(400) / 146_097;
    if days_before(year) > days {
        year = year.saturating_sub(1);
    }
    let mut day = days.saturating_sub(days_before(year));
    let mut month = day.saturating_mul(5).saturating_add(2) / 153;
    day = day
        .saturating_sub(days_before_month(month))
        .saturating_add(1);
    if month < 10 {
        month = month.saturating_add(3);
    } else {
        month = month.saturating_sub(9);
        year = year.saturating_add(1);
    }
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_written() {
        for (unix, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(format(unix), text);
            assert_eq!(format(unix).len(), LENGTH);
            assert_eq!(parse(text.as_bytes()), Some(unix));
        }
        assert_eq!(format(-5), format(0));
        assert_eq!(format(i64::MAX), format(253_402_300_799));
    }

    #[test]
    fn every_day_is_read_back() {
        for day in (0..2_932_896)
            .step_by(13)
            .chain(0..1500)
            .chain(10_800..11_400)
        {
            let unix = day * SECONDS_PER_DAY + (day * 977) % SECONDS_PER_DAY;
            assert_eq!(parse(format(unix).as_bytes()), Some(unix));
        }
    }

    #[test]
    fn old_forms_are_read() {
        assert_eq!(parse(b"Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(parse(b"Sun Nov  6 08:49:37 1994"), Some(784_111_777));
        assert_eq!(parse(b"Sun Nov 16 08:49:37 1994"), Some(784_975_777));
        assert_eq!(
            parse(b"Thursday, 01-Jan-26 00:00:60 GMT"),
            Some(1_767_225_659)
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "x",
            "Sun,",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun Nov 6 08:49:37 1994",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun Nov  6 08:49:37 99999",
            "Sun, +6 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"Sun, \xff Nov"), None);
    }
}
