//! What is told of a site.

/// A cell of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) severity: Severity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Plain,
    /// Something may be wrong.
    Warning,
    /// Something is wrong.
    Error,
}

/// Something that is, or may be, wrong on a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) text: String,
    pub(super) hint: Option<String>,
}

/// What is told of a site.
pub(super) struct SiteVerdict {
    /// A cell for each of the [`COLUMNS`].
    pub(super) cells: Vec<Cell>,
    pub(super) findings: Vec<Finding>,
}

/// The columns after the site's name.
pub(super) const COLUMNS: [&str; 7] = [
    "connection",
    "user",
    "sudo",
    "rsync",
    "path",
    "free",
    "clock",
];

pub(super) fn plain(text: &str) -> Cell {
    cell(text, Severity::Plain)
}

pub(super) fn cell(text: &str, severity: Severity) -> Cell {
    Cell {
        text: text.to_owned(),
        severity,
    }
}

/// A number of bytes, to two digits or three.
pub(super) fn size(bytes: u64) -> String {
    let mut number = bytes;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if number < 1024 {
            break;
        }
        number /= 1024;
        unit = next;
    }
    format!("{number} {unit}")
}
