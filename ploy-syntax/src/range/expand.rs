//! From a name with ranges to the names that it stands for.

use super::numbers::Range;
use super::{MAX_NAMES, RangeError};

/// The names that a name with ranges stands for, in order, the last range running fastest; `None`
/// if there is no bracket in it.
///
/// A number that stands in a range twice gives its name twice: to whoever declares sites that is a
/// mistake to tell.
///
/// # Errors
///
/// The first mistake.
pub fn expand(name: &str) -> Result<Option<Vec<String>>, RangeError> {
    if !name.contains(['[', ']']) {
        return Ok(None);
    }
    let mut names = vec![String::new()];
    let mut rest = name;
    while let Some(at) = rest.find(['[', ']']) {
        let (before, bracket) = rest.split_at(at);
        let inside = bracket.strip_prefix('[').ok_or(RangeError::NotOpened)?;
        let (inside, after) = inside.split_once(']').ok_or(RangeError::NotClosed)?;
        let range = Range::parse(inside).map_err(|at| at.error)?;
        if let Some(item) = range.item_of_too_many() {
            return Err(RangeError::TooManyNumbers { item });
        }
        let count = range.len().saturating_mul(names.len() as u64);
        if count > MAX_NAMES as u64 {
            return Err(RangeError::TooManyNames);
        }
        let numbers: Vec<String> = range.written().collect();
        let longer = |name: &String| {
            let begin = format!("{name}{before}");
            numbers.iter().map(move |number| format!("{begin}{number}"))
        };
        names = names.iter().flat_map(longer).collect();
        rest = after;
    }
    names.iter_mut().for_each(|name| name.push_str(rest));
    Ok(Some(names))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn lists_steps_and_products() {
        assert_eq!(names("web[1-3, 7]"), ["web1", "web2", "web3", "web7"]);
        assert_eq!(
            names("r[1-2]n[01,05]"),
            ["r1n01", "r1n05", "r2n01", "r2n05"]
        );
        assert_eq!(names("n[0-10/5]"), ["n0", "n5", "n10"]);
        assert_eq!(names("x[7]"), ["x7"]);
        assert_eq!(names("x[1,1]"), ["x1", "x1"]);
        assert_eq!(expand("db01"), Ok(None));
    }

    #[test]
    fn mistakes() {
        for (text, error) in [
            ("db[]", "a number is missing in the brackets"),
            ("db[ ]", "a number is missing in the brackets"),
            ("db[12-1]", "the range `12-1` is reversed"),
            ("db[1-", "`[` is not closed"),
            ("db1]", "`]` stands without a `[` before it"),
            ("db[a-c]", "`a-c` is neither a number nor a range"),
            ("db[[1-2]]", "`[1-2` is neither a number nor a range"),
            ("db[1-02]", "`1-02` begins and ends with other zeros"),
            (
                "db[1-100001]",
                "the range `1-100001` stands for more than 100000 names",
            ),
            ("db[0-999][0-999]", "it stands for more than 100000 names"),
            (
                "db[1-50000,1-50001]",
                "it stands for more than 100000 names",
            ),
            (
                "db[0-999999999999999999]",
                "the range `0-999999999999999999` stands for more than 100000 names",
            ),
        ] {
            assert_eq!(expand(text).unwrap_err().to_string(), error, "{text}");
        }
        assert_eq!(names("db[1-100000]").len(), MAX_NAMES);
    }
}
