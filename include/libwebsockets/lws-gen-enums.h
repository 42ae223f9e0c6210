/* Written by capi/headergen from the Rust sources; do not edit. */

#ifndef LWS_GEN_ENUMS_H
#define LWS_GEN_ENUMS_H

/** What a protocol is called for. Unless said otherwise, 0 goes on and another result closes the connection. */
enum lws_callback_reasons {
  /**
   * For each vhost, once, before anything else. No connection: `wsi` is only good for asking for its vhost.
   * `in`: the protocol's options (lws_protocol_vhost_options), or NULL. Nonzero: the vhost fails.
   */
  LWS_CALLBACK_PROTOCOL_INIT = 27,
  /** For each vhost, once, after all else: free what PROTOCOL_INIT made. */
  LWS_CALLBACK_PROTOCOL_DESTROY = 28,
  /** A connection was created. To protocol 0. */
  LWS_CALLBACK_WSI_CREATE = 29,
  /** The last call for a connection. To protocol 0, always. */
  LWS_CALLBACK_WSI_DESTROY = 30,
  /** The peer gave more transmit credit. `len`: how much. */
  LWS_CALLBACK_WSI_TX_CREDIT_GET = 103,
  /** Add to the client's certificates. `user`: the SSL_CTX. To protocol 0. */
  LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS = 21,
  /** Add to the server's certificates. `user`: the SSL_CTX. To protocol 0. */
  LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS = 22,
  /**
   * A client's certificate is being verified. `user`: the X509_STORE_CTX; `in`: the SSL; `len`: what OpenSSL
   * thinks of it. Nonzero refuses.
   */
  LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION = 23,
  /** The vhost has no private key file: give the SSL_CTX (`user`) one. To protocol 0. */
  LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY = 37,
  /** One of the events of `ssl_info_event_mask`. `in`: lws_ssl_info. */
  LWS_CALLBACK_SSL_INFO = 67,
  /**
   * A server's certificate is being verified, for a client of ours. `user`: the X509_STORE_CTX; `in`: the SSL;
   * `len`: what OpenSSL thinks of it. Nonzero refuses.
   */
  LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION = 58,
  /** A connection was accepted. To protocol 0. */
  LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED = 19,
  /**
   * A request's headers are there. `in`, `len`: the path below the mount. Answer, ask for writable, or return
   * nonzero to close.
   */
  LWS_CALLBACK_HTTP = 12,
  /** Part of a request's body. `in`, `len`: the bytes. */
  LWS_CALLBACK_HTTP_BODY = 13,
  /** The body is complete. `in`, `len`: the path. */
  LWS_CALLBACK_HTTP_BODY_COMPLETION = 14,
  /** A file that lws_serve_http_file() sends has gone. Nonzero closes. */
  LWS_CALLBACK_HTTP_FILE_COMPLETION = 15,
  /** There is room to write to a client. */
  LWS_CALLBACK_HTTP_WRITEABLE = 16,
  /** An http connection that never became a websocket was closed. */
  LWS_CALLBACK_CLOSED_HTTP = 5,
  /** Headers are there, nothing is decided. `in`, `len`: the path. Nonzero closes. */
  LWS_CALLBACK_FILTER_HTTP_CONNECTION = 18,
  /**
   * Last chance to add headers to an answer. `in`: lws_process_html_args with the place to write to; move its
   * `p`.
   */
  LWS_CALLBACK_ADD_HEADERS = 53,
  /** A mount asks the protocol to check "user:password". `in`, `len`: that text. Nonzero: right. */
  LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION = 102,
  /** A mount asks whether the request may have the file. `in`: lws_process_html_args. Nonzero refuses. */
  LWS_CALLBACK_CHECK_ACCESS_RIGHTS = 51,
  /** A part of a file that a mount's `interpret` names. `in`: lws_process_html_args: change it in place. */
  LWS_CALLBACK_PROCESS_HTML = 52,
  /** The protocol was bound to an http transaction; its session storage is new. */
  LWS_CALLBACK_HTTP_BIND_PROTOCOL = 49,
  /** The protocol is unbound from it: free what is in the session storage. */
  LWS_CALLBACK_HTTP_DROP_PROTOCOL = 50,
  /** A request asks to become something else. `in`: what. Nonzero refuses: positive if it was answered. */
  LWS_CALLBACK_HTTP_CONFIRM_UPGRADE = 86,
  /** A server answered our request: its headers are there. */
  LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP = 44,
  /** Our http connection was closed. */
  LWS_CALLBACK_CLOSED_CLIENT_HTTP = 45,
  /** Part of the answer's body, after lws_http_client_read(). `in`, `len`: the bytes. */
  LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ = 48,
  /** There is body to read: call lws_http_client_read(). */
  LWS_CALLBACK_RECEIVE_CLIENT_HTTP = 46,
  /** The answer is complete. */
  LWS_CALLBACK_COMPLETED_CLIENT_HTTP = 47,
  /** There is room to write the request's body. */
  LWS_CALLBACK_CLIENT_HTTP_WRITEABLE = 57,
  /** The server sends us elsewhere. `in`: where; `len`: the status. Nonzero: do not go. */
  LWS_CALLBACK_CLIENT_HTTP_REDIRECT = 104,
  /** The protocol was bound to a request of ours. */
  LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL = 85,
  /** The protocol is unbound from it. */
  LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL = 76,
  /** A client's websocket is open. `in`: the SSL, or NULL. */
  LWS_CALLBACK_ESTABLISHED = 0,
  /** A websocket was closed. */
  LWS_CALLBACK_CLOSED = 4,
  /** There is room to write to a client's websocket. */
  LWS_CALLBACK_SERVER_WRITEABLE = 11,
  /** Data from a client. `in`, `len`: the bytes; see lws_is_final_fragment() and its kin. */
  LWS_CALLBACK_RECEIVE = 6,
  /** A pong from a client. `in`, `len`: its payload. */
  LWS_CALLBACK_RECEIVE_PONG = 7,
  /**
   * The peer closes. `in`, `len`: the code (two bytes, big end first) and text. Nonzero: close without an
   * answer.
   */
  LWS_CALLBACK_WS_PEER_INITIATED_CLOSE = 38,
  /** A websocket handshake chose this protocol. `in`: its name. Nonzero refuses. */
  LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION = 20,
  /** A client asks for this extension. `in`: its name. Nonzero refuses it. */
  LWS_CALLBACK_CONFIRM_EXTENSION_OKAY = 25,
  /** The protocol was bound to a client's websocket. */
  LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL = 77,
  /** The protocol is unbound from it. */
  LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL = 78,
  /** Our connection failed. `in`, `len`: why, or NULL. It is gone after this. */
  LWS_CALLBACK_CLIENT_CONNECTION_ERROR = 1,
  /** The server accepted our handshake; its headers are there. Nonzero closes. */
  LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH = 2,
  /** Our websocket is open. */
  LWS_CALLBACK_CLIENT_ESTABLISHED = 3,
  /** Our websocket was closed. */
  LWS_CALLBACK_CLIENT_CLOSED = 75,
  /** Add headers to our request. `in`: pointer to the place to write to; move it. `len`: room. */
  LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER = 24,
  /** Data from the server. `in`, `len`: the bytes. */
  LWS_CALLBACK_CLIENT_RECEIVE = 8,
  /** A pong from the server. `in`, `len`: its payload. */
  LWS_CALLBACK_CLIENT_RECEIVE_PONG = 9,
  /** There is room to write to our websocket. */
  LWS_CALLBACK_CLIENT_WRITEABLE = 10,
  /** May we offer this extension? `in`: its name. Nonzero: no. */
  LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED = 26,
  /** Give the options of an extension. `in`: its name; `user`: where to write them; `len`: room. */
  LWS_CALLBACK_WS_EXT_DEFAULTS = 39,
  /**
   * Somebody connects. `in`: the descriptor as a pointer; `user`: lws_filter_network_conn_args. Nonzero
   * refuses. To protocol 0.
   */
  LWS_CALLBACK_FILTER_NETWORK_CONNECTION = 17,
  /** The protocol was bound to our websocket. */
  LWS_CALLBACK_WS_CLIENT_BIND_PROTOCOL = 79,
  /** The protocol is unbound from it. */
  LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL = 80,
  /** Return the calling thread's number, for the program's own bookkeeping. To protocol 0. */
  LWS_CALLBACK_GET_THREAD_ID = 31,
  /** External poll: begin to watch. `in`: lws_pollargs. To protocol 0, as the next ones. */
  LWS_CALLBACK_ADD_POLL_FD = 32,
  /** External poll: stop watching. */
  LWS_CALLBACK_DEL_POLL_FD = 33,
  /** External poll: watch for other events. */
  LWS_CALLBACK_CHANGE_MODE_POLL_FD = 34,
  /** External poll: about to change what is watched. `len`: 1 if the set changes. */
  LWS_CALLBACK_LOCK_POLL = 35,
  /** External poll: done. */
  LWS_CALLBACK_UNLOCK_POLL = 36,
  /** A mount starts or feeds a CGI program. `in`: lws_cgi_args. */
  LWS_CALLBACK_CGI = 40,
  /** The program ended. `in`: lws_cgi_args. */
  LWS_CALLBACK_CGI_TERMINATED = 41,
  /** Body for the program. `in`: lws_cgi_args. Returns how much was taken. */
  LWS_CALLBACK_CGI_STDIN_DATA = 42,
  /** The body is complete. */
  LWS_CALLBACK_CGI_STDIN_COMPLETED = 43,
  /** The program was started. `len`: its process number. */
  LWS_CALLBACK_CGI_PROCESS_ATTACH = 70,
  /** For protocols that keep sessions for others. */
  LWS_CALLBACK_SESSION_INFO = 54,
  /** For protocols that keep sessions for others. */
  LWS_CALLBACK_GS_EVENT = 55,
  /** For protocols that write pages for others. */
  LWS_CALLBACK_HTTP_PMO = 56,
  /** Raw proxy: data from the onward side. */
  LWS_CALLBACK_RAW_PROXY_CLI_RX = 89,
  /** Raw proxy: data from the accepted side. */
  LWS_CALLBACK_RAW_PROXY_SRV_RX = 90,
  /** Raw proxy: the onward side closed. */
  LWS_CALLBACK_RAW_PROXY_CLI_CLOSE = 91,
  /** Raw proxy: the accepted side closed. */
  LWS_CALLBACK_RAW_PROXY_SRV_CLOSE = 92,
  /** Raw proxy: room to write onwards. */
  LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE = 93,
  /** Raw proxy: room to write to the accepted side. */
  LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE = 94,
  /** Raw proxy: the onward side is there. */
  LWS_CALLBACK_RAW_PROXY_CLI_ADOPT = 95,
  /** Raw proxy: the accepted side is there. */
  LWS_CALLBACK_RAW_PROXY_SRV_ADOPT = 96,
  /** Raw proxy: bound to the onward side. */
  LWS_CALLBACK_RAW_PROXY_CLI_BIND_PROTOCOL = 97,
  /** Raw proxy: bound to the accepted side. */
  LWS_CALLBACK_RAW_PROXY_SRV_BIND_PROTOCOL = 98,
  /** Raw proxy: unbound from the onward side. */
  LWS_CALLBACK_RAW_PROXY_CLI_DROP_PROTOCOL = 99,
  /** Raw proxy: unbound from the accepted side. */
  LWS_CALLBACK_RAW_PROXY_SRV_DROP_PROTOCOL = 100,
  /** Data on a raw socket. `in`, `len`: the bytes. */
  LWS_CALLBACK_RAW_RX = 59,
  /** A raw socket was closed. */
  LWS_CALLBACK_RAW_CLOSE = 60,
  /** There is room to write to a raw socket. */
  LWS_CALLBACK_RAW_WRITEABLE = 61,
  /** A raw socket was adopted. */
  LWS_CALLBACK_RAW_ADOPT = 62,
  /** Our raw connection is open. */
  LWS_CALLBACK_RAW_CONNECTED = 101,
  /** The protocol was bound to a raw socket. */
  LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL = 81,
  /** The protocol is unbound from it. */
  LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL = 82,
  /** A file descriptor was adopted. */
  LWS_CALLBACK_RAW_ADOPT_FILE = 63,
  /** The descriptor is readable: read it. */
  LWS_CALLBACK_RAW_RX_FILE = 64,
  /** The descriptor is writable. */
  LWS_CALLBACK_RAW_WRITEABLE_FILE = 65,
  /** The descriptor was closed. */
  LWS_CALLBACK_RAW_CLOSE_FILE = 66,
  /** The protocol was bound to a descriptor. */
  LWS_CALLBACK_RAW_FILE_BIND_PROTOCOL = 83,
  /** The protocol is unbound from it. */
  LWS_CALLBACK_RAW_FILE_DROP_PROTOCOL = 84,
  /** The time of lws_set_timer_usecs() is up. */
  LWS_CALLBACK_TIMER = 73,
  /** Somebody called lws_cancel_service(). To every protocol of every vhost. */
  LWS_CALLBACK_EVENT_WAIT_CANCELLED = 71,
  /** A child connection closes. `in`: the child. To its parent. */
  LWS_CALLBACK_CHILD_CLOSING = 69,
  /** A certificate's age is checked, daily. `in`: lws_acme_cert_aging_args; `len`: days left. */
  LWS_CALLBACK_VHOST_CERT_AGING = 72,
  /** News of a certificate's renewal. `len`: enum lws_cert_update_state. */
  LWS_CALLBACK_VHOST_CERT_UPDATE = 74,
  /** MQTT is not implemented by this library; this and the next reasons never come. */
  LWS_CALLBACK_MQTT_NEW_CLIENT_INSTANTIATED = 200,
  /** MQTT. */
  LWS_CALLBACK_MQTT_IDLE = 201,
  /** MQTT. */
  LWS_CALLBACK_MQTT_CLIENT_ESTABLISHED = 202,
  /** MQTT. */
  LWS_CALLBACK_MQTT_SUBSCRIBED = 203,
  /** MQTT. */
  LWS_CALLBACK_MQTT_CLIENT_WRITEABLE = 204,
  /** MQTT. */
  LWS_CALLBACK_MQTT_CLIENT_RX = 205,
  /** MQTT. */
  LWS_CALLBACK_MQTT_UNSUBSCRIBED = 206,
  /** MQTT. */
  LWS_CALLBACK_MQTT_DROP_PROTOCOL = 207,
  /** MQTT. */
  LWS_CALLBACK_MQTT_CLIENT_CLOSED = 208,
  /** MQTT. */
  LWS_CALLBACK_MQTT_ACK = 209,
  /** MQTT. */
  LWS_CALLBACK_MQTT_RESEND = 210,
  /** The first number that is the program's own. */
  LWS_CALLBACK_USER = 1000,
};

