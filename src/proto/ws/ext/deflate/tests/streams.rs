//! Streams of connections: which are made, lent and given back, and settings between messages.

use super::*;

#[test]
fn deflater_when_window_is_8_bits_is_not_made() {
    assert!(
        Deflater::new(
            Direction {
                window_bits: 8,
                ..KEEPS
            },
            6
        )
        .is_none()
    );
    assert!(
        Deflater::new(
            Direction {
                window_bits: 16,
                ..KEEPS
            },
            6
        )
        .is_none()
    );
    let mut inflater = Inflater::new(Direction {
        window_bits: 8,
        ..KEEPS
    });
    assert_eq!(
        inflate_all(&mut inflater, b"\xf2\x48\xcd\xc9\xc9\x07\x00").unwrap(),
        b"Hello"
    );
}

#[test]
fn streams_when_messages_are_forgotten_go_from_one_connection_to_the_next() {
    let (mut deflater, mut inflater) = (Deflater::new(FORGETS, 1).unwrap(), Inflater::new(FORGETS));
    assert!(deflater.wants_spare() && inflater.wants_spare());
    let first = deflate(&mut deflater, &[b"Hello Hello"], 100).concat();
    assert_eq!(inflate_all(&mut inflater, &first).unwrap(), b"Hello Hello");
    let spare = (
        deflater.give_spare().unwrap(),
        inflater.give_spare().unwrap(),
    );
    assert!(!deflater.holds_memory() && !inflater.holds_memory());
    let (mut deflater, mut inflater) = (Deflater::new(FORGETS, 1).unwrap(), Inflater::new(FORGETS));
    assert!(deflater.take_spare(spare.0).is_none() && inflater.take_spare(spare.1).is_none());
    let second = deflate(&mut deflater, &[b"Hello Hello"], 100).concat();
    assert_eq!(second, first, "nothing of the other connection's message");
    assert_eq!(inflate_all(&mut inflater, &second).unwrap(), b"Hello Hello");

    let spare = deflater.give_spare().unwrap();
    let mut other = Deflater::new(FORGETS, 6).unwrap();
    assert!(other.take_spare(spare).is_some(), "made with another level");
}

#[test]
fn streams_when_they_are_needed_are_not_given_away() {
    let mut keeps = Deflater::new(KEEPS, 1).unwrap();
    deflate(&mut keeps, &[b"x"], 100);
    assert!(keeps.give_spare().is_none());
    let mut open = Deflater::new(FORGETS, 1).unwrap();
    let mut out = [0; 100];
    assert!(open.deflate(b"begun", End::Open, &mut out).unwrap().is_done);
    assert!(open.give_spare().is_none());
    let mut inflater = Inflater::new(FORGETS);
    inflater
        .inflate(b"\xf2\x48\xcd", false, &mut out, &FREE)
        .unwrap();
    assert!(inflater.give_spare().is_none());
}

#[test]
fn settings_when_changed_between_messages_apply_to_the_next() {
    let text = b"one two three one two three one two three".repeat(40);
    let sizes = [1, 9].map(|level| {
        let mut deflater = Deflater::new(KEEPS, 1).unwrap();
        deflate(&mut deflater, &[b"before"], 100);
        deflater.set_level(level);
        deflate(&mut deflater, &[&text], 5000).concat().len()
    });
    assert!(sizes[1] < sizes[0], "{sizes:?}");
    let mut deflater = Deflater::new(KEEPS, 1).unwrap();
    deflater.set_forgets(true);
    let first = deflate(&mut deflater, &[&text], 5000);
    assert_eq!(deflate(&mut deflater, &[&text], 5000), first);
    deflater.set_forgets(false);
    deflate(&mut deflater, &[&text], 5000);
    assert_ne!(deflate(&mut deflater, &[&text], 5000), first);
    for (wanted, got) in [(15, 15), (10, 10), (12, 10), (3, 9)] {
        deflater.limit_window(wanted);
        assert_eq!(deflater.window_bits, got);
    }
}
