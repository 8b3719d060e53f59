//! The text of a selector: [`parse`] reads it into [`Step`]s, which are the terms and the operators
//! that join them; a [`Term`] is a name, a pattern, or a name with a range.

mod cursor;
mod error;
mod operator;
mod parse;
mod read_term;
mod step;
mod syntax;
mod term;

pub use error::SelectorError;
pub(super) use error::excerpt;
pub(super) use operator::Operator;
pub(super) use parse::parse;
pub(super) use step::Step;
pub(super) use syntax::SelectorSyntax;
pub(super) use term::{NameScope, Term};
