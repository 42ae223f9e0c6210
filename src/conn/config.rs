//! What a program asked for, in the core's own terms.
//!
//! The C surface converts `struct lws_context_creation_info` once into these; nothing here knows a C layout.
//! Strings are copied; addresses that only make sense to the program (user pointers, option lists) are kept as numbers
//! and handed back unchanged.

use crate::conn::client::tunnel::Proxies;
use crate::conn::extension::Extension;
use crate::conn::protocol::Protocol;
use crate::proto::http::forward::Origin;
use crate::sys::clock::Usec;
use crate::sys::logfile::LogFile;
use crate::sys::privs::Identity;
use crate::sys::sock::KeepAlive;
use std::any::Any;
use std::ffi::CString;

/// Bits of info.options that the core looks at.
pub mod option {
    /// Clients must have a valid certificate.
    pub const REQUIRE_CLIENT_CERT: u64 = 0x2;
    /// Plain connections are taken on a TLS port.
    pub const ALLOW_NON_SSL: u64 = 0x8;
    /// Do not use IPv6.
    pub const DISABLE_IPV6: u64 = 0x20;
    /// The system's CA certificates are not trusted.
    pub const DISABLE_OS_CA_CERTS: u64 = 0x40;
    /// With REQUIRE_CLIENT_CERT: clients without a certificate are served too.
    pub const PEER_CERT_NOT_REQUIRED: u64 = 0x80;
    /// Check text frames for UTF-8.
    pub const VALIDATE_UTF8: u64 = 0x100;
    /// Plain http on a TLS port is redirected to https.
    pub const REDIRECT_TO_HTTPS: u64 = 0x800;
    /// TLS is used at all.
    pub const SSL_GLOBAL_INIT: u64 = 0x1000;
    /// No default vhost.
    pub const EXPLICIT_VHOSTS: u64 = 0x2000;
    /// Tell browsers to use TLS only (Strict-Transport-Security).
    pub const STS: u64 = 0x8000;
    /// iface is the path of a unix socket.
    pub const UNIX_SOCK: u64 = 0x4000;
    /// Set IPV6_V6ONLY from the next bit.
    pub const IPV6_V6ONLY_MODIFY: u64 = 0x10000;
    /// Value for IPV6_V6ONLY.
    pub const IPV6_V6ONLY_VALUE: u64 = 0x20000;
    /// Origin of a client's request is sent as the program wrote it.
    pub const JUST_USE_RAW_ORIGIN: u64 = 0x8_0000;
    /// A connection that does not speak http takes the listen-accept role.
    pub const FALLBACK_TO_ACCEPT_CONFIG: u64 = 0x10_0000;
    /// Connections take the listen-accept role at once.
    pub const APPLY_ACCEPT_CONFIG: u64 = 0x40_0000;
    /// SO_REUSEPORT on listeners.
    pub const ALLOW_LISTEN_SHARE: u64 = 0x80_0000;
    /// A TLS context is made though no certificate is given.
    pub const CREATE_VHOST_SSL_CTX: u64 = 0x100_0000;
    /// PROTOCOL_INIT is left to the program.
    pub const SKIP_PROTOCOL_INIT: u64 = 0x200_0000;
    /// Certificate files that are not there are no failure.
    pub const IGNORE_MISSING_CERT: u64 = 0x400_0000;
    /// Send the security headers.
    pub const SECURITY_HEADERS: u64 = 0x1000_0000;
    /// Plain http is served on a TLS port.
    pub const HTTP_ON_HTTPS: u64 = 0x2000_0000;
    /// A listener that cannot be bound fails the vhost.
    pub const FAIL_UPON_UNABLE_TO_BIND: u64 = 0x4000_0000;
    /// TLS sessions with servers are not resumed.
    pub const NO_TLS_SESSIONS: u64 = 0x80_0000_0000;
    /// System states are not walked by the library.
    pub const NO_SYSTEM_STATES: u64 = 0x8_0000_0000;
}

