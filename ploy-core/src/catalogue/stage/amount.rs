//! A number, or a share in percent.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How many of a whole: a number, or a share in percent.
///
/// ```
/// use ploy::scheduling::Amount;
///
/// assert_eq!(Amount::from(3).of(200), 3);
/// assert_eq!(Amount::percent(10).of(25), 2);
/// assert_eq!("10%".parse::<Amount>(), Ok(Amount::percent(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So many.
    Count(u32),
    /// So many of a hundred.
    Percent(u32),
}

impl Amount {
    /// A share in percent.
    pub const fn percent(percent: u32) -> Self {
        Amount::Percent(percent)
    }

    /// How many of `whole` that is, rounded down.
    pub fn of(self, whole: u32) -> u32 {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => {
                let part = u64::from(whole) * u64::from(percent) / 100;
                u32::try_from(part).unwrap_or(u32::MAX)
            }
        }
    }
}

impl From<u32> for Amount {
    fn from(count: u32) -> Self {
        Amount::Count(count)
    }
}

impl FromStr for Amount {
    type Err = String;

    /// Reads `3` or `10%`.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, in words.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (digits, make): (&str, fn(u32) -> Amount) = match text.strip_suffix('%') {
            Some(digits) => (digits.trim_end(), Amount::Percent),
            None => (text, Amount::Count),
        };
        // `parse` would take a sign.
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "`{}` is neither a number nor a percentage",
                text.escape_debug()
            ));
        }
        match digits.parse() {
            Ok(percent) if text.ends_with('%') && percent > 100 => {
                Err(format!("`{text}` is more than everything"))
            }
            Ok(number) => Ok(make(number)),
            Err(_) => Err(format!("`{text}` is too large")),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Count(count) => write!(f, "{count}"),
            Amount::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown() {
        for text in ["0", "3", "0%", "10%", "100%"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        for bad in ["", "%", "-1", "+1", "1.5", "101%", "x", "99999999999"] {
            assert!(bad.parse::<Amount>().is_err(), "{bad}");
        }
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(Amount::percent(10).of(9), 0);
        assert_eq!(Amount::percent(100).of(9), 9);
        assert_eq!(Amount::percent(50).of(u32::MAX), u32::MAX / 2);
    }
}
