//! The program's hooks into a context's life: system states with their notifiers, `info.pcontext`, file operations.

use crate::capi::abi::{
    LWSSMDCL_SYSTEM_STATE, lws_context, lws_context_creation_info, lws_plat_file_ops,
    lws_state_manager, lws_state_notify_link, lws_system_ops_t,
};
use crate::capi::attach::{Attached, Portal};
use crate::capi::files_of_program;
use crate::capi::handle::to_c;
use crate::capi::plugins::ProtocolPlugins;
use crate::capi::smd::Smd;
use crate::capi::system::with_hooks;
use crate::capi::system_blob::Blobs;
use crate::capi::vfs;
use crate::conn::config::option;
use crate::conn::context::{Context, Hooks};
use crate::conn::files::Opening;
use crate::conn::{destroy, registry};
use crate::cutil::state::{Link, News, StateManager};
use std::any::Any;
use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `enum lws_system_states_t` by number.
const STATES: [&CStr; 14] = [
    c"undef",
    c"CONTEXT_CREATED",
    c"INITIALIZED",
    c"IFACE_COLDPLUG",
    c"DHCP",
    c"CPD_PRE_TIME",
    c"TIME_VALID",
    c"CPD_POST_TIME",
    c"POLICY_VALID",
    c"REGISTERED",
    c"AUTH1",
    c"AUTH2",
    c"OPERATIONAL",
    c"POLICY_INVALID",
];
const CONTEXT_CREATED: c_int = 1;
const POLICY_VALID: c_int = 8;
const OPERATIONAL: c_int = 12;
const POLICY_INVALID: c_int = 13;

/// See the module.
pub struct ProgramHooks {
    manager: StateManager,
    /// The library's own notifier: protocols come up on the way into POLICY_VALID.
    own: AtomicPtr<lws_state_notify_link>,
    pcontext: AtomicPtr<*mut lws_context>,
    system_ops: AtomicPtr<lws_system_ops_t>,
    walks_states: bool,
    /// The context's file operations.
    pub fops: Fops,
    /// Bytes that describe the machine.
    pub blobs: Blobs,
    /// Calls left for service threads.
    pub attached: Attached,
    /// What is known about the way to the internet.
    pub portal: Portal,
    /// Messages inside of the program.
    pub smd: Arc<Smd>,
    /// Protocols that every vhost has besides its own.
    pub plugins: ProtocolPlugins,
}

/// The file operations of a context. C gets pointers into `own`, so it is a box that never moves.
pub struct Fops {
    /// Those on real files, with info.fops behind them; freed with the context.
    own: *mut lws_plat_file_ops,
    /// As they were made: what tells whether the program has written into them.
    made: lws_plat_file_ops,
    /// What lws_get_fops gives.
    head: AtomicPtr<lws_plat_file_ops>,
}

impl Fops {
    fn new(behind: *const lws_plat_file_ops) -> Self {
        let own = Box::into_raw(Box::new(vfs::real_files(behind)));
        Self {
            own,
            made: vfs::real_files(behind),
            head: AtomicPtr::new(own),
        }
    }

    /// The first of the list.
    pub fn head(&self) -> *mut lws_plat_file_ops {
        self.head.load(Ordering::Relaxed)
    }

    /// The list, when the program's functions are to open `path`: its own list, one it wrote into, or an entry behind the
    /// head that knows the path.
    pub fn concerned(&self, path: &CStr) -> Option<NonNull<lws_plat_file_ops>> {
        let head = NonNull::new(self.head())?;
        // SAFETY: ours, or the program's, which it keeps valid as long as it is set.
        let ops = unsafe { head.as_ref() };
        let is_own = ptr::eq(head.as_ptr(), self.own) && vfs::are_same(ops, &self.made);
        // SAFETY: as above, for the list behind it.
        (!is_own || unsafe { vfs::has_responsible(ops, path) }).then_some(head)
    }

    /// Another list; NULL brings back the own one.
    pub fn replace(&self, head: *const lws_plat_file_ops) {
        let head = if head.is_null() {
            self.own
        } else {
            head.cast_mut()
        };
        self.head.store(head, Ordering::Relaxed);
    }
}

impl Drop for Fops {
    fn drop(&mut self) {
        // SAFETY: made by Box::into_raw in new, freed once; the context is gone and with it the right to use the list.
        drop(unsafe { Box::from_raw(self.own) });
    }
}

// SAFETY: the manager is only driven by the OS thread that starts or destroys the context; the program's notifiers
// register and act under its own rules, as with the reference.
unsafe impl Send for ProgramHooks {}
// SAFETY: as above.
unsafe impl Sync for ProgramHooks {}

