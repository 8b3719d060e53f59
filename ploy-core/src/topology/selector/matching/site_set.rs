//! A set of sites, by their numbers.

use super::super::grammar::Operator;

/// A set of sites, by their numbers in the topology: a bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SiteSet(Vec<u64>);

impl SiteSet {
    /// An empty set, for numbers below `length`.
    pub(super) fn new(length: usize) -> Self {
        SiteSet(vec![0; length.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    /// Joins the other set to this one.
    pub(super) fn apply(&mut self, op: Operator, other: &SiteSet) {
        for (left, right) in self.0.iter_mut().zip(&other.0) {
            match op {
                Operator::Or => *left |= right,
                Operator::And => *left &= right,
                Operator::Minus => *left &= !right,
                Operator::Xor => *left ^= right,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[usize]) -> SiteSet {
        let mut set = SiteSet::new(200);
        numbers.iter().for_each(|number| set.insert(*number));
        set
    }

    #[test]
    fn sets_are_joined() {
        for (op, expected) in [
            (Operator::Or, vec![0, 63, 64, 199]),
            (Operator::And, vec![64]),
            (Operator::Minus, vec![0, 199]),
            (Operator::Xor, vec![0, 63, 199]),
        ] {
            let mut left = set(&[0, 64, 199]);
            left.apply(op, &set(&[63, 64]));
            assert_eq!(left, set(&expected), "{op:?}");
            assert!(expected.iter().all(|number| left.contains(*number)));
            assert!(!left.contains(1));
        }
    }
}
