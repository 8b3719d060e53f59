//! What is said when all wait for each other.

use super::Wait;

/// How many waits a message lists.
const SHOWN: usize = 20;

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
        assert_eq!(
            bench.table().break_deadlock(),
            [1, 2, 3].map(crate::event::ActionId)
        );
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
