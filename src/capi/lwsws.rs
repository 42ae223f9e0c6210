//! The configuration files of lwsws: a program asks for the global settings, makes its context, then asks for the
//! vhosts.
//!
//! Texts and lists go to memory of the program (`config_strings`), where they stay for as long as the context lives;
//! when it is full, that is an error. `lwsws/globals.rs` and `lwsws/vhosts.rs` know the names, `proto::config` reads the
//! files, `lwsws/store.rs` fills the memory.

pub mod globals;
pub mod mounts;
pub mod store;
pub mod vhosts;

use crate::capi::abi::{lws_context, lws_context_creation_info};
use crate::capi::context::lws_create_vhost;
use crate::proto::config::{self, Node};
use crate::sys::{dir, file};
use crate::util::log::{log_err, log_warn};
use std::ffi::{CStr, CString, c_char, c_int};
use store::Store;

/// Where packages install their data: what `_lws_ddir_` stands for in the files.
pub const DATA_DIR: &str = match option_env!("LWS_INSTALL_DATADIR") {
    Some(dir) => dir,
    None => "/usr/share",
};

/// A setting could not be used; it is logged already.
#[derive(Debug)]
pub struct Refused;

/// Reads the global settings of lwsws into a creation info.
///
/// `info`: filled with what the files say, else left as it is. `d`: directory with the file `conf` and the folder
/// `conf.d`. `config_strings`, `len`: in and out: memory for texts, which must live as long as the context, and how much
/// of it is left.
///
/// Returns 0, or 1 when a file cannot be read or is not understood, or the memory is full.
///
/// Re-entry: query.
///
/// # Safety
/// `info` is valid, `d` a string, `*config_strings` writable for `*len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsws_get_config_globals(
    info: *mut lws_context_creation_info,
    d: *const c_char,
    config_strings: *mut *mut c_char,
    len: *mut c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let opened = unsafe { store::open(d, config_strings, len) };
    // SAFETY: as above.
    let (Some(mut store), Some(info)) = (opened, unsafe { info.as_mut() }) else {
        return 1;
    };
    let read = each_file(&mut store, &mut |tree, store| {
        globals::apply(tree, info, store)
    });
    store.hand_back();
    c_int::from(read.is_err())
}

/// Makes the vhosts that the files of lwsws describe.
///
/// `context`: where. `info`: what they have in common; its vhost members are replaced. `d`, `config_strings`, `len`: as
/// in lwsws_get_config_globals.
///
/// Returns 0 when at least one vhost was made, else 1. What went wrong is logged with file and name.
///
/// Re-entry: as lws_create_vhost.
///
/// # Safety
/// As lwsws_get_config_globals; `info` is one that lws_create_vhost would take.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsws_get_config_vhosts(
    context: *mut lws_context,
    info: *mut lws_context_creation_info,
    d: *const c_char,
    config_strings: *mut *mut c_char,
    len: *mut c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    let opened = unsafe { store::open(d, config_strings, len) };
    // SAFETY: as above.
    let (Some(mut store), Some(info)) = (opened, unsafe { info.as_ref() }) else {
        return 1;
    };
    let mut made = 0;
    let mut create = |info: &lws_context_creation_info| {
        // SAFETY: a complete info whose texts and lists live in the program's memory.
        let vhost = unsafe { lws_create_vhost(context, info) };
        made += usize::from(!vhost.is_null());
        !vhost.is_null()
    };
    let mut use_file =
        |tree: &Node, store: &mut Store| vhosts::make(tree, info, store, &mut create);
    let read = each_file(&mut store, &mut use_file);
    store.hand_back();
    if made == 0 && read.is_ok() {
        log_err!("lwsws: no vhost in the configuration: at least one is needed");
    }
    c_int::from(made == 0)
}

/// Uses what one file says.
type UseTree<'a> = dyn FnMut(&Node, &mut Store) -> Result<(), Refused> + 'a;

/// Gives the tree of `conf`, then of each file in `conf.d` by name; ends with the first that is not understood.
fn each_file(store: &mut Store, use_tree: &mut UseTree<'_>) -> Result<(), Refused> {
    one_file(&below(&store.directory, c"conf")?, store, use_tree)?;
    let fragments = below(&store.directory, c"conf.d")?;
    let entries = match dir::list(&fragments) {
        Ok(entries) => entries,
        Err(e) => {
            log_warn!("lwsws: cannot read {}: {e}", fragments.to_string_lossy());
            return Ok(());
        }
    };
    for entry in entries {
        if !entry.name.to_bytes().starts_with(b".") {
            one_file(&below(&fragments, &entry.name)?, store, use_tree)?;
        }
    }
    Ok(())
}

fn below(directory: &CStr, name: &CStr) -> Result<CString, Refused> {
    let path = [directory.to_bytes(), b"/", name.to_bytes()].concat();
    CString::new(path).map_err(|_| Refused)
}

fn one_file(path: &CStr, store: &mut Store, use_tree: &mut UseTree<'_>) -> Result<(), Refused> {
    let shown = path.to_string_lossy();
    let bytes = file::read_whole(path, config::MAX_FILE).map_err(|e| {
        log_err!("lwsws: cannot read {shown}: {e}");
        Refused
    })?;
    let tree = config::parse(&bytes).map_err(|fault| {
        log_err!("lwsws: {shown}({}): {}", fault.line, fault.why);
        Refused
    })?;
    use_tree(&tree, store).map_err(|Refused| {
        log_err!("lwsws: {shown}: not all of it could be used, see above");
        Refused
    })
}
