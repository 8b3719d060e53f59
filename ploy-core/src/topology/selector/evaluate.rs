use super::super::Topology;
use super::Selector;
use super::index::{Index, Members};
use super::selector::{Op, Step};
use super::unmatched::Unmatched;
use crate::error::Problem;

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
    all.reduce(|left, right| join(left, Op::And, &right))
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
            Step::Part(part) => {
                let (members, missing) = index.resolve(part);
                problems.extend(unmatched.problem(part, &missing));
                stack.push(members);
            }
            // Every operator follows its two operands.
            Step::Op(op) => {
                if let (Some(right), Some(left)) = (stack.pop(), stack.pop()) {
                    stack.push(join(left, *op, &right));
                }
            }
        }
    }
    stack.pop().unwrap_or_else(|| index.none())
}

fn join(mut left: Members, op: Op, right: &Members) -> Members {
    left.sites.apply(op, &right.sites);
    // Who takes a site away has not asked for it.
    if op != Op::Minus {
        left.named.apply(Op::Or, &right.named);
    }
    left
}
