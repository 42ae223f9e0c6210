//! System states, blobs, directory entries, JSON and tokenizer results.

#![expect(missing_docs, reason = "the C names are the documentation of record")]

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_system_states_t {
    LWS_SYSTATE_UNKNOWN = 0,
    LWS_SYSTATE_CONTEXT_CREATED = 1,
    LWS_SYSTATE_INITIALIZED = 2,
    LWS_SYSTATE_IFACE_COLDPLUG = 3,
    LWS_SYSTATE_DHCP = 4,
    LWS_SYSTATE_CPD_PRE_TIME = 5,
    LWS_SYSTATE_TIME_VALID = 6,
    LWS_SYSTATE_CPD_POST_TIME = 7,
    LWS_SYSTATE_POLICY_VALID = 8,
    LWS_SYSTATE_REGISTERED = 9,
    LWS_SYSTATE_AUTH1 = 10,
    LWS_SYSTATE_AUTH2 = 11,
    LWS_SYSTATE_OPERATIONAL = 12,
    LWS_SYSTATE_POLICY_INVALID = 13,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_cpd_result_t {
    LWS_CPD_UNKNOWN = 0,
    LWS_CPD_INTERNET_OK = 1,
    LWS_CPD_CAPTIVE_PORTAL = 2,
    LWS_CPD_NO_INTERNET = 3,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_system_blob_item_t {
    LWS_SYSBLOB_TYPE_AUTH = 0,
    LWS_SYSBLOB_TYPE_CLIENT_CERT_DER = 2,
    LWS_SYSBLOB_TYPE_CLIENT_KEY_DER = 3,
    LWS_SYSBLOB_TYPE_DEVICE_SERIAL = 4,
    LWS_SYSBLOB_TYPE_DEVICE_FW_VERSION = 5,
    LWS_SYSBLOB_TYPE_DEVICE_TYPE = 6,
    LWS_SYSBLOB_TYPE_NTP_SERVER = 7,
    LWS_SYSBLOB_TYPE_COUNT = 8,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_dir_obj_type_t {
    LDOT_UNKNOWN = 0,
    LDOT_FILE = 1,
    LDOT_DIR = 2,
    LDOT_LINK = 3,
    LDOT_FIFO = 4,
    LDOTT_SOCKET = 5,
    LDOT_CHAR = 6,
    LDOT_BLOCK = 7,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lejp_callbacks {
    LEJPCB_CONSTRUCTED = 0,
    LEJPCB_DESTRUCTED = 1,
    LEJPCB_START = 2,
    LEJPCB_COMPLETE = 3,
    LEJPCB_FAILED = 4,
    LEJPCB_PAIR_NAME = 5,
    LEJPCB_VAL_TRUE = 70,
    LEJPCB_VAL_FALSE = 71,
    LEJPCB_VAL_NULL = 72,
    LEJPCB_VAL_NUM_INT = 73,
    LEJPCB_VAL_NUM_FLOAT = 74,
    LEJPCB_VAL_STR_START = 11,
    LEJPCB_VAL_STR_CHUNK = 76,
    LEJPCB_VAL_STR_END = 77,
    LEJPCB_ARRAY_START = 14,
    LEJPCB_ARRAY_END = 15,
    LEJPCB_OBJECT_START = 16,
    LEJPCB_OBJECT_END = 17,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lejp_reasons {
    LEJP_CONTINUE = -1,
    LEJP_REJECT_IDLE_NO_BRACE = -2,
    LEJP_REJECT_MEMBERS_NO_CLOSE = -3,
    LEJP_REJECT_MP_NO_OPEN_QUOTE = -4,
    LEJP_REJECT_MP_STRING_UNDERRUN = -5,
    LEJP_REJECT_MP_ILLEGAL_CTRL = -6,
    LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC = -7,
    LEJP_REJECT_ILLEGAL_HEX = -8,
    LEJP_REJECT_MP_DELIM_MISSING_COLON = -9,
    LEJP_REJECT_MP_DELIM_BAD_VALUE_START = -10,
    LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC = -11,
    LEJP_REJECT_MP_VAL_NUM_FORMAT = -12,
    LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP = -13,
    LEJP_REJECT_MP_VAL_TOK_UNKNOWN = -14,
    LEJP_REJECT_MP_C_OR_E_UNDERF = -15,
    LEJP_REJECT_MP_C_OR_E_NOTARRAY = -16,
    LEJP_REJECT_MP_ARRAY_END_MISSING = -17,
    LEJP_REJECT_STACK_OVERFLOW = -18,
    LEJP_REJECT_MP_DELIM_ISTACK = -19,
    LEJP_REJECT_NUM_TOO_LONG = -20,
    LEJP_REJECT_MP_C_OR_E_NEITHER = -21,
    LEJP_REJECT_UNKNOWN = -22,
    LEJP_REJECT_CALLBACK = -23,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum num_flags {
    LEJP_SEEN_MINUS = 1,
    LEJP_SEEN_POINT = 2,
    LEJP_SEEN_POST_POINT = 4,
    LEJP_SEEN_EXP = 8,
}

/// Values of `enum lws_tokenize_elem` (two names share a number, so they cannot be a Rust enum).
pub mod lws_tokenize_elem {
    use super::super::*;
    pub const LWS_TOKZE_ERRS: enum_lws_tokenize_elem = 5;
    pub const LWS_TOKZE_ERR_BROKEN_UTF8: enum_lws_tokenize_elem = -5;
    pub const LWS_TOKZE_ERR_UNTERM_STRING: enum_lws_tokenize_elem = -4;
    pub const LWS_TOKZE_ERR_MALFORMED_FLOAT: enum_lws_tokenize_elem = -3;
    pub const LWS_TOKZE_ERR_NUM_ON_LHS: enum_lws_tokenize_elem = -2;
    pub const LWS_TOKZE_ERR_COMMA_LIST: enum_lws_tokenize_elem = -1;
    pub const LWS_TOKZE_ENDED: enum_lws_tokenize_elem = 0;
    pub const LWS_TOKZE_DELIMITER: enum_lws_tokenize_elem = 1;
    pub const LWS_TOKZE_TOKEN: enum_lws_tokenize_elem = 2;
    pub const LWS_TOKZE_INTEGER: enum_lws_tokenize_elem = 3;
    pub const LWS_TOKZE_FLOAT: enum_lws_tokenize_elem = 4;
    pub const LWS_TOKZE_TOKEN_NAME_EQUALS: enum_lws_tokenize_elem = 5;
    pub const LWS_TOKZE_TOKEN_NAME_COLON: enum_lws_tokenize_elem = 6;
    pub const LWS_TOKZE_QUOTED_STRING: enum_lws_tokenize_elem = 7;
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_tokenize_delimiter_tracking {
    LWSTZ_DT_NEED_FIRST_CONTENT = 0,
    LWSTZ_DT_NEED_DELIM = 1,
    LWSTZ_DT_NEED_NEXT_CONTENT = 2,
}
