//! The toolbox calls with null pointers and empty lengths, where the reference crashes: here they are errors or nothing.
#![allow(unsafe_code, reason = "calls the C surface")]
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    clippy::undocumented_unsafe_blocks,
    reason = "every call passes null or memory of the test"
)]

use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};
use websockets::capi::{
    cmdline::*, dir::*, files::*, humanize::*, json::*, lejp::*, lwsac::*, purify::*, ring::*,
    sha1_base64::*, strexp::*, text::*, tokenize::*, uri::*, urlenc::*, vbi::*,
};

#[test]
fn text_calls_take_nulls() {
    let mut area = [b'#'.cast_signed(); 8];
    let out = area.as_mut_ptr();
    unsafe {
        assert!(lws_strncpy(null_mut(), c"a".as_ptr(), 4).is_null());
        assert_eq!(lws_strncpy(out, null(), 4), out);
        assert_eq!(lws_strncpy(out, c"abc".as_ptr(), 0), out);
        assert!(lws_nstrstr(null(), 0, c"a".as_ptr(), 1).is_null());
        assert!(lws_nstrstr(c"abc".as_ptr(), 3, null(), 0).is_null());
        assert_eq!(
            lws_hex_to_byte_array(null(), area.as_mut_ptr().cast(), 4),
            -1
        );
        assert_eq!(lws_hex_to_byte_array(c"0102".as_ptr(), null_mut(), 4), -1);
        assert_eq!(lws_timingsafe_bcmp(null(), null(), 0), 0);
        lws_explicit_bzero(null_mut(), 0);
        assert!(lws_json_simple_find(null(), 0, c"a".as_ptr(), null_mut()).is_null());
        assert!(lws_json_simple_find(c"a:1".as_ptr(), 3, null(), null_mut()).is_null());
        assert!(!lws_json_simple_find(c"a:1".as_ptr(), 3, c"a:".as_ptr(), null_mut()).is_null());
        assert_eq!(
            lws_json_simple_strcmp(c"a:1".as_ptr(), 3, c"a:".as_ptr(), null()),
            -1
        );
        assert_eq!(
            lws_parse_uri(null_mut(), null_mut(), null_mut(), null_mut(), null_mut()),
            -1
        );
        assert!(lws_cmdline_option(0, null_mut(), c"-d".as_ptr()).is_null());
        assert!(
            lws_cmdline_option(2, [c"p".as_ptr(), null()].as_mut_ptr(), c"-d".as_ptr()).is_null()
        );
        assert_eq!(lws_vbi_encode(5, null_mut()), 0);
        assert_eq!(lws_vbi_encode(u64::MAX, area.as_mut_ptr().cast()), 0);
        assert_eq!(lws_vbi_decode(null(), null_mut(), 4), 0);
        assert_eq!(lws_humanize(out, 8, 5, null()), 0);
        assert_eq!(
            lws_humanize(null_mut(), 0, 5, HUMANIZE_SCHEMA_US.as_ptr()),
            1
        );
    }
}

#[test]
fn coding_calls_take_nulls_and_write_nothing_into_no_room() {
    let mut area = [b'#'.cast_signed(); 8];
    let out = area.as_mut_ptr();
    let untouched = area;
    unsafe {
        for len in [0, -1, i32::MIN] {
            lws_urlencode(out, c"abc".as_ptr(), len);
            lws_sql_purify(out, c"abc".as_ptr(), len);
            lws_json_purify(out, c"abc".as_ptr(), len, null_mut());
            lws_humanize(out, len, 5, HUMANIZE_SCHEMA_SI.as_ptr());
            assert_eq!(lws_b64_encode_string(c"abc".as_ptr(), 3, out, len), -1);
            assert_eq!(lws_b64_decode_string(c"QUJD".as_ptr(), out, len), 0);
        }
        assert_eq!(lws_b64_encode_string(c"abc".as_ptr(), -1, out, 8), -1);
        assert_eq!(area, untouched);
        lws_urlencode(null_mut(), c"abc".as_ptr(), 8);
        lws_urlencode(out, null(), 8);
        assert_eq!(lws_urldecode(null_mut(), c"a".as_ptr(), 8), -1);
        assert_eq!(lws_urldecode(out, null(), 8), -1);
        lws_sql_purify(null_mut(), null(), 8);
        lws_json_purify(null_mut(), null(), 8, null_mut());
        assert_eq!(lws_json_purify_len(null()), 0);
        lws_filename_purify_inplace(null_mut());
        lws_SHA1(null(), 0, null_mut());
        assert_eq!(lws_b64_encode_string(null(), 3, out, 8), -1);
        assert_eq!(
            lws_b64_encode_string_url(c"a".as_ptr(), 1, null_mut(), 8),
            -1
        );
        assert_eq!(lws_b64_decode_string(null(), out, 8), 0);
        assert_eq!(
            lws_b64_decode_string_len(c"QUJD".as_ptr(), 4, null_mut(), 8),
            0
        );
        lws_b64_decode_state_init(null_mut());
        assert_eq!(
            lws_b64_decode_stateful(null_mut(), null(), null_mut(), null_mut(), null_mut(), 1),
            -1
        );
    }
}

