//! Texts with sites, and what is told of mistakes in them.

mod settings;
mod sites;

use super::Format;
use crate::error::Kind;
use crate::topology::Settings;
use crate::topology::Topology;

fn topology() -> Topology {
    let mut topology = Topology::new();
    topology
        .add("web1", Settings::new().roles(["web"]))
        .declare(["db", "canary"]);
    topology
}

/// Cause and hint of what is wrong with a text in JSON; the topology must be as it was.
fn wrong(text: &str) -> (String, Option<String>) {
    wrong_in(Format::Json, text)
}

fn wrong_in(format: Format, text: &str) -> (String, Option<String>) {
    let mut topology = topology();
    let before = format!("{topology:?}");
    let failure = super::text(&mut topology, format, text, "a test").unwrap_err();
    assert_eq!(format!("{topology:?}"), before);
    assert!(topology.problems().is_empty());
    assert_eq!(failure.kind(), Kind::Usage);
    assert_eq!(failure.to_string(), "cannot read sites from a test");
    assert!(failure.detail().at().unwrap().file().ends_with("mod.rs"));
    (
        failure.detail().to_string(),
        failure.hint().map(str::to_owned),
    )
}

fn cause(text: &str) -> String {
    wrong(text).0
}
