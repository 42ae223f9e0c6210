//! Answering with files: which file a request means, whether and which part of it is wanted, and the head of the answer.
//!
//! Conditions and ranges are decided here; [`super::sending`] moves the bytes when the callbacks that led here
//! have returned. Called by [`super::request`] for areas of files and by lws_serve_http_file.

use crate::conn::config::{CachePolicy, Mount};
use crate::conn::dispatch::call_html;
use crate::conn::files::Lent;
use crate::conn::protocol::HtmlRoom;
use crate::conn::reason::Reason;
use crate::conn::role::http::sending::{self, Segment, Sending};
use crate::conn::role::http::source::{self, Opened, Seeker, Sought, Source};
use crate::conn::role::http::{Http, Stage, mount, ranges, request, respond};
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::wsi::Wsi;
use crate::proto::h1::request::Method;
use crate::proto::http::conditional::{self, Outcome as Condition};
use crate::proto::http::etag;
use crate::proto::http::response::{HeaderWriter, NoRoom, Version};
use crate::util::log::log_err;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ffi::CStr;
use std::rc::Rc;

/// Room for what a protocol adds in ADD_HEADERS.
const OWN_HEADERS: usize = 2048;

/// The cache policy of files that nobody says anything about.
const NOT_KEPT: &str = "no-store";

/// What became of a request for a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// There is no such file.
    Missing,
    /// It is on its way (or through): HTTP_FILE_COMPLETION comes.
    Sending,
    /// Everything is sent and no callback comes: the transaction is to be completed.
    Done,
    /// The connection cannot be used any more.
    Failed,
}

/// Serves the file that `rest` names inside an area.
pub fn serve_from(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, area: &Mount, rest: &[u8]) -> Outcome {
    let Some(path) = mount::file_path(area, rest, false) else {
        return Outcome::Missing;
    };
    let (file, path) = match source::open(thread, wsi, sought(wsi, area, &path)) {
        Opened::File(file) => (file, path),
        Opened::Directory => {
            // quirk: a directory is served like its name with a slash, without a redirect.
            let Some(inside) = mount::file_path(area, rest, true) else {
                return Outcome::Missing;
            };
            match source::open(thread, wsi, sought(wsi, area, &inside)) {
                Opened::File(file) => (file, inside),
                Opened::Unusable => return unusable(thread, wsi),
                Opened::Gone => return Outcome::Failed,
                Opened::Directory | Opened::Missing => return Outcome::Missing,
            }
        }
        Opened::Missing => return Outcome::Missing,
        Opened::Unusable => return unusable(thread, wsi),
        Opened::Gone => return Outcome::Failed,
    };
    let lent = file.lent();
    let outcome = serve_opened(thread, wsi, area, file, path.to_bytes());
    closed_unless_sending(thread, wsi, lent, outcome)
}

/// How the file is looked for. What a protocol rewrites must not be packed.
fn sought<'a>(wsi: &Wsi, area: &Mount, path: &'a CStr) -> Sought<'a> {
    let is_rewritten = mount::interpreter(area, path.to_bytes()).is_some();
    Sought {
        path,
        origin: area.origin.to_bytes().len(),
        seeker: Seeker::Area,
        takes_gzip: !is_rewritten && source::takes_gzip(wsi),
    }
}

/// A damaged archive.
fn unusable(thread: &ServiceThread, wsi: &Wsi) -> Outcome {
    match respond::status_page(thread, wsi, 500, b"") {
        Ok(()) => Outcome::Done,
        Err(Dead) => Outcome::Failed,
    }
}

/// A file of the program's that is not on its way is closed.
fn closed_unless_sending(
    thread: &ServiceThread,
    wsi: &Wsi,
    lent: Option<Rc<Lent>>,
    outcome: Outcome,
) -> Outcome {
    if let (Some(lent), true) = (lent, outcome != Outcome::Sending) {
        lent.close(thread, wsi);
    }
    outcome
}

fn serve_opened(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    area: &Mount,
    file: Source,
    path: &[u8],
) -> Outcome {
    let Some(kind) = mount::content_type(area, path) else {
        log_err!(
            "http: no content type known for {}; add one to the mount",
            String::from_utf8_lossy(path)
        );
        return match respond::status_page(thread, wsi, 415, b"") {
            Ok(()) => Outcome::Done,
            Err(Dead) => Outcome::Failed,
        };
    };
    match mount::interpreter(area, path) {
        Some(None) => Outcome::Failed,
        interpreter => {
            let interpreter = interpreter.flatten();
            send(thread, wsi, file, kind, &Asked::Area(area, interpreter))
        }
    }
}