/** What an extension is called for. */
enum lws_extension_callback_reasons {
  /** A client's handshake accepted the extension. `in`: where the extension keeps its state pointer. */
  LWS_EXT_CB_CONSTRUCT = 4,
  /** The server accepted it. */
  LWS_EXT_CB_CLIENT_CONSTRUCT = 5,
  /** The connection ends: free the state. */
  LWS_EXT_CB_DESTROY = 8,
  /** A frame is about to be sent. */
  LWS_EXT_CB_PACKET_TX_PRESEND = 12,
  /** Change what is sent. `in`: lws_tokens or the like, in and out. */
  LWS_EXT_CB_PAYLOAD_TX = 21,
  /** Change what was received. */
  LWS_EXT_CB_PAYLOAD_RX = 22,
  /** An option takes its default. */
  LWS_EXT_CB_OPTION_DEFAULT = 23,
  /** An option of the handshake. `in`: lws_ext_option_arg. */
  LWS_EXT_CB_OPTION_SET = 24,
  /** All options are known. */
  LWS_EXT_CB_OPTION_CONFIRM = 25,
  /** lws_set_extension_option() was called. `in`: lws_ext_option_arg. */
  LWS_EXT_CB_NAMED_OPTION_SET = 26,
};

/** How far a certificate's renewal is. */
enum lws_cert_update_state {
  /** Nothing goes on. */
  LWS_CUS_IDLE = 0,
  /** It begins. */
  LWS_CUS_STARTING = 1,
  /** There is a new certificate. */
  LWS_CUS_SUCCESS = 2,
  /** There is none. */
  LWS_CUS_FAILED = 3,
  /** Making keys. */
  LWS_CUS_CREATE_KEYS = 4,
  /** Registering. */
  LWS_CUS_REG = 5,
  /** Proving who we are. */
  LWS_CUS_AUTH = 6,
  /** Answering the challenge. */
  LWS_CUS_CHALLENGE = 7,
  /** Making the request. */
  LWS_CUS_CREATE_REQ = 8,
  /** Sending it. */
  LWS_CUS_REQ = 9,
  /** Waiting for confirmation. */
  LWS_CUS_CONFIRM = 10,
  /** Fetching the certificate. */
  LWS_CUS_ISSUE = 11,
};

