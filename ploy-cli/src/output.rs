//! How a run is shown.

use std::io::{stderr, stdout};

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches};

use super::origin::{Origin, origin};
use super::print;
use ploy_report::{Arrangement, CiLog, ColorChoice, Detail, RetryCommand, TextView};

/// What the command line says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) view: View,
    pub(super) detail: Detail,
}

/// The views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
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
pub(super) const HEADING: &str = "Output";

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
pub(super) fn options() -> [Arg; 5] {
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
    /// What was said; an error if it contradicts itself, which clap does not see on both sides of a command.
    pub(super) fn from_matches(matches: &ArgMatches) -> Result<Self, String> {
        let named = matches.get_one::<String>("output");
        let named = named.map(|name| if name == "jsonl" { "json" } else { name });
        let named = named.and_then(|name| VIEWS.into_iter().find(|(own, _)| *own == name));
        let mut said: Vec<(Option<Origin>, View, String)> = Vec::new();
        if let Some((name, view)) = named {
            said.push((origin(matches, "output"), view, format!("--output {name}")));
        }
        for (flag, view) in [
            ("quiet", View::Quiet),
            ("diff", View::Diff),
            ("fold", View::Fold),
        ] {
            if matches.get_flag(flag) {
                said.push((origin(matches, flag), view, format!("--{flag}")));
            }
        }
        // What is nearest to the command line counts; there, all must mean the same.
        let nearest = said.iter().map(|(origin, _, _)| *origin).max().flatten();
        said.retain(|(origin, _, _)| *origin == nearest);
        let mut view = View::Auto;
        let mut by = String::new();
        for (_, own, option) in said {
            view = match (view, own) {
                (View::Auto, own) => own,
                (view, View::Auto) => view,
                (View::Diff | View::Fold, View::Diff) | (View::Diff, View::Fold) => View::Diff,
                (view, own) if view == own => view,
                _ => return Err(format!("`{option}` and `{by}` cannot be used together")),
            };
            by = option;
        }
        let mut verbose = matches.get_count("verbose");
        if view == View::Quiet && verbose > 0 {
            let origin = origin(matches, "verbose");
            if origin == nearest {
                return Err(format!("`--verbose` and `{by}` cannot be used together"));
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

    /// The view for people, on the standard streams.
    pub(super) fn reporter(self, color: ColorChoice, again: Option<RetryCommand>) -> TextView {
        let log = CiLog::detect();
        let arrangement = match self.view {
            View::Auto | View::Group if log.is_some() => Arrangement::Group,
            View::Auto | View::Stream | View::Json => Arrangement::Stream,
            View::Group => Arrangement::Group,
            View::Fold => Arrangement::Fold,
            View::Diff => Arrangement::Diff,
            View::Table => Arrangement::Table { width: width() },
            View::Quiet => Arrangement::Quiet,
        };
        let plain = TextView::new(
            print::beside_questions(stdout()),
            print::out_palette(color),
            print::beside_questions(stderr()),
            print::err_palette(color),
        )
        .arranged(arrangement)
        .detail(self.detail)
        .in_log(log);
        match again {
            Some(again) => plain.retry_command(again),
            None => plain,
        }
    }
}

/// How wide the terminal is on which the standard output is.
fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
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
        Output::from_matches(inner).map(|output| (output.view, output.detail))
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
