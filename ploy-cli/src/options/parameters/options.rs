//! The options by which parameters are given, and what help says of them.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction};

use super::owner::Owner;
use super::usage::remarks;
use ploy_core::catalogue::{Param, Shape};

pub(crate) const HEADING: &str = "Parameters";

/// What the ids of these options begin with, so that names of users do not clash with others.
pub(crate) const PREFIX: &str = "param:";

/// The options by which their parameters are given. A name that several have is one option.
///
/// `with_help` if it is to be read: defaults are only then asked for, which may be code of any
/// kind.
pub(crate) fn options(owners: &[Owner<'_>], with_help: bool) -> Vec<Arg> {
    let params = || owners.iter().flat_map(|owner| owner.params);
    let mut options: Vec<Arg> = Vec::new();
    for param in params() {
        // Where parameters of one name differ in type, each parses the text later.
        let alike =
            params().all(|other| other.name() != param.name() || other.is_read_alike(param));
        for option in options_of(param, alike, with_help) {
            if options
                .iter()
                .all(|known| known.get_id() != option.get_id())
            {
                options.push(option);
            }
        }
    }
    options
}

fn options_of(param: &Param, alike: bool, with_help: bool) -> Vec<Arg> {
    let name = param.name();
    let option = |long: String| {
        Arg::new(format!("{PREFIX}{long}"))
            .long(long)
            .global(true)
            .help_heading(HEADING)
    };
    let help = |from: &str| {
        if with_help {
            help(param, from)
        } else {
            String::new()
        }
    };
    if param.shape() == Shape::Secret {
        let from = |long: String, value: &'static str| option(long).value_name(value);
        let (file, descriptor) = (format!("{name}-file"), format!("{name}-fd"));
        return vec![
            from(file, "FILE").help(help("from a file that only you can read")),
            from(descriptor, "NUMBER")
                .value_parser(clap::value_parser!(u32))
                .help("The same, from an open file descriptor"),
        ];
    }
    let arg = option(name.to_owned()).help(help(""));
    let arg = match param.shape() {
        Shape::Flag => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_name("YES"),
        _ => arg
            .value_name(param.value_name())
            .allow_negative_numbers(true),
    };
    let arg = match param.shape() {
        _ if !alike => arg,
        Shape::One | Shape::Many if !param.choices().is_empty() => {
            let choices = param.choices().iter().map(|choice| choice.name);
            arg.hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(choices))
        }
        _ => {
            let param = *param;
            arg.value_parser(move |text: &str| param.read(&[text]).map(|_| text.to_owned()))
        }
    };
    vec![match param.shape() {
        Shape::Many => arg.action(ArgAction::Append).value_delimiter(','),
        _ => arg,
    }]
}

/// The first line of its help, where it comes from, and what holds for it.
fn help(param: &Param, from: &str) -> String {
    let first = param.help_text().lines().next().unwrap_or_default();
    let texts = [first, from].into_iter().filter(|text| !text.is_empty());
    let text = texts.collect::<Vec<_>>().join(", ");
    format!("{text} {}", remarks(param)).trim().to_owned()
}

/// The option that gives a value to one job only.
pub(crate) fn set_option() -> Arg {
    Arg::new("set")
        .short('e')
        .long("set")
        .value_name("JOB.NAME=VALUE")
        .action(ArgAction::Append)
        .global(true)
        .help_heading(HEADING)
        .help("A parameter of one of several jobs")
}
