mod consent;
mod keys;
mod prompt_terminal;

pub use consent::Consent;
pub(crate) use prompt_terminal::terminal;
