//! The paths that a file names: in its `use` items, and in its code.

/// A path as it is written, and whether the file hands it on to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) path: Vec<String>,
    /// The name that it has here.
    pub(crate) name: String,
    /// Whether it is a `pub use` of some sort.
    pub(crate) is_handed_on: bool,
}

/// All paths that the code names by `crate`, `super` or `self`, or in a `use`.
pub(crate) fn used(code: &str) -> Vec<Used> {
    let mut found = Vec::new();
    let mut rest = String::new();
    for (index, statement) in code.split("use ").enumerate() {
        let before = code_before(&rest);
        let is_item = index > 0
            && (before.is_empty()
                || before.ends_with([')', '}', ';', ']'])
                || before.ends_with("pub"));
        if is_item && let Some((tree, after)) = statement.split_once(';') {
            let is_handed_on = before.ends_with("pub") || before.ends_with(')');
            expand(tree.trim(), &[], is_handed_on, &mut found);
            rest.push_str(after);
        } else {
            rest.push_str(statement);
        }
    }
    inline(&rest, &mut found);
    found
}

/// What stands last before a place, without blanks.
fn code_before(text: &str) -> &str {
    let line = text.trim_end();
    line.rsplit('\n').next().unwrap_or_default().trim()
}

/// The paths of a `use` tree.
fn expand(tree: &str, before: &[String], is_handed_on: bool, found: &mut Vec<Used>) {
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, Some(group.trim_end().trim_end_matches('}'))),
        None => (tree, None),
    };
    let mut path = before.to_vec();
    let (head, alias) = match head.split_once(" as ") {
        Some((head, alias)) if group.is_none() => (head, Some(alias.trim())),
        _ => (head, None),
    };
    let words = head
        .split("::")
        .map(str::trim)
        .filter(|word| !word.is_empty());
    path.extend(words.map(str::to_owned));
    match group {
        Some(group) => {
            for part in parts(group) {
                expand(part.trim(), &path, is_handed_on, found);
            }
        }
        None => {
            if path.last().is_some_and(|last| last == "self") {
                path.pop();
            }
            if let Some(last) = path.last() {
                let name = alias.unwrap_or(last).to_owned();
                found.push(Used {
                    path,
                    name,
                    is_handed_on,
                });
            }
        }
    }
}

/// What stands between the commas of a group, but for those in groups within it.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[begin..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Paths in code: `super::lock::Lock::new()`.
fn inline(code: &str, found: &mut Vec<Used>) {
    for (at, word) in code
        .match_indices("crate::")
        .chain(code.match_indices("super::"))
        .chain(code.match_indices("self::"))
    {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '$')) {
            continue;
        }
        let rest = &code[at..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')))
            .unwrap_or(rest.len());
        let path: Vec<String> = rest[..end]
            .split("::")
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        debug_assert!(rest.starts_with(word));
        if let Some(name) = path.last().cloned() {
            found.push(Used {
                path,
                name,
                is_handed_on: false,
            });
        }
    }
}

#[test]
fn trees_are_expanded() {
    let paths: Vec<String> = used(
        "use a::{b, c::{self, D as E}};\npub(crate) use super::x;\nfn f() { super::g::h(1); }",
    )
    .into_iter()
    .map(|used| {
        format!(
            "{}={}{}",
            used.path.join("::"),
            used.name,
            if used.is_handed_on { "+" } else { "" }
        )
    })
    .collect();
    assert_eq!(
        paths,
        [
            "a::b=b",
            "a::c=c",
            "a::c::D=E",
            "super::x=x+",
            "super::g::h=h"
        ]
    );
}
