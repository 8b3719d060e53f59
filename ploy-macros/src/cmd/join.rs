//! Commands of a list, joined by `&&` so that each keeps its own meaning.

use proc_macro2::Span;

use super::model::CommandList;
use super::shell::{Command, Piece};

/// A piece of the joined command, and the string it comes from.
pub(super) struct Joined<'a> {
    pub(super) piece: std::borrow::Cow<'a, Piece>,
    pub(super) span: Span,
}

/// All pieces, with what joins the commands between them.
pub(super) fn join(commands: &CommandList) -> Vec<Joined<'_>> {
    let is_list = commands.items.len() > 1;
    let mut pieces: Vec<Joined<'_>> = Vec::new();
    for (index, item) in commands.items.iter().enumerate() {
        let Command {
            pieces: own,
            is_compound,
        } = &item.command;
        let is_wrapped = is_list && *is_compound;
        let before = [(index > 0).then_some(" && "), is_wrapped.then_some("{ ")];
        let text = |text: &str| Joined {
            piece: std::borrow::Cow::Owned(Piece::Text(text.to_owned())),
            span: item.span,
        };
        pieces.extend(before.into_iter().flatten().map(text));
        pieces.extend(own.iter().map(|piece| Joined {
            piece: std::borrow::Cow::Borrowed(piece),
            span: item.span,
        }));
        // The newline ends a comment or a here-document.
        pieces.extend(is_wrapped.then(|| text("\n}")));
    }
    pieces
}
