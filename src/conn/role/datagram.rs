//! UDP sockets: raw connections that receive and send whole datagrams.
//!
//! Each datagram is one RAW_RX, cut where the service buffer ends; lws_write sends one to whoever sent the last one, or
//! before that to the address that was asked for. Nothing is corked or queued: a datagram that the socket does not take
//! is lost, as on the wire. Empty datagrams are passed over (the reference ends the connection). Called by `conn::rx`
//! and `capi`.

use crate::conn::adopt::Ties;
use crate::conn::client::attempt;
use crate::conn::close;
use crate::conn::config::Policy;
use crate::conn::dispatch::{call_first, tell};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::{Input, Role, raw};
use crate::conn::rx;
use crate::conn::thread::{RX_PRE, ServiceThread};
use crate::conn::tx::Dead;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::conn::{adopt, children, external};
use crate::sys::iface::{self, Interface};
use crate::sys::sock::Io;
use crate::sys::{random, resolve, udp};
use crate::util::ids::Handle;
use crate::util::log::{log_err, log_info};
use std::ffi::CString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::Arc;

/// Datagrams in a row before others get their turn.
const DATAGRAMS: usize = 64;

/// What lws_get_udp shows: `struct lws_udp`.
#[repr(C, align(4))]
#[derive(Default)]
pub struct Shown {
    /// The sender, as a struct sockaddr.
    pub sa: [u8; 16],
    /// Its length.
    pub salen: u32,
    /// Not used.
    pub sa_pending: [u8; 16],
    /// Not used.
    pub salen_pending: u32,
}

/// State of a UDP connection.
#[derive(Default)]
pub struct Datagram {
    peer: Option<SocketAddr>,
    /// The peer for C.
    pub shown: Shown,
    /// What is to be opened, while a name is looked up.
    ask: Option<Box<Ask>>,
}

/// What a program asks for.
pub struct Ask {
    /// Whom to send to, or what to bind to; `None`: anybody.
    pub address: Option<String>,
    /// Port; `None`: any.
    pub port: Option<u16>,
    /// Receives at the address and port.
    pub bind: bool,
    /// Broadcast addresses may be sent to.
    pub broadcast: bool,
    /// Interface to receive at.
    pub iface: Option<CString>,
    /// Index of the protocol.
    pub protocol: u16,
    /// Parent connection.
    pub parent: Option<Handle>,
    /// lws_set_opaque_user_data.
    pub opaque: usize,
    /// Its own retry policy.
    pub policy: Option<Policy>,
}

impl Datagram {
    fn note_peer(&mut self, peer: SocketAddr) {
        self.peer = Some(peer);
        (self.shown.sa, self.shown.salen) = udp::shown(peer);
    }
}

/// lws_create_adopt_udp. A name that has to be looked up is answered in a later pass: RAW_ADOPT or the end follow then.
pub fn create(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, ask: Ask) -> Option<Rc<Wsi>> {
    let wsi = adopt::unconnected(thread, vhost, 0)?;
    wsi.opaque_user.set(ask.opaque);
    wsi.set_policy(ask.policy);
    children::join(thread, &wsi, ask.parent);
    let protocol = ask.protocol;
    let state = Datagram {
        ask: Some(Box::new(ask)),
        ..Datagram::default()
    };
    wsi.set_role(Role::Datagram(Box::new(state)));
    thread.enlist(&wsi);
    call_first(thread, &wsi, Reason::WSI_CREATE, Payload::Empty);
    adopt::bind(thread, &wsi, protocol, c"adopt");
    if wsi.is_open() {
        start(thread, &wsi);
    }
    wsi.is_open().then_some(wsi)
}

/// Makes a UDP socket of the program's a connection.
pub fn take_in(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    fd: OwnedFd,
    protocol: Option<u16>,
    ties: Ties,
) -> Option<Rc<Wsi>> {
    let role = Role::Datagram(Box::default());
    let wsi = adopt::raw(thread, vhost, fd, role, ties, false)?;
    adopt::begin_raw(thread, &wsi, vhost, protocol);
    wsi.is_open().then_some(wsi)
}

fn start(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let name = wsi.with_datagram(|d| {
        let ask = d.ask.as_ref()?;
        Some((ask.address.clone()?, ask.port.unwrap_or(0)))
    });
    let Some((name, port)) = name.flatten() else {
        return open(thread, wsi, None);
    };
    if let Some(address) = resolve::numeric(&name, port) {
        return open(thread, wsi, Some(address));
    }
    if let Err(why) = attempt::ask_names(thread, wsi, &name, port) {
        fail(thread, wsi, &format!("{name}: {why}"));
    }
}

/// The answer of a look-up.
pub fn resolved(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, answer: resolve::Answer) {
    if !wsi.is_open() {
        return;
    }
    match answer.map(|found| found.first().copied()) {
        Ok(Some(address)) => open(thread, wsi, Some(address)),
        Ok(None) => fail(thread, wsi, "the name has no address"),
        Err(why) => fail(thread, wsi, &why),
    }
}

fn fail(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, why: &str) {
    log_err!("udp: {why}");
    close::close(thread, wsi, CloseCause::Lost);
}

