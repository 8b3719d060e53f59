use std::collections::BTreeMap;

use super::layout::{Layout, Of, Said, Told, ended};
use super::roster::Roster;
use super::screen::{Screen, To};
use super::spool::{Spool, Store};
use super::summary::duration;
use crate::event::{Event, EventKind, TaskResult};
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
    Task(u32, u32),
    Action(u32),
}

/// The lines of a unit until it ends.
#[derive(Default)]
struct Held {
    began: i64,
    /// The lines of each action.
    lines: BTreeMap<u32, Spool>,
    /// Whether it is shown that it ended.
    is_ended: bool,
}

/// How a group begins.
struct Head {
    result: TaskResult,
    title: String,
}

impl Unit {
    fn of(of: Of) -> Unit {
        match of.task {
            Some(task) => Unit::Task(of.stage, task),
            None => Unit::Action(of.action),
        }
    }
}

impl Layout for Grouped {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        match told.said {
            // Of use now, or not of a group that is to come.
            Said::Meanwhile | Said::Skipped => told.show(screen, roster),
            Said::Ended(..) => self.held(told.of).is_ended = true,
            _ => {
                let line = format!("  {}\n", told.line(screen.palette(To::Out)));
                let mut spool = self.held(told.of).lines.remove(&told.of.action);
                let spool = spool.get_or_insert_default();
                self.store.push(spool, line.as_bytes());
                let spool = std::mem::take(spool);
                self.held(told.of).lines.insert(told.of.action, spool);
            }
        }
    }

    fn event(&mut self, screen: &mut Screen, roster: &Roster, event: &Event) {
        let time = event.time;
        match &event.kind {
            EventKind::RunBegan { .. } if screen.log().is_some() => screen.join(),
            EventKind::TaskStarted { stage, task, .. } => {
                let held = self.held.entry(Unit::Task(*stage, *task)).or_default();
                held.began = time;
            }
            EventKind::GateBegan { action, .. } | EventKind::BackgroundStarted { action, .. } => {
                self.held.entry(Unit::Action(*action)).or_default().began = time;
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration: took,
            } => {
                let (job, site) = roster.task(*stage, *task).unwrap_or_default();
                let head = head(&site, &job, *result, *took);
                self.show(screen, Unit::Task(*stage, *task), time, &head);
            }
            EventKind::GateEnded {
                action,
                faults,
                duration: took,
                ..
            } => {
                let result = if faults.is_empty() {
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
            EventKind::RunEnded { .. } => {
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

fn head(site: &str, what: &str, result: TaskResult, took: u64) -> Head {
    let how = ended(what, result);
    let title = format!("{site}: {how} ({})", duration(took));
    Head {
        result,
        // Work in the background has the name that a job gives it.
        title: safe(title.as_bytes()).into_owned(),
    }
}

impl Grouped {
    fn held(&mut self, of: Of) -> &mut Held {
        self.held.entry(Unit::of(of)).or_default()
    }

    /// Shows what is of no task.
    fn show_action(
        &mut self,
        screen: &mut Screen,
        roster: &Roster,
        (action, time): (u32, i64),
        result: TaskResult,
        took: u64,
    ) {
        let running = roster.action(action);
        let site = running.map_or("", |running| &running.site);
        let name = running.map_or("", |running| &running.name);
        let head = head(site, name, result, took);
        self.show(screen, Unit::Action(action), time, &head);
    }

    fn show(&mut self, screen: &mut Screen, unit: Unit, time: i64, head: &Head) {
        let Some(held) = self.held.remove(&unit) else {
            return;
        };
        let is_empty = held.lines.values().all(Spool::is_empty);
        if is_empty && !held.is_ended {
            return;
        }
        let palette = screen.palette(To::Out);
        let mark = Said::Ended(head.result, 0).mark(palette);
        match screen.log().filter(|_| !is_empty) {
            Some(log) => {
                self.groups += 1;
                let mark = Said::Ended(head.result, 0).mark(super::Palette::PLAIN);
                let title = format!("{mark} {}", head.title);
                let is_open = head.result != TaskResult::Succeeded;
                let begin = log.begin(self.groups, held.began, &title, is_open);
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
