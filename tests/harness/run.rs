use std::collections::BTreeMap;
use std::future::Future;
use std::sync::mpsc;

use ploy::Batch;
use ploy::action::JobOutput;
use ploy::event::{
    ActionId, CancelReason, ErrorReport, Event, EventKind, Stats, Stream, TaskKey, TaskResult,
};
use ploy::run::{Canceller, Runner};

use crate::guard::GUARD;
use crate::invariants::check;
use crate::recorder::Recorder;

/// A run that is going on, on a thread and in a runtime of its own.
pub struct Going {
    recorder: Recorder,
    canceller: Canceller,
    stats: mpsc::Receiver<Stats>,
}

/// A run that is over. Its events have been checked against the rules that hold for every run.
pub struct Ran {
    /// What it came to.
    pub stats: Stats,
    /// All its events.
    pub events: Vec<Event>,
}

/// Starts a run.
pub fn start<F, T>(runner: Runner, schedule: impl FnOnce(Batch) -> F + Send + 'static) -> Going
where
    F: Future<Output = T> + Send + 'static,
    T: JobOutput + 'static,
{
    let recorder = Recorder::default();
    let runner = runner.reporter(recorder.clone());
    let canceller = runner.canceller();
    let (sender, stats) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .unwrap();
        let stats = runtime.block_on(runner.run(schedule));
        runtime.shutdown_background();
        // Fails only if the test has given up.
        let _ = sender.send(stats);
    });
    Going {
        recorder,
        canceller,
        stats,
    }
}

impl Going {
    /// Waits until `count` events are as `wanted` says.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&EventKind) -> bool) {
        self.recorder.wait_for(count, wanted);
    }

    /// Waits until so many commands have started.
    pub fn wait_for_commands(&self, count: usize) {
        self.wait_for(count, |kind| {
            matches!(kind, EventKind::CommandStarted { .. })
        });
    }

    /// Waits until this has come out of some command, in one piece. It should end with a full stop:
    /// a character of base64 may be the first of a secret, perhaps of another test in this process,
    /// and is then held back until more comes.
    pub fn wait_for_output(&self, text: &str) {
        let wanted = text.as_bytes();
        self.wait_for(1, |kind| {
            matches!(kind, EventKind::Output { bytes, .. } if bytes.windows(wanted.len()).any(|part| part == wanted))
        });
    }

    /// Cancels it.
    pub fn cancel(&self, reason: CancelReason) {
        self.canceller.cancel(reason);
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it does not end, or its events break a rule.
    pub fn finish(self) -> Ran {
        let stats = self.stats.recv_timeout(GUARD).unwrap_or_else(|error| {
            panic!(
                "the run does not end ({error}); so far:\n{:#?}",
                self.recorder.events()
            );
        });
        let events = self.recorder.events();
        check(&events);
        Ran { stats, events }
    }
}

impl Ran {
    /// The sites of the tasks that started, with their jobs, in the order in which they did.
    pub fn started(&self) -> Vec<(String, String)> {
        self.tasks(|kind| match kind {
            EventKind::TaskStarted { stage, task, .. } => Some(TaskKey {
                stage: *stage,
                task: *task,
            }),
            _ => None,
        })
    }

    /// The tasks that were skipped, as (site, job).
    pub fn skipped(&self) -> Vec<(String, String)> {
        self.tasks(|kind| match kind {
            EventKind::TaskSkipped { stage, task, .. } => Some(TaskKey {
                stage: *stage,
                task: *task,
            }),
            _ => None,
        })
    }

    fn tasks(&self, pick: impl Fn(&EventKind) -> Option<TaskKey>) -> Vec<(String, String)> {
        let names = self.names();
        self.events
            .iter()
            .filter_map(|event| pick(&event.kind))
            .map(|id| names[&id].clone())
            .collect()
    }

