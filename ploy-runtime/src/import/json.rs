//! Sites in JSON.

use serde_json::Value;

use super::malformed::MalformedText;
use super::problems::ImportProblems;
use super::site_entry::{JsonLayer, SiteEntry};

/// The sites that the text names, in its order.
pub(super) fn entries(
    text: &str,
    problems: &mut ImportProblems,
) -> Result<Vec<SiteEntry>, MalformedText> {
    let document: JsonLayer<JsonLayer<Value>> = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let message = message
            .strip_suffix(&format!(" at line {line} column {column}"))
            .unwrap_or(&message);
        MalformedText {
            cause: format!("line {line}, column {column}: {message}"),
            hint: None,
        }
    })?;
    Ok(match document {
        JsonLayer::Table(sites) => sites
            .into_iter()
            .filter_map(|(name, site)| SiteEntry::new(name, site, problems))
            .collect(),
        JsonLayer::List(sites) => (1..)
            .zip(sites)
            .filter_map(|(number, site)| SiteEntry::numbered(number, site, problems))
            .collect(),
        JsonLayer::Leaf(what) => {
            problems.add_with(format!("it is {what}"), || {
                Some(
                    "sites are an object of objects, or a list of objects with a `name`".to_owned(),
                )
            });
            Vec::new()
        }
    })
}
