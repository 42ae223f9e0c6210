//! The intrusive doubly-linked list (lws: dll2) on memory of the C program.
//!
//! Nodes are members of the program's structs and header inlines read them, so their layout is public and every
//! access is a plain read or write through a raw pointer: no reference to caller memory ever exists.
//!
//! `Item` and `List` are checked-once views: constructing one is unsafe and states the contract, walking is not.
//! Misuse that aborts the reference is survived here: adding a listed node moves it, null is ignored by `capi`.
//! Called by `capi::dll2`, and by `sul` and `state` next door.

use std::ptr::{self, NonNull};

/// A list member as C declares it: two neighbours and the list it is on.
#[repr(C)]
pub struct Node {
    /// Towards the head.
    pub prev: *mut Node,
    /// Towards the tail.
    pub next: *mut Node,
    /// The list, or null when detached.
    pub owner: *mut Owner,
}

/// A list as C declares it.
#[repr(C)]
pub struct Owner {
    /// Last node or null.
    pub tail: *mut Node,
    /// First node or null.
    pub head: *mut Node,
    /// How many nodes.
    pub count: u32,
}

impl Node {
    /// A detached node.
    #[must_use]
    pub const fn detached() -> Self {
        Self {
            prev: ptr::null_mut(),
            next: ptr::null_mut(),
            owner: ptr::null_mut(),
        }
    }
}

impl Owner {
    /// An empty list.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            tail: ptr::null_mut(),
            head: ptr::null_mut(),
            count: 0,
        }
    }
}

/// A view of one node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item(NonNull<Node>);

/// A view of one list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct List(NonNull<Owner>);

impl Item {
    /// Views a node; none for null.
    ///
    /// # Safety
    /// While this view, or one reached from it, is used: the node, the list it names, and all nodes of that list are
    /// valid for reads and writes, linked as this module leaves them, and touched by no other thread.
    #[must_use]
    pub unsafe fn new(node: *mut Node) -> Option<Self> {
        NonNull::new(node).map(Self)
    }

    /// The node.
    #[must_use]
    pub fn as_ptr(self) -> *mut Node {
        self.0.as_ptr()
    }

    /// The neighbour towards the head.
    #[must_use]
    pub fn prev(self) -> Option<Item> {
        // SAFETY: valid by the contract of `new`.
        let prev = unsafe { (*self.as_ptr()).prev };
        NonNull::new(prev).map(Item)
    }

    /// The neighbour towards the tail.
    #[must_use]
    pub fn next(self) -> Option<Item> {
        // SAFETY: valid by the contract of `new`.
        let next = unsafe { (*self.as_ptr()).next };
        NonNull::new(next).map(Item)
    }

    /// The list it is on.
    #[must_use]
    pub fn list(self) -> Option<List> {
        // SAFETY: valid by the contract of `new`.
        let owner = unsafe { (*self.as_ptr()).owner };
        NonNull::new(owner).map(List)
    }

    fn set_prev(self, to: Option<Item>) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).prev = to.map_or(ptr::null_mut(), Item::as_ptr) };
    }

    fn set_next(self, to: Option<Item>) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).next = to.map_or(ptr::null_mut(), Item::as_ptr) };
    }

    fn set_list(self, to: Option<List>) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).owner = to.map_or(ptr::null_mut(), List::as_ptr) };
    }

    /// Takes the node off its list; nothing when it is detached.
    pub fn remove(self) {
        let Some(list) = self.list() else { return };
        let (prev, next) = (self.prev(), self.next());
        match prev {
            Some(prev) => prev.set_next(next),
            None => list.set_head(next),
        }
        match next {
            Some(next) => next.set_prev(prev),
            None => list.set_tail(prev),
        }
        list.set_count(list.count().saturating_sub(1));
        self.forget();
    }

    /// Makes the node look detached without telling the list.
    pub fn forget(self) {
        self.set_prev(None);
        self.set_next(None);
        self.set_list(None);
    }

    /// Puts the node in front of `other`, on the list of that; nothing when `other` is detached or the same node.
    pub fn insert_before(self, other: Item) {
        if other == self {
            return;
        }
        let Some(list) = other.list() else { return };
        self.remove();
        let prev = other.prev();
        self.set_list(Some(list));
        self.set_prev(prev);
        self.set_next(Some(other));
        other.set_prev(Some(self));
        match prev {
            Some(prev) => prev.set_next(Some(self)),
            None => list.set_head(Some(self)),
        }
        list.set_count(list.count().saturating_add(1));
    }
}

