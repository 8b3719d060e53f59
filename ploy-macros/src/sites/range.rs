//! Ranges in the name of a site: `db[01-12]`, `web[1-3,7]`, `rack[1-2]-node[01-20]`.

/// More sites than this in one name are a slip of the keyboard.
pub(super) const LIMIT: usize = 100_000;

/// The names that a name with ranges stands for, in order; `None` if it has no range.
pub(super) fn expand(text: &str) -> Result<Option<Vec<String>>, String> {
    if !text.contains(['[', ']']) {
        return Ok(None);
    }
    let mut names = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find(['[', ']']) {
        let (before, bracket) = rest.split_at(at);
        if bracket.starts_with(']') {
            return Err(format!("`]` without a `[` before it in `{text}`"));
        }
        let Some((content, after)) = bracket[1..].split_once(']') else {
            return Err(format!(
                "`[` is not closed in `{text}`; a range is written `[01-12]`"
            ));
        };
        let numbers = numbers(content)?;
        if names.len().saturating_mul(numbers.len()) > LIMIT {
            return Err(format!("`{text}` stands for more than {LIMIT} sites"));
        }
        names = names
            .iter()
            .flat_map(|name| {
                numbers
                    .iter()
                    .map(move |number| format!("{name}{before}{number}"))
            })
            .collect();
        rest = after;
    }
    for name in &mut names {
        name.push_str(rest);
    }
    Ok(Some(names))
}

/// The numbers in a pair of brackets: `1-3,7`.
fn numbers(content: &str) -> Result<Vec<String>, String> {
    if content.trim().is_empty() {
        return Err("a range cannot be empty; it is written `[01-12]`".to_owned());
    }
    let mut numbers = Vec::new();
    for part in content.split(',').map(str::trim) {
        match part.split_once('-') {
            Some((first, last)) => span(part, first.trim(), last.trim(), &mut numbers)?,
            None => {
                number(part, part)?;
                numbers.push(part.to_owned());
            }
        }
    }
    Ok(numbers)
}

/// Adds the numbers from first to last, with the leading zeros of the first.
fn span(part: &str, first: &str, last: &str, numbers: &mut Vec<String>) -> Result<(), String> {
    let (from, to) = (number(part, first)?, number(part, last)?);
    if from > to {
        return Err(format!(
            "the range `{part}` is reversed: write `{last}-{first}`"
        ));
    }
    let is_padded = |bound: &str| bound.len() > 1 && bound.starts_with('0');
    if is_padded(last) && first.len() != last.len() {
        return Err(format!(
            "the bounds of the range `{part}` have different widths: write `{from:0width$}-{last}`",
            width = last.len()
        ));
    }
    if usize::try_from(to - from).is_ok_and(|count| count < LIMIT) {
        let width = if is_padded(first) { first.len() } else { 0 };
        numbers.extend((from..=to).map(|number| format!("{number:0width$}")));
        Ok(())
    } else {
        Err(format!(
            "the range `{part}` stands for more than {LIMIT} sites"
        ))
    }
}

fn number(part: &str, text: &str) -> Result<u64, String> {
    let malformed =
        || format!("`{part}` is not a range; a range is written `[01-12]` or `[1-3,7]`");
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed());
    }
    text.parse().map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn names(text: &str) -> Vec<String> {
        expand(text).unwrap().unwrap()
    }

    #[test]
    fn padding_is_kept() {
        assert_eq!(names("db[08-11]"), ["db08", "db09", "db10", "db11"]);
        assert_eq!(names("db[8-11]"), ["db8", "db9", "db10", "db11"]);
        assert_eq!(
            names("n[098-101].eu"),
            ["n098.eu", "n099.eu", "n100.eu", "n101.eu"]
        );
        assert_eq!(names("n[09-100]").last().unwrap(), "n100");
        assert_eq!(names("n[0-1]"), ["n0", "n1"]);
    }

    #[test]
    fn lists_and_products() {
        assert_eq!(names("web[1-3, 7]"), ["web1", "web2", "web3", "web7"]);
        assert_eq!(
            names("r[1-2]n[01,05]"),
            ["r1n01", "r1n05", "r2n01", "r2n05"]
        );
        assert_eq!(names("x[7]"), ["x7"]);
        assert_eq!(expand("db01"), Ok(None));
    }

    #[test]
    fn malformed() {
        for (text, part) in [
            ("db[]", "empty"),
            ("db[ ]", "empty"),
            ("db[12-1]", "reversed: write `1-12`"),
            ("db[1-", "not closed"),
            ("db1]", "without a `[`"),
            ("db[a-c]", "not a range"),
            ("db[1-2-3]", "not a range"),
            ("db[-3]", "not a range"),
            ("db[1,,2]", "not a range"),
            ("db[[1-2]]", "not a range"),
            ("db[1-02]", "different widths: write `01-02`"),
            ("db[1-100001]", "more than 100000"),
            ("db[0-999][0-999]", "more than 100000"),
            ("db[1-99999999999999999999999]", "not a range"),
            ("db[0-18446744073709551615]", "more than 100000"),
        ] {
            let error = expand(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert_eq!(names("db[1-100000]").len(), 100_000);
    }
}
