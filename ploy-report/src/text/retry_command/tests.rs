//! Runs, and the command that tries them again.

use std::time::Duration;

use super::RetryCommand;
use crate::run_index::RunIndex;
use ploy_core::catalogue::Mode;
use ploy_core::event::{
    CancelReason, EventKind, JobIndex, SiteIndex, SkipReason, StageId, StageView, Stats, TaskId,
    TaskResult,
};
use ploy_core::topology::Selector;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn began(stage: u32, sites: usize) -> EventKind {
    EventKind::StageStarted {
        stage: StageId(stage),
        name: None,
        desc: None,
        mode: Mode::default(),
        jobs: vec!["upload".into(), "backup".into()],
        arguments: Vec::new(),
        sites: (1..=sites).map(|number| format!("web{number}")).collect(),
        task_count: 3,
        group_sizes: Vec::new(),
        view: StageView {
            report: true,
            debug: false,
            log: true,
            quiet: false,
        },
    }
}

/// A task that ended so, or was not started.
fn task(stage: u32, job: u32, site: u32, result: Option<TaskResult>) -> Vec<EventKind> {
    let (stage, task) = (StageId(stage), TaskId(job * 1000 + site));
    let (job, site) = (JobIndex(job), SiteIndex(site));
    let Some(result) = result else {
        return vec![EventKind::TaskSkipped {
            stage,
            task,
            job,
            site,
            reason: SkipReason::Blocked,
        }];
    };
    vec![
        EventKind::TaskStarted {
            stage,
            task,
            job,
            site,
        },
        EventKind::TaskFinished {
            stage,
            task,
            result,
            duration: Duration::from_millis(1),
        },
    ]
}

fn command(mut retry: RetryCommand, events: Vec<Vec<EventKind>>) -> Option<String> {
    let (mut run, mut stats) = (RunIndex::default(), Stats::default());
    for event in events.into_iter().flatten() {
        run.note(&event);
        retry.note(&run, &event);
        run.forget(&event);
        stats.fold(&event);
    }
    retry.command(&stats)
}

fn jobs() -> RetryCommand {
    RetryCommand::jobs(
        words("deploy"),
        words("upload backup"),
        words("--fanout 4"),
        words("--roles web"),
    )
}

fn schedule(stages: Option<usize>) -> RetryCommand {
    let options = vec!["--output".into(), "it's".into()];
    RetryCommand::schedule(
        words("bin/deploy run"),
        "release".into(),
        options,
        words("-x web9"),
        stages,
    )
}

const OK: Option<TaskResult> = Some(TaskResult::Succeeded);
const FAILED: Option<TaskResult> = Some(TaskResult::Failed);

#[test]
fn what_failed_or_was_not_reached_is_tried_again() {
    let events = vec![
        vec![began(1, 5)],
        task(1, 0, 0, OK),
        task(1, 1, 0, OK),
        task(1, 0, 4, Some(TaskResult::Unreachable)),
        task(1, 0, 1, FAILED),
        task(1, 1, 1, None),
    ];
    assert_eq!(
        command(jobs(), events).unwrap(),
        "deploy upload backup --fanout 4 --sites web2,web5"
    );
    assert_eq!(
        command(jobs(), vec![vec![began(1, 1)], task(1, 0, 0, OK)]),
        None
    );
}

#[test]
fn a_job_without_a_site_there_is_left_out() {
    let events = vec![vec![began(1, 2)], task(1, 1, 0, OK), task(1, 0, 1, FAILED)];
    assert_eq!(
        command(jobs(), events).unwrap(),
        "deploy upload --fanout 4 --sites web2"
    );
}

#[test]
fn many_sites_are_named_by_ranges_that_are_read_back() {
    let mut events = vec![vec![began(1, 40)]];
    events.extend((0..40).map(|site| task(1, 0, site, if site == 7 { OK } else { FAILED })));
    let command = command(jobs(), events).unwrap();
    assert_eq!(command, "deploy upload --fanout 4 --sites 'web[1-7,9-40]'");
    Selector::sites("web[1-7,9-40]").unwrap();
}

#[test]
fn a_schedule_is_named_and_narrowed_only_if_it_came_to_its_end() {
    let failed = || vec![vec![began(1, 2)], task(1, 0, 1, FAILED)];
    let narrow = "bin/deploy run release --output \"it's\" --sites web2";
    let whole = "bin/deploy run release --output \"it's\" -x web9";
    assert_eq!(command(schedule(Some(1)), failed()).unwrap(), narrow);
    assert_eq!(command(schedule(None), failed()).unwrap(), narrow);
    assert_eq!(command(schedule(Some(2)), failed()).unwrap(), whole);
    let mut cut = failed();
    cut.push(vec![EventKind::CancelStarted {
        reason: CancelReason::Interrupt,
        running: 0,
        grace: Duration::ZERO,
    }]);
    assert_eq!(command(schedule(None), cut).unwrap(), whole);
}

#[test]
fn what_was_allowed_to_fail_is_left_alone() {
    let events = vec![
        vec![began(1, 2)],
        task(1, 0, 1, FAILED),
        vec![EventKind::FailureAllowed { stage: StageId(1) }, began(2, 2)],
        task(2, 0, 0, FAILED),
    ];
    assert_eq!(
        command(schedule(Some(2)), events).unwrap(),
        "bin/deploy run release --output \"it's\" --sites web1"
    );
}
