//! Reports a transfer as silent only while it moves nothing.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::event::{ActionId, CommandId, EventKind, Stream};
use crate::shell::Emitter;

/// A pause in the transfer of this length counts as silence.
const SILENCE: Duration = Duration::from_secs(10);

/// Passes events on. Reports of silence are dropped or shortened if bytes moved meanwhile.
pub(super) struct ActivityEmitter {
    inner: Arc<dyn Emitter>,
    /// The last progress, and when it was reached.
    moved: Mutex<Option<((u64, u64), Instant)>>,
}

impl ActivityEmitter {
    pub(super) fn new(inner: Arc<dyn Emitter>) -> Self {
        ActivityEmitter {
            inner,
            moved: Mutex::new(None),
        }
    }
}

impl Emitter for ActivityEmitter {
    fn emit(&self, mut event: EventKind) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut event {
            EventKind::TransferProgress { bytes, files, .. } => {
                let now = (*bytes, *files);
                if moved.is_none_or(|(last, _)| last != now) {
                    *moved = Some((now, Instant::now()));
                }
            }
            EventKind::StillWaiting { silent, .. } => {
                if let Some((_, since)) = *moved {
                    let quiet = since.elapsed();
                    if quiet < SILENCE {
                        return;
                    }
                    *silent = (*silent).min(quiet);
                }
            }
            _ => {}
        }
        drop(moved);
        self.inner.emit(event);
    }

    fn output(
        &self,
        command: CommandId,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.inner.output(command, stream, bytes)
    }

    fn action(&self) -> ActionId {
        self.inner.action()
    }

    fn next_command(&self) -> CommandId {
        self.inner.next_command()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionId, CommandId, SilentSource};

    #[derive(Default)]
    struct Told(Mutex<Vec<EventKind>>);

    impl Emitter for Told {
        fn emit(&self, event: EventKind) {
            self.0.lock().unwrap().push(event);
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

    #[tokio::test(start_paused = true)]
    async fn what_moves_is_not_silent() {
        let told = Arc::new(Told::default());
        let emitter = ActivityEmitter::new(told.clone());
        let moved = |bytes| EventKind::TransferProgress {
            action: ActionId(1),
            command: CommandId(1),
            bytes,
            files: 0,
            percent_done: 1,
        };
        let silent = |milliseconds| EventKind::StillWaiting {
            action: ActionId(1),
            source: SilentSource::Command {
                command: CommandId(1),
                script: "it".to_owned(),
            },
            silent: Duration::from_millis(milliseconds),
        };
        emitter.emit(moved(5));
        tokio::time::advance(Duration::from_secs(9)).await;
        emitter.emit(silent(20_000));
        // The same number once more is no movement.
        emitter.emit(moved(5));
        tokio::time::advance(Duration::from_secs(6)).await;
        emitter.emit(silent(40_000));
        let told = told.0.lock().unwrap();
        assert_eq!(*told, [moved(5), moved(5), silent(15_000)]);
    }
}
