//! The view in which the lines of a site stand together.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::palette::Palette;
use crate::quantities::duration;
use crate::text::console::{Console, ConsoleStream};
use crate::text::context::ViewContext;
use crate::text::layout::Layout;
use crate::text::line_owner::LineOwner;
use crate::text::report_line::{LineKind, ReportLine, ended};
use crate::text::spool::{Spool, SpoolStore};
use ploy_core::event::{ActionId, Event, EventKind, EventTime, TaskKey, TaskResult};
use ploy_core::text::safe;

/// The lines of a site together, when its task ends; those of actions that run beside each other
/// one after the other.
#[derive(Default)]
pub(crate) struct GroupLayout {
    store: SpoolStore,
    held: BTreeMap<LineGroup, HeldLines>,
    /// How many groups there were.
    groups: u32,
}

/// What is shown together: a task, or an action that is of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LineGroup {
    Task(TaskKey),
    /// One that is of no task.
    Action(ActionId),
}

/// The lines of a unit until it ends.
#[derive(Default)]
struct HeldLines {
    /// None for one of which nothing was heard before its first line.
    began: Option<EventTime>,
    /// The lines of each action, and before them the task's own.
    lines: BTreeMap<Option<ActionId>, Spool>,
    /// Whether it is shown that it ended.
    is_ended: bool,
}

/// How a group begins.
struct GroupTitle {
    result: TaskResult,
    title: String,
}

impl LineGroup {
    /// None for a line that is of no task and of no action.
    fn of(owner: LineOwner) -> Option<LineGroup> {
        let stage = owner.stage;
        match owner.task {
            Some(task) => Some(LineGroup::Task(TaskKey { stage, task })),
            None => owner.action.map(LineGroup::Action),
        }
    }
}

impl Layout for GroupLayout {
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>) {
        let Some(unit) = LineGroup::of(line.owner) else {
            return line.write(console, context);
        };
        match line.kind {
            // Of use now, or not of a group that is to come.
            LineKind::Meanwhile | LineKind::Skipped => line.write(console, context),
            LineKind::Ended(..) => self.held.entry(unit).or_default().is_ended = true,
            _ => {
                let text = format!("  {}\n", line.line(console.palette(ConsoleStream::Out)));
                let lines = &mut self.held.entry(unit).or_default().lines;
                let spool = lines.entry(line.owner.action).or_default();
                self.store.push(spool, text.as_bytes());
            }
        }
    }

    fn on_event(&mut self, console: &mut Console, context: &ViewContext, event: &Event) {
        let time = event.time;
        match &event.kind {
            EventKind::RunStarted { .. } if console.log().is_some() => console.join(),
            EventKind::TaskStarted { stage, task, .. } => {
                let (stage, task) = (*stage, *task);
                let unit = LineGroup::Task(TaskKey { stage, task });
                self.held.entry(unit).or_default().began = Some(time);
            }
            EventKind::GateStarted { action, .. } | EventKind::BackgroundStarted { action, .. } => {
                self.held
                    .entry(LineGroup::Action(*action))
                    .or_default()
                    .began = Some(time);
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration: took,
            } => {
                let (job, site) = context.run.task(*stage, *task).unwrap_or_default();
                let head = head(&site, &job, *result, *took);
                let (stage, task) = (*stage, *task);
                let unit = LineGroup::Task(TaskKey { stage, task });
                self.write(console, unit, time, &head);
            }
            EventKind::GateFinished {
                action,
                errors,
                duration: took,
                ..
            } => {
                let result = if errors.is_empty() {
                    TaskResult::Succeeded
                } else {
                    TaskResult::Failed
                };
                self.write_action(console, context, (*action, time), result, *took);
            }
            EventKind::BackgroundFinished {
                action,
                result,
                duration: took,
                ..
            } => self.write_action(console, context, (*action, time), *result, *took),
            EventKind::RunFinished { .. } => {
                // Every one that began has ended; if not, its lines are not lost.
                while let Some((unit, _)) = self.held.first_key_value() {
                    let head = GroupTitle {
                        result: TaskResult::Cancelled,
                        title: "without an end".to_owned(),
                    };
                    self.write(console, *unit, time, &head);
                }
            }
            _ => {}
        }
    }
}

fn head(site: &str, what: &str, result: TaskResult, took: Duration) -> GroupTitle {
    let how = ended(what, result);
    let title = format!("{site}: {how} ({})", duration(took));
    GroupTitle {
        result,
        // Work in the background has the name that a job gives it.
        title: safe(title.as_bytes()).into_owned(),
    }
}

impl GroupLayout {
    /// Writes what is of no task.
    fn write_action(
        &mut self,
        console: &mut Console,
        context: &ViewContext,
        (action, time): (ActionId, EventTime),
        result: TaskResult,
        took: Duration,
    ) {
        let running = context.run.action(action);
        let site = running.map_or("", |running| &running.site);
        let name = running.map_or("", |running| &running.name);
        let head = head(site, name, result, took);
        self.write(console, LineGroup::Action(action), time, &head);
    }

    fn write(
        &mut self,
        console: &mut Console,
        unit: LineGroup,
        time: EventTime,
        head: &GroupTitle,
    ) {
        let Some(held) = self.held.remove(&unit) else {
            return;
        };
        let is_empty = held.lines.values().all(Spool::is_empty);
        if is_empty && !held.is_ended {
            return;
        }
        let palette = console.palette(ConsoleStream::Out);
        let mark = LineKind::Ended(head.result, Duration::ZERO).mark(palette);
        match console.log().filter(|_| !is_empty) {
            Some(log) => {
                self.groups += 1;
                let mark = LineKind::Ended(head.result, Duration::ZERO).mark(Palette::PLAIN);
                let title = format!("{mark} {}", head.title);
                let is_open = head.result != TaskResult::Succeeded;
                let begin = log.begin(self.groups, held.began.unwrap_or(time), &title, is_open);
                console.write_raw(ConsoleStream::Out, &begin);
            }
            None => console.write(
                ConsoleStream::Out,
                &format!("{mark} {}\n", palette.strong(&head.title)),
            ),
        }
        for spool in held.lines.into_values() {
            let shown = self.store.lines(&spool, |line| {
                console.write(
                    ConsoleStream::Out,
                    &format!("{}\n", String::from_utf8_lossy(line)),
                );
            });
            if let Err(error) = shown {
                let text = format!("  - the rest of its lines cannot be read back: {error}\n");
                console.write(ConsoleStream::Out, &text);
            }
            self.store.free(spool);
        }
        if let Some(log) = console.log().filter(|_| !is_empty) {
            console.write_raw(ConsoleStream::Out, &log.end(self.groups, time));
        }
    }
}
