//! Where a job or a schedule is declared, in words.

use crate::error::Source;

pub(super) fn place(source: Option<Source>) -> String {
    source.map_or_else(|| "added by hand".to_owned(), |source| source.to_string())
}