impl ProgramHooks {
    /// Registers the program's notifiers.
    ///
    /// # Safety
    /// `info` and its notifier list are valid, the notifiers for as long as the context lives.
    pub unsafe fn new(info: &lws_context_creation_info) -> Self {
        let manager = StateManager::new(c"system", &STATES);
        manager.set_state(CONTEXT_CREATED);
        manager.set_message_class(LWSSMDCL_SYSTEM_STATE);
        // Told in the reverse order of registration: the program's come before ours.
        let own = Box::into_raw(Box::new(lws_state_notify_link {
            // SAFETY: plain old data; all zero is a node on no list.
            list: unsafe { std::mem::zeroed() },
            notify_cb: Some(bring_protocols_up),
            name: c"protocol_init".as_ptr(),
        }));
        // SAFETY: ours, freed when it is off the list.
        unsafe { manager.register(own.cast::<Link>()) };
        let mut at = info.register_notifier_list;
        while !at.is_null() {
            // SAFETY: an array of pointers that ends with NULL.
            let link = unsafe { at.read() };
            if link.is_null() {
                break;
            }
            // SAFETY: the program's notifier stays valid.
            unsafe { manager.register(link.cast::<Link>()) };
            // SAFETY: the array goes on until its NULL.
            at = unsafe { at.add(1) };
        }
        Self {
            manager,
            own: AtomicPtr::new(own),
            pcontext: AtomicPtr::new(info.pcontext),
            system_ops: AtomicPtr::new(info.system_ops.cast_mut()),
            walks_states: info.options & option::NO_SYSTEM_STATES == 0,
            fops: Fops::new(info.fops),
            blobs: Blobs::default(),
            attached: Attached::default(),
            portal: Portal::default(),
            smd: early_smd(info),
            // SAFETY: the caller's promise.
            plugins: unsafe { ProtocolPlugins::load(info) },
        }
    }

    /// Those of a context.
    pub fn of(context: &Context) -> Option<&Self> {
        context.hooks.as_any().downcast_ref()
    }

    /// The state machine, for C.
    pub fn manager(&self) -> *mut lws_state_manager {
        self.manager.as_ptr().cast()
    }

    /// The system state.
    pub fn state(&self) -> c_int {
        self.manager.state()
    }

    /// info.system_ops.
    pub fn system_ops(&self) -> *const lws_system_ops_t {
        self.system_ops.load(Ordering::Relaxed)
    }
}

/// The distribution of messages, with the peer that info names.
fn early_smd(info: &lws_context_creation_info) -> Arc<Smd> {
    let smd = Arc::new(Smd::default());
    if info.early_smd_cb.is_some() {
        let (class, opaque) = (info.early_smd_class_filter, info.early_smd_opaque);
        let _ = smd.register(class, info.early_smd_cb, opaque);
    }
    smd
}

/// Tells the peers of a machine's context that it has reached a state.
pub fn publish(news: News) {
    let context: *mut lws_context = news.context.cast();
    with_hooks(context, "state machine", |hooks| {
        let text = format!("{{\"state\":\"{}\"}}", news.state.to_string_lossy());
        hooks.smd.publish(news.class, &text);
    });
}

/// The library's own notifier.
unsafe extern "C" fn bring_protocols_up(
    manager: *mut lws_state_manager,
    _link: *mut lws_state_notify_link,
    current: c_int,
    target: c_int,
) -> c_int {
    // SAFETY: called with the manager it is registered with.
    let Some(manager) = (unsafe { manager.as_ref() }) else {
        return 0;
    };
    if target != POLICY_VALID || current == target {
        return 0;
    }
    if let Some(place) = crate::capi::handle::context_place(manager.context) {
        let _ = registry::enter_waiting(place.context, 0, destroy::init_all);
    }
    0
}

impl Hooks for ProgramHooks {
    fn attach(&self, context: &Context) {
        self.manager.set_context(to_c(context.handle.addr()));
    }

    fn start(&self, initialise: &mut dyn FnMut() -> bool) {
        if self.walks_states {
            self.manager.step_to(OPERATIONAL, publish);
        } else {
            initialise();
        }
    }

    fn run_attached(&self, context: &Context, tsi: u8) {
        // SAFETY: NULL, or the program's struct, which it keeps as long as the context lives.
        let ops = unsafe { self.system_ops().as_ref() };
        let mut more = self.attached.run(ops, context.handle, c_int::from(tsi));
        more |= tsi == 0 && self.smd.deliver(&context.is_destroying);
        if more && let Some(mailbox) = context.mailboxes.get(usize::from(tsi)) {
            mailbox.wake.wake();
        }
    }

    fn open_file(&self, path: &CStr, takes_gzip: bool) -> Opening {
        match self.fops.concerned(path) {
            None => Opening::Own,
            // SAFETY: a list of valid operations, see there.
            Some(head) => unsafe { files_of_program::open(head, path, takes_gzip) },
        }
    }

    fn begin_destroy(&self) {
        if self.walks_states && self.manager.state() > CONTEXT_CREATED {
            self.manager.step_to(POLICY_INVALID, publish);
        }
    }

    fn end_destroy(&self) {
        let place = self.pcontext.swap(ptr::null_mut(), Ordering::AcqRel);
        if !place.is_null() {
            // SAFETY: the program's own pointer variable, valid until now by the contract of info.pcontext.
            unsafe { place.write(ptr::null_mut()) };
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Drop for ProgramHooks {
    fn drop(&mut self) {
        let link = self.own.swap(ptr::null_mut(), Ordering::Relaxed);
        if !link.is_null() {
            // SAFETY: ours, on no list or on the one of the manager that goes with it.
            unsafe { crate::cutil::state::deregister(link.cast()) };
            // SAFETY: made by Box::into_raw in attach, freed once.
            drop(unsafe { Box::from_raw(link) });
        }
    }
}
