use super::selector::Op;

/// A set of sites, by their numbers in the topology: a bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(Vec<u64>);

impl Set {
    /// An empty set, for numbers below `length`.
    pub(super) fn new(length: usize) -> Self {
        Set(vec![0; length.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    /// Joins the other set to this one.
    pub(super) fn apply(&mut self, op: Op, other: &Set) {
        for (left, right) in self.0.iter_mut().zip(&other.0) {
            match op {
                Op::Or => *left |= right,
                Op::And => *left &= right,
                Op::Minus => *left &= !right,
                Op::Xor => *left ^= right,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[usize]) -> Set {
        let mut set = Set::new(200);
        numbers.iter().for_each(|number| set.insert(*number));
        set
    }

    #[test]
    fn sets_are_joined() {
        for (op, expected) in [
            (Op::Or, vec![0, 63, 64, 199]),
            (Op::And, vec![64]),
            (Op::Minus, vec![0, 199]),
            (Op::Xor, vec![0, 63, 199]),
        ] {
            let mut left = set(&[0, 64, 199]);
            left.apply(op, &set(&[63, 64]));
            assert_eq!(left, set(&expected), "{op:?}");
            assert!(expected.iter().all(|number| left.contains(*number)));
            assert!(!left.contains(1));
        }
    }
}
