//! Why user code is called: the numbers of `enum lws_callback_reasons` that the core uses.

/// A callback reason. A plain number, since programs send their own through the broadcast calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason(pub u32);

macro_rules! reasons {
    ($($name:ident = $value:literal,)*) => {
        impl Reason {
            $(#[doc = concat!("LWS_CALLBACK_", stringify!($name), ".")] pub const $name: Self = Self($value);)*
        }
    };
}

reasons! {
    ESTABLISHED = 0,
    CLOSED = 4,
    CLOSED_HTTP = 5,
    RECEIVE = 6,
    RECEIVE_PONG = 7,
    SERVER_WRITEABLE = 11,
    HTTP = 12,
    HTTP_BODY = 13,
    HTTP_BODY_COMPLETION = 14,
    HTTP_FILE_COMPLETION = 15,
    HTTP_WRITEABLE = 16,
    FILTER_NETWORK_CONNECTION = 17,
    FILTER_HTTP_CONNECTION = 18,
    SERVER_NEW_CLIENT_INSTANTIATED = 19,
    FILTER_PROTOCOL_CONNECTION = 20,
    OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS = 21,
    OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS = 22,
    OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION = 23,
    CONFIRM_EXTENSION_OKAY = 25,
    PROTOCOL_INIT = 27,
    PROTOCOL_DESTROY = 28,
    WSI_CREATE = 29,
    WSI_DESTROY = 30,
    ADD_POLL_FD = 32,
    DEL_POLL_FD = 33,
    CHANGE_MODE_POLL_FD = 34,
    LOCK_POLL = 35,
    UNLOCK_POLL = 36,
    OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY = 37,
    WS_PEER_INITIATED_CLOSE = 38,
    CGI = 40,
    CGI_TERMINATED = 41,
    CGI_STDIN_DATA = 42,
    CGI_STDIN_COMPLETED = 43,
    HTTP_BIND_PROTOCOL = 49,
    HTTP_DROP_PROTOCOL = 50,
    CHECK_ACCESS_RIGHTS = 51,
    PROCESS_HTML = 52,
    ADD_HEADERS = 53,
    HTTP_PMO = 56,
    RAW_RX = 59,
    RAW_CLOSE = 60,
    RAW_WRITEABLE = 61,
    RAW_ADOPT = 62,
    RAW_ADOPT_FILE = 63,
    RAW_RX_FILE = 64,
    RAW_WRITEABLE_FILE = 65,
    RAW_CLOSE_FILE = 66,
    SSL_INFO = 67,
    CHILD_CLOSING = 69,
    CGI_PROCESS_ATTACH = 70,
    EVENT_WAIT_CANCELLED = 71,
    VHOST_CERT_AGING = 72,
    TIMER = 73,
    WS_SERVER_BIND_PROTOCOL = 77,
    WS_SERVER_DROP_PROTOCOL = 78,
    RAW_SKT_BIND_PROTOCOL = 81,
    RAW_SKT_DROP_PROTOCOL = 82,
    RAW_FILE_BIND_PROTOCOL = 83,
    RAW_FILE_DROP_PROTOCOL = 84,
    HTTP_CONFIRM_UPGRADE = 86,
    VERIFY_BASIC_AUTHORIZATION = 102,
}
