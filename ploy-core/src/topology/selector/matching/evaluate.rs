//! Evaluates selectors over the names of a topology.

use super::super::Selector;
use super::super::grammar::{Operator, Step};
use super::index::{Index, Members};
use super::unmatched::Unmatched;
use crate::error::Problem;
use crate::topology::Topology;

/// The sites of all selectors; `None` without selectors.
pub(super) fn evaluate_all(
    topology: &Topology,
    selectors: &[&Selector],
    problems: &mut Vec<Problem>,
) -> Option<Members> {
    if selectors.is_empty() {
        return None;
    }
    let index = Index::new(topology);
    let mut unmatched = Unmatched::new(topology);
    let all = selectors
        .iter()
        .map(|selector| evaluate(selector, &index, &mut unmatched, problems));
    all.reduce(|left, right| join(left, Operator::And, &right))
}

fn evaluate<'a>(
    selector: &'a Selector,
    index: &Index<'_>,
    unmatched: &mut Unmatched<'a>,
    problems: &mut Vec<Problem>,
) -> Members {
    let mut stack = Vec::new();
    for step in selector.steps() {
        match step {
            Step::Nothing => stack.push(index.none()),
            Step::Term(term) => {
                let (members, missing) = index.resolve(term);
                problems.extend(unmatched.problem(term, &missing));
                stack.push(members);
            }
            // Every operator follows its two operands.
            Step::Operator(op) => {
                if let (Some(right), Some(left)) = (stack.pop(), stack.pop()) {
                    stack.push(join(left, *op, &right));
                }
            }
        }
    }
    stack.pop().unwrap_or_else(|| index.none())
}

fn join(mut left: Members, op: Operator, right: &Members) -> Members {
    left.sites.apply(op, &right.sites);
    // Who takes a site away has not asked for it.
    if op != Operator::Minus {
        left.named.apply(Operator::Or, &right.named);
    }
    left
}
