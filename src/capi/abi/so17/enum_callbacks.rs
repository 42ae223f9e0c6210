//! `enum lws_callback_reasons` and the reasons that other kinds of callback get.

/// What a protocol is called for. Unless said otherwise, 0 goes on and another result closes the connection.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_callback_reasons {
    /// For each vhost, once, before anything else. No connection: `wsi` is only good for asking for its vhost.
    /// `in`: the protocol's options (lws_protocol_vhost_options), or NULL. Nonzero: the vhost fails.
    LWS_CALLBACK_PROTOCOL_INIT = 27,
    /// For each vhost, once, after all else: free what PROTOCOL_INIT made.
    LWS_CALLBACK_PROTOCOL_DESTROY = 28,
    /// A connection was created. To protocol 0.
    LWS_CALLBACK_WSI_CREATE = 29,
    /// The last call for a connection. To protocol 0, always.
    LWS_CALLBACK_WSI_DESTROY = 30,
    /// The peer gave more transmit credit. `len`: how much.
    LWS_CALLBACK_WSI_TX_CREDIT_GET = 103,
    /// Add to the client's certificates. `user`: the SSL_CTX. To protocol 0.
    LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS = 21,
    /// Add to the server's certificates. `user`: the SSL_CTX. To protocol 0.
    LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS = 22,
    /// A client's certificate is being verified. `user`: the X509_STORE_CTX; `in`: the SSL; `len`: what OpenSSL
    /// thinks of it. Nonzero refuses.
    LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION = 23,
    /// The vhost has no private key file: give the SSL_CTX (`user`) one. To protocol 0.
    LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY = 37,
    /// One of the events of `ssl_info_event_mask`. `in`: lws_ssl_info.
    LWS_CALLBACK_SSL_INFO = 67,
    /// A server's certificate is being verified, for a client of ours. `user`: the X509_STORE_CTX; `in`: the SSL;
    /// `len`: what OpenSSL thinks of it. Nonzero refuses.
    LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION = 58,
    /// A connection was accepted. To protocol 0.
    LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED = 19,
    /// A request's headers are there. `in`, `len`: the path below the mount. Answer, ask for writable, or return
    /// nonzero to close.
    LWS_CALLBACK_HTTP = 12,
    /// Part of a request's body. `in`, `len`: the bytes.
    LWS_CALLBACK_HTTP_BODY = 13,
    /// The body is complete. `in`, `len`: the path.
    LWS_CALLBACK_HTTP_BODY_COMPLETION = 14,
    /// A file that lws_serve_http_file() sends has gone. Nonzero closes.
    LWS_CALLBACK_HTTP_FILE_COMPLETION = 15,
    /// There is room to write to a client.
    LWS_CALLBACK_HTTP_WRITEABLE = 16,
    /// An http connection that never became a websocket was closed.
    LWS_CALLBACK_CLOSED_HTTP = 5,
    /// Headers are there, nothing is decided. `in`, `len`: the path. Nonzero closes.
    LWS_CALLBACK_FILTER_HTTP_CONNECTION = 18,
    /// Last chance to add headers to an answer. `in`: lws_process_html_args with the place to write to; move its
    /// `p`.
    LWS_CALLBACK_ADD_HEADERS = 53,
    /// A mount asks the protocol to check "user:password". `in`, `len`: that text. Nonzero: right.
    LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION = 102,
    /// A mount asks whether the request may have the file. `in`: lws_process_html_args. Nonzero refuses.
    LWS_CALLBACK_CHECK_ACCESS_RIGHTS = 51,
    /// A part of a file that a mount's `interpret` names. `in`: lws_process_html_args: change it in place.
    LWS_CALLBACK_PROCESS_HTML = 52,
    /// The protocol was bound to an http transaction; its session storage is new.
    LWS_CALLBACK_HTTP_BIND_PROTOCOL = 49,
    /// The protocol is unbound from it: free what is in the session storage.
    LWS_CALLBACK_HTTP_DROP_PROTOCOL = 50,
    /// A request asks to become something else. `in`: what. Nonzero refuses: positive if it was answered.
    LWS_CALLBACK_HTTP_CONFIRM_UPGRADE = 86,
    /// A server answered our request: its headers are there.
    LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP = 44,
    /// Our http connection was closed.
    LWS_CALLBACK_CLOSED_CLIENT_HTTP = 45,
    /// Part of the answer's body, after lws_http_client_read(). `in`, `len`: the bytes.
    LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ = 48,
    /// There is body to read: call lws_http_client_read().
    LWS_CALLBACK_RECEIVE_CLIENT_HTTP = 46,
    /// The answer is complete.
    LWS_CALLBACK_COMPLETED_CLIENT_HTTP = 47,
    /// There is room to write the request's body.
    LWS_CALLBACK_CLIENT_HTTP_WRITEABLE = 57,
    /// The server sends us elsewhere. `in`: where; `len`: the status. Nonzero: do not go.
    LWS_CALLBACK_CLIENT_HTTP_REDIRECT = 104,
    /// The protocol was bound to a request of ours.
    LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL = 85,
    /// The protocol is unbound from it.
    LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL = 76,
    /// A client's websocket is open. `in`: the SSL, or NULL.
    LWS_CALLBACK_ESTABLISHED = 0,
    /// A websocket was closed.
    LWS_CALLBACK_CLOSED = 4,
    /// There is room to write to a client's websocket.
    LWS_CALLBACK_SERVER_WRITEABLE = 11,
    /// Data from a client. `in`, `len`: the bytes; see lws_is_final_fragment() and its kin.
    LWS_CALLBACK_RECEIVE = 6,
    /// A pong from a client. `in`, `len`: its payload.
    LWS_CALLBACK_RECEIVE_PONG = 7,
    /// The peer closes. `in`, `len`: the code (two bytes, big end first) and text. Nonzero: close without an
    /// answer.
    LWS_CALLBACK_WS_PEER_INITIATED_CLOSE = 38,
    /// A websocket handshake chose this protocol. `in`: its name. Nonzero refuses.
    LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION = 20,
    /// A client asks for this extension. `in`: its name. Nonzero refuses it.
    LWS_CALLBACK_CONFIRM_EXTENSION_OKAY = 25,
    /// The protocol was bound to a client's websocket.
    LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL = 77,
    /// The protocol is unbound from it.
    LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL = 78,
    /// Our connection failed. `in`, `len`: why, or NULL. It is gone after this.
    LWS_CALLBACK_CLIENT_CONNECTION_ERROR = 1,
    /// The server accepted our handshake; its headers are there. Nonzero closes.
    LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH = 2,
    /// Our websocket is open.
    LWS_CALLBACK_CLIENT_ESTABLISHED = 3,
    /// Our websocket was closed.
    LWS_CALLBACK_CLIENT_CLOSED = 75,
    /// Add headers to our request. `in`: pointer to the place to write to; move it. `len`: room.
    LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER = 24,
    /// Data from the server. `in`, `len`: the bytes.
    LWS_CALLBACK_CLIENT_RECEIVE = 8,
    /// A pong from the server. `in`, `len`: its payload.
    LWS_CALLBACK_CLIENT_RECEIVE_PONG = 9,
    /// There is room to write to our websocket.
    LWS_CALLBACK_CLIENT_WRITEABLE = 10,
    /// May we offer this extension? `in`: its name. Nonzero: no.
    LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED = 26,
    /// Give the options of an extension. `in`: its name; `user`: where to write them; `len`: room.
    LWS_CALLBACK_WS_EXT_DEFAULTS = 39,
    /// Somebody connects. `in`: the descriptor as a pointer; `user`: lws_filter_network_conn_args. Nonzero
    /// refuses. To protocol 0.
    LWS_CALLBACK_FILTER_NETWORK_CONNECTION = 17,
    /// The protocol was bound to our websocket.
    LWS_CALLBACK_WS_CLIENT_BIND_PROTOCOL = 79,
    /// The protocol is unbound from it.
    LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL = 80,
    /// Return the calling thread's number, for the program's own bookkeeping. To protocol 0.
    LWS_CALLBACK_GET_THREAD_ID = 31,
    /// External poll: begin to watch. `in`: lws_pollargs. To protocol 0, as the next ones.
    LWS_CALLBACK_ADD_POLL_FD = 32,
    /// External poll: stop watching.
    LWS_CALLBACK_DEL_POLL_FD = 33,
    /// External poll: watch for other events.
    LWS_CALLBACK_CHANGE_MODE_POLL_FD = 34,
    /// External poll: about to change what is watched. `len`: 1 if the set changes.
    LWS_CALLBACK_LOCK_POLL = 35,
    /// External poll: done.
    LWS_CALLBACK_UNLOCK_POLL = 36,
    /// A mount starts or feeds a CGI program. `in`: lws_cgi_args.
    LWS_CALLBACK_CGI = 40,
    /// The program ended. `in`: lws_cgi_args.
    LWS_CALLBACK_CGI_TERMINATED = 41,
    /// Body for the program. `in`: lws_cgi_args. Returns how much was taken.
    LWS_CALLBACK_CGI_STDIN_DATA = 42,
    /// The body is complete.
    LWS_CALLBACK_CGI_STDIN_COMPLETED = 43,
    /// The program was started. `len`: its process number.
    LWS_CALLBACK_CGI_PROCESS_ATTACH = 70,
    /// For protocols that keep sessions for others.
    LWS_CALLBACK_SESSION_INFO = 54,
    /// For protocols that keep sessions for others.
    LWS_CALLBACK_GS_EVENT = 55,
    /// For protocols that write pages for others.
    LWS_CALLBACK_HTTP_PMO = 56,
    /// Raw proxy: data from the onward side.
    LWS_CALLBACK_RAW_PROXY_CLI_RX = 89,
    /// Raw proxy: data from the accepted side.
    LWS_CALLBACK_RAW_PROXY_SRV_RX = 90,
    /// Raw proxy: the onward side closed.
    LWS_CALLBACK_RAW_PROXY_CLI_CLOSE = 91,
    /// Raw proxy: the accepted side closed.
    LWS_CALLBACK_RAW_PROXY_SRV_CLOSE = 92,
    /// Raw proxy: room to write onwards.
    LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE = 93,
    /// Raw proxy: room to write to the accepted side.
    LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE = 94,
    /// Raw proxy: the onward side is there.
    LWS_CALLBACK_RAW_PROXY_CLI_ADOPT = 95,
    /// Raw proxy: the accepted side is there.
    LWS_CALLBACK_RAW_PROXY_SRV_ADOPT = 96,
    /// Raw proxy: bound to the onward side.
    LWS_CALLBACK_RAW_PROXY_CLI_BIND_PROTOCOL = 97,
    /// Raw proxy: bound to the accepted side.
    LWS_CALLBACK_RAW_PROXY_SRV_BIND_PROTOCOL = 98,
    /// Raw proxy: unbound from the onward side.
    LWS_CALLBACK_RAW_PROXY_CLI_DROP_PROTOCOL = 99,
    /// Raw proxy: unbound from the accepted side.
    LWS_CALLBACK_RAW_PROXY_SRV_DROP_PROTOCOL = 100,
    /// Data on a raw socket. `in`, `len`: the bytes.
    LWS_CALLBACK_RAW_RX = 59,
    /// A raw socket was closed.
    LWS_CALLBACK_RAW_CLOSE = 60,
    /// There is room to write to a raw socket.
    LWS_CALLBACK_RAW_WRITEABLE = 61,
    /// A raw socket was adopted.
    LWS_CALLBACK_RAW_ADOPT = 62,
    /// Our raw connection is open.
    LWS_CALLBACK_RAW_CONNECTED = 101,
    /// The protocol was bound to a raw socket.
    LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL = 81,
    /// The protocol is unbound from it.
    LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL = 82,
    /// A file descriptor was adopted.
    LWS_CALLBACK_RAW_ADOPT_FILE = 63,
    /// The descriptor is readable: read it.
    LWS_CALLBACK_RAW_RX_FILE = 64,
    /// The descriptor is writable.
    LWS_CALLBACK_RAW_WRITEABLE_FILE = 65,
    /// The descriptor was closed.
    LWS_CALLBACK_RAW_CLOSE_FILE = 66,
    /// The protocol was bound to a descriptor.
    LWS_CALLBACK_RAW_FILE_BIND_PROTOCOL = 83,
    /// The protocol is unbound from it.
    LWS_CALLBACK_RAW_FILE_DROP_PROTOCOL = 84,
    /// The time of lws_set_timer_usecs() is up.
    LWS_CALLBACK_TIMER = 73,
    /// Somebody called lws_cancel_service(). To every protocol of every vhost.
    LWS_CALLBACK_EVENT_WAIT_CANCELLED = 71,
    /// A child connection closes. `in`: the child. To its parent.
    LWS_CALLBACK_CHILD_CLOSING = 69,
    /// A certificate's age is checked, daily. `in`: lws_acme_cert_aging_args; `len`: days left.
    LWS_CALLBACK_VHOST_CERT_AGING = 72,
    /// News of a certificate's renewal. `len`: enum lws_cert_update_state.
    LWS_CALLBACK_VHOST_CERT_UPDATE = 74,
    /// MQTT is not implemented by this library; this and the next reasons never come.
    LWS_CALLBACK_MQTT_NEW_CLIENT_INSTANTIATED = 200,
    /// MQTT.
    LWS_CALLBACK_MQTT_IDLE = 201,
    /// MQTT.
    LWS_CALLBACK_MQTT_CLIENT_ESTABLISHED = 202,
    /// MQTT.
    LWS_CALLBACK_MQTT_SUBSCRIBED = 203,
    /// MQTT.
    LWS_CALLBACK_MQTT_CLIENT_WRITEABLE = 204,
    /// MQTT.
    LWS_CALLBACK_MQTT_CLIENT_RX = 205,
    /// MQTT.
    LWS_CALLBACK_MQTT_UNSUBSCRIBED = 206,
    /// MQTT.
    LWS_CALLBACK_MQTT_DROP_PROTOCOL = 207,
    /// MQTT.
    LWS_CALLBACK_MQTT_CLIENT_CLOSED = 208,
    /// MQTT.
    LWS_CALLBACK_MQTT_ACK = 209,
    /// MQTT.
    LWS_CALLBACK_MQTT_RESEND = 210,
    /// The first number that is the program's own.
    LWS_CALLBACK_USER = 1000,
}

