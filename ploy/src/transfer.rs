//! Files and folders between sites and this machine.

pub use ploy_runtime::transfer::{IntoSources, Moved, Read, Transfer, Write, Written};
#[cfg(feature = "template")]
pub use ploy_runtime::{context, transfer::Template};
