//! Which names a package of cargo's can have, and the nearest one that it can.

/// Names that cargo refuses for a binary, or that rustc or cargo keep for themselves.
const RESERVED: [&str; 15] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc-macro",
    "proc_macro",
    "std",
    "test",
    // A package cannot depend on another of its own name.
    "ploy",
    "ploy-macros",
    "ploy-runtime",
    "tempfile",
    "tokio",
];

/// The keywords of Rust's edition 2024, and those that it keeps for later.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that Windows has for devices, so that no checkout there could have the folder.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// Why a name is none for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    #[error("it is empty")]
    Empty,
    #[error("it begins with `{0}`, and not with a letter")]
    Begin(char),
    #[error("`{0}` is neither a letter, a digit, `-` nor `_`")]
    Character(char),
    #[error("it is a keyword of Rust")]
    Keyword,
    #[error("Rust, cargo or a dependency has that name")]
    Reserved,
}

impl NameError {
    /// What to do about it: the nearest name that would do.
    pub(crate) fn hint(self, name: &str) -> String {
        let near = nearest(name);
        format!("`--name {near}` would do")
    }
}

/// Whether a package can have this name. Letters are those of ASCII, as crates.io wants them.
pub(crate) fn check(name: &str) -> Result<(), NameError> {
    let first = name.chars().next().ok_or(NameError::Empty)?;
    let is_wrong = |c: &char| !(c.is_ascii_alphanumeric() || *c == '-' || *c == '_');
    if let Some(wrong) = name.chars().find(is_wrong) {
        return Err(NameError::Character(wrong));
    }
    if !first.is_ascii_alphabetic() {
        return Err(NameError::Begin(first));
    }
    if KEYWORDS.contains(&name) {
        return Err(NameError::Keyword);
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED.contains(&lower.as_str()) || DEVICES.contains(&lower.as_str()) {
        return Err(NameError::Reserved);
    }
    Ok(())
}

/// The name that is nearest to this one, and that a package can have.
fn nearest(name: &str) -> String {
    let mut words: Vec<&str> = name
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        words.push("deploy");
    }
    let joined = words.join("-");
    let joined = if joined.starts_with(|c: char| c.is_ascii_alphabetic()) {
        joined
    } else {
        format!("deploy-{joined}")
    };
    match check(&joined) {
        Ok(()) => joined,
        Err(_) => format!("{joined}-deploy"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_takes_is_taken() {
        for name in [
            "deploy",
            "my-deploy",
            "my_deploy2",
            "A",
            "ploy-web",
            "selfish",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_cargo_refuses_is_refused_and_something_near_suggested() {
        for (name, reason, near) in [
            ("", NameError::Empty, "deploy"),
            ("my deploy", NameError::Character(' '), "my-deploy"),
            ("web.example", NameError::Character('.'), "web-example"),
            ("größe", NameError::Character('ö'), "gr-e"),
            ("2fast", NameError::Begin('2'), "deploy-2fast"),
            ("-x", NameError::Begin('-'), "x"),
            ("_x", NameError::Begin('_'), "deploy-_x"),
            ("match", NameError::Keyword, "match-deploy"),
            ("test", NameError::Reserved, "test-deploy"),
            ("ploy", NameError::Reserved, "ploy-deploy"),
            ("Con", NameError::Reserved, "Con-deploy"),
        ] {
            assert_eq!(check(name), Err(reason), "{name}");
            assert_eq!(nearest(name), near, "{name}");
            assert_eq!(check(&nearest(name)), Ok(()), "{name}");
        }
    }
}
