//! Address calls: limits of buffers, comparing, peers.

use super::*;

/// Text that a call leaves in a buffer of `size` bytes, and what it returned.
fn written(size: usize, call: impl FnOnce(*mut c_char, usize) -> c_int) -> (c_int, String) {
    let mut buf = [b'#'; 80];
    let result = call(buf.as_mut_ptr().cast(), size);
    let end = buf.iter().position(|byte| *byte == 0).unwrap_or(0);
    (result, String::from_utf8_lossy(&buf[..end]).into_owned())
}

fn sa46(text: &CStr) -> lws_sockaddr46 {
    // SAFETY: all zeros is one.
    let mut place: lws_sockaddr46 = unsafe { std::mem::zeroed() };
    // SAFETY: a C string and a place of ours.
    let result = unsafe { lws_sa46_parse_numeric_address(text.as_ptr(), &raw mut place) };
    assert_eq!(result, 0);
    place
}

#[test]
fn short_buffers_are_never_overrun() {
    let v4 = [32, 1, 13, 184];
    for (size, result, text) in [
        (0, 0, ""),
        (1, 1, ""),
        (5, 5, "32.1"),
        (11, 11, "32.1.13.18"),
        (12, 11, "32.1.13.184"),
    ] {
        // SAFETY: four bytes; `written` gives a larger buffer.
        let got = written(size, |buf, len| unsafe {
            lws_write_numeric_address(v4.as_ptr(), 4, buf, len)
        });
        assert_eq!(got, (result, text.to_string()));
    }
    let v6 = [0xff; 16];
    // SAFETY: sixteen bytes; as above.
    let got = written(39, |buf, len| unsafe {
        lws_write_numeric_address(v6.as_ptr(), 16, buf, len)
    });
    assert_eq!(got.0, -1);
    // SAFETY: as above.
    let got = written(40, |buf, len| unsafe {
        lws_write_numeric_address(v6.as_ptr(), 16, buf, len)
    });
    assert_eq!(got.0, 39);
}

#[test]
fn comparing_ignores_port_and_scope() {
    let mut a = sa46(c"::1");
    let b = sa46(c"::1");
    a.sa6.sin6_scope_id = 4;
    a.sa6.sin6_port = 80;
    let compare = |a: &lws_sockaddr46, b: &lws_sockaddr46| {
        // SAFETY: two places of ours.
        unsafe { lws_sa46_compare_ads(a, b) }
    };
    assert_eq!(compare(&a, &b), 0);
    assert_eq!(compare(&a, &sa46(c"::2")), -1);
    assert_eq!(compare(&sa46(c"1.2.3.4"), &sa46(c"::ffff:1.2.3.4")), 1);
    assert_eq!(compare(&sa46(c"1.2.3.4"), &sa46(c"1.2.3.5")), 1);
}

#[test]
fn too_short_socket_address_is_refused() {
    let mut place = [0u64; 4];
    // SAFETY: the length says how much may be written; the buffer is larger.
    let result = unsafe { lws_interface_to_sa(1, c"::1".as_ptr(), place.as_mut_ptr().cast(), 16) };
    assert_eq!((result, place), (LWS_ITOSA_NOT_EXIST, [0; 4]));
}
