//! What can be named as the source of a transfer.

use std::path::{Path, PathBuf};

/// What can be moved: one path, or a list of them.
pub trait IntoSources {
    /// The paths.
    fn into_sources(self) -> Vec<PathBuf>;
}

macro_rules! one_source {
    ($($type:ty)*) => {
        $(impl IntoSources for $type {
            fn into_sources(self) -> Vec<PathBuf> {
                vec![self.into()]
            }
        })*
    };
}

one_source!(&str String &String &Path PathBuf &PathBuf);

impl<T: Into<PathBuf>, const N: usize> IntoSources for [T; N] {
    fn into_sources(self) -> Vec<PathBuf> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<PathBuf>> IntoSources for Vec<T> {
    fn into_sources(self) -> Vec<PathBuf> {
        self.into_iter().map(Into::into).collect()
    }
}