/// lws_serve_http_file: a file that the program chose.
pub fn serve_path(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    path: &CStr,
    kind: &[u8],
    other_headers: &[u8],
) -> Outcome {
    let sought = Sought {
        path,
        origin: path.to_bytes().len(),
        seeker: Seeker::Program,
        takes_gzip: source::takes_gzip(wsi),
    };
    match source::open(thread, wsi, sought) {
        Opened::File(file) => {
            let lent = file.lent();
            let outcome = send(thread, wsi, file, kind, &Asked::Program(other_headers));
            closed_unless_sending(thread, wsi, lent, outcome)
        }
        Opened::Directory | Opened::Missing => Outcome::Missing,
        Opened::Unusable => unusable(thread, wsi),
        Opened::Gone => Outcome::Failed,
    }
}

fn cache_control(policy: CachePolicy) -> Cow<'static, str> {
    if policy.max_age == 0 || !policy.reusable {
        return NOT_KEPT.into();
    }
    let must = if policy.revalidate {
        "must-revalidate, "
    } else {
        ""
    };
    let scope = if policy.intermediaries {
        "public"
    } else {
        "private"
    };
    format!("{must}{scope}, max-age={}", policy.max_age).into()
}

/// Who wants the file sent.
enum Asked<'a> {
    /// A URL area, perhaps with a protocol that rewrites the file.
    Area(&'a Mount, Option<u16>),
    /// The program, with header lines of its own.
    Program(&'a [u8]),
}

fn send(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    mut file: Source,
    kind: &[u8],
    asked: &Asked<'_>,
) -> Outcome {
    let Some((version, is_head)) = wsi.with_http(|h| (h.version(), h.is_head)) else {
        return Outcome::Failed;
    };
    let (len, modified) = (file.length(), file.modified());
    let mut facts = Facts {
        code: 200,
        version,
        kind: kind.into(),
        len: Some(len),
        is_gzip: file.is_gzip(wsi),
        part: None,
        cache: NOT_KEPT.into(),
        has_tag: false,
        more: Vec::new(),
    };
    let mut tag = etag::of_file(len, modified);
    if let Source::Member(_) = file {
        if facts.is_gzip {
            // Both forms of a member may be of one length, and a part of one does not continue the other.
            tag.push_str("-gzip");
        }
        facts.more.extend_from_slice(b"vary: accept-encoding\r\n");
    }
    let mut interpreter = None;
    match asked {
        // quirk: files that the program sends itself have no entity tag and are not to be kept.
        Asked::Program(lines) => facts.more.extend_from_slice(lines),
        Asked::Area(area, protocol) => {
            match describe_area(thread, wsi, area, *protocol, (&tag, modified), &mut facts) {
                Ok(found) => interpreter = found,
                Err(outcome) => return outcome,
            }
        }
    }
    let mut segments = file.segments();
    if facts.code == 200 && interpreter.is_none() && file.has_parts() {
        (file, segments) = take_parts(wsi, file, segments, (&tag, modified), &mut facts);
    }
    if write_head(thread, wsi, &facts, &tag).is_err() {
        return Outcome::Failed;
    }
    if is_head || facts.code == 304 {
        return Outcome::Done;
    }
    begin(thread, wsi, Sending::new(file, segments, interpreter))
}

/// The ranges that were asked for, in place of the whole.
fn take_parts(
    wsi: &Wsi,
    file: Source,
    whole: VecDeque<Segment>,
    (tag, modified): (&str, i64),
    facts: &mut Facts<'_>,
) -> (Source, VecDeque<Segment>) {
    let Some(cut) = ranges::cut(wsi, &file, (tag, modified), &facts.kind) else {
        return (file, whole);
    };
    facts.code = cut.code;
    facts.len = Some(cut.len);
    facts.part = cut.content_range;
    facts.kind = cut.kind.into();
    file.for_parts(cut.segments)
}

fn begin(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, sending: Sending) -> Outcome {
    sending::let_go(thread, wsi);
    if !wsi.is_open() {
        return Outcome::Failed;
    }
    wsi.with_http(|h| h.stage = Stage::File(Box::new(sending)));
    // The rest goes out when the callbacks that led here have returned.
    service::ask_writable(thread, wsi);
    Outcome::Sending
}

/// What the area of a file adds to its answer: conditions, cache policy, headers of its protocol. Gives the protocol that
/// rewrites the file, if one does.
fn describe_area(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    area: &Mount,
    protocol: Option<u16>,
    (tag, modified): (&str, i64),
    facts: &mut Facts<'_>,
) -> Result<Option<u16>, Outcome> {
    facts.cache = cache_control(area.cache);
    match condition(wsi, tag, modified) {
        Condition::Proceed => {}
        Condition::NotModified => facts.code = 304,
        Condition::Failed => {
            return Err(match respond::status_page(thread, wsi, 412, b"") {
                Ok(()) => Outcome::Done,
                Err(Dead) => Outcome::Failed,
            });
        }
    }
    facts.has_tag = true;
    if facts.code != 200 {
        return Ok(None);
    }
    if let Some(protocol) = protocol {
        // quirk: the protocol that rewrites is bound before the area's own.
        if !request::bind(thread, wsi, protocol, c"lws_http_serve") {
            return Err(Outcome::Failed);
        }
        facts.len = None;
    }
    if area.names_protocol && !ask_headers(thread, wsi, area, &mut facts.more) {
        return Err(Outcome::Failed);
    }
    Ok(protocol)
}

/// What the request's conditions come to. Only GET and HEAD have any: other methods are answered with the file like these,
/// but do not mean the file.
fn condition(wsi: &Wsi, tag: &str, modified: i64) -> Condition {
    wsi.with_http(|h| {
        let is_get = h
            .head()
            .is_some_and(|r| matches!(r.method, Method::Get | Method::Head));
        if is_get {
            conditional::evaluate(&h.table, true, tag, Some(modified))
        } else {
            Condition::Proceed
        }
    })
    .unwrap_or(Condition::Proceed)
}

/// quirk: the protocol of an area of files is bound anew and may add headers. False when it refuses.
fn ask_headers(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    area: &Mount,
    more: &mut Vec<u8>,
) -> bool {
    if !request::rebind(thread, wsi, area, c"lws_http_serve") {
        return false;
    }
    let mut html = HtmlRoom {
        room: vec![0; OWN_HEADERS],
        used: 0,
    };
    let refused = call_html(thread, wsi, Reason::ADD_HEADERS, &mut html) != 0;
    more.extend_from_slice(html.room.get(..html.used).unwrap_or_default());
    !refused && wsi.is_open()
}

struct Facts<'a> {
    code: u16,
    version: Version,
    kind: Cow<'a, [u8]>,
    /// `None`: it is not known before the end.
    len: Option<u64>,
    is_gzip: bool,
    /// Content-Range.
    part: Option<String>,
    cache: Cow<'static, str>,
    /// Its tag is told.
    has_tag: bool,
    /// Header lines of the program.
    more: Vec<u8>,
}