#[test]
fn file_calls_take_nulls() {
    unsafe {
        assert_eq!(lws_plat_read_file(null(), null_mut(), 4), -1);
        assert_eq!(lws_plat_read_file(c"/dev/null".as_ptr(), null_mut(), 4), -1);
        assert_eq!(
            lws_plat_read_file(c"/dev/null".as_ptr(), null_mut(), -4),
            -1
        );
        assert_eq!(lws_plat_write_file(null(), null_mut(), 0), 1);
        assert_eq!(lws_plat_write_cert(null_mut(), 0, -1, null_mut(), 0), 1);
        assert_eq!(lws_dir(null(), null_mut(), None), 1);
        assert_eq!(lws_dir(c"/".as_ptr(), null_mut(), None), 1);
        assert_eq!(lws_dir_rm_rf_cb(null(), null_mut(), null_mut()), 0);
        assert_eq!(lws_dir_glob_cb(null(), null_mut(), null_mut()), 0);
    }
}

#[test]
fn container_calls_take_nulls() {
    let mut number = 0;
    unsafe {
        assert!(lws_ring_create(0, 0, None).is_null());
        lws_ring_destroy(null_mut());
        assert_eq!(lws_ring_get_count_free_elements(null_mut()), 0);
        assert_eq!(
            lws_ring_get_count_waiting_elements(null_mut(), null_mut()),
            0
        );
        assert_eq!(lws_ring_insert(null_mut(), null(), 1), 0);
        assert_eq!(lws_ring_consume(null_mut(), null_mut(), null_mut(), 1), 0);
        assert!(lws_ring_get_element(null_mut(), null_mut()).is_null());
        lws_ring_update_oldest_tail(null_mut(), 1);
        assert_eq!(lws_ring_get_oldest_tail(null_mut()), 0);
        assert_eq!(
            lws_ring_next_linear_insert_range(null_mut(), null_mut(), null_mut()),
            1
        );
        lws_ring_bump_head(null_mut(), 1);
        lws_ring_dump(null_mut(), null_mut());

        let mut none = null_mut();
        assert!(lwsac_use(null_mut(), 8, 0).is_null());
        assert!(lwsac_use_zero(&raw mut none, usize::MAX, 0).is_null());
        assert!(lwsac_use_backfill(&raw mut none, usize::MAX - 7, 0).is_null());
        for head in [null_mut(), &raw mut none] {
            lwsac_free(head);
            lwsac_detach(head);
            lwsac_unreference(head);
        }
        lwsac_reference(null_mut());
        lwsac_info(null_mut());
        assert_eq!(lwsac_extend(null_mut(), 1), 1);
        assert_eq!(lwsac_get_tail_pos(null_mut()), 0);
        assert!(lwsac_get_next(null_mut()).is_null());
        assert_eq!(
            lwsac_total_alloc(null_mut()) + lwsac_total_overhead(null_mut()),
            0
        );
        assert!(lwsac_scan_extant(null_mut(), null_mut(), 0, 0).is_null());
        lws_list_ptr_insert(null_mut(), null_mut(), None);
        let mut contents = null_mut();
        lwsac_use_cached_file_start(contents);
        for cache in [null_mut(), &raw mut contents] {
            lwsac_use_cached_file_end(cache);
            lwsac_use_cached_file_detach(cache);
        }
        assert_eq!(
            lwsac_cached_file(null(), &raw mut contents, &raw mut number),
            1
        );
    }
}

#[test]
fn parser_calls_take_nulls() {
    let mut tokens = MaybeUninit::zeroed();
    let mut expansion = MaybeUninit::zeroed();
    let mut ctx = MaybeUninit::zeroed();
    unsafe {
        lws_tokenize_init(null_mut(), null(), 0);
        assert_eq!(lws_tokenize(null_mut()), 0);
        lws_tokenize_init(tokens.as_mut_ptr(), null(), 0);
        assert_eq!(lws_tokenize(tokens.as_mut_ptr()), 0);
        assert_eq!(lws_tokenize_cstr(null_mut(), null_mut(), 0), 1);

        lws_strexp_init(null_mut(), null_mut(), None, null_mut(), 0);
        lws_strexp_reset_out(null_mut(), null_mut(), 0);
        assert_eq!(
            lws_strexp_expand(null_mut(), null(), 0, null_mut(), null_mut()),
            -2
        );
        lws_strexp_init(expansion.as_mut_ptr(), null_mut(), None, null_mut(), 9);
        assert_eq!(
            lws_strexp_expand(
                expansion.as_mut_ptr(),
                c"${a}".as_ptr(),
                4,
                null_mut(),
                null_mut()
            ),
            -2
        );

        lejp_construct(null_mut(), None, null_mut(), null(), 0);
        lejp_construct(ctx.as_mut_ptr(), None, null_mut(), null(), 200);
        assert_eq!(lejp_parse(ctx.as_mut_ptr(), null(), 5), -1);
        assert_eq!(
            lejp_parse(ctx.as_mut_ptr(), c"{\"a\":[1,\"b\"]}".as_ptr().cast(), 13),
            0
        );
        lejp_check_path_match(ctx.as_mut_ptr());
        lejp_change_callback(ctx.as_mut_ptr(), None);
        lejp_destruct(ctx.as_mut_ptr());
        assert_eq!(lejp_get_wildcard(ctx.as_mut_ptr(), 0, null_mut(), 9), 0);
        assert_eq!(lejp_get_wildcard(ctx.as_mut_ptr(), -1, null_mut(), 9), 0);
        assert_eq!(lejp_parse(null_mut(), null(), 5), -22);
        assert_eq!(
            lejp_parser_push(null_mut(), null_mut(), null(), 0, None),
            -1
        );
        assert_eq!(lejp_parser_pop(null_mut()), -1);
        lejp_check_path_match(null_mut());
        lejp_change_callback(null_mut(), None);
        lejp_destruct(null_mut());
        assert_eq!(lejp_get_wildcard(null_mut(), 0, null_mut(), 9), 0);
        assert!(!lejp_error_to_string(i32::MIN).is_null());
    }
}
