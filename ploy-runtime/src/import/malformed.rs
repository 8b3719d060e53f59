//! A text that is not of its format.

/// Why a text is not of its format, and what to do about it if that is known.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(super) struct MalformedText {
    /// With line and column, if they are known.
    pub(super) cause: String,
    pub(super) hint: Option<String>,
}
