use std::io::{stderr, stdout};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::choose::{self, Choice};
use super::{exit, print};
use crate::catalogue::{Options, ScheduleBody};
use crate::engine::{Canceller, Catalogue, Runner};
use crate::event::CancelReason;
use crate::plan;
use crate::report::{ColorChoice, Plain};
use crate::topology::Topology;

/// What is to be run.
pub(super) struct Chosen {
    pub(super) names: Vec<String>,
    pub(super) roles: Option<Vec<String>>,
    pub(super) as_command: bool,
    pub(super) color: ColorChoice,
}

/// Runs jobs or a schedule, and returns the exit code.
pub(super) async fn run(topology: Topology, catalogue: Catalogue, chosen: Chosen) -> u8 {
    let color = chosen.color;
    let choice = match choose::choose(&catalogue, &chosen.names, chosen.as_command) {
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
    let mut options = Options::new();
    if let Some(roles) = &chosen.roles {
        options = options.within(roles.as_slice());
    }
    if problems.is_empty() {
        if let Choice::Jobs(stage) = &choice {
            match plan::build(&catalogue, &topology, stage, &options) {
                Ok(plan) => problems = choose::idle(&catalogue, &plan, chosen.roles.as_deref()),
                Err(found) => problems = found,
            }
        } else if let Some(roles) = &chosen.roles {
            plan::chosen_sites(&topology, Some(roles), None, &mut problems);
        }
    }
    if !problems.is_empty() {
        print::problems(color, &problems);
        return exit::USAGE;
    }

    let schedule = match choice {
        Choice::Jobs(stage) => Scheduled::Stages(crate::catalogue::Schedule::new().stage(stage)),
        Choice::Schedule(entry) => match entry.body().clone() {
            ScheduleBody::Data(schedule) => Scheduled::Stages(schedule),
            ScheduleBody::Code(code) => Scheduled::Code(code),
        },
    };
    let reporter = Plain::new(
        stdout(),
        print::out_palette(color),
        stderr(),
        print::err_palette(color),
    );
    let runner = Runner::new(topology, catalogue)
        .reporter(reporter)
        .options(options);
    let signals = match listen() {
        Ok(signals) => tokio::spawn(pass_on(signals, runner.canceller())),
        Err(error) => {
            print::error(color, &format!("cannot listen for signals: {error}"), None);
            return exit::FAILED;
        }
    };
    let stats = match schedule {
        Scheduled::Stages(schedule) => {
            runner
                .run(|batch| async move { batch.schedule(&schedule).await })
                .await
        }
        Scheduled::Code(code) => runner.run(move |batch| code.call(batch)).await,
    };
    signals.abort();
    exit::code(&stats)
}

enum Scheduled {
    Stages(crate::catalogue::Schedule),
    Code(crate::engine::ScheduleCode),
}

fn listen() -> std::io::Result<[Signal; 3]> {
    Ok([
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
        signal(SignalKind::hangup())?,
    ])
}

async fn pass_on([mut interrupt, mut terminate, mut hangup]: [Signal; 3], canceller: Canceller) {
    loop {
        let reason = tokio::select! {
            _ = interrupt.recv() => CancelReason::Interrupt,
            _ = terminate.recv() => CancelReason::Terminate,
            _ = hangup.recv() => CancelReason::Terminate,
        };
        canceller.cancel(reason);
    }
}
