//! Files and folders between sites and this machine.

pub use ploy_runtime::transfer::{
    IntoSources, ReadFile, Transfer, TransferTotals, WriteFile, WrittenFile,
};
#[cfg(feature = "template")]
pub use ploy_runtime::{context, transfer::Template};
