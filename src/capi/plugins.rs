//! Plugins: shared objects whose one export says what they are.
//!
//! The export's name is the part of the file's name between its first `-` or `_` and the first `.` behind that. Programs
//! load plugins of a class of their own by `lws_plugins_init`; those that bring protocols are loaded for a context from
//! `info.plugin_dirs` ([`ProtocolPlugins`]), and all vhosts have their protocols. A file that is no plugin of the class
//! is passed over, with a log line when it looks like a broken one.

use crate::capi::abi::{
    LWS_PLUGIN_API_MAGIC, each_plugin_cb_t, lws_context_creation_info, lws_plugin,
    lws_plugin_header, lws_plugin_protocol, lws_plugin_u, lws_protocols,
};
use crate::capi::arg;
use crate::sys::dir;
use crate::sys::dl::Library;
use crate::util::log::{log_err, log_info, log_notice, log_warn};
use rustix::fs::FileType;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Class of the plugins that bring protocols.
const PROTOCOLS: &CStr = c"lws_protocol_plugin";
/// Most directories that are searched.
const MAX_DIRS: usize = 64;
/// Most protocols that one plugin brings.
const MAX_PROTOCOLS: usize = 1024;

/// Loads the plugins of a class.
///
/// `pplugin`: in and out: list that those found are put in front of; lws_plugins_destroy takes it down. `d`: array of
/// directories that ends with NULL. `_class`: what the plugins say they are. `filter`: name of the one export that is
/// wanted, NULL for all. `each`, `each_user`: called with every plugin after it is on the list, or NULL; what it returns
/// is ignored.
///
/// Returns 0, whatever was found; 1 when an argument is NULL.
///
/// Re-entry: runs the plugins' constructors and `each`.
///
/// Quirks: the reference gives up a directory at the first file that does not fit; ours goes on with the next.
///
/// # Safety
/// `pplugin` is a valid list, `d` an array of strings that ends with NULL, `_class` and `filter` strings or NULL. The
/// plugins' exports begin with a lws_plugin_header_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_plugins_init(
    pplugin: *mut *mut lws_plugin,
    d: *const *const c_char,
    _class: *const c_char,
    filter: *const c_char,
    each: each_plugin_cb_t,
    each_user: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(class), false) = (unsafe { arg::text(_class) }, pplugin.is_null()) else {
        return 1;
    };
    // SAFETY: the caller's promise.
    let (dirs, filter) = (unsafe { directories(d) }, unsafe { arg::text(filter) });
    let mut found = |plugin: lws_plugin| {
        // SAFETY: the caller's promise; `plugin` is complete but for its place in the list.
        unsafe { take_in(pplugin, plugin, each, each_user) }
    };
    dirs.iter()
        .for_each(|dir| search(dir, class, filter, &mut found));
    0
}

/// Takes down a list of plugins.
///
/// `pplugin`: the list, NULL afterwards. `each`, `each_user`: called with every plugin before it is unloaded, or NULL.
///
/// Returns 0.
///
/// Re-entry: runs `each` and the plugins' destructors.
///
/// # Safety
/// `pplugin` is NULL or a list that lws_plugins_init made, and nothing of the plugins is used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_plugins_destroy(
    pplugin: *mut *mut lws_plugin,
    each: each_plugin_cb_t,
    each_user: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(head) = (unsafe { pplugin.as_mut() }) else {
        return 0;
    };
    while !head.is_null() {
        if let Some(each) = each {
            // SAFETY: the program's function, called with a plugin that is still loaded.
            unsafe { each(*head, each_user) };
        }
        // SAFETY: elements are boxes of `take_in`, each taken down once.
        let plugin = unsafe { Box::from_raw(*head) };
        *head = plugin.list;
        // SAFETY: `l` is the only member; it came from a Library.
        let raw = unsafe { plugin.u.l };
        // SAFETY: as above, taken back once.
        drop(unsafe { Library::from_raw(raw) });
    }
    0
}

/// # Safety
/// `list` is an array of strings that ends with NULL, or NULL.
unsafe fn directories(list: *const *const c_char) -> Vec<CString> {
    let mut dirs = Vec::new();
    for at in 0..MAX_DIRS {
        if list.is_null() {
            break;
        }
        let place = list.wrapping_add(at);
        // SAFETY: the array goes on until its NULL.
        let text = unsafe { place.read() };
        // SAFETY: a string or NULL.
        match unsafe { arg::owned(text) } {
            Some(dir) => dirs.push(dir),
            None => break,
        }
    }
    dirs
}

/// # Safety
/// `list` is valid, `each` and `user` are the program's.
unsafe fn take_in(
    list: *mut *mut lws_plugin,
    mut plugin: lws_plugin,
    each: each_plugin_cb_t,
    user: *mut c_void,
) {
    // SAFETY: by contract.
    plugin.list = unsafe { list.read() };
    let plugin = Box::into_raw(Box::new(plugin));
    // SAFETY: by contract.
    unsafe { list.write(plugin) };
    if let Some(each) = each {
        // SAFETY: the program's function; the plugin is loaded and listed.
        unsafe { each(plugin, user) };
    }
}

