//! How sites, roles, jobs, schedules, parameters and environment variables may be named.

use std::fmt;

/// What a name belongs to, where the rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A site or a role. The name goes into file names, selectors, prefixes of output and JSON, and
    /// is plain in all of these.
    Place,
    /// A job or a schedule in an attribute. A colon may group names, as in `db:backup`.
    Job,
}

/// Why a name is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// There is no character in it.
    Empty,
    /// It begins with this character, which is no letter, no digit and no `_`.
    Beginning(char),
    /// It holds this character.
    Character(char),
}

impl NameKind {
    /// The characters that may stand in a name besides letters and digits.
    pub const fn signs(self) -> &'static [char] {
        match self {
            NameKind::Place => &['-', '_', '.'],
            NameKind::Job => &['-', '_', '.', ':'],
        }
    }

    /// Checks a name.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn check(self, name: &str) -> Result<(), NameError> {
        let first = name.chars().next().ok_or(NameError::Empty)?;
        if !(first.is_alphanumeric() || first == '_') {
            return Err(NameError::Beginning(first));
        }
        let is_allowed = |c: &char| c.is_alphanumeric() || self.signs().contains(c);
        match name.chars().find(|c| !is_allowed(c)) {
            Some(bad) => Err(NameError::Character(bad)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Empty => f.write_str("the name is empty"),
            NameError::Beginning(first) => write!(
                f,
                "the name begins with {first:?}, not with a letter, a digit or `_`"
            ),
            NameError::Character(bad) => write!(f, "the name holds {bad:?}"),
        }
    }
}

impl std::error::Error for NameError {}

/// Whether a job or schedule that is made at run time can have this name: it can be given as one
/// word of a command line, and is no option there.
///
/// This is looser than [`NameKind::Job`], as such names may come from elsewhere: from a file, or
/// from another tool's catalogue.
pub fn can_be_command_line_word(name: &str) -> bool {
    let is_separator = |c: char| c.is_whitespace() || c.is_control();
    !name.is_empty() && !name.starts_with('-') && !name.contains(is_separator)
}

/// Whether a parameter in an attribute can have this name, which is that of its option: small
/// letters, digits and dashes, with a letter first and no dash last.
pub fn is_parameter_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(is_allowed)
}

/// Whether a parameter that is made at run time can have this name: letters, digits and dashes, and
/// no dash first. This is looser than [`is_parameter_name`].
pub fn can_be_option_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_alphanumeric() || c == '-';
    !name.is_empty() && !name.starts_with('-') && name.chars().all(is_allowed)
}

/// Whether an environment variable can have this name: letters of ASCII, digits and `_`, and no
/// digit first. A shell takes no other, and would read the rest as something else.
pub fn is_variable_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_jobs() {
        for good in ["web", "web-1.example", "_x", "01", "büro"] {
            assert_eq!(NameKind::Place.check(good), Ok(()), "{good}");
            assert_eq!(NameKind::Job.check(good), Ok(()), "{good}");
        }
        for (bad, error) in [
            ("", NameError::Empty),
            ("-rf", NameError::Beginning('-')),
            (".hidden", NameError::Beginning('.')),
            ("a b", NameError::Character(' ')),
            ("a/b", NameError::Character('/')),
            ("a,b", NameError::Character(',')),
            ("a\u{1b}[31m", NameError::Character('\u{1b}')),
        ] {
            assert_eq!(NameKind::Place.check(bad), Err(error), "{bad:?}");
            assert_eq!(NameKind::Job.check(bad), Err(error), "{bad:?}");
        }
        assert_eq!(NameKind::Job.check("db:backup"), Ok(()));
        assert_eq!(
            NameKind::Place.check("db:backup"),
            Err(NameError::Character(':'))
        );
    }

    #[test]
    fn what_an_attribute_takes_is_taken_at_run_time_too() {
        for job in ["db:backup", "upload-web", "_x", "1st"] {
            assert!(NameKind::Job.check(job).is_ok() && can_be_command_line_word(job));
        }
        for job in ["", "-x", "a b", "a\n"] {
            assert!(NameKind::Job.check(job).is_err() && !can_be_command_line_word(job));
        }
        assert!(can_be_command_line_word("build/web"));
    }

    #[test]
    fn parameters() {
        for good in ["tag", "keep-days", "x2"] {
            assert!(is_parameter_name(good) && can_be_option_name(good));
        }
        for bad in ["", "-x", "a b", "a=b"] {
            assert!(!is_parameter_name(bad) && !can_be_option_name(bad));
        }
        for loose in ["Tag", "x-", "2x", "größe"] {
            assert!(!is_parameter_name(loose) && can_be_option_name(loose));
        }
    }

    #[test]
    fn variables_are_what_a_shell_takes() {
        assert!(["PATH", "_x1", "a"].into_iter().all(is_variable_name));
        for bad in ["", "1A", "A B", "A;id", "Ä", "A=B"] {
            assert!(!is_variable_name(bad), "{bad:?}");
        }
    }
}
