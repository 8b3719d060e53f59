//! What is told of a command from which nothing comes.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Emitter;
use crate::event::{EventKind, SilentSource};

/// How long nothing comes before it is told.
const FIRST: Duration = Duration::from_secs(10);

/// How often it is told again, at most: until then whenever the silence has doubled.
const AGAIN: Duration = Duration::from_secs(60);

/// When something was last heard.
pub(super) struct Silence {
    heard: Mutex<Instant>,
    /// How much has been heard that nobody has taken yet: then the command is not what is waited for.
    held: AtomicU32,
}

impl Silence {
    pub(super) fn new() -> Self {
        Silence {
            heard: Mutex::new(Instant::now()),
            held: AtomicU32::new(0),
        }
    }

    /// Notes that something came.
    pub(super) fn break_off(&self) {
        self.held.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that it has been taken.
    pub(super) fn begin(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.held.fetch_sub(1, Ordering::Relaxed);
    }

    fn heard(&self) -> Instant {
        if self.held.load(Ordering::Relaxed) > 0 {
            return Instant::now();
        }
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whenever nothing has come for long. Never ends.
    pub(super) async fn tell(&self, emitter: &dyn Emitter, source: &SilentSource) -> Infallible {
        let (mut since, mut patience) = (self.heard(), FIRST);
        loop {
            tokio::time::sleep_until(since + patience).await;
            let heard = self.heard();
            if heard != since {
                (since, patience) = (heard, FIRST);
                continue;
            }
            emitter.emit(EventKind::StillWaiting {
                action: emitter.action().into(),
                source: source.clone(),
                silent: since.elapsed(),
            });
            patience = since.elapsed();
            patience += patience.min(AGAIN);
        }
    }
}

/// What comes of a future; tells when it takes long.
pub(crate) async fn patiently<T>(
    future: impl Future<Output = T>,
    emitter: &dyn Emitter,
    source: &SilentSource,
) -> T {
    let silence = Silence::new();
    tokio::select! {
        biased;
        done = future => done,
        never = silence.tell(emitter, source) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;

    use super::*;
    use crate::event::Stream;

    /// Keeps how long the silences were that it was told of.
    #[derive(Default)]
    struct Told(Mutex<Vec<u64>>);

    impl Emitter for Told {
        fn emit(&self, event: EventKind) {
            let EventKind::StillWaiting { silent, source, .. } = event else {
                panic!("{event:?}");
            };
            assert_eq!(source, connection());
            self.0.lock().unwrap().push(silent.as_secs());
        }

        fn output(
            &self,
            _: u32,
            _: Stream,
            _: Vec<u8>,
        ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }

        fn action(&self) -> u32 {
            1
        }

        fn next_command(&self) -> u32 {
            1
        }
    }

    fn connection() -> SilentSource {
        SilentSource::Connection {
            host: "web1".to_owned(),
        }
    }

    async fn after(seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_told_when_it_has_doubled_and_then_each_minute() {
        let told = Arc::new(Told::default());
        patiently(after(205), told.as_ref(), &connection()).await;
        assert_eq!(*told.0.lock().unwrap(), [10, 20, 40, 80, 140, 200]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_ends_the_silence_and_what_is_not_taken_is_none() {
        let told = Told::default();
        let (silence, source) = (Silence::new(), connection());
        tokio::select! {
            never = silence.tell(&told, &source) => match never {},
            () = async {
                after(9).await;
                silence.break_off();
                silence.begin();
                after(9).await;
                silence.break_off();
                after(100).await;
                silence.begin();
                after(15).await;
            } => {}
        }
        assert_eq!(*told.0.lock().unwrap(), [10]);
    }
}