/** Codes of a websocket's close frame (RFC 6455 7.4), and two of the library's own. */
enum lws_close_status {
  /** Send no code. */
  LWS_CLOSE_STATUS_NOSTATUS = 0,
  /** Done. */
  LWS_CLOSE_STATUS_NORMAL = 1000,
  /** The server stops, or the user leaves the page. */
  LWS_CLOSE_STATUS_GOINGAWAY = 1001,
  /** The peer broke the protocol. */
  LWS_CLOSE_STATUS_PROTOCOL_ERR = 1002,
  /** A kind of data that is not taken. */
  LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE = 1003,
  /** Never sent. */
  LWS_CLOSE_STATUS_RESERVED = 1004,
  /** Never sent: the close frame had no code. */
  LWS_CLOSE_STATUS_NO_STATUS = 1005,
  /** Never sent: there was no close frame. */
  LWS_CLOSE_STATUS_ABNORMAL_CLOSE = 1006,
  /** Data that does not fit its kind, such as text that is not UTF-8. */
  LWS_CLOSE_STATUS_INVALID_PAYLOAD = 1007,
  /** Refused for a reason that has no other code. */
  LWS_CLOSE_STATUS_POLICY_VIOLATION = 1008,
  /** More than can be taken. */
  LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE = 1009,
  /** The client needs an extension that the server did not give. */
  LWS_CLOSE_STATUS_EXTENSION_REQUIRED = 1010,
  /** The server cannot go on. */
  LWS_CLOSE_STATUS_UNEXPECTED_CONDITION = 1011,
  /** Never sent: TLS failed. */
  LWS_CLOSE_STATUS_TLS_FAILURE = 1015,
  /** Inside the library: an http client is done. */
  LWS_CLOSE_STATUS_CLIENT_TRANSACTION_DONE = 2000,
  /** Inside the library: the context is being destroyed. */
  LWS_CLOSE_STATUS_NOSTATUS_CONTEXT_DESTROY = 9999,
};

