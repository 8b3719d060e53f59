//! Waiting for the end of a command, and passing on what it puts out meanwhile.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::CancelLevel;
use super::attend::{Waits, attend};
use super::characters::Characters;
use super::log::Log;
use super::silence::Silence;
use super::sink::Sink;
use super::stream::{Chunk, INPUT, LOG, Passage, Trouble};
use super::watched::{EndedBy, Watched};
use crate::error::Failure;
use crate::event::{SilentSource, Stream};
use crate::secret::Mask;
use crate::transport::{Exit, Process, Signal};

/// How long a command whose time is up, or that was left behind, has between TERM and KILL.
const TERM_TO_KILL: Duration = Duration::from_secs(5);

/// How long a killed command may take to be gone before we stop waiting for it.
const KILL_TO_GIVE_UP: Duration = Duration::from_secs(3);

/// How long children that a command left behind have between TERM and KILL.
const LEFT_BEHIND: Duration = Duration::from_secs(2);

/// Where the output of a command goes besides the view, or instead of it.
#[derive(Default)]
pub(super) struct Outlets {
    pub(super) stdout: Option<Sink>,
    pub(super) stderr: Option<Sink>,
    pub(super) log: Option<Sink>,
    pub(super) lines: Option<mpsc::Sender<Chunk>>,
}

