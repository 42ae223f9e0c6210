//! System states, blobs, directory entries, JSON and tokenizer results.

#![expect(missing_docs, reason = "errors say in their names what is wrong")]

/// States of the system, gone through in order.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_system_states_t {
    /// Nothing is known.
    LWS_SYSTATE_UNKNOWN = 0,
    /// The context is there, not more.
    LWS_SYSTATE_CONTEXT_CREATED = 1,
    /// The context is complete.
    LWS_SYSTATE_INITIALIZED = 2,
    /// Network interfaces are known.
    LWS_SYSTATE_IFACE_COLDPLUG = 3,
    /// There is an address.
    LWS_SYSTATE_DHCP = 4,
    /// Captive portal checked, before the time is known.
    LWS_SYSTATE_CPD_PRE_TIME = 5,
    /// The time is known.
    LWS_SYSTATE_TIME_VALID = 6,
    /// Captive portal checked, with the time known.
    LWS_SYSTATE_CPD_POST_TIME = 7,
    /// The policy is there.
    LWS_SYSTATE_POLICY_VALID = 8,
    /// The device is registered.
    LWS_SYSTATE_REGISTERED = 9,
    /// The first authorization is there.
    LWS_SYSTATE_AUTH1 = 10,
    /// The second authorization is there.
    LWS_SYSTATE_AUTH2 = 11,
    /// All is there: protocols are initialised.
    LWS_SYSTATE_OPERATIONAL = 12,
    /// The policy is being replaced.
    LWS_SYSTATE_POLICY_INVALID = 13,
}

/// What captive portal detection found.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_cpd_result_t {
    /// Not known.
    LWS_CPD_UNKNOWN = 0,
    /// There is an internet connection.
    LWS_CPD_INTERNET_OK = 1,
    /// Somebody wants to be paid or agreed with first.
    LWS_CPD_CAPTIVE_PORTAL = 2,
    /// There is none.
    LWS_CPD_NO_INTERNET = 3,
}

/// Values for the whole system.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_system_blob_item_t {
    /// Authorization values; two.
    LWS_SYSBLOB_TYPE_AUTH = 0,
    /// A client's certificate.
    LWS_SYSBLOB_TYPE_CLIENT_CERT_DER = 2,
    /// Its key.
    LWS_SYSBLOB_TYPE_CLIENT_KEY_DER = 3,
    /// The device's serial number.
    LWS_SYSBLOB_TYPE_DEVICE_SERIAL = 4,
    /// The device's version.
    LWS_SYSBLOB_TYPE_DEVICE_FW_VERSION = 5,
    /// The device's type.
    LWS_SYSBLOB_TYPE_DEVICE_TYPE = 6,
    /// A time server.
    LWS_SYSBLOB_TYPE_NTP_SERVER = 7,
    /// How many there are.
    LWS_SYSBLOB_TYPE_COUNT = 8,
}

/// What a directory entry is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_dir_obj_type_t {
    /// Not known.
    LDOT_UNKNOWN = 0,
    /// A file.
    LDOT_FILE = 1,
    /// A directory.
    LDOT_DIR = 2,
    /// A symbolic link.
    LDOT_LINK = 3,
    /// A named pipe.
    LDOT_FIFO = 4,
    /// A unix socket.
    LDOTT_SOCKET = 5,
    /// A character device.
    LDOT_CHAR = 6,
    /// A block device.
    LDOT_BLOCK = 7,
}

/// What a JSON parser's callback is called for; those with bit 6 are values.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lejp_callbacks {
    /// The parser is ready.
    LEJPCB_CONSTRUCTED = 0,
    /// The parser is gone.
    LEJPCB_DESTRUCTED = 1,
    /// The first byte came.
    LEJPCB_START = 2,
    /// The outermost value is complete.
    LEJPCB_COMPLETE = 3,
    /// The text is wrong, or a callback stopped.
    LEJPCB_FAILED = 4,
    /// A member's name; `path` has it.
    LEJPCB_PAIR_NAME = 5,
    /// true.
    LEJPCB_VAL_TRUE = 70,
    /// false.
    LEJPCB_VAL_FALSE = 71,
    /// null.
    LEJPCB_VAL_NULL = 72,
    /// An integer, as text in `buf`.
    LEJPCB_VAL_NUM_INT = 73,
    /// A number with a point or exponent, as text in `buf`.
    LEJPCB_VAL_NUM_FLOAT = 74,
    /// A text begins.
    LEJPCB_VAL_STR_START = 11,
    /// Part of a long text, in `buf`.
    LEJPCB_VAL_STR_CHUNK = 76,
    /// The rest of a text, in `buf`.
    LEJPCB_VAL_STR_END = 77,
    /// An array begins.
    LEJPCB_ARRAY_START = 14,
    /// An array ends.
    LEJPCB_ARRAY_END = 15,
    /// An object begins.
    LEJPCB_OBJECT_START = 16,
    /// An object ends.
    LEJPCB_OBJECT_END = 17,
}

/// Results of lejp_parse() below 0.
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

/// What a number has had so far.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum num_flags {
    /// A minus.
    LEJP_SEEN_MINUS = 1,
    /// A point.
    LEJP_SEEN_POINT = 2,
    /// A digit behind the point.
    LEJP_SEEN_POST_POINT = 4,
    /// An exponent.
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

/// What comma checking waits for.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_tokenize_delimiter_tracking {
    /// The first element of a list.
    LWSTZ_DT_NEED_FIRST_CONTENT = 0,
    /// A comma, or the end.
    LWSTZ_DT_NEED_DELIM = 1,
    /// Another element.
    LWSTZ_DT_NEED_NEXT_CONTENT = 2,
}
