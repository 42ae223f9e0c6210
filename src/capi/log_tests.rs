//! What lines look like; the C programs in ctests/util compare the same with the reference.

use super::*;

fn stamp(level: c_int, size: c_int) -> (c_int, String) {
    let mut buf = [b'#'; 80];
    // SAFETY: 80 bytes are more than any `size` used here.
    let ret = unsafe { lwsl_timestamp(level, buf.as_mut_ptr().cast(), size) };
    let text = CStr::from_bytes_until_nul(&buf)
        .map_or(String::from("#"), |t| t.to_string_lossy().into_owned());
    (ret, text)
}

#[test]
fn stamp_has_time_and_letter_of_a_single_level() {
    for (bit, letter) in "EWNIDPHXCLUT".chars().enumerate() {
        let (ret, text) = stamp(1 << bit, 80);
        assert_eq!((ret, text.len()), (30, 30));
        let shape: String = text
            .chars()
            .map(|c| if c.is_ascii_digit() { '9' } else { c })
            .collect();
        assert_eq!(shape, format!("[9999/99/99 99:99:99:9999] {letter}: "));
    }
    for level in [0, 3, -1, 1 << 12, c_int::MIN] {
        assert_eq!(stamp(level, 80), (0, String::new()));
    }
}

#[test]
fn cut_stamp_is_terminated_and_returns_the_size() {
    assert_eq!(stamp(4, 5), (5, stamp(4, 80).1[..4].to_string()));
    assert_eq!(stamp(4, 1), (1, String::new()));
    assert_eq!(stamp(4, 30).0, 30);
    assert_eq!(stamp(4, 31).0, 30);
    assert_eq!(stamp(4, 0), (0, "#".into()));
    assert_eq!(stamp(4, -7), (0, "#".into()));
}

#[test]
fn hexdump_row_shows_offset_bytes_and_text() {
    let row = dump_row(0x1f0, b"abc \x7f\x80\0");
    let text = CStr::from_bytes_until_nul(&row).unwrap().to_str().unwrap();
    assert_eq!(
        text,
        "01F0: 61 62 63 20 7F 80 00                               abc ...         \n"
    );
    let row = dump_row(usize::MAX, &[b'x'; 16]);
    assert_eq!(
        CStr::from_bytes_until_nul(&row).unwrap().to_bytes().len(),
        18 + 48 + 3 + 16 + 1
    );
}
