//! Secrets as arguments of jobs.

use super::secret::Secret;
use crate::catalogue::{Argument, Choice, OptionalArgument, Shape};

/// What is shown instead of a secret's value.
const MASKED: &str = "***";

/// Read from a file or a descriptor, never from a command line, where others could see it.
impl Argument for Secret {
    type Read = Secret;
    const SHAPE: Shape = Shape::Secret;
    const VALUE_NAME: Option<&'static str> = None;
    const CHOICES: &'static [Choice] = &[];
    const REQUIRED: bool = true;

    fn read(_: &[&str]) -> Result<Self, String> {
        Err("a secret is not given as text".to_owned())
    }

    fn absent() -> Option<Self> {
        None
    }

    fn show(&self) -> Vec<String> {
        vec![MASKED.to_owned()]
    }
}

impl OptionalArgument for Secret {}
