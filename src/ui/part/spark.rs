//! Figures in a row of cells, one a cell: darker is more. Plain ASCII, since blocks have no width that all terminals agree on.

/// From a little to the most; nothing is a blank, something never.
const LEVELS: [char; 7] = ['.', ':', '-', '=', '+', '*', '#'];

/// The values as a line, in proportion to the largest.
pub fn line(values: &[u64]) -> String {
    let most = values.iter().copied().max().unwrap_or_default();
    let level = |value: u64| match value {
        0 => ' ',
        value => LEVELS[((u128::from(value) * LEVELS.len() as u128).div_ceil(u128::from(most)) - 1) as usize],
    };
    values.iter().copied().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_blank_something_is_not_and_the_most_is_darkest() {
        assert_eq!(line(&[]), "");
        assert_eq!(line(&[0, 0]), "  ");
        assert_eq!(line(&[0, 1, 700]), " .#");
        assert_eq!(line(&[1, 2, 3, 4, 5, 6, 7]), ".:-=+*#");
        assert_eq!(line(&[u64::MAX, 1, u64::MAX / 2 + 1]), "#.=");
    }
}
