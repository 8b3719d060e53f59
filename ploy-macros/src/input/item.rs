//! The item under an attribute: its head is parsed, its body stays tokens.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, ReturnType, Signature, Token, Type, Visibility};

use crate::input::errors::Errors;
use crate::input::help;

/// What stands before a function or a struct.
pub(crate) struct Head {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
}

impl Head {
    /// The doc comment as help text.
    pub(crate) fn help(&self) -> String {
        help::of(&self.attrs)
    }

    /// The `#[cfg(..)]`s of the item, which what is generated for it must share.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
    }
}

/// The function of a job, an action or a schedule.
pub(crate) struct Function {
    pub(crate) head: Head,
    pub(crate) signature: Signature,
}

impl Function {
    pub(crate) fn is_async(&self) -> bool {
        self.signature.asyncness.is_some()
    }

    pub(crate) fn ident(&self) -> &Ident {
        &self.signature.ident
    }

    /// Where an error about the type of the first argument belongs.
    pub(crate) fn argument_span(&self) -> Option<Span> {
        self.signature
            .inputs
            .first()
            .map(|argument| match argument {
                FnArg::Typed(argument) => argument.ty.span(),
                FnArg::Receiver(receiver) => receiver.self_token.span,
            })
    }

    /// Where an error about what the function returns belongs.
    pub(crate) fn output_span(&self) -> Span {
        match &self.signature.output {
            ReturnType::Default => self.signature.ident.span(),
            ReturnType::Type(_, output) => output.span(),
        }
    }

    /// The type that the function returns, if it is written in a way that can stand elsewhere.
    pub(crate) fn named_output(&self) -> Option<&Type> {
        match &self.signature.output {
            ReturnType::Type(_, output) if !has_impl(output.to_token_stream()) => Some(output),
            _ => None,
        }
    }

    /// The rules that hold for every function ploy calls. `noun` is what it is: `job`, `action`,
    /// `schedule`.
    pub(crate) fn check(&self, noun: &str, errors: &mut Errors) {
        let signature = &self.signature;
        if let Some(token) = signature.constness {
            errors.at(
                token.span,
                format!("the function of {noun} cannot be `const`"),
            );
        }
        if let syn::Safety::Unsafe(token) = &signature.safety {
            errors.at(
                token.span,
                format!("the function of {noun} cannot be `unsafe`: ploy calls it"),
            );
        }
        if let Some(abi) = &signature.abi {
            errors.at(
                abi.extern_token.span,
                format!("the function of {noun} cannot be `extern`"),
            );
        }
        if !signature.generics.params.is_empty() {
            errors.push(syn::Error::new_spanned(
                &signature.generics,
                format!(
                    "the function of {noun} cannot be generic: ploy would not know what to \
                    call it with"
                ),
            ));
        }
        if let Some(variadic) = &signature.variadic {
            errors.push(syn::Error::new_spanned(
                variadic,
                format!("the function of {noun} cannot be variadic"),
            ));
        }
        if let Some(receiver) = signature.receiver() {
            errors.at(
                receiver.self_token.span,
                format!(
                    "the function of {noun} is a free function: a method cannot be one, as \
                    there is no `self` to call it on"
                ),
            );
        }
    }
}

/// The struct of a job without a function.
pub(crate) struct Struct {
    pub(crate) head: Head,
    pub(crate) ident: Ident,
    pub(crate) is_unit: bool,
    pub(crate) has_generics: bool,
}

/// What an attribute stands on.
pub(crate) enum Item {
    Function(Box<Function>),
    Struct(Struct),
    Other(Span),
}

impl Item {
    /// Parses what is needed of an item.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        parse.parse2(tokens)
    }

    /// The function; anything else is an error and gives `None`. `noun` is as in
    /// [`Function::check`].
    pub(crate) fn function(self, attribute: &str, errors: &mut Errors) -> Option<Function> {
        let span = match self {
            Self::Function(function) => return Some(*function),
            Self::Struct(item) => item.ident.span(),
            Self::Other(span) => span,
        };
        errors.at(span, format!("`#[{attribute}]` stands on a function"));
        None
    }
}

/// Whether `impl Trait` stands somewhere in a type.
fn has_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => has_impl(group.stream()),
        TokenTree::Ident(word) => word == "impl",
        _ => false,
    })
}

fn parse(input: ParseStream<'_>) -> syn::Result<Item> {
    let head = Head {
        attrs: input.call(Attribute::parse_outer)?,
        vis: input.parse()?,
    };
    let span = input.span();
    let item = if input.peek(Token![struct]) {
        parse_struct(head, input)?
    } else {
        // What is no function is left wherever the parser stopped: the rest is skipped.
        input
            .parse::<Signature>()
            .map_or(Item::Other(span), |signature| {
                Item::Function(Box::new(Function { head, signature }))
            })
    };
    // The body is of no interest.
    while !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    Ok(item)
}

fn parse_struct(head: Head, input: ParseStream<'_>) -> syn::Result<Item> {
    input.parse::<Token![struct]>()?;
    let ident = input.parse()?;
    let generics: syn::Generics = input.parse()?;
    let is_unit = input.peek(Token![;]);
    let has_generics = !generics.params.is_empty();
    Ok(Item::Struct(Struct {
        head,
        ident,
        is_unit,
        has_generics,
    }))
}
