//! Starting a script: which file a request means, its environment, its process and the connections of its channels.
//!
//! A mount's origin is a script, which gets everything below the mountpoint as PATH_INFO, or a directory, below which the
//! path names one. The path has no dot segments left when it comes here; one that has is refused, so that no request leaves
//! the origin. Links are followed: they are the administrator's.

use crate::conn::close;
use crate::conn::config::{Mount, MountAuth};
use crate::conn::dispatch::call;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::cgi::{
    Cgi, Channel, DEFAULT_SECS, Output, SCRIPTS_AT_ONCE, end, of, pipe, stdin,
};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::cgi::environment::{self, Location, Server, Variables};
use crate::proto::cgi::script_head::HeadReader;
use crate::proto::h1::request::BodyLength;
use crate::proto::http::auth::Credentials;
use crate::proto::http::token::Token;
use crate::sys::clock::{SEC, Usec};
use crate::sys::process::{self, Pipes, Process, Program};
use crate::sys::sock::{self, Peer};
use crate::util::cell::StateCell;
use crate::util::log::{log_err, log_warn};
use std::cell::Cell;
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// quirk: not the directory of the script.
const DIRECTORY: &CStr = c"/tmp";

/// What to start for a connection.
pub struct Order<'a> {
    /// File and arguments.
    pub argv: &'a [CString],
    /// How much of the request's path names the script; `None`: the environment says nothing of the path.
    pub script_len: Option<usize>,
    /// Seconds it may run; 0 for the default.
    pub secs: u32,
    /// The request's password was asked for and accepted.
    pub knows_user: bool,
    /// Variables of the mount.
    pub variables: &'a [(CString, CString)],
}

/// Why no script was started; it has been logged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotStarted {
    /// There is no such file.
    Missing,
    /// Too many run.
    Busy,
    /// It cannot be run.
    Failed,
}

impl NotStarted {
    /// The status to answer with.
    pub fn status(self) -> u16 {
        match self {
            Self::Missing => 404,
            Self::Busy => 503,
            Self::Failed => 500,
        }
    }
}

/// Starts the script that a path in a mount names.
pub fn for_mount(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    area: &Mount,
    rest: &[u8],
) -> Result<(), NotStarted> {
    let (file, used) = find(&area.origin, rest).inspect_err(|why| {
        let (origin, rest) = (area.origin.to_string_lossy(), String::from_utf8_lossy(rest));
        let what = match why {
            NotStarted::Missing => "there is no script",
            NotStarted::Busy | NotStarted::Failed => "is not executable",
        };
        log_warn!("cgi: {origin}, asked for {rest:?}: {what}");
    })?;
    let order = Order {
        argv: &[file],
        script_len: Some(area.mountpoint.len() + used),
        secs: area.cgi_secs,
        knows_user: area.auth != MountAuth::Open,
        variables: &area.cgi_variables,
    };
    start(thread, owner, &order).map_err(|why| match why {
        // The file is there; its interpreter is not.
        NotStarted::Missing => NotStarted::Failed,
        why => why,
    })
}

/// The script's file, and how much of `rest` named it.
fn find(origin: &CStr, rest: &[u8]) -> Result<(CString, usize), NotStarted> {
    let kind = |path: &[u8]| std::fs::metadata(OsStr::from_bytes(path)).ok();
    let mut path = origin.to_bytes().to_vec();
    let mut used = 0;
    loop {
        let found = kind(&path).ok_or(NotStarted::Missing)?;
        if found.is_file() {
            if found.permissions().mode() & 0o111 == 0 {
                return Err(NotStarted::Failed);
            }
            // The script runs in another directory.
            let file = std::path::absolute(OsStr::from_bytes(&path));
            let file = file.map_or(path, |p| p.into_os_string().into_vec());
            return Ok((CString::new(file).map_err(|_| NotStarted::Missing)?, used));
        }
        let left = rest.get(used..).unwrap_or_default();
        let slashes = left.iter().take_while(|b| **b == b'/').count();
        let name = left.get(slashes..).unwrap_or_default();
        let len = name.iter().position(|b| *b == b'/').unwrap_or(name.len());
        let name = name.get(..len).unwrap_or_default();
        if !found.is_dir() || matches!(name, b"" | b"." | b"..") || name.contains(&0) {
            return Err(NotStarted::Missing);
        }
        path.push(b'/');
        path.extend_from_slice(name);
        used += slashes + len;
    }
}

