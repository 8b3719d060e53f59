//! Further connections to a destination whose first one is crowded: many sites share it, or the
//! server allows few sessions on each.

use std::sync::Arc;
use std::time::Duration;

use super::connection::Connection;
use super::host_connections::HostConnections;

/// How many connections one destination has at most.
const MAX_CONNECTIONS: usize = 4;

/// How long a session that has ended here may take to end on the server.
const SESSION_END_LIMIT: Duration = Duration::from_millis(500);

/// How long to wait for a further connection where a server refuses all sessions of the first.
const GROWTH_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait before a refused session is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

impl HostConnections {
    pub(super) fn can_grow(&self) -> bool {
        // A limit that a site sets is the limit of all connections together.
        self.max_sessions().is_none() && self.connections().len() < MAX_CONNECTIONS
    }

    /// Opens one more connection in the background, unless one is being opened. Nobody waits for it
    /// alone: a session may become free before.
    pub(super) fn grow(self: &Arc<Self>) {
        if !self.growth.try_begin() {
            return;
        }
        // The destination may be closed meanwhile, and this must not keep it open.
        let (host, opener) = (Arc::downgrade(self), self.opener.clone());
        let (destination, max_sessions) = (self.destination.clone(), self.max_sessions());
        tokio::spawn(async move {
            let opened = opener.open_own(&destination, max_sessions).await.ok();
            match (host.upgrade(), opened) {
                (Some(host), opened) => {
                    let has_succeeded = opened.is_some();
                    host.connections().extend(opened.map(Arc::new));
                    host.growth.end(has_succeeded);
                }
                (None, Some(connection)) => connection.close().await,
                (None, None) => {}
            }
        });
    }

    /// Makes room after a session was refused though no command of ours has one. Either our reaper
    /// has the only session, or others have them all, and we need a connection of our own.
    pub(super) async fn make_room(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        refused_for: Duration,
    ) {
        if !connection.guards.give_up_reaper().await
            && refused_for > SESSION_END_LIMIT
            && self.can_grow()
        {
            let ended = self.growth.ended();
            let count = self.connections().len();
            self.grow();
            let _ = tokio::time::timeout(GROWTH_LIMIT, ended).await;
            if self.connections().len() > count {
                connection.avoid_for_a_while();
            }
        }
        // A session that has ended here may not have ended on the server.
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}