/// Where an interface receives.
fn address_of(iface: Option<&CString>, is_v6: bool, port: u16) -> Result<SocketAddr, String> {
    let any: IpAddr = if is_v6 {
        Ipv6Addr::UNSPECIFIED.into()
    } else {
        Ipv4Addr::UNSPECIFIED.into()
    };
    let Some(text) = iface else {
        return Ok(SocketAddr::new(any, port));
    };
    let name = text.to_string_lossy();
    match iface::lookup(text) {
        Ok(Interface::Usable(addr)) if addr.is_ipv6() == is_v6 => {
            Ok(SocketAddr::new(addr.ip(), port))
        }
        Ok(Interface::Usable(_)) => Err(format!("{name} has no address of this family")),
        Ok(Interface::NotUsable) => Err(format!("{name} has no address")),
        Ok(Interface::NotExist) => Err(format!("there is no interface {name}")),
        Err(e) => Err(format!("{name}: {e}")),
    }
}

/// What to open for an address.
fn options(wsi: &Wsi, address: Option<SocketAddr>) -> Result<udp::Options, String> {
    let device = wsi.on_vhost(|v| v.config.bind_device.clone()).flatten();
    wsi.with_datagram(|d| {
        let ask = d.ask.take().ok_or_else(String::new)?;
        let is_v6 = address.is_some_and(|a| a.is_ipv6());
        let local = match address {
            _ if !ask.bind => None,
            Some(address) => Some(address),
            None => Some(address_of(
                ask.iface.as_ref(),
                is_v6,
                ask.port.unwrap_or(0),
            )?),
        };
        if let Some(address) = address {
            d.note_peer(address);
        }
        Ok(udp::Options {
            is_v6,
            local,
            device,
            broadcast: ask.broadcast,
        })
    })
    .unwrap_or_else(|| Err(String::new()))
}

fn open(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, address: Option<SocketAddr>) {
    let options = match options(wsi, address) {
        Ok(options) => options,
        Err(why) => return fail(thread, wsi, &why),
    };
    let fd = match udp::open(&options) {
        Ok(fd) => fd,
        Err(e) => {
            let place = options.local.map(|a| a.to_string()).unwrap_or_default();
            return fail(thread, wsi, &format!("cannot open a socket {place}: {e}"));
        }
    };
    wsi.attach(fd);
    thread.enlist_fd(wsi);
    wsi.writable.set(true);
    if !adopt::watch(thread, wsi) {
        return close::close(thread, wsi, CloseCause::Lost);
    }
    external::update(thread, wsi);
    if tell(thread, wsi, Reason::RAW_ADOPT) != 0 {
        close::close(thread, wsi, CloseCause::Lost);
    }
}

/// Receives and delivers what is there.
pub fn receive(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let mut buffer = rx::take_buffer(thread);
    let loss = thread.context.config.udp_loss.received;
    for _ in 0..DATAGRAMS {
        if !wsi.readable.get() || !rx::may_deliver(thread, wsi) {
            break;
        }
        let room = RX_PRE..RX_PRE + rx::window_len(thread, wsi);
        let room = buffer.get_mut(room).unwrap_or_default();
        match wsi.with_fd(|fd| udp::recv_from(fd, room)) {
            Some((Io::Moved(_), _)) if is_lost(loss) => {}
            Some((Io::Moved(len), from)) => {
                if let Some(from) = from {
                    wsi.with_datagram(|d| d.note_peer(from));
                }
                let mut input = Input {
                    buffer: &mut buffer,
                    start: RX_PRE,
                    end: RX_PRE + len,
                };
                if len > 0 {
                    raw::on_rx(thread, wsi, &mut input);
                }
            }
            // No socket at all: it would fail for ever.
            Some((Io::Failed(libc::ENOTSOCK | libc::EBADF), _)) => {
                close::close(thread, wsi, CloseCause::Lost);
            }
            // What an earlier datagram of ours met on its way; the socket goes on.
            Some((Io::Failed(error), _)) => {
                log_info!("udp: {}", std::io::Error::from_raw_os_error(error));
            }
            Some((Io::WouldBlock, _)) | None => wsi.readable.set(false),
        }
    }
    rx::give_buffer(thread, buffer);
}

/// Whether this datagram is one of the so many percent that get lost on purpose.
fn is_lost(percent: u8) -> bool {
    if percent == 0 {
        return false;
    }
    let mut dice = [0; 2];
    random::fill(&mut dice);
    u32::from(u16::from_ne_bytes(dice)) * 100 < u32::from(percent) << 16
}

/// Sends one datagram to the peer.
pub fn send(thread: &ServiceThread, wsi: &Wsi, bytes: &[u8]) -> Result<(), Dead> {
    let Some(peer) = wsi.with_datagram(|d| d.peer).flatten() else {
        log_err!("lws_write: nobody is known yet that this UDP socket could send to");
        return Err(Dead);
    };
    if is_lost(thread.context.config.udp_loss.sent) {
        return Ok(());
    }
    match wsi.with_fd(|fd| udp::send_to(fd, bytes, peer)) {
        Some(Io::Moved(_)) => Ok(()),
        Some(Io::WouldBlock) | None => Err(Dead),
        Some(Io::Failed(error)) => {
            let why = std::io::Error::from_raw_os_error(error);
            log_info!("udp: {} bytes to {peer}: {why}", bytes.len());
            Err(Dead)
        }
    }
}
