//! Which URL area a request falls into, and the file it means there.

use crate::conn::config::{Mount, MountKind};
use crate::conn::vhost::Vhost;
use crate::proto::http::mime;
use std::ffi::CString;

/// The area with the longest mountpoint that `path` is in.
pub fn find<'a>(vhost: &'a Vhost, path: &[u8]) -> Option<&'a Mount> {
    let mut best: Option<&Mount> = None;
    for mount in &vhost.config.mounts {
        let point = &mount.mountpoint;
        let inside = path.starts_with(point)
            && (point.len() <= 1
                || point.ends_with(b"/")
                || matches!(path.get(point.len()), None | Some(b'/')));
        if inside && best.is_none_or(|b| b.mountpoint.len() < point.len()) {
            best = Some(mount);
        }
    }
    best
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
    let mut path = mount.origin.to_bytes().to_vec();
    if !rest.starts_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(rest);
    if as_directory || path.ends_with(b"/") {
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend_from_slice(mount.default_file.to_bytes());
    }
    CString::new(path).ok()
}

/// The content type of a file: the mount's own types first, then the built-in ones.
pub fn content_type(mount: &Mount, file: &[u8]) -> Option<Vec<u8>> {
    for (suffix, kind) in &mount.extra_mimetypes {
        let suffix = suffix.to_bytes();
        if suffix == b"*" || mime::has_suffix(file, suffix) {
            return Some(kind.to_bytes().to_vec());
        }
    }
    mime::of(file).map(|t| t.as_bytes().to_vec())
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
