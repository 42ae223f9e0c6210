//! What a program writes on an http connection: as it is, left out behind the head of an answer to HEAD, or compressed.
//!
//! Also the time limit of an answer that leaves slowly. Called through `lws_write`, and by the role's own answers for
//! compression's sake.

use crate::conn::role::RoleKind;
use crate::conn::role::http::{access, body, respond};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::pending;
use crate::conn::tx;
use crate::conn::wsi::Wsi;
use crate::event::timers::TimerKind;
use crate::proto::http::encoding::{self, Encoder};
use crate::proto::http::response::{HeaderWriter, NoRoom, Version};
use crate::sys::clock::SEC;
use std::cell::Cell;

/// Queued output has moved: the peer reads its answer, if slowly. It gets at least the usual time for more.
pub fn note_progress(thread: &ServiceThread, wsi: &Wsi) {
    let soon = thread
        .now()
        .saturating_add(i64::from(wsi.on_vhost(|v| v.config.timeout_secs).unwrap_or(5)) * SEC);
    let waits = wsi.timeout_reason.get() == pending::HTTP_CONTENT && wsi.is_open();
    let due = wsi
        .deadlines
        .get(TimerKind::Timeout.index())
        .map_or(0, Cell::get);
    if waits && wsi.role_kind() == RoleKind::Http && due < soon {
        body::restart_timeout(thread, wsi);
    }
}

/// What lws_write is given for an http connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Header lines.
    Head,
    /// Anything else.
    Body,
    /// The last piece of a body.
    End,
}

enum Fate {
    AsItIs,
    LeftOut,
    Compressed(Vec<u8>),
    Broken,
}

/// lws_write for an http connection. What a program writes behind the head of an answer to HEAD is left out: the
/// peer would read it as the next answer.
pub fn write(thread: &ServiceThread, wsi: &Wsi, bytes: &[u8], part: Part) -> Result<(), tx::Dead> {
    let fate = wsi.with_http(|h| {
        h.answered = true;
        if part == Part::Head {
            if h.status == 0 {
                h.status = access::status_in(bytes);
            }
            h.head_written |= bytes.ends_with(b"\r\n\r\n");
            return Fate::AsItIs;
        }
        if h.is_head && h.head_written {
            return Fate::LeftOut;
        }
        let fate = match &mut h.encoder {
            Some(encoder) => encoder
                .encode(bytes, part == Part::End)
                .map_or(Fate::Broken, Fate::Compressed),
            None => Fate::AsItIs,
        };
        h.count_sent(match &fate {
            Fate::Compressed(bytes) => bytes.len(),
            _ => bytes.len(),
        });
        fate
    });
    match fate {
        Some(Fate::LeftOut) => Ok(()),
        Some(Fate::Compressed(bytes)) => tx::send(thread, wsi, b"", &bytes),
        Some(Fate::Broken) => Err(tx::Dead),
        Some(Fate::AsItIs) | None => tx::send(thread, wsi, b"", bytes),
    }
}

/// lws_http_compression_apply: from here on what the program writes as body is compressed, if the client takes the coding;
/// the headers that say so are written. Nothing happens where the length of the answer is announced already.
pub fn compress(
    wsi: &Wsi,
    wanted: Option<&[u8]>,
    writer: &mut HeaderWriter<'_>,
) -> Result<(), NoRoom> {
    let plan = wsi.with_http(|h| {
        let is_possible = !h.has_length && !h.answered && h.encoder.is_none();
        let coding = encoding::choose(&h.table, wanted).filter(|_| is_possible)?;
        Some((coding, h.version()))
    });
    let Some(Some((coding, version))) = plan else {
        return Ok(());
    };
    writer.header(b"content-encoding:", coding.name().as_bytes())?;
    writer.header(b"vary:", b"accept-encoding")?;
    let is_chunked = version == Version::Http11;
    if is_chunked {
        writer.header(b"transfer-encoding:", b"chunked")?;
    } else {
        respond::close_delimited(wsi);
        writer.header(b"connection:", b"close")?;
    }
    wsi.with_http(|h| h.encoder = Some(Box::new(Encoder::new(coding, is_chunked))));
    Ok(())
}

/// A content-length is about to be written. False when it must not be: the length changes.
pub fn announces_length(wsi: &Wsi) -> bool {
    wsi.with_http(|h| {
        h.has_length |= h.encoder.is_none();
        h.encoder.is_none()
    })
    .unwrap_or(true)
}

/// The answer is compressed.
pub fn is_compressed(wsi: &Wsi) -> bool {
    wsi.with_http(|h| h.encoder.is_some()) == Some(true)
}

/// The program is done: a compressed body that was not ended ends here.
pub fn end_encoding(thread: &ServiceThread, wsi: &Wsi) {
    if wsi.with_http(|h| h.encoder.is_some() && h.head_written) == Some(true) {
        let _ = write(thread, wsi, b"", Part::End);
        wsi.with_http(|h| h.encoder = None);
    }
}
