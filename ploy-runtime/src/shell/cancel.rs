//! How something that runs is told to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

/// How urgently something is to end. The level only rises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CancelLevel {
    /// Not at all.
    #[default]
    None,
    /// In an orderly way: what runs gets SIGTERM, nothing new starts.
    Term,
    /// At once (SIGKILL).
    Kill,
    /// It did not end, and is not waited for any longer.
    Abandon,
}

/// Tells something that runs when it is to end. Copies are cheap.
#[derive(Clone, Debug)]
pub(crate) struct Cancel(Option<Arc<CancelState>>);

/// Sets the level. Dropped, it raises the level to KILL: what an action left behind ends at once.
#[derive(Debug)]
pub(crate) struct CancelSender(Arc<CancelState>);

#[derive(Debug, Default)]
struct CancelState {
    level: AtomicU8,
    risen: Notify,
}

const LEVELS: [CancelLevel; 4] = [
    CancelLevel::None,
    CancelLevel::Term,
    CancelLevel::Kill,
    CancelLevel::Abandon,
];

/// A level, and what hears of it.
pub(crate) fn cancel_channel() -> (CancelSender, Cancel) {
    let state = Arc::new(CancelState::default());
    (CancelSender(state.clone()), Cancel(Some(state)))
}

impl CancelSender {
    /// Raises the level; never lowers it.
    pub(crate) fn raise(&self, level: CancelLevel) {
        if self.0.level.fetch_max(level as u8, Ordering::AcqRel) < level as u8 {
            self.0.risen.notify_waiters();
        }
    }

    pub(crate) fn level(&self) -> CancelLevel {
        self.0.level()
    }
}

impl Drop for CancelSender {
    fn drop(&mut self) {
        self.raise(CancelLevel::Kill);
    }
}

impl CancelState {
    fn level(&self) -> CancelLevel {
        let level = self.level.load(Ordering::Acquire);
        LEVELS
            .get(usize::from(level))
            .copied()
            .unwrap_or(CancelLevel::Abandon)
    }
}

impl Cancel {
    /// A level that never rises.
    pub(crate) fn never() -> Self {
        Cancel(None)
    }

    pub(crate) fn level(&self) -> CancelLevel {
        self.0
            .as_ref()
            .map_or(CancelLevel::None, |state| state.level())
    }

    /// Returns when the level has reached this one.
    pub(crate) async fn reached(&self, level: CancelLevel) {
        let Some(state) = &self.0 else {
            return std::future::pending().await;
        };
        while state.level() < level {
            let risen = state.risen.notified();
            tokio::pin!(risen);
            // From here on no rise is missed, so the level is read once more.
            risen.as_mut().enable();
            if state.level() < level {
                risen.await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dropping_the_sender_raises_the_level() {
        let (sender, cancel) = cancel_channel();
        assert_eq!(cancel.level(), CancelLevel::None);
        sender.raise(CancelLevel::Term);
        cancel.reached(CancelLevel::Term).await;
        sender.raise(CancelLevel::None);
        assert_eq!(
            (cancel.level(), sender.level()),
            (CancelLevel::Term, CancelLevel::Term)
        );
        drop(sender);
        cancel.reached(CancelLevel::Kill).await;
        assert_eq!(cancel.level(), CancelLevel::Kill);
        assert_eq!(Cancel::never().level(), CancelLevel::None);
    }

    #[tokio::test]
    async fn a_waiter_wakes_at_its_level_and_not_before() {
        let (sender, cancel) = cancel_channel();
        let waiting = tokio::spawn({
            let cancel = cancel.clone();
            async move { cancel.reached(CancelLevel::Kill).await }
        });
        tokio::task::yield_now().await;
        sender.raise(CancelLevel::Term);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        sender.raise(CancelLevel::Abandon);
        waiting.await.unwrap();
    }
}