/** What a connection waits for when lws_set_timeout() closes it. */
enum pending_timeout {
  /** No timeout. */
  NO_PENDING_TIMEOUT = 0,
  /** The http proxy has not answered. */
  PENDING_TIMEOUT_AWAITING_PROXY_RESPONSE = 1,
  /** The connection is not open. */
  PENDING_TIMEOUT_AWAITING_CONNECT_RESPONSE = 2,
  /** The handshake has not come. */
  PENDING_TIMEOUT_ESTABLISH_WITH_SERVER = 3,
  /** The server has not answered. */
  PENDING_TIMEOUT_AWAITING_SERVER_RESPONSE = 4,
  /** A ping is due. */
  PENDING_TIMEOUT_AWAITING_PING = 5,
  /** The peer has not answered our close frame. */
  PENDING_TIMEOUT_CLOSE_ACK = 6,
  /** Not used. */
  PENDING_TIMEOUT_UNUSED1 = 7,
  /** Our handshake is not answered. */
  PENDING_TIMEOUT_SENT_CLIENT_HANDSHAKE = 8,
  /** The TLS handshake does not get done. */
  PENDING_TIMEOUT_SSL_ACCEPT = 9,
  /** A body does not come, or is not taken. */
  PENDING_TIMEOUT_HTTP_CONTENT = 10,
  /** Our handshake cannot be sent. */
  PENDING_TIMEOUT_AWAITING_CLIENT_HS_SEND = 11,
  /** What is stored cannot be sent before closing. */
  PENDING_FLUSH_STORED_SEND_BEFORE_CLOSE = 12,
  /** The peer does not close after our shutdown. */
  PENDING_TIMEOUT_SHUTDOWN_FLUSH = 13,
  /** The program does nothing. */
  PENDING_TIMEOUT_CGI = 14,
  /** No further request. */
  PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE = 15,
  /** Time to send a ping. */
  PENDING_TIMEOUT_WS_PONG_CHECK_SEND_PING = 16,
  /** The pong has not come. */
  PENDING_TIMEOUT_WS_PONG_CHECK_GET_PONG = 17,
  /** Our request's body does not come. */
  PENDING_TIMEOUT_CLIENT_ISSUE_PAYLOAD = 18,
  /** The socks proxy has not answered the greeting. */
  PENDING_TIMEOUT_AWAITING_SOCKS_GREETING_REPLY = 19,
  /** The socks proxy has not connected. */
  PENDING_TIMEOUT_AWAITING_SOCKS_CONNECT_REPLY = 20,
  /** The socks proxy has not answered the password. */
  PENDING_TIMEOUT_AWAITING_SOCKS_AUTH_REPLY = 21,
  /** An SSL_INFO callback asked for the end. */
  PENDING_TIMEOUT_KILLED_BY_SSL_INFO = 22,
  /** The parent connection asked for the end. */
  PENDING_TIMEOUT_KILLED_BY_PARENT = 23,
  /** Our close frame cannot be sent. */
  PENDING_TIMEOUT_CLOSE_SEND = 24,
  /** Headers are held too long. */
  PENDING_TIMEOUT_HOLDING_AH = 25,
  /** No datagram. */
  PENDING_TIMEOUT_UDP_IDLE = 26,
  /** A client connection kept for reuse was not used. */
  PENDING_TIMEOUT_CLIENT_CONN_IDLE = 27,
  /** The peer is too slow. */
  PENDING_TIMEOUT_LAGGING = 28,
  /** Waiting for a worker thread. */
  PENDING_TIMEOUT_THREADPOOL = 29,
  /** A worker thread takes too long. */
  PENDING_TIMEOUT_THREADPOOL_TASK = 30,
  /** The other side of a proxied connection closed. */
  PENDING_TIMEOUT_KILLED_BY_PROXY_CLIENT_CLOSE = 31,
  /** The program's timeout. */
  PENDING_TIMEOUT_USER_OK = 32,
  /** The first number that is the program's own. */
  PENDING_TIMEOUT_USER_REASON_BASE = 1000,
};

