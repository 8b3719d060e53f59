//! Lists and closes kept connections, for commands outside of a run.

use std::time::Duration;

use openssh::Session;

use super::control::stop_master;
use super::socket_dir::SlotRecord;
use super::socket_dir::SocketDir;
use super::socket_dir::SocketSlot;

/// How long a master may take to say that it is alive.
const CHECK_LIMIT: Duration = Duration::from_secs(5);

/// A connection that is kept.
pub struct KeptConnection {
    /// Its destination, as messages have it.
    pub destination: String,
    /// How long ago it was last used, to within a few seconds.
    pub idle_time: Duration,
    host: String,
    slot: SocketSlot,
}

/// All kept connections of this user that are alive. What is left of others is removed.
pub async fn kept_connections() -> std::io::Result<Vec<KeptConnection>> {
    let mut found = Vec::new();
    for (slot, SlotRecord { destination, host }) in SocketDir::open()?.slots() {
        if is_alive(&slot).await {
            found.push(KeptConnection {
                destination,
                idle_time: slot.idle_time(),
                host,
                slot,
            });
        } else if let Ok(_lock) = slot.lock().await
            && !is_alive(&slot).await
        {
            slot.clear();
        }
    }
    Ok(found)
}

impl KeptConnection {
    /// Whether it leads to this destination, or host.
    pub fn is_for(&self, name: &str) -> bool {
        self.destination == name || self.host == name
    }

    /// Ends it, and whatever runs over it. Returns whether it has ended.
    pub async fn close(&self) -> bool {
        // No program may start another in its slot meanwhile.
        let _lock = self.slot.lock().await;
        stop_master(&self.slot.socket, &self.host).await;
        let ended = !is_alive(&self.slot).await;
        if ended {
            self.slot.clear();
        }
        ended
    }
}

async fn is_alive(slot: &SocketSlot) -> bool {
    let session = Session::resume_mux(slot.socket.clone().into_boxed_path(), None);
    let check = tokio::time::timeout(CHECK_LIMIT, session.check()).await;
    matches!(check, Ok(Ok(())))
}
