//! Whether actions would wait for each other for ever, each for a lock that another has.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use super::super::request::Name;
use super::line::Member;
use super::locks::Locks;
use crate::event::ActionId;

impl Locks {
    /// The circle that would close if this action waited for this lock, in words.
    ///
    /// Only who has a lock counts, not who is before others in its line: an action may wait for
    /// several locks and be content with one. What this does not see shows when nothing goes on any
    /// more.
    pub(super) fn cycle(&self, who: &Member, name: &Name) -> Option<String> {
        let held = self.get(name)?;
        let label = &who.label;
        if held.holder.action == who.action {
            return Some(format!(
                "{label} waits for the lock `{name}`, which it has itself"
            ));
        }
        if held
            .line
            .iter()
            .any(|waiter| waiter.member.action == who.action)
        {
            return Some(format!(
                "{label} waits for the lock `{name}` already, and would wait for itself"
            ));
        }
        // Nobody waits for whoever has nothing.
        if !self
            .iter()
            .any(|(_, held)| held.holder.action == who.action)
        {
            return None;
        }
        let mut text = step(label, name, &held.holder.label);
        for (waiter, name, holder) in path(self, held.holder.action, who.action)? {
            let _ = write!(text, "; {}", step(&waiter.label, name, &holder.label));
        }
        Some(text)
    }
}

/// Somebody who waits, for which lock, and who has that.
type Edge<'a> = (&'a Member, &'a Name, &'a Member);

/// The shortest way from an action to another over the locks for which they wait.
fn path(locks: &Locks, from: ActionId, to: ActionId) -> Option<Vec<Edge<'_>>> {
    let mut edges: BTreeMap<ActionId, Vec<Edge<'_>>> = BTreeMap::new();
    for (name, held) in locks.iter() {
        for waiter in held.line.iter() {
            let edge = (&waiter.member, name, &held.holder);
            edges.entry(waiter.member.action).or_default().push(edge);
        }
    }
    // By which edge each action was reached.
    let mut reached: BTreeMap<ActionId, Edge<'_>> = BTreeMap::new();
    let mut next = VecDeque::from([from]);
    while let Some(action) = next.pop_front() {
        for edge in edges.get(&action).into_iter().flatten() {
            let holder = edge.2.action;
            if holder != from && !reached.contains_key(&holder) {
                reached.insert(holder, *edge);
                next.push_back(holder);
            }
        }
    }
    let mut path = Vec::new();
    let mut action = to;
    while action != from {
        let edge = reached.get(&action)?;
        path.push(*edge);
        action = edge.0.action;
    }
    path.reverse();
    Some(path)
}

fn step(waiter: &str, name: &str, holder: &str) -> String {
    format!("{waiter} waits for the lock `{name}`, which {holder} has")
}
