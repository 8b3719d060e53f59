//! Write your own deploy binary.
//!
//! Jobs are functions. Sites are a macro. `cargo run -- upload-web` runs a job on every site that carries its roles, on this
//! machine or over ssh. A role, a job or a setting that does not exist does not compile, and neither does a shell command with
//! an unquoted value in it.
//!
//! # A deploy binary in one file
//!
//! ```no_run,standalone_crate
#![doc = include_str!("../examples/tour.rs")]
//! # #[cfg(any())] fn main() {}
//! ```
//!
//! `cargo run -- upload-web` runs a job, `cargo run -- upload-web upgrade-web --roles web` runs two on some of their sites,
//! `cargo run -- release` runs a schedule. `list` shows all jobs, `sites` all sites, and `plan release` what would run where.
//! `-o group`, `-b` and `-o table` show the sites of a run in groups, folded where they are alike, or as a table; `-v` shows more,
//! `-q` only what goes wrong. What failed is told last, with the command that tries it again.
//!
//! # Sites
//!
//! A *site* is a named place where a shell can run. Without a `host` it is on this machine. A *role* is a name for a group of
//! sites, and every site is also a role of its own name. [`sites!`] makes a module `topology`, in which each of them is an item:
//!
//! ```standalone_crate
//! ploy::sites! {
//!     site web1 { roles: ["web"], host: "web1.example.com", vars: { keep: 3 } }
//!     site "db[1-3]" { roles: ["db"], host: "{name}.example.com" }
//!     update ["web", "db"] { user: "deploy" }
//! }
//!
//! fn main() {
//!     let sites = topology::topology();
//!     assert_eq!(sites.list([topology::roles::db]).len(), 3);
//!     let web1 = sites.get("web1").unwrap();
//!     assert_eq!(web1.user.as_deref(), Some("deploy")); // a site has its settings as fields
//!     assert_eq!(web1.var::<u32>("keep").unwrap(), 3); // and values of your own, of any type that serde knows
//! }
//! ```
//!
//! Everything that the macro does can be done by hand: see [`Topology`] and [`Settings`].
//!
//! # Jobs
//!
//! A *job* is a name and its *actions*; [`#[job]`](macro@job) makes one of a function, and [`#[action]`](macro@action) adds
//! another function to it. Each action has roles of its own, and runs at most once on a site however many of them the site
//! carries. The actions of a job start together on a site; the job has ended there when all of them have.
//!
//! ```standalone_crate
//! # ploy::sites! { site web1 { roles: ["web", "primary"] } site web2 { roles: ["web"] } }
//! use ploy::prelude::*;
//!
//! /// Upload the new release. (The first line is what `list` shows.)
//! #[job(name = "upload-web", roles = ["web"])]
//! async fn upload(cx: Cx) -> Result {
//!     cx.shell().run(cmd!("touch uploaded")).await?;
//!     Ok(())
//! }
//!
//! // On web1 only, at the same time.
//! #[action(job = upload, roles = ["primary"])]
//! async fn backup(cx: Cx) -> Result {
//!     cx.report(format_args!("{} is the primary", cx.site().name()));
//!     Ok(())
//! }
//!
//! // A plain function may block: it has a thread of its own. Any error type will do.
//! #[job(roles = ["web"])]
//! fn check_page(cx: Cx) -> std::io::Result<()> {
//!     let page = cx.blocking().run(cmd!("cat index.html")).map_err(std::io::Error::other)?;
//!     if page.text().is_empty() {
//!         cx.fail("the page is empty"); // marks the action as failed, and goes on
//!     }
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! What an action is handed is its [`Cx`]: the site, the ids of the run, shells, and ways to say something.
//!
//! # Commands
//!
//! [`Shell::run`] takes a [`Script`], which [`cmd!`] makes. Every `{value}` in it is quoted for the shell:
//!
//! ```
//! use ploy::cmd;
//!
//! let (dir, files) = ("my files", ["a.txt", "it's b.txt"]);
//! let script = cmd!("tar czf {dir}.tgz -C {dir} {files...}");
//! assert_eq!(script.to_string(), r#"tar czf 'my files'.tgz -C 'my files' a.txt "it's b.txt""#);
//!
//! let nothing = "";
//! assert!(cmd!("rm -rf {nothing}/*").text().is_err()); // refused when it would run
//! ```
//!
//! Awaiting it gives an [`Output`], or a [`Failure`] if the exit status is not 0. [`PendingCommand`] has the options, and so has a
//! [`Command`] that is made beforehand: `cwd`, `env`, `stdin`, `timeout`, `capture_limit`, `unchecked`, `show` for what of it is
//! shown, and `stdout`, `stderr` and `log` to write it elsewhere. Without them all output is shown as it comes. The last 64 KiB
//! of each stream are captured. [`PendingCommand::lines`] gives the output line by line, and [`Shell::detach`] starts a service that
//! outlives the run:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> ploy::Result {
//! use std::time::Duration;
//!
//! use ploy::event::Show;
//! use ploy::{Shell, cmd};
//!
//! let shell = Shell::local();
//! let sorted = shell.run(cmd!("sort")).stdin("b\na\n").show(Show::Errors).await?;
//! assert_eq!(sorted.lines().collect::<Vec<_>>(), ["a", "b"]);
//!
//! let mut lines = shell.run(cmd!("for n in 1 2 3; do echo $n; done")).timeout(Duration::from_secs(60)).lines();
//! let mut sum = 0;
//! while let Some(line) = lines.next().await {
//!     sum += line?.text().parse::<u32>()?;
//! }
//! assert_eq!(sum, 6);
//! # Ok(())
//! # }
//! ```
//!
//! [`Cx::local`] is a shell on this machine on any site, and [`Shell::local`] and [`Shell::ssh`] need no job:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> ploy::Result {
//! use ploy::error::Kind;
//! use ploy::{Shell, cmd};
//!
//! let shell = Shell::local();
//! let count: u32 = shell.run(cmd!("echo 5")).await?.text().parse()?;
//! assert_eq!(count, 5);
//! let failure = shell.run(cmd!["echo 'no such thing' >&2", "exit 3"]).await.unwrap_err();
//! assert_eq!(failure.kind(), Kind::Command);
//! assert_eq!(failure.command().unwrap().code, Some(3));
//! # Ok(())
//! # }
//! ```
//!
//! ssh is the user's own: hosts, keys, agents, jump hosts and the policy on host keys are those of `~/.ssh/config`. It never
//! asks for anything. Sites of one destination share a connection, which a deploy binary keeps for ten idle minutes after its
//! run; a program that embeds a run says [`Runner::keep_connections`] for that. Whatever a command starts ends with it, also
//! when this program is killed, the connection is lost or the network is cut; what is to stay is started by [`Shell::detach`].
//!
//! # Files
//!
//! [`Shell::upload`] and [`Shell::download`] move files and folders by rsync over the same connection, and tell how far they
//! are. Nothing is deleted unless they [`mirror`](Transfer::mirror). [`Shell::write`] puts a single file into place, whole or not
//! at all, with a mode and an owner, and says whether it has changed; [`Shell::read`] gets one. With the feature `template`,
//! `Shell::template` fills in a file in the language of Jinja and writes it.
//!
//! ```standalone_crate
//! # ploy::sites! { site web1 { roles: ["web"] } }
//! use ploy::prelude::*;
//!
//! #[job(roles = ["web"])]
//! async fn configure(cx: Cx) -> Result {
//!     cx.shell().upload("dist/", "/srv/www").mirror().exclude("uploads/").await?;
//!     let port = 8080;
//!     let page = format!("listen {port};\n");
//!     if cx.shell().write("/etc/app/app.conf", page).mode(0o640).owner("root:app").await?.changed {
//!         cx.shell().run(cmd!("systemctl reload app")).await?;
//!     }
//!     let name = cx.site().name();
//!     cx.shell().download("/var/log/app/", format!("logs/{name}")).await?;
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! # Schedules
//!
//! A *stage* is a list of jobs run in a [`Mode`], and a *schedule* is a sequence of stages: a function that returns a
//! [`Schedule`], which `plan` can show, or an async function that runs stages of a [`Batch`] as it goes.
//!
//! | | order |
//! |---|---|
//! | `run` | site-sequential: on each site job after job; sites do not wait for each other |
//! | `sequential` | a job begins when the one before it has ended on all sites |
//! | `atomic` | one task at a time, job by job and within it site by site |
//! | `rolling` | all jobs on a group of sites, then on the next ([`Groups`]), with a pause or a [`HealthCheck`] between them |
//! | `parallel` | everything at once |
//!
//! A failed task ends its site's chain of jobs; other sites go on (see [`Stage::break_on_error`] and [`Stage::max_fail`]). Tasks
//! run on 32 sites of a stage at a time ([`Stage::fanout`]). What fails may be tried again ([`Stage::retries`]), and what runs too
//! long is ended ([`Stage::timeout`], [`Stage::task_timeout`]).
//!
//! ```standalone_crate
//! # ploy::sites! { site web1 { roles: ["web"] } }
//! # use ploy::prelude::*;
//! # use topology::roles;
//! # #[job(roles = ["web"])] fn upload() {}
//! # #[job(roles = ["web"])] fn upgrade() {}
//! # #[job(roles = ["web"])] fn roll_back() {}
//! #[schedule]
//! async fn release(batch: Batch) -> Result {
//!     let outcome = batch.sequential(jobs![upload, upgrade]).on([roles::web]).await;
//!     if outcome.failed() {
//!         for error in outcome.errors() {
//!             eprintln!("{error}");
//!         }
//!         batch.parallel(jobs![roll_back]).await.into_result()?;
//!     }
//!     outcome.into_result()
//! }
//! # fn main() {}
//! ```
//!
//! A failed task makes the run fail even where the schedule goes on, unless it says [`Outcome::allow_failure`]. In a schedule in
//! data a stage may begin because another failed ([`Stage::on_failure`]), or however it ended ([`Stage::always`]).
//!
//! # Parameters
//!
//! Further arguments of a job's function are options of the command line, and what `jobs![..]` is given:
//!
//! ```standalone_crate
//! # ploy::sites! { site web1 { roles: ["web"] } }
//! use ploy::prelude::*;
//!
//! #[derive(Clone, ParamValue)]
//! enum Target {
//!     Staging,
//!     Production,
//! }
//!
//! /// Upload a release: `deploy upload --tag v1 --target staging`.
//! #[job(roles = ["web"])]
//! async fn upload(
//!     cx: Cx,
//!     /// The release, by its tag
//!     tag: String,
//!     #[param(default = Target::Staging)] target: Target,
//! ) -> Result {
//!     cx.report(format_args!("{tag} goes {}", match target { Target::Staging => "to staging", Target::Production => "live" }));
//!     Ok(())
//! }
//!
//! #[schedule]
//! fn release(tag: String) -> Schedule {
//!     Schedule::new().run(jobs![upload(tag, target = Target::Production)])
//! }
//! # fn main() {}
//! ```
//!
//! [`macro@job`] tells which types there are. An action takes some of its job's parameters. A [`Secret`] comes from a file or a
//! descriptor. By hand a parameter is a [`Param`], given by [`JobRef::with`] and taken by [`Cx::argument`].
//!
//! # What jobs share
//!
//! Values go into a [`Space`], by a [`Key`] that has their type: one for the run ([`Cx::space`]) and one for each site in it
//! ([`Cx::site_space`]). Actions wait for each other by name, at a [`Cx::lock`], a [`Cx::queue`], a [`Cx::latch`] or a
//! [`Cx::barrier`]; while they do, their place goes to another site, and a deadlock is told rather than waited out.
//!
//! ```standalone_crate
//! # ploy::sites! { site "web[1-3]" { roles: ["web"] } }
//! # use ploy::prelude::*;
//! const MIGRATED: Key<u32> = Key::new("migrated");
//!
//! #[job(roles = ["web"])]
//! async fn migrate(cx: Cx) -> Result {
//!     cx.shell().run(cmd!("echo fetched")).await?;
//!     cx.barrier("fetched").wait().await?; // on every site, before any goes on
//!     let _one_by_one = cx.lock("database").acquire().await?;
//!     cx.space().update(MIGRATED, |count| *count += 1);
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! [`Cx::defer`] starts work that the task waits for, and [`Cx::background`] work that outlives it.
//!
//! # Choosing sites
//!
//! [`Stage::on`], [`Topology::select`] and `--limit` take a [`Selector`]: names, roles, ranges and patterns, joined by `,` `&` `!`
//! and `^`. What matches nothing is an error.
//!
//! # More than one crate
//!
//! A crate with [`sites!`], crates with jobs, and a binary with [`main!`]. Each job crate says `use fleet::topology;` once at its
//! root; a job for any fleet says `topology = any`. The binary names the crates, as the linker drops what nobody names, and may
//! name a function that changes the topology before anything is checked:
//!
//! ```no_run,standalone_crate
//! # mod fleet { ploy::sites! { crate = ::ploy; role "canary"; } }
//! # mod web_jobs {}
//! # mod db_jobs {}
//! use ploy::catalogue::Catalogue;
//! use ploy::topology::{Settings, Topology};
//! use ploy::Result;
//!
//! async fn canaries(topology: &mut Topology, _: &mut Catalogue) -> Result {
//!     topology.add("canary1", Settings::new().roles(["canary"]).host("canary1.example.com"));
//!     Ok(())
//! }
//!
//! ploy::main! { topology: fleet::topology, uses: [web_jobs, db_jobs], setup: canaries }
//! # #[cfg(any())] fn main() {}
//! ```
//!
//! # Errors
//!
//! A job returns [`Result`], or any `Result<(), E>` whose error turns into a boxed one, so `anyhow` works. Operations of the
//! library return [`Failure`], which implements [`std::error::Error`]. [`Error`] is made from any error by `?`; the trait
//! [`Context`] adds what was being done, and is not in the [`prelude`], where it would clash with `anyhow`'s. Both know their
//! [`Kind`], what to do about it if that is known, and for a failed command its exit code and the end of what it put out.
//!
//! ```standalone_crate
//! # ploy::sites! { site web1 { roles: ["web"] } }
//! use anyhow::Context as _;
//! use ploy::prelude::*;
//!
//! #[job(roles = ["web"])]
//! async fn check_disk(cx: Cx) -> anyhow::Result<()> {
//!     let used = cx.shell().run(cmd!("df -P / | awk 'NR == 2 {{ print $5 + 0 }}'")).await?;
//!     let used: u8 = used.text().parse().context("the percentage that df shows")?;
//!     anyhow::ensure!(used < 95, "the disk is {used} % full");
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! A run shows failures once more at its end, with the place in the source that asked for what failed.
//!
//! # Exit codes
//!
//! | code | |
//! |---|---|
//! | 0 | everything went well |
//! | 1 | a job failed |
//! | 2 | the command line, the sites or the jobs are wrong, or nothing matched |
//! | 3 | more tasks failed than a stage, or the run, allows, so others were not started |
//! | 4 | all that failed was that sites could not be reached |
//! | 6 | what was looked at beforehand is wrong: by `check`, or by `--ask-sudo-pass` the password for sudo |
//! | 130, 143 | ended by Ctrl-C, or by TERM or HUP |
//!
//! Of several the first counts in this order: a signal, 2, 6, 3, 1, 4.
//!
//! # For programs
//!
//! A run is a stream of [`Event`]s, and a [`Reporter`] is told of each: [`Runner::reporter`] adds one, as often as wanted.
//! [`report::Json`] writes them as lines of JSON (`--output json`), [`report::Junit`] writes a report of tests when the run ends
//! (`--junit FILE`; the feature `junit`), and [`report::Annotations`] shows failures beside the source in GitHub Actions.
//!
//! # What is checked when
//!
//! The compiler checks roles, jobs, settings, literal values of settings, and shell commands. What no macro can see, such as a
//! job's name used in two crates, is checked when the binary starts: a run is refused for what concerns the jobs that were
//! chosen. [`main!`] makes a test that fails for any of it, as does the command `check`, which looks at the sites too.
//!
//! # Without macros, in a program of your own
//!
//! [`Runner`] runs jobs in any tokio program. With `default-features = false` the command line is left out.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use ploy::action::Action;
//! use ploy::catalogue::Catalogue;
//! use ploy::event::Event;
//! use ploy::run::Runner;
//! use ploy::topology::{Settings, Topology};
//! use ploy::{Cx, Result, cmd};
//!
//! async fn hello(cx: Cx) -> Result {
//!     let name = cx.site().name();
//!     cx.shell().run(cmd!("echo hello {name}")).await?;
//!     Ok(())
//! }
//!
//! struct Log;
//!
//! impl ploy::event::Reporter for Log {
//!     fn report(&mut self, event: &Event) {
//!         println!("{} {:?}", event.number, event.kind);
//!     }
//! }
//!
//! let mut topology = Topology::new();
//! topology.add("here", Settings::new().roles(["greeter"])).add("there", Settings::new().roles(["greeter"]));
//! let mut catalogue = Catalogue::new();
//! catalogue.add("hello", ["greeter"], [Action::new(hello)]);
//! assert!(catalogue.validate(&topology).is_empty());
//!
//! let stats = Runner::new(topology, catalogue)
//!     .reporter(Log)
//!     .run(|batch| async move { batch.run("hello").await.into_result() })
//!     .await;
//! assert!(stats.is_ok());
//! assert_eq!(stats.succeeded, 2);
//! # }
//! ```
//!
//! # Platforms
//!
//! A deploy binary runs on Unix, and so do its sites: they need a POSIX shell, and `rsync` (on both sides) for uploads and downloads.

