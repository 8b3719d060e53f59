//! "did you mean": the known word that is nearest to a mistyped one.

/// `; did you mean `known`?`, or nothing if no known word is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The nearest of the known words, if it is near enough to be what was meant.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().collect();
    let limit = (word.len() / 3).clamp(1, 4);
    known
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= limit + 2)
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be put in, taken out, replaced or swapped with their neighbour to get
/// from one word to the other.
fn distance(from: &[char], to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut best = replaced.min(above[column + 1] + 1).min(line[column] + 1);
            let swapped = row > 0 && column > 0 && *a == to[column - 1] && from[row - 1] == *b;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_is_found() {
        for typo in ["hots", "hst", "hosst", "hoat", "Host"] {
            assert_eq!(
                did_you_mean(typo, ["user", "host", "port"]),
                "; did you mean `host`?",
                "{typo}"
            );
        }
        assert_eq!(
            did_you_mean("connect-timeout", ["timeout", "connect_timeout"]),
            "; did you mean `connect_timeout`?"
        );
    }

    #[test]
    fn another_word_is_not() {
        for other in ["", "banana", "x", "identification"] {
            assert_eq!(did_you_mean(other, ["user", "host", "port"]), "", "{other}");
        }
    }
}
