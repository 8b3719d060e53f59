//! The groups of a rolling stage.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// How many sites each group of a rolling stage has: one amount for each group, and the last for
/// all that follow.
///
/// `2` is two sites at a time; `1,10%,100%` is one site, then a tenth of all, then all the rest. A
/// share is rounded down, and a group has one site at least. (The list is Ansible's `serial`.)
///
/// ```
/// use ploy::scheduling::{Amount, Groups};
///
/// assert_eq!(Groups::parse("1,10%,100%")?.sizes(50), [1, 5, 44]);
/// assert_eq!(Groups::from(4).sizes(10), [4, 4, 2]);
/// assert_eq!(Groups::from([Amount::from(1), Amount::percent(50)]).sizes(4), [1, 2, 1]);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    amounts: Vec<Amount>,
    /// What is wrong with the text it was made from: told when a stage is to run, since `rolling`
    /// returns no error.
    #[serde(skip)]
    wrong: Option<String>,
}

impl Groups {
    /// Reads amounts, separated by commas.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, in words: something is neither a number nor a percentage, or is
    /// 0.
    pub fn parse(text: &str) -> Result<Self, String> {
        let groups = Groups::from(text);
        match groups.wrong {
            Some(wrong) => Err(wrong),
            None => Ok(groups),
        }
    }

    /// The sizes of the groups that make up so many sites.
    pub fn sizes(&self, sites: u32) -> Vec<u32> {
        let mut sizes = Vec::new();
        let mut left = sites;
        let mut amounts = self.amounts.iter();
        let mut amount = Amount::Count(1);
        while left > 0 {
            amount = amounts.next().copied().unwrap_or(amount);
            let size = amount.of(sites).clamp(1, left);
            sizes.push(size);
            left -= size;
        }
        sizes
    }

    #[doc(hidden)]
    pub fn wrong(&self) -> Option<&str> {
        self.wrong.as_deref()
    }
}

fn check(amounts: &[Amount]) -> Option<String> {
    if amounts.is_empty() {
        return Some("there is no group".to_owned());
    }
    let nothing = |amount: &&Amount| matches!(amount, Amount::Count(0) | Amount::Percent(0));
    amounts
        .iter()
        .find(nothing)
        .map(|amount| format!("a group of {amount} sites would never end"))
}

impl From<Vec<Amount>> for Groups {
    fn from(amounts: Vec<Amount>) -> Self {
        let wrong = check(&amounts);
        Groups { amounts, wrong }
    }
}

impl<const N: usize> From<[Amount; N]> for Groups {
    fn from(amounts: [Amount; N]) -> Self {
        amounts.to_vec().into()
    }
}

impl From<Amount> for Groups {
    fn from(amount: Amount) -> Self {
        vec![amount].into()
    }
}

impl From<u32> for Groups {
    fn from(sites: u32) -> Self {
        Amount::Count(sites).into()
    }
}

/// A text that cannot be read is told when the stage is to run, and by the test that `main!` makes.
impl From<&str> for Groups {
    fn from(text: &str) -> Self {
        let amounts: Result<Vec<Amount>, String> = text.split(',').map(str::parse).collect();
        match amounts {
            Ok(amounts) => amounts.into(),
            Err(wrong) => Groups {
                amounts: Vec::new(),
                wrong: Some(wrong),
            },
        }
    }
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, amount) in self.amounts.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{amount}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_amount_is_repeated_and_no_group_is_empty() {
        assert_eq!(Groups::from("1,2").sizes(6), [1, 2, 2, 1]);
        assert_eq!(Groups::from("10%").sizes(3), [1, 1, 1]);
        assert_eq!(Groups::from("100%").sizes(3), [3]);
        assert!(Groups::from(5).sizes(0).is_empty());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for bad in ["", "1,,2", "1,x", "0", "1,0%"] {
            assert!(Groups::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Groups::parse(" 1, 10% ").unwrap().to_string(), "1,10%");
    }
}
