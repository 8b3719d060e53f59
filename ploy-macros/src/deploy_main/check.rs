//! The rules of `main!`.

use quote::ToTokens as _;

use super::model::App;
use crate::input::errors::Errors;

/// A crate is named once.
pub(super) fn check(app: &App, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for path in &app.uses {
        let name = path.to_token_stream().to_string();
        if seen.contains(&name) {
            errors.push(syn::Error::new_spanned(
                path,
                format!("`{}` is named twice", name.replace(' ', "")),
            ));
        }
        seen.push(name);
    }
}
