//! The connections that are kept, seen from outside a run.

use std::time::Duration;

use openssh::Session;

use super::process;
use super::socket_dir::Keep;
use super::socket_dir::Note;
use super::socket_dir::Place;

/// A connection that is kept.
pub(crate) struct Kept {
    /// Where it leads.
    pub(crate) destination: String,
    /// How long ago it was last used, to within a few seconds.
    pub(crate) idle: Duration,
    host: String,
    place: Place,
}

/// All connections that are kept for this user and stand. What is left of others is removed.
pub(crate) async fn kept() -> std::io::Result<Vec<Kept>> {
    let mut found = Vec::new();
    for (place, Note { destination, host }) in Keep::open()?.places() {
        if stands(&place).await {
            found.push(Kept {
                destination,
                idle: place.idle(),
                host,
                place,
            });
        } else if let Ok(_lock) = place.lock().await
            && !stands(&place).await
        {
            place.clear();
        }
    }
    Ok(found)
}

impl Kept {
    /// Whether it is the one to this destination, or host.
    pub(crate) fn is_to(&self, name: &str) -> bool {
        self.destination == name || self.host == name
    }

    /// Ends it, and whatever runs over it. Whether it has ended.
    pub(crate) async fn close(&self) -> bool {
        // Nobody is to start another in its place meanwhile.
        let _lock = self.place.lock().await;
        process::stop(&self.place.socket, &self.host).await;
        let ended = !stands(&self.place).await;
        if ended {
            self.place.clear();
        }
        ended
    }
}

async fn stands(place: &Place) -> bool {
    let session = Session::resume_mux(place.socket.clone().into_boxed_path(), None);
    let check = tokio::time::timeout(Duration::from_secs(5), session.check()).await;
    matches!(check, Ok(Ok(())))
}
