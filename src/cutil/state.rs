//! State machines with notifiers (lws: `lws_state`), in memory of the C program or of the library.
//!
//! A change from n to m is told to every notifier as "n -> m" before, and any nonzero answer vetoes it; then the
//! state is set and it is told again as "m -> m", where an answer only keeps the rest from being told. `transition`
//! jumps, `step_to` goes up one by one. Notifiers come latest registered first. Where the machine has a message class, a
//! state that is reached is published then.
//!
//! A notifier may change the state, and remove itself. It must not free the machine, nor remove its successor.
//! `StateManager` is the library-owned one (a context's system states); `Machine` is a view of anybody's.
//! Called by the core at context creation and destruction, and by `capi::state_link`.

use super::dll2::{Item, List, Node, Owner};
use super::place::Place;
use crate::util::log::log_info;
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::ptr::{self, NonNull};

/// The program's callback: nonzero vetoes `current` -> `target` while they differ.
pub type Notify = unsafe extern "C" fn(
    machine: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int;

/// A notifier as C declares it; the list member comes first.
#[repr(C)]
pub struct Link {
    /// Its place on a machine's list.
    pub list: Node,
    /// What to call.
    pub notify: Option<Notify>,
    /// For logs, or null.
    pub name: *const c_char,
}

/// A machine as C declares it; the list of notifiers comes first.
#[repr(C)]
pub struct Manager {
    /// The notifiers.
    pub notifiers: Owner,
    /// The context's handle, for the program.
    pub context: *mut c_void,
    /// The program's pointer.
    pub parent: *mut c_void,
    /// The message class that changes are published in; 0 for none.
    pub smd_class: c_uint,
    /// Names of the states, or null.
    pub state_names: *mut *const c_char,
    /// For logs, or null.
    pub name: *const c_char,
    /// The state.
    pub state: c_int,
}

/// A state that was reached.
#[derive(Debug)]
pub struct News {
    /// The machine's context: what the program put there.
    pub context: *mut c_void,
    /// The machine's message class.
    pub class: c_uint,
    /// The state's name.
    pub state: CString,
}

/// Sends the news of a machine with a message class as a message.
pub type Publish = fn(News);

/// A view of a machine.
#[derive(Clone, Copy)]
pub struct Machine(NonNull<Manager>);

impl Machine {
    /// Views a machine; none for null.
    ///
    /// # Safety
    /// While this view is used the machine and the notifiers on its list are valid, used by no other thread, and the
    /// notifiers' callbacks may be called.
    #[must_use]
    pub unsafe fn new(machine: *mut Manager) -> Option<Self> {
        NonNull::new(machine).map(Self)
    }

    /// The record.
    #[must_use]
    pub fn as_ptr(self) -> *mut Manager {
        self.0.as_ptr()
    }

    /// The state.
    #[must_use]
    pub fn state(self) -> i32 {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).state }
    }

    fn set_state(self, to: i32) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).state = to };
    }

    fn notifiers(self) -> Option<List> {
        // SAFETY: the list is the first member; valid by the contract of `new`.
        unsafe { List::new(self.as_ptr().cast()) }
    }

    /// Adds a notifier in front of the others, taking it off the list it was on.
    ///
    /// # Safety
    /// `link` is null (ignored) or valid, zeroed but for callback and name or registered before; it stays valid
    /// until it is deregistered or the machine is gone.
    pub unsafe fn register(self, link: *mut Link) {
        // SAFETY: the list member is first; valid by the contract.
        let item = unsafe { Item::new(link.cast()) };
        if let (Some(list), Some(item)) = (self.notifiers(), item) {
            list.push_head(item);
        }
    }

    /// Jumps to `target`, if no notifier vetoes it. True when the state was changed.
    pub fn transition(self, target: i32, publish: Publish) -> bool {
        let from = self.state();
        if from == target || self.tell(from, target) {
            return false;
        }
        self.set_state(target);
        self.tell(target, target);
        // quirk: behind what a notifier has changed meanwhile.
        if let Some(news) = self.news(target) {
            publish(news);
        }
        true
    }

    /// What is to be published of having reached a state: nothing without a class, a context or names.
    fn news(self, state: i32) -> Option<News> {
        let machine = self.as_ptr();
        // SAFETY: valid by the contract of `new`.
        let context = unsafe { (*machine).context };
        // SAFETY: as above.
        let class = unsafe { (*machine).smd_class };
        // SAFETY: as above.
        let names = unsafe { (*machine).state_names };
        let index = usize::try_from(state).ok()?;
        if class == 0 || context.is_null() || names.is_null() {
            return None;
        }
        // SAFETY: the array names every state of the machine.
        let place = unsafe { names.add(index) };
        // SAFETY: within the array.
        let name = unsafe { place.read() };
        Some(News {
            context,
            class,
            state: text(name).to_owned(),
        })
    }

    /// Goes up to `target` step by step, as far as notifiers let it; nothing when the state is there or above.
    pub fn step_to(self, target: i32, publish: Publish) {
        // A notifier may have gone further by itself, so the state is looked at again each time.
        while self.state() < target {
            if !self.transition(self.state().saturating_add(1), publish) {
                break;
            }
        }
    }

    /// Calls the notifiers in order until one answers nonzero; true if one did.
    fn tell(self, current: i32, target: i32) -> bool {
        let Some(list) = self.notifiers() else {
            return false;
        };
        list.any(|item| {
            let link: *mut Link = item.as_ptr().cast();
            // SAFETY: a registered notifier is valid by the contract of `register`.
            let Some(notify) = (unsafe { (*link).notify }) else {
                return false;
            };
            // SAFETY: as above, for its name: it may be gone after the call.
            let name = unsafe { (*link).name };
            // SAFETY: the program's callback with the program's or our own records, no reference held.
            let stopped = unsafe { notify(self.as_ptr(), link, current, target) } != 0;
            if stopped && current != target {
                log_info!("state {current} -> {target}: {:?} says not now", text(name));
            }
            stopped
        })
    }
}

