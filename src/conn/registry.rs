//! Which contexts exist, and entering their service threads.
//!
//! A service thread is entered by one OS thread at a time. Entering is a re-entrant lock; an OS thread that is already
//! inside finds that in a thread-local list and pays a comparison. The lock is let go while the owner waits in the
//! kernel, so programs may hand `lws_service` around between OS threads, and may call in while another one waits.

use crate::conn::context::Context;
use crate::conn::destroy;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::util::cell::Bound;
use crate::util::ids::Handle;
use parking_lot::{ReentrantMutex, ReentrantMutexGuard, RwLock};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Contexts that may exist at a time in a process.
pub const MAX_CONTEXTS: usize = 1024;

/// A context with its service threads.
pub struct Entry {
    /// What the threads share.
    pub context: Arc<Context>,
    /// The threads, each behind its lock.
    pub threads: Vec<ReentrantMutex<Bound<Rc<ServiceThread>>>>,
}

static CONTEXTS: RwLock<Vec<Option<Arc<Entry>>>> = RwLock::new(Vec::new());

thread_local! {
    /// Service threads that this OS thread is inside of, innermost last.
    static INSIDE: RefCell<Vec<Rc<ServiceThread>>> = const { RefCell::new(Vec::new()) };
}

/// The connection that this OS thread is serving: what most calls of a callback are about.
struct Serving {
    thread: Rc<ServiceThread>,
    wsi: Rc<Wsi>,
}

thread_local! {
    static SERVING: Cell<Option<Serving>> = const { Cell::new(None) };
}

/// Runs `f` while `wsi` counts as the connection being served.
pub fn while_serving<R>(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, f: impl FnOnce() -> R) -> R {
    let now = Serving {
        thread: thread.clone(),
        wsi: wsi.clone(),
    };
    let before = SERVING.replace(Some(now));
    let result = f();
    drop(SERVING.replace(before));
    result
}

/// Runs `f` on the connection being served, if that is the one with this handle and it is still alive; else gives `f` back.
///
/// It is lent, not counted: a call that user code makes inside `f` takes the long way.
#[inline]
pub fn on_served<R, F>(handle: Handle, f: F) -> Result<R, F>
where
    F: FnOnce(&Rc<ServiceThread>, &Rc<Wsi>) -> R,
{
    SERVING.with(|cell| {
        let serving = cell.take();
        let result = match &serving {
            Some(s) if s.wsi.handle == handle && !s.wsi.is_released.get() => {
                Ok(f(&s.thread, &s.wsi))
            }
            _ => Err(f),
        };
        cell.set(serving);
        result
    })
}

/// Reserves an index, builds the entry for it, and makes it findable.
pub fn insert<E>(build: impl FnOnce(u16) -> Result<Entry, E>) -> Option<Result<Arc<Entry>, E>> {
    let mut all = CONTEXTS.write();
    let at = all.iter().position(Option::is_none).unwrap_or(all.len());
    if at >= MAX_CONTEXTS {
        return None;
    }
    let entry = match build(u16::try_from(at).ok()?) {
        Ok(entry) => Arc::new(entry),
        Err(e) => return Some(Err(e)),
    };
    if at == all.len() {
        all.push(None);
    }
    if let Some(place) = all.get_mut(at) {
        *place = Some(entry.clone());
    }
    Some(Ok(entry))
}

/// Forgets a context.
pub fn remove(index: u16) {
    if let Some(place) = CONTEXTS.write().get_mut(usize::from(index)) {
        *place = None;
    }
}

/// Finds a context.
pub fn entry(index: u16) -> Option<Arc<Entry>> {
    CONTEXTS.read().get(usize::from(index))?.clone()
}

/// The service thread, if this OS thread is inside it.
pub fn inside(context: u16, tsi: u8) -> Option<Rc<ServiceThread>> {
    INSIDE.with_borrow(|list| {
        list.iter()
            .rev()
            .find(|t| t.context.index == context && t.tsi == tsi)
            .cloned()
    })
}

/// True when this OS thread is inside any service thread.
pub fn is_inside_any() -> bool {
    INSIDE.with_borrow(|list| !list.is_empty())
}

/// True when this OS thread is inside some service thread of the context.
pub fn is_inside(context: u16) -> bool {
    INSIDE.with_borrow(|list| list.iter().any(|t| t.context.index == context))
}

