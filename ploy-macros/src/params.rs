//! The parameters of a function: its arguments after the first, or all of a schedule in data.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Expr, FnArg, LitStr, Pat, PatType, Type};

use crate::arguments::Grammar;
use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::help;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["default", "name"],
    hint: "",
};

/// A parameter.
pub(crate) struct Param {
    /// The argument's name.
    pub(crate) ident: Ident,
    /// As it stands after `--`.
    name: String,
    name_span: Span,
    ty: Type,
    help: String,
    default: Option<Expr>,
}

/// Reads the arguments of a function after the first `skip`.
pub(crate) fn of<'a>(
    arguments: impl Iterator<Item = &'a FnArg>,
    skip: usize,
    errors: &mut Errors,
) -> Vec<Param> {
    let mut params: Vec<Param> = Vec::new();
    for argument in arguments.skip(skip) {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        let read = read(argument, errors);
        let Some(param) = errors.catch(read) else {
            continue;
        };
        if params.iter().any(|known| known.name == param.name) {
            errors.at(
                param.name_span,
                format!("there are two parameters named `{}`", param.name),
            );
            continue;
        }
        params.push(param);
    }
    params
}

/// Says of attributes on the first argument, which is no parameter.
pub(crate) fn refuse_attributes(first: Option<&FnArg>, errors: &mut Errors) {
    let Some(FnArg::Typed(first)) = first else {
        return;
    };
    for attr in &first.attrs {
        if attr.path().is_ident("param") {
            errors.push(syn::Error::new_spanned(
                attr,
                "this argument is no parameter: those after it are",
            ));
        }
    }
}

fn read(argument: &PatType, errors: &mut Errors) -> syn::Result<Param> {
    let Pat::Ident(pattern) = &*argument.pat else {
        return Err(syn::Error::new_spanned(
            &argument.pat,
            "a parameter has a name: `tag: String`",
        ));
    };
    if let Type::Reference(reference) = &*argument.ty {
        let owned = owned(&reference.elem);
        return Err(syn::Error::new_spanned(
            reference,
            format!("a parameter owns its value: {owned}"),
        ));
    }
    if let Type::ImplTrait(ty) = &*argument.ty {
        return Err(syn::Error::new_spanned(
            ty,
            "a parameter has a type of its own, by which it is read from text",
        ));
    }
    let mut default = None;
    let mut given = None;
    let attrs = argument.attrs.iter();
    for attr in attrs.filter(|attr| attr.path().is_ident("param")) {
        let parsed = attr.parse_args_with(|input: ParseStream<'_>| {
            GRAMMAR.read(input, errors, |key, input, _| {
                if key == "default" {
                    default = Some(input.parse::<Expr>()?);
                } else {
                    given = Some(input.parse::<LitStr>()?);
                }
                Ok(())
            });
            Ok(())
        });
        errors.catch(parsed);
    }
    let ident = pattern.ident.clone();
    let (name, name_span) = match &given {
        Some(name) => (name.value(), name.span()),
        None => (name_of(&ident), ident.span()),
    };
    let is_word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !is_word(&name) {
        return Err(syn::Error::new(
            name_span,
            format!(
                "`{name}` is no name for an option: write it in small letters, digits and dashes"
            ),
        ));
    }
    Ok(Param {
        ident,
        name,
        name_span,
        ty: (*argument.ty).clone(),
        help: help::of(&argument.attrs),
        default,
    })
}

/// The name of an option: `keep_days` is `--keep-days`.
fn name_of(ident: &Ident) -> String {
    let text = ident.to_string();
    let text = text.trim_start_matches("r#").trim_start_matches('_');
    text.replace('_', "-").to_lowercase()
}

/// What to write instead of a reference.
fn owned(elem: &Type) -> String {
    let text = elem.to_token_stream().to_string();
    match text.as_str() {
        "str" => "write `String`".to_owned(),
        "Path" => "write `PathBuf`".to_owned(),
        _ => format!("write `{text}` without the `&`"),
    }
}

impl Param {
    /// The name by which code gives it: an identifier.
    fn setter(&self) -> Ident {
        let mut ident = self.ident.clone();
        ident.set_span(self.name_span);
        ident
    }