/// Takes a notifier off its machine; nothing when it is on none, or null.
///
/// # Safety
/// `link` is null or valid, and its machine, if any, is used by no other thread meanwhile.
pub unsafe fn deregister(link: *mut Link) {
    // SAFETY: the list member is first; valid by the contract.
    if let Some(item) = unsafe { Item::new(link.cast()) } {
        item.remove();
    }
}

fn text<'a>(name: *const c_char) -> &'a CStr {
    if name.is_null() {
        return c"?";
    }
    // SAFETY: a C string of the notifier, which only its callback could have taken away; names are literals.
    unsafe { CStr::from_ptr(name) }
}

/// A machine of the library. Programs get its address, so it must stay until no notifier is being told any more.
pub struct StateManager {
    place: Place<Manager>,
    _names: Vec<*const c_char>, // state_names points here
}

// SAFETY: the machine is reached only through this value and by callers on the thread that may use it.
unsafe impl Send for StateManager {}

impl StateManager {
    /// A machine in state 0 without notifiers.
    #[must_use]
    pub fn new(name: &'static CStr, states: &[&'static CStr]) -> Self {
        let mut names: Vec<*const c_char> = states.iter().map(|state| state.as_ptr()).collect();
        let manager = Manager {
            notifiers: Owner::empty(),
            context: ptr::null_mut(),
            parent: ptr::null_mut(),
            smd_class: 0,
            state_names: names.as_mut_ptr(),
            name: name.as_ptr(),
            state: 0,
        };
        Self {
            place: Place::new(manager),
            _names: names,
        }
    }

    /// The address for the C program.
    #[must_use]
    pub fn as_ptr(&self) -> *mut Manager {
        self.place.as_ptr()
    }

    fn machine(&self) -> Machine {
        Machine(self.place.as_non_null())
    }

    /// Sets what C reads as the machine's context: a handle, never followed here.
    pub fn set_context(&self, handle: *mut c_void) {
        // SAFETY: our own record; no reference to it exists.
        unsafe { (*self.as_ptr()).context = handle };
    }

    /// Sets the message class that changes are published in.
    pub fn set_message_class(&self, class: u32) {
        // SAFETY: our own record; no reference to it exists.
        unsafe { (*self.as_ptr()).smd_class = class };
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> i32 {
        self.machine().state()
    }

    /// Sets the state without telling anybody.
    pub fn set_state(&self, to: i32) {
        self.machine().set_state(to);
    }

    /// Adds a notifier in front of the others.
    ///
    /// # Safety
    /// As for [`Machine::register`].
    pub unsafe fn register(&self, link: *mut Link) {
        // SAFETY: same contract.
        unsafe { self.machine().register(link) };
    }

    /// Adds a null-terminated array of notifiers (lws: `register_notifier_list`), in its order.
    ///
    /// # Safety
    /// As for [`register_list`].
    pub unsafe fn register_list(&self, links: *const *mut Link) {
        // SAFETY: same contract.
        unsafe { register_list(self.machine(), links) };
    }

    /// Jumps to `target`, if no notifier vetoes it. True when the state was changed. Runs user code.
    pub fn transition(&self, target: i32, publish: Publish) -> bool {
        self.machine().transition(target, publish)
    }

    /// Goes up to `target` step by step, as far as notifiers let it. Runs user code.
    pub fn step_to(&self, target: i32, publish: Publish) {
        self.machine().step_to(target, publish);
    }
}

impl Drop for StateManager {
    fn drop(&mut self) {
        // A later deregistration must not find our address in a notifier.
        if let Some(list) = self.machine().notifiers() {
            list.detach_all();
        }
    }
}

/// Adds a null-terminated array of notifiers, in its order.
///
/// # Safety
/// `links` is null or such an array; its members as for [`Machine::register`].
pub unsafe fn register_list(machine: Machine, links: *const *mut Link) {
    let mut at = links;
    while !at.is_null() {
        // SAFETY: within the array, whose terminator ends the loop.
        let link = unsafe { at.read() };
        if link.is_null() {
            break;
        }
        // SAFETY: a member, by the contract.
        unsafe { machine.register(link) };
        // SAFETY: `at` was not the terminator, so the next element exists.
        at = unsafe { at.add(1) };
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
