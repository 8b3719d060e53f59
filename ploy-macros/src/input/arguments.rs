//! `key = value, ..` and `key: value, ..`: arguments of attributes, settings of sites, keys of
//! `main!`.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token};

use ploy_syntax::suggest::did_you_mean;

use crate::input::errors::Errors;

/// What a list of arguments looks like.
pub(crate) struct Grammar {
    /// What the user calls one of them: `argument`, `setting`, `key`.
    pub(crate) noun: &'static str,
    /// Between key and value: `=` or `:`.
    pub(crate) sign: char,
    /// All that are known.
    pub(crate) known: &'static [&'static str],
    /// Said after an unknown key that is near to none.
    pub(crate) hint: &'static str,
}

impl Grammar {
    /// Reads all arguments and hands each known one to `take`, which reads its value. A mistake
    /// costs only the argument that it is in.
    pub(crate) fn read(
        &self,
        input: ParseStream<'_>,
        errors: &mut Errors,
        mut take: impl FnMut(&Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
    ) {
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let result = self.read_one(input, errors, &mut seen, &mut take);
            if errors.catch(result).is_none() {
                skip_to(input, at_comma);
            }
            self.end_of_one(input, errors);
        }
    }

    fn read_one(
        &self,
        input: ParseStream<'_>,
        errors: &mut Errors,
        seen: &mut Vec<Ident>,
        take: &mut impl FnMut(&Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
    ) -> syn::Result<()> {
        let Self {
            noun,
            sign,
            known,
            hint,
        } = self;
        if !input.peek(Ident::peek_any) {
            return Err(self.not_a_key(input));
        }
        let key = Ident::parse_any(input)?;
        let name = with_dashes(&key, input);
        if !known.contains(&name.as_str()) {
            let mut message = format!("unknown {noun} `{name}`");
            match did_you_mean(&name, known.iter().copied()) {
                None => {
                    message = format!("{message}; known are {}", list(known));
                    if !hint.is_empty() {
                        message = format!("{message}. {hint}");
                    }
                }
                Some(near) => message = format!("{message}; {near}"),
            }
            return Err(syn::Error::new(key.span(), message));
        }
        if seen.contains(&key) {
            return Err(syn::Error::new(
                key.span(),
                format!("{noun} `{name}` is given twice"),
            ));
        }
        seen.push(key.clone());
        let signed = match sign {
            '=' => input.parse::<Token![=]>().map(drop),
            _ => input.parse::<Token![:]>().map(drop),
        };
        if signed.is_err() {
            let span = if input.is_empty() {
                key.span()
            } else {
                input.span()
            };
            return Err(syn::Error::new(
                span,
                format!("expected `{sign}` and a value after `{name}`"),
            ));
        }
        if input.is_empty() || at_comma(input) {
            return Err(syn::Error::new(
                key.span(),
                format!("`{name}` has no value"),
            ));
        }
        take(&key, input, errors)
    }

    /// After a value comes a comma or the end. A missing comma is said once, and reading goes on
    /// behind the next one.
    fn end_of_one(&self, input: ParseStream<'_>, errors: &mut Errors) {
        if input.is_empty() {
            return;
        }
        if !at_comma(input) {
            errors.at(
                input.span(),
                format!("expected `,` before the next {}", self.noun),
            );
            // Another argument follows at once: it is read too.
            let next_is_key =
                input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(Token![:]));
            if next_is_key {
                return;
            }
            skip_to(input, at_comma);
        }
        // `at_comma`, or the end: then there is nothing to take.
        let _: Option<Token![,]> = input.parse().ok();
    }

    fn not_a_key(&self, input: ParseStream<'_>) -> syn::Error {
        let Self {
            noun, sign, known, ..
        } = self;
        let first = known.first().copied().unwrap_or_default();
        let form = if *sign == '=' {
            "key = value"
        } else {
            "key: value"
        };
        let message = match input.fork().parse::<LitStr>() {
            Ok(text) if *sign == '=' => format!(
                "an {noun} has the form `{form}`; did you mean `{first} = {:?}`?",
                text.value()
            ),
            Ok(text) if known.contains(&text.value().as_str()) => {
                format!("a {noun} is written without quotes: `{}`", text.value())
            }
            _ => format!(
                "expected a {noun} of the form `{form}`; known are {}",
                list(known)
            ),
        };
        syn::Error::new(input.span(), message)
    }
}

/// The name of a key. Somebody may have written it with dashes, which none has.
fn with_dashes(key: &Ident, input: ParseStream<'_>) -> String {
    let mut name = key.to_string();
    while input.peek(Token![-]) && input.peek2(Ident::peek_any) {
        let rest = input
            .parse::<Token![-]>()
            .and_then(|_| Ident::parse_any(input));
        name.extend(rest.map(|rest| format!("-{rest}")));
    }
    name
}

fn at_comma(input: ParseStream<'_>) -> bool {
    input.peek(Token![,])
}

/// Takes tokens until the end or until `stop` holds.
pub(crate) fn skip_to(input: ParseStream<'_>, stop: impl Fn(ParseStream<'_>) -> bool) {
    while !input.is_empty() && !stop(input) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

/// `` `a`, `b` and `c` ``
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}