/// Percent of datagrams that are lost on purpose (udp_loss_sim_tx_pc, udp_loss_sim_rx_pc), for tests of programs.
#[derive(Clone, Copy, Default, Debug)]
pub struct Loss {
    /// Of those that are sent.
    pub sent: u8,
    /// Of those that come.
    pub received: u8,
}

/// The whole context.
#[derive(Debug)]
pub struct ContextConfig {
    /// info.options.
    pub options: u64,
    /// info.user, handed back by lws_context_user.
    pub user: usize,
    /// Service threads.
    pub threads: u8,
    /// Largest piece of received data given to a callback whose protocol does not say (lws: pt_serv_buf_size).
    pub service_buffer: usize,
    /// Bytes of headers a request may have (max_http_header_data).
    pub header_data: usize,
    /// Header tables that may be in use at a time per thread (max_http_header_pool); 0 is as many as connections.
    pub header_pool: u32,
    /// Header tables that one address may use at a time per thread; 0: no limit.
    pub ip_limit_ah: u32,
    /// Connections that one address may have; 0: no limit.
    pub ip_limit_wsi: u32,
    /// Connections per thread; 0 follows the process limit.
    pub fd_limit_per_thread: u32,
    /// Default time to ping and to hang up when no policy is given.
    pub validity: Validity,
    /// Address of the program's retry policy, 0 without.
    pub retry_policy: usize,
    /// TLS sessions that may exist at a time; 0 is any number (simultaneous_ssl_restriction).
    pub tls_session_limit: u32,
    /// Who the process shall become when its ports are bound.
    pub identity: Identity,
    /// Datagrams that get lost.
    pub udp_loss: Loss,
    /// User agents that get an answer of their own instead of service (reject_service_keywords).
    pub refused_agents: Vec<RefusedAgent>,
}

/// One entry of info.reject_service_keywords.
#[derive(Debug)]
pub struct RefusedAgent {
    /// Text that the User-Agent header has in it.
    pub keyword: CString,
    /// Status to answer with.
    pub code: u16,
    /// Text of the page.
    pub text: Vec<u8>,
}

/// When a connection that says nothing is pinged, and when it is given up. Zero switches a step off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// Idle time before a ping.
    pub ping: Usec,
    /// Idle time before the connection is closed.
    pub hangup: Usec,
}

/// What one connection is given for itself (lws: retry_and_idle_policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its idle times.
    pub validity: Validity,
    /// Address of the program's struct.
    pub address: usize,
}

/// One vhost.
pub struct VhostConfig {
    /// Its name, matched against Host.
    pub name: CString,
    /// Where it listens.
    pub listen: Listen,
    /// info.port as given: what lws_get_vhost_port says.
    pub port: i32,
    /// Interface or path as given.
    pub iface: Option<CString>,
    /// info.options.
    pub options: u64,
    /// info.user.
    pub user: usize,
    /// The protocols, at least one.
    pub protocols: Vec<Protocol>,
    /// Whatever the C side must keep alive as long as the vhost.
    pub keep: Box<dyn Any + Send + Sync>,
    /// URL areas, in the program's order.
    pub mounts: Vec<Mount>,
    /// WebSocket extensions, in the program's order.
    pub extensions: Vec<Extension>,
    /// Extra response headers.
    pub headers: Vec<(CString, CString)>,
    /// `server:` header.
    pub server_string: Option<CString>,
    /// Where a 404 redirects to.
    pub error_document_404: Option<CString>,
    /// Protocol for upgrades that name none, and for raw ones: indexes into `protocols`.
    pub default_protocol: u16,
    /// Protocol of the listen-accept role.
    pub accept_protocol: AcceptProtocol,
    /// True when connections (or those that do not speak http) become raw.
    pub accept_raw: bool,
    /// And then are the incoming side of a raw proxy.
    pub accept_proxy: bool,
    /// Seconds for library-internal timeouts (timeout_secs).
    pub timeout_secs: u32,
    /// Seconds an outgoing connection may take (connect_timeout_secs).
    pub connect_secs: u32,
    /// Seconds an idle http connection is kept (keepalive_timeout).
    pub keepalive_secs: u32,
    /// Seconds for a complete request head (timeout_secs_ah_idle).
    pub head_secs: u32,
    /// Validity policy of connections of this vhost, if it has one of its own.
    pub validity: Option<Validity>,
    /// Address of the program's retry policy, 0 without.
    pub retry_policy: usize,
    /// TCP keepalive.
    pub keepalive: KeepAlive,
    /// Owner of the unix socket ("user:group").
    pub unix_owner: Option<CString>,
    /// Device for SO_BINDTODEVICE.
    pub bind_device: Option<String>,
    /// Proxies of its outgoing connections, to begin with.
    pub proxies: Proxies,
    /// What it asks of TLS.
    pub tls: TlsConfig,
    /// Where requests are noted.
    pub access_log: Option<LogFile>,
    /// Run when the vhost has ended.
    pub finalize: Option<Box<dyn Fn(usize) + Send + Sync>>,
}

