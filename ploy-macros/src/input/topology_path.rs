//! `topology = path` and `topology = any`: whose roles an attribute is checked against.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;

/// The topology that knows the roles.
#[derive(Default)]
pub(crate) enum TopologyPath {
    /// `crate::topology`.
    #[default]
    Default,
    /// None: the roles are checked at start.
    Any,
    /// Another module made by `sites!`.
    Path(syn::Path),
}

impl TopologyPath {
    /// Parses the value of the argument.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = syn::Path::parse_mod_style(input).map_err(|error| {
            syn::Error::new(
                error.span(),
                "expected the path of a module made by `ploy::sites!`, \
                such as `fleet::topology`, or `any`",
            )
        })?;
        Ok(if path.is_ident("any") {
            Self::Any
        } else {
            Self::Path(path)
        })
    }

    /// Whether the compiler checks roles.
    pub(crate) fn is_checked(&self) -> bool {
        !matches!(self, Self::Any)
    }

    /// The path of the module. `span` is where an error about a missing default belongs.
    pub(crate) fn module(&self, span: Span) -> TokenStream {
        match self {
            Self::Default | Self::Any => quote_spanned!(span=> crate::topology),
            Self::Path(path) => quote!(#path),
        }
    }
}
