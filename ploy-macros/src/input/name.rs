//! Names of sites, roles, jobs and schedules, and the Rust identifiers that stand for them.

use ploy_syntax::name::{NameError, NameKind};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

/// A name as the user wrote it, with its place.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Name {
    /// The name in a string literal.
    pub(crate) fn of_literal(literal: &LitStr) -> Self {
        Self {
            text: literal.value(),
            span: literal.span(),
        }
    }

    /// Reads the name of a job or a schedule: a string.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let literal: LitStr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "a name is a string: `name = \"upload-web\"`")
        })?;
        Ok(Self::of_literal(&literal))
    }

    /// The name that an identifier spells.
    pub(crate) fn of_ident(ident: &Ident) -> Self {
        Self {
            text: ident.unraw().to_string(),
            span: ident.span(),
        }
    }

    /// The name as a string literal at the user's token.
    pub(crate) fn literal(&self) -> LitStr {
        LitStr::new(&self.text, self.span)
    }

    /// The identifier that stands for a site or role of this name, if there can be one.
    pub(crate) fn identifier(&self) -> Option<Ident> {
        let text = identifier_text(&self.text);
        can_be_identifier(&text).then(|| Ident::new(&text, self.span))
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        self.literal().to_tokens(tokens);
    }
}

/// What is wrong with the name of a site or a role, apart from being a keyword.
pub(crate) fn place_problem(name: &str) -> Option<String> {
    problem(name, NameKind::Place)
}

/// What is wrong with the name of a job or a schedule.
pub(crate) fn job_problem(name: &str) -> Option<String> {
    problem(name, NameKind::Job)
}

fn problem(name: &str, kind: NameKind) -> Option<String> {
    match kind.check(name).err()? {
        NameError::Empty => Some("a name cannot be empty".to_owned()),
        NameError::Beginning(first) => Some(format!(
            "a name begins with a letter, a digit or `_`, not with {first:?}: `{name}`"
        )),
        NameError::Character(bad) => {
            let signs: Vec<String> = kind.signs().iter().map(|c| format!("`{c}`")).collect();
            Some(format!(
                "{bad:?} cannot stand in a name; allowed are letters, digits and {}",
                signs.join(" ")
            ))
        }
    }
}

/// The identifier for a well-formed name: `-` and `.` become `_`, and a name that begins with a
/// digit gets a `_` in front.
pub(crate) fn identifier_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 1);
    if name.starts_with(char::is_numeric) {
        text.push('_');
    }
    text.extend(
        name.chars()
            .map(|c| if matches!(c, '-' | '.') { '_' } else { c }),
    );
    text
}

/// Whether an item can have this name: it is no keyword, and its letters are those of identifiers.
pub(crate) fn can_be_identifier(text: &str) -> bool {
    !is_keyword(text) && (is_plain(text) || syn::parse_str::<Ident>(text).is_ok())
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && !text.as_bytes()[0].is_ascii_digit()
}

/// Whether Rust keeps this word for itself (2024 edition, reserved words too), or it is `_`.
pub(crate) fn is_keyword(word: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const",
        "continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for",
        "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
        "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait",
        "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
        "yield",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}

/// The name of a job whose function has this Rust name: underscores become dashes.
pub(crate) fn of_function(ident: &Ident) -> Name {
    let text = ident.unraw().to_string();
    Name {
        text: text.trim_matches('_').replace('_', "-"),
        span: ident.span(),
    }
}

/// The name of a job whose struct has this Rust name: `SmokeTest` is `smoke-test`.
pub(crate) fn of_struct(ident: &Ident) -> Name {
    let mut text = String::new();
    let mut small_before = false;
    for c in ident.unraw().to_string().chars() {
        if c.is_uppercase() && small_before {
            text.push('-');
        }
        small_before = c.is_lowercase() || c.is_ascii_digit();
        text.extend(c.to_lowercase().map(|c| if c == '_' { '-' } else { c }));
    }
    Name {
        text: text.trim_matches('-').to_owned(),
        span: ident.span(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        assert_eq!(identifier_text("load-balancer.eu"), "load_balancer_eu");
        assert_eq!(identifier_text("1a"), "_1a");
        assert!(
            ["gen", "_", "type", "Self", "yield"]
                .into_iter()
                .all(is_keyword)
        );
        assert!(!is_keyword("web"));
        assert!(can_be_identifier("büro") && can_be_identifier("_1a"));
        assert!(!can_be_identifier("a²") && !can_be_identifier("") && !can_be_identifier("1a"));
    }

    #[test]
    fn malformed_names() {
        for name in ["", "-web", ".web", "web server", "web/1", "a:b"] {
            assert!(place_problem(name).is_some(), "{name}");
        }
        for name in ["web", "web-1.example", "_x", "01", "büro"] {
            assert_eq!(place_problem(name), None, "{name}");
        }
        assert_eq!(job_problem("db:backup"), None);
    }

    #[test]
    fn names_of_items() {
        let name = |text: &str| of_struct(&Ident::new(text, Span::call_site())).text;
        assert_eq!(name("SmokeTest"), "smoke-test");
        assert_eq!(name("HTTPCheck2Go"), "httpcheck2-go");
        assert_eq!(
            of_function(&Ident::new("_upload_web", Span::call_site())).text,
            "upload-web"
        );
    }
}
