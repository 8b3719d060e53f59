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
        self.0
            .as_ref()
            .map_or(CancelLevel::None, |receiver| *receiver.borrow())
    }

    /// Returns when the level is at least this one.
    pub(crate) async fn reached(&self, level: CancelLevel) {
        if let Some(receiver) = &self.0
            && receiver.clone().wait_for(|now| *now >= level).await.is_ok()
        {
            return;
        }
        // Whoever could give the word is gone.
        std::future::pending::<()>().await;
    }
}
