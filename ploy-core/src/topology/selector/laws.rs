//! What holds for every selector: an oracle that knows neither steps nor indices, and random
//! expressions.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::{Settings, Site, Topology};
use super::{Selector, chosen};

/// An expression as a reader sees it.
#[derive(Clone, Debug)]
enum Tree {
    Nothing,
    Term {
        sigil: &'static str,
        term: &'static str,
    },
    Op(Box<Tree>, char, Box<Tree>),
}

/// Each term with the names that it stands for; a name that ends with `*` is the beginning of one.
const TERMS: [(&str, &[&str]); 11] = [
    ("a", &["a"]),
    ("s1", &["s1"]),
    ("s7", &["s7"]),
    ("live", &["live"]),
    ("empty", &["empty"]),
    ("s[1-3]", &["s1", "s2", "s3"]),
    ("s[0-9/3]", &["s0", "s3", "s6", "s9"]),
    ("s[7,8]", &["s7", "s8"]),
    ("*", &["*"]),
    ("s*", &["s*"]),
    ("l*", &["l*"]),
];

/// Sites `s0` to `s9`, of which the last three are guarded; roles by the bits of each number.
fn topology(roles: &[u8]) -> Topology {
    let mut topology = Topology::new();
    topology.declare(["empty"]);
    for (number, bits) in roles.iter().enumerate() {
        let all = ["a", "b", "live"].iter().enumerate();
        let carried: Vec<_> = all
            .filter(|(bit, _)| bits & (1 << bit) != 0)
            .map(|(_, role)| *role)
            .collect();
        let settings = Settings::new().roles(carried);
        topology.add(format!("s{number}"), settings.guarded(number >= 7));
    }
    topology
}

fn tree() -> impl Strategy<Value = Tree> {
    let term = (
        prop::sample::select(vec!["", "", "@", "%"]),
        prop::sample::select(TERMS.map(|(term, _)| term).to_vec()),
    )
        .prop_map(|(sigil, term)| Tree::Term { sigil, term });
    let leaf = prop_oneof![9 => term, 1 => Just(Tree::Nothing)];
    leaf.prop_recursive(5, 32, 2, |inner| {
        (
            inner.clone(),
            prop::sample::select(vec![',', '&', '!', '^']),
            inner,
        )
            .prop_map(|(left, op, right)| Tree::Op(Box::new(left), op, Box::new(right)))
    })
}

/// As a user may write it: parentheses only where they are needed, or everywhere.
fn written(tree: &Tree, everywhere: bool) -> String {
    match tree {
        Tree::Nothing => "()".into(),
        Tree::Term { sigil, term } => format!("{sigil}{term}"),
        Tree::Op(left, op, right) => {
            let (left, mut right) = (written(left, everywhere), written(right, everywhere));
            if everywhere {
                return format!("( {left}{op} {right})");
            }
            if right.contains([',', '&', '!', '^']) {
                right = format!("({right})");
            }
            format!("{left} {op}{right}")
        }
    }
}

fn built(tree: &Tree) -> Selector {
    match tree {
        Tree::Nothing => Selector::from_iter([]),
        Tree::Term { sigil: "", term } if !term.contains(['*', '[']) => Selector::name(*term),
        Tree::Term { sigil, term } => Selector::parse(&format!("{sigil}{term}")).unwrap(),
        Tree::Op(left, op, right) => {
            let (left, right) = (built(left), built(right));
            match op {
                ',' => left.or(right),
                '&' => left.and(right),
                '!' => left.minus(right),
                _ => left.xor(right),
            }
        }
    }
}

fn is_like(name: &str, pattern: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(name == pattern, |begin| name.starts_with(begin))
}

