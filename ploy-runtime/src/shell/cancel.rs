use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

/// How urgently something is to end. Only ever rises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CancelLevel {
    /// Not at all.
    #[default]
    None,
    /// In an orderly way: what runs is asked to end (SIGTERM), nothing new starts.
    Term,
    /// Now (SIGKILL).
    Kill,
    /// It did not end: it is not waited for any longer.
    Abandon,
}

/// The word to end, as something that runs hears it. Copies are cheap.
#[derive(Clone, Debug)]
pub(crate) struct Cancel(Option<Arc<Word>>);

/// Gives the word to end. Whoever could give it and is gone has given it: what an action left behind ends at once.
#[derive(Debug)]
pub(crate) struct CancelSender(Arc<Word>);

#[derive(Debug, Default)]
struct Word {
    level: AtomicU8,
    risen: Notify,
}

const LEVELS: [CancelLevel; 4] = [
    CancelLevel::None,
    CancelLevel::Term,
    CancelLevel::Kill,
    CancelLevel::Abandon,
];

pub(crate) fn cancel_channel() -> (CancelSender, Cancel) {
    let word = Arc::new(Word::default());
    (CancelSender(word.clone()), Cancel(Some(word)))
}

impl CancelSender {
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

impl Word {
    fn level(&self) -> CancelLevel {
        let level = self.level.load(Ordering::Acquire);
        LEVELS
            .get(usize::from(level))
            .copied()
            .unwrap_or(CancelLevel::Abandon)
    }
}

impl Cancel {
    /// The word that never comes.
    pub(crate) fn never() -> Self {
        Cancel(None)
    }

    pub(crate) fn level(&self) -> CancelLevel {
        self.0
            .as_ref()
            .map_or(CancelLevel::None, |word| word.level())
    }

    /// Returns when the level is at least this one.
    pub(crate) async fn reached(&self, level: CancelLevel) {
        let Some(word) = &self.0 else {
            return std::future::pending().await;
        };
        while word.level() < level {
            let risen = word.risen.notified();
            tokio::pin!(risen);
            // From here on no rise is missed, so the level is read once more.
            risen.as_mut().enable();
            if word.level() < level {
                risen.await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_whoever_gives_the_word_is_the_word() {
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
    async fn who_waits_is_woken() {
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
