//! Sites from a text.

use std::collections::HashSet;
use std::panic::Location;

use super::Format;
use super::problems;
use super::problems::ImportProblems;
use super::sites;
use crate::error::Failure;
use crate::topology::Topology;

/// Adds the sites of a text, such as the answer of a web service. `origin` says in errors where it
/// came from.
///
/// Reads nothing and waits for nothing. Returns how many sites were added.
///
/// ```
/// use ploy::import;
/// use ploy::import::Format;
/// use ploy::topology::Topology;
///
/// let mut topology = Topology::new();
/// topology.declare(["web"]);
/// let answer = r#"{ "web[1-3]": { "roles": ["web"], "host": "{name}.example.com" } }"#;
/// let added = import::text(&mut topology, Format::Json, answer, "the inventory service")?;
/// assert_eq!(added, 3);
/// assert_eq!(topology.get("web2").unwrap().host.as_deref(), Some("web2.example.com"));
/// # Ok::<(), ploy::error::Failure>(())
/// ```
///
/// # Errors
///
/// [`Kind::Usage`](crate::error::Kind::Usage) if the text is malformed, with line and column, or
/// with all that is wrong with its sites. The topology is as it was, then.
#[track_caller]
pub fn text(
    topology: &mut Topology,
    format: Format,
    text: &str,
    origin: &str,
) -> Result<usize, Failure> {
    let at = Location::caller();
    add(topology, format, text, origin).map_err(|failure| failure.at(at))
}

pub(super) fn add(
    topology: &mut Topology,
    format: Format,
    text: &str,
    origin: &str,
) -> Result<usize, Failure> {
    let mut problems = ImportProblems::default();
    let entries = format
        .entries(text, &mut problems)
        .map_err(|malformed| problems::failure(origin, malformed.cause, malformed.hint))?;
    let sites = sites::from_entries(topology, entries, &mut problems);
    let count = sites.len();
    let mut filled = topology.clone();
    for (name, settings) in sites {
        filled.add(name, settings);
    }
    let old: HashSet<String> = topology
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    for problem in filled.problems() {
        let message = problem.to_string();
        if !old.contains(&message) {
            problems.add_with(message, || problem.hint().map(str::to_owned));
        }
    }
    problems.finish(origin)?;
    *topology = filled;
    Ok(count)
}

/// As [`add`], of bytes.
pub(super) fn add_bytes(
    topology: &mut Topology,
    format: Format,
    bytes: &[u8],
    origin: &str,
) -> Result<usize, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        problems::failure(origin, format!("line {line} is not UTF-8"), None::<String>)
    })?;
    add(topology, format, text, origin)
}
