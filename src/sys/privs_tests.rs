//! Resolving needs no rights; becoming is tried in a child process, when the tests run as root.

use super::*;

fn wanted<'a>() -> Wanted<'a> {
    Wanted {
        uid: -1,
        gid: -1,
        ..Wanted::default()
    }
}

#[test]
fn names_win_over_ids() {
    let ids = Wanted {
        uid: 7,
        gid: 8,
        user: Some(c"root"),
        group: Some(c"root"),
        ..wanted()
    };
    let identity = resolve(&ids).unwrap();
    assert_eq!((identity.uid(), identity.gid()), (0, 0));
    let identity = resolve(&Wanted {
        uid: 7,
        gid: 8,
        ..wanted()
    })
    .unwrap();
    assert_eq!((identity.uid(), identity.gid()), (7, 8));
}

#[test]
fn unknown_names_and_capabilities_are_problems() {
    let user = resolve(&Wanted {
        user: Some(c"no such user"),
        ..wanted()
    });
    assert_eq!(
        user.unwrap_err().to_string(),
        "unknown username \"no such user\""
    );
    let group = resolve(&Wanted {
        group: Some(c"no such group"),
        ..wanted()
    });
    assert_eq!(
        group.unwrap_err().to_string(),
        "unknown groupname \"no such group\""
    );
    for number in [-1, 64, i32::MAX] {
        let capability = resolve(&Wanted {
            capabilities: &[1, number],
            ..wanted()
        });
        assert!(matches!(capability, Err(Problem::UnknownCapability(bad)) if bad == number));
    }
}

#[test]
fn nothing_asked_changes_nothing() {
    for (uid, gid) in [(-1, -1), (0, 0), (-1, 0)] {
        resolve(&Wanted {
            uid,
            gid,
            ..wanted()
        })
        .unwrap()
        .assume()
        .unwrap();
    }
}

/// Runs the named test of this file again in a process of its own, where it does the deed; true in that process.
/// Changing ids concerns a whole process, and forking one with threads is asking for trouble.
fn is_the_child(test: &str) -> bool {
    const MARK: &str = "PRIVS_TEST_CHILD";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let test = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    let output = command
        .args(["--exact", &test])
        .env(MARK, "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    false
}

/// A capability set of this thread, by its name in /proc.
fn set(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    u64::from_str_radix(line.split_whitespace().last().unwrap(), 16).unwrap()
}

fn is_root() -> bool {
    // SAFETY: no preconditions.
    (unsafe { libc::geteuid() }) == 0
}

#[test]
fn root_becomes_another_user_and_keeps_only_what_was_asked() {
    const NET_BIND: u64 = 1 << 10;
    let identity = resolve(&Wanted {
        user: Some(c"daemon"),
        group: Some(c"daemon"),
        capabilities: &[10],
        ..wanted()
    });
    let Ok(identity) = identity else { return }; // no such user on this machine
    let possible = is_root() && set("CapPrm") & NET_BIND != 0;
    if !possible || !is_the_child("root_becomes_another_user_and_keeps_only_what_was_asked") {
        return;
    }
    identity.assume().unwrap();
    // SAFETY: no preconditions.
    let uid = unsafe { libc::getuid() };
    // SAFETY: no preconditions.
    let gid = unsafe { libc::getgid() };
    assert_eq!(
        (uid.cast_signed(), gid.cast_signed()),
        (identity.uid(), identity.gid())
    );
    assert_eq!((set("CapPrm"), set("CapEff")), (NET_BIND, NET_BIND));
    // SAFETY: takes a number.
    let back = unsafe { libc::setuid(0) };
    assert_eq!(back, -1, "the way back must be closed");
}

#[test]
fn nothing_changes_when_something_is_missing() {
    // Harmless only as long as it is refused, hence the child.
    if !is_the_child("nothing_changes_when_something_is_missing") {
        return;
    }
    // SAFETY: no preconditions.
    let before = unsafe { libc::getgid() };
    let nobody = Identity {
        uid: 1,
        gid: -1,
        capabilities: 0,
    }
    .assume();
    assert!(matches!(nobody, Err(Problem::UserWithoutGroup)));
    let nameless = Identity {
        uid: 54321,
        gid: 1,
        capabilities: 0,
    }
    .assume();
    assert!(matches!(nameless, Err(Problem::NamelessUser(54321))));
    let nameless = Identity {
        uid: 1,
        gid: 54321,
        capabilities: 0,
    }
    .assume();
    assert!(matches!(nameless, Err(Problem::NamelessGroup(54321))));
    // SAFETY: no preconditions.
    assert_eq!(unsafe { libc::getgid() }, before);
}
