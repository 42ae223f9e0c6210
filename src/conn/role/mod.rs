//! What connections speak. One file or folder a role; this is the switch between them.

use crate::conn::client::attempt::Connecting;
use crate::conn::reason::Reason;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::util::cell::StateCell;
use std::rc::Rc;

pub mod cgi;
pub mod client;
pub mod datagram;
pub mod http;
pub mod raw;
pub mod wake;
pub mod ws;

/// The role of a connection with its state.
#[derive(Default)]
pub enum Role {
    /// None: a stand-in, or a connection being made.
    #[default]
    None,
    /// Accepts connections for the vhosts that share it.
    Listen(Box<crate::conn::listen::Listener>),
    /// An outgoing connection that is being made.
    Connecting(Box<Connecting>),
    /// A socket that races for a connection that is being made.
    Runner,
    /// HTTP/1 client.
    HttpClient(Box<client::HttpClient>),
    /// HTTP/1 server.
    Http(Box<http::Http>),
    /// HTTP/1 server between requests.
    HttpIdle(http::idle::Idle),
    /// WebSocket, either side.
    Ws(Box<ws::Ws>),
    /// Bytes as they come.
    RawSocket,
    /// One side of a raw proxy, which the program makes of two connections.
    RawProxy(ProxySide),
    /// Datagrams as they come.
    Datagram(Box<datagram::Datagram>),
    /// A descriptor that the program reads itself.
    RawFile,
    /// A channel of a script.
    CgiPipe(cgi::Pipe),
    /// The wake-up descriptor.
    Wake,
    /// A socket whose connection has ended.
    Lingering(crate::conn::linger::Remains),
}

/// Which side of a raw proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProxySide {
    /// It was accepted.
    Incoming,
    /// It goes where what was accepted is passed on to.
    Onward,
}

/// The role without its state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoleKind {
    /// See [`Role::None`].
    None,
    /// See [`Role::Listen`].
    Listen,
    /// See [`Role::Connecting`].
    Connecting,
    /// See [`Role::Connecting`], to be raw.
    ConnectingRaw,
    /// See [`Role::Connecting`], to be the onward side of a raw proxy.
    ConnectingProxy,
    /// See [`Role::Runner`].
    Runner,
    /// See [`Role::HttpClient`].
    HttpClient,
    /// See [`Role::Http`].
    Http,
    /// See [`Role::Ws`]: a server's.
    Ws,
    /// See [`Role::Ws`]: a client's.
    WsClient,
    /// See [`Role::RawSocket`].
    RawSocket,
    /// See [`ProxySide::Incoming`].
    RawProxy,
    /// See [`ProxySide::Onward`].
    RawProxyClient,
    /// See [`Role::Datagram`].
    Datagram,
    /// See [`Role::RawFile`].
    RawFile,
    /// See [`Role::CgiPipe`].
    CgiPipe,
    /// See [`Role::Wake`].
    Wake,
    /// See [`Role::Lingering`].
    Lingering,
}

impl Role {
    /// Which one it is.
    pub fn kind(&self) -> RoleKind {
        match self {
            Self::None => RoleKind::None,
            Self::Listen(_) => RoleKind::Listen,
            Self::Connecting(c) => c.kind(),
            Self::Runner => RoleKind::Runner,
            Self::HttpClient(_) => RoleKind::HttpClient,
            Self::Http(_) | Self::HttpIdle(_) => RoleKind::Http,
            Self::Ws(ws) if ws.is_client() => RoleKind::WsClient,
            Self::Ws(_) => RoleKind::Ws,
            Self::RawSocket => RoleKind::RawSocket,
            Self::RawProxy(ProxySide::Incoming) => RoleKind::RawProxy,
            Self::RawProxy(ProxySide::Onward) => RoleKind::RawProxyClient,
            Self::Datagram(_) => RoleKind::Datagram,
            Self::RawFile => RoleKind::RawFile,
            Self::CgiPipe(_) => RoleKind::CgiPipe,
            Self::Wake => RoleKind::Wake,
            Self::Lingering(_) => RoleKind::Lingering,
        }
    }
}

