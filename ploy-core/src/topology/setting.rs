//! What a setting can be given as.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a setting can be given as: its value, or an option of it, where `None` leaves it unset. So
/// a setting may come from an environment variable: `host: std::env::var("WEB_HOST").ok()`.
#[diagnostic::on_unimplemented(
    message = "this setting cannot be given as `{Self}`",
    label = "not a value for this setting",
    note = "it takes a `{T}`, or an `Option` of it"
)]
pub trait IntoSetting<T> {
    /// The value, if there is one.
    fn into_setting(self) -> Option<T>;
}

impl<T, S: IntoSetting<T>> IntoSetting<T> for Option<S> {
    fn into_setting(self) -> Option<T> {
        self.and_then(S::into_setting)
    }
}

macro_rules! settings {
    ($($target:ty: $($source:ty),*;)*) => {
        $($(impl IntoSetting<$target> for $source {
            fn into_setting(self) -> Option<$target> {
                Some(self.into())
            }
        })*)*
    };
}

settings! {
    String: String, &str, &String;
    PathBuf: PathBuf, &Path, &PathBuf, String, &str, &String;
    Duration: Duration;
    u16: u16;
    u32: u32;
    bool: bool;
}
