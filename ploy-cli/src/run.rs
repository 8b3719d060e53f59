use tokio::signal::unix::{Signal, SignalKind, signal};

use super::again::Words;
use super::asking::Asking;
use super::choose::{self, Choice};
use super::live::LiveView;
use super::output::Output;
use super::parameters::{self, Parameters};
use super::reports::Reports;
use super::scheduling::Scheduling;
use super::selection::Selection;
use super::steps::Steps;
use super::{exit, passwords, print, progress};
use ploy_core::catalogue::{Arguments, Options, Schedule, ScheduleBody, Stage};
use ploy_core::error::Problem;
use ploy_core::event::CancelReason;
use ploy_core::topology::{Site, Topology};
use ploy_report::{ColorChoice, RetryCommand};
use ploy_runtime::engine::{Canceller, Catalogue, Runner};
use ploy_runtime::transport::{SocketDir, raise_open_file_limit};

/// What is to be run.
pub(super) struct Chosen {
    pub(super) names: Vec<String>,
    pub(super) selection: Selection,
    pub(super) scheduling: Scheduling,
    pub(super) parameters: Parameters,
    pub(super) asking: Asking,
    pub(super) as_command: bool,
    pub(super) color: ColorChoice,
    /// How it is shown.
    pub(super) output: Output,
    /// The words of the command line.
    pub(super) words: Words,
    /// Whether what runs is drawn.
    pub(super) progress: progress::Choice,
    /// Where connections are kept, if they are.
    pub(super) keep: Option<SocketDir>,
    /// Where passwords for sudo come from.
    pub(super) passwords: passwords::Source,
    /// Who is told of the run.
    pub(super) reports: Reports,
}

impl Chosen {
    /// What the names stand for, from the job on with which it is to begin.
    pub(super) fn choice<'a>(&self, catalogue: &'a Catalogue) -> Result<Choice<'a>, Vec<Problem>> {
        let named: Vec<_> = self
            .names
            .iter()
            .filter_map(|name| parameters::owner(catalogue, name))
            .collect();
        let mut strays = self.parameters.strays(&named);
        strays.extend(self.parameters.lost(catalogue));
        // What is not known at all is told first.
        if !strays.is_empty() && named.len() == self.names.len() {
            return Err(strays);
        }
        let Some(first) = &self.scheduling.start_from else {
            return choose::choose(catalogue, &self.names, self.as_command, &self.parameters);
        };
        // What is left out needs no parameters.
        let begin = self.names.iter().position(|name| name == first);
        let names = &self.names[begin.unwrap_or(0)..];
        let is_schedule = names.len() == 1 && catalogue.schedule(&names[0]).is_some();
        if begin.is_none() && !is_schedule {
            let names = self.names.iter().map(String::as_str);
            return Err(vec![choose::not_among(first, names)]);
        }
        match choose::choose(catalogue, names, self.as_command, &self.parameters)? {
            Choice::Jobs(stage) => Ok(Choice::Jobs(stage)),
            Choice::Schedule(schedule) => {
                Ok(Choice::Schedule(Box::new(schedule.starting_from(first)?)))
            }
        }
    }

    /// What is wrong with the options, for this choice.
    pub(super) fn problems(&self, topology: &Topology, choice: &Choice<'_>) -> Vec<Problem> {
        let mut problems = self.selection.problems(topology);
        problems.extend(match choice {
            Choice::Jobs(_) => self.scheduling.problems_of_jobs(),
            Choice::Schedule(entry) => self.scheduling.problems_of_schedule(entry.name()),
        });
        problems
    }

    /// The options that all stages inherit.
    pub(super) fn options(&self) -> Options {
        match self.selection.selector() {
            Some(selector) => Options::new().within(selector),
            None => Options::new(),
        }
    }

    /// A stage of jobs, in the mode that the command line asks for.
    pub(super) fn shaped(&self, mut stage: Stage) -> Stage {
        stage.options = self.scheduling.shape.or(&stage.options);
        stage
    }
}