/** What is adopted. */
enum lws_adoption_type {
  /** A file descriptor. */
  LWS_ADOPT_RAW_FILE_DESC = 0,
  /** Flag: speak http, else raw. */
  LWS_ADOPT_HTTP = 1,
  /** Flag: a socket, else a file. */
  LWS_ADOPT_SOCKET = 2,
  /** Flag: with TLS if the vhost has it. */
  LWS_ADOPT_ALLOW_SSL = 4,
  /** Flag: datagrams. */
  LWS_ADOPT_FLAG_UDP = 16,
  /** Flag: one side of a raw proxy. */
  LWS_ADOPT_FLAG_RAW_PROXY = 32,
  /** A raw socket for datagrams. */
  LWS_ADOPT_RAW_SOCKET_UDP = 18,
};

/** Bits of `ssl_connection` of lws_client_connect_info. */
enum lws_client_connect_ssl_connection_flags {
  /** Use TLS. */
  LCCSCF_USE_SSL = 1,
  /** Take a certificate that signed itself. */
  LCCSCF_ALLOW_SELFSIGNED = 2,
  /** Take a certificate for another name. */
  LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK = 4,
  /** Take a certificate that is too old or too new. */
  LCCSCF_ALLOW_EXPIRED = 8,
  /** Take any certificate. */
  LCCSCF_ALLOW_INSECURE = 16,
  /** End http/2 requests as some servers need it. */
  LCCSCF_H2_QUIRK_NGHTTP2_END_STREAM = 32,
  /** Take credit that overflows. */
  LCCSCF_H2_QUIRK_OVERFLOWS_TXCR = 64,
  /** Send the authorization value as a bearer token. */
  LCCSCF_H2_AUTH_BEARER = 128,
  /** Send it as hex. */
  LCCSCF_H2_HEXIFY_AUTH_TOKEN = 256,
  /** The program gives http/2 credit itself. */
  LCCSCF_H2_MANUAL_RXFLOW = 512,
  /** The body is a multipart form. */
  LCCSCF_HTTP_MULTIPART_MIME = 1024,
  /** The body is an urlencoded form. */
  LCCSCF_HTTP_X_WWW_FORM_URLENCODED = 2048,
  /** Do not go where the server sends us. */
  LCCSCF_HTTP_NO_FOLLOW_REDIRECT = 4096,
  /** May share a connection to the same server. */
  LCCSCF_PIPELINE = 65536,
  /** May become a stream of a shared connection. */
  LCCSCF_MUXABLE_STREAM = 131072,
  /** Speak http/2 without asking. */
  LCCSCF_H2_PRIOR_KNOWLEDGE = 262144,
  /** Checks that the connection is alive wake a sleeping system. */
  LCCSCF_WAKE_SUSPEND__VALIDITY = 524288,
  /** Read before writing. */
  LCCSCF_PRIORITIZE_READS = 1048576,
};

/** What an extension's option takes. */
enum lws_ext_options_types {
  /** It has no value. */
  EXTARG_NONE = 0,
  /** It has a decimal value. */
  EXTARG_DEC = 1,
  /** It may have a decimal value. */
  EXTARG_OPT_DEC = 2,
};

/** What to ask of a certificate. */
enum lws_tls_cert_info {
  /** `time`: not valid before. */
  LWS_TLS_CERT_INFO_VALIDITY_FROM = 0,
  /** `time`: not valid after. */
  LWS_TLS_CERT_INFO_VALIDITY_TO = 1,
  /** `ns`: whose it is. */
  LWS_TLS_CERT_INFO_COMMON_NAME = 2,
  /** `ns`: who signed it. */
  LWS_TLS_CERT_INFO_ISSUER_NAME = 3,
  /** `usage`: X509 key usage bits. */
  LWS_TLS_CERT_INFO_USAGE = 4,
  /** `verified`: whether it was verified. */
  LWS_TLS_CERT_INFO_VERIFIED = 5,
  /** `ns`: the public key, as bytes. */
  LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY = 6,
};

