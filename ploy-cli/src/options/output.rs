//! Options about how a run is shown: the view, and how much of it.

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches};

use super::origin::{Origin, conflict, origin};
use ploy_core::error::Problem;
use ploy_report::Detail;

/// How a run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) view: View,
    pub(crate) detail: Detail,
}

/// How the output of a run is arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// What fits the place where it is shown.
    #[default]
    Auto,
    Stream,
    Group,
    Fold,
    Diff,
    Table,
    Json,
    Quiet,
}

/// The heading of all options about what is put out.
pub(crate) const HEADING: &str = "Output";

const VIEWS: [(&str, View); 7] = [
    ("auto", View::Auto),
    ("stream", View::Stream),
    ("group", View::Group),
    ("fold", View::Fold),
    ("table", View::Table),
    ("json", View::Json),
    ("quiet", View::Quiet),
];

/// The options that say how a run is shown.
pub(crate) fn options() -> [Arg; 5] {
    let option = |name: &'static str| Arg::new(name).long(name).global(true).help_heading(HEADING);
    let flag = |name: &'static str| option(name).action(ArgAction::SetTrue);
    [
        option("output")
            .short('o')
            .value_name("VIEW")
            .value_parser(VIEWS.map(|(name, _)| match name {
                "json" => PossibleValue::new(name).alias("jsonl"),
                name => PossibleValue::new(name),
            }))
            .hide_possible_values(true)
            .help("auto, stream, group, fold, table, json or quiet"),
        flag("fold")
            .short('b')
            .help("Show equal output of sites once, as --output fold"),
        flag("diff").help("Fold, and show other output by how it differs"),
        option("verbose")
            .short('v')
            .action(ArgAction::Count)
            .help("Ids, exits and times; -vv: debug lines, waits too"),
        flag("quiet")
            .short('q')
            .help("Show only what goes wrong, as --output quiet"),
    ]
}

impl Output {
    /// Parses the options. They can contradict each other on both sides of a command, where clap
    /// does not see it.
    pub(crate) fn parse(matches: &ArgMatches) -> Result<Self, Problem> {
        let named = matches.get_one::<String>("output");
        let named = named.map(|name| if name == "jsonl" { "json" } else { name });
        let named = named.and_then(|name| VIEWS.into_iter().find(|(own, _)| *own == name));
        let mut given: Vec<(Option<Origin>, View, String)> = Vec::new();
        if let Some((name, view)) = named {
            given.push((origin(matches, "output"), view, format!("--output {name}")));
        }
        for (flag, view) in [
            ("quiet", View::Quiet),
            ("diff", View::Diff),
            ("fold", View::Fold),
        ] {
            if matches.get_flag(flag) {
                given.push((origin(matches, flag), view, format!("--{flag}")));
            }
        }
        // What is nearest to the command line counts; there, all must mean the same.
        let nearest = given.iter().map(|(origin, _, _)| *origin).max().flatten();
        given.retain(|(origin, _, _)| *origin == nearest);
        let mut view = View::Auto;
        let mut by = String::new();
        for (_, own, option) in given {
            view = match (view, own) {
                (View::Auto, own) => own,
                (view, View::Auto) => view,
                (View::Diff | View::Fold, View::Diff) | (View::Diff, View::Fold) => View::Diff,
                (view, own) if view == own => view,
                _ => return Err(conflict(&option, &by)),
            };
            by = option;
        }
        let mut verbose = matches.get_count("verbose");
        if view == View::Quiet && verbose > 0 {
            let origin = origin(matches, "verbose");
            if origin == nearest {
                return Err(conflict("--verbose", &by));
            }
            if origin > nearest {
                view = View::Auto;
            } else {
                verbose = 0;
            }
        }
        Ok(Output {
            view,
            detail: match verbose {
                _ if view == View::Quiet => Detail::Quiet,
                0 => Detail::Normal,
                1 => Detail::Verbose,
                _ => Detail::Debug,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(View, Detail), String> {
        let command = clap::Command::new("deploy")
            .args(options())
            .subcommand(clap::Command::new("run"));
        let words = std::iter::once("deploy").chain(line.split_whitespace());
        let matches = command.try_get_matches_from(words).unwrap();
        let inner = matches.subcommand_matches("run").unwrap_or(&matches);
        Output::parse(inner)
            .map(|output| (output.view, output.detail))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn views_have_names_and_short_forms() {
        for (line, view, detail) in [
            ("", View::Auto, Detail::Normal),
            ("-o stream -v", View::Stream, Detail::Verbose),
            ("--output group -vv", View::Group, Detail::Debug),
            ("-b -vvv", View::Fold, Detail::Debug),
            ("-b -o fold", View::Fold, Detail::Normal),
            ("--diff", View::Diff, Detail::Normal),
            ("--diff -b", View::Diff, Detail::Normal),
            ("-o table", View::Table, Detail::Normal),
            ("-o json", View::Json, Detail::Normal),
            ("-o quiet", View::Quiet, Detail::Quiet),
            ("-q -o quiet", View::Quiet, Detail::Quiet),
            ("-q run", View::Quiet, Detail::Quiet),
        ] {
            assert_eq!(read(line), Ok((view, detail)), "{line}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (line, one, other) in [
            ("-b -o stream", "--fold", "--output stream"),
            ("--diff run -o table", "--diff", "--output table"),
            ("-q -o group", "--quiet", "--output group"),
            ("-q -b", "--fold", "--quiet"),
            ("-q run --diff", "--diff", "--quiet"),
            ("-q -v", "--verbose", "--quiet"),
            ("-v -o quiet", "--verbose", "--output quiet"),
        ] {
            let message = format!("`{one}` and `{other}` cannot be used together");
            assert_eq!(read(line), Err(message), "{line}");
        }
    }
}
