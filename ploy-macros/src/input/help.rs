//! Doc comments as help text.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment among these attributes: one line of text for each of its lines, without the
/// space after the slashes.
pub(crate) fn of(attrs: &[Attribute]) -> String {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attr.meta
            && let Expr::Lit(ExprLit {
                lit: Lit::Str(comment),
                ..
            }) = &pair.value
        {
            add(&mut text, &comment.value());
        }
    }
    text.trim_matches('\n').to_owned()
}

fn add(text: &mut String, comment: &str) {
    let is_block = comment.contains('\n');
    for line in comment.lines() {
        let line = if is_block { without_star(line) } else { line };
        text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        text.push('\n');
    }
    if comment.is_empty() {
        text.push('\n');
    }
}

/// A line of a `/** */` comment may begin with a star that is no part of the text.
fn without_star(line: &str) -> &str {
    let text = line.trim_start();
    text.strip_prefix('*').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    #[test]
    fn lines() {
        let item: syn::ItemFn = parse_quote! {
            /// Upload the release.
            ///
            ///   indented
            #[doc(hidden)]
            #[doc = "end "]
            fn upload() {}
        };
        assert_eq!(
            super::of(&item.attrs),
            "Upload the release.\n\n  indented\nend"
        );
    }

    #[test]
    fn block() {
        let item: syn::ItemFn = syn::parse_str("/** One.\n * Two.\n */ fn f() {}").unwrap();
        assert_eq!(super::of(&item.attrs), "One.\nTwo.");
    }
}
