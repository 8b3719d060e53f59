use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::context::Context;
use super::message::{ActionEnd, Line, Message, Started};
use super::panic::{Caught, caught};
use crate::action::{Action, Cx, Place};
use crate::error::{Error, Kind};
use crate::event::{ActionId, EventKind, Fault, StageId, Stream};
use crate::plan::{NodeId, Plan, Task};
use crate::shell::{CancelLevel, Emitter, Shell};
use crate::topology::{Settings, Site};

/// Runs a task: all its actions at once. Tells the dispatcher when all have ended.
pub(super) async fn execute(context: Arc<Context>, stage: u32, plan: Arc<Plan>, node: NodeId) {
    let begin = Instant::now();
    let mut ends = Vec::new();
    if let Some(task) = plan.task(node) {
        let mut running = JoinSet::new();
        for order in orders(&context, stage, &plan, node, task) {
            running.spawn(order.run(context.clone()));
        }
        while let Some(end) = running.join_next().await {
            // An order does not panic: what the job does is caught further down.
            ends.extend(end.ok());
        }
        ends.sort_by_key(|(number, _)| *number);
    }
    let actions = ends.into_iter().map(|(_, end)| end).collect();
    context.line.send(Message::Done {
        stage,
        task: node,
        actions,
        duration: milliseconds(begin),
    });
}

/// An action to be run.
struct Order {
    stage: u32,
    node: NodeId,
    site: Arc<Site>,
    job: String,
    action: Action,
    name: String,
    declared_at: Option<String>,
    fragment: u32,
    fragments: u32,
}

fn orders(context: &Context, stage: u32, plan: &Plan, node: NodeId, task: &Task) -> Vec<Order> {
    let site = &plan.sites()[task.site as usize];
    let name = plan.jobs()[task.job as usize].name();
    // A plan is made from this catalogue, which does not change meanwhile.
    let Some(job) = context.catalogue.job(name) else {
        return Vec::new();
    };
    let fragments = u32::try_from(task.actions.len()).unwrap_or(u32::MAX);
    (1..)
        .zip(&task.actions)
        .filter_map(|(fragment, &number)| {
            let action = job.actions().get(number as usize)?;
            Some(Order {
                stage,
                node,
                site: site.clone(),
                job: name.to_owned(),
                action: action.body().clone(),
                name: action.name().to_owned(),
                declared_at: action.source().map(|source| source.to_string()),
                fragment,
                fragments,
            })
        })
        .collect()
}

impl Order {
    async fn run(self, context: Arc<Context>) -> (u32, ActionEnd) {
        let (fragment, name) = (self.fragment, self.name.clone());
        let (reply, answer) = oneshot::channel();
        context.line.send(Message::Start {
            stage: self.stage,
            task: self.node,
            name: name.clone(),
            fragment,
            fragments: self.fragments,
            reply,
        });
        let Ok(started) = answer.await else {
            return (fragment, ActionEnd { name, faults: None });
        };
        let begin = Instant::now();
        let action = started.action;
        let faults = self.work(&context, started).await;
        let duration = milliseconds(begin);
        context.line.send(Message::Finished {
            action,
            faults: faults.clone(),
            duration,
        });
        (
            fragment,
            ActionEnd {
                name,
                faults: Some(faults),
            },
        )
    }

    async fn work(self, context: &Context, started: Started) -> Vec<Fault> {
        let emitter: Arc<dyn Emitter> = Arc::new(ActionEmitter {
            line: context.line.clone(),
            action: started.action,
            commands: AtomicU32::new(0),
        });
        let cancel = started.cancel;
        let pool = &context.pool;
        let shell = Shell::new(
            self.site.clone(),
            pool.transport(&self.site),
            emitter.clone(),
            cancel.clone(),
        );
        let here = Arc::new(Site::new(self.site.name().to_owned(), Settings::new()));
        let local = Shell::new(here, pool.local(), emitter.clone(), cancel.clone());
        let place = Place {
            site: self.site,
            job: self.job,
            id: ActionId {
                stage: StageId {
                    batch: context.batch.clone(),
                    stage: self.stage,
                },
                action: started.action,
            },
            index: started.index,
            fragment: self.fragment,
            fragments: self.fragments,
        };
        let cx = Cx::new(place, shell, local, emitter, cancel.clone());
        let mut work = match self.action {
            Action::Async(function) => {
                let cx = cx.clone();
                tokio::spawn(Caught(Box::pin(async move { function(cx).await })))
            }
            Action::Blocking(function) => {
                let cx = cx.clone();
                tokio::task::spawn_blocking(move || caught(|| function(cx)))
            }
        };
        // The future of an action is never dropped to cancel it: it is told, and has until the last moment to end.
        let result = tokio::select! {
            result = &mut work => Some(result),
            () = cancel.reached(CancelLevel::Abandon) => None,
        };
        let mut faults = cx.take_faults();
        match result {
            Some(Ok(Ok(Ok(())))) => {}
            Some(Ok(Ok(Err(error)))) => faults.push(fault(&error)),
            Some(Ok(Err(panic))) => faults.push(*panic),
            Some(Err(lost)) => faults.push(Fault::new(
                Kind::Other,
                format!("the action was lost: {lost}"),
            )),
            None => {
                work.abort();
                faults.push(Fault::new(
                    Kind::Cancelled,
                    "it did not end when the run was cancelled, and was abandoned",
                ));
            }
        }
        for fault in &mut faults {
            if fault.at.is_none() {
                fault.at.clone_from(&self.declared_at);
            }
        }
        faults
    }
}

fn fault(error: &Error) -> Fault {
    Fault::from(error)
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Tells the dispatcher what happens in an action.
struct ActionEmitter {
    line: Line,
    action: u32,
    commands: AtomicU32,
}

impl Emitter for ActionEmitter {
    fn emit(&self, event: EventKind) {
        self.line.send(Message::Emit(event));
    }

    fn output(
        &self,
        command: u32,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let (taken, wait) = oneshot::channel();
        let event = EventKind::Output {
            action: self.action,
            command,
            stream,
            bytes,
        };
        self.line.send(Message::Output { event, taken });
        Box::pin(async move {
            // Dropped is taken.
            let _ = wait.await;
        })
    }

    fn action(&self) -> u32 {
        self.action
    }

    fn next_command(&self) -> u32 {
        self.commands.fetch_add(1, Ordering::Relaxed) + 1
    }
}
