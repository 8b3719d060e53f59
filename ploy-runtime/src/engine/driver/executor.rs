//! Runs one action, or what is done at a gate, and tells the dispatcher how it ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::action::panic::{Caught, caught};
use crate::action::{Action, Cx};
use crate::catalogue::GroupCheck;
use crate::engine::batch::{Group, health_check};
use crate::engine::context::Context;
use crate::engine::dispatcher::{Message, Work, abandoned};
use crate::error::{Error, Kind, Source};
use crate::event::ErrorReport;
use crate::shell::{Cancel, CancelLevel};

/// Runs an action, and what it asked to wait for, and tells the dispatcher how it ended.
pub(super) async fn execute(
    context: Arc<Context>,
    cx: Cx,
    cancel: Cancel,
    work: Work,
    declared_at: Option<Source>,
) {
    let begin = Instant::now();
    let action = cx.action_id().action;
    let mut errors = Vec::new();
    if cancel.level() > CancelLevel::None {
        errors.push(ErrorReport::new(
            Kind::Cancelled,
            "it was cancelled before it began",
        ));
    } else {
        // It is never dropped to cancel it: it is told, and has until the last moment to end.
        let ended = tokio::select! {
            biased;
            () = run(&cx, work, &mut errors) => true,
            () = cancel.reached(CancelLevel::Abandon) => false,
        };
        errors.extend(cx.take_errors());
        if !ended {
            cx.abort_deferred();
            errors.push(abandoned());
        }
    }
    for error in errors.iter_mut().filter(|error| error.location.is_none()) {
        error.location = declared_at.map(Into::into);
    }
    context.dispatcher.send(Message::Finished {
        action,
        errors,
        duration: begin.elapsed(),
    });
}

async fn run(cx: &Cx, work: Work, errors: &mut Vec<ErrorReport>) {
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
        Work::Background(start) => match caught(|| start(cx.state())) {
            Ok(future) => Caught(future).await,
            Err(panic) => Err(panic),
        },
    };
    errors.extend(report(result));
    cx.end_own_part();
    // What is deferred may defer more.
    while let Some(deferred) = cx.next_deferred() {
        errors.extend(match deferred.await {
            Ok(result) => report(result),
            Err(lost) => Some(lost_work(&lost)),
        });
    }
}

/// Pauses between two groups of sites, and checks. Tells the dispatcher how it ended.
pub(super) async fn pass_gate(
    context: Arc<Context>,
    group: Group,
    pause: Duration,
    check: Option<GroupCheck>,
) {
    let begin = Instant::now();
    let (action, cancel) = (group.action(), group.cancel().clone());
    let work = async {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = cancel.reached(CancelLevel::Term) => {
                return Some(ErrorReport::new(Kind::Cancelled, "the run is cancelled"));
            }
        }
        let check = health_check::function(&check?)?;
        match caught(|| check(group.clone())) {
            Ok(future) => report(Caught(future).await),
            Err(panic) => Some(*panic),
        }
    };
    let errors = tokio::select! {
        biased;
        error = work => error.into_iter().collect(),
        () = cancel.reached(CancelLevel::Abandon) => vec![abandoned()],
    };
    context.dispatcher.send(Message::Finished {
        action,
        errors,
        duration: begin.elapsed(),
    });
}

fn report(result: Result<Result<(), Error>, Box<ErrorReport>>) -> Option<ErrorReport> {
    match result {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(ErrorReport::from(&error)),
        Err(panic) => Some(*panic),
    }
}

fn lost_work(lost: &tokio::task::JoinError) -> ErrorReport {
    ErrorReport::new(Kind::Other, format!("the action was lost: {lost}"))
}