/// Runs jobs or a schedule, and returns the exit code.
pub(super) async fn run(topology: Topology, catalogue: Catalogue, chosen: Chosen) -> u8 {
    let color = chosen.color;
    let choice = match chosen.choice(&catalogue) {
        Ok(choice) => choice,
        Err(problems) => {
            print::problems(color, &problems);
            return exit::USAGE;
        }
    };
    let (mut problems, rest) = choose::weigh(&catalogue, &topology, &choice);
    for problem in rest {
        print::warning(color, &problem.to_string(), problem.hint());
    }
    problems.extend(chosen.problems(&topology, &choice));
    let options = chosen.options();
    let choice = match choice {
        Choice::Jobs(stage) => Choice::Jobs(Box::new(chosen.shaped(*stage))),
        schedule @ Choice::Schedule(_) => schedule,
    };
    if problems.is_empty()
        && let Choice::Jobs(stage) = &choice
    {
        match ploy_core::plan::build(
            &catalogue,
            &topology,
            stage,
            &chosen.scheduling.overrides.or(&options),
        ) {
            Ok(plan) => {
                problems = choose::idle(&catalogue, &plan, chosen.selection.words().as_deref());
            }
            Err(found) => problems = found,
        }
    }
    if !problems.is_empty() {
        print::problems(color, &problems);
        return exit::USAGE;
    }

    let words = chosen.words.clone();
    let again = match &choice {
        Choice::Jobs(_) => words.of_jobs(chosen.scheduling.start_from.as_deref()),
        Choice::Schedule(chosen) => words.of_schedule(match chosen.body() {
            ScheduleBody::Data(schedule) => Some(schedule.stages().len()),
            ScheduleBody::Code(_) | ScheduleBody::Made(_) => None,
        }),
    };
    let schedule = match choice {
        Choice::Jobs(stage) if chosen.asking.step => Scheduled::of_steps(*stage, &chosen),
        choice => Scheduled::of(choice),
    };
    // One stage for each job is no run that could be named by its jobs again.
    let again = (!matches!(schedule, Scheduled::Steps(_))).then_some(again);
    launch(topology, catalogue, schedule, chosen, again).await
}

/// Runs what has been found sound, and returns the exit code.
pub(super) async fn launch(
    topology: Topology,
    catalogue: Catalogue,
    schedule: Scheduled,
    chosen: Chosen,
    again: Option<RetryCommand>,
) -> u8 {
    let (color, options) = (chosen.color, chosen.options());
    let reports = match chosen.reports.clone().open(color) {
        Ok(reports) => reports,
        Err(problem) => {
            print::problems(color, &[problem]);
            return exit::USAGE;
        }
    };
    let early = match chosen.passwords {
        passwords::Source::Early => sites_of(&schedule, &catalogue, &topology, &chosen),
        _ => Vec::new(),
    };
    let passwords = match chosen.passwords.open(color, chosen.asking.no_input).await {
        Ok(passwords) => passwords,
        Err(failure) => {
            print::failure(
                color,
                "there is no password for sudo, so nothing was run",
                &failure.into(),
            );
            return exit::USAGE;
        }
    };
    raise_open_file_limit();
    let live_view = chosen.progress.live_view(color, chosen.output);
    let draws = live_view.as_ref().is_some_and(LiveView::draws);
    let mut runner = Runner::new(topology, catalogue);
    if let Some(live_view) = live_view {
        runner = runner.reporter(live_view);
    }
    let runner = runner
        .keep(chosen.keep.clone())
        .passwords(&passwords)
        .consent(chosen.asking.consent())
        .step(chosen.asking.step)
        .options(options)
        .overrides(chosen.scheduling.overrides.clone());
    let runner = reports.attach(runner, color, chosen.output, again);
    let mut signals = match listen() {
        Ok(signals) => signals,
        Err(error) => {
            print::error(color, &format!("cannot listen for signals: {error}"), None);
            return exit::FAILED;
        }
    };
    let verified = tokio::select! {
        biased;
        reason = heard(&mut signals) => return exit::after(reason),
        verified = runner.verify_passwords(&early) => verified,
    };
    if let Err(failure) = verified {
        print::failure(
            color,
            "there is no password for sudo, so nothing was run",
            &failure.into(),
        );
        return exit::PREFLIGHT;
    }
    let _tidy = progress::Tidy::begin(draws);
    let signals = tokio::spawn(pass_on(signals, runner.canceller()));
    let stats = match schedule {
        Scheduled::Stages(schedule) => {
            runner
                .run(|batch| async move { batch.schedule(&schedule).await })
                .await
        }
        Scheduled::Steps(steps) => runner.run(move |batch| steps.run(batch)).await,
        Scheduled::Code(code, arguments) => {
            let runner = runner.arguments(arguments);
            runner.run(move |batch| code.call(batch)).await
        }
    };
    signals.abort();
    exit::code(&stats)
}

