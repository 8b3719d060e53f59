/// Checks the name of a site or a role: letters, digits, `_`, `-` and `.`, beginning with none of the last two.
///
/// Names go into file names, selectors, prefixes of output and JSON; the rule keeps them plain in all of these.
pub fn check_name(what: &str, name: &str) -> Result<(), String> {
    let Some(first) = name.chars().next() else {
        return Err(format!("a {what}'s name is empty"));
    };
    if !(first.is_alphanumeric() || first == '_') {
        return Err(format!(
            "the {what} name `{name}` begins with `{first}`: begin it with a letter, a digit or `_`"
        ));
    }
    match name
        .chars()
        .find(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
    {
        Some(bad) => Err(format!(
            "the {what} name `{}` holds {bad:?}: use letters, digits, `_`, `-` and `.`",
            name.escape_debug()
        )),
        None => Ok(()),
    }
}

/// Checks the name of an environment variable: letters of ASCII, digits and `_`, not beginning with a digit. A shell
/// takes no other, and would read the rest as something else.
pub fn check_variable(name: &str) -> Result<(), String> {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
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
    fn variables_are_what_a_shell_takes() {
        for good in ["PATH", "_x1", "a"] {
            assert_eq!(check_variable(good), Ok(()));
        }
        for bad in ["", "1A", "A B", "A;id", "Ä", "A=B"] {
            assert!(check_variable(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn plain_names_pass_and_others_say_why_not() {
        for good in ["web1", "web-2", "db.internal", "_x", "1st", "süd"] {
            assert_eq!(check_name("site", good), Ok(()));
        }
        for bad in ["", "-rf", ".hidden", "a b", "a/b", "a\u{1b}[31m", "a,b"] {
            assert!(check_name("site", bad).is_err(), "{bad:?}");
        }
    }
}
