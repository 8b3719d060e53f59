//! Runs jobs in any tokio program.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Catalogue;
use super::batch::{Batch, StepPrompt};
use super::context::Context;
use super::dispatcher::{Dispatcher, DispatcherOptions, Message, MessageSender};
use super::driver::{self, Reporting, now};
use crate::action::{JobOutput, Spaces, panic};
use crate::catalogue::{Arguments, Options};
use crate::event::{BatchId, CancelReason, ErrorReport, Reporter, Stats};
use crate::secret::{Consent, Passwords, SecretRetention};
use crate::shell::password_domain;
use crate::topology::Topology;
use crate::transport::{ConnectionPool, SocketDir};

/// How long the end of a run waits for work in the background, unless told otherwise.
const BACKGROUND_GRACE: Duration = Duration::from_secs(30);

/// Runs jobs of a catalogue on the sites of a topology, in any tokio program.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use ploy::action::Action;
/// use ploy::catalogue::Catalogue;
/// use ploy::run::Runner;
/// use ploy::topology::{Settings, Topology};
/// use ploy::{Cx, Result, Script};
///
/// async fn hello(cx: Cx) -> Result {
///     cx.shell().run(Script::raw("echo hello")).await?;
///     Ok(())
/// }
///
/// let mut topology = Topology::new();
/// topology.add("here", Settings::new().roles(["greeter"]));
/// let mut catalogue = Catalogue::new();
/// catalogue.add("hello", ["greeter"], [Action::new(hello)]);
///
/// let stats = Runner::new(topology, catalogue)
///     .run(|batch| async move { batch.run("hello").await.into_result() })
///     .await;
/// assert!(stats.is_ok());
/// assert_eq!(stats.succeeded, 1);
/// # }
/// ```
pub struct Runner {
    id: BatchId,
    pub(super) topology: Topology,
    catalogue: Catalogue,
    options: Options,
    overrides: Options,
    background_grace: Duration,
    /// Where connections are kept, if they are.
    pub(super) keep: Option<SocketDir>,
    pub(super) passwords: Passwords,
    consent: Consent,
    step: bool,
    arguments: Arguments,
    reporters: Vec<Box<dyn Reporter>>,
    sender: MessageSender,
    messages: tokio::sync::mpsc::UnboundedReceiver<Message>,
}

/// Cancels a run from elsewhere. Copies are cheap.
#[derive(Clone)]
pub struct Canceller(MessageSender);

impl Canceller {
    /// Cancels the run: nothing more starts, what runs gets TERM and 30 s to end. Once it is being
    /// cancelled, a signal (any reason but [`CancelReason::Requested`]) ends it at once; a program
    /// that means that says [`CancelReason::SecondSignal`].
    pub fn cancel(&self, reason: CancelReason) {
        self.0.send(Message::Cancel(reason));
    }
}

impl Runner {
    /// A run about to begin.
    pub fn new(topology: Topology, catalogue: Catalogue) -> Self {
        let (sender, messages) = MessageSender::new();
        Runner {
            id: new_id(),
            topology,
            catalogue,
            options: Options::new(),
            overrides: Options::new(),
            background_grace: BACKGROUND_GRACE,
            keep: None,
            passwords: Passwords::new(),
            consent: Consent::default(),
            step: false,
            arguments: Arguments::new(),
            reporters: Vec::new(),
            sender,
            messages,
        }
    }

    /// Adds a consumer of the run's events.
    #[must_use]
    pub fn reporter(mut self, reporter: impl Reporter + 'static) -> Self {
        self.reporters.push(Box::new(reporter));
        self
    }

    /// Options that all stages inherit.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Options that hold for all stages, whatever these say themselves. A limit of failures counts
    /// those of all stages together, besides those of each.
    #[must_use]
    pub fn overrides(mut self, options: Options) -> Self {
        self.overrides = options;
        self
    }

    /// How long the end of the run waits for work in the background; 30 s unless set.
    #[must_use]
    pub fn background_grace(mut self, time: Duration) -> Self {
        self.background_grace = time;
        self
    }

    /// Where the run has the passwords for sudo from; without any unless set. A deploy binary asks
    /// on the terminal, or takes them from where its command line says.
    #[must_use]
    pub fn passwords(mut self, passwords: &Passwords) -> Self {
        self.passwords = passwords.clone();
        self
    }

    /// Who answers what jobs and schedules ask by [`Cx::confirm`](crate::action::Cx::confirm) and
    /// [`Batch::confirm`]; nobody unless set.
    #[must_use]
    pub fn consent(mut self, consent: Consent) -> Self {
        self.consent = consent;
        self
    }

    /// Whether somebody is asked on the terminal before each stage.
    #[must_use]
    pub fn step(mut self, yes: bool) -> Self {
        self.step = yes;
        self
    }

