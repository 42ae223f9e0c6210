//! Real children: sh and cat.

use super::*;
use std::io::{Read as _, Write as _};

fn run(script: &str) -> (Process, Pipes) {
    let argv = [c"/bin/sh", c"-c", &CString::new(script).unwrap()].map(CStr::to_owned);
    let environment = [(b"PATH".to_vec(), b"/bin:/usr/bin".to_vec())];
    let program = Program {
        argv: &argv,
        environment: &environment,
        directory: c"/tmp",
    };
    spawn(&program).unwrap()
}

fn read_all(fd: OwnedFd) -> String {
    let flags = rustix::fs::fcntl_getfl(&fd).unwrap();
    rustix::fs::fcntl_setfl(&fd, flags - rustix::fs::OFlags::NONBLOCK).unwrap();
    let mut text = String::new();
    std::fs::File::from(fd).read_to_string(&mut text).unwrap();
    text
}

fn reap(mut process: Process) {
    let start = Instant::now();
    while let Some(still) = process.reap() {
        assert!(start.elapsed() < Duration::from_secs(10), "does not end");
        still.wait_at_most(100);
        process = still;
    }
}

#[test]
fn channels_environment_and_directory_reach_the_child() {
    let (process, pipes) = run("pwd; env | grep -v -e ^PWD -e ^_ -e ^SHLVL; cat; echo oops >&2");
    std::fs::File::from(pipes.stdin).write_all(b"in\n").unwrap();
    let output = read_all(pipes.stdout);
    assert!(output.starts_with("/tmp\n"), "{output}");
    assert!(output.ends_with("PATH=/bin:/usr/bin\nin\n"), "{output}");
    assert_eq!(read_all(pipes.stderr), "oops\n");
    reap(process);
}

#[test]
fn descriptors_without_cloexec_do_not_leak() {
    let file = std::fs::File::open("/dev/null").unwrap();
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
    let (process, pipes) = run("exec ls /proc/self/fd");
    // 3 is the directory that ls reads.
    assert_eq!(read_all(pipes.stdout), "0\n1\n2\n3\n");
    reap(process);
}

#[test]
fn signals_are_reset_in_the_child() {
    // SAFETY: ignoring is always allowed; nothing else in this test process uses the signal.
    unsafe { libc::signal(libc::SIGWINCH, libc::SIG_IGN) };
    let (process, pipes) = run("exec grep -E '^Sig(Ign|Blk)' /proc/self/status");
    let status = read_all(pipes.stdout);
    // The C library keeps 32 and 33 for itself: nobody can set them, and nobody can reset them.
    let own = 0b11 << 31;
    for line in status.lines() {
        let (_, set) = line.split_once('\t').unwrap();
        assert_eq!(u64::from_str_radix(set, 16).unwrap() & !own, 0, "{line}");
    }
    assert_eq!(status.lines().count(), 2);
    reap(process);
}

#[test]
fn the_whole_group_is_ended() {
    // The pipe's end is only seen when the background process is gone too.
    let (process, pipes) = run("trap '' TERM; sleep 600 & sleep 600");
    process.end_group(true);
    assert_eq!(read_all(pipes.stdout), "");
    reap(process);
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let program = Program {
        argv: &[c"/no/such/file".to_owned()],
        environment: &[],
        directory: c"/tmp",
    };
    let error = spawn(&program).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn life_is_seen_without_reaping() {
    let (process, pipes) = run("read line");
    assert_eq!(process.life(), Life::Runs);
    drop(pipes);
    process.wait_at_most(10_000);
    assert_eq!(process.life(), Life::Ended);
    assert_eq!(process.life(), Life::Ended);
    reap(process);
}
