//! The loop around the dispatcher: it listens, waits for moments, and carries out what was decided.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::executor;
use super::reporting::Reporting;
use crate::action::{ActionState, Cx};
use crate::engine::batch::{Group, GroupParts};
use crate::engine::context::Context;
use crate::engine::dispatcher::{ActionStart, Dispatcher, Effect, GateStart, Message};
use crate::event::{CancelReason, Stats};

/// How long a cancelled run may take to show what has happened.
const SHOW: Duration = Duration::from_secs(5);
const SHOW_AFTER_KILL: Duration = Duration::from_secs(1);

/// How many messages are heard before the clock is looked at.
const BATCH: usize = 64;

/// Runs until the schedule is over and everything has ended.
pub(in crate::engine) async fn run(
    context: Arc<Context>,
    mut dispatcher: Dispatcher,
    mut reporting: Reporting,
    mut messages: mpsc::UnboundedReceiver<Message>,
) -> Stats {
    for effect in dispatcher.begin() {
        perform(&context, &mut reporting, effect);
    }
    let mut heard = Vec::with_capacity(BATCH);
    while !dispatcher.is_over() {
        reporting.flush();
        let moment = dispatcher.next_timer();
        let timer = async {
            match moment {
                Some(moment) => tokio::time::sleep_until(moment).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // The context, which we hold, has a sender: there is always another message to wait
            // for.
            _ = messages.recv_many(&mut heard, BATCH) => {
                let now = Instant::now();
                for message in heard.drain(..) {
                    for effect in dispatcher.hear(now, message) {
                        perform(&context, &mut reporting, effect);
                    }
                }
            }
            () = timer => {
                for effect in dispatcher.ring(Instant::now()) {
                    perform(&context, &mut reporting, effect);
                }
            }
        }
        for effect in dispatcher.look_around(Instant::now()) {
            perform(&context, &mut reporting, effect);
        }
    }
    // Who cancels does not want to wait for a reader that has stopped reading.
    let limit = dispatcher.cancel_reason().map(|reason| {
        if reason == CancelReason::SecondSignal {
            SHOW_AFTER_KILL
        } else {
            SHOW
        }
    });
    reporting.finish(limit).await
}

fn perform(context: &Arc<Context>, reporting: &mut Reporting, effect: Effect) {
    match effect {
        Effect::Emit(event) => reporting.emit(event),
        Effect::ShowOutput { event, taken } => reporting.output(event, taken),
        Effect::StartAction(start) => start_action(context, start),
        Effect::StartGate(start) => start_gate(context, start),
    }
}

fn start_action(context: &Arc<Context>, start: ActionStart) {
    let ActionStart {
        place,
        cancel,
        last_command,
        parts,
        work,
        declared_at,
    } = start;
    let state = ActionState::new(place, context.clone(), cancel.clone(), last_command, parts);
    let cx = Cx::new(Arc::new(state));
    tokio::spawn(executor::execute(
        context.clone(),
        cx,
        cancel,
        work,
        declared_at,
    ));
}

fn start_gate(context: &Arc<Context>, start: GateStart) {
    let group = Group::new(GroupParts {
        services: context.clone(),
        action: start.action,
        group: start.group,
        group_count: start.group_count,
        sites: start.sites,
        cancel: start.cancel,
    });
    tokio::spawn(executor::pass_gate(
        context.clone(),
        group,
        start.pause,
        start.check,
    ));
}