/// The sites that a tree has, and those that it names.
fn oracle(topology: &Topology, tree: &Tree) -> (BTreeSet<String>, BTreeSet<String>) {
    match tree {
        Tree::Nothing => Default::default(),
        Tree::Term { sigil, term } => {
            let names = TERMS.iter().find(|(own, _)| own == term).unwrap().1;
            let (mut has, mut named) = (BTreeSet::new(), BTreeSet::new());
            let is_guarded = |site: &Site| site.guarded == Some(true);
            for site in topology.sites() {
                for name in names {
                    let is_it = *sigil != "@" && is_like(site.name(), name);
                    let roles = site
                        .roles
                        .iter()
                        .filter(|role| *sigil != "%" && is_like(role, name));
                    let is_for_guarded = roles.clone().any(|role| {
                        topology
                            .list(role.as_str())
                            .iter()
                            .all(|site| is_guarded(site))
                    });
                    if is_it || roles.count() > 0 {
                        has.insert(site.name().to_owned());
                    }
                    if (is_it || is_for_guarded) && !name.ends_with('*') {
                        named.insert(site.name().to_owned());
                    }
                }
            }
            (has, named)
        }
        Tree::Op(left, op, right) => {
            let (left, right) = (oracle(topology, left), oracle(topology, right));
            match op {
                ',' => (&left.0 | &right.0, &left.1 | &right.1),
                '&' => (&left.0 & &right.0, &left.1 | &right.1),
                '!' => (&left.0 - &right.0, left.1),
                _ => (&left.0 ^ &right.0, &left.1 | &right.1),
            }
        }
    }
}

/// What all trees together choose, by the oracle.
fn expected(topology: &Topology, trees: &[Tree]) -> Vec<String> {
    let found: Vec<_> = trees.iter().map(|tree| oracle(topology, tree)).collect();
    let sites = topology.sites().iter().filter(|site| {
        let is_named = found.iter().any(|(_, named)| named.contains(site.name()));
        found.iter().all(|(has, _)| has.contains(site.name()))
            && (is_named || site.guarded != Some(true))
    });
    sites.map(|site| site.name().to_owned()).collect()
}

fn actual(topology: &Topology, selectors: &[Selector]) -> Vec<String> {
    let all: Vec<&Selector> = selectors.iter().collect();
    // Roles that nobody carries are problems, which are not the matter here.
    let sites = chosen(topology, &all, &mut Vec::new());
    sites
        .iter()
        .map(|(_, site)| site.name().to_owned())
        .collect()
}

proptest! {
    #[test]
    fn selectors_choose_what_the_oracle_says(
        roles in prop::collection::vec(0_u8..8, 10),
        trees in prop::collection::vec(tree(), 0..3),
    ) {
        let topology = topology(&roles);
        let expected = expected(&topology, &trees);
        for everywhere in [false, true] {
            let parse = |tree| Selector::parse(&written(tree, everywhere)).unwrap();
            let parsed: Vec<Selector> = trees.iter().map(parse).collect();
            prop_assert_eq!(&actual(&topology, &parsed), &expected, "{:?}", parsed);
        }
        let built: Vec<Selector> = trees.iter().map(built).collect();
        prop_assert_eq!(&actual(&topology, &built), &expected);
    }

    #[test]
    fn what_is_shown_parses_back(tree in tree(), roles in prop::collection::vec(0_u8..8, 10)) {
        let (topology, selector) = (topology(&roles), built(&tree));
        let back = Selector::parse(&selector.to_string()).unwrap();
        prop_assert_eq!(&back, &selector);
        prop_assert_eq!(actual(&topology, &[back]), actual(&topology, &[selector]));
    }

    /// No text makes the parser panic, and what it takes it shows in a way that it takes again.
    #[test]
    fn any_text_parses_or_says_why_not(text in "[ab*?\\[\\]()0-9,&!^@%:/. -]{0,24}") {
        match Selector::parse(&text) {
            Ok(selector) => prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector)),
            Err(error) => prop_assert!(error.position() <= text.chars().count() + 1, "{}", error),
        }
    }

    #[test]
    fn any_characters_parse_or_say_why_not(text: String) {
        let _ = Selector::parse(&text).map_err(|error| error.to_string());
    }
}
