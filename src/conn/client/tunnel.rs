//! The way through a proxy: which one, what is said to it, and reading its answer.
//!
//! The connection to the proxy is there (WSI_CREATE was told); what follows its answer belongs to the server behind it.
//! So the answer is looked at in the kernel and taken out of it to its last byte, no further: TLS, http or the
//! program find what the server has said meanwhile where they would find it without a proxy.
//! An http proxy comes before a SOCKS one; unix sockets and relayed requests go directly. Called by [`super::attempt`].

use crate::conn::client::{self, attempt};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::vhost::Vhost;
use crate::conn::wsi::Wsi;
use crate::proto::proxy::connect::{self, Connect};
use crate::proto::proxy::socks5::Socks5;
use crate::proto::proxy::{Address, Step, authority, is_host};
use crate::sys::addr;
use crate::sys::clock::SEC;
use crate::sys::sock::{self, Io};
use std::io;
use std::rc::Rc;
use std::sync::Arc;

/// Bytes of a proxy's answer that are looked at in one go.
const PIECE: usize = 1024;

/// The proxies of a vhost.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// lws_set_proxy.
    pub http: Option<Arc<Address>>,
    /// lws_set_socks.
    pub socks: Option<Arc<Address>>,
}

/// The proxy that a connection goes through.
#[derive(Clone, Debug)]
pub enum Via {
    /// CONNECT.
    Http(Arc<Address>),
    /// SOCKS5.
    Socks(Arc<Address>),
}

impl Via {
    /// Which one a vhost's connections go through.
    pub fn of(vhost: &Vhost) -> Option<Self> {
        let proxies = vhost.proxies.lock();
        let http = proxies.http.clone().map(Self::Http);
        http.or_else(|| proxies.socks.clone().map(Self::Socks))
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        match self {
            Self::Http(address) | Self::Socks(address) => address,
        }
    }

    /// What the text of a failure begins with.
    fn stage(&self) -> &'static str {
        match self {
            Self::Http(_) => "proxy not h1",
            Self::Socks(_) => "socks",
        }
    }
}

#[derive(Debug)]
enum Engine {
    Http(Box<Connect>),
    Socks(Box<Socks5>),
}

/// A way that is being asked for.
#[derive(Debug)]
pub struct Tunnel {
    engine: Engine,
    /// To be sent.
    output: Vec<u8>,
}

impl Tunnel {
    fn new(via: &Via, host: &str, port: u16) -> Result<Self, &'static str> {
        if !is_host(host) {
            return Err("the server's name is none");
        }
        let mut output = Vec::new();
        let engine = match via {
            Via::Http(proxy) => {
                output = connect::request(host, port, proxy);
                Engine::Http(Box::default())
            }
            Via::Socks(proxy) => {
                Engine::Socks(Box::new(Socks5::new(host, port, proxy, &mut output)?))
            }
        };
        Ok(Self { engine, output })
    }

    /// True while something is to be sent.
    pub fn has_output(&self) -> bool {
        !self.output.is_empty()
    }

    fn feed(&mut self, input: &[u8]) -> Step {
        match &mut self.engine {
            Engine::Http(engine) => engine.feed(input),
            Engine::Socks(engine) => engine.feed(input, &mut self.output),
        }
    }
}

/// What one look at the socket came to.
enum Next {
    Wait,
    Again,
    Through,
    Failed(String),
}

/// The proxy is connected: asks it for the server.
pub fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, via: &Via, host: &str, port: u16) {
    let secs = wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5);
    let us = i64::from(secs) * SEC;
    timeout::set_internal(thread, wsi, pending::AWAITING_PROXY_RESPONSE, us);
    match Tunnel::new(via, host, port) {
        Ok(tunnel) => {
            attempt::ask_proxy(wsi, tunnel);
            go_on(thread, wsi, via);
        }
        Err(why) => fail(thread, wsi, via, &authority(host, port), why),
    }
}

/// The socket has room, or something of the proxy's.
pub fn go_on(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, via: &Via) {
    loop {
        match step(wsi) {
            Next::Again => {}
            Next::Wait => return,
            Next::Through => return attempt::through(thread, wsi),
            Next::Failed(why) => {
                let proxy = format!("{:?}", via.address());
                return fail(thread, wsi, via, &proxy, &why);
            }
        }
    }
}

fn fail(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, via: &Via, place: &str, why: &str) {
    client::fail(thread, wsi, &format!("{}: {place}: {why}", via.stage()));
}

/// Sends what is to be sent, then looks at what has come and takes what is the proxy's.
fn step(wsi: &Wsi) -> Next {
    if let Some(end) = flush(wsi) {
        return end;
    }
    if !wsi.readable.get() {
        return Next::Wait;
    }
    let mut buffer = [0u8; PIECE];
    let seen = match wsi.with_fd(|fd| sock::peek(fd, &mut buffer)) {
        Some(Io::Moved(0)) => return Next::Failed("it hung up".to_owned()),
        Some(Io::Moved(n)) => buffer.get(..n).unwrap_or_default(),
        Some(Io::WouldBlock) | None => {
            wsi.readable.set(false);
            return Next::Wait;
        }
        Some(Io::Failed(errno)) => return broken(errno),
    };
    let step = attempt::with_tunnel(wsi, |tunnel| tunnel.feed(seen));
    let (taken, next) = match step {
        Some(Step::NeedMore) => (seen.len(), Next::Again),
        Some(Step::Done { consumed }) => (consumed, Next::Through),
        Some(Step::Refused(why)) => return Next::Failed(why),
        None => return Next::Wait,
    };
    let mut place = [0u8; PIECE];
    let place = place.get_mut(..taken).unwrap_or_default();
    match wsi.with_fd(|fd| sock::recv(fd, place)) {
        Some(Io::Moved(n)) if n == taken => next,
        Some(Io::Failed(errno)) => broken(errno),
        _ => Next::Failed("its answer changed while it was read".to_owned()),
    }
}

/// Sends; says what to do where it cannot go on.
fn flush(wsi: &Wsi) -> Option<Next> {
    while attempt::with_tunnel(wsi, |tunnel| tunnel.has_output())? {
        let output = attempt::with_tunnel(wsi, |tunnel| std::mem::take(&mut tunnel.output))?;
        let sent = wsi.with_fd(|fd| sock::send(fd, &output))?;
        let rest = match sent {
            Io::Moved(n) => output.get(n..).unwrap_or_default().to_vec(),
            Io::WouldBlock => output,
            Io::Failed(errno) => return Some(broken(errno)),
        };
        attempt::with_tunnel(wsi, |tunnel| tunnel.output = rest);
        if sent == Io::WouldBlock {
            wsi.writable.set(false);
            return Some(Next::Wait);
        }
    }
    None
}

fn broken(errno: i32) -> Next {
    Next::Failed(addr::reason(&io::Error::from_raw_os_error(errno)))
}