/// What is to be run.
pub(super) enum Scheduled {
    Stages(Schedule),
    Code(ploy_runtime::engine::ScheduleCode, Arguments),
    /// Jobs that are asked for one by one.
    Steps(Steps),
}

impl Scheduled {
    fn of_steps(stage: Stage, chosen: &Chosen) -> Self {
        match Steps::of(&stage, chosen) {
            Ok(Some(steps)) => Scheduled::Steps(steps),
            _ => Scheduled::Stages(Schedule::new().stage(stage)),
        }
    }

    pub(super) fn of(choice: Choice<'_>) -> Self {
        match choice {
            Choice::Jobs(stage) => Scheduled::Stages(Schedule::new().stage(*stage)),
            Choice::Schedule(chosen) => match chosen.body().clone() {
                ScheduleBody::Data(schedule) => Scheduled::Stages(schedule),
                ScheduleBody::Code(code) => Scheduled::Code(code, chosen.arguments().clone()),
                // What it is given has made its stages.
                ScheduleBody::Made(make) => Scheduled::Stages(make(chosen.arguments())),
            },
        }
    }
}

pub(super) fn listen() -> std::io::Result<[Signal; 3]> {
    Ok([
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
        signal(SignalKind::hangup())?,
    ])
}

pub(super) async fn pass_on(mut signals: [Signal; 3], canceller: Canceller) {
    loop {
        canceller.cancel(heard(&mut signals).await);
    }
}

/// The next signal.
pub(super) async fn heard([interrupt, terminate, hangup]: &mut [Signal; 3]) -> CancelReason {
    tokio::select! {
        _ = interrupt.recv() => CancelReason::Interrupt,
        _ = terminate.recv() => CancelReason::Terminate,
        _ = hangup.recv() => CancelReason::Terminate,
    }
}

/// The names of the sites on which it may run: all that are chosen, if only its code knows.
pub(super) fn sites_of(
    schedule: &Scheduled,
    catalogue: &Catalogue,
    topology: &Topology,
    chosen: &Chosen,
) -> Vec<String> {
    let options = chosen.scheduling.overrides.or(&chosen.options());
    let mut names = Vec::new();
    let mut add = |site: &Site| {
        if !names.iter().any(|name| name == site.name()) {
            names.push(site.name().to_owned());
        }
    };
    match schedule {
        Scheduled::Stages(schedule) => {
            for stage in schedule.stages() {
                // One that cannot be planned says so when it is to begin.
                if let Ok(plan) = ploy_core::plan::build(catalogue, topology, stage, &options) {
                    plan.sites().iter().for_each(|site| add(site));
                }
            }
        }
        Scheduled::Code(..) | Scheduled::Steps(_) => {
            let selected = chosen.selection.selector().map(|one| topology.select(one));
            match selected {
                Some(selected) => selected.into_iter().flatten().for_each(|site| add(&site)),
                None => topology.sites().iter().for_each(|site| add(site)),
            }
        }
    }
    names
}
