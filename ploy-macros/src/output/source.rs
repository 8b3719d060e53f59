//! Where a macro was called.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::input::crate_path::CratePath;

/// The place of the call as a `Source`. Literals, since every macro in an expansion is one more to
/// expand.
pub(crate) fn source(krate: &CratePath) -> TokenStream {
    let private = krate.private();
    let (file, line, package) = parts();
    quote!(#private::Source { file: #file, line: #line, package: #package })
}

/// The file of the call, the line, and the package that is compiled.
pub(crate) fn parts() -> (String, u32, String) {
    let place = Span::call_site().unwrap();
    let line = u32::try_from(place.line()).unwrap_or(0);
    // cargo sets it for every package that it compiles.
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    (place.file(), line, package)
}
