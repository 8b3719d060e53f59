//! "did you mean": which known word is near enough to a mistyped one.
//!
//! There is one rule and two ways to apply it: [`closest`] and [`did_you_mean`] while a program
//! runs, macros included, and [`closest_in_constant`] where the compiler evaluates a check.

mod constant;
mod nearest;

pub use constant::closest_in_constant;
pub use nearest::{closest, did_you_mean};

/// How many characters may be missing, surplus, wrong or swapped in a word of this length.
///
/// Two slips in a word of six letters are slips; in one of three they make another word. More than
/// four slips are not typed by accident, however long the word is.
const fn allowed_edits(length: usize) -> usize {
    match length / 3 {
        0 => 1,
        edits if edits > 4 => 4,
        edits => edits,
    }
}

#[cfg(test)]
mod tests {
    use super::{closest, closest_in_constant};

    #[test]
    fn both_ways_agree() {
        let known = [
            "web",
            "database",
            "load-balancer",
            "db",
            "connect_timeout",
            "upload-web",
            "a-site-with-a-very-long-name",
        ];
        for word in [
            "",
            "x",
            "we",
            "wbe",
            "databse",
            "uplaod-web",
            "connect-timeout",
            "loadbalancer",
            "another-site-with-a-long-name",
            "bd",
            "banana",
        ] {
            assert_eq!(
                closest(word, known),
                closest_in_constant(word, &known, usize::MAX),
                "{word}"
            );
        }
    }
}
