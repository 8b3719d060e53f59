//! How to try again what failed.

mod again;
#[cfg(test)]
mod tests;

pub use again::Again;
