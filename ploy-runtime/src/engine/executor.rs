use std::sync::Arc;
use std::time::{Duration, Instant};

use super::context::Context;
use super::group::Group;
use super::health_check::Body;
use super::message::Message;
use crate::action::panic::{Caught, caught};
use crate::action::{Action, BackgroundStart, Cx};
use crate::error::{Error, Kind, Source};
use crate::event::ErrorReport;
use crate::shell::{Cancel, CancelLevel};

/// A try of an action, about to run. The dispatcher has told of it already.
pub(super) struct Order {
    pub(super) cx: Cx,
    pub(super) cancel: Cancel,
    pub(super) work: Work,
    pub(super) declared_at: Option<Source>,
}

pub(super) enum Work {
    Action(Action),
    Background(BackgroundStart),
}

/// Runs an action, and what it asked to wait for, and tells the dispatcher how it ended.
pub(super) async fn execute(context: Arc<Context>, order: Order) {
    let begin = Instant::now();
    let Order {
        cx,
        cancel,
        work,
        declared_at,
    } = order;
    let action = cx.count();
    let mut faults = Vec::new();
    if cancel.level() > CancelLevel::None {
        faults.push(ErrorReport::new(
            Kind::Cancelled,
            "it was cancelled before it began",
        ));
    } else {
        // It is never dropped to cancel it: it is told, and has until the last moment to end.
        let ended = tokio::select! {
            biased;
            () = run(&cx, work, &mut faults) => true,
            () = cancel.reached(CancelLevel::Abandon) => false,
        };
        faults.extend(cx.take_faults());
        if !ended {
            cx.abort_deferred();
            faults.push(abandoned());
        }
    }
    for fault in faults.iter_mut().filter(|fault| fault.location.is_none()) {
        fault.location = declared_at.map(Into::into);
    }
    context.line.send(Message::Finished {
        action,
        faults,
        duration: begin.elapsed(),
    });
}

async fn run(cx: &Cx, work: Work, faults: &mut Vec<ErrorReport>) {
    let result = match work {
        Work::Action(Action::Async(function)) => match caught(|| function(cx.clone())) {
            Ok(future) => Caught(future).await,
            Err(panic) => Err(panic),
        },
        Work::Action(Action::Blocking(function)) => {
            let cx = cx.clone();
            let work = tokio::task::spawn_blocking(move || caught(|| function(cx)));
            work.await
                .unwrap_or_else(|lost| Err(Box::new(lost_work(&lost))))
        }
        Work::Background(start) => match caught(|| start(cx.clone())) {
            Ok(future) => Caught(future).await,
            Err(panic) => Err(panic),
        },
    };
    faults.extend(fault(result));
    cx.end_own_part();
    // What is deferred may defer more.
    while let Some(deferred) = cx.next_deferred() {
        faults.extend(match deferred.await {
            Ok(result) => fault(result),
            Err(lost) => Some(lost_work(&lost)),
        });
    }
}

/// Pauses between two groups of sites, and checks. Tells the dispatcher how it ended.
pub(super) async fn pass_gate(
    context: Arc<Context>,
    group: Group,
    pause: Duration,
    check: Option<Arc<Body>>,
) {
    let begin = Instant::now();
    let (action, cancel) = (group.number(), group.cancel().clone());
    let work = async {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = cancel.reached(CancelLevel::Term) => {
                return Some(ErrorReport::new(Kind::Cancelled, "the run is cancelled"));
            }
        }
        let check = check?;
        match caught(|| check(group.clone())) {
            Ok(future) => fault(Caught(future).await),
            Err(panic) => Some(*panic),
        }
    };
    let faults = tokio::select! {
        biased;
        fault = work => fault.into_iter().collect(),
        () = cancel.reached(CancelLevel::Abandon) => vec![abandoned()],
    };
    context.line.send(Message::Finished {
        action,
        faults,
        duration: begin.elapsed(),
    });
}

fn fault(result: Result<Result<(), Error>, Box<ErrorReport>>) -> Option<ErrorReport> {
    match result {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(ErrorReport::from(&error)),
        Err(panic) => Some(*panic),
    }
}

fn lost_work(lost: &tokio::task::JoinError) -> ErrorReport {
    ErrorReport::new(Kind::Other, format!("the action was lost: {lost}"))
}

/// What is said of an action that did not end when it was told to.
pub(super) fn abandoned() -> ErrorReport {
    ErrorReport::new(
        Kind::Cancelled,
        "it did not end when it was told to, and was abandoned",
    )
}
