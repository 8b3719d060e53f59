//! The topology is `crate::topology`, unless another is named.

ploy::main!();
