//! Ranges in names: `db[01-12]`, `web[1-3,7]`, `n[0-20/5]`, `rack[1-2]-node[01-20]`.
//!
//! [`Range`] is what stands between a pair of brackets, for whoever has a grammar of his own around
//! it, as selectors have. [`expand`] makes the names of all sites from a name with brackets in it.

mod error;
mod expand;
mod numbers;

pub use error::{RangeError, RangeErrorAt};
pub use expand::expand;
pub use numbers::Range;

/// To how many names one name with ranges may be expanded, and how many sites one `sites!` may
/// declare.
///
/// More is a slip of the keyboard, such as a digit too many: it must end in a message and not in
/// minutes of compilation or gigabytes of names. The number is the same for declarations, imports
/// and selectors, since every range that can be declared must be importable and selectable. It is
/// ten times the largest topology that the checks of the compiler are measured with, and that many
/// names still are only a few megabytes.
pub const MAX_NAMES: usize = 100_000;