    /// Its description, as a constant.
    fn definition(&self, krate: &CratePath) -> TokenStream {
        let Self { name, ty, help, .. } = self;
        let at_type = Span::mixed_site().located_at(ty.span());
        let private = krate.private_at(at_type);
        let type_name = readable(ty);
        let new = quote_spanned!(at_type=> #private::Param::new::<#ty>(#name));
        let help = (!help.is_empty()).then(|| quote!(.help(#help)));
        let default = self.default.as_ref().map(|expr| {
            let at = Span::mixed_site().located_at(expr.span());
            let private = krate.private_at(at);
            quote_spanned!(at=> .default(|| #private::default::<#ty>(#name, #expr)))
        });
        quote!(#new.typed(#type_name) #help #default)
    }

    /// An action takes what its job has, which has the default.
    pub(crate) fn refuse_default(&self, errors: &mut Errors) {
        if let Some(default) = &self.default {
            errors.push(syn::Error::new_spanned(
                default,
                "the default stands at the job's parameter: an action takes what its job is given",
            ));
        }
    }
}

/// A type as its author would write it.
fn readable(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" < ", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace(" ::", "::")
        .replace(":: ", "::")
        .replace(" ,", ",")
}

/// The descriptions of all, as the constant `__PLOY_PARAMS`.
pub(crate) fn definitions(krate: &CratePath, params: &[Param]) -> TokenStream {
    let private = krate.private();
    let definitions = params.iter().map(|param| param.definition(krate));
    quote!(const __PLOY_PARAMS: &'static [#private::Param] = &[#(#definitions),*];)
}

/// The values of all, taken from what is named `from`: bindings, and the arguments of the call.
pub(crate) fn values(
    krate: &CratePath,
    params: &[Param],
    from: &Ident,
) -> (TokenStream, Vec<TokenStream>) {
    let mut bindings = TokenStream::new();
    let mut passed = Vec::new();
    for (number, param) in params.iter().enumerate() {
        let Param { ty, .. } = param;
        let at = Span::mixed_site().located_at(ty.span());
        let private = krate.private_at(at);
        let value = Ident::new(&format!("__ploy_{number}"), at);
        bindings.extend(
            quote_spanned!(at=> let #value: #ty = #private::argument::<#ty>(&#from, &__PLOY_PARAMS[#number]);),
        );
        passed.push(value.to_token_stream());
    }
    (bindings, passed)
}

/// A check for each that no option of every deploy binary has its name.
pub(crate) fn checks(krate: &CratePath, params: &[Param]) -> TokenStream {
    let checks = params.iter().map(|param| {
        let Param {
            name, name_span, ..
        } = param;
        let at = Span::call_site().located_at(*name_span);
        let private = krate.private_at(at);
        let mut literal = proc_macro2::Literal::string(name);
        literal.set_span(at);
        quote_spanned!(at=> const _: () = #private::assert_free(#literal);)
    });
    checks.collect()
}

/// What `jobs!` finds out about a job's parameters by its handle: a function for each, and which must be given.
pub(crate) fn setters(krate: &CratePath, params: &[Param], handle: &Ident) -> TokenStream {
    if params.is_empty() {
        return TokenStream::new();
    }
    let private = krate.private();
    let setters = params.iter().enumerate().map(|(number, param)| {
        let Param { ty, .. } = param;
        let setter = param.setter();
        quote! {
            #[doc(hidden)]
            pub fn #setter(value: impl #private::IntoArgument<#ty>) -> #private::Given {
                #private::given::<#ty>(&__PLOY_PARAMS[#number], value)
            }
        }
    });
    quote! {
        #[allow(
            dead_code, non_snake_case, private_bounds, private_interfaces, unreachable_pub,
            clippy::all, clippy::pedantic
        )]
        impl #handle {
            #(#setters)*
        }
    }
}

/// Each parameter's name in code, and whether it must be given.
pub(crate) fn wanted(params: &[Param]) -> TokenStream {
    if params.is_empty() {
        return TokenStream::new();
    }
    let entries = params.iter().enumerate().map(|(number, param)| {
        let setter = param.setter().to_string();
        quote!((#setter, __PLOY_PARAMS[#number].is_required()))
    });
    quote!(const PARAMS: &'static [(&'static str, bool)] = &[#(#entries),*];)
}

/// That an action takes some of its job's parameters, by name and type: a call of the job's own setter for each.
pub(crate) fn agreements(krate: &CratePath, params: &[Param], job: &syn::Path) -> TokenStream {
    let private = krate.private();
    let agreements = params.iter().map(|param| {
        let Param { ty, .. } = param;
        let at = Span::mixed_site().located_at(param.ident.span());
        let setter = param.setter();
        quote_spanned!(at=> let _ = |value: #ty| -> #private::Given { <#job>::#setter(value) };)
    });
    quote! {
        #[allow(dead_code)]
        fn __ploy_agree() {
            #(#agreements)*
        }
    }
}

/// The item without what is said of its parameters, which the compiler knows nothing of.
pub(crate) fn stripped(item: &TokenStream) -> TokenStream {
    let mut tokens = Vec::new();
    let mut after_fn = 0;
    for token in item.clone() {
        match &token {
            TokenTree::Ident(word) if after_fn == 0 && word == "fn" => after_fn = 1,
            TokenTree::Group(group)
                if after_fn == 1 && group.delimiter() == Delimiter::Parenthesis =>
            {
                after_fn = 2;
                // What is left alone keeps its spans.
                if let Some(kept) = without_attributes(group.stream()) {
                    let mut inner = Group::new(Delimiter::Parenthesis, kept);
                    inner.set_span(group.span());
                    tokens.push(TokenTree::Group(inner));
                    continue;
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    tokens.into_iter().collect()
}

/// The arguments without attributes of ours; `None` if there are none.
fn without_attributes(arguments: TokenStream) -> Option<TokenStream> {
    let mut found = false;
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in arguments {
        if let TokenTree::Group(group) = &token
            && group.delimiter() == Delimiter::Bracket
            && matches!(kept.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#')
            && is_ours(group.stream())
        {
            kept.pop();
            found = true;
            continue;
        }
        kept.push(token);
    }
    found.then(|| kept.into_iter().collect())
}

fn is_ours(attribute: TokenStream) -> bool {
    matches!(
        attribute.into_iter().next(),
        Some(TokenTree::Ident(word)) if word == "doc" || word == "param"
    )
}
