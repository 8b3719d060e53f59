//! A language that chooses sites: names, roles, ranges and wildcards, joined by operators.
//!
//! [`Selector`] is the expression; `grammar` reads its text; `matching` finds the sites of a
//! topology; `select` is what a topology is asked.

mod grammar;
mod into;
#[cfg(test)]
mod laws;
mod matching;
mod select;
mod selector;

pub use grammar::SelectorError;
pub use into::IntoSelector;
pub use matching::chosen;
pub use selector::Selector;
