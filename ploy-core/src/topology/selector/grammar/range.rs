//! Numbers in brackets.

use std::collections::HashSet;
use std::fmt;

use super::error::Mistake;

/// What stands in brackets: numbers such as `01-12,20` or `0-20/5`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Range(Vec<Span>);

/// Numbers from `from` to `to`, each `step` more than the one before, padded with zeros to `width` digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Span {
    from: u64,
    to: u64,
    step: u64,
    width: usize,
}

impl Range {
    /// Reads what stands between brackets.
    ///
    /// # Errors
    ///
    /// The number of the character, from 0, at which something is wrong, and what.
    pub(super) fn parse(text: &str) -> Result<Range, (usize, Mistake)> {
        let mut at = 0;
        let mut spans = Vec::new();
        for item in text.split(',') {
            let blanks = item.chars().take_while(|c| c.is_whitespace()).count();
            spans.push(Span::parse(item.trim()).map_err(|mistake| (at + blanks, mistake))?);
            at += item.chars().count() + 1;
        }
        Ok(Range(spans))
    }

    /// How many numbers it stands for; those that are in it twice count twice.
    pub(super) fn len(&self) -> u64 {
        let spans = self.0.iter().map(Span::len);
        spans.fold(0, u64::saturating_add)
    }

    /// The numbers, in the order given, each once.
    pub(super) fn numbers(&self) -> Vec<String> {
        if let [span] = self.0.as_slice() {
            return span.numbers().collect();
        }
        let mut seen = HashSet::new();
        let all = self.0.iter().flat_map(Span::numbers);
        all.filter(|number| seen.insert(number.clone())).collect()
    }
}

/// The numbers that stand between the brackets of a name, at most so many.
///
/// # Errors
///
/// What is wrong with the text, in words.
pub fn range_numbers(text: &str, most: usize) -> Result<Vec<String>, String> {
    let range = Range::parse(text).map_err(|(_, mistake)| mistake.wrong)?;
    if usize::try_from(range.len()).is_ok_and(|count| count <= most) {
        Ok(range.numbers())
    } else {
        Err(format!("`[{text}]` stands for more than {most} names"))
    }
}

impl Span {
    fn parse(text: &str) -> Result<Span, Mistake> {
        if text.is_empty() {
            return Err(Mistake::new("a number is missing in the brackets"));
        }
        let (bounds, step) = match text.split_once('/') {
            Some((bounds, step)) => (bounds, Some(step)),
            None => (text, None),
        };
        let (from, to) = match bounds.split_once('-') {
            Some((from, to)) => (from, to),
            None if step.is_some() => {
                return Err(Mistake::new(format!("`{text}` has a step and no range"))
                    .with_hint("a step stands behind a range: `[0-20/5]` is 0, 5, 10, 15 and 20"));
            }
            None => (bounds, bounds),
        };
        let width = width(from, to).ok_or_else(|| {
            Mistake::new(format!("`{text}` begins and ends with other zeros"))
                .with_hint("pad both numbers to the same length: `[01-12]`")
        })?;
        let (first, last) = (number(from, text)?, number(to, text)?);
        if first > last {
            return Err(Mistake::new(format!("the range `{text}` is reversed"))
                .with_hint(format!("write `{to}-{from}`")));
        }
        let step = step.map_or(Ok(1), |step| number(step, text))?;
        if step == 0 {
            return Err(Mistake::new(format!("the step of `{text}` is 0")));
        }
        Ok(Span {
            from: first,
            to: last,
            step: if first == last { 1 } else { step },
            width,
        })
    }

    fn len(&self) -> u64 {
        ((self.to - self.from) / self.step).saturating_add(1)
    }

    fn numbers(&self) -> impl Iterator<Item = String> {
        let Span {
            from, step, width, ..
        } = *self;
        (0..self.len()).map(move |index| format!("{:0width$}", from + index * step))
    }
}