/** Headers and other values of a request or answer, by number; from NAME_PART on, states of the parser. */
enum lws_token_indexes {
  WSI_TOKEN_GET_URI = 0,
  WSI_TOKEN_POST_URI = 1,
  WSI_TOKEN_OPTIONS_URI = 2,
  WSI_TOKEN_HOST = 3,
  WSI_TOKEN_CONNECTION = 4,
  WSI_TOKEN_UPGRADE = 5,
  WSI_TOKEN_ORIGIN = 6,
  WSI_TOKEN_DRAFT = 7,
  WSI_TOKEN_CHALLENGE = 8,
  WSI_TOKEN_EXTENSIONS = 9,
  WSI_TOKEN_KEY1 = 10,
  WSI_TOKEN_KEY2 = 11,
  WSI_TOKEN_PROTOCOL = 12,
  WSI_TOKEN_ACCEPT = 13,
  WSI_TOKEN_NONCE = 14,
  WSI_TOKEN_HTTP = 15,
  WSI_TOKEN_HTTP2_SETTINGS = 16,
  WSI_TOKEN_HTTP_ACCEPT = 17,
  WSI_TOKEN_HTTP_AC_REQUEST_HEADERS = 18,
  WSI_TOKEN_HTTP_IF_MODIFIED_SINCE = 19,
  WSI_TOKEN_HTTP_IF_NONE_MATCH = 20,
  WSI_TOKEN_HTTP_ACCEPT_ENCODING = 21,
  WSI_TOKEN_HTTP_ACCEPT_LANGUAGE = 22,
  WSI_TOKEN_HTTP_PRAGMA = 23,
  WSI_TOKEN_HTTP_CACHE_CONTROL = 24,
  WSI_TOKEN_HTTP_AUTHORIZATION = 25,
  WSI_TOKEN_HTTP_COOKIE = 26,
  WSI_TOKEN_HTTP_CONTENT_LENGTH = 27,
  WSI_TOKEN_HTTP_CONTENT_TYPE = 28,
  WSI_TOKEN_HTTP_DATE = 29,
  WSI_TOKEN_HTTP_RANGE = 30,
  WSI_TOKEN_HTTP_REFERER = 31,
  WSI_TOKEN_KEY = 32,
  WSI_TOKEN_VERSION = 33,
  WSI_TOKEN_SWORIGIN = 34,
  WSI_TOKEN_HTTP_COLON_AUTHORITY = 35,
  WSI_TOKEN_HTTP_COLON_METHOD = 36,
  WSI_TOKEN_HTTP_COLON_PATH = 37,
  WSI_TOKEN_HTTP_COLON_SCHEME = 38,
  WSI_TOKEN_HTTP_COLON_STATUS = 39,
  WSI_TOKEN_HTTP_ACCEPT_CHARSET = 40,
  WSI_TOKEN_HTTP_ACCEPT_RANGES = 41,
  WSI_TOKEN_HTTP_ACCESS_CONTROL_ALLOW_ORIGIN = 42,
  WSI_TOKEN_HTTP_AGE = 43,
  WSI_TOKEN_HTTP_ALLOW = 44,
  WSI_TOKEN_HTTP_CONTENT_DISPOSITION = 45,
  WSI_TOKEN_HTTP_CONTENT_ENCODING = 46,
  WSI_TOKEN_HTTP_CONTENT_LANGUAGE = 47,
  WSI_TOKEN_HTTP_CONTENT_LOCATION = 48,
  WSI_TOKEN_HTTP_CONTENT_RANGE = 49,
  WSI_TOKEN_HTTP_ETAG = 50,
  WSI_TOKEN_HTTP_EXPECT = 51,
  WSI_TOKEN_HTTP_EXPIRES = 52,
  WSI_TOKEN_HTTP_FROM = 53,
  WSI_TOKEN_HTTP_IF_MATCH = 54,
  WSI_TOKEN_HTTP_IF_RANGE = 55,
  WSI_TOKEN_HTTP_IF_UNMODIFIED_SINCE = 56,
  WSI_TOKEN_HTTP_LAST_MODIFIED = 57,
  WSI_TOKEN_HTTP_LINK = 58,
  WSI_TOKEN_HTTP_LOCATION = 59,
  WSI_TOKEN_HTTP_MAX_FORWARDS = 60,
  WSI_TOKEN_HTTP_PROXY_AUTHENTICATE = 61,
  WSI_TOKEN_HTTP_PROXY_AUTHORIZATION = 62,
  WSI_TOKEN_HTTP_REFRESH = 63,
  WSI_TOKEN_HTTP_RETRY_AFTER = 64,
  WSI_TOKEN_HTTP_SERVER = 65,
  WSI_TOKEN_HTTP_SET_COOKIE = 66,
  WSI_TOKEN_HTTP_STRICT_TRANSPORT_SECURITY = 67,
  WSI_TOKEN_HTTP_TRANSFER_ENCODING = 68,
  WSI_TOKEN_HTTP_USER_AGENT = 69,
  WSI_TOKEN_HTTP_VARY = 70,
  WSI_TOKEN_HTTP_VIA = 71,
  WSI_TOKEN_HTTP_WWW_AUTHENTICATE = 72,
  WSI_TOKEN_PATCH_URI = 73,
  WSI_TOKEN_PUT_URI = 74,
  WSI_TOKEN_DELETE_URI = 75,
  WSI_TOKEN_HTTP_URI_ARGS = 76,
  WSI_TOKEN_PROXY = 77,
  WSI_TOKEN_HTTP_X_REAL_IP = 78,
  WSI_TOKEN_HTTP1_0 = 79,
  WSI_TOKEN_X_FORWARDED_FOR = 80,
  WSI_TOKEN_CONNECT = 81,
  WSI_TOKEN_HEAD_URI = 82,
  WSI_TOKEN_TE = 83,
  WSI_TOKEN_REPLAY_NONCE = 84,
  WSI_TOKEN_COLON_PROTOCOL = 85,
  WSI_TOKEN_X_AUTH_TOKEN = 86,
  _WSI_TOKEN_CLIENT_SENT_PROTOCOLS = 87,
  _WSI_TOKEN_CLIENT_PEER_ADDRESS = 88,
  _WSI_TOKEN_CLIENT_URI = 89,
  _WSI_TOKEN_CLIENT_HOST = 90,
  _WSI_TOKEN_CLIENT_ORIGIN = 91,
  _WSI_TOKEN_CLIENT_METHOD = 92,
  _WSI_TOKEN_CLIENT_IFACE = 93,
  _WSI_TOKEN_CLIENT_ALPN = 94,
  WSI_TOKEN_COUNT = 95,
  WSI_TOKEN_NAME_PART = 96,
  WSI_TOKEN_UNKNOWN_VALUE_PART = 97,
  WSI_TOKEN_SKIPPING = 98,
  WSI_TOKEN_SKIPPING_SAW_CR = 99,
  WSI_PARSING_COMPLETE = 100,
  WSI_INIT_TOKEN_MUXURL = 101,
};