    /// How the job ended on the site, at its last time.
    pub fn result(&self, site: &str, job: &str) -> Option<TaskResult> {
        let names = self.names();
        self.events
            .iter()
            .rev()
            .find_map(|event| match &event.kind {
                EventKind::TaskFinished {
                    stage,
                    task,
                    result,
                    ..
                } => {
                    let (of, named) = &names[&TaskKey {
                        stage: *stage,
                        task: *task,
                    }];
                    (of == site && named == job).then_some(*result)
                }
                _ => None,
            })
    }

    /// What came out of the commands of a site.
    pub fn output(&self, site: &str, from: Stream) -> Vec<u8> {
        let sites = self.sites_of_actions();
        let mut all = Vec::new();
        for event in &self.events {
            if let EventKind::Output {
                action,
                stream,
                bytes,
                ..
            } = &event.kind
                && *stream == from
                && sites.get(action).is_some_and(|of| of == site)
            {
                all.extend_from_slice(bytes);
            }
        }
        all
    }

    /// What came out of the standard output of the commands of a site, as text.
    pub fn text(&self, site: &str) -> String {
        String::from_utf8_lossy(&self.output(site, Stream::Stdout)).into_owned()
    }

    /// All that went wrong on a site, as far as it was not tried again.
    pub fn faults(&self, site: &str) -> Vec<ErrorReport> {
        let sites = self.sites_of_actions();
        let of = |event: &Event| match &event.kind {
            EventKind::ActionFinished {
                action,
                errors,
                retry_in: None,
                ..
            }
            | EventKind::RetryAbandoned { action, errors }
                if sites[action] == site =>
            {
                errors.clone()
            }
            _ => Vec::new(),
        };
        self.events.iter().flat_map(of).collect()
    }

    /// The only thing that went wrong on a site.
    ///
    /// # Panics
    ///
    /// If that is not one.
    pub fn fault(&self, site: &str) -> ErrorReport {
        let faults = self.faults(site);
        assert_eq!(faults.len(), 1, "{site}: {faults:#?}");
        faults[0].clone()
    }

    /// What the actions reported.
    pub fn reports(&self) -> Vec<String> {
        let text = |event: &Event| match &event.kind {
            EventKind::Report { text, .. } => Some(text.clone()),
            _ => None,
        };
        self.events.iter().filter_map(text).collect()
    }

    /// (site, job) of each task.
    fn names(&self) -> BTreeMap<TaskKey, (String, String)> {
        let (mut lists, mut names) = (BTreeMap::new(), BTreeMap::new());
        for event in &self.events {
            match &event.kind {
                EventKind::StageStarted {
                    stage, jobs, sites, ..
                } => {
                    lists.insert(*stage, (jobs, sites));
                }
                EventKind::TaskStarted {
                    stage,
                    task,
                    job,
                    site,
                }
                | EventKind::TaskSkipped {
                    stage,
                    task,
                    job,
                    site,
                    ..
                } => {
                    let (jobs, sites) = lists[stage];
                    names.insert(
                        TaskKey {
                            stage: *stage,
                            task: *task,
                        },
                        (sites[site.index()].clone(), jobs[job.index()].clone()),
                    );
                }
                _ => {}
            }
        }
        names
    }

    fn sites_of_actions(&self) -> BTreeMap<ActionId, String> {
        let names = self.names();
        let mut parents = BTreeMap::new();
        for event in &self.events {
            if let EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } = &event.kind
            {
                parents.insert(
                    *action,
                    names[&TaskKey {
                        stage: *stage,
                        task: *task,
                    }]
                        .0
                        .clone(),
                );
            }
        }
        let of = |event: &Event| match &event.kind {
            EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } => Some((
                *action,
                names[&TaskKey {
                    stage: *stage,
                    task: *task,
                }]
                    .0
                    .clone(),
            )),
            EventKind::BackgroundStarted { action, parent, .. } => {
                let of = parents.get(parent)?;
                Some((*action, of.clone()))
            }
            _ => None,
        };
        self.events.iter().filter_map(of).collect()
    }
}