impl Watched<'_> {
    /// Waits for the end of the process, passing on what it puts out, and ends it when it is told or its time is up.
    pub(crate) async fn watch(&mut self, process: Process) -> Result<Exit, Failure> {
        self.watch_with(process, Outlets::default()).await
    }

    pub(super) async fn watch_with(
        &mut self,
        process: Process,
        outlets: Outlets,
    ) -> Result<Exit, Failure> {
        let Process {
            stdout,
            stderr,
            asks,
            mut feed,
            mut wait,
            mut group,
            wait_last,
        } = process;
        let emitter = &self.shell.0.emitter;
        let cancel = &self.shell.0.cancel;
        let (mut ended_by, begin) = (None, self.begin);
        let (mut out, mut err) = (self.stdout.take(), self.stderr.take());
        let (end, ended) = tokio::sync::watch::channel(None);
        let (tell_trouble, mut troubles) = mpsc::unbounded_channel();
        let silence = Silence::new();
        let is_written =
            outlets.stdout.is_some() || outlets.stderr.is_some() || outlets.log.is_some();
        let log = outlets.log.map(|sink| Log::new(self.shell.name(), sink));
        let passage = |stream, outlet: Option<Sink>| Passage {
            stream,
            command: self.number,
            emitter: emitter.as_ref(),
            outlet: outlet.into(),
            log: log.as_ref(),
            lines: outlets.lines.clone(),
            silence: &silence,
            troubles: tell_trouble.clone(),
            mask: Mask::default(),
            characters: Characters::default(),
        };
        let passages = (
            passage(Stream::Stdout, outlets.stdout),
            passage(Stream::Stderr, outlets.stderr),
        );
        drop(outlets.lines);
        let streams = async {
            if let Some(log) = &log
                && let Err(error) = log.begin(&self.shown).await
            {
                let _ = tell_trouble.send((LOG, error));
            }
            tokio::join!(
                passages.0.pass_on(stdout, &mut out, &ended),
                passages.1.pass_on(stderr, &mut err, &ended),
            );
        };
        // Until the end of both.
        let mut streams = Some(Box::pin(streams));
        let waits = Waits::default();
        let mut attended = Some(Box::pin(attend(
            self.shell,
            asks,
            &self.secrets,
            &waits,
            &silence,
        )));
        let mut denied = None;
        let source = SilentSource::Command {
            command: self.number.into(),
            script: self.shown.clone(),
        };
        let mut told = Box::pin(silence.tell(emitter.as_ref(), &source));
        let mut deadline = self
            .timeout
            .map(|limit| tokio::time::Instant::from_std(begin + limit));
        let mut level = CancelLevel::None;
        let mut trouble: Option<Trouble> = None;
        let exit = loop {
            let next = match level {
                CancelLevel::None => CancelLevel::Term,
                _ => CancelLevel::Kill,
            };
            tokio::select! {
                exit = &mut wait, if !(wait_last && streams.is_some()) => break exit,
                () = end_of(&mut streams) => streams = None,
                never = &mut told => match never {},
                failure = end_of(&mut attended), if level == CancelLevel::None => {
                    denied = Some(failure);
                    attended = None;
                    ended_by = Some(EndedBy::Trouble);
                    level = CancelLevel::Term;
                    group.signal(Signal::Term);
                    deadline = Some(tokio::time::Instant::now() + TERM_TO_KILL);
                }
                // A command need not read all of it, nor any: its end is not waited for.
                fed = end_of(&mut feed) => {
                    feed = None;
                    if let Err(error) = fed {
                        let _ = tell_trouble.send((INPUT, error));
                    }
                }
                Some(found) = troubles.recv(), if trouble.is_none() && ended_by.is_none() => {
                    attended = None;
                    trouble = Some(found);
                    ended_by = Some(EndedBy::Trouble);
                    level = CancelLevel::Term;
                    group.signal(Signal::Term);
                    deadline = Some(tokio::time::Instant::now() + TERM_TO_KILL);
                }
                () = cancel.reached(next), if level < CancelLevel::Kill => {
                    ended_by.get_or_insert(EndedBy::Cancel);
                    // Nobody is asked for it any more.
                    attended = None;
                    level = cancel.level().min(CancelLevel::Kill);
                    group.signal(if level == CancelLevel::Kill { Signal::Kill } else { Signal::Term });
                    // Whoever cancels decides when TERM becomes KILL.
                    deadline = (level == CancelLevel::Kill).then(|| tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                }
                () = at(deadline) => {
                    if let (CancelLevel::None, Some(limit)) = (level, self.timeout)
                        && let Some(later) = waits.put_off(begin + limit)
                    {
                        deadline = Some(tokio::time::Instant::from_std(later));
                        continue;
                    }
                    // It may have ended: whoever is to take its output may be stuck.
                    if level == CancelLevel::Kill && wait_last && streams.take().is_some() {
                        deadline = Some(tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                        continue;
                    }
                    if level == CancelLevel::Kill {
                        self.was_killed = true;
                        break Err(self.did_not_end(group.id()));
                    }
                    ended_by.get_or_insert(EndedBy::Timeout(self.timeout.unwrap_or_default()));
                    level = if level == CancelLevel::None { CancelLevel::Term } else { CancelLevel::Kill };
                    let (signal, more) = match level {
                        CancelLevel::Kill => (Signal::Kill, KILL_TO_GIVE_UP),
                        _ => (Signal::Term, TERM_TO_KILL),
                    };
                    attended = None;
                    group.signal(signal);
                    deadline = Some(tokio::time::Instant::now() + more);
                }
            }
        };
        self.was_killed |= level >= CancelLevel::Kill;
        drop((feed, attended));
        let duration = begin.elapsed();
        end.send_replace(Some(Instant::now()));
        // What it left behind in the background is told to end too; else its output could stay open for ever.
        // A group that was ended by us is dying already.
        let left_behind = exit.is_ok() && group.ended() && ended_by.is_none();
        let known = exit.as_ref().ok().copied();
        let rest = async {
            if let Some(streams) = &mut streams {
                streams.await;
            }
            if let Some(log) = &log
                && let Err(error) = log.end(known, duration).await
            {
                let _ = tell_trouble.send((LOG, error));
            }
        };
        let limit = match ended_by {
            None => deadline,
            // Whoever cancels decides for how long.
            Some(EndedBy::Cancel) => None,
            Some(_) => Some(tokio::time::Instant::now() + KILL_TO_GIVE_UP),
        };
        tokio::select! {
            () = rest => {}
            // Whoever is to take the output may be stuck.
            () = cancel.reached(CancelLevel::Kill) => {}
            () = at(limit), if is_written => {
                ended_by.get_or_insert(EndedBy::Timeout(self.timeout.unwrap_or_default()));
            }
        }
        drop((streams, told));
        if left_behind {
            group.clear(LEFT_BEHIND).await;
        }
        drop(group);
        // A writer may fail at the end only.
        if let (None, Ok(found)) = (ended_by, troubles.try_recv()) {
            trouble = Some(found);
            ended_by = Some(EndedBy::Trouble);
        }
        (self.stdout, self.stderr) = (out, err);
        self.ended_by = ended_by;
        self.finished(known, left_behind);
        if let Some(denied) = denied {
            return Err(denied);
        }
        match (exit, trouble) {
            (Ok(exit), Some((what, error))) => Err(self.could_not(what, error, exit)),
            (exit, _) => exit,
        }
    }
}

/// What comes of a future, once there is one.
async fn end_of<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn at(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
