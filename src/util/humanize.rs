//! Numbers with units for people: "   1.500MiB", "  14.350min".
//!
//! A table of units (lws: humanize schema), largest first, is the caller's; here a value is put into the unit that was
//! chosen for it. The column widths are fixed so that tables of numbers line up: 5 for the whole part, 4 for the
//! fraction or as many blanks after the unit; the names of a table are equally long.
//! Called by `capi::humanize`.

/// The number part: up to 9 columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    text: [u8; 9],
    len: usize,
}

impl Number {
    /// Its characters.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or(&[])
    }

    /// Without a fraction the unit's column begins four earlier and is four wider.
    #[must_use]
    pub fn has_fraction(&self) -> bool {
        self.len == 9
    }
}

/// Whether a unit of this factor is the one for the value, when all larger ones were not.
#[must_use]
pub fn suits(value: u64, factor: u64) -> bool {
    factor == 1 || (factor > 0 && value >= factor)
}

/// `value` in a unit of `factor`: a whole part and three digits of fraction; no fraction when the factor is 1.
///
/// quirk: a zero whole part is blank. quirk: for a factor that is no multiple of 1000 the fraction counts thousandths
/// of the factor's whole thousands, so it may pass 999 (its first digit is `!` then); so does a whole part over 9999.
#[must_use]
pub fn number(value: u64, factor: u64) -> Number {
    let mut text = [b' '; 9];
    let factor = factor.max(1);
    let whole = value / factor;
    let width = if whole >= 1000 {
        4
    } else {
        whole.checked_ilog10().map_or(0, |n| n as usize + 1)
    };
    put_digits(&mut text[5 - width..5], whole);
    if factor == 1 {
        return Number { text, len: 5 };
    }
    let rest = value % factor;
    let thousandths = match factor / 1000 {
        0 => rest * 1000 / factor,
        step => rest / step,
    };
    text[5] = b'.';
    put_digits(&mut text[6..9], thousandths);
    Number { text, len: 9 }
}

/// Fills the slice with the last digits; `!` stands for a first digit that would be over 9.
fn put_digits(out: &mut [u8], value: u64) {
    let mut rest = value;
    for digit in out.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    if let (Some(first), true) = (out.first_mut(), rest > 0) {
        *first = b'!';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: u64, factor: u64) -> String {
        String::from_utf8(number(value, factor).as_bytes().to_vec()).expect("ascii")
    }

    #[test]
    fn plain_units_have_no_fraction() {
        assert_eq!(text(1023, 1), " 1023");
        assert_eq!(text(7, 1), "    7");
        assert_eq!(text(0, 1), "     ");
        assert_eq!(text(123_456, 1), " !456");
    }

    #[test]
    fn fractions_are_cut_to_three_digits() {
        assert_eq!(text(1_572_864, 1_048_576), "    1.500");
        assert_eq!(text(61_000_000, 60_000_000), "    1.016");
    }

    #[test]
    fn overflowing_digits_show_a_mark() {
        assert_eq!(text(1_048_575, 1024), " 1023.!23");
        assert_eq!(text(u64::MAX, 1 << 50), " !383.!00");
    }

    #[test]
    fn factors_below_a_thousand_do_not_divide_by_zero() {
        assert_eq!(text(150, 100), "    1.500");
        assert_eq!(text(5, 0), "    5");
    }

    #[test]
    fn a_unit_suits_from_its_factor_on() {
        assert!(suits(1024, 1024) && !suits(1023, 1024) && suits(0, 1) && !suits(5, 0));
    }
}
