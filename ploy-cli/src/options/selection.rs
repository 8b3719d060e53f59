//! Options that choose sites.

use clap::{Arg, ArgAction, ArgMatches};

use ploy_core::catalogue::Options;
use ploy_core::error::Problem;
use ploy_core::topology::{Selector, SelectorError, Topology, chosen};

/// Which sites the command line selects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    selector: Option<Selector>,
    /// The options that were given, each with its value.
    given: Vec<(&'static str, String)>,
}

type Reader = fn(&str) -> Result<Selector, SelectorError>;

pub(crate) const HEADING: &str = "Choosing sites";

/// The options that choose sites. A site must satisfy all of them.
pub(crate) fn options() -> [Arg; 4] {
    let option = |name: &'static str, short: char, value: &'static str| {
        Arg::new(name)
            .short(short)
            .long(name)
            .value_name(value)
            .action(ArgAction::Append)
            .global(true)
            .help_heading(HEADING)
    };
    [
        option("limit", 'l', "SITES").help("Only these: names, roles, web[1-4], we*; with , & ! ^"),
        option("roles", 'r', "ROLE").help("Only sites of these roles, or of such a name"),
        option("sites", 's', "SITE")
            .alias("hosts")
            .help("Only sites of these names"),
        option("exclude", 'x', "SITES").help("None of these sites"),
    ]
}

impl Selection {
    /// Parses the options.
    pub(crate) fn parse(matches: &ArgMatches) -> Result<Self, SelectorError> {
        let mut selection = Selection::default();
        let given = |name: &str| -> Option<String> {
            let values: Vec<&String> = matches.get_many::<String>(name)?.collect();
            Some(values.into_iter().cloned().collect::<Vec<_>>().join(","))
        };
        let readers: [(&'static str, Reader); 3] = [
            ("limit", Selector::parse),
            ("roles", Selector::roles),
            ("sites", Selector::sites),
        ];
        for (name, read) in readers {
            if let Some(text) = given(name) {
                let selector = read(&text)?;
                selection.given.push((name, text));
                selection.selector = Some(match selection.selector.take() {
                    Some(before) => before.and(selector),
                    None => selector,
                });
            }
        }
        if let Some(text) = given("exclude") {
            let selector = Selector::parse(&text)?;
            selection.given.push(("exclude", text));
            let before = match selection.selector.take() {
                Some(before) => before,
                None => Selector::parse("*")?,
            };
            selection.selector = Some(before.minus(selector));
        }
        Ok(selection)
    }

    /// The sites that are left; `None` if nothing restricts them.
    pub(crate) fn selector(&self) -> Option<&Selector> {
        self.selector.as_ref()
    }

    /// The options that every stage inherits from it.
    pub(crate) fn inherited(&self) -> Options {
        match &self.selector {
            Some(selector) => Options::new().within(selector),
            None => Options::new(),
        }
    }

    /// The names of the sites that are left, without those that are guarded unless they are named.
    pub(crate) fn site_names(&self, topology: &Topology) -> Vec<String> {
        let sites = chosen(topology, self.selector().as_slice(), &mut Vec::new());
        let names = sites.iter().map(|(_, site)| site.name().to_owned());
        names.collect()
    }

    /// The options as they were given; `None` if there are none.
    pub(crate) fn words(&self) -> Option<String> {
        let words = self
            .given
            .iter()
            .map(|(name, text)| format!("--{name} {text}"));
        (!self.given.is_empty()).then(|| words.collect::<Vec<_>>().join(" "))
    }

    /// The problems of the selection: a part that matches nothing, or that no site is left.
    pub(crate) fn problems(&self, topology: &Topology) -> Vec<Problem> {
        let Some(selector) = &self.selector else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        chosen(topology, &[selector], &mut problems);
        if problems.is_empty()
            && let Err(failure) = topology.select(selector)
        {
            let problem = Problem::new(format!("{failure}: {}", failure.detail()));
            problems.push(match failure.hint() {
                Some(hint) => problem.with_hint(hint),
                None => problem,
            });
        }
        problems
    }
}
