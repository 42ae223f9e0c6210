//! Machines: who is told what, vetoes, and notifiers that change things while told.

use super::*;
use std::cell::RefCell;

thread_local! {
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn note(link: *mut Link, current: c_int, target: c_int) {
    // SAFETY: the tests' links are leaked boxes with literal names.
    let name = text(unsafe { (*link).name });
    TOLD.with_borrow_mut(|told| {
        told.push(format!("{} {current}>{target}", name.to_str().unwrap()))
    });
}

unsafe extern "C" fn agree(
    _: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int {
    note(link, current, target);
    0
}

unsafe extern "C" fn refuse_three(
    _: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int {
    note(link, current, target);
    c_int::from(target == 3)
}

unsafe extern "C" fn refuse_late(
    _: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int {
    note(link, current, target);
    c_int::from(current == target)
}

unsafe extern "C" fn go_on_to_four(
    machine: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int {
    note(link, current, target);
    if current == 2 && target == 2 {
        // SAFETY: the machine that tells.
        unsafe { Machine::new(machine) }.unwrap().step_to(4, |_| {});
    }
    0
}

unsafe extern "C" fn leave(
    _: *mut Manager,
    link: *mut Link,
    current: c_int,
    target: c_int,
) -> c_int {
    note(link, current, target);
    // SAFETY: itself, which is registered.
    unsafe { deregister(link) };
    0
}

fn machine(links: &[(&'static CStr, Notify)]) -> StateManager {
    let manager = StateManager::new(c"test", &[c"zero", c"one"]);
    for (name, notify) in links {
        let link = Link {
            list: Node::detached(),
            notify: Some(*notify),
            name: name.as_ptr(),
        };
        // SAFETY: immortal.
        unsafe { manager.register(Box::into_raw(Box::new(link))) };
    }
    manager
}

fn told() -> String {
    TOLD.take().join(", ")
}

#[test]
fn every_step_is_told_before_and_after_latest_registered_first() {
    let manager = machine(&[(c"a", agree), (c"b", agree)]);
    manager.step_to(2, |_| {});
    assert_eq!(
        told(),
        "b 0>1, a 0>1, b 1>1, a 1>1, b 1>2, a 1>2, b 2>2, a 2>2"
    );
    assert_eq!(manager.state(), 2);
    manager.step_to(1, |_| {});
    manager.step_to(-4, |_| {});
    assert!(!manager.transition(2, |_| {}));
    assert_eq!((told().as_str(), manager.state()), ("", 2));
}

#[test]
fn jump_is_told_once_and_may_go_down() {
    let manager = machine(&[(c"a", agree)]);
    assert!(manager.transition(12, |_| {}));
    assert!(manager.transition(1, |_| {}));
    assert_eq!(told(), "a 0>12, a 12>12, a 12>1, a 1>1");
}

#[test]
fn veto_stops_before_the_step() {
    let manager = machine(&[(c"a", agree), (c"b", refuse_three)]);
    manager.set_state(2);
    manager.step_to(5, |_| {});
    assert_eq!(manager.state(), 2);
    assert!(!manager.transition(3, |_| {}));
    assert_eq!(told(), "b 2>3, b 2>3");
}

#[test]
fn answer_after_the_step_only_ends_the_telling() {
    let manager = machine(&[(c"a", agree), (c"b", refuse_late)]);
    manager.step_to(2, |_| {});
    assert_eq!(told(), "b 0>1, a 0>1, b 1>1, b 1>2, a 1>2, b 2>2");
    assert_eq!(manager.state(), 2);
}

#[test]
fn notifier_may_overtake_the_steps() {
    let manager = machine(&[(c"a", go_on_to_four)]);
    manager.step_to(3, |_| {});
    assert_eq!(manager.state(), 4);
    assert_eq!(
        told(),
        "a 0>1, a 1>1, a 1>2, a 2>2, a 2>3, a 3>3, a 3>4, a 4>4"
    );
}

#[test]
fn notifier_may_leave_while_told() {
    let manager = machine(&[(c"a", agree), (c"b", leave), (c"c", agree)]);
    manager.step_to(1, |_| {});
    assert_eq!(told(), "c 0>1, b 0>1, a 0>1, c 1>1, a 1>1");
}

#[test]
fn list_registers_in_its_order_and_drop_detaches() {
    let links: Vec<*mut Link> = [c"x", c"y"]
        .map(|name| {
            Box::into_raw(Box::new(Link {
                list: Node::detached(),
                notify: Some(agree),
                name: name.as_ptr(),
            }))
        })
        .into();
    let array = [links[0], links[1], ptr::null_mut()];
    let manager = machine(&[]);
    // SAFETY: a terminated array of immortal links.
    unsafe { manager.register_list(array.as_ptr()) };
    manager.step_to(1, |_| {});
    assert_eq!(told(), "y 0>1, x 0>1, y 1>1, x 1>1");
    drop(manager);
    for link in links {
        // SAFETY: immortal; would write to the freed list if it were still attached.
        unsafe { deregister(link) };
        // SAFETY: as above.
        assert!(unsafe { (*link).list.owner.is_null() });
    }
}
