//! How two sets of sites are joined.

/// How two sets of sites are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Operator {
    /// What is in one of them.
    Or,
    /// What is in both.
    And,
    /// What is in the first and not in the second.
    Minus,
    /// What is in exactly one of them.
    Xor,
}

impl Operator {
    pub(in super::super) const ALL: [Operator; 4] =
        [Operator::Or, Operator::And, Operator::Minus, Operator::Xor];

    pub(in super::super) fn sign(self) -> char {
        match self {
            Operator::Or => ',',
            Operator::And => '&',
            Operator::Minus => '!',
            Operator::Xor => '^',
        }
    }
}
