//! Options about how stages run: mode, groups, limits and retries.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use super::origin::{either, is_typed};
use ploy_core::catalogue::{Amount, Groups, Mode, Options, Stage};
use ploy_core::error::Problem;

/// How the command line wants stages to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scheduling {
    /// What holds for every stage, whatever it says itself.
    pub(crate) overrides: Options,
    /// The mode of a stage of jobs. The stages of a schedule have their own.
    pub(crate) shape: Options,
    /// The job with which to begin.
    pub(crate) start_from: Option<String>,
    /// All options that were given.
    given: Vec<&'static str>,
}

pub(crate) const HEADING: &str = "Scheduling";

const NAMES: [&str; 13] = [
    "start-from",
    "mode",
    "groups",
    "pause",
    "once",
    "fanout",
    "max-fail",
    "keep-going",
    "break-on-error",
    "retries",
    "backoff",
    "timeout",
    "task-timeout",
];

/// Those that make the shape of a stage.
const SHAPE: [&str; 4] = ["mode", "groups", "pause", "once"];

/// The options that say how stages run.
pub(crate) fn options() -> Vec<Arg> {
    let option = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .global(true)
            .help_heading(HEADING)
    };
    let flag = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .global(true)
            .help_heading(HEADING)
    };
    vec![
        option("start-from", "JOB").help("Leave out what comes before this job"),
        option("mode", "MODE")
            .short('m')
            .value_parser(Mode::ALL.map(Mode::name))
            .hide_possible_values(true)
            .help("sequential, atomic, rolling or parallel"),
        option("groups", "SIZES")
            .value_parser(Groups::parse)
            .help("Roll over groups of sites: 2, or 1,10%,100%"),
        option("pause", "TIME")
            .value_parser(time)
            .help("Wait so long between two groups: 30s"),
        flag("once").help("Run each job on its first site only"),
        option("fanout", "N")
            .short('f')
            .visible_alias("forks")
            .alias("concurrency")
            .value_parser(value_parser!(u32).range(1..))
            .help("Sites at once [default: 32]"),
        option("max-fail", "N|N%")
            .value_parser(|text: &str| text.parse::<Amount>())
            .help("Stop once more tasks than this have failed"),
        flag("keep-going").help("A failed task does not end its site's jobs"),
        flag("break-on-error").help("A failed task ends its site's jobs"),
        option("retries", "N")
            .value_parser(value_parser!(u32))
            .help("Try a failed action again so often"),
        option("backoff", "TIME")
            .value_parser(time)
            .help("Wait so long before the first retry [default: 1s]"),
        option("timeout", "TIME")
            .value_parser(time)
            .help("How long an action may take: 90s, 5m"),
        option("task-timeout", "TIME")
            .value_parser(time)
            .help("How long a task may take, with all retries"),
    ]
}

/// Reads `30s`, `1m 30s`, `2h`.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "`{}` is no time: write `90s`, `5m` or `1h 30m`",
            text.escape_debug()
        )
    };
    match humantime::parse_duration(text) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err(wrong()),
    }
}

impl Scheduling {
    pub(crate) fn parse(matches: &ArgMatches) -> Self {
        let mut scheduling = Scheduling::default();
        let (mut shape, mut overrides) = (Options::new(), Options::new());
        if let Some(mode) = matches
            .get_one::<String>("mode")
            .and_then(|mode| mode.parse().ok())
        {
            shape = shape.mode(mode);
        }
        if let Some(groups) = matches.get_one::<Groups>("groups") {
            shape = shape.groups(groups.clone());
            // Only the mode rolling has groups.
            shape.mode.get_or_insert(Mode::Rolling);
        }
        if let Some(pause) = matches.get_one::<Duration>("pause") {
            shape = shape.pause(*pause);
        }
        if matches.get_flag("once") {
            shape = shape.once(true);
        }
        if let Some(sites) = matches.get_one::<u32>("fanout") {
            overrides = overrides.fanout(*sites);
        }
        if let Some(most) = matches.get_one::<Amount>("max-fail") {
            overrides = overrides.max_fail(*most);
        }
        if let Some(going) = either(matches, "keep-going", "break-on-error") {
            overrides = overrides.break_on_error(!going);
        }
        if let Some(times) = matches.get_one::<u32>("retries") {
            overrides = overrides.retries(*times);
        }
        if let Some(time) = matches.get_one::<Duration>("backoff") {
            overrides = overrides.backoff(*time);
        }
        if let Some(time) = matches.get_one::<Duration>("timeout") {
            overrides = overrides.timeout(*time);
        }
        if let Some(time) = matches.get_one::<Duration>("task-timeout") {
            overrides = overrides.task_timeout(*time);
        }
        scheduling.start_from = matches.get_one::<String>("start-from").cloned();
        scheduling.shape = shape;
        scheduling.overrides = overrides;
        let given = NAMES.into_iter().filter(|name| is_typed(matches, name));
        scheduling.given = given.collect();
        scheduling
    }

    /// A stage of jobs, in the mode that the command line asks for.
    pub(crate) fn shaped(&self, mut stage: Stage) -> Stage {
        stage.options = self.shape.or(&stage.options);
        stage
    }

    /// The problems of these options for a stage of jobs.
    pub(crate) fn problems_of_jobs(&self) -> Vec<Problem> {
        let rolling = self.shape.mode == Some(Mode::Rolling);
        let lost = self
            .given
            .iter()
            .filter(|name| ["groups", "pause"].contains(name));
        lost.filter(|_| !rolling)
            .map(|name| {
                Problem::new(format!("`--{name}` is for the mode rolling"))
                    .with_hint("leave out `--mode`, or say `--mode rolling`")
            })
            .collect()
    }

    /// The problems of these options for a schedule, whose stages have modes of their own.
    pub(crate) fn problems_of_schedule(&self, name: &str) -> Vec<Problem> {
        self.given
            .iter()
            .filter(|name| SHAPE.contains(name))
            .map(|option| {
                Problem::new(format!(
                    "`--{option}` is for jobs, and `{name}` is a schedule, which has modes of its own"
                ))
                .with_hint("name its jobs instead, or change the schedule")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_options_are_known_by_name() {
        let options = options();
        let names: Vec<&str> = options
            .iter()
            .map(|option| option.get_id().as_str())
            .collect();
        assert_eq!(names, NAMES);
    }

    #[test]
    fn times_are_read() {
        assert_eq!(time("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(time("1h 30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(time("250ms"), Ok(Duration::from_millis(250)));
        for bad in ["", "0s", "-1s", "soon", "5"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
