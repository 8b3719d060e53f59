//! What a selector is made of.

use super::operator::Operator;
use super::term::Term;

/// One step of evaluating a selector on a stack of sets: operands come before their operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Step {
    /// Pushes the empty set.
    Nothing,
    /// Pushes the sites of a term.
    Term(Term),
    /// Joins the two sets on top.
    Operator(Operator),
}
