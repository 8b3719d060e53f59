//! Writes many names as few: `web[1-3,5],db`.

/// Names as one word for people: those that differ only in a number are folded, so
/// `web1 web2 web3 web5 db` is `web[1-3,5],db`. In the order of the first of each.
pub fn fold<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut families: Vec<Family<'_>> = Vec::new();
    for name in names {
        let (before, digits, after) = split(name);
        let is_of = |family: &&mut Family<'_>| {
            (family.before, family.after) == (before, after) && !digits.is_empty()
        };
        match families.iter_mut().find(is_of) {
            Some(family) => family.numbers.push(digits),
            None => families.push(Family {
                before,
                after,
                numbers: vec![digits],
            }),
        }
    }
    let words: Vec<String> = families.into_iter().map(Family::folded).collect();
    words.join(",")
}

struct Family<'a> {
    before: &'a str,
    after: &'a str,
    /// What stands between them.
    numbers: Vec<&'a str>,
}

impl Family<'_> {
    fn folded(self) -> String {
        let Family {
            before,
            after,
            mut numbers,
        } = self;
        numbers.sort_by_key(|digits| (digits.len(), *digits));
        numbers.dedup();
        if let [only] = numbers.as_slice() {
            return format!("{before}{only}{after}");
        }
        let mut ranges: Vec<(&str, &str)> = Vec::new();
        for digits in numbers {
            match ranges.last_mut() {
                Some((_, last)) if follows(last, digits) => *last = digits,
                _ => ranges.push((digits, digits)),
            }
        }
        let ranges: Vec<String> = ranges
            .into_iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_owned()
                } else {
                    format!("{first}-{last}")
                }
            })
            .collect();
        format!("{before}[{}]{after}", ranges.join(","))
    }
}

/// Whether a number is the next one, written as wide.
fn follows(last: &str, next: &str) -> bool {
    let value = |digits: &str| digits.parse::<u64>().ok();
    let grows = last.len() == next.len() || !next.starts_with('0') && !last.starts_with('0');
    grows && value(last).is_some_and(|last| last.checked_add(1) == value(next))
}

/// A name, split at its last number.
fn split(name: &str) -> (&str, &str, &str) {
    let Some(last) = name.rfind(|c: char| c.is_ascii_digit()) else {
        return (name, "", "");
    };
    let (head, after) = name.split_at(last + 1);
    let before = head.trim_end_matches(|c: char| c.is_ascii_digit());
    (before, &head[before.len()..], after)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_are_folded_by_their_numbers() {
        for (names, folded) in [
            ("", ""),
            ("web", "web"),
            ("web1", "web1"),
            ("web1 web2 web3 web5 db", "web[1-3,5],db"),
            ("db12 web2 db9 db10 db11", "db[9-12],web2"),
            ("n08 n09 n10 n1", "n[1,08-10]"),
            ("a1.x a2.x a2.y b", "a[1-2].x,a2.y,b"),
            ("web1 web1", "web1"),
            (
                "x99999999999999999999 x100000000000000000000",
                "x[99999999999999999999,100000000000000000000]",
            ),
        ] {
            assert_eq!(fold(names.split_whitespace()), folded);
        }
    }
}
