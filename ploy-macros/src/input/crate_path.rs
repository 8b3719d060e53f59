//! Where the expansions find ploy: `::ploy`, or what `crate = ::path` says.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;

use crate::input::errors::Errors;

/// The path of the ploy crate.
#[derive(Clone, Default)]
pub(crate) enum CratePath {
    /// `::ploy`.
    #[default]
    Default,
    /// What `crate = ..` says.
    Given(syn::Path),
    /// What [`CratePath::import`] has imported.
    Imported,
}

impl CratePath {
    /// Parses the path after `crate =`.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = syn::Path::parse_mod_style(input)?;
        let from_crate = path
            .segments
            .first()
            .is_some_and(|first| first.ident == "crate" || first.ident == "$crate");
        if path.leading_colon.is_none() && !from_crate {
            let message = format!(
                "this path must be absolute, as the macro is used from any module: begin it with \
                    `::`, as in `::{}`",
                path.to_token_stream().to_string().replace(' ', "")
            );
            return Err(syn::Error::new(path.span(), message));
        }
        Ok(Self::Given(path))
    }

    /// Parses the optional `crate = ::path;` at the head of a function-like macro.
    pub(crate) fn parse_head(input: ParseStream<'_>, errors: &mut Errors) -> Self {
        if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
            return Self::default();
        }
        let head = || {
            proc_macro2::Ident::parse_any(input)?;
            input.parse::<Token![=]>()?;
            let path = Self::parse(input);
            if path.is_err() {
                crate::input::arguments::skip_to(input, |input| input.peek(Token![;]));
            }
            input.parse::<Token![;]>()?;
            path
        };
        errors.catch(head()).unwrap_or_default()
    }

    /// `::ploy::__private`, at the place of the macro.
    pub(crate) fn private(&self) -> TokenStream {
        self.private_at(Span::mixed_site())
    }

    /// `::ploy::__private`, all of it at one span.
    pub(crate) fn private_at(&self, span: Span) -> TokenStream {
        match self {
            Self::Default => quote_spanned!(span=> ::ploy::__private),
            Self::Given(path) => quote!(#path::__private),
            Self::Imported => quote_spanned!(span=> __ploy),
        }
    }

    /// The import by which a block names ploy in one word, and the path for it from then on. An
    /// expansion names it some twenty times, and every token counts: each is made anew on every
    /// compilation.
    pub(crate) fn import(&self) -> (TokenStream, Self) {
        let private = self.private();
        (quote!(use #private as __ploy;), Self::Imported)
    }
}