/// Why a service thread could not be entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoEntry {
    /// Another OS thread is inside.
    Busy,
    /// There is no such thread or context any more.
    Gone,
}

/// How long a call from another OS thread waits for a service thread that is at work. Programs answer requests from
/// worker threads; a program that holds a lock of its own meanwhile, which a callback wants, goes on after it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs `f` inside a service thread, waiting a moment for its turn. An OS thread that is inside some service thread does
/// not wait for another one.
pub fn enter<R>(
    context: u16,
    tsi: u8,
    f: impl FnOnce(&Rc<ServiceThread>) -> R,
) -> Result<R, NoEntry> {
    if let Some(thread) = inside(context, tsi) {
        return Ok(f(&thread));
    }
    let entry = entry(context).ok_or(NoEntry::Gone)?;
    let slot = entry.threads.get(usize::from(tsi)).ok_or(NoEntry::Gone)?;
    let guard = if is_inside_any() {
        slot.try_lock()
    } else {
        slot.try_lock_for(PATIENCE)
    };
    let guard = guard.ok_or(NoEntry::Busy)?;
    let result = enter_locked(&entry.context, &guard, f);
    drop(guard);
    leave(&entry.context);
    Ok(result)
}

/// Like [`enter`], but waits until nobody is inside. Only for OS threads that are inside nothing.
pub fn enter_waiting<R>(
    context: u16,
    tsi: u8,
    f: impl FnOnce(&Rc<ServiceThread>) -> R,
) -> Result<R, NoEntry> {
    if is_inside_any() {
        return enter(context, tsi, f);
    }
    let entry = entry(context).ok_or(NoEntry::Gone)?;
    let slot = entry.threads.get(usize::from(tsi)).ok_or(NoEntry::Gone)?;
    let guard = slot.lock();
    let result = enter_locked(&entry.context, &guard, f);
    drop(guard);
    leave(&entry.context);
    Ok(result)
}

/// This OS thread may be outside again: a destruction that was asked for inside happens now.
fn leave(context: &Context) {
    if context.is_destroying.load(Ordering::Relaxed) {
        destroy::finish_if_asked(context.index);
    }
}

type Guard<'a> = ReentrantMutexGuard<'a, Bound<Rc<ServiceThread>>>;

fn enter_locked<R>(
    context: &Context,
    guard: &Guard<'_>,
    f: impl FnOnce(&Rc<ServiceThread>) -> R,
) -> R {
    let result = scope(guard, f);
    // Work may have been left on the lists of a thread that another OS thread waits for.
    if guard.inside().has_work()
        && let Some(mailbox) = context.mailboxes.get(usize::from(guard.inside().tsi))
    {
        mailbox.nudge();
    }
    result
}

/// Marks this OS thread as inside while `f` runs.
fn scope<R>(guard: &Guard<'_>, f: impl FnOnce(&Rc<ServiceThread>) -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.with_borrow_mut(Vec::pop);
        }
    }
    let thread = guard.inside();
    INSIDE.with_borrow_mut(|list| list.push(thread.clone()));
    let _leave = Leave;
    f(thread)
}

/// One blocking visit: `before` runs inside and says how to wait, `wait` runs with nobody inside, `after` runs inside.
/// An OS thread that is already inside does all three without letting go.
pub fn visit<W, R>(
    context: u16,
    tsi: u8,
    before: impl FnOnce(&Rc<ServiceThread>) -> Result<W, R>,
    wait: impl FnOnce(&mut W),
    after: impl FnOnce(&Rc<ServiceThread>, W) -> R,
) -> Result<R, NoEntry> {
    if let Some(thread) = inside(context, tsi) {
        return Ok(match before(&thread) {
            Ok(mut how) => {
                wait(&mut how);
                after(&thread, how)
            }
            Err(result) => result,
        });
    }
    let entry = entry(context).ok_or(NoEntry::Gone)?;
    let slot = entry.threads.get(usize::from(tsi)).ok_or(NoEntry::Gone)?;
    let mut guard = if is_inside_any() {
        slot.try_lock().ok_or(NoEntry::Busy)?
    } else {
        slot.lock()
    };
    let result = match scope(&guard, before) {
        Ok(mut how) => {
            ReentrantMutexGuard::unlocked(&mut guard, || wait(&mut how));
            scope(&guard, |thread| after(thread, how))
        }
        Err(result) => result,
    };
    drop(guard);
    leave(&entry.context);
    Ok(result)
}