/** Response codes. */
enum http_status {
  HTTP_STATUS_CONTINUE = 100,
  HTTP_STATUS_OK = 200,
  HTTP_STATUS_NO_CONTENT = 204,
  HTTP_STATUS_PARTIAL_CONTENT = 206,
  HTTP_STATUS_MOVED_PERMANENTLY = 301,
  HTTP_STATUS_FOUND = 302,
  HTTP_STATUS_SEE_OTHER = 303,
  HTTP_STATUS_NOT_MODIFIED = 304,
  HTTP_STATUS_BAD_REQUEST = 400,
  HTTP_STATUS_UNAUTHORIZED = 401,
  HTTP_STATUS_PAYMENT_REQUIRED = 402,
  HTTP_STATUS_FORBIDDEN = 403,
  HTTP_STATUS_NOT_FOUND = 404,
  HTTP_STATUS_METHOD_NOT_ALLOWED = 405,
  HTTP_STATUS_NOT_ACCEPTABLE = 406,
  HTTP_STATUS_PROXY_AUTH_REQUIRED = 407,
  HTTP_STATUS_REQUEST_TIMEOUT = 408,
  HTTP_STATUS_CONFLICT = 409,
  HTTP_STATUS_GONE = 410,
  HTTP_STATUS_LENGTH_REQUIRED = 411,
  HTTP_STATUS_PRECONDITION_FAILED = 412,
  HTTP_STATUS_REQ_ENTITY_TOO_LARGE = 413,
  HTTP_STATUS_REQ_URI_TOO_LONG = 414,
  HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE = 415,
  HTTP_STATUS_REQ_RANGE_NOT_SATISFIABLE = 416,
  HTTP_STATUS_EXPECTATION_FAILED = 417,
  HTTP_STATUS_INTERNAL_SERVER_ERROR = 500,
  HTTP_STATUS_NOT_IMPLEMENTED = 501,
  HTTP_STATUS_BAD_GATEWAY = 502,
  HTTP_STATUS_SERVICE_UNAVAILABLE = 503,
  HTTP_STATUS_GATEWAY_TIMEOUT = 504,
  HTTP_STATUS_HTTP_VERSION_NOT_SUPPORTED = 505,
};

/** Numbers of http/2 settings. */
enum lws_h2_settings {
  H2SET_HEADER_TABLE_SIZE = 1,
  H2SET_ENABLE_PUSH = 2,
  H2SET_MAX_CONCURRENT_STREAMS = 3,
  H2SET_INITIAL_WINDOW_SIZE = 4,
  H2SET_MAX_FRAME_SIZE = 5,
  H2SET_MAX_HEADER_LIST_SIZE = 6,
  H2SET_RESERVED7 = 7,
  H2SET_ENABLE_CONNECT_PROTOCOL = 8,
  H2SET_COUNT = 9,
};

/** What a mount's `origin` is. */
enum lws_mount_protocols {
  LWSMPRO_HTTP = 0,
  LWSMPRO_HTTPS = 1,
  LWSMPRO_FILE = 2,
  LWSMPRO_CGI = 3,
  LWSMPRO_REDIR_HTTP = 4,
  LWSMPRO_REDIR_HTTPS = 5,
  LWSMPRO_CALLBACK = 6,
};

/** How a mount asks for a password. */
enum lws_authentication_mode {
  LWSAUTHM_DEFAULT = 0,
  LWSAUTHM_BASIC_AUTH_CALLBACK = 268435456,
};

/** What lws_spa_fileupload_cb is called for. */
enum lws_spa_fileupload_states {
  LWS_UFS_CONTENT = 0,
  LWS_UFS_FINAL_CONTENT = 1,
  LWS_UFS_OPEN = 2,
  LWS_UFS_CLOSE = 3,
};

/** A program's three descriptors. */
enum lws_enum_stdinouterr {
  LWS_STDIN = 0,
  LWS_STDOUT = 1,
  LWS_STDERR = 2,
};

/** How far a CGI program's headers are parsed. */
enum lws_cgi_hdr_state {
  LCHS_HEADER = 0,
  LCHS_CR1 = 1,
  LCHS_LF1 = 2,
  LCHS_CR2 = 3,
  LCHS_LF2 = 4,
  LHCS_RESPONSE = 5,
  LHCS_DUMP_HEADERS = 6,
  LHCS_PAYLOAD = 7,
  LCHS_SINGLE_0A = 8,
};

