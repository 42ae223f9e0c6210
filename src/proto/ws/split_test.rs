//! The test helper every engine here is run with: the same input, cut in every way that can matter, must give
//! the same result. The caller's closure feeds the pieces and returns what came out, with adjoining data merged.

use std::fmt::Debug;

/// Runs `run` on `input` whole and on its splits (one cut anywhere, two cuts anywhere when short, pieces of 1, 2,
/// 3, 5, 7 and 13 bytes, empty pieces between) and asserts equal results; returns the result.
pub(crate) fn assert_same_for_every_split<T: PartialEq + Debug>(
    input: &[u8],
    mut run: impl FnMut(&[&[u8]]) -> T,
) -> T {
    let whole = run(&[input]);
    let mut check = |pieces: &[&[u8]]| {
        let got = run(pieces);
        let lens: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
        assert_eq!(got, whole, "pieces {lens:?} of {}", input.escape_ascii());
    };
    for cut in 0..=input.len() {
        let (a, b) = input.split_at(cut);
        check(&[a, b]);
        check(&[a, &[], b]);
        if input.len() <= 48 {
            for cut in 0..=b.len() {
                let (b, c) = b.split_at(cut);
                check(&[a, b, c]);
            }
        }
    }
    for step in [1, 2, 3, 5, 7, 13] {
        check(&input.chunks(step).collect::<Vec<_>>());
    }
    whole
}