/// To how many digits the numbers between these two are padded; `None` if the two disagree.
fn width(from: &str, to: &str) -> Option<usize> {
    let is_padded = |text: &str| text.len() > 1 && text.starts_with('0');
    match (is_padded(from), is_padded(to)) {
        (false, false) => Some(0),
        (true, false) if to.len() >= from.len() => Some(from.len()),
        (true, true) if to.len() == from.len() => Some(from.len()),
        _ => None,
    }
}

fn number(digits: &str, whole: &str) -> Result<u64, Mistake> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(
            Mistake::new(format!("`{whole}` is neither a number nor a range")).with_hint(
                "in brackets stand numbers and ranges: `[1-3,7]`, `[01-12]`, `[0-20/5]`",
            ),
        );
    }
    // So many digits that a sum of two still is a number of 64 bits.
    if digits.len() > 18 {
        return Err(Mistake::new(format!("a number of `{whole}` is too long")));
    }
    digits
        .parse()
        .map_err(|error| Mistake::new(format!("`{digits}` is no number: {error}")))
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, span) in self.0.iter().enumerate() {
            let Span {
                from,
                to,
                step,
                width,
            } = span;
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{from:0width$}")?;
            if to > from {
                write!(f, "-{to:0width$}")?;
            }
            if *step > 1 {
                write!(f, "/{step}")?;
            }
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_expanded() {
        for (text, expected, shown) in [
            ("5", "5", "[5]"),
            ("1-3,5", "1 2 3 5", "[1-3,5]"),
            ("01-03", "01 02 03", "[01-03]"),
            ("08-11", "08 09 10 11", "[08-11]"),
            ("098-101", "098 099 100 101", "[098-101]"),
            ("99-101", "99 100 101", "[99-101]"),
            ("0-20/5", "0 5 10 15 20", "[0-20/5]"),
            ("0-9/4", "0 4 8", "[0-9/4]"),
            ("00-2/2", "", ""),
            (" 1-2 , 4", "1 2 4", "[1-2,4]"),
            ("2,1-3,02", "2 1 3 02", "[2,1-3,02]"),
            ("007", "007", "[007]"),
            ("5-5/3", "5", "[5]"),
        ] {
            match Range::parse(text) {
                Ok(range) => {
                    assert_eq!(range.numbers().join(" "), expected, "{text}");
                    assert_eq!(range.to_string(), shown);
                }
                Err((_, mistake)) => assert_eq!(expected, "", "{text}: {mistake:?}"),
            }
        }
        assert_eq!(
            Range::parse("0-999999999999999999").unwrap().len(),
            10_u64.pow(18)
        );
    }

    #[test]
    fn what_is_no_range_says_why() {
        for (text, at, wrong) in [
            ("", 0, "a number is missing in the brackets"),
            ("1,,2", 2, "a number is missing in the brackets"),
            ("1, 9-2", 3, "the range `9-2` is reversed"),
            ("a-c", 0, "`a-c` is neither a number nor a range"),
            ("1..3", 0, "`1..3` is neither a number nor a range"),
            ("-3", 0, "`-3` is neither a number nor a range"),
            ("1-", 0, "`1-` is neither a number nor a range"),
            ("1-3-5", 0, "`1-3-5` is neither a number nor a range"),
            ("٣", 0, "`٣` is neither a number nor a range"),
            ("1-9/0", 0, "the step of `1-9/0` is 0"),
            ("5/2", 0, "`5/2` has a step and no range"),
            ("1-010", 0, "`1-010` begins and ends with other zeros"),
            ("01-010", 0, "`01-010` begins and ends with other zeros"),
            ("001-12", 0, "`001-12` begins and ends with other zeros"),
            (
                "1-1000000000000000000",
                0,
                "a number of `1-1000000000000000000` is too long",
            ),
        ] {
            let (found, mistake) = Range::parse(text).unwrap_err();
            assert_eq!((found, mistake.wrong.as_str()), (at, wrong));
        }
        let (_, mistake) = Range::parse("9-1").unwrap_err();
        assert_eq!(mistake.hint.as_deref(), Some("write `1-9`"));
    }
}
