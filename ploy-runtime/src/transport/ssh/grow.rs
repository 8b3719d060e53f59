//! Further connections to a destination whose first one is crowded: where sites share it, or the server allows few
//! sessions on each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::host_connections::Route;
use crate::transport::Connection;

/// How many connections one destination has at most.
const MOST: usize = 4;

/// How long after one that failed none is tried.
const PAUSE: Duration = Duration::from_secs(5);

/// How long a session that has ended here may take to have ended there.
const ENDING: Duration = Duration::from_millis(500);

/// How long to wait for a further connection where a server refuses all sessions of the first.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a further connection is being opened.
#[derive(Default)]
pub(crate) struct Widening {
    is_under_way: AtomicBool,
    /// When it was last tried in vain.
    failed: Mutex<Option<Instant>>,
    ended: Notify,
}

impl Widening {
    /// Ends when the next try has ended.
    pub(crate) fn ended(&self) -> Notified<'_> {
        self.ended.notified()
    }

    /// Whether to begin now: not if one is under way, nor soon after one that failed.
    fn begin(&self) -> bool {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_none_or(|failed| failed.elapsed() >= PAUSE)
            && !self.is_under_way.swap(true, Ordering::Relaxed)
    }

    fn end(&self, is_wider: bool) {
        let failed = (!is_wider).then(Instant::now);
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
        self.is_under_way.store(false, Ordering::Relaxed);
        self.ended.notify_waiters();
    }
}

impl Route {
    pub(crate) fn may_widen(&self) -> bool {
        // Who set the number of sessions has set it for all.
        self.max_sessions().is_none() && self.connections().len() < MOST
    }

    /// Opens one more connection in the background, unless that is under way. Nobody waits for it alone: a place may
    /// become free before.
    pub(crate) fn widen(self: &Arc<Self>) {
        if !self.widening.begin() {
            return;
        }
        // The route may be closed meanwhile, and is not to be held open by this.
        let (route, opener) = (Arc::downgrade(self), self.opener.clone());
        let (destination, max_sessions) = (self.destination.clone(), self.max_sessions());
        tokio::spawn(async move {
            let opened = opener.open_alone(&destination, max_sessions).await.ok();
            match (route.upgrade(), opened) {
                (Some(route), opened) => {
                    let is_wider = opened.is_some();
                    route.connections().extend(opened.map(Arc::new));
                    route.widening.end(is_wider);
                }
                (None, Some(connection)) => connection.close().await,
                (None, None) => {}
            }
        });
    }

    /// After a session was refused though no command of ours has one: without the reaper, or by a connection of our own
    /// where somebody else has all sessions of this one.
    pub(crate) async fn make_room(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        refused_for: Duration,
    ) {
        if !connection.guards.give_up_reaper().await && refused_for > ENDING && self.may_widen() {
            let ended = self.widening.ended();
            let so_far = self.connections().len();
            self.widen();
            let _ = tokio::time::timeout(PATIENCE, ended).await;
            if self.connections().len() > so_far {
                // Commands go to the other one meanwhile.
                let sessions = &connection.sessions;
                let free = u32::try_from(sessions.available_permits()).unwrap_or(u32::MAX);
                if free > 0
                    && let Ok(places) = sessions.clone().try_acquire_many_owned(free)
                {
                    connection.rests.give_back_later(places);
                }
            }
        }
        // A session that has ended here may not have there.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
