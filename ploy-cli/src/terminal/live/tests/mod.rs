//! Runs as events, into what is drawn and told.

use std::time::Duration;

use super::draw::draw;
use super::run_state::RunState;
use super::status::status;
use ploy_core::catalogue::Mode;
use ploy_core::event::{
    ActionId, CancelReason, CommandId, Event, EventKind, EventTime, GroupIndex, JobIndex, Show,
    SilentSource, SiteIndex, StageId, StageView, Stream, TaskId, TaskResult, WaitTarget,
};
use ploy_report::Palette;
use ploy_runtime::terminal::TerminalSize;

const ALL: StageView = StageView {
    report: false,
    debug: false,
    log: true,
    quiet: false,
};

/// A run whose clock the test turns.
#[derive(Default)]
struct Run {
    state: RunState,
    /// In milliseconds.
    time: i64,
}

fn at(milliseconds: i64) -> EventTime {
    EventTime::from_unix_milliseconds(milliseconds)
}

impl Run {
    /// A run of a job `upload` on so many sites, each a task of the number of its site.
    fn on(sites: usize, view: StageView) -> Self {
        let mut run = Run::default();
        run.tell(EventKind::StageStarted {
            stage: StageId(1),
            name: None,
            desc: None,
            mode: Mode::SiteSequential,
            jobs: vec!["upload".to_owned()],
            arguments: Vec::new(),
            sites: (1..=sites).map(|number| format!("web{number}")).collect(),
            task_count: u32::try_from(sites).unwrap(),
            group_sizes: vec![1, 1],
            view,
        });
        run
    }

    fn tell(&mut self, kind: EventKind) {
        let (number, time) = (1, at(self.time));
        self.state.fold(&Event { number, time, kind });
    }

    /// Starts the task of this number with an action of the same, which runs a command.
    fn start(&mut self, task: u32, script: &str, show: Show) {
        let (stage, job) = (StageId(1), JobIndex(0));
        let (site, action) = (SiteIndex(task), ActionId(task));
        let task = TaskId(task);
        self.tell(EventKind::TaskStarted {
            stage,
            task,
            job,
            site,
        });
        self.tell(EventKind::ActionStarted {
            stage,
            task,
            action,
            name: "upload".to_owned(),
            fragment: 1,
            fragment_count: 1,
            attempt: 1,
        });
        if !script.is_empty() {
            self.command(action.0, script, show);
        }
    }

    fn command(&mut self, action: u32, script: &str, show: Show) {
        self.tell(EventKind::CommandStarted {
            action: ActionId(action),
            command: CommandId(1),
            script: script.to_owned(),
            local: true,
            show,
        });
    }

    fn put_out(&mut self, action: u32, stream: Stream, text: &str) {
        self.tell(EventKind::Output {
            action: ActionId(action),
            command: CommandId(1),
            stream,
            bytes: text.as_bytes().to_vec(),
        });
    }

    fn finish(&mut self, task: u32, result: TaskResult) {
        let (stage, task, duration) = (StageId(1), TaskId(task), Duration::from_millis(1));
        self.tell(EventKind::TaskFinished {
            stage,
            task,
            result,
            duration,
        });
    }

    fn drawn(&self, columns: usize, rows: usize) -> Vec<String> {
        draw(
            &self.state,
            at(self.time),
            TerminalSize { columns, rows },
            Palette::PLAIN,
        )
    }

    /// All lines but the first.
    fn rows(&self) -> Vec<String> {
        self.drawn(80, 24).split_off(1)
    }

    fn told(&self) -> String {
        status(&self.state, at(self.time), Palette::PLAIN)
    }
}

mod activities;
mod drawing;