// What a user writes.
#[cfg(feature = "cli")]
pub use ploy_macros::main;
pub use ploy_macros::{ParamValue, action, cmd, job, jobs, schedule, sites};

// What a file with jobs names, and what a `main` of one's own needs first. The rest is in the modules.
pub use ploy_core::catalogue::{ParamValue, Schedule};
pub use ploy_core::error::{Error, Result};
pub use ploy_core::topology::Role;
pub use ploy_runtime::action::{Cx, Key};
pub use ploy_runtime::engine::{Batch, Group, HealthCheck, Outcome};
pub use ploy_runtime::secret::Secret;
pub use ploy_runtime::shell::{Script, Shell};

pub mod action;
pub mod catalogue;
pub mod error;
pub mod event;
pub mod params;
pub mod plan;
pub mod run;
pub mod scheduling;
pub mod secret;
pub mod shell;
pub mod sync;
pub mod topology;
pub mod transfer;

#[cfg(feature = "cli")]
pub use ploy_cli as cli;
pub use ploy_report as report;
pub use ploy_runtime::import;

/// What the macros' expansions name. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "cli")]
    pub use ploy_cli::{App, SetupFuture, setup};
    pub use ploy_runtime::__private::*;
}

/// What a file with jobs needs: `use ploy::prelude::*;`.
///
/// `ploy::sites!` and `ploy::main!`, which a program has once, are not in it. Nor is the trait
/// [`Context`](error::Context), which would clash with `anyhow`'s.
pub mod prelude {
    pub use crate::{
        Batch, Cx, Group, HealthCheck, Key, Outcome, ParamValue, Result, Role, Schedule, Script,
        Secret, Shell, action, cmd, job, jobs, schedule,
    };
}