impl List {
    /// Views a list; none for null.
    ///
    /// # Safety
    /// While this view, or one reached from it, is used: the list and all its nodes are valid for reads and writes,
    /// linked as this module leaves them, and touched by no other thread.
    #[must_use]
    pub unsafe fn new(owner: *mut Owner) -> Option<Self> {
        NonNull::new(owner).map(Self)
    }

    /// The list record.
    #[must_use]
    pub fn as_ptr(self) -> *mut Owner {
        self.0.as_ptr()
    }

    /// The first node.
    #[must_use]
    pub fn head(self) -> Option<Item> {
        // SAFETY: valid by the contract of `new`.
        let head = unsafe { (*self.as_ptr()).head };
        NonNull::new(head).map(Item)
    }

    /// The last node.
    #[must_use]
    pub fn tail(self) -> Option<Item> {
        // SAFETY: valid by the contract of `new`.
        let tail = unsafe { (*self.as_ptr()).tail };
        NonNull::new(tail).map(Item)
    }

    /// How many nodes it says it has.
    #[must_use]
    pub fn count(self) -> u32 {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).count }
    }

    fn set_head(self, to: Option<Item>) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).head = to.map_or(ptr::null_mut(), Item::as_ptr) };
    }

    fn set_tail(self, to: Option<Item>) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).tail = to.map_or(ptr::null_mut(), Item::as_ptr) };
    }

    fn set_count(self, to: u32) {
        // SAFETY: valid by the contract of `new`.
        unsafe { (*self.as_ptr()).count = to };
    }

    /// Puts the node first.
    pub fn push_head(self, item: Item) {
        item.remove();
        match self.head() {
            Some(head) => item.insert_before(head),
            None => self.push_tail(item),
        }
    }

    /// Puts the node last.
    pub fn push_tail(self, item: Item) {
        item.remove();
        let tail = self.tail();
        item.set_list(Some(self));
        item.set_prev(tail);
        item.set_next(None);
        match tail {
            Some(tail) => tail.set_next(Some(item)),
            None => self.set_head(Some(item)),
        }
        self.set_tail(Some(item));
        self.set_count(self.count().saturating_add(1));
    }

    /// Puts the node in front of the first one for which `goes_before` (given that one) says yes, else last.
    pub fn insert_sorted(self, item: Item, mut goes_before: impl FnMut(Item) -> bool) {
        item.remove();
        let mut at = self.head();
        while let Some(other) = at {
            if goes_before(other) {
                return item.insert_before(other);
            }
            at = other.next();
        }
        self.push_tail(item);
    }

    /// Calls `visit` with each node from the head, until it says true; true if one did. The visited node may be
    /// removed or freed by `visit`, its successor not.
    pub fn any(self, mut visit: impl FnMut(Item) -> bool) -> bool {
        let mut at = self.head();
        while let Some(item) = at {
            at = item.next();
            if visit(item) {
                return true;
            }
        }
        false
    }

    /// Makes the list look empty without telling the nodes.
    pub fn forget(self) {
        self.set_head(None);
        self.set_tail(None);
        self.set_count(0);
    }

    /// Takes all nodes off. Ends even when a node was made to look detached behind the list's back.
    pub fn detach_all(self) {
        let mut at = self.head();
        self.forget();
        while let Some(item) = at {
            at = item.next();
            item.forget();
        }
    }
}

#[cfg(test)]
#[path = "dll2_tests.rs"]
mod tests;
