//! What stands between a pair of brackets.

use std::collections::HashSet;
use std::fmt;

use super::MAX_NAMES;
use super::error::{RangeError, RangeErrorAt};

/// Numbers such as `01-12,20` or `0-20/5`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range(Vec<Span>);

/// Numbers from `from` to `to`, each `step` more than the one before, padded with zeros to `width`
/// digits.
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
    /// The first mistake, and where it is.
    pub fn parse(text: &str) -> Result<Range, RangeErrorAt> {
        if text.trim().is_empty() {
            let error = RangeError::Empty;
            return Err(RangeErrorAt { position: 0, error });
        }
        let mut position = 0;
        let mut spans = Vec::new();
        for item in text.split(',') {
            let blanks = item.chars().take_while(|c| c.is_whitespace()).count();
            let span = Span::parse(item.trim()).map_err(|error| RangeErrorAt {
                position: position + blanks,
                error,
            })?;
            spans.push(span);
            position += item.chars().count() + 1;
        }
        Ok(Range(spans))
    }

    /// How many numbers it stands for; those that are in it twice count twice.
    #[allow(clippy::len_without_is_empty)] // No range is empty.
    pub fn len(&self) -> u64 {
        let lengths = self.0.iter().map(Span::len);
        lengths.fold(0, u64::saturating_add)
    }

    /// The numbers in the order given, those that are in it twice each time.
    pub fn written(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(Span::numbers)
    }

    /// The numbers in the order given, each once.
    pub fn numbers(&self) -> Vec<String> {
        if let [span] = self.0.as_slice() {
            return span.numbers().collect();
        }
        let mut seen = HashSet::new();
        self.written()
            .filter(|number| seen.insert(number.clone()))
            .collect()
    }

    /// The first item that alone stands for more than [`MAX_NAMES`].
    pub(super) fn item_of_too_many(&self) -> Option<String> {
        let mut spans = self.0.iter();
        let span = spans.find(|span| span.len() > MAX_NAMES as u64)?;
        Some(span.to_string())
    }
}

impl Span {
    fn parse(item: &str) -> Result<Span, RangeError> {
        if item.is_empty() {
            return Err(RangeError::MissingNumber);
        }
        let (bounds, step) = match item.split_once('/') {
            Some((bounds, step)) => (bounds, Some(step)),
            None => (item, None),
        };
        let (from, to) = match bounds.split_once('-') {
            Some((from, to)) => (from.trim(), to.trim()),
            None if step.is_some() => {
                return Err(RangeError::StepWithoutRange {
                    item: item.to_owned(),
                });
            }
            None => (bounds, bounds),
        };
        let (first, last) = (number(from, item)?, number(to, item)?);
        if first > last {
            return Err(RangeError::Reversed {
                item: item.to_owned(),
                upwards: format!("{to}-{from}"),
            });
        }
        let width = width(from, to).ok_or_else(|| {
            let width = from.len().max(to.len());
            RangeError::Padding {
                item: item.to_owned(),
                padded: format!("{first:0width$}-{last:0width$}"),
            }
        })?;
        let step = step.map_or(Ok(1), |step| number(step.trim(), item))?;
        if step == 0 {
            return Err(RangeError::StepOfZero {
                item: item.to_owned(),
            });
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

    fn numbers(&self) -> impl Iterator<Item = String> + use<> {
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

fn number(digits: &str, item: &str) -> Result<u64, RangeError> {
    let malformed = || RangeError::Malformed {
        item: item.to_owned(),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed());
    }
    // So many digits that a sum of two still is a number of 64 bits.
    if digits.len() > 18 {
        return Err(RangeError::TooManyDigits {
            item: item.to_owned(),
        });
    }
    digits.parse().map_err(|_| malformed())
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, span) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{span}")?;
        }
        f.write_str("]")
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span {
            from,
            to,
            step,
            width,
        } = self;
        write!(f, "{from:0width$}")?;
        if to > from {
            write!(f, "-{to:0width$}")?;
        }
        if *step > 1 {
            write!(f, "/{step}")?;
        }
        Ok(())
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
            (" 1-2 , 4", "1 2 4", "[1-2,4]"),
            ("1 - 2", "1 2", "[1-2]"),
            ("2,1-3,02", "2 1 3 02", "[2,1-3,02]"),
            ("007", "007", "[007]"),
            ("5-5/3", "5", "[5]"),
        ] {
            let range = Range::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(range.numbers().join(" "), expected, "{text}");
            assert_eq!(range.to_string(), shown);
        }
        let huge = Range::parse("0-999999999999999999").unwrap();
        assert_eq!(huge.len(), 10_u64.pow(18));
        let twice = Range::parse("1,1-2").unwrap();
        assert_eq!(twice.written().collect::<Vec<_>>(), ["1", "1", "2"]);
    }

    #[test]
    fn what_is_no_range_says_why() {
        let item = |item: &str| item.to_owned();
        for (text, position, error) in [
            ("", 0, RangeError::Empty),
            (" ", 0, RangeError::Empty),
            ("1,,2", 2, RangeError::MissingNumber),
            (
                "1, 9-2",
                3,
                RangeError::Reversed {
                    item: item("9-2"),
                    upwards: item("2-9"),
                },
            ),
            (
                "12-01",
                0,
                RangeError::Reversed {
                    item: item("12-01"),
                    upwards: item("01-12"),
                },
            ),
            (
                "1-9/0",
                0,
                RangeError::StepOfZero {
                    item: item("1-9/0"),
                },
            ),
            ("5/2", 0, RangeError::StepWithoutRange { item: item("5/2") }),
            (
                "1-1000000000000000000",
                0,
                RangeError::TooManyDigits {
                    item: item("1-1000000000000000000"),
                },
            ),
        ] {
            let found = Range::parse(text).unwrap_err();
            assert_eq!(found, RangeErrorAt { position, error }, "{text}");
        }
        for text in ["a-c", "1..3", "-3", "1-", "1-3-5", "٣"] {
            let error = RangeError::Malformed { item: item(text) };
            assert_eq!(Range::parse(text).unwrap_err().error, error);
        }
        for (text, padded) in [
            ("1-02", "01-02"),
            ("1-010", "001-010"),
            ("01-010", "001-010"),
            ("001-12", "001-012"),
            ("00-2/2", "00-02"),
        ] {
            let error = RangeError::Padding {
                item: item(text),
                padded: item(padded),
            };
            assert_eq!(Range::parse(text).unwrap_err().error, error);
        }
    }
}
