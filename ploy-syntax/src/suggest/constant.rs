//! The suggestion of a check that the compiler evaluates: no allocation, no iterators, hence the
//! loops.

use super::allowed_edits;

/// As [`closest`](super::closest), among the first `most` of the known words; lengths are counted
/// in bytes.
pub const fn closest_in_constant<'a>(
    wrong: &str,
    known: &[&'a str],
    most: usize,
) -> Option<&'a str> {
    let wrong = wrong.as_bytes();
    let mut limit = allowed_edits(wrong.len());
    let mut best = None;
    let mut index = 0;
    while index < known.len() && index < most {
        let name = known[index].as_bytes();
        if name.len() <= wrong.len() + limit && wrong.len() <= name.len() + limit {
            let distance = distance(name, wrong);
            if distance <= limit {
                best = Some(known[index]);
                if distance == 0 {
                    return best;
                }
                limit = distance - 1;
            }
        }
        index += 1;
    }
    best
}

/// The optimal string alignment distance: a swap of neighbours is one edit, as typing errors go.
const fn distance(a: &[u8], b: &[u8]) -> usize {
    const MOST: usize = 64;
    if a.len() >= MOST || b.len() >= MOST {
        return usize::MAX;
    }
    let mut rows = [[0_usize; MOST]; 3];
    let mut j = 0;
    while j <= b.len() {
        rows[0][j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let (this, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[this][0] = i;
        let mut j = 1;
        while j <= b.len() {
            let replaced = rows[last][j - 1] + (a[i - 1] != b[j - 1]) as usize;
            let mut least = rows[last][j] + 1;
            if rows[this][j - 1] + 1 < least {
                least = rows[this][j - 1] + 1;
            }
            if replaced < least {
                least = replaced;
            }
            if i > 1
                && j > 1
                && a[i - 1] == b[j - 2]
                && a[i - 2] == b[j - 1]
                && rows[before][j - 2] + 1 < least
            {
                least = rows[before][j - 2] + 1;
            }
            rows[this][j] = least;
            j += 1;
        }
        i += 1;
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_are_those_of_strsim() {
        for (a, b) in [
            ("databse", "database"),
            ("wbe", "web"),
            ("", "ab"),
            ("kitten", "sitting"),
            ("same", "same"),
        ] {
            assert_eq!(
                distance(a.as_bytes(), b.as_bytes()),
                strsim::osa_distance(a, b),
                "{a} {b}"
            );
        }
    }
}
