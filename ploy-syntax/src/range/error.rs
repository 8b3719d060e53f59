//! Why a text is no range.

use std::fmt;

use super::MAX_NAMES;

/// Why a text is no range. `item` is the part between commas that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// `db1]`: nothing was opened.
    NotOpened,
    /// `db[1-3`: nothing was closed.
    NotClosed,
    /// `db[]`: there is nothing between the brackets.
    Empty,
    /// `1,,2`: there is nothing between two commas.
    MissingNumber,
    /// `a-c`: this is neither a number nor a range.
    Malformed {
        /// The item.
        item: String,
    },
    /// `1000000000000000000`: a number of more than 18 digits.
    TooManyDigits {
        /// The item.
        item: String,
    },
    /// `1-02`: the bounds disagree on how many digits a number has.
    Padding {
        /// The item.
        item: String,
        /// The item with both bounds padded to the longer one's length.
        padded: String,
    },
    /// `12-1`: the range runs downwards.
    Reversed {
        /// The item.
        item: String,
        /// The item with its bounds the other way round.
        upwards: String,
    },
    /// `5/2`: a step and no range.
    StepWithoutRange {
        /// The item.
        item: String,
    },
    /// `1-9/0`: it would never end.
    StepOfZero {
        /// The item.
        item: String,
    },
    /// `1-1000000`: this item alone is more than [`MAX_NAMES`].
    TooManyNumbers {
        /// The item.
        item: String,
    },
    /// The brackets together make more than [`MAX_NAMES`].
    TooManyNames,
}

/// A mistake between a pair of brackets, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeErrorAt {
    /// The number of the character, from 0, at which the wrong item begins.
    pub position: usize,
    /// What is wrong with it.
    pub error: RangeError,
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RangeError::NotOpened => f.write_str("`]` stands without a `[` before it"),
            RangeError::NotClosed => f.write_str("`[` is not closed"),
            RangeError::Empty | RangeError::MissingNumber => {
                f.write_str("a number is missing in the brackets")
            }
            RangeError::Malformed { item } => {
                write!(f, "`{item}` is neither a number nor a range")
            }
            RangeError::TooManyDigits { item } => {
                write!(f, "a number of `{item}` is too long")
            }
            RangeError::Padding { item, .. } => {
                write!(f, "`{item}` begins and ends with other zeros")
            }
            RangeError::Reversed { item, .. } => write!(f, "the range `{item}` is reversed"),
            RangeError::StepWithoutRange { item } => {
                write!(f, "`{item}` has a step and no range")
            }
            RangeError::StepOfZero { item } => write!(f, "the step of `{item}` is 0"),
            RangeError::TooManyNumbers { item } => {
                write!(
                    f,
                    "the range `{item}` stands for more than {MAX_NAMES} names"
                )
            }
            RangeError::TooManyNames => write!(f, "it stands for more than {MAX_NAMES} names"),
        }
    }
}

impl std::error::Error for RangeError {}
