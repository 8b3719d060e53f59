//! Reports when nothing has come from a command for long.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::emitter::Emitter;
use crate::event::{EventKind, SilentSource};

/// How long a silence lasts before it is reported the first time.
const FIRST_NOTICE: Duration = Duration::from_secs(10);

/// The longest time between two reports. Until then each comes when the silence has doubled.
const MAX_INTERVAL: Duration = Duration::from_secs(60);

/// Measures how long nothing has come.
pub(crate) struct SilenceMonitor {
    last_output: Mutex<Instant>,
    /// How many pauses there are: output waits to be taken, or a person is asked for a password.
    /// The command is then not what is waited for.
    pauses: AtomicU32,
}

impl SilenceMonitor {
    pub(crate) fn new() -> Self {
        SilenceMonitor {
            last_output: Mutex::new(Instant::now()),
            pauses: AtomicU32::new(0),
        }
    }

    /// Ends a silence, and begins none until this pause is [over](SilenceMonitor::resume).
    pub(crate) fn pause(&self) {
        self.pauses.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends a pause, and begins a silence if no other goes on.
    pub(crate) fn resume(&self) {
        *self
            .last_output
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.pauses.fetch_sub(1, Ordering::Relaxed);
    }

    fn silent_since(&self) -> Instant {
        if self.pauses.load(Ordering::Relaxed) > 0 {
            return Instant::now();
        }
        *self
            .last_output
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports whenever nothing has come for long. Never returns.
    pub(crate) async fn report(&self, emitter: &dyn Emitter, source: &SilentSource) -> Infallible {
        let (mut since, mut patience) = (self.silent_since(), FIRST_NOTICE);
        loop {
            tokio::time::sleep_until(since + patience).await;
            let now_since = self.silent_since();
            if now_since != since {
                (since, patience) = (now_since, FIRST_NOTICE);
                continue;
            }
            emitter.emit(EventKind::StillWaiting {
                action: emitter.action(),
                source: source.clone(),
                silent: since.elapsed(),
            });
            patience = since.elapsed();
            patience += patience.min(MAX_INTERVAL);
        }
    }
}

/// Waits for a future that belongs to no command, and reports when that takes long.
pub(crate) async fn wait_with_notices<T>(
    future: impl Future<Output = T>,
    emitter: &dyn Emitter,
    source: &SilentSource,
) -> T {
    let silence = SilenceMonitor::new();
    tokio::select! {
        biased;
        done = future => done,
        never = silence.report(emitter, source) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;

    use super::*;
    use crate::event::Stream;
    use crate::event::{ActionId, CommandId};

    /// Records the length of each silence that is reported, in seconds.
    #[derive(Default)]
    struct RecordingEmitter(Mutex<Vec<u64>>);

    impl Emitter for RecordingEmitter {
        fn emit(&self, event: EventKind) {
            let EventKind::StillWaiting { silent, source, .. } = event else {
                panic!("{event:?}");
            };
            assert_eq!(source, connection());
            self.0.lock().unwrap().push(silent.as_secs());
        }

        fn output(
            &self,
            _: CommandId,
            _: Stream,
            _: Vec<u8>,
        ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }

        fn action(&self) -> ActionId {
            ActionId(1)
        }

        fn next_command(&self) -> CommandId {
            CommandId(1)
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
    async fn a_silence_is_reported_when_it_has_doubled_and_then_each_minute() {
        let emitter = Arc::new(RecordingEmitter::default());
        wait_with_notices(after(205), emitter.as_ref(), &connection()).await;
        assert_eq!(*emitter.0.lock().unwrap(), [10, 20, 40, 80, 140, 200]);
    }

    #[tokio::test(start_paused = true)]
    async fn output_ends_a_silence_and_output_that_is_not_taken_is_none() {
        let emitter = RecordingEmitter::default();
        let (silence, source) = (SilenceMonitor::new(), connection());
        tokio::select! {
            never = silence.report(&emitter, &source) => match never {},
            () = async {
                after(9).await;
                silence.pause();
                silence.resume();
                after(9).await;
                silence.pause();
                after(100).await;
                silence.resume();
                after(15).await;
            } => {}
        }
        assert_eq!(*emitter.0.lock().unwrap(), [10]);
    }
}
