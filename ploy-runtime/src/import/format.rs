//! The formats of a text with sites.

use super::json;
use super::malformed::MalformedText;
use super::problems::ImportProblems;
use super::site_entry::SiteEntry;
#[cfg(feature = "toml")]
use super::toml_text;

/// How a text with sites is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A table for each site: `[web1]`. Needs the feature `toml`, which is on by default.
    #[cfg(feature = "toml")]
    Toml,
    /// An object of objects, or a list of objects with a `name`.
    Json,
}

impl Format {
    /// The sites that the text names, in its order.
    pub(super) fn entries(
        self,
        text: &str,
        problems: &mut ImportProblems,
    ) -> Result<Vec<SiteEntry>, MalformedText> {
        // What Windows puts before UTF-8. No position in the first line needs it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match self {
            #[cfg(feature = "toml")]
            Format::Toml => toml_text::entries(text, problems),
            Format::Json => json::entries(text, problems),
        }
    }
}
