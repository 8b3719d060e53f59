//! Where a macro was called.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::input::crate_path::CratePath;

/// The place of the call as a `Source`. Literals, since every macro in an expansion is one more to
/// expand.
pub(crate) fn source(krate: &CratePath) -> TokenStream {
    let private = krate.private();
    let place = Span::call_site().unwrap();
    let (file, line) = (place.file(), u32::try_from(place.line()).unwrap_or(0));
    // cargo sets it for every package that it compiles.
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    quote!(#private::Source { file: #file, line: #line, package: #package })
}
