//! Whether the program runs on a machine of CI.

/// Whether it does, as the variable `CI` says.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
