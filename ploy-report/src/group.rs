use std::collections::BTreeMap;
use std::time::Duration;

use super::layout::{Layout, Said, Told, ended};
use super::owner::LineOwner;
use super::roster::Roster;
use super::screen::{Screen, To};
use super::spool::{Spool, Store};
use super::summary::duration;
use crate::event::{ActionId, Event, EventKind, EventTime, TaskKey, TaskResult};
use crate::text::safe;

/// The lines of a site together, when its task ends; those of actions that run beside each other one after the other.
#[derive(Default)]
pub(super) struct Grouped {
    store: Store,
    held: BTreeMap<Unit, Held>,
    /// How many groups there were.
    groups: u32,
}

/// What is shown together: a task, or an action that is of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Task(TaskKey),
    /// One that is of no task.
    Action(ActionId),
}

/// The lines of a unit until it ends.
#[derive(Default)]
struct Held {
    /// None for one of which nothing was heard before its first line.
    began: Option<EventTime>,
    /// The lines of each action, and before them the task's own.
    lines: BTreeMap<Option<ActionId>, Spool>,
    /// Whether it is shown that it ended.
    is_ended: bool,
}

/// How a group begins.
struct Head {
    result: TaskResult,
    title: String,
}

impl Unit {
    /// None for a line that is of no task and of no action.
    fn of(owner: LineOwner) -> Option<Unit> {
        let stage = owner.stage;
        match owner.task {
            Some(task) => Some(Unit::Task(TaskKey { stage, task })),
            None => owner.action.map(Unit::Action),
        }
    }
}

impl Layout for Grouped {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        let Some(unit) = Unit::of(told.of) else {
            return told.show(screen, roster);
        };
        match told.said {
            // Of use now, or not of a group that is to come.
            Said::Meanwhile | Said::Skipped => told.show(screen, roster),
            Said::Ended(..) => self.held.entry(unit).or_default().is_ended = true,
            _ => {
                let line = format!("  {}\n", told.line(screen.palette(To::Out)));
                let lines = &mut self.held.entry(unit).or_default().lines;
                let spool = lines.entry(told.of.action).or_default();
                self.store.push(spool, line.as_bytes());
            }
        }
    }

    fn event(&mut self, screen: &mut Screen, roster: &Roster, event: &Event) {
        let time = event.time;
        match &event.kind {
            EventKind::RunStarted { .. } if screen.log().is_some() => screen.join(),
            EventKind::TaskStarted { stage, task, .. } => {
                let (stage, task) = (*stage, *task);
                let unit = Unit::Task(TaskKey { stage, task });
                self.held.entry(unit).or_default().began = Some(time);
            }
            EventKind::GateStarted { action, .. } | EventKind::BackgroundStarted { action, .. } => {
                self.held.entry(Unit::Action(*action)).or_default().began = Some(time);
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration: took,
            } => {
                let (job, site) = roster.task(*stage, *task).unwrap_or_default();
                let head = head(&site, &job, *result, *took);
                let (stage, task) = (*stage, *task);
                let unit = Unit::Task(TaskKey { stage, task });
                self.show(screen, unit, time, &head);
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
                self.show_action(screen, roster, (*action, time), result, *took);
            }
            EventKind::BackgroundFinished {
                action,
                result,
                duration: took,
                ..
            } => self.show_action(screen, roster, (*action, time), *result, *took),
            EventKind::RunFinished { .. } => {
                // Every one that began has ended; if not, its lines are not lost.
                while let Some((unit, _)) = self.held.first_key_value() {
                    let head = Head {
                        result: TaskResult::Cancelled,
                        title: "without an end".to_owned(),
                    };
                    self.show(screen, *unit, time, &head);
                }
            }
            _ => {}
        }
    }
}

fn head(site: &str, what: &str, result: TaskResult, took: Duration) -> Head {
    let how = ended(what, result);
    let title = format!("{site}: {how} ({})", duration(took));
    Head {
        result,
        // Work in the background has the name that a job gives it.
        title: safe(title.as_bytes()).into_owned(),
    }
}

impl Grouped {
    /// Shows what is of no task.
    fn show_action(
        &mut self,
        screen: &mut Screen,
        roster: &Roster,
        (action, time): (ActionId, EventTime),
        result: TaskResult,
        took: Duration,
    ) {
        let running = roster.action(action);
        let site = running.map_or("", |running| &running.site);
        let name = running.map_or("", |running| &running.name);
        let head = head(site, name, result, took);
        self.show(screen, Unit::Action(action), time, &head);
    }

    fn show(&mut self, screen: &mut Screen, unit: Unit, time: EventTime, head: &Head) {
        let Some(held) = self.held.remove(&unit) else {
            return;
        };
        let is_empty = held.lines.values().all(Spool::is_empty);
        if is_empty && !held.is_ended {
            return;
        }
        let palette = screen.palette(To::Out);
        let mark = Said::Ended(head.result, Duration::ZERO).mark(palette);
        match screen.log().filter(|_| !is_empty) {
            Some(log) => {
                self.groups += 1;
                let mark = Said::Ended(head.result, Duration::ZERO).mark(super::Palette::PLAIN);
                let title = format!("{mark} {}", head.title);
                let is_open = head.result != TaskResult::Succeeded;
                let begin = log.begin(self.groups, held.began.unwrap_or(time), &title, is_open);
                screen.put_raw(To::Out, &begin);
            }
            None => screen.put(
                To::Out,
                &format!("{mark} {}\n", palette.strong(&head.title)),
            ),
        }
        for spool in held.lines.into_values() {
            let shown = self.store.lines(&spool, |line| {
                screen.put(To::Out, &format!("{}\n", String::from_utf8_lossy(line)));
            });
            if let Err(error) = shown {
                let text = format!("  - the rest of its lines cannot be read back: {error}\n");
                screen.put(To::Out, &text);
            }
            self.store.free(spool);
        }
        if let Some(log) = screen.log().filter(|_| !is_empty) {
            screen.put_raw(To::Out, &log.end(self.groups, time));
        }
    }
}
