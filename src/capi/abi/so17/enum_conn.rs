//! Write kinds, close codes, timeout reasons, adoption and client connection flags.

#![expect(
    missing_docs,
    reason = "lws_write_protocol is documented in lws-basics.h, by hand"
)]

/// Values of `enum lws_write_protocol` (two names share a number, so they cannot be a Rust enum).
pub mod lws_write_protocol {
    use super::super::*;
    pub const LWS_WRITE_TEXT: enum_lws_write_protocol = 0;
    pub const LWS_WRITE_BINARY: enum_lws_write_protocol = 1;
    pub const LWS_WRITE_CONTINUATION: enum_lws_write_protocol = 2;
    pub const LWS_WRITE_HTTP: enum_lws_write_protocol = 3;
    pub const LWS_WRITE_PING: enum_lws_write_protocol = 5;
    pub const LWS_WRITE_PONG: enum_lws_write_protocol = 6;
    pub const LWS_WRITE_HTTP_FINAL: enum_lws_write_protocol = 7;
    pub const LWS_WRITE_HTTP_HEADERS: enum_lws_write_protocol = 8;
    pub const LWS_WRITE_HTTP_HEADERS_CONTINUATION: enum_lws_write_protocol = 9;
    pub const LWS_WRITE_BUFLIST: enum_lws_write_protocol = 32;
    pub const LWS_WRITE_NO_FIN: enum_lws_write_protocol = 64;
    pub const LWS_WRITE_H2_STREAM_END: enum_lws_write_protocol = 128;
    pub const LWS_WRITE_CLIENT_IGNORE_XOR_MASK: enum_lws_write_protocol = 128;
}

/// Codes of a websocket's close frame (RFC 6455 7.4), and two of the library's own.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_close_status {
    /// Send no code.
    LWS_CLOSE_STATUS_NOSTATUS = 0,
    /// Done.
    LWS_CLOSE_STATUS_NORMAL = 1000,
    /// The server stops, or the user leaves the page.
    LWS_CLOSE_STATUS_GOINGAWAY = 1001,
    /// The peer broke the protocol.
    LWS_CLOSE_STATUS_PROTOCOL_ERR = 1002,
    /// A kind of data that is not taken.
    LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE = 1003,
    /// Never sent.
    LWS_CLOSE_STATUS_RESERVED = 1004,
    /// Never sent: the close frame had no code.
    LWS_CLOSE_STATUS_NO_STATUS = 1005,
    /// Never sent: there was no close frame.
    LWS_CLOSE_STATUS_ABNORMAL_CLOSE = 1006,
    /// Data that does not fit its kind, such as text that is not UTF-8.
    LWS_CLOSE_STATUS_INVALID_PAYLOAD = 1007,
    /// Refused for a reason that has no other code.
    LWS_CLOSE_STATUS_POLICY_VIOLATION = 1008,
    /// More than can be taken.
    LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE = 1009,
    /// The client needs an extension that the server did not give.
    LWS_CLOSE_STATUS_EXTENSION_REQUIRED = 1010,
    /// The server cannot go on.
    LWS_CLOSE_STATUS_UNEXPECTED_CONDITION = 1011,
    /// Never sent: TLS failed.
    LWS_CLOSE_STATUS_TLS_FAILURE = 1015,
    /// Inside the library: an http client is done.
    LWS_CLOSE_STATUS_CLIENT_TRANSACTION_DONE = 2000,
    /// Inside the library: the context is being destroyed.
    LWS_CLOSE_STATUS_NOSTATUS_CONTEXT_DESTROY = 9999,
}

/// What a connection waits for when lws_set_timeout() closes it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pending_timeout {
    /// No timeout.
    NO_PENDING_TIMEOUT = 0,
    /// The http proxy has not answered.
    PENDING_TIMEOUT_AWAITING_PROXY_RESPONSE = 1,
    /// The connection is not open.
    PENDING_TIMEOUT_AWAITING_CONNECT_RESPONSE = 2,
    /// The handshake has not come.
    PENDING_TIMEOUT_ESTABLISH_WITH_SERVER = 3,
    /// The server has not answered.
    PENDING_TIMEOUT_AWAITING_SERVER_RESPONSE = 4,
    /// A ping is due.
    PENDING_TIMEOUT_AWAITING_PING = 5,
    /// The peer has not answered our close frame.
    PENDING_TIMEOUT_CLOSE_ACK = 6,
    /// Not used.
    PENDING_TIMEOUT_UNUSED1 = 7,
    /// Our handshake is not answered.
    PENDING_TIMEOUT_SENT_CLIENT_HANDSHAKE = 8,
    /// The TLS handshake does not get done.
    PENDING_TIMEOUT_SSL_ACCEPT = 9,
    /// A body does not come, or is not taken.
    PENDING_TIMEOUT_HTTP_CONTENT = 10,
    /// Our handshake cannot be sent.
    PENDING_TIMEOUT_AWAITING_CLIENT_HS_SEND = 11,
    /// What is stored cannot be sent before closing.
    PENDING_FLUSH_STORED_SEND_BEFORE_CLOSE = 12,
    /// The peer does not close after our shutdown.
    PENDING_TIMEOUT_SHUTDOWN_FLUSH = 13,
    /// The program does nothing.
    PENDING_TIMEOUT_CGI = 14,
    /// No further request.
    PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE = 15,
    /// Time to send a ping.
    PENDING_TIMEOUT_WS_PONG_CHECK_SEND_PING = 16,
    /// The pong has not come.
    PENDING_TIMEOUT_WS_PONG_CHECK_GET_PONG = 17,
    /// Our request's body does not come.
    PENDING_TIMEOUT_CLIENT_ISSUE_PAYLOAD = 18,
    /// The socks proxy has not answered the greeting.
    PENDING_TIMEOUT_AWAITING_SOCKS_GREETING_REPLY = 19,
    /// The socks proxy has not connected.
    PENDING_TIMEOUT_AWAITING_SOCKS_CONNECT_REPLY = 20,
    /// The socks proxy has not answered the password.
    PENDING_TIMEOUT_AWAITING_SOCKS_AUTH_REPLY = 21,
    /// An SSL_INFO callback asked for the end.
    PENDING_TIMEOUT_KILLED_BY_SSL_INFO = 22,
    /// The parent connection asked for the end.
    PENDING_TIMEOUT_KILLED_BY_PARENT = 23,
    /// Our close frame cannot be sent.
    PENDING_TIMEOUT_CLOSE_SEND = 24,
    /// Headers are held too long.
    PENDING_TIMEOUT_HOLDING_AH = 25,
    /// No datagram.
    PENDING_TIMEOUT_UDP_IDLE = 26,
    /// A client connection kept for reuse was not used.
    PENDING_TIMEOUT_CLIENT_CONN_IDLE = 27,
    /// The peer is too slow.
    PENDING_TIMEOUT_LAGGING = 28,
    /// Waiting for a worker thread.
    PENDING_TIMEOUT_THREADPOOL = 29,
    /// A worker thread takes too long.
    PENDING_TIMEOUT_THREADPOOL_TASK = 30,
    /// The other side of a proxied connection closed.
    PENDING_TIMEOUT_KILLED_BY_PROXY_CLIENT_CLOSE = 31,
    /// The program's timeout.
    PENDING_TIMEOUT_USER_OK = 32,
    /// The first number that is the program's own.
    PENDING_TIMEOUT_USER_REASON_BASE = 1000,
}

