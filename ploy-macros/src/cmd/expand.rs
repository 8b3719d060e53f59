//! What `cmd!` evaluates to.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, TokenStreamExt as _, quote, quote_spanned};
use syn::Token;

use super::join::join;
use super::model::CommandList;
use super::shell::{Piece, PlacedValue};
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;

/// A value of the type `Script`; the errors before it if there are any.
pub(super) fn expand(commands: &CommandList, errors: Errors) -> TokenStream {
    let private = commands.krate.private();
    let script = Ident::new("__ploy_script", Span::mixed_site());
    let mut text = String::new();
    let mut calls = TokenStream::new();
    for joined in join(commands) {
        match &*joined.piece {
            Piece::Text(more) => text.push_str(more),
            Piece::Value(value) => {
                flush(&mut text, &script, &mut calls);
                calls.append_all(call(value, joined.span, &script, &commands.krate));
            }
        }
    }
    flush(&mut text, &script, &mut calls);
    let errors = errors.into_tokens();
    quote!({
        #errors
        let mut #script = #private::ScriptBuilder::new();
        #calls
        #script.finish()
    })
}

/// The call that adds a value to the script.
fn call(value: &PlacedValue, span: Span, script: &Ident, krate: &CratePath) -> TokenStream {
    let place = Span::mixed_site().located_at(span);
    let private = krate.private_at(place);
    let PlacedValue {
        written,
        is_word_start,
        is_whole_word,
        is_any_allowed,
        ..
    } = value;
    let access = access(value, span);
    let at = quote_spanned! {place=>
        #private::ValuePosition {
            is_word_start: #is_word_start,
            is_whole_word: #is_whole_word,
            is_any_allowed: #is_any_allowed,
        }
    };
    if value.is_splice {
        // By the method, which finds the list behind any number of references.
        quote_spanned! {place=>
            #script.splice(#written, #at, &#access.iter().collect::<::std::vec::Vec<_>>());
        }
    } else {
        quote_spanned!(place=> #script.value(#written, #at, &#access);)
    }
}

fn flush(text: &mut String, script: &Ident, calls: &mut TokenStream) {
    if !text.is_empty() {
        calls.append_all(quote!(#script.text(#text);));
        text.clear();
    }
}

/// `a.b.0`, resolved where the string stands, as `format!` does.
fn access(value: &PlacedValue, span: Span) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, part) in value.path.iter().enumerate() {
        if index > 0 {
            Token![.](span).to_tokens(&mut tokens);
        }
        if let Ok(number) = part.parse::<u32>() {
            let mut number = Literal::u32_unsuffixed(number);
            number.set_span(span);
            tokens.append(number);
        } else if let Some(raw) = part.strip_prefix("r#") {
            tokens.append(Ident::new_raw(raw, span));
        } else {
            tokens.append(Ident::new(part, span));
        }
    }
    tokens
}