/// The reasons that a role's life is told with.
pub struct Reasons {
    /// A protocol is bound.
    pub bind: Reason,
    /// It is let go.
    pub drop: Reason,
    /// Room to write.
    pub writeable: Reason,
    /// The connection ended.
    pub closed: Reason,
}

impl RoleKind {
    /// A connection that is being made.
    pub fn is_connecting(self) -> bool {
        matches!(
            self,
            Self::Connecting | Self::ConnectingRaw | Self::ConnectingProxy
        )
    }

    /// A socket without protocol of ours.
    pub fn is_raw_socket(self) -> bool {
        matches!(
            self,
            Self::RawSocket | Self::RawProxy | Self::RawProxyClient
        )
    }

    /// WebSocket, either side.
    pub fn is_ws(self) -> bool {
        matches!(self, Self::Ws | Self::WsClient)
    }

    /// The reasons of this role; `None` for roles that no protocol sees.
    pub fn reasons(self) -> Option<Reasons> {
        let (bind, drop, writeable, closed) = match self {
            Self::Http => (
                Reason::HTTP_BIND_PROTOCOL,
                Reason::HTTP_DROP_PROTOCOL,
                Reason::HTTP_WRITEABLE,
                Reason::CLOSED_HTTP,
            ),
            Self::Connecting | Self::HttpClient => (
                Reason::CLIENT_HTTP_BIND_PROTOCOL,
                Reason::CLIENT_HTTP_DROP_PROTOCOL,
                Reason::CLIENT_HTTP_WRITEABLE,
                Reason::CLOSED_CLIENT_HTTP,
            ),
            Self::WsClient => (
                Reason::WS_CLIENT_BIND_PROTOCOL,
                Reason::WS_CLIENT_DROP_PROTOCOL,
                Reason::CLIENT_WRITEABLE,
                Reason::CLIENT_CLOSED,
            ),
            // quirk: a ws server connection is bound with the http reason.
            Self::Ws => (
                Reason::HTTP_BIND_PROTOCOL,
                Reason::WS_SERVER_DROP_PROTOCOL,
                Reason::SERVER_WRITEABLE,
                Reason::CLOSED,
            ),
            Self::RawSocket | Self::Datagram | Self::ConnectingRaw => (
                Reason::RAW_SKT_BIND_PROTOCOL,
                Reason::RAW_SKT_DROP_PROTOCOL,
                Reason::RAW_WRITEABLE,
                Reason::RAW_CLOSE,
            ),
            Self::RawProxy => (
                Reason::RAW_PROXY_SRV_BIND_PROTOCOL,
                Reason::RAW_PROXY_SRV_DROP_PROTOCOL,
                Reason::RAW_PROXY_SRV_WRITEABLE,
                Reason::RAW_PROXY_SRV_CLOSE,
            ),
            Self::RawProxyClient | Self::ConnectingProxy => (
                Reason::RAW_PROXY_CLI_BIND_PROTOCOL,
                Reason::RAW_PROXY_CLI_DROP_PROTOCOL,
                Reason::RAW_PROXY_CLI_WRITEABLE,
                Reason::RAW_PROXY_CLI_CLOSE,
            ),
            Self::RawFile => (
                Reason::RAW_FILE_BIND_PROTOCOL,
                Reason::RAW_FILE_DROP_PROTOCOL,
                Reason::RAW_WRITEABLE_FILE,
                Reason::RAW_CLOSE_FILE,
            ),
            Self::None
            | Self::Listen
            | Self::Runner
            | Self::CgiPipe
            | Self::Wake
            | Self::Lingering => return None,
        };
        Some(Reasons {
            bind,
            drop,
            writeable,
            closed,
        })
    }
}

impl Wsi {
    /// Looks at the http state, if it has one; between requests that is an empty one.
    pub fn with_http<R>(&self, f: impl FnOnce(&mut http::Http) -> R) -> Option<R> {
        with(&self.role, |role| {
            if let Role::HttpIdle(idle) = role {
                *role = Role::Http(idle.awake());
            }
            match role {
                Role::Http(http) => Some(f(http)),
                _ => None,
            }
        })
    }

    /// Looks at the state of a connection that is being made.
    pub fn with_connecting<R>(&self, f: impl FnOnce(&mut Connecting) -> R) -> Option<R> {
        with(&self.role, |role| match role {
            Role::Connecting(connecting) => Some(f(connecting)),
            _ => None,
        })
    }

