//! Names that come in while a program runs: the rules are those of `ploy-syntax`, the words are
//! here.

use ploy_syntax::name::{NameError, NameKind, is_variable_name};

/// Checks the name of a site or a role; `what` says of which.
pub fn check_name(what: &str, name: &str) -> Result<(), String> {
    NameKind::Place.check(name).map_err(|error| match error {
        NameError::Empty => format!("a {what}'s name is empty"),
        NameError::Beginning(first) => format!(
            "the {what} name `{name}` begins with `{first}`: begin it with a letter, a digit or `_`"
        ),
        NameError::Character(bad) => format!(
            "the {what} name `{}` holds {bad:?}: use letters, digits, `_`, `-` and `.`",
            name.escape_debug()
        ),
    })
}

/// Checks the name of an environment variable.
pub fn check_variable(name: &str) -> Result<(), String> {
    if is_variable_name(name) {
        return Ok(());
    }
    Err(format!(
        "the environment variable `{}` has a name that no shell takes",
        name.escape_debug()
    ))
}

#[cfg(test)]
mod tests {
    use super::{check_name, check_variable};

    #[test]
    fn what_is_refused_says_why() {
        assert_eq!(check_name("site", "web-2"), Ok(()));
        for (bad, wrong) in [
            ("", "a site's name is empty"),
            ("-rf", "begins with `-`"),
            ("a\u{1b}[31m", "holds '\\u{1b}'"),
        ] {
            let message = check_name("site", bad).unwrap_err();
            assert!(message.contains(wrong), "{message}");
        }
        assert_eq!(check_variable("PATH"), Ok(()));
        assert!(check_variable("A;id").unwrap_err().contains("`A;id`"));
    }
}
