//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process: on this machine for everything that we run here, and on
//! another host for those commands of a connection that read an input; the others have a watchdog.
//! It reads orders from its standard input, which only we hold. When that ends (we exited, crashed
//! or were killed), or no heartbeat comes any more (the network was cut, of which a plain sshd
//! hears nothing for hours), it sends TERM, and a little later KILL, to the process group of every
//! registered command that has not ended. A command registers itself before it does anything else,
//! by writing its process id into a named pipe that the reaper reads. So there is no moment at
//! which it runs unguarded, and no file is made for it.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::task::JoinHandle;

use super::reaper_script::{new_pipe_path, reaper_script, registration_script};
use super::registration::Registration;
use crate::error::BoxError;
use crate::transport::askpass::{self, AskpassRequests, AskpassRouter};
use crate::transport::control_channel::{
    ControlSender, RegistrationId, control_channel, forward_control,
};

/// Our end of a reaper.
pub(crate) struct Reaper {
    pipe: String,
    next_id: AtomicU32,
    control: ControlSender,
    router: AskpassRouter,
    writer: JoinHandle<()>,
}

/// A reaper that is about to be started: the path of its named pipe.
pub(crate) struct ReaperPipe(String);

/// The process of a reaper: its standard input and output, and what must live as long as it does.
pub(crate) struct ReaperProcess<W, C> {
    pub(crate) stdin: W,
    pub(crate) stdout: Pin<Box<dyn AsyncRead + Send>>,
    /// Dropped when the reaper is not needed any more.
    pub(crate) child: C,
}

/// A command that was registered with a reaper.
pub(crate) struct Registered {
    pub(crate) registration: Registration,
    /// What the command's shell runs before the command.
    pub(crate) prologue: Vec<u8>,
    /// The requests of the command, if it may make any.
    pub(crate) requests: Option<AskpassRequests>,
}

/// A program that others start, such as rsync on the far side, and that asks us by the sudo before
/// it.
pub(crate) struct AskpassClient {
    /// The words of that sudo, for any login shell.
    pub(crate) sudo: String,
    pub(crate) requests: AskpassRequests,
    /// To be kept as long as the program may ask.
    pub(crate) registration: Registration,
}

/// Why there is no reaper.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReaperError {
    #[error("the server allows no session")]
    SessionRefused,
    #[error("the connection was lost")]
    ConnectionGone,
    #[error("`{0}` cannot be made there")]
    NoPipe(String),
    #[error("{0}")]
    NotStarted(#[source] BoxError),
}

impl ReaperPipe {
    pub(crate) fn new() -> Self {
        ReaperPipe(new_pipe_path())
    }

    /// What the reaper's `sh` is to run.
    pub(crate) fn script(&self) -> String {
        reaper_script(&self.0)
    }
}

impl Reaper {
    /// Takes over a process that runs the [script](ReaperPipe::script) of this pipe. It gets
    /// heartbeats if it is beyond a network. Returns once the reaper is ready for commands to
    /// register.
    pub(crate) async fn attach<W, C>(
        pipe: ReaperPipe,
        process: ReaperProcess<W, C>,
        has_heartbeat: bool,
    ) -> Result<Self, ReaperError>
    where
        W: AsyncWrite + Unpin + Send + 'static,
        C: Send + 'static,
    {
        let ReaperPipe(pipe) = pipe;
        let ReaperProcess {
            stdin,
            stdout,
            child,
        } = process;
        let mut lines = BufReader::new(stdout).lines();
        // A login shell may print something before.
        loop {
            match lines.next_line().await {
                Ok(Some(line)) if line == "ready" => break,
                Ok(Some(_)) => {}
                _ => return Err(ReaperError::NoPipe(pipe)),
            }
        }
        let (control, messages) = control_channel();
        let router = AskpassRouter::default();
        let (dispatcher, weak_control) = (router.clone(), control.downgrade());
        let writer = tokio::spawn(async move {
            let listen = async {
                let (mut output, mut line) = (lines.into_inner(), Vec::new());
                while matches!(output.read_until(b'\n', &mut line).await, Ok(1..)) {
                    if let Some(control) = weak_control.upgrade() {
                        let text = String::from_utf8_lossy(&line);
                        dispatcher.dispatch(text.trim_end(), &control);
                    }
                    line.clear();
                }
            };
            tokio::select! {
                () = forward_control(messages, stdin, has_heartbeat) => {}
                // The reaper itself was killed.
                () = listen => {}
            }
            drop(child);
        });
        Ok(Reaper {
            pipe,
            next_id: AtomicU32::new(1),
            control,
            router,
            writer,
        })
    }

    /// Whether orders still reach it.
    pub(crate) fn is_reachable(&self) -> bool {
        !self.control.is_closed()
    }

    /// Ends the reaper, and with it every registered command that has not ended.
    pub(crate) async fn close(self) {
        drop(self.control);
        let _ = self.writer.await;
    }

    /// Registers one more command. If it `can_ask`, its requests come too.
    pub(crate) fn register(&self, can_ask: bool) -> Registered {
        let id = self.new_id();
        let mut prologue = registration_script(&self.pipe, id);
        let requests = can_ask.then(|| {
            prologue.push_str(&askpass::announce(&self.pipe, id));
            self.router.register(id)
        });
        Registered {
            registration: self.registration(id),
            prologue: prologue.into_bytes(),
            requests,
        }
    }

    /// Lets a program ask that is started by others, and ends by itself.
    pub(crate) fn askpass_client(&self) -> AskpassClient {
        let id = self.new_id();
        AskpassClient {
            sudo: askpass::sudo_words(&self.pipe, id),
            requests: self.router.register(id),
            registration: self.registration(id),
        }
    }

    fn new_id(&self) -> RegistrationId {
        RegistrationId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    fn registration(&self, id: RegistrationId) -> Registration {
        Registration::with_reaper(id, self.control.clone(), self.router.clone())
    }
}
