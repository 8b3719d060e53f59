//! Moving files, by rsync.

mod rsync;
mod upload;

pub use upload::{IntoSources, Upload};
