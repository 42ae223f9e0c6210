//! The table `global` of the configuration: settings of the context.

use super::Refused;
use super::store::{self, Store};
use crate::capi::abi::lws_context_creation_info as Info;
use crate::capi::abi::{
    LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, lws_context_creation_info_ours,
    lws_context_creation_info_tail, lws_retry_bo,
};
use crate::proto::config::{Node, is_yes, number};
use crate::util::log::log_warn;
use std::ffi::{c_char, c_int, c_uint};
use std::ptr;

/// Most directories of plugins.
const PLUGIN_DIRS: usize = 10;
/// Seconds between a ping that is not answered and hanging up.
const PONG_SECONDS: i64 = 10;

/// Uses what one file says about the context.
pub fn apply(tree: &Node, info: &mut Info, store: &mut Store) -> Result<(), Refused> {
    let globals = tree.members().iter().filter(|(name, _)| name == "global");
    for (name, value) in globals.flat_map(|(_, table)| table.members()) {
        setting(name, value, info, store)?;
    }
    Ok(())
}

fn setting(name: &str, value: &Node, info: &mut Info, store: &mut Store) -> Result<(), Refused> {
    let text = value.text().unwrap_or("");
    let n = number(text);
    match name {
        "uid" => info.uid = int(n),
        "gid" => info.gid = int(n),
        "username" => info.username = store.text(text)?,
        "groupname" => info.groupname = store.text(text)?,
        "count-threads" => info.count_threads = unsigned(n),
        "init-ssl" if is_yes(text) => info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        "server-string" => info.server_string = store.text(text)?,
        "plugin-dir" => add_plugin_dir(info, store, text)?,
        "ws-pingpong-secs" => ping_after(info, store, n)?,
        "timeout-secs" => info.timeout_secs = unsigned(n),
        "default-alpn" => info.alpn = store.text(text)?,
        "ip-limit-ah" => ours(info).ip_limit_ah = small(n),
        "ip-limit-wsi" => ours(info).ip_limit_wsi = small(n),
        "rlimit-nofile" => info.rlimit_nofile = int(n),
        "reject-service-keywords" => {
            let more = store.options(value.groups(), "")?;
            // SAFETY: a list just made, and one that an earlier file made.
            info.reject_service_keywords =
                unsafe { store::join(more, info.reject_service_keywords) };
        }
        "init-ssl" => {}
        _ => log_warn!("lwsws: nothing is known of global.{name}"),
    }
    Ok(())
}

fn ours(info: &mut Info) -> &mut lws_context_creation_info_ours {
    let tail: &mut lws_context_creation_info_tail = &mut info.tail;
    // SAFETY: both members are plain data of the same size; programs zero it, by the contract of creation infos.
    unsafe { &mut tail.ours }
}

/// Puts a directory behind those that are known.
fn add_plugin_dir(info: &mut Info, store: &mut Store, dir: &str) -> Result<(), Refused> {
    let known = ours(info).plugin_dirs;
    let mut list: [*const c_char; PLUGIN_DIRS + 1] = [ptr::null(); PLUGIN_DIRS + 1];
    let mut count = 0;
    while !known.is_null() && count < PLUGIN_DIRS {
        let place = known.wrapping_add(count);
        // SAFETY: a list that ends with NULL, by the contract of plugin_dirs.
        let dir = unsafe { place.read() };
        if dir.is_null() {
            break;
        }
        list[count] = dir;
        count += 1;
    }
    if count == PLUGIN_DIRS {
        log_warn!("lwsws: more than {PLUGIN_DIRS} plugin directories; {dir} is not used");
        return Ok(());
    }
    list[count] = store.text(dir)?;
    ours(info).plugin_dirs = store.keep(list)?.cast();
    Ok(())
}

/// Idle websocket connections are to be pinged.
fn ping_after(info: &mut Info, store: &mut Store, seconds: i64) -> Result<(), Refused> {
    let policy = lws_retry_bo {
        retry_ms_table: ptr::null(),
        retry_ms_table_count: 0,
        conceal_count: 0,
        secs_since_valid_ping: small(seconds),
        secs_since_valid_hangup: small(seconds.saturating_add(PONG_SECONDS)),
        jitter_percent: 0,
    };
    info.retry_and_idle_policy = store.keep(policy)?.cast();
    Ok(())
}

/// As a C int, as large as fits.
pub fn int(n: i64) -> c_int {
    c_int::try_from(n).unwrap_or(c_int::MAX)
}

fn unsigned(n: i64) -> c_uint {
    c_uint::try_from(n).unwrap_or(0)
}

fn small(n: i64) -> u16 {
    u16::try_from(n.max(0)).unwrap_or(u16::MAX)
}
