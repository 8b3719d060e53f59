//! A language that chooses sites: names, roles, ranges and wildcards, joined by operators.

mod error;
mod evaluate;
mod index;
mod into;
#[cfg(test)]
mod laws;
mod parse;
mod part;
mod resolve;
mod select;
mod selector;
mod set;
mod term;
mod unmatched;

pub use error::SelectorError;
pub use into::IntoSelector;
pub use resolve::chosen;
pub use selector::Selector;