/// What an extension is called for.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_extension_callback_reasons {
    /// A client's handshake accepted the extension. `in`: where the extension keeps its state pointer.
    LWS_EXT_CB_CONSTRUCT = 4,
    /// The server accepted it.
    LWS_EXT_CB_CLIENT_CONSTRUCT = 5,
    /// The connection ends: free the state.
    LWS_EXT_CB_DESTROY = 8,
    /// A frame is about to be sent.
    LWS_EXT_CB_PACKET_TX_PRESEND = 12,
    /// Change what is sent. `in`: lws_tokens or the like, in and out.
    LWS_EXT_CB_PAYLOAD_TX = 21,
    /// Change what was received.
    LWS_EXT_CB_PAYLOAD_RX = 22,
    /// An option takes its default.
    LWS_EXT_CB_OPTION_DEFAULT = 23,
    /// An option of the handshake. `in`: lws_ext_option_arg.
    LWS_EXT_CB_OPTION_SET = 24,
    /// All options are known.
    LWS_EXT_CB_OPTION_CONFIRM = 25,
    /// lws_set_extension_option() was called. `in`: lws_ext_option_arg.
    LWS_EXT_CB_NAMED_OPTION_SET = 26,
}

/// How far a certificate's renewal is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lws_cert_update_state {
    /// Nothing goes on.
    LWS_CUS_IDLE = 0,
    /// It begins.
    LWS_CUS_STARTING = 1,
    /// There is a new certificate.
    LWS_CUS_SUCCESS = 2,
    /// There is none.
    LWS_CUS_FAILED = 3,
    /// Making keys.
    LWS_CUS_CREATE_KEYS = 4,
    /// Registering.
    LWS_CUS_REG = 5,
    /// Proving who we are.
    LWS_CUS_AUTH = 6,
    /// Answering the challenge.
    LWS_CUS_CHALLENGE = 7,
    /// Making the request.
    LWS_CUS_CREATE_REQ = 8,
    /// Sending it.
    LWS_CUS_REQ = 9,
    /// Waiting for confirmation.
    LWS_CUS_CONFIRM = 10,
    /// Fetching the certificate.
    LWS_CUS_ISSUE = 11,
}