/// TLS of a vhost.
#[derive(Clone, Debug, Default)]
pub struct TlsConfig {
    /// For connections that it accepts; `None` is plain.
    pub server: Option<crate::tls::ctx_server::ServerConfig>,
    /// For connections that it makes; `None` where the vhost does not ask for it.
    pub client: Option<crate::tls::ctx_client::ClientConfig>,
}

/// The protocol that accepted connections are given where they do not speak http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptProtocol {
    /// Named by listen_accept_protocol.
    Named(u16),
    /// The one whose options say "raw", or the first.
    Implied(u16),
    /// listen_accept_protocol names none of the vhost's.
    Unknown,
}

/// Where a vhost listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Not at all.
    Nowhere,
    /// TCP on a port; `None` is every address.
    Tcp {
        /// Name or address of the interface.
        iface: Option<CString>,
        /// Port, 0 for any.
        port: u16,
    },
    /// A unix socket at a path.
    Unix(String),
}

/// What a URL area serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    /// Files below a directory.
    File,
    /// A script, or those in a directory.
    Cgi,
    /// A protocol's callback.
    Callback,
    /// Another server, asked anew for each request.
    Proxy,
    /// 301 to http or https.
    Redirect {
        /// https instead of http.
        tls: bool,
    },
}

/// One URL area (lws: struct lws_http_mount).
#[derive(Debug)]
pub struct Mount {
    /// Start of the URL area.
    pub mountpoint: Vec<u8>,
    /// Directory, host and path, or protocol name.
    pub origin: CString,
    /// The server of a proxy area.
    pub server: Option<Origin>,
    /// File for URLs that end in '/'.
    pub default_file: CString,
    /// What is served.
    pub kind: MountKind,
    /// The mount says by name which protocol it belongs to.
    pub names_protocol: bool,
    /// The protocol it belongs to, by name or (callbacks) by origin. `None`: none, or one that is not there.
    pub protocol: Option<u16>,
    /// Address of the cgienv list for HTTP_PMO; 0 without.
    pub per_mount_options: usize,
    /// Variables of its scripts.
    pub cgi_variables: Vec<(CString, CString)>,
    /// Seconds that a script may run; 0 for the default.
    pub cgi_secs: u32,
    /// Extra file name suffixes and their types.
    pub extra_mimetypes: Vec<(CString, CString)>,
    /// cache-control.
    pub cache: CachePolicy,
    /// Whether a password is asked for.
    pub auth: MountAuth,
    /// Suffixes of files that a protocol rewrites on their way out, and that protocol; `None`: it is not there.
    pub interpret: Vec<(CString, Option<u16>)>,
}

/// Who may use a mount (lws: auth_mask and basic_auth_login_file).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountAuth {
    /// Everybody.
    Open,
    /// Whoever stands in this file of `user:password` lines.
    File(CString),
    /// Whom VERIFY_BASIC_AUTHORIZATION lets in.
    Callback,
}

/// What a mount says about caching.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CachePolicy {
    /// Seconds.
    pub max_age: u32,
    /// The client may keep it.
    pub reusable: bool,
    /// The client must ask again.
    pub revalidate: bool,
    /// Proxies may keep it.
    pub intermediaries: bool,
}
