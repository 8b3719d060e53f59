//! The jobs and schedules that have parameters.

use std::ffi::OsString;

use super::usage::usage;
use super::value_kind::sources;
use ploy_core::catalogue::{Job, Param, ScheduleEntry};
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::action::Action;
use ploy_runtime::engine::{Catalogue, ScheduleCode};

/// A job or a schedule that has parameters.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) what: &'static str,
    pub(crate) name: &'a str,
    pub(crate) params: &'a [Param],
}

impl<'a> Owner<'a> {
    pub(crate) fn of_job(job: &'a Job<Action>) -> Self {
        Owner {
            what: "job",
            name: job.name(),
            params: job.params(),
        }
    }

    pub(crate) fn of_schedule(schedule: &'a ScheduleEntry<ScheduleCode>) -> Self {
        Owner {
            what: "schedule",
            name: schedule.name(),
            params: schedule.params(),
        }
    }

    /// Whether one of its parameters is given by this option.
    pub(crate) fn has(&self, option: &str) -> bool {
        let mut options = self.params.iter().flat_map(sources);
        options.any(|(name, _)| name == option)
    }

    /// The problem of an option that it does not have; `whose` is what gave the option.
    pub(crate) fn unknown_option(&self, option: &str, whose: &str) -> Problem {
        let (what, name) = (self.what, self.name);
        if let Some(param) = self.params.iter().find(|param| param.name() == option) {
            let text = format!(
                "{whose}: `{option}` of `{name}` is a secret, which others could see there"
            );
            return Problem::of(name, text).with_hint(format!("give it by `{}`", usage(param)));
        }
        let text = format!("{whose}: the {what} `{name}` has no parameter `{option}`");
        let near = did_you_mean(option, self.params.iter().map(Param::name));
        near.into_iter()
            .fold(Problem::of(name, text), Problem::with_hint)
    }
}

/// The job or schedule of this name.
pub(crate) fn owner<'a>(catalogue: &'a Catalogue, name: &str) -> Option<Owner<'a>> {
    if let Some(job) = catalogue.job(name) {
        return Some(Owner::of_job(job));
    }
    catalogue.schedule(name).map(Owner::of_schedule)
}

/// The jobs and schedules that words of a command line may name. The line must be read to know
/// which words are names; the value of an option that is also a name only adds options that nobody
/// uses.
pub(crate) fn owners<'a>(catalogue: &'a Catalogue, words: &[OsString]) -> Vec<Owner<'a>> {
    let mut owners: Vec<Owner<'a>> = Vec::new();
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if owners.iter().any(|owner| owner.name == word) {
            continue;
        }
        owners.extend(owner(catalogue, word));
    }
    owners
}

/// The names of the jobs and schedules that have a parameter of this option, as text.
pub(crate) fn jobs_with(catalogue: &Catalogue, option: &str) -> Option<String> {
    let has = |params: &[Param]| {
        let mut options = params.iter().flat_map(sources);
        options.any(|(name, _)| name == option) || params.iter().any(|param| param.name() == option)
    };
    let jobs = catalogue
        .jobs()
        .iter()
        .map(|job| (job.name(), job.params()));
    let schedules = catalogue.schedules().iter();
    let all = jobs.chain(schedules.map(|one| (one.name(), one.params())));
    let names: Vec<String> = all
        .filter(|(_, params)| has(params))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
