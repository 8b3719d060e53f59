use tokio::sync::watch;

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

/// The word to end, as something that runs hears it.
#[derive(Clone, Debug)]
pub(crate) struct Cancel(Option<watch::Receiver<CancelLevel>>);

/// Gives the word to end.
pub(crate) type CancelSender = watch::Sender<CancelLevel>;

pub(crate) fn cancel_channel() -> (CancelSender, Cancel) {
    let (sender, receiver) = watch::channel(CancelLevel::None);
    (sender, Cancel(Some(receiver)))
}

impl Cancel {
    /// The word that never comes.
    pub(crate) fn never() -> Self {
        Cancel(None)
    }

    pub(crate) fn level(&self) -> CancelLevel {
        let Some(receiver) = &self.0 else {
            return CancelLevel::None;
        };
        let level = *receiver.borrow();
        // Whoever could give the word is gone, since the action has ended: what it left behind ends at once.
        if receiver.has_changed().is_err() {
            level.max(CancelLevel::Kill)
        } else {
            level
        }
    }

    /// Returns when the level is at least this one.
    pub(crate) async fn reached(&self, level: CancelLevel) {
        match &self.0 {
            // An error means that nobody is left to give the word.
            Some(receiver) => drop(receiver.clone().wait_for(|now| *now >= level).await),
            None => std::future::pending().await,
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
        sender.send_replace(CancelLevel::Term);
        cancel.reached(CancelLevel::Term).await;
        assert_eq!(cancel.level(), CancelLevel::Term);
        drop(sender);
        cancel.reached(CancelLevel::Kill).await;
        assert_eq!(cancel.level(), CancelLevel::Kill);
        assert_eq!(Cancel::never().level(), CancelLevel::None);
    }
}
