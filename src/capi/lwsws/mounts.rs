//! The list `mounts` of a vhost in the configuration.

use super::Refused;
use super::globals::int;
use super::store::{self, Store};
use crate::capi::abi::lws_http_mount;
use crate::proto::config::{Node, is_yes, number};
use crate::util::log::{log_err, log_warn};
use std::ffi::{c_uchar, c_uint};
use std::ptr;

/// What an origin begins with, in the order of LWSMPRO_*.
const ORIGINS: [&str; 7] = [
    "http://",
    "https://",
    "file://",
    "cgi://",
    ">http://",
    ">https://",
    "callback://",
];
const CGI: usize = 3;
const CALLBACK: usize = 6;

/// A list of mounts in the order of the file.
#[derive(Default)]
pub struct Mounts {
    first: Option<*mut lws_http_mount>,
    last: Option<*mut lws_http_mount>,
}

impl Mounts {
    /// Puts one behind the others.
    pub fn add(&mut self, mount: lws_http_mount, store: &mut Store) -> Result<(), Refused> {
        let fresh = store.keep(mount)?;
        if let Some(last) = self.last.replace(fresh) {
            // SAFETY: made by an earlier call, in memory that stays.
            let last = unsafe { &mut *last };
            last.mount_next = fresh;
        } else {
            self.first = Some(fresh);
        }
        Ok(())
    }

    /// The list for C.
    pub fn first(&self) -> *const lws_http_mount {
        self.first
            .map_or(ptr::null(), <*mut lws_http_mount>::cast_const)
    }
}

fn empty() -> lws_http_mount {
    // SAFETY: plain old data, for which all zero is the empty value.
    unsafe { std::mem::zeroed() }
}

/// Reads one mount.
pub fn describe(from: &Node, store: &mut Store) -> Result<lws_http_mount, Refused> {
    let mut mount = empty();
    let mut origin = None;
    for (name, value) in from.members() {
        let text = value.text().unwrap_or("");
        match name.as_str() {
            "mountpoint" => {
                mount.mountpoint = store.text(text)?;
                mount.mountpoint_len = c_uchar::try_from(text.len()).unwrap_or(c_uchar::MAX);
            }
            "origin" => origin = Some(text),
            _ => setting(name, value, &mut mount, store)?,
        }
    }
    let (Some(origin), false) = (origin, mount.mountpoint.is_null()) else {
        log_err!("lwsws: a mount needs mountpoint and origin");
        return Err(Refused);
    };
    place(origin, &mut mount, store)?;
    Ok(mount)
}

/// Where it leads.
fn place(origin: &str, mount: &mut lws_http_mount, store: &mut Store) -> Result<(), Refused> {
    let found = ORIGINS
        .iter()
        .enumerate()
        .find_map(|(kind, scheme)| Some((kind, origin.strip_prefix(scheme)?)));
    let Some((kind, rest)) = found else {
        log_err!("lwsws: a mount's origin begins with one of {ORIGINS:?}, not as {origin}");
        return Err(Refused);
    };
    mount.origin_protocol = c_uchar::try_from(kind).unwrap_or(0);
    mount.origin = store.text(rest)?;
    // quirk: only areas of a callback have a protocol here, whatever `protocol` says.
    mount.protocol = if kind == CALLBACK {
        mount.origin
    } else {
        ptr::null()
    };
    if kind != CGI && mount.cgi_timeout != 0 {
        log_warn!("lwsws: cgi-timeout means nothing for {origin}");
    }
    Ok(())
}

fn setting(
    name: &str,
    value: &Node,
    mount: &mut lws_http_mount,
    store: &mut Store,
) -> Result<(), Refused> {
    let text = value.text().unwrap_or("");
    match name {
        "default" => mount.def = store.text(text)?,
        "auth-mask" => mount.auth_mask = c_uint::try_from(number(text)).unwrap_or(0),
        "cgi-timeout" => mount.cgi_timeout = int(number(text)),
        "cgi-env" | "pmo" => {
            let more = store.options(value.groups(), "")?;
            // SAFETY: both lists are of this mount and in the store.
            mount.cgienv = unsafe { store::join(more, mount.cgienv) };
        }
        "extra-mimetypes" => mount.extra_mimetypes = store.options(value.groups(), "")?,
        "interpret" => mount.interpret = store.options(value.groups(), "")?,
        "cache-max-age" => mount.cache_max_age = int(number(text)),
        "cache-reuse" => set(mount, 1, text),
        "cache-revalidate" => set(mount, 2, text),
        "cache-intermediaries" => set(mount, 4, text),
        "basic-auth" => mount.basic_auth_login_file = store.text(text)?,
        "protocol" => {}
        _ => log_warn!("lwsws: nothing is known of {name} in a mount"),
    }
    Ok(())
}

fn set(mount: &mut lws_http_mount, bit: u8, text: &str) {
    if is_yes(text) {
        mount.cache_bits |= bit;
    }
}
