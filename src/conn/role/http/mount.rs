//! Which URL area a request falls into, and the file it means there.

use crate::conn::config::{Mount, MountKind};
use crate::conn::vhost::Vhost;
use crate::proto::h1::request::Method;
use crate::proto::http::mime;
use std::ffi::CString;

/// The area that a request falls into: the one with the longest mountpoint.
///
/// quirk: an area of a callback takes the request from every area before it in the list, however long.
/// quirk: areas of files and redirects only know GET, HEAD and POST.
pub fn find<'a>(vhost: &'a Vhost, method: Method, path: &[u8]) -> Option<&'a Mount> {
    let usual = |m: &Mount| {
        m.kind == MountKind::Cgi || matches!(method, Method::Get | Method::Head | Method::Post)
    };
    let mut best: Option<&Mount> = None;
    for mount in vhost.config.mounts.iter().filter(|m| contains(m, path)) {
        let longer = best.is_none_or(|b| b.mountpoint.len() < mount.mountpoint.len());
        let goes_by_length = usual(mount) || mount.kind == MountKind::Proxy;
        if mount.kind == MountKind::Callback || goes_by_length && longer {
            best = Some(mount);
        }
    }
    best
}

fn contains(mount: &Mount, path: &[u8]) -> bool {
    let point = &mount.mountpoint;
    path.starts_with(point)
        && (point.len() <= 1
            || point.ends_with(b"/")
            || matches!(path.get(point.len()), None | Some(b'/')))
}

/// True for an area of files that is asked for by its bare mountpoint: the slash is missing.
pub fn lacks_slash(mount: &Mount, path: &[u8]) -> bool {
    mount.kind == MountKind::File
        && path.len() > 1
        && path == mount.mountpoint
        && !path.ends_with(b"/")
}

/// What is left of the path inside the area.
pub fn rest<'a>(mount: &Mount, path: &'a [u8]) -> &'a [u8] {
    path.get(mount.mountpoint.len()..).unwrap_or(b"")
}

/// The file that a path inside a file area names. `None` for paths that would leave it or hold a NUL.
pub fn file_path(mount: &Mount, rest: &[u8], as_directory: bool) -> Option<CString> {
    if rest.split(|b| *b == b'/').any(|part| part == b"..") {
        return None;
    }
    let origin = mount.origin.to_bytes();
    let default = mount.default_file.to_bytes();
    // With two slashes and the NUL.
    let mut path = Vec::with_capacity(origin.len() + rest.len() + default.len() + 3);
    path.extend_from_slice(origin);
    // quirk: two slashes where they meet; file operations of programs see that.
    if rest != b"/" {
        path.push(b'/');
    }
    path.extend_from_slice(rest);
    if as_directory || path.ends_with(b"/") {
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend_from_slice(default);
    }
    CString::new(path).ok()
}

/// The protocol that rewrites files of this name: `None` nobody, `Some(None)` one that is not there.
pub fn interpreter(mount: &Mount, file: &[u8]) -> Option<Option<u16>> {
    let entry = mount
        .interpret
        .iter()
        .find(|(suffix, _)| file.ends_with(suffix.to_bytes()));
    entry.map(|(_, protocol)| *protocol)
}

/// The content type of a file: the mount's own types first, then the built-in ones.
pub fn content_type<'a>(mount: &'a Mount, file: &[u8]) -> Option<&'a [u8]> {
    for (suffix, kind) in &mount.extra_mimetypes {
        let suffix = suffix.to_bytes();
        if suffix == b"*" || mime::has_suffix(file, suffix) {
            return Some(kind.to_bytes());
        }
    }
    mime::of(file).map(str::as_bytes)
}

/// Where a redirecting area sends to.
pub fn redirect_target(mount: &Mount) -> Option<Vec<u8>> {
    let MountKind::Redirect { tls } = mount.kind else {
        return None;
    };
    let origin = mount.origin.to_bytes();
    let origin = origin.strip_prefix(b"/").unwrap_or(origin);
    let scheme: &[u8] = if tls { b"https://" } else { b"http://" };
    Some([scheme, origin].concat())
}
