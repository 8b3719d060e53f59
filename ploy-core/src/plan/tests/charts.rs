//! Charts of stages with names that mean something to Graphviz or Mermaid.

use proptest::prelude::*;

use crate::catalogue::{Catalogue, Condition, Mode, Options, Stage};
use crate::plan::{Chart, build};
use crate::topology::{Settings, Topology};

/// Names that mean something to somebody.
const NAMES: [&str; 12] = [
    "up\"load\"];\n}",
    "a\\",
    "\\\"",
    "end",
    "<b>&lt;</b>",
    "x-->y|z|",
    "%%{init: {}}%%",
    "#quot;`*_1._*`",
    "[(({[\"x\"]})))]",
    "tab\there\u{1b}[31m\r",
    "süd→nord 🚀",
    "; subgraph x",
];

/// A schedule of two stages, whose jobs and first stage have these names.
fn chart(names: &[String], mode: Mode) -> Chart {
    let mut topology = Topology::new();
    for site in ["web1", "web-1", "web_1"] {
        topology.add(site, Settings::new().roles(["web"]));
    }
    let mut catalogue = Catalogue::<(), ()>::new();
    for name in names {
        catalogue.add(name, ["web"], [(), ()]);
    }
    let mut chart = Chart::new(names.first().map(String::as_str));
    let stage = Stage::new(mode, names.to_vec()).name(names.concat());
    let plan = build(&catalogue, &topology, &stage, &Options::new()).unwrap();
    chart.add(Condition::Success, plan, &catalogue);
    let plan = build(
        &catalogue,
        &topology,
        &Stage::of(Vec::<String>::new()),
        &Options::new(),
    );
    chart.add(
        Condition::OnFailure(names.concat()),
        plan.unwrap(),
        &catalogue,
    );
    chart
}

/// The text without what stands between quotes, in which a backslash hides the next character if
/// `escapes`; and what stood there.
fn unquoted(text: &str, escapes: bool) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut open) = (String::new(), Vec::new(), None::<String>);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (&mut open, c) {
            (None, '"') => open = Some(String::new()),
            (None, c) => outside.push(c),
            (Some(_), '"') => {
                inside.extend(open.take());
                outside.push('_');
            }
            (Some(word), '\\') if escapes => {
                word.push(c);
                word.extend(characters.next());
            }
            (Some(word), c) => word.push(c),
        }
    }
    assert_eq!(open, None, "a quote is not closed:\n{text}");
    (outside, inside)
}

fn is_sound(names: &[String], mode: Mode) -> Result<(), TestCaseError> {
    let chart = chart(names, mode);
    let json: serde_json::Value = serde_json::from_str(&chart.json()).unwrap();
    let nodes = json["stages"][0]["nodes"].as_array().unwrap();
    let edges = json["stages"][0]["edges"].as_array().unwrap();
    for (at, name) in names.iter().enumerate() {
        prop_assert_eq!(
            json["stages"][0]["jobs"][at]["name"].as_str(),
            Some(name.as_str())
        );
    }
    for edge in edges {
        for end in ["from", "to"] {
            let known = nodes.iter().filter(|node| node["id"] == edge[end]).count();
            prop_assert_eq!(known, 1, "an edge has two ends");
        }
    }

    let dot = chart.dot();
    let (outside, inside) = unquoted(&dot, true);
    let lines: Vec<&str> = outside.lines().map(str::trim).collect();
    for line in &lines {
        let is_known = matches!(*line, "digraph _ {" | "}" | "subgraph _ {" | "label = _;")
            || [
                "rankdir = LR;",
                "node [shape = box];",
                "_ -> _;",
                "_ -> _ [style = dashed];",
            ]
            .contains(line)
            || ["_ [label = _];", "_ [label = _, shape = diamond];"].contains(line);
        prop_assert!(is_known, "{}\nin\n{}", line, dot);
    }
    prop_assert_eq!(
        lines
            .iter()
            .filter(|line| line.starts_with("_ [label"))
            .count(),
        nodes.len() + 2,
        "a node each, one for the stage without tasks and one before it"
    );
    prop_assert!(inside.iter().all(|word| !word.contains(char::is_control)));

    let mermaid = chart.mermaid();
    let (outside, inside) = unquoted(&mermaid, false);
    let mut ids = Vec::new();
    for line in outside.lines().map(str::trim) {
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let node = line.strip_suffix("[_]").or(line.strip_suffix("{{_}}"));
        let edge = line.split_once(" --> ").or(line.split_once(" -.-> "));
        let is_known = match (node, edge) {
            (Some(node), _) => match node.strip_prefix("subgraph ") {
                Some(subgraph) => is_word(subgraph),
                None => {
                    ids.push(node.to_owned());
                    is_word(node)
                }
            },
            (None, Some((from, to))) => is_word(from) && is_word(to),
            (None, None) => ["flowchart LR", "end"].contains(&line),
        };
        prop_assert!(is_known, "{}\nin\n{}", line, mermaid);
    }
    prop_assert_eq!(ids.len(), nodes.len() + 2);
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), nodes.len() + 2, "no id is given twice");
    for word in inside {
        let breaks = word.replace("<br>", "");
        let is_plain = |c: char| c.is_alphanumeric() || " ,:.-/#;".contains(c);
        prop_assert!(breaks.chars().all(is_plain), "{}", word);
    }
    Ok(())
}

#[test]
fn a_name_is_a_name_whatever_is_in_it() {
    let names: Vec<String> = NAMES.map(str::to_owned).into();
    for mode in Mode::ALL {
        is_sound(&names, mode).unwrap();
    }
}

#[test]
fn a_label_shows_the_name_itself() {
    let names = ["a&lt;\\N\"".to_owned()];
    let chart = chart(&names, Mode::Parallel);
    let dot = chart.dot();
    assert!(dot.contains(r#"[label = "a&amp;lt;\\N\"\nweb1\n"#), "{dot}");
    let mermaid = chart.mermaid();
    assert!(
        mermaid.contains(r#"["a#38;lt#59;#92;N#34;<br>web1<br>"#),
        "{mermaid}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_can_be_a_name(
        names in prop::collection::vec("[\\PC\\x00-\\x20\"\\\\#%<>]{1,12}", 1..4),
        mode in prop::sample::select(Mode::ALL.to_vec()),
    ) {
        is_sound(&names, mode)?;
    }
}

#[test]
fn a_site_between_others_changes_no_line_of_theirs() {
    let text = |sites: &[&str]| {
        let mut topology = Topology::new();
        for site in sites {
            topology.add(*site, Settings::new().roles(["web"]));
        }
        let mut catalogue = Catalogue::<(), ()>::new();
        catalogue
            .add("upload", ["web"], [()])
            .add("upgrade", ["web"], [()]);
        let stage = Stage::new(Mode::Sequential, ["upload", "upgrade"]);
        let plan = build(&catalogue, &topology, &stage, &Options::new()).unwrap();
        let mut chart = Chart::new(None);
        chart.add(Condition::Success, plan, &catalogue);
        [chart.json(), chart.dot(), chart.mermaid()]
    };
    for (few, more) in text(&["web1", "web3"])
        .iter()
        .zip(text(&["web1", "web2", "web3"]))
    {
        let mut lines = more.lines();
        for line in few.lines() {
            assert!(
                lines.any(|other| other == line),
                "`{line}` is not in\n{more}"
            );
        }
    }
}
