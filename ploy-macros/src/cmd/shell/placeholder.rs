//! `{name}`, `{a.b}`, `{values...}`, `{x:any}`.

use crate::input::arguments::list;
use crate::input::name;

/// A placeholder as it is written.
pub(super) struct Placeholder {
    /// With its braces.
    pub(super) source: String,
    /// `a.b`.
    pub(super) written: String,
    /// `a`, `b`.
    pub(super) path: Vec<String>,
    pub(super) is_splice: bool,
    pub(super) is_any_allowed: bool,
}

/// Parses the placeholder at the head of the text, which begins with `{`.
pub(super) fn parse(text: &[char]) -> Result<Placeholder, String> {
    let Some(end) = text.iter().position(|c| *c == '}') else {
        return Err(
            "`{` begins a placeholder that is not closed; a brace of the shell's is written `{{`"
                .to_owned(),
        );
    };
    let content: String = text[1..end].iter().collect();
    let source = format!("{{{content}}}");
    if content.is_empty() {
        return Err(
            "`{}` names no value: write `{value}`, or `{{}}` for two braces of the shell's"
                .to_owned(),
        );
    }
    let (value, is_any_allowed) = match content.split_once(':') {
        Some((value, "any")) => (value, true),
        Some((value, other)) if is_path(value.trim_end_matches("...")) => {
            return Err(format!(
                "`:{other}` is not known in `{source}`: only `:any` can follow a value's name"
            ));
        }
        _ => (content.as_str(), false),
    };
    let (written, is_splice) = value
        .strip_suffix("...")
        .map_or((value, false), |values| (values, true));
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "`{source}` names no value: a placeholder holds the name of a variable, `{{value}}`"
        ));
    }
    if !is_path(written) {
        return Err(format!(
            "`{source}` is not a placeholder, which holds a name or a field: {}. A brace of \
             the shell's is written `{{{{`; any other expression goes in a variable first",
            list(&["{value}", "{a.b}", "{values...}", "{value:any}"])
        ));
    }
    let path: Vec<String> = written.split('.').map(str::to_owned).collect();
    if let Some(keyword) = path
        .iter()
        .enumerate()
        .find_map(|(index, part)| (is_reserved(part, index)).then_some(part))
    {
        return Err(format!(
            "`{keyword}` in `{source}` is a word of Rust itself and names no value"
        ));
    }
    Ok(Placeholder {
        written: written.to_owned(),
        source,
        path,
        is_splice,
        is_any_allowed,
    })
}

/// A name, then names or numbers after dots.
fn is_path(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.next().is_some_and(is_ident) && parts.all(|part| is_ident(part) || is_index(part))
}

fn is_index(part: &str) -> bool {
    part.parse::<u32>()
        .is_ok_and(|number| number.to_string() == part)
}

fn is_ident(part: &str) -> bool {
    let part = part.strip_prefix("r#").unwrap_or(part);
    name::is_keyword(part) || syn::parse_str::<syn::Ident>(part).is_ok_and(|ident| ident == part)
}

/// A keyword, unless it is `self` in front or a raw identifier that may be one.
fn is_reserved(part: &str, index: usize) -> bool {
    match part.strip_prefix("r#") {
        Some(raw) => matches!(raw, "self" | "Self" | "super" | "crate" | "_"),
        None => name::is_keyword(part) && !(index == 0 && part == "self"),
    }
}
