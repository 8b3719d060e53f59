//! Reads parameters off a signature.

use ploy_syntax::name::is_parameter_name;
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Expr, FnArg, LitStr, Pat, PatType, Type};

use super::model::Param;
use crate::input::arguments::Grammar;
use crate::input::errors::Errors;
use crate::input::help;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["default", "name"],
    hint: "",
};

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
    if !is_parameter_name(&name) {
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