/// Loads what fits in a directory.
fn search(dir: &CStr, class: &CStr, filter: Option<&CStr>, found: &mut dyn FnMut(lws_plugin)) {
    let shown = dir.to_string_lossy();
    let entries = match dir::list(dir) {
        Ok(entries) => entries,
        Err(e) => {
            log_err!("plugins: cannot read the directory {shown}: {e}");
            return;
        }
    };
    for entry in entries {
        let is_file = matches!(entry.kind, FileType::RegularFile | FileType::Symlink);
        let Some(export) = export_of(&entry.name).filter(|_| is_file) else {
            continue;
        };
        if filter.is_some_and(|wanted| *wanted != *export) {
            continue;
        }
        let path = [dir.to_bytes(), b"/", entry.name.to_bytes()].concat();
        if let Ok(path) = CString::new(path)
            && let Some(plugin) = load(&path, &export, class)
        {
            found(plugin);
        }
    }
}

/// What the object in a file of this name exports; `None` when it is no name of a plugin.
fn export_of(file: &CStr) -> Option<CString> {
    let name = file.to_bytes();
    let behind = name.iter().position(|b| matches!(b, b'-' | b'_'))? + 1;
    let rest = name.get(behind..)?;
    let end = memchr::memchr(b'.', rest)?;
    let export = rest.get(..end).filter(|export| !export.is_empty())?;
    rest.get(end..)?
        .starts_with(b".so")
        .then(|| CString::new(export).ok())?
}

fn load(path: &CStr, export: &CStr, class: &CStr) -> Option<lws_plugin> {
    let (shown, name) = (path.to_string_lossy(), export.to_string_lossy());
    let refused = |why: &CStr| log_warn!("plugins: {shown}: {}", why.to_string_lossy());
    let library = Library::open(path).map_err(|why| refused(&why)).ok()?;
    let symbol = library.symbol(export).map_err(|why| refused(&why)).ok()?;
    let header = symbol.as_ptr().cast::<lws_plugin_header>();
    // SAFETY: the export of a plugin begins with a header, by the contract of plugins; the object is loaded.
    let said = unsafe { header.read() };
    if said.api_magic != LWS_PLUGIN_API_MAGIC {
        let theirs = said.api_magic;
        log_err!(
            "plugins: {shown}: {name} is made for plugin API {theirs}, not {LWS_PLUGIN_API_MAGIC}"
        );
        return None;
    }
    // SAFETY: a string of the loaded object, or NULL.
    if unsafe { arg::text(said._class) } != Some(class) {
        log_info!("plugins: {shown}: {name} is of another class");
        return None;
    }
    log_notice!("plugins: {shown}");
    Some(lws_plugin {
        list: ptr::null_mut(),
        hdr: header,
        u: lws_plugin_u {
            l: library.into_raw(),
        },
    })
}

/// The plugins of a context that bring protocols. They stay loaded as long as this lives.
#[derive(Default)]
pub struct ProtocolPlugins(AtomicPtr<lws_plugin>);

impl ProtocolPlugins {
    /// Loads those in `info.plugin_dirs`.
    ///
    /// # Safety
    /// The list of directories is valid, or NULL.
    pub unsafe fn load(info: &lws_context_creation_info) -> Self {
        // SAFETY: plain data that programs zero, by the contract of creation infos.
        let dirs = unsafe { info.tail.ours }.plugin_dirs;
        let mut list = ptr::null_mut();
        let found = |plugin| {
            // SAFETY: the list is ours.
            unsafe { take_in(&raw mut list, plugin, None, ptr::null_mut()) }
        };
        let mut found = found;
        // SAFETY: by contract.
        let dirs = unsafe { directories(dirs) };
        dirs.iter()
            .for_each(|dir| search(dir, PROTOCOLS, None, &mut found));
        Self(AtomicPtr::new(list))
    }

    /// All their protocols.
    pub fn protocols(&self) -> Vec<lws_protocols> {
        let mut all = Vec::new();
        let mut next = self.0.load(Ordering::Acquire);
        // SAFETY: elements of our own list.
        while let Some(plugin) = unsafe { next.as_ref() } {
            let whole = plugin.hdr.cast::<lws_plugin_protocol>();
            // SAFETY: a plugin of this class exports the whole struct.
            let whole = unsafe { whole.read() };
            let count = arg::count(whole.count_protocols).min(MAX_PROTOCOLS);
            for at in 0..count {
                let place = whole.protocols.wrapping_add(at);
                // SAFETY: an array of that many protocols.
                all.extend(unsafe { place.as_ref() }.copied());
            }
            next = plugin.list;
        }
        all.retain(|protocol| protocol.callback.is_some());
        all
    }
}

impl Drop for ProtocolPlugins {
    fn drop(&mut self) {
        // SAFETY: our list; the context whose protocols were called is gone.
        unsafe { lws_plugins_destroy(self.0.get_mut(), None, ptr::null_mut()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_export_is_named_by_the_file() {
        for (file, export) in [
            (c"libmyapp-plugin_one.so", Some(c"plugin_one")),
            (c"protocol_lws_mirror.so", Some(c"lws_mirror")),
            (c"lib-a-b.so.2", Some(c"a-b")),
            (c"plain.so", None),
            (c"lib-.so", None),
            (c"lib-x", None),
            (c"lib-x.txt", None),
            (c"", None),
        ] {
            assert_eq!(export_of(file).as_deref(), export, "{file:?}");
        }
    }
}
