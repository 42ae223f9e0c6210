//! Test helper: an engine must not care how its input was cut.
//!
//! The closure gets the input in pieces, feeds them to a fresh engine and returns what came out as
//! debug texts, with neighbouring data events merged by the closure. The helper runs it on the whole
//! input, byte by byte, in equal pieces, with every single cut, and with every pair of cuts while
//! the input is short.

/// Longest input that is tried with every pair of cuts.
const PAIRS_UP_TO: usize = 60;

/// Runs `run` with every split of `input` and panics where the events differ from the unsplit run's.
///
/// Returns the events.
pub(crate) fn assert_same_for_every_split(
    input: &[u8],
    mut run: impl FnMut(&[&[u8]]) -> Vec<String>,
) -> Vec<String> {
    let whole = run(&[input]);
    let mut check = |pieces: &[&[u8]]| {
        let lengths: Vec<usize> = pieces.iter().map(|p| p.len()).collect();
        let text = String::from_utf8_lossy(input);
        assert_eq!(run(pieces), whole, "split {lengths:?} of {text:?}");
    };
    for size in [1, 2, 3, 5, 7, 16] {
        check(&input.chunks(size).collect::<Vec<_>>());
    }
    check(&[b"", input, b""]);
    for cut in 0..=input.len() {
        let (a, b) = input.split_at(cut);
        check(&[a, b]);
        if input.len() <= PAIRS_UP_TO {
            for cut2 in 0..=b.len() {
                let (b, c) = b.split_at(cut2);
                check(&[a, b, c]);
            }
        }
    }
    whole
}
