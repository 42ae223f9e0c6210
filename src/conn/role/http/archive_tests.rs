//! Parts of a packed member: what a pass unpacks at most, and which parts are refused.

use super::*;
use crate::proto::zip::tests::{Made, directory as read_directory};

fn packed(name: &str, data: &[u8]) -> Member {
    let bytes = Made::new().add("m", 8, data).finish();
    let path = std::env::temp_dir().join(format!("lws-archive-{name}-{}", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let c_path = CString::new(path.to_str().unwrap()).unwrap();
    let Ok(Opened::File(archive)) = open_read(&c_path) else {
        panic!("no file");
    };
    std::fs::remove_file(&path).unwrap();
    let directory = read_directory(&bytes).unwrap();
    let Found::Member(entry) = directory.find(b"m") else {
        panic!("no member");
    };
    member(archive, &directory, entry, false).ok().unwrap()
}

#[test]
fn one_pass_drops_so_much_and_no_more() {
    let mut data = vec![7; 3 * SKIPPED as usize];
    data.extend_from_slice(b"end");
    let mut member = packed("drops", &data);
    let offset = 3 * SKIPPED;
    let mut room = [0; 8];
    for _ in 0..2 {
        assert_eq!(member.read_at(&mut room, offset), Unpacked::NotYet);
    }
    assert_eq!(member.read_at(&mut room, offset), Unpacked::Bytes(3));
    assert_eq!(&room[..3], b"end");
    assert_eq!(member.read_at(&mut room, 0), Unpacked::Damaged);
}

#[test]
fn parts_are_met_in_one_way_through() {
    let member = packed("parts", b"0123456789");
    assert!(member.can_send(&[0..1, 1..4, 8..10]));
    assert!(!member.can_send(&[4..5, 0..1]));
    assert!(member.can_send(&[FARTHEST..FARTHEST + 1]));
    assert!(!member.can_send(&[FARTHEST + 1..FARTHEST + 2]));
    assert!(!member.can_send(&[0..5, FARTHEST + 6..FARTHEST + 7]));
}
