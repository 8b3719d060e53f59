//! Takes away what the compiler does not know on a parameter.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The item without what is said of its parameters, which the compiler knows nothing of.
pub(crate) fn stripped(item: &TokenStream) -> TokenStream {
    let mut tokens = Vec::new();
    let mut after_fn = 0;
    for token in item.clone() {
        match &token {
            TokenTree::Ident(word) if after_fn == 0 && word == "fn" => after_fn = 1,
            TokenTree::Group(group)
                if after_fn == 1 && group.delimiter() == Delimiter::Parenthesis =>
            {
                after_fn = 2;
                // What is left alone keeps its spans.
                if let Some(kept) = without_attributes(group.stream()) {
                    let mut inner = Group::new(Delimiter::Parenthesis, kept);
                    inner.set_span(group.span());
                    tokens.push(TokenTree::Group(inner));
                    continue;
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    tokens.into_iter().collect()
}

/// The arguments without attributes of ours; `None` if there are none.
fn without_attributes(arguments: TokenStream) -> Option<TokenStream> {
    let mut found = false;
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in arguments {
        if let TokenTree::Group(group) = &token
            && group.delimiter() == Delimiter::Bracket
            && matches!(kept.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#')
            && is_ours(group.stream())
        {
            kept.pop();
            found = true;
            continue;
        }
        kept.push(token);
    }
    found.then(|| kept.into_iter().collect())
}

fn is_ours(attribute: TokenStream) -> bool {
    matches!(
        attribute.into_iter().next(),
        Some(TokenTree::Ident(word)) if word == "doc" || word == "param"
    )
}
