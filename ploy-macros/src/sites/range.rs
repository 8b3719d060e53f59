//! Ranges in the name of a site, in the words of a macro.

use ploy_syntax::range::{self, MAX_NAMES, RangeError};

/// The names that a name with ranges stands for, in order; `None` if it has no range.
pub(super) fn expand(text: &str) -> Result<Option<Vec<String>>, String> {
    range::expand(text).map_err(|error| message(text, &error))
}

fn message(text: &str, error: &RangeError) -> String {
    match error {
        RangeError::NotOpened => format!("`]` without a `[` before it in `{text}`"),
        RangeError::NotClosed => {
            format!("`[` is not closed in `{text}`; a range is written `[01-12]`")
        }
        RangeError::Empty => "a range cannot be empty; it is written `[01-12]`".to_owned(),
        RangeError::MissingNumber => format!("a number is missing between two commas in `{text}`"),
        RangeError::Malformed { item } => {
            format!("`{item}` is not a range; a range is written `[01-12]` or `[1-3,7]`")
        }
        RangeError::Padding { item, padded } => {
            format!("the bounds of the range `{item}` have different widths: write `{padded}`")
        }
        RangeError::Reversed { item, upwards } => {
            format!("the range `{item}` is reversed: write `{upwards}`")
        }
        RangeError::StepWithoutRange { .. }
        | RangeError::StepOfZero { .. }
        | RangeError::TooManyDigits { .. } => error.to_string(),
        RangeError::TooManyNumbers { item } => {
            format!("the range `{item}` stands for more than {MAX_NAMES} sites")
        }
        RangeError::TooManyNames => format!("`{text}` stands for more than {MAX_NAMES} sites"),
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn mistakes_are_told_in_the_words_of_the_macro() {
        for (text, part) in [
            ("db[]", "cannot be empty"),
            ("db[12-1]", "reversed: write `1-12`"),
            ("db[1-", "not closed in `db[1-`"),
            ("db1]", "without a `[`"),
            ("db[1-2-3]", "`1-2-3` is not a range"),
            ("db[1,,2]", "missing between two commas in `db[1,,2]`"),
            ("db[1-02]", "different widths: write `01-02`"),
            ("db[1-100001]", "more than 100000 sites"),
            (
                "db[0-999][0-999]",
                "`db[0-999][0-999]` stands for more than 100000 sites",
            ),
            ("db[5/2]", "has a step and no range"),
        ] {
            let error = expand(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert_eq!(expand("db01"), Ok(None));
    }
}
