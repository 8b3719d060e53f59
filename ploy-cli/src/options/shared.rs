//! All shared options together: what every command is given.

use clap::{Arg, ArgMatches};

use super::origin::clash;
use super::output::Output;
use super::parameters::{self, Owner, Parameters, SetValue};
use super::passwords::PasswordSource;
use super::progress::ProgressOption;
use super::prompts::PromptOptions;
use super::reports::ReportOptions;
use super::scheduling::Scheduling;
use super::selection::Selection;
use super::{
    color, dry_run, keep, output, passwords, progress, prompts, reports, scheduling, selection,
};
use ploy_core::error::Problem;
use ploy_report::ColorChoice;

/// What the shared options were read as.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedOptions {
    pub(crate) color: ColorChoice,
    /// Whether connections end with the run.
    pub(crate) no_keep: bool,
    /// Whether a run is planned only.
    pub(crate) is_dry: bool,
    /// Which sites are left.
    pub(crate) selection: Selection,
    /// How stages run.
    pub(crate) scheduling: Scheduling,
    /// How a run is shown.
    pub(crate) output: Output,
    pub(crate) reports: ReportOptions,
    pub(crate) progress: ProgressOption,
    /// Where the passwords for sudo come from.
    pub(crate) passwords: PasswordSource,
    pub(crate) prompts: PromptOptions,
    /// What the parameters of jobs are given.
    pub(crate) parameters: Parameters,
}

/// Options that exclude each other where both stand on the command line.
const EXCLUSIVE: [(&str, &str); 3] = [
    ("keep-going", "break-on-error"),
    ("no-input", "step"),
    ("no-input", "ask-sudo-pass"),
];

/// The definitions of all of them, in the order of the help; `parameters` are those of jobs.
pub(crate) fn options(parameters: Vec<Arg>) -> Vec<Arg> {
    let mut all = vec![color::option(), keep::option(), dry_run::option()];
    all.extend(parameters);
    all.extend(selection::options());
    all.extend(scheduling::options());
    all.extend(output::options());
    all.extend(reports::options());
    all.push(progress::option());
    all.extend(passwords::options());
    all.extend(prompts::options());
    all.push(parameters::set_option());
    all
}

impl SharedOptions {
    /// Parses them; `owners` have the parameters that are options, and `defaults` are what the
    /// project's file gives to parameters.
    pub(crate) fn parse(
        matches: &ArgMatches,
        owners: &[Owner<'_>],
        defaults: Vec<SetValue>,
    ) -> Result<Self, Problem> {
        if let Some(problem) = clash(matches, &EXCLUSIVE) {
            return Err(problem);
        }
        Ok(SharedOptions {
            color: color::parse(matches),
            no_keep: keep::is_refused(matches),
            is_dry: dry_run::is_dry(matches),
            selection: Selection::parse(matches).map_err(|error| {
                let problem = Problem::new(error.to_string());
                error.hint().into_iter().fold(problem, Problem::with_hint)
            })?,
            parameters: Parameters::parse(matches, owners, defaults)?,
            passwords: PasswordSource::parse(matches)?,
            output: Output::parse(matches)?,
            scheduling: Scheduling::parse(matches),
            prompts: PromptOptions::parse(matches),
            progress: ProgressOption::parse(matches),
            reports: ReportOptions::parse(matches),
        })
    }
}