    /// Looks at the state of a UDP socket, if it is one.
    pub fn with_datagram<R>(&self, f: impl FnOnce(&mut datagram::Datagram) -> R) -> Option<R> {
        with(&self.role, |role| match role {
            Role::Datagram(datagram) => Some(f(datagram)),
            _ => None,
        })
    }

    /// Looks at the http client's state, if it has one.
    pub fn with_client<R>(&self, f: impl FnOnce(&mut client::HttpClient) -> R) -> Option<R> {
        with(&self.role, |role| match role {
            Role::HttpClient(client) => Some(f(client)),
            _ => None,
        })
    }

    /// Looks at the ws state, if it has one.
    pub fn with_ws<R>(&self, f: impl FnOnce(&mut ws::Ws) -> R) -> Option<R> {
        with(&self.role, |role| match role {
            Role::Ws(ws) => Some(f(ws)),
            _ => None,
        })
    }
}

fn with<R>(role: &StateCell<Role>, f: impl FnOnce(&mut Role) -> R) -> R {
    role.with(f)
}

/// Received bytes on their way to a role: a window of the receive buffer.
pub struct Input<'a> {
    /// The receive buffer; at least [`crate::conn::thread::RX_PRE`] bytes before `start` and one after `end` are lent too.
    pub buffer: &'a mut [u8],
    /// First byte not consumed yet.
    pub start: usize,
    /// End of what was received.
    pub end: usize,
}

impl Input<'_> {
    /// The bytes from `start` that a role should look at in one go: at most `limit`.
    pub fn window(&mut self, limit: usize) -> &mut [u8] {
        let end = self.end.min(self.start.saturating_add(limit));
        self.buffer.get_mut(self.start..end).unwrap_or_default()
    }
}

/// Gives input to the role. Returns the number of bytes consumed; 0 means that nothing can be consumed now.
pub fn on_rx(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    match wsi.role_kind() {
        RoleKind::Http => http::on_rx(thread, wsi, input),
        RoleKind::HttpClient => client::on_rx(thread, wsi, input),
        RoleKind::Ws | RoleKind::WsClient => ws::on_rx(thread, wsi, input),
        RoleKind::RawSocket
        | RoleKind::RawProxy
        | RoleKind::RawProxyClient
        | RoleKind::Datagram => raw::on_rx(thread, wsi, input),
        RoleKind::None
        | RoleKind::Listen
        | RoleKind::Connecting
        | RoleKind::ConnectingRaw
        | RoleKind::ConnectingProxy
        | RoleKind::Runner
        | RoleKind::RawFile
        | RoleKind::CgiPipe
        | RoleKind::Wake
        | RoleKind::Lingering => 0,
    }
}

/// The peer has ended its stream and everything before it is consumed.
pub fn on_end(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    // The peer may still read: what was written before this was noticed is sent.
    crate::conn::tx::flush_cork(thread, wsi);
    if wsi.role_kind() == RoleKind::HttpClient {
        return client::on_end(thread, wsi);
    }
    crate::conn::close::close(thread, wsi, crate::conn::wsi::CloseCause::Lost);
}

/// The socket has room and nothing of the library's own waits: the program may write. Returns false when the
/// role had something of its own to send, may go on with it at once, and the program was not called.
pub fn on_writable(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    match wsi.role_kind() {
        RoleKind::Http => http::on_writable(thread, wsi),
        RoleKind::HttpClient
        | RoleKind::Ws
        | RoleKind::WsClient
        | RoleKind::RawSocket
        | RoleKind::RawProxy
        | RoleKind::RawProxyClient
        | RoleKind::Datagram
        | RoleKind::RawFile => {
            crate::conn::service::tell_writeable(thread, wsi);
            true
        }
        RoleKind::CgiPipe => {
            cgi::pipe::on_writable(thread, wsi);
            true
        }
        RoleKind::None
        | RoleKind::Listen
        | RoleKind::Connecting
        | RoleKind::ConnectingRaw
        | RoleKind::ConnectingProxy
        | RoleKind::Runner
        | RoleKind::Wake
        | RoleKind::Lingering => true,
    }
}
