//! What can stand for a parameter's value in code.

use std::path::{Path, PathBuf};

/// What can be given for an argument of type `T` in `jobs![upload(tag = "v1")]`.
#[diagnostic::on_unimplemented(
    message = "a `{T}` is wanted here, not `{Self}`",
    label = "the wrong type for this parameter"
)]
pub trait IntoArgument<T> {
    /// The argument.
    fn into_argument(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> IntoArgument<T> for T {
    fn into_argument(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoArgument<Option<T>> for T {
    fn into_argument(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> IntoArgument<Vec<T>> for [T; N] {
    fn into_argument(self) -> Vec<T> {
        self.into()
    }
}

macro_rules! from_str {
    ($($type:ty),*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl IntoArgument<$type> for &str {
                fn into_argument(self) -> $type {
                    self.into()
                }
            }


            #[diagnostic::do_not_recommend]
            impl IntoArgument<Option<$type>> for &str {
                fn into_argument(self) -> Option<$type> {
                    Some(self.into())
                }
            }


            #[diagnostic::do_not_recommend]
            impl<const N: usize> IntoArgument<Vec<$type>> for [&str; N] {
                fn into_argument(self) -> Vec<$type> {
                    self.map(Into::into).into()
                }
            }
        )*
    };
}

from_str!(String, PathBuf);

#[diagnostic::do_not_recommend]
impl IntoArgument<String> for &String {
    fn into_argument(self) -> String {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArgument<PathBuf> for &Path {
    fn into_argument(self) -> PathBuf {
        self.to_owned()
    }
}