fn write_head(thread: &ServiceThread, wsi: &Wsi, facts: &Facts<'_>, tag: &str) -> Result<(), Dead> {
    let vhost = wsi.vhost().ok_or(Dead)?;
    let room = respond::room_for(&vhost) + facts.more.len() + facts.kind.len();
    let mut head = vec![0; room];
    if facts.len.is_none() && facts.version == Version::Http10 {
        respond::close_delimited(wsi);
    }
    let mut writer = HeaderWriter::new(&mut head);
    respond::status_block(&mut writer, wsi, facts.version, facts.code, true)
        .and_then(|()| describe(&mut writer, facts, tag.as_bytes()))
        .and_then(|()| writer.raw(&facts.more))
        .and_then(|()| writer.finish())
        .map_err(|NoRoom| Dead)?;
    wsi.with_http(Http::begin_answer);
    tx::send(thread, wsi, writer.written(), b"")
}

fn describe(writer: &mut HeaderWriter<'_>, facts: &Facts<'_>, tag: &[u8]) -> Result<(), NoRoom> {
    if facts.code == 304 {
        // quirk: the order of the two is not that of a 200.
        writer.header(b"etag:", tag)?;
        return writer.header(b"cache-control:", facts.cache.as_bytes());
    }
    if facts.is_gzip {
        writer.header(b"content-encoding:", b"gzip")?;
    }
    writer.header(b"content-type:", &facts.kind)?;
    if let Some(part) = &facts.part {
        writer.header(b"content-range:", part.as_bytes())?;
    }
    if let Some(len) = facts.len {
        writer.content_length(len)?;
    }
    writer.header(b"cache-control:", facts.cache.as_bytes())?;
    if facts.has_tag {
        writer.header(b"etag:", tag)?;
    }
    match (facts.len, facts.version) {
        (Some(_), _) => Ok(()),
        (None, Version::Http10) => writer.header(b"connection:", b"close"),
        (None, Version::Http11) => writer.header(b"transfer-encoding:", b"chunked"),
    }
}