/// Starts a script for a connection that has none.
pub fn start(
    thread: &Rc<ServiceThread>,
    owner: &Rc<Wsi>,
    order: &Order<'_>,
) -> Result<(), NotStarted> {
    let name = order.argv.first().ok_or(NotStarted::Failed)?;
    let name = name.to_string_lossy().into_owned();
    if !owner.is_open() || of(thread, owner).is_some() {
        log_err!("{name}: the connection has a script already, or is closing");
        return Err(NotStarted::Failed);
    }
    end::reap_orphans();
    if thread.scripts.is_full() {
        log_warn!("{name}: {SCRIPTS_AT_ONCE} scripts run already");
        return Err(NotStarted::Busy);
    }
    let variables = environment(owner, order);
    let program = Program {
        argv: order.argv,
        environment: &variables,
        directory: DIRECTORY,
    };
    let (process, pipes) = process::spawn(&program).map_err(|e| {
        log_err!("{name}: cannot be run: {e}");
        match e.kind() {
            io::ErrorKind::NotFound => NotStarted::Missing,
            _ => NotStarted::Failed,
        }
    })?;
    let secs = if order.secs == 0 {
        DEFAULT_SECS
    } else {
        order.secs
    };
    thread.refresh_now();
    let deadline = thread.now().saturating_add(i64::from(secs) * SEC);
    let cgi = running(owner, name, process, secs, deadline);
    thread.scripts.running.with(|r| r.push(cgi.clone()));
    thread.scripts.look_at(deadline);
    owner.has_script.set(true);
    if !connect(thread, owner, &cgi, pipes) {
        end::abandon(thread, owner);
        return Err(NotStarted::Failed);
    }
    begin(thread, owner, &cgi);
    Ok(())
}

fn running(owner: &Wsi, name: String, process: Process, secs: u32, deadline: Usec) -> Rc<Cgi> {
    Rc::new(Cgi {
        owner: owner.handle,
        name,
        pid: process.pid(),
        process: StateCell::new(Some(process)),
        deadline: Cell::new(deadline),
        secs,
        pipes: [const { Cell::new(0) }; 3],
        held: StateCell::default(),
        body_is_over: Cell::new(false),
        output: StateCell::new(Output::Head(HeadReader::default())),
        buffer: StateCell::default(),
        wants_room: Cell::new(false),
        complaint: StateCell::default(),
        is_cut: Cell::new(false),
        is_over: Cell::new(false),
    })
}

fn connect(thread: &Rc<ServiceThread>, owner: &Wsi, cgi: &Rc<Cgi>, pipes: Pipes) -> bool {
    [
        (Channel::Stderr, pipes.stderr),
        (Channel::Stdout, pipes.stdout),
        (Channel::Stdin, pipes.stdin),
    ]
    .into_iter()
    .all(|(channel, fd)| pipe::create(thread, owner, cgi, channel, fd).is_some())
}

/// The script runs: the program hears of it, and the script of the body's end where there is no body.
fn begin(thread: &Rc<ServiceThread>, owner: &Rc<Wsi>, cgi: &Rc<Cgi>) {
    if owner.with_http(|_| ()).is_some() {
        // The script's own time counts from here on.
        timeout::set_internal(thread, owner, pending::NONE, 0);
    }
    let payload = Payload::Number {
        value: 0,
        len: usize::try_from(cgi.pid).unwrap_or(0),
    };
    if call(thread, owner, Reason::CGI_PROCESS_ATTACH, payload) != 0 {
        close::close(thread, owner, CloseCause::Asked);
    }
    if !owner.is_open() || cgi.is_over.get() {
        return;
    }
    if owner.with_http(|h| h.has_unread_body()) == Some(false) {
        stdin::finish(thread, owner, cgi);
    } else if let Some(wsi) = cgi.pipe(thread, Channel::Stdin) {
        service::ask_writable(thread, &wsi);
    }
}

fn environment(owner: &Wsi, order: &Order<'_>) -> Variables {
    let own: Vec<_> = order
        .variables
        .iter()
        .map(|(n, v)| (n.to_bytes(), v.to_bytes()))
        .collect();
    let remote = owner.with_fd(sock::peer).flatten();
    let remote = match remote {
        Some(Peer::Inet(address)) => address.ip().to_canonical().to_string(),
        Some(Peer::Local) | None => String::new(),
    };
    let local = owner.with_fd(sock::local).flatten();
    let listen_port = owner.on_vhost(|v| v.listen_port.load(Ordering::Relaxed));
    let port = local
        .map(|l| l.port())
        .or(u16::try_from(listen_port.unwrap_or(0)).ok());
    let vhost_name = owner
        .on_vhost(|v| v.config.name.clone())
        .unwrap_or_default();
    let of_http = owner.with_http(|http| {
        let head = http.head()?;
        let path = http.table.first(head.uri_token).unwrap_or(b"/");
        let location = order.script_len.map(|script_len| Location {
            path,
            script_len: script_len.min(path.len()),
            file: order.argv.first().map_or(b"", |f| f.to_bytes()),
        });
        let credentials = http.table.first(Token::HTTP_AUTHORIZATION);
        let user = credentials
            .filter(|_| order.knows_user)
            .and_then(|value| Credentials::parse(value).ok());
        let server = Server {
            method: head.method.name().as_bytes(),
            version: head.version,
            content_length: match head.body {
                BodyLength::Length(n) => Some(n),
                BodyLength::None | BodyLength::Unspecified | BodyLength::Chunked => None,
            },
            name: http
                .table
                .first(Token::HOST)
                .unwrap_or(vhost_name.to_bytes()),
            port: port.unwrap_or(0),
            remote: remote.as_bytes(),
            user: user.as_ref().map(Credentials::user),
            is_tls: owner.has_tls(),
        };
        Some(environment::of_request(
            &http.table,
            &server,
            location.as_ref(),
            &own,
        ))
    });
    of_http
        .flatten()
        .unwrap_or_else(|| environment::of_program(&own))
}