/** States of the system, gone through in order. */
enum lws_system_states_t {
  /** Nothing is known. */
  LWS_SYSTATE_UNKNOWN = 0,
  /** The context is there, not more. */
  LWS_SYSTATE_CONTEXT_CREATED = 1,
  /** The context is complete. */
  LWS_SYSTATE_INITIALIZED = 2,
  /** Network interfaces are known. */
  LWS_SYSTATE_IFACE_COLDPLUG = 3,
  /** There is an address. */
  LWS_SYSTATE_DHCP = 4,
  /** Captive portal checked, before the time is known. */
  LWS_SYSTATE_CPD_PRE_TIME = 5,
  /** The time is known. */
  LWS_SYSTATE_TIME_VALID = 6,
  /** Captive portal checked, with the time known. */
  LWS_SYSTATE_CPD_POST_TIME = 7,
  /** The policy is there. */
  LWS_SYSTATE_POLICY_VALID = 8,
  /** The device is registered. */
  LWS_SYSTATE_REGISTERED = 9,
  /** The first authorization is there. */
  LWS_SYSTATE_AUTH1 = 10,
  /** The second authorization is there. */
  LWS_SYSTATE_AUTH2 = 11,
  /** All is there: protocols are initialised. */
  LWS_SYSTATE_OPERATIONAL = 12,
  /** The policy is being replaced. */
  LWS_SYSTATE_POLICY_INVALID = 13,
};

/** What captive portal detection found. */
enum lws_cpd_result_t {
  /** Not known. */
  LWS_CPD_UNKNOWN = 0,
  /** There is an internet connection. */
  LWS_CPD_INTERNET_OK = 1,
  /** Somebody wants to be paid or agreed with first. */
  LWS_CPD_CAPTIVE_PORTAL = 2,
  /** There is none. */
  LWS_CPD_NO_INTERNET = 3,
};

/** Values for the whole system. */
enum lws_system_blob_item_t {
  /** Authorization values; two. */
  LWS_SYSBLOB_TYPE_AUTH = 0,
  /** A client's certificate. */
  LWS_SYSBLOB_TYPE_CLIENT_CERT_DER = 2,
  /** Its key. */
  LWS_SYSBLOB_TYPE_CLIENT_KEY_DER = 3,
  /** The device's serial number. */
  LWS_SYSBLOB_TYPE_DEVICE_SERIAL = 4,
  /** The device's version. */
  LWS_SYSBLOB_TYPE_DEVICE_FW_VERSION = 5,
  /** The device's type. */
  LWS_SYSBLOB_TYPE_DEVICE_TYPE = 6,
  /** A time server. */
  LWS_SYSBLOB_TYPE_NTP_SERVER = 7,
  /** How many there are. */
  LWS_SYSBLOB_TYPE_COUNT = 8,
};

/** What a directory entry is. */
enum lws_dir_obj_type_t {
  /** Not known. */
  LDOT_UNKNOWN = 0,
  /** A file. */
  LDOT_FILE = 1,
  /** A directory. */
  LDOT_DIR = 2,
  /** A symbolic link. */
  LDOT_LINK = 3,
  /** A named pipe. */
  LDOT_FIFO = 4,
  /** A unix socket. */
  LDOTT_SOCKET = 5,
  /** A character device. */
  LDOT_CHAR = 6,
  /** A block device. */
  LDOT_BLOCK = 7,
};

/** What a JSON parser's callback is called for; those with bit 6 are values. */
enum lejp_callbacks {
  /** The parser is ready. */
  LEJPCB_CONSTRUCTED = 0,
  /** The parser is gone. */
  LEJPCB_DESTRUCTED = 1,
  /** The first byte came. */
  LEJPCB_START = 2,
  /** The outermost value is complete. */
  LEJPCB_COMPLETE = 3,
  /** The text is wrong, or a callback stopped. */
  LEJPCB_FAILED = 4,
  /** A member's name; `path` has it. */
  LEJPCB_PAIR_NAME = 5,
  /** true. */
  LEJPCB_VAL_TRUE = 70,
  /** false. */
  LEJPCB_VAL_FALSE = 71,
  /** null. */
  LEJPCB_VAL_NULL = 72,
  /** An integer, as text in `buf`. */
  LEJPCB_VAL_NUM_INT = 73,
  /** A number with a point or exponent, as text in `buf`. */
  LEJPCB_VAL_NUM_FLOAT = 74,
  /** A text begins. */
  LEJPCB_VAL_STR_START = 11,
  /** Part of a long text, in `buf`. */
  LEJPCB_VAL_STR_CHUNK = 76,
  /** The rest of a text, in `buf`. */
  LEJPCB_VAL_STR_END = 77,
  /** An array begins. */
  LEJPCB_ARRAY_START = 14,
  /** An array ends. */
  LEJPCB_ARRAY_END = 15,
  /** An object begins. */
  LEJPCB_OBJECT_START = 16,
  /** An object ends. */
  LEJPCB_OBJECT_END = 17,
};

/** Results of lejp_parse() below 0. */
enum lejp_reasons {
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
};

/** What a number has had so far. */
enum num_flags {
  /** A minus. */
  LEJP_SEEN_MINUS = 1,
  /** A point. */
  LEJP_SEEN_POINT = 2,
  /** A digit behind the point. */
  LEJP_SEEN_POST_POINT = 4,
  /** An exponent. */
  LEJP_SEEN_EXP = 8,
};

/** What comma checking waits for. */
enum lws_tokenize_delimiter_tracking {
  /** The first element of a list. */
  LWSTZ_DT_NEED_FIRST_CONTENT = 0,
  /** A comma, or the end. */
  LWSTZ_DT_NEED_DELIM = 1,
  /** Another element. */
  LWSTZ_DT_NEED_NEXT_CONTENT = 2,
};

typedef enum lws_adoption_type lws_adoption_type;
typedef enum lws_cpd_result_t lws_cpd_result_t;
typedef enum lws_dir_obj_type_t lws_dir_obj_type_t;
typedef enum lws_system_blob_item_t lws_system_blob_item_t;
typedef enum lws_system_states_t lws_system_states_t;
#endif  /* LWS_GEN_ENUMS_H */