/// What is adopted.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_adoption_type {
    /// A file descriptor.
    LWS_ADOPT_RAW_FILE_DESC = 0,
    /// Flag: speak http, else raw.
    LWS_ADOPT_HTTP = 1,
    /// Flag: a socket, else a file.
    LWS_ADOPT_SOCKET = 2,
    /// Flag: with TLS if the vhost has it.
    LWS_ADOPT_ALLOW_SSL = 4,
    /// Flag: datagrams.
    LWS_ADOPT_FLAG_UDP = 16,
    /// Flag: one side of a raw proxy.
    LWS_ADOPT_FLAG_RAW_PROXY = 32,
    /// A raw socket for datagrams.
    LWS_ADOPT_RAW_SOCKET_UDP = 18,
}

/// Bits of `ssl_connection` of lws_client_connect_info.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_client_connect_ssl_connection_flags {
    /// Use TLS.
    LCCSCF_USE_SSL = 1,
    /// Take a certificate that signed itself.
    LCCSCF_ALLOW_SELFSIGNED = 2,
    /// Take a certificate for another name.
    LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK = 4,
    /// Take a certificate that is too old or too new.
    LCCSCF_ALLOW_EXPIRED = 8,
    /// Take any certificate.
    LCCSCF_ALLOW_INSECURE = 16,
    /// End http/2 requests as some servers need it.
    LCCSCF_H2_QUIRK_NGHTTP2_END_STREAM = 32,
    /// Take credit that overflows.
    LCCSCF_H2_QUIRK_OVERFLOWS_TXCR = 64,
    /// Send the authorization value as a bearer token.
    LCCSCF_H2_AUTH_BEARER = 128,
    /// Send it as hex.
    LCCSCF_H2_HEXIFY_AUTH_TOKEN = 256,
    /// The program gives http/2 credit itself.
    LCCSCF_H2_MANUAL_RXFLOW = 512,
    /// The body is a multipart form.
    LCCSCF_HTTP_MULTIPART_MIME = 1024,
    /// The body is an urlencoded form.
    LCCSCF_HTTP_X_WWW_FORM_URLENCODED = 2048,
    /// Do not go where the server sends us.
    LCCSCF_HTTP_NO_FOLLOW_REDIRECT = 4096,
    /// May share a connection to the same server.
    LCCSCF_PIPELINE = 65536,
    /// May become a stream of a shared connection.
    LCCSCF_MUXABLE_STREAM = 131072,
    /// Speak http/2 without asking.
    LCCSCF_H2_PRIOR_KNOWLEDGE = 262144,
    /// Checks that the connection is alive wake a sleeping system.
    LCCSCF_WAKE_SUSPEND__VALIDITY = 524288,
    /// Read before writing.
    LCCSCF_PRIORITIZE_READS = 1048576,
}

/// What an extension's option takes.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_ext_options_types {
    /// It has no value.
    EXTARG_NONE = 0,
    /// It has a decimal value.
    EXTARG_DEC = 1,
    /// It may have a decimal value.
    EXTARG_OPT_DEC = 2,
}

/// What to ask of a certificate.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_tls_cert_info {
    /// `time`: not valid before.
    LWS_TLS_CERT_INFO_VALIDITY_FROM = 0,
    /// `time`: not valid after.
    LWS_TLS_CERT_INFO_VALIDITY_TO = 1,
    /// `ns`: whose it is.
    LWS_TLS_CERT_INFO_COMMON_NAME = 2,
    /// `ns`: who signed it.
    LWS_TLS_CERT_INFO_ISSUER_NAME = 3,
    /// `usage`: X509 key usage bits.
    LWS_TLS_CERT_INFO_USAGE = 4,
    /// `verified`: whether it was verified.
    LWS_TLS_CERT_INFO_VERIFIED = 5,
    /// `ns`: the public key, as bytes.
    LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY = 6,
}
