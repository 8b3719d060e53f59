//! Ranges in the name of a site, written as in a selector: `db[01-12]`, `web[1-3,7]`, `rack[1-2]-node[01-20]`.

use crate::topology::range_numbers;

/// More sites than this in one name are a slip of the keyboard.
const LIMIT: usize = 10_000;

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
        let numbers = range_numbers(content, LIMIT)?;
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
            ("db[]", "a number is missing"),
            ("db[ ]", "a number is missing"),
            ("db[12-1]", "`12-1` is reversed"),
            ("db[1-", "not closed"),
            ("db1]", "without a `[`"),
            ("db[a-c]", "neither a number nor a range"),
            ("db[1-2-3]", "neither a number nor a range"),
            ("db[-3]", "neither a number nor a range"),
            ("db[1,,2]", "a number is missing"),
            ("db[[1-2]]", "neither a number nor a range"),
            ("db[1-02]", "other zeros"),
            ("db[1-10001]", "more than 10000"),
            ("db[0-999][0-99]", "more than 10000"),
            ("db[1-99999999999999999999999]", "too long"),
            ("db[0-999999999999999999]", "more than 10000"),
        ] {
            let error = expand(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert_eq!(names("db[1-10000]").len(), 10_000);
    }
}
