//! Daemons are started by running this test binary again: the steps end processes. They report by a unix socket.

use super::*;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, Output};

const REPORT_TO: &str = "DAEMON_TEST_REPORT";
const LOCK_AT: &str = "DAEMON_TEST_LOCK";

/// A directory of this test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("daemon-test-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Starts a daemon with this lock; gives how the starter ended.
    fn start(&self) -> Output {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sys::daemon::tests::the_daemon", "--nocapture"])
            .env(REPORT_TO, self.0.join("report"))
            .env(LOCK_AT, self.lock())
            .output()
            .unwrap()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Not a test by itself: what the started process does.
#[test]
fn the_daemon() {
    let Some(report_to) = std::env::var_os(REPORT_TO) else {
        return;
    };
    let lock = CString::new(std::env::var_os(LOCK_AT).unwrap().into_vec()).unwrap();
    if daemonize(Some(&lock)).is_err() {
        end(9);
    }
    let link = |fd: &str| fs::read_link(format!("/proc/self/fd/{fd}")).unwrap_or_default();
    // SAFETY: no preconditions.
    let session = unsafe { libc::getsid(0) };
    let own_session = session == std::process::id().cast_signed();
    let mut report = UnixStream::connect(report_to).unwrap();
    let fds: Vec<_> = ["0", "1", "2"]
        .iter()
        .map(|fd| link(fd) == Path::new("/dev/null"))
        .collect();
    let here = std::env::current_dir().unwrap();
    let _ = writeln!(
        report,
        "{} {own_session} {fds:?} {}",
        std::process::id(),
        here.display()
    );
    // Until the test lets go, or a signal ends it.
    let _ = report.read(&mut [0]);
    end(0);
}

#[test]
fn daemon_stands_behind_a_lock_that_sigterm_removes() {
    let dir = Dir::new("stands");
    let listener = UnixListener::bind(dir.0.join("report")).unwrap();
    let started = dir.start();
    assert_eq!(
        started.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&started.stderr)
    );
    let locked = fs::read_to_string(dir.lock()).unwrap();

    let (mut daemon, _) = listener.accept().unwrap();
    let mut report = String::new();
    io::BufRead::read_line(&mut io::BufReader::new(&daemon), &mut report).unwrap();
    assert_eq!(report, format!("{locked} true [true, true, true] /tmp\n"));

    let second = dir.start();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        said.contains(&format!("Daemon already running pid {locked}")),
        "{said}"
    );

    let pid = locked.parse().unwrap();
    // SAFETY: the daemon this test started, still alive as its connection is open.
    let sent = unsafe { libc::kill(pid, libc::SIGTERM) };
    assert_eq!(sent, 0);
    let _ = daemon.read(&mut [0]); // its end of the connection closes when it dies
    assert!(!dir.lock().exists());
}

#[test]
fn stale_lock_is_replaced() {
    let dir = Dir::new("stale");
    let listener = UnixListener::bind(dir.0.join("report")).unwrap();
    fs::write(dir.lock(), "2147483646\n").unwrap(); // beyond every pid_max
    let started = dir.start();
    assert_eq!(started.status.code(), Some(0));
    let said = String::from_utf8_lossy(&started.stderr).into_owned();
    assert!(
        said.contains("Removing stale lock") && said.contains("2147483646"),
        "{said}"
    );
    let (daemon, _) = listener.accept().unwrap();
    let mut report = String::new();
    io::BufRead::read_line(&mut io::BufReader::new(&daemon), &mut report).unwrap();
    assert!(report.starts_with(&fs::read_to_string(dir.lock()).unwrap()));
}

#[test]
fn file_that_is_no_lock_is_left_alone() {
    let dir = Dir::new("junk");
    fs::write(dir.lock(), "precious").unwrap();
    assert_eq!(dir.start().status.code(), Some(1));
    assert_eq!(fs::read_to_string(dir.lock()).unwrap(), "precious");
}

#[test]
fn lock_states() {
    let dir = Dir::new("states");
    assert_eq!(look_at(&dir.lock()), Lock::Free);
    let this = std::process::id().to_string();
    for (text, expected) in [
        ("1", Lock::HeldBy(1)),
        ("1\n", Lock::HeldBy(1)),
        ("2147483646", Lock::Stale(2_147_483_646)),
        ("", Lock::Stale(0)),
        ("0", Lock::NoPid),
        ("-1", Lock::NoPid),
        ("99999999999999", Lock::NoPid),
        ("12 34", Lock::NoPid),
        (this.as_str(), Lock::Stale(std::process::id().cast_signed())),
    ] {
        fs::write(dir.lock(), text).unwrap();
        assert_eq!(look_at(&dir.lock()), expected, "{text:?}");
    }
    assert_eq!(look_at(&dir.0), Lock::NoPid);
}
