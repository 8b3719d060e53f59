//! How to try again what failed.

mod retry_command;
#[cfg(test)]
mod tests;

pub use retry_command::RetryCommand;