    /// What the schedule is given for its parameters: it takes each by [`Batch::argument`].
    #[must_use]
    pub fn arguments(mut self, arguments: Arguments) -> Self {
        self.arguments = arguments;
        self
    }

    /// Keeps ssh connections for ten idle minutes after the run, and takes those that are there, of
    /// this program and of every other of this user: the next run is faster. A deploy binary does
    /// so unless it runs in CI; a program that embeds a run does not unless it says so. The sockets
    /// are in `ploy` under `$XDG_RUNTIME_DIR`, else in `ploy-USER_ID` under the folder for
    /// temporary files, which only this user can enter.
    ///
    /// # Errors
    ///
    /// If there is no such folder, and none can be made.
    pub fn keep_connections(self) -> std::io::Result<Self> {
        let keep = SocketDir::open()?;
        Ok(self.keep(Some(keep)))
    }

    /// Keeps connections there after the run; `None` ends them with it.
    #[doc(hidden)]
    pub fn keep(mut self, keep: Option<SocketDir>) -> Self {
        self.keep = keep;
        self
    }

    /// The id of the run.
    pub fn id(&self) -> &BatchId {
        &self.id
    }

    /// The topology, to be changed until the run starts.
    pub fn topology_mut(&mut self) -> &mut Topology {
        &mut self.topology
    }

    /// The catalogue, to be changed until the run starts.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.catalogue
    }

    /// A way to cancel the run from elsewhere.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.sender.clone())
    }

    /// Lets whoever is asked for a password know for which sites it is.
    pub(super) fn join_domains(&self) {
        for site in self.topology.sites() {
            self.passwords.join(&password_domain(site), site.name());
        }
    }

    /// Runs the schedule, and everything that it starts, to the end. If the returned future is
    /// dropped before, what runs is killed.
    pub async fn run<F, T>(self, schedule: impl FnOnce(Batch) -> F + Send + 'static) -> Stats
    where
        F: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        self.join_domains();
        let _keeping = SecretRetention::begin();
        let Runner {
            id,
            topology,
            catalogue,
            options,
            overrides,
            background_grace,
            keep,
            passwords,
            consent,
            step,
            arguments,
            reporters,
            sender,
            messages,
        } = self;
        let pool = ConnectionPool::new(keep);
        let context = Arc::new(Context {
            batch: id,
            topology: Arc::new(topology),
            catalogue: Arc::new(catalogue),
            pool: pool.clone(),
            dispatcher: sender.clone(),
            last_stage: AtomicU32::new(0),
            spaces: Spaces::default(),
            passwords,
            consent,
            step_prompt: step.then(StepPrompt::default),
            arguments,
        });
        let budget = overrides.max_fail.or(options.max_fail);
        let batch = Batch {
            context: context.clone(),
            defaults: options,
            overrides,
        };
        let schedule = tokio::spawn(async move {
            let result =
                panic::Caught(Box::pin(async move { schedule(batch).await.into_result() })).await;
            let error = match result {
                Ok(Ok(())) => None,
                // The tasks that failed have been told.
                Ok(Err(error)) if error.is_reported() => None,
                Ok(Err(error)) => Some(ErrorReport::from(&error)),
                Err(panic) => Some(*panic),
            };
            sender.send(Message::Over { error });
        });
        let options = DispatcherOptions {
            max_fail: budget,
            background_grace,
            // Without randomness all sites try again at the same time, which is no harm in itself.
            seed: getrandom::u64().unwrap_or_default(),
        };
        let dispatcher = Dispatcher::new(
            context.batch.clone(),
            context.catalogue.clone(),
            options,
            tokio::time::Instant::now(),
        );
        let reporting = Reporting::new(reporters);
        // A task of its own, so that what ends and what starts next can do without another thread.
        let mut driver = EndedWithUs(tokio::spawn(driver::run(
            context, dispatcher, reporting, messages,
        )));
        let stats = match (&mut driver.0).await {
            Ok(stats) => stats,
            Err(lost) => match lost.try_into_panic() {
                // A bug here, and no result.
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is ending, and we with it.
                Err(_) => std::future::pending().await,
            },
        };
        schedule.abort();
        pool.close().await;
        stats
    }
}

/// A task that does not outlive whoever waits for it: a run that is dropped ends what it started.
struct EndedWithUs<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for EndedWithUs<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn new_id() -> BatchId {
    // Without randomness from the system, the nanoseconds of the clock tell runs apart well enough.
    let random = getrandom::u64().unwrap_or_else(|_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(0, |since| u64::from(since.subsec_nanos()))
    });
    BatchId::new(now().as_unix_milliseconds(), random)
}
