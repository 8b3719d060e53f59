//! What holds for a shell, local or over ssh: each check is given one.

pub(crate) mod input;
pub(crate) mod lines;
pub(crate) mod output;
pub(crate) mod service;
