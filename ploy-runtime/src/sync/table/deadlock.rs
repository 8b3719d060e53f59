use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use super::super::request::Name;
use super::Wait;
use super::line::Member;
use super::locks::Locks;
use crate::event::ActionId;

/// How many waits a message lists.
const SHOWN: usize = 20;

/// The circle that would close if this action waited for this lock, in words.
///
/// Only who has a lock counts, not who is before others in its line: an action may wait for several locks and be content
/// with one. What this does not see shows when nothing goes on any more.
pub(super) fn cycle(locks: &Locks, who: &Member, name: &Name) -> Option<String> {
    let held = locks.get(name)?;
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
    if !locks
        .iter()
        .any(|(_, held)| held.holder.action == who.action)
    {
        return None;
    }
    let mut text = step(label, name, &held.holder.label);
    for (waiter, name, holder) in path(locks, held.holder.action, who.action)? {
        let _ = write!(text, "; {}", step(&waiter.label, name, &holder.label));
    }
    Some(text)
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

/// That all these wait and nothing else goes on, in words.
pub(super) fn standstill(waits: &[Wait]) -> String {
    let mut shown: Vec<String> = waits.iter().take(SHOWN).map(Wait::to_string).collect();
    if let Some(more) = waits.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    format!("all that runs waits: {}", shown.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Bench, Hand, label, now};
    use crate::error::Kind;

    #[test]
    fn a_standstill_is_broken_by_a_failure_that_lists_all() {
        let bench = Bench::new();
        assert!(bench.table().break_deadlock().is_empty());
        let _guard = now(bench.lock(1, "a").acquire()).unwrap();
        let mut pop = Hand::begin(bench.queue::<u8>(1, "files", 1).pop());
        let mut lock = Hand::begin(bench.lock(2, "a").acquire());
        let mut latch = Hand::begin(bench.latch(3, "up").wait());
        let waits = bench.table().waits();
        assert_eq!(waits[1].what.to_string(), "the lock `a`");
        assert_eq!(waits[1].holder.as_deref(), Some("upload on web1"));
        assert_eq!(bench.table().break_deadlock(), [1, 2, 3].map(crate::event::ActionId));
        let failures = [
            pop.end().map(|_| ()).unwrap_err(),
            lock.end().map(|_| ()).unwrap_err(),
            latch.end().unwrap_err(),
        ];
        for failure in &failures {
            assert_eq!(failure.kind(), Kind::Deadlock);
            assert_eq!(
                failure.detail().to_string(),
                "all that runs waits: upload on web1 waits for a value in the queue `files`; \
                 backup on web2 waits for the lock `a`, which upload on web1 has; \
                 check on web3 waits for the latch `up`"
            );
        }
        assert_eq!(
            failures[0].to_string(),
            "cannot wait for a value in the queue `files`"
        );
        assert!(bench.table().waits().is_empty());
    }

    #[test]
    fn a_long_list_is_cut() {
        let bench = Bench::new();
        let mut waits: Vec<_> = (0..30)
            .map(|action| Hand::begin(bench.latch(action, "up").wait()))
            .collect();
        bench.table().break_deadlock();
        let text = waits[0].end().unwrap_err().detail().to_string();
        assert!(text.ends_with(&format!(
            "{} waits for the latch `up`; and 10 more",
            label(19)
        )));
    }
}
