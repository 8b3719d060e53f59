//! The runs of the service: their events, kept as JSON, and a way to end them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{Stream, unfold};
use ploy::event::{CancelReason, Event, Reporter};
use ploy::run::{Canceller, Runner};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::jobs;

/// How many runs are remembered; the oldest that have ended are forgotten first.
const REMEMBERED: usize = 100;

/// All runs, by their ids, which sort by time.
#[derive(Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<BTreeMap<String, Run>>>);

struct Run {
    canceller: Canceller,
    events: watch::Receiver<Log>,
    task: JoinHandle<()>,
}

/// The events so far. A run's log ends with its run.
type Log = Vec<Arc<str>>;

/// Keeps each event as a line of JSON.
struct Keep(watch::Sender<Log>);

impl Reporter for Keep {
    fn report(&mut self, event: &Event) {
        let line = serde_json::to_string(event)
            .unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
        self.0.send_modify(|log| log.push(line.into()));
    }
}

impl Runs {
    /// Starts a job, and returns the run's id. `None` if there is no such job.
    pub(crate) fn start(&self, job: &str) -> Option<String> {
        let catalogue = jobs::catalogue();
        catalogue.job(job)?;
        let (sender, events) = watch::channel(Log::new());
        let runner = Runner::new(jobs::topology(), catalogue).reporter(Keep(sender));
        let (id, canceller) = (runner.id().to_string(), runner.canceller());
        let job = job.to_owned();
        let task = tokio::spawn(async move {
            runner
                .run(|batch| async move { batch.run(job.as_str()).await.into_result() })
                .await;
        });
        let mut runs = self.runs();
        while runs.len() >= REMEMBERED {
            let Some(ended) = runs
                .iter()
                .find(|(_, run)| run.task.is_finished())
                .map(|(id, _)| id.clone())
            else {
                break;
            };
            runs.remove(&ended);
        }
        runs.insert(
            id.clone(),
            Run {
                canceller,
                events,
                task,
            },
        );
        Some(id)
    }

    /// The events of a run, from its first: those that were, and then those that come. `None` if
    /// there is no such run.
    pub(crate) fn events(&self, id: &str) -> Option<impl Stream<Item = Arc<str>> + Send + use<>> {
        let events = self.runs().get(id)?.events.clone();
        Some(unfold((events, 0), |(mut events, next)| async move {
            // Fails when the run is over and its log whole.
            let _ = events.wait_for(|log| log.len() > next).await;
            let line = events.borrow().get(next).cloned()?;
            Some((line, (events, next + 1)))
        }))
    }

    /// Ends a run. Whether there is one of this id.
    pub(crate) fn cancel(&self, id: &str) -> bool {
        self.runs().get(id).is_some_and(|run| {
            run.canceller.cancel(CancelReason::Requested);
            true
        })
    }

    /// Ends all runs, and waits until they have ended.
    pub(crate) async fn end(&self) {
        let runs = std::mem::take(&mut *self.runs());
        for run in runs.values() {
            run.canceller.cancel(CancelReason::Terminate);
        }
        for run in runs.into_values() {
            // A run does not panic; its jobs' panics are its failures.
            let _ = run.task.await;
        }
    }

    fn runs(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Run>> {
        // The map is whole between any two operations on it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
