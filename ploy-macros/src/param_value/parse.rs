//! The item under `#[derive(ParamValue)]`, and its rules.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Attribute, Data, DeriveInput, Fields, LitStr};

use super::model::{Body, Choice, ValueType};
use crate::input::arguments::Grammar;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::{help, name};

/// On the type.
const TYPE: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["crate"],
    hint: "",
};

/// On a variant.
const VARIANT: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["name"],
    hint: "",
};

/// Reads the type, unless nothing could stand for it.
pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<ValueType> {
    let input: DeriveInput = errors.catch(syn::parse2(tokens))?;
    let mut krate = CratePath::default();
    for attr in ours(&input.attrs) {
        let parsed = attr.parse_args_with(|input: ParseStream<'_>| {
            TYPE.read(input, errors, |_, input, _| {
                krate = CratePath::parse(input)?;
                Ok(())
            });
            Ok(())
        });
        errors.catch(parsed);
    }
    if !input.generics.params.is_empty() {
        errors.push(syn::Error::new_spanned(
            &input.generics,
            "the type of a parameter cannot be generic",
        ));
        return None;
    }
    let body = match &input.data {
        Data::Enum(data) => {
            let mut choices: Vec<Choice> = Vec::new();
            for variant in &data.variants {
                if !matches!(variant.fields, Fields::Unit) {
                    errors.push(syn::Error::new_spanned(
                        &variant.fields,
                        "a value that can be listed has no fields",
                    ));
                }
                let choice = choice(variant, errors);
                if choices.iter().any(|known| known.name == choice.name) {
                    errors.at(
                        variant.ident.span(),
                        format!("two values are written `{}`", choice.name),
                    );
                }
                choices.push(choice);
            }
            if choices.is_empty() {
                errors.at(input.ident.span(), "this enum has no values");
            }
            Body::Choices(choices)
        }
        Data::Struct(_) => Body::Text,
        Data::Union(data) => {
            errors.at(
                data.union_token.span,
                "a union cannot be the type of a parameter",
            );
            return None;
        }
    };
    Some(ValueType {
        ident: input.ident,
        krate,
        body,
    })
}

fn choice(variant: &syn::Variant, errors: &mut Errors) -> Choice {
    let mut given = None;
    for attr in ours(&variant.attrs) {
        let parsed = attr.parse_args_with(|input: ParseStream<'_>| {
            VARIANT.read(input, errors, |_, input, _| {
                given = Some(input.parse::<LitStr>()?);
                Ok(())
            });
            Ok(())
        });
        errors.catch(parsed);
    }
    if let Some(given) = &given
        && (given.value().is_empty()
            || given.value().starts_with('-')
            || given
                .value()
                .contains(|c: char| c.is_whitespace() || c == ','))
    {
        errors.at(
            given.span(),
            format!(
                "`{}` cannot be written on a command line as one value",
                given.value()
            ),
        );
    }
    Choice {
        ident: variant.ident.clone(),
        name: given.map_or_else(
            || name::of_struct(&variant.ident).text,
            |given| given.value(),
        ),
        help: help::of(&variant.attrs),
    }
}

fn ours(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("param"))
}
